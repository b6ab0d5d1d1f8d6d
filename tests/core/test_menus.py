"""Menus: a key, a number, a wrong key, none; interrupting, leaving, and what a deleted menu leaves behind."""

import pytest

from app.core.actions import (
    Answer,
    BindKeys,
    Connect,
    ConnectOutside,
    HangUp,
    Keys,
    Listen,
    Play,
    Present,
    Prompt,
    Say,
    Silence,
)
from app.core.commands import CancelTimer, Release, Script, SetTimer, Warn
from app.core.destinations import ToAccount, ToHangUp, ToMenu
from app.core.directory import Choice
from app.core.events import ControlResumed, StepDone
from app.core.outcome import Outcome
from app.core.routing import Way
from app.core.states import Asking, Ended, Refusing, Ringing
from tests.core.company import GREETING, WELCOME, company, menu
from tests.core.stories import Story, talking

GREETED = (Listen(Keys.KEYPAD), Play(GREETING), Silence(5))
MENU = Ringing(Way("menu-powitanie", hops=1))


def welcomed(**changes):
    """Somebody outside has called the number that leads to the menu."""
    return Story(company(menus={"powitanie": menu(**changes)})).comes_in("outside", WELCOME)


@pytest.fixture
def story():
    return welcomed()


def resumed(story):
    return story.tell(ControlResumed(leg=story.call.leg, at=300.0, call=story.call.id))


def test_menu_answers_greets_and_listens(story):
    assert story.sent == [Script("outside", "outside", 1, (Answer(), BindKeys(), *GREETED))]
    assert story.state == Asking(MENU, heard=1)


def test_menu_is_a_part_of_the_record_but_nobody_who_answered(story):
    assert [(part.number, part.name, part.login) for part in story.call.record.parts] == [("", "powitanie", "")]
    assert story.call.record.answered is None
    story.hangs_up("outside")
    assert (story.state, story.call.record.outcome) == (Ended(), Outcome.CANCELLED)
    assert story.parts == [("", True, Outcome.ANSWERED)]


# --- a key ----------------------------------------------------------------------------------------------------------


def test_key_that_begins_no_number_acts_at_once(story):
    story.presses("outside", "1")
    script = story.script_of("outside")
    assert script.actions == (Listen(Keys.NONE), Present("+48601000111", "Infolinia 601000111"), Connect(("103",), 30))
    assert script.firm
    assert story.state == Ringing(Way("menu-powitanie.1", hops=1))
    assert [(part.number, part.outcome) for part in story.call.record.parts] == [("", Outcome.ANSWERED), ("23", None)]


def test_keys_mean_nothing_after_the_menu(story):
    story.presses("outside", "1").talk("outside", "celina")
    before = story.call
    assert story.presses("outside", "#", "**", "*", "1").call is before
    assert isinstance(story.presses("celina", "#").state, type(story.state))


def test_key_may_lead_outside(story):
    assert isinstance(story.presses("outside", "7").script_of("outside").actions[1], ConnectOutside)


def test_key_may_lead_back_as_often_as_a_person_likes(story):
    for _ in range(20):
        story.presses("outside", "*")
    assert story.state == Asking(Ringing(Way("menu-powitanie", hops=2)), heard=1)
    assert story.ordered(Warn) == []


def test_hash_is_a_key_like_any_other():
    assert welcomed(keys={"#": ToAccount("103")}).presses("outside", "#").state == Ringing(Way("menu-powitanie.hash", hops=1))


def test_key_that_leads_nowhere_any_more_is_told(story):
    story.directory = company(menus={"powitanie": menu(keys={"1": ToMenu("nowe")})})
    assert story.presses("outside", "1").state == Refusing(Outcome.NO_SUCH_NUMBER)


def test_who_is_not_there_behind_a_key_is_told_as_anywhere(story):
    story.presses("outside", "1").waits("outside", Outcome.BUSY)
    assert story.script_of("outside").actions == (Say(Prompt.BUSY, "pl"), HangUp(Outcome.BUSY))
    story.hangs_up("outside", by_phone=False)
    assert story.call.record.outcome is Outcome.BUSY


def test_key_of_another_leg_is_none(story):
    before = story.call
    assert story.presses("somebody", "1").call is before


# --- an internal number ---------------------------------------------------------------------------------------------


def test_number_that_is_complete_is_dialled_at_once(story):
    story.presses("outside", "2")
    assert story.script_of("outside").actions == (Silence(60),)  # the first digit ends the greeting
    assert story.ordered(SetTimer) == [SetTimer("outside", "menu", 2, 3)]
    assert story.presses("outside", "1").state == Ringing(Way("21", hops=1))


def test_number_that_may_go_on_waits_or_ends_on_the_hash(story):
    assert isinstance(story.presses("outside", "2", "2").state, Asking)
    assert story.presses("outside", "#").state == Ringing(Way("22", hops=1))
    assert welcomed().presses("outside", "2", "2").time_is_up().state == Ringing(Way("22", hops=1))
    assert welcomed().presses("outside", "2", "2", "1").state == Ringing(Way("221", hops=1))


