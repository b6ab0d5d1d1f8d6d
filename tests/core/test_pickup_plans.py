"""Picking up a call that rings in a ring plan, outside, or behind a city number."""

import pytest

from app.core import pickup
from app.core.actions import BindKeys, Connect, ConnectOutside, Intercept
from app.core.events import CallArrived, CallPickedUp, PickupMissed
from app.core.outcome import Outcome
from app.core.party import Party
from app.core.routing import Way
from app.core.states import PickingUp, Ringing, Sending, Talking
from tests.core.company import MAIN, SALES, WELCOME, company
from tests.core.stories import LOGINS, Story


def wants(who, code, story):
    event = CallArrived(leg=who, at=story.now, login=LOGINS[who], dialled=code)
    return pickup.decide(event, [story.call], story.directory)


def takes(story, who="ewa", code="*8112"):
    return story.tell(wants(who, code, story))


def rings(number):
    return Story(company()).dials("anna", number)


@pytest.mark.parametrize("code", ["*831", "*823", "*824", "*8112"])
def test_call_in_a_plan_is_taken_by_its_number_and_by_each_of_its_phones(code):
    assert isinstance(wants("ewa", code, rings("31")), CallPickedUp)


@pytest.mark.parametrize("code", ["*822", "*832", "*840"])
def test_call_in_a_plan_is_not_taken_by_other_numbers(code):
    assert isinstance(wants("ewa", code, rings("31")), PickupMissed)


def test_only_the_step_that_rings_counts():
    story = rings("32")
    assert isinstance(wants("ewa", "*824", story), PickupMissed)
    story.waits("anna", Outcome.NO_ANSWER)
    assert isinstance(wants("ewa", "*824", story), CallPickedUp)
    assert isinstance(wants("ewa", "*823", story), PickupMissed)


def test_call_behind_a_city_number_is_taken_by_the_phone_that_rings():
    story = Story(company()).comes_in("outside", SALES)
    assert isinstance(wants("ewa", "*823", story), CallPickedUp)
    assert isinstance(wants("ewa", "*822", Story(company()).comes_in("outside", MAIN)), CallPickedUp)


def test_picked_up_closes_the_plan():
    story = takes(rings("31")).talk("ewa", "anna")
    assert story.state == Talking(Party("ewa", "105"), ours=True)
    assert story.parts == [("31", False, Outcome.PICKED_UP), ("221", True, None)]


def test_who_comes_second_hears_who_was_faster():
    story = takes(rings("31"))
    assert wants("bartek", "*823", story).winner == "221"
    story.talk("ewa", "anna")
    assert wants("bartek", "*831", story).winner == "221"


def test_call_that_rings_at_the_boss_may_be_taken():
    assert isinstance(wants("ewa", "*830", rings("30")), CallPickedUp)


@pytest.mark.parametrize("code", ["*8112", "*821"])
def test_call_that_somebody_makes_to_outside_is_his_own(code):
    assert isinstance(wants("ewa", code, rings("600100200")), PickupMissed)


def test_caller_in_a_menu_rings_nowhere():
    assert isinstance(wants("ewa", "*8112", Story(company()).comes_in("outside", WELCOME)), PickupMissed)


def test_caller_whom_a_menu_has_answered_is_taken_answered():
    story = takes(Story(company()).comes_in("outside", WELCOME).presses("outside", "1"))
    assert story.script_of("ewa").actions == (BindKeys(), Intercept("outside", unanswered=False))
    story = takes(rings("31"))
    assert story.script_of("ewa").actions == (BindKeys(), Intercept("anna", unanswered=True))


def test_plan_rings_on_when_the_picker_leaves():
    story = takes(rings("32").waits("anna", Outcome.NO_ANSWER)).hangs_up("ewa")
    assert story.state == Ringing(Way("32", 1, 0, "no-answer"))
    assert story.script_of("anna").actions[1] == Connect(("104",), 10)
    assert story.parts == [("32", False, Outcome.NO_ANSWER), ("32", False, None)]


def test_phone_that_answered_and_lost_it_to_a_picker_who_is_refused_rings_anew_with_the_plan():
    """The switch told it that the call is taken in the very moment of its answer, and let nobody take it."""
    story = takes(rings("31")).talk("anna", "darek", login="104").hangs_up("darek", Outcome.ELSEWHERE, by_phone=False)
    story.waits("anna").waits("ewa")
    assert story.state == Ringing(Way("31"))
    assert story.script_of("anna").actions[1] == Connect(("103", "104"), 15)


def test_boss_rings_on_when_the_picker_leaves():
    story = takes(rings("30")).hangs_up("ewa")
    assert isinstance(story.script_of("anna").actions[0], ConnectOutside)


def test_plan_that_is_gone_when_the_picker_leaves_ends_as_one_nobody_took():
    story = takes(rings("31"))
    story.directory = company(extensions={"31": company().tenants[1].extensions["21"].to})
    story.directory.tenants[1].extensions.pop("31")
    assert not isinstance(story.hangs_up("ewa").state, PickingUp)


def test_plan_that_is_asked_may_be_taken_by_its_number():
    story = Story(company()).comes_in("outside", MAIN).talk("outside", "bartek").presses("bartek", "**", "3", "1")
    takes(story, code="*824")
    assert (story.state.picker, story.state.login) == ("ewa", "105")
    story.waits("ewa").talk("bartek", "ewa")
    assert story.state.target == Party("ewa", "105")


def test_party_handed_over_to_a_plan_is_sent_there_when_the_picker_leaves():
    story = Story(company()).comes_in("outside", MAIN).talk("outside", "bartek").presses("bartek", "**", "3", "1")
    takes(story.hangs_up("bartek")).hangs_up("ewa")
    assert story.state == Sending(Way("31"), "102", "31")
    assert story.script_of("outside").actions[1] == Connect(("103", "104"), 15)
