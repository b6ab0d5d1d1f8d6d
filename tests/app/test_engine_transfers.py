"""What the loop adds to transfers and pickups: timers, legs that change their call, and waiters nobody knows."""

import pytest

from app.core.commands import Release, SetTimer
from app.core.events import (
    CallArrived,
    CallReferred,
    CallReferredEarly,
    KeyPressed,
    LegAnswered,
    LegHungUp,
    LegsJoined,
    StepDone,
)
from app.core.outcome import Outcome
from app.core.states import Collecting, PickingUp, Talking
from app.engine import Engine
from tests.app.doubles import Journal, Presence, Roster, Timers
from tests.core.stories import LOGINS, office


class Switch:
    def __init__(self):
        self.sent = []

    def send(self, command):
        self.sent.append(command)


@pytest.fixture
def engine():
    engine = Engine(Journal(), Presence(), Roster(), Timers(), office(), clock=lambda: 200.0)
    engine.attach("one", Switch())
    engine.attach("two", Switch())
    return engine


def run(engine, *events, switch="one"):
    for event in events:
        engine.mailbox_of(switch)(event)
    engine.stop()
    engine.run()


def sent(engine, switch="one"):
    return engine._switches[switch].sent


def dials(who, number):
    return CallArrived(leg=who, at=100.0, login=LOGINS[who], dialled=number)


def talk(one, other, step=1):
    return LegsJoined(leg=one, other=other, at=101.0, call="anna", step=step)


def test_timer_is_set_fires_as_an_event_and_ends_with_the_call(engine):
    run(engine, dials("anna", "22"), talk("anna", "bartek"), KeyPressed(leg="bartek", at=102.0, call="anna", keys="#"))
    assert not any(isinstance(command, SetTimer) for command in sent(engine))
    engine.timers.waiting["anna", "digits"]()
    run(engine)
    assert engine.calls["anna"].state.tries == 2
    run(engine, LegHungUp(leg="anna", at=103.0, call="anna", outcome=Outcome.ANSWERED, by_phone=True))
    assert (engine.calls, engine.timers.waiting) == ({}, {})


def test_picker_who_leaves_before_his_leg_knows_its_call_is_heard(engine):
    run(engine, dials("anna", "22"), dials("celina", "*822"))
    assert isinstance(engine.calls["anna"].state, PickingUp)
    run(engine, LegHungUp(leg="celina", at=102.0, outcome=Outcome.CANCELLED, by_phone=True))
    assert not isinstance(engine.calls["anna"].state, PickingUp)


def test_call_on_another_switch_is_not_picked_up(engine):
    run(engine, dials("anna", "22"))
    run(engine, dials("celina", "*822"), switch="two")
    assert not isinstance(engine.calls["anna"].state, PickingUp)


def test_target_of_an_attended_transfer_belongs_to_the_other_call_from_then_on(engine):
    gone = [
        LegHungUp(leg=leg, at=103.0, call=call, outcome=Outcome.TRANSFERRED)
        for leg, call in (("b1", "anna"), ("bartek", "bartek"))
    ]
    second = LegsJoined(leg="bartek", other="celina", at=102.0, call="bartek", step=1)
    run(engine, dials("anna", "22"), talk("anna", "b1"), dials("bartek", "23"), second, *gone, talk("anna", "celina"))
    assert list(engine.calls) == ["anna"]
    assert isinstance(engine.calls["anna"].state, Talking)
    run(engine, KeyPressed(leg="celina", at=104.0, call="bartek", keys="#"))
    assert isinstance(engine.calls["anna"].state, Collecting)


def test_target_that_answered_after_the_phone_had_left_belongs_to_the_other_call(engine):
    """Its leg may say for a while, or for ever, that it was rung for the phone's own call."""
    early = CallReferredEarly(leg="anna", at=102.0, call="anna", dialled="23", own="bartek")
    run(engine, dials("anna", "22"), talk("anna", "b1"), dials("bartek", "23"), early, talk("anna", "celina"))
    assert list(engine.calls) == ["anna"]
    run(engine, KeyPressed(leg="celina", at=104.0, call="bartek", keys="#"))
    assert isinstance(engine.calls["anna"].state, Collecting)


@pytest.mark.parametrize(
    "waiting",
    [
        LegAnswered(leg="x", at=1.0, call="gone", step=3),
        StepDone(leg="x", at=1.0, call="gone", step=3),
        CallReferred(leg="x", at=1.0, call="gone", dialled="23", step=3),
    ],
)
def test_leg_that_waits_for_a_call_that_is_over_is_released(engine, waiting):
    run(engine, waiting)
    assert sent(engine) == [Release("x", Outcome.CANCELLED)]


def test_reason_of_a_target_that_rings_for_a_phone_that_has_left_is_the_other_calls(engine):
    """Its leg was rung for the phone's own call, and ends as that one's."""
    early = CallReferredEarly(leg="anna", at=102.0, call="anna", dialled="23", own="bartek")
    busy = LegHungUp(leg="celina", at=103.0, call="bartek", outcome=Outcome.BUSY)
    run(engine, dials("anna", "22"), talk("anna", "b1"), dials("bartek", "23"), early, busy)
    assert engine.calls["anna"].state.way.reason == "busy"