def test_key_that_might_begin_a_number_acts_when_nothing_follows(story):
    assert isinstance(story.presses("outside", "3").state, Asking)
    assert story.time_is_up().state == Ringing(Way("31", hops=2))


def test_timer_that_crossed_a_digit_says_nothing(story):
    story.presses("outside", "2")
    stale = story.ordered(SetTimer)[0]
    story.presses("outside", "2")
    before = story.call
    story.told.append(stale)
    assert story.time_is_up().call is before


def test_numbers_are_dialled_only_where_the_menu_allows_it():
    story = welcomed(dial_internal=False)
    assert story.presses("outside", "3").state == Ringing(Way("31", hops=2))
    story = welcomed(dial_internal=False)
    assert story.presses("outside", "2").state.wrong == 1


@pytest.mark.parametrize("digits", ["112", "999", "600100200"])
def test_nothing_but_internal_numbers_is_dialled(digits):
    assert welcomed(keys={}).presses("outside", digits[0]).state.wrong == 1


# --- a wrong choice -------------------------------------------------------------------------------------------------


def test_wrong_key_is_told_and_the_menu_asks_again(story):
    story.presses("outside", "9")
    assert story.script_of("outside").actions == (Say(Prompt.WRONG_CHOICE, "pl"), *GREETED)
    assert story.ordered(CancelTimer)
    assert (story.state.wrong, story.state.digits) == (1, "")


def test_wrong_number_is_a_wrong_choice(story):
    assert story.presses("outside", "2", "9").state.wrong == 1


def test_third_wrong_key_leads_where_the_menu_says(story):
    story.presses("outside", "9", "9", "9")
    assert story.state == Refusing(Outcome.ANSWERED)
    assert story.script_of("outside").actions[0] == Listen(Keys.NONE)


def test_menu_may_end_the_call():
    story = welcomed(wrong_choice=Choice(0, ToHangUp())).presses("outside", "9")
    assert story.script_of("outside").actions == (Listen(Keys.NONE), HangUp(Outcome.ANSWERED))


# --- no choice ------------------------------------------------------------------------------------------------------


def test_menu_repeats_itself_for_whom_presses_nothing(story):
    story.waits("outside")
    assert story.script_of("outside").actions == GREETED
    assert story.waits("outside").state == Ringing(Way("22", hops=3))


def test_wrong_and_missing_choices_are_counted_apart(story):
    story.waits("outside").presses("outside", "9")
    assert (story.state.silent, story.state.wrong) == (1, 1)


def test_silence_after_digits_is_their_end(story):
    story.presses("outside", "2", "2").waits("outside")
    assert story.state == Ringing(Way("22", hops=1))


def test_menu_that_leads_to_itself_is_cut():
    story = welcomed(no_choice=Choice(0, ToMenu("powitanie")))
    for _ in range(10):
        if isinstance(story.state, Asking):
            story.waits("outside")
    assert story.state == Refusing(Outcome.FAILED)


# --- what may happen meanwhile --------------------------------------------------------------------------------------


def test_step_of_an_earlier_greeting_is_not_this_ones(story):
    story.presses("outside", "9")
    before = story.call
    assert story.tell(StepDone(leg="outside", at=200.0, call="outside", step=1)).call is before


def test_keys_may_have_been_lost_so_the_menu_asks_again(story):
    resumed(story.presses("outside", "2"))
    assert story.script_of("outside").actions == GREETED
    assert story.state.digits == ""


@pytest.mark.parametrize("what", [resumed, lambda story: story.waits("outside"), lambda story: story.presses("outside", "1")])
def test_menu_that_is_deleted_meanwhile_is_told(story, what):
    story.directory = company(menus={})
    what(story)
    if isinstance(story.state, Asking):
        story.waits("outside")  # the key had no meaning
    assert story.state == Refusing(Outcome.NO_SUCH_NUMBER)


def test_script_the_switch_refuses_is_told(story):
    story.refused(story.sent[0])
    assert story.script_of("outside").actions[-1] == HangUp(Outcome.FAILED)
    story.refused(story.script_of("outside"))
    assert story.sent == [Release("outside", Outcome.FAILED)]


def test_other_legs_end_is_not_the_callers(story):
    before = story.call
    assert story.hangs_up("somebody").call is before


def test_colleague_in_a_menu_may_choose_too():
    story = Story(company()).dials("anna", "42").presses("anna", "1")
    assert story.script_of("anna").actions == (Listen(Keys.NONE), Present("21", "Anna"), Connect(("103",), 30))


def test_called_colleague_who_was_sent_to_a_menu_keeps_his_keys():
    """Anna, whose tenant allows it, sends Bartek to the menu; he was called, so he has keys when he talks again."""
    story = talking(company(keys_on_internal_calls=True)).presses("anna", "#", "4", "2").presses("bartek", "1")
    assert story.script_of("bartek").actions[0] == Listen(Keys.TALK)
