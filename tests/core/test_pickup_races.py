"""A pickup that crosses an answer, a refusal or somebody's leaving: whoever loses, the caller does not."""

import pytest

from app.core.actions import Connect, HangUp, Prompt, Say, SayNumber
from app.core.commands import Release
from app.core.events import LegsJoined, StepDone
from app.core.outcome import Outcome
from app.core.party import Party
from app.core.states import Ended, PickingUp, Refusing, Ringing, Sending, Talking
from tests.core.stories import office, talking, wants


def test_phone_that_answers_first_keeps_the_call_and_the_picker_is_told(taken):
    taken.talk("anna", "bartek").waits("celina")
    assert taken.state == Talking(Party("bartek", "102"))
    assert taken.script_of("celina").actions[:2] == (Say(Prompt.PICKED_UP_BY, "pl"), SayNumber("22", "pl"))


def test_picker_who_is_refused_before_it_is_known_why_is_told_nothing_untrue(taken):
    taken.waits("celina")
    assert taken.script_of("celina").actions == (Say(Prompt.NOTHING_TO_PICK_UP, "pl"), HangUp(Outcome.NOTHING_TO_PICK_UP))
    assert taken.talk("anna", "bartek").state == Talking(Party("bartek", "102"))


@pytest.mark.parametrize("step", [1, 2])
def test_phone_that_answers_first_is_heard_before_and_after_the_leg_was_marked(taken, step):
    taken.tell(LegsJoined(leg="anna", other="bartek", at=151.0, call="anna", step=step)).waits("celina")
    assert taken.state == Talking(Party("bartek", "102"))


@pytest.mark.parametrize("step", [1, 2])
def test_refusal_is_heard_before_and_after_the_leg_was_marked(taken, step):
    picking = taken.script_of("celina")
    taken.tell(StepDone(leg="anna", step=step, result=Outcome.BUSY, at=151.0, call="anna"))
    assert taken.refused(picking).state == Refusing(Outcome.BUSY)


def test_ringing_that_goes_on_after_a_missed_pickup_ends_as_any(taken):
    taken.refused(taken.script_of("celina"))
    taken.tell(StepDone(leg="anna", step=2, result=Outcome.NO_ANSWER, at=151.0, call="anna"))
    assert taken.state == Refusing(Outcome.NO_ANSWER)


def test_phone_that_answers_and_loses_it_changes_nothing(taken):
    taken.talk("anna", "bartek").hangs_up("bartek", Outcome.ELSEWHERE, by_phone=False).talk("celina", "anna")
    assert taken.state == Talking(Party("celina", "103"), ours=True)


def test_caller_who_cancels_while_it_is_taken_frees_the_picker(taken):
    taken.hangs_up("anna", Outcome.CANCELLED)
    assert (taken.state, taken.sent) == (Ended(), [Release("celina", Outcome.ANSWERED)])
    assert taken.call.record.outcome is Outcome.CANCELLED


def test_picker_who_leaves_half_way_leaves_it_ringing_anew(taken):
    taken.hangs_up("celina")
    assert taken.state == Ringing()
    assert taken.script_of("anna").actions[1] == Connect(("102",), 30)
    assert taken.script_of("anna").firm
    assert taken.parts == [("22", False, None)]


def test_picker_whose_phone_is_gone_leaves_it_to_who_answered(taken):
    taken.refused(taken.script_of("celina"))
    assert taken.sent == []
    assert taken.talk("anna", "bartek").state == Talking(Party("bartek", "102"))


@pytest.mark.parametrize("told_first", [True, False])
def test_picker_whose_phone_is_gone_leaves_it_ringing_anew(taken, told_first):
    """All phones were told that it is taken; so they have to be rung again."""
    picking = taken.script_of("celina")
    for tell in (lambda: taken.refused(picking), lambda: taken.waits("anna", Outcome.ELSEWHERE))[:: 1 if told_first else -1]:
        tell()
    assert taken.state == Ringing()
    assert taken.script_of("anna").actions[1] == Connect(("102",), 30)
    assert taken.parts == [("22", False, None)]


def test_phone_that_answered_and_lost_it_to_a_picker_who_is_refused_rings_anew(taken):
    """The switch told it that the call is taken in the very moment of its answer, and let nobody take it."""
    taken.talk("anna", "bartek").hangs_up("bartek", Outcome.ELSEWHERE, by_phone=False).waits("anna").waits("celina")
    assert taken.state == Ringing()
    assert taken.script_of("anna").actions[1] == Connect(("102",), 30)


def test_caller_who_leaves_a_pickup_that_failed_ends_it(taken):
    taken.refused(taken.script_of("celina")).hangs_up("anna", Outcome.CANCELLED)
    assert (taken.state, taken.sent) == (Ended(), [])


def test_pickup_that_failed_is_told_of_as_nobodys(taken):
    taken.refused(taken.script_of("celina"))
    assert wants("darek", "*822", taken, at=taken.now).winner == ""


def test_picker_who_leaves_when_the_phone_was_answered_first_takes_nothing_with_him(taken):
    taken.talk("anna", "bartek").hangs_up("celina")
    assert taken.state == Talking(Party("bartek", "102"))
    assert taken.sent == []


def test_ringing_that_ended_meanwhile_is_not_forgotten(taken):
    picking = taken.script_of("celina")
    taken.waits("anna", Outcome.NO_ANSWER)
    assert isinstance(taken.state, PickingUp)
    assert taken.refused(picking).state == Refusing(Outcome.NO_ANSWER)


def test_refusal_that_crosses_the_pickup_loses_nobody(taken):
    assert isinstance(taken.waits("anna", Outcome.BUSY).talk("celina", "anna").state, Talking)


def test_call_that_was_handed_over_and_told_in_vain_rings_anew(sides):
    story = talking(office(keys_on_internal_calls=True)).presses(sides[0], "**", "2", "3").hangs_up(sides[0])
    story.tell(wants("darek", "*823", story))
    story.refused(story.script_of("darek")).rung_out(Outcome.ELSEWHERE)
    assert isinstance(story.state, Sending)
    assert story.script_of(sides[1]).actions[1] == Connect(("103",), 30)
