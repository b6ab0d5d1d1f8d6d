"""A phone's own transfer key: blind, and attended. Each way round."""

from dataclasses import replace

import pytest

from app.core import call as core
from app.core import refer
from app.core.actions import Connect
from app.core.commands import Adopt, SetTimer, Show
from app.core.events import CallMerged, CallReferred, LegsJoined, StepDone
from app.core.outcome import Outcome
from app.core.party import Party
from app.core.routing import Way
from app.core.states import Conferring, Ended, Inheriting, Referring, Returning, Sending, Talking
from tests.core.stories import LOGINS, Story, from_outside, office, talking


def referred(story, who, number):
    return story.tell(CallReferred(leg=who, at=200.0, call=story.call.id, dialled=number, step=1))


@pytest.mark.parametrize("left_first", [True, False])
def test_phone_sends_its_caller_on_blindly(sides, left_first):
    transferor, customer = sides
    story = talking(office())
    if left_first:
        assert story.hangs_up(transferor, Outcome.TRANSFERRED, by_phone=False).state == Referring(LOGINS[transferor])
    referred(story, customer, "23")
    if not left_first:
        story.hangs_up(transferor, Outcome.TRANSFERRED, by_phone=False)
    assert story.state == Sending(Way("23"), LOGINS[transferor], "23")
    assert Connect(("103",), 30) in story.scripts()[-1].actions
    assert story.parts == [("22", True, Outcome.TRANSFERRED), ("23", False, None)]


def test_wrong_number_brings_the_caller_back(sides):
    transferor, customer = sides
    story = talking(office()).hangs_up(transferor, Outcome.TRANSFERRED, by_phone=False)
    assert referred(story, customer, "777").state == Returning(LOGINS[transferor])


def test_phone_outside_sends_nobody_anywhere():
    story = from_outside(office()).hangs_up("outside", Outcome.TRANSFERRED, by_phone=False)
    assert story.state == Ended()
    story = referred(from_outside(office()), "bartek", "23")
    assert story.state == Ended()


def test_caller_who_turns_up_nowhere_is_brought_back(sides):
    transferor, _customer = sides
    story = talking(office()).hangs_up(transferor, Outcome.TRANSFERRED, by_phone=False)
    assert story.ordered(SetTimer)[0].seconds == 3
    assert story.time_is_up().state == Returning(LOGINS[transferor])


def test_key_pressed_before_the_target_answered_brings_the_caller_back(sides):
    transferor, customer = sides
    story = talking(office()).hangs_up(transferor, Outcome.TRANSFERRED, by_phone=False)
    assert story.tell(StepDone(leg=customer, at=201.0, call="anna", step=1)).state == Returning(LOGINS[transferor])


def test_caller_who_puts_down_meanwhile_ends_it(sides):
    story = talking(office()).hangs_up(sides[0], Outcome.TRANSFERRED, by_phone=False).hangs_up(sides[1])
    assert story.state == Ended()


@pytest.fixture
def asked():
    """Bartek, who talks to Anna, has called Celina himself and now presses his phone's key: both his legs have left."""
    first, second = talking(office()), Story(office(), now=110.0).dials("bartek", "23").talk("bartek", "celina")
    first.hangs_up("bartek", Outcome.TRANSFERRED, by_phone=False)
    second.hangs_up("bartek", Outcome.TRANSFERRED, by_phone=False)
    return first, second


def test_attended_transfer_makes_one_call_of_two(asked):
    first, second = asked
    together = LegsJoined(leg="anna", other="celina", at=120.0, call="anna", login="101", step=1)
    over, joined = refer.merged(together, [first.call, second.call])
    assert over == CallMerged(leg="celina", at=120.0, call="bartek", into="anna")
    second.tell(over)
    assert (second.state, second.sent) == (Ended(), [Adopt("celina", "anna")])
    first.tell(joined)
    assert first.state == Talking(Party("celina", "103"), ours=True)
    assert first.parts == [("22", True, Outcome.TRANSFERRED), ("23", True, None)]
    assert Show("celina", "21", "Anna") in first.sent


@pytest.mark.parametrize("stranger", [0, 1])
def test_nobody_is_joined_with_another_tenants_call_and_each_is_led_back(asked, stranger):
    """A phone has named the call of somebody else, whose Call-ID it has learnt or guessed."""
    theirs = asked[stranger]
    theirs.call = replace(theirs.call, record=replace(theirs.call.record, tenant=2))
    together = LegsJoined(leg="anna", other="celina", at=120.0, call="anna", login="101", step=1)
    for story, event in zip(reversed(asked), refer.merged(together, [story.call for story in asked]), strict=True):
        story.tell(event)
        assert not isinstance(story.state, Talking | Referring | Ended)
        assert story.script_of(story.call.leg).firm
    assert asked[1 - stranger].state == Returning("102")


def test_joining_of_one_calls_own_legs_is_nobodys_merger():
    story = talking(office())
    event = LegsJoined(leg="anna", other="bartek", at=1.0, call="anna")
    assert refer.merged(event, [story.call]) == (event,)


def test_target_sent_on_from_a_consultation_just_waits(sides):
    transferor, _customer = sides
    story = talking(office(keys_on_internal_calls=True)).presses(transferor, "**", "2", "3").answers("celina")
    story.talk("celina", transferor)
    assert isinstance(story.state, Conferring)
    story.hangs_up(transferor, Outcome.TRANSFERRED, by_phone=False)
    assert isinstance(story.state, Inheriting)
    waiting = CallReferred(leg="celina", at=200.0, call="anna", dialled="24", step=story.state.step)
    story.call, commands = core.step(story.call, waiting, story.directory)
    assert commands
