"""The loop and the world outside: calls from a trunk, limits, trunks that change."""

import pytest

from app.core.actions import ConnectOutside
from app.core.commands import RescanTrunks, Script
from app.core.directory import Limits, Trunk
from app.core.events import CallArrived, CallCameIn, FoundLeg, LegHungUp, LegsJoined, Role, SwitchFound, TrunkChanged
from app.core.outcome import Outcome
from app.core.record import Part, Record
from app.core.routing import Way
from app.core.states import Refusing, Ringing
from app.engine import Engine
from tests.app.doubles import Presence, Roster, Timers
from tests.core.company import BOSS, MAIN, company

TRUNKS = Trunk("pstn", "trunk-1"), Trunk("spare", "trunk-2", 1)


class Switch:
    def __init__(self):
        self.sent = []

    def send(self, command):
        self.sent.append(command)


class Journal:
    """Of an earlier controller: what it talked, and what it left unfinished."""

    def __init__(self, talked, *left):
        self.talked, self.left = talked, {record.call: record for record in left}

    def write(self, record): ...

    def unfinished(self):
        return self.left

    def talked_outside(self, since):
        return {tenant: self.talked for tenant in since if tenant == 1}

    def settle(self, living, at): ...


def controller(*left, talked=0.0, **settings):
    engine = Engine(Journal(talked, *left), Presence(), Roster(), Timers(), company(**settings), clock=lambda: 200.0)
    engine.attach("one", Switch())
    return engine


def run(engine, *events):
    for event in events:
        engine.mailbox_of("one")(event)
    engine.stop()
    engine.run()


def sent(engine):
    return engine._switches["one"].sent


def dials(leg, number="600100200", at=100.0):
    return CallArrived(leg=leg, at=at, login="101", dialled=number)


def gone(leg):
    return LegHungUp(leg=leg, at=160.0, call=leg, outcome=Outcome.ANSWERED, by_phone=True)


def found(*legs):
    return SwitchFound(switch="one", core="core", legs=legs, at=50.0)


def test_call_from_outside_begins_and_is_led():
    engine = controller()
    run(engine, CallCameIn(leg="x", at=1.0, trunk="pstn", number="600100300", name="", dialled=MAIN))
    assert engine.calls["x"].state == Ringing(Way(MAIN))


def test_call_from_outside_that_waits_since_before_the_controller_is_taken_up():
    engine = controller()
    waits = FoundLeg(
        leg="x", call="", role=Role.CALLER, login="", dialled=MAIN, started=1.0, waiting=True, trunk="pstn", number="600100300"
    )
    run(engine, found(waits))
    assert engine.calls["x"].record.caller_number == "+48600100300"


def test_line_more_than_allowed_is_refused_and_reported(caplog):
    engine = controller(limits=Limits(calls_at_once=1))
    run(engine, dials("a"), dials("b"), dials("c", "22"))
    assert isinstance(engine.calls["a"].state, Ringing)
    assert engine.calls["b"].state == Refusing(Outcome.OVER_LIMIT)
    assert isinstance(engine.calls["c"].state, Ringing)
    assert "call b: Acme: its lines are all taken" in caplog.text
    run(engine, gone("a"), dials("d"))
    assert isinstance(engine.calls["d"].state, Ringing)


def test_minutes_more_than_allowed_are_refused():
    engine = controller(limits=Limits(minutes_per_day=1))
    run(engine, dials("a"), LegsJoined(leg="a", other="client", at=101.0, call="a", step=1), dials("b", at=160.0))
    assert isinstance(engine.calls["b"].state, Ringing)
    run(engine, dials("c", at=161.0))
    assert engine.calls["c"].state == Refusing(Outcome.OVER_LIMIT)


def test_minutes_of_an_earlier_controller_count():
    engine = controller(talked=600.0, limits=Limits(minutes_per_day=10))
    run(engine, found(), dials("a"))
    assert engine.calls["a"].state == Refusing(Outcome.OVER_LIMIT)


def test_line_of_a_call_that_is_found_again_counts():
    record = Record("a", 1, "21", "Anna", "101", BOSS, 1.0, parts=(Part(BOSS, "", "", 1.0),))
    rings = FoundLeg(leg="a", call="a", role=Role.CALLER, login="101", dialled=BOSS, started=1.0, step=1)
    engine = controller(record, limits=Limits(calls_at_once=1))
    run(engine, found(rings), dials("b"))
    assert engine.calls["b"].state == Refusing(Outcome.OVER_LIMIT)
    run(engine, found(), dials("c"))  # it has ended while nobody watched
    assert isinstance(engine.calls["c"].state, Ringing)


def test_other_tenants_are_not_limited_by_ours():
    engine = controller(limits=Limits(calls_at_once=0))
    run(engine, dials("a"), CallArrived(leg="r", at=1.0, login="201", dialled="600100200"))
    assert engine.calls["a"].state == Refusing(Outcome.OVER_LIMIT)
    assert isinstance(engine.calls["r"].state, Ringing)


def test_limits_that_were_raised_hold_for_the_next_call():
    engine = controller(limits=Limits(calls_at_once=0))
    run(engine, dials("a"))
    engine.change_directory(company())
    run(engine, dials("b"))
    assert isinstance(sent(engine)[-1], Script)
    assert isinstance(sent(engine)[-1].actions[0], ConnectOutside)


def test_switch_that_is_found_is_told_its_trunks():
    engine = controller()
    run(engine, found())
    assert RescanTrunks(("trunk-1", "trunk-2")) in sent(engine)


@pytest.mark.parametrize(
    ("trunks", "told"),
    [
        (TRUNKS[:1], [RescanTrunks(("trunk-1",))]),
        ((Trunk("pstn", "trunk-1", version=2), company().trunks[1]), [RescanTrunks(("trunk-1", "trunk-2"))]),
        (company().trunks, []),
    ],
)
def test_changed_trunks_are_told_to_the_switch(trunks, told):
    engine, changed = controller(), company()
    object.__setattr__(changed, "trunks", trunks)
    engine.change_directory(changed)
    run(engine)
    assert sent(engine) == told


def test_state_of_a_trunk_is_written_down_for_the_panel():
    engine, seen = controller(), []
    engine.presence.trunk = seen.append
    event = TrunkChanged(switch="one", gateway="trunk-1", up=False, state="FAIL_WAIT", at=1.0)
    run(engine, event)
    assert seen == [event]
