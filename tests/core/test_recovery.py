"""What a controller concludes when it finds calls that it did not see begin."""

import pytest

from app.core import call as core
from app.core import recovery
from app.core.call import Refusing, Ringing, Talking
from app.core.events import CallArrived, FoundLeg, Role, StepDone
from app.core.outcome import Outcome
from app.core.party import Party
from app.core.record import Part, Record
from app.core.routing import Way


def caller_leg(**changes):
    fields = {"leg": "a", "call": "a", "role": Role.CALLER, "login": "101", "dialled": "22", "started": 100.0, "step": 1}
    return FoundLeg(**fields | changes)


WRITTEN = Record("a", 1, "21", "Anna Żółć", "101", "22", 100.0, parts=(Part("22", "Bartek", "102", 100.0),))


def catch_up(leg, record, office):
    call = recovery.restore("a", [leg], record, office)
    for event in recovery.missed(call, [leg], 200.0):
        call, _ = core.step(call or core.new(event, office), event, office)
    return call


def test_talk_is_found_as_a_talk_with_the_time_it_was_answered(office):
    call = catch_up(caller_leg(other="b", answered=105.0), WRITTEN, office)
    assert call.state == Talking(Party("b", "102"))
    assert (call.record.answered, call.record.parts[0].answered) == (105.0, 105.0)


def test_talk_nobody_had_written_down_is_written_down_afresh(office):
    record = catch_up(caller_leg(other="b", answered=105.0), None, office).record
    assert (record.tenant, record.caller_number, record.dialled, record.started) == (1, "21", "22", 100.0)


def test_caller_whose_attempt_failed_meanwhile_is_told(office):
    call = catch_up(caller_leg(waiting=True, result=Outcome.BUSY), WRITTEN, office)
    assert call.state == Refusing(Outcome.BUSY)
    assert call.step == 2


def test_caller_nobody_has_looked_at_is_a_new_call(office):
    leg = caller_leg(call="", step=0, waiting=True)
    assert recovery.missed(None, [leg], 200.0) == (CallArrived(leg="a", at=100.0, login="101", dialled="22"),)
    assert catch_up(leg, None, office).state == Ringing(Way("22"))


@pytest.mark.parametrize("leg", [caller_leg(call="", step=0), caller_leg(role=Role.CALLEE)])
def test_leg_that_is_still_arriving_or_somebodys_callee_is_left_alone(leg, office):
    assert recovery.restore("a", [leg], None, office) is None
    assert recovery.missed(None, [leg], 200.0) == ()


def test_leg_that_waits_for_a_call_that_is_over_is_heard_of(office):
    left_over = caller_leg(leg="x", role=Role.TARGET, waiting=True, step=3)
    assert recovery.restore("a", [left_over], None, office) is None
    assert recovery.missed(None, [left_over], 200.0) == (StepDone(leg="x", at=200.0, call="a", step=3),)


def test_call_that_still_rings_goes_on_ringing(office):
    assert catch_up(caller_leg(), WRITTEN, office).state == Ringing(Way("22"))
