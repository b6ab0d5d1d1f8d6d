"""Ring plans: at once and in order, each condition, chains, and what the phones see."""

import pytest

from app.core.actions import Answer, Connect, ConnectOutside, HangUp, Play, Present, Prompt, Say
from app.core.commands import Note, Script, Warn
from app.core.destinations import ToExtension, ToHangUp, ToMessage, ToRing
from app.core.outcome import Outcome
from app.core.party import Party
from app.core.routing import Way
from app.core.states import Ended, Refusing, Ringing, Talking
from tests.core.company import BOSS, CLOSED, MAIN, SALES, company
from tests.core.stories import Story, renamed

BUSY, DECLINED, SILENT, AWAY = Outcome.BUSY, Outcome.DECLINED, Outcome.NO_ANSWER, Outcome.NOT_REGISTERED


def dials(number, **extensions):
    return Story(company(extensions=extensions)).dials("anna", number)


def rung(story, who="anna"):
    """The accounts that the last script rings, and for how long."""
    return [(action.logins, action.seconds) for action in story.script_of(who).actions if isinstance(action, Connect)]


# --- together -------------------------------------------------------------------------------------------------------


def test_all_of_a_plan_ring_at_once():
    story = dials("31")
    assert rung(story) == [(("103", "104"), 15)]
    assert story.script_of("anna").actions[0] == Present("21", "Anna")
    assert [(part.number, part.name, part.login) for part in story.call.record.parts] == [("31", "Sprzedaż", "")]


def test_who_answers_is_written_down_and_has_keys():
    story = dials("31").talk("anna", "darek", login="104")
    assert story.state == Talking(Party("darek", "104"))
    assert [(part.number, part.login) for part in story.call.record.parts] == [("31", "104")]


def test_who_answered_unknown_has_no_keys():
    story = dials("31").talk("anna", "somebody")
    assert story.state == Talking(Party("somebody", ""))
    assert isinstance(story.presses("somebody", "#").state, Talking)


@pytest.mark.parametrize(
    ("devices", "result", "told"),
    [
        ([BUSY], SILENT, SILENT),
        ([SILENT], BUSY, SILENT),
        ([BUSY, DECLINED], DECLINED, BUSY),
        ([DECLINED], AWAY, DECLINED),
        ([], AWAY, AWAY),
        ([SILENT, Outcome.ELSEWHERE], Outcome.FAILED, SILENT),
        ([Outcome.CANCELLED], None, Outcome.FAILED),
    ],
)
def test_reasons_of_several_are_told_as_one(devices, result, told):
    story = dials("34", **{"34": ToRing(("103", "104"))})
    for number, reason in enumerate(devices):
        story.hangs_up(f"device-{number}", reason)
    story.waits("anna", result)
    assert story.state == Refusing(told)
    assert story.parts == [("34", False, told)]


def test_reason_is_remembered_for_a_later_controller():
    assert dials("31").hangs_up("device", BUSY).told[-1] == Note("anna", "ringing/31:0:0:busy")


# --- in order -------------------------------------------------------------------------------------------------------


def test_plan_in_order_rings_one_after_another():
    story = dials("32")
    assert rung(story) == [(("103",), 10)]
    story.waits("anna", SILENT)
    assert rung(story) == [(("104",), 10)]
    assert story.state == Ringing(Way("32", 1, 0, "no-answer"))
    assert rung(story.waits("anna", BUSY)) == [(("105",), 10)]
    story.talk("anna", "ewa")
    assert story.state == Talking(Party("ewa", "105"))
    assert story.parts == [("32", False, SILENT), ("32", False, BUSY), ("32", True, None)]


@pytest.mark.parametrize(
    ("results", "told"),
    [((BUSY, SILENT, AWAY), SILENT), ((AWAY, DECLINED, AWAY), DECLINED), ((DECLINED, BUSY, AWAY), BUSY)],
)
def test_reasons_of_all_steps_are_told_as_one(results, told):
    story = dials("32")
    for result in results:
        story.waits("anna", result)
    assert story.state == Refusing(told)


def test_plan_in_order_goes_on_after_a_restart():
    story = dials("32").waits("anna", SILENT)
    assert Note("anna", "ringing/32:1:0:no-answer") in story.told


# --- where the plan says --------------------------------------------------------------------------------------------


def test_busy_goes_where_the_plan_says():
    story = dials("31").waits("anna", BUSY)
    assert story.state == Ringing(Way("24", hops=2))
    assert story.script_of("anna").actions == (Present("21", "Anna"), Connect(("104",), 30))
    assert story.parts == [("31", False, BUSY), ("24", False, None)]


def test_declined_counts_as_busy():
    assert dials("31").waits("anna", DECLINED).state == Ringing(Way("24", hops=2))


def test_no_answer_may_lead_to_a_message():
    story = dials("31").waits("anna", SILENT)
    assert story.script_of("anna").actions == (Answer(), Play(CLOSED), HangUp(Outcome.ANSWERED))
    story.hangs_up("anna", by_phone=False)
    assert (story.state, story.call.record.outcome) == (Ended(), Outcome.ANSWERED)
    assert [(part.name, part.outcome) for part in story.call.record.parts][-1] == ("zamknięte", Outcome.ANSWERED)


def test_unavailable_may_lead_outside():
    story = dials("32")
    for _ in range(3):
        story.waits("anna", AWAY)
    (connect,) = story.script_of("anna").actions
    assert isinstance(connect, ConnectOutside)
    assert (connect.to.number, story.state.way) == (BOSS, Way("32.unavailable", hops=1))


def test_condition_that_is_not_set_is_told():
    story = dials("31").waits("anna", AWAY)
    assert story.script_of("anna").actions == (Say(Prompt.NOT_REGISTERED, "pl"), HangUp(AWAY))


def test_plan_without_accounts_is_unavailable():
    strangers = ToRing(("201",), unavailable=ToExtension("21"))
    assert dials("34", **{"34": strangers}).state == Ringing(Way("21", hops=2))


def test_plans_in_a_chain():
    """33 leads to 32 for any reason, and 32, when nobody is there, to the boss."""
    story = dials("33").waits("anna", BUSY)
    assert rung(story) == [(("103",), 10)]
    for _ in range(3):
        story.waits("anna", AWAY)
    assert story.state == Ringing(Way("32.unavailable", hops=3))


def test_plans_that_lead_to_each_other_are_cut():
    story = dials("34", **{"34": ToRing(("103",), busy=ToExtension("35")), "35": ToRing(("104",), busy=ToExtension("34"))})
    rings = 1
    while isinstance(story.waits("anna", BUSY).state, Ringing):
        rings += 1
    assert (rings, story.state) == (5, Refusing(Outcome.FAILED))
    assert story.ordered(Warn) == [Warn("Acme: more than 8 hops, cut at 34.busy")]


def test_condition_may_end_the_call():
    story = dials("34", **{"34": ToRing(("103",), busy=ToHangUp(BUSY), no_answer=ToHangUp())}).waits("anna", BUSY)
    assert story.script_of("anna").actions == (HangUp(BUSY),)
    story = dials("34", **{"34": ToRing(("103",), no_answer=ToHangUp())}).waits("anna", SILENT)
    assert story.script_of("anna").actions == (HangUp(Outcome.ANSWERED),)
    story.hangs_up("anna", by_phone=False)
    assert (story.call.record.outcome, story.call.record.answered) == (DECLINED, None)


def test_message_may_be_dialled():
    story = dials("43")
    assert story.sent == [Script("anna", "anna", 1, (Answer(), Play(CLOSED), HangUp(Outcome.ANSWERED)))]


# --- the directory changes meanwhile --------------------------------------------------------------------------------


def test_step_that_is_no_more_ends_the_plan():
    story = dials("32").waits("anna", SILENT)
    story.directory = company(extensions={"32": ToRing(("103",))})
    assert story.waits("anna", AWAY).state == Refusing(SILENT)


def test_plan_that_became_something_else_meanwhile_ends_with_its_reason():
    story = dials("31")
    story.directory = company(extensions={"31": ToExtension("22")})
    assert story.waits("anna", SILENT).state == Refusing(SILENT)


def test_condition_that_was_added_meanwhile_holds():
    story = dials("31")
    story.directory = company(extensions={"31": ToRing(("103", "104"), unavailable=ToMessage("zamknięte"))})
    assert story.waits("anna", AWAY).state == Refusing(Outcome.ANSWERED)


def test_tenant_that_is_gone_meanwhile_ends_the_call():
    story = dials("31")
    story.directory = renamed(story.directory)
    object.__setattr__(story.directory, "tenants", {})
    assert story.waits("anna", SILENT).state == Refusing(SILENT)


# --- what the phones see --------------------------------------------------------------------------------------------


def test_plan_says_which_number_a_caller_from_outside_has_dialled():
    story = Story(company()).comes_in("outside", SALES, "600100200")
    assert story.script_of("outside").actions[0] == Present("+48600100200", "Sprzedaż 600100200")


def test_city_number_says_so_where_there_is_no_plan():
    story = Story(company()).comes_in("outside", MAIN, "+4930123456", "Müller")
    assert story.script_of("outside").actions[0] == Present("+4930123456", "Centrala +4930123456")


def test_caller_who_withholds_his_number_is_seen_by_what_he_dialled():
    story = Story(company()).comes_in("outside", SALES, "")
    assert story.script_of("outside").actions[0] == Present("", "Sprzedaż")


def test_colleague_is_seen_as_himself():
    assert dials("31").script_of("anna").actions[0] == Present("21", "Anna")
