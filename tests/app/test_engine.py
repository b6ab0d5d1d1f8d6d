"""The loop around the core: one mailbox, many calls, and nothing that one call can do to another."""

from dataclasses import dataclass, field

import pytest

from app.core import call as core
from app.core.actions import Prompt, Say
from app.core.call import Refusing, Ringing, Talking
from app.core.commands import ForgetAccount, Release, RescanTrunks, Script, ServeQueues
from app.core.destinations import ToAccount
from app.core.directory import Account, Directory, Extension, Tenant
from app.core.events import (
    CallArrived,
    CommandFailed,
    FoundLeg,
    LegHungUp,
    LegsJoined,
    PhonesCounted,
    PhoneUnregistered,
    Role,
    StepDone,
    SwitchFound,
    SwitchLost,
)
from app.core.outcome import Outcome
from app.core.party import Party
from app.core.record import Record
from app.core.routing import Way
from app.engine import Engine
from tests.app.doubles import Roster


@dataclass
class Switch:
    sent: list = field(default_factory=list)

    def send(self, command):
        self.sent.append(command)


@dataclass
class Journal:
    written: list = field(default_factory=list)
    left: dict = field(default_factory=dict)
    settled: list = field(default_factory=list)
    talked: dict = field(default_factory=dict)

    def write(self, record):
        self.written.append(record)

    def unfinished(self):
        return self.left

    def talked_outside(self, since):
        return {tenant: seconds for tenant, seconds in self.talked.items() if tenant in since}

    def settle(self, living, at):
        self.settled.append(set(living))


@dataclass
class Timers:
    waiting: dict = field(default_factory=dict)

    def set(self, call, name, seconds, fire):
        self.waiting[call, name] = fire

    def cancel(self, call, name):
        self.waiting.pop((call, name), None)

    def forget(self, call):
        self.waiting = {key: fire for key, fire in self.waiting.items() if key[0] != call}


@dataclass
class Presence:
    seen: list = field(default_factory=list)

    def note(self, event):
        self.seen.append(event)

    def trunk(self, event):
        self.seen.append(event)

    def switch(self, name, connected, at, detail):
        self.seen.append((name, connected, detail))


def directory(revision=1, **versions):
    accounts = {login: Account(login, 1, login, versions.get(f"v{login}", 0)) for login in ("101", "102")}
    extensions = {"21": Extension("21", "Anna", ToAccount("101")), "22": Extension("22", "Bartek", ToAccount("102"))}
    return Directory(revision, {1: Tenant(1, "Acme", "pl", accounts, extensions)})


@pytest.fixture
def engine():
    engine = Engine(Journal(), Presence(), Roster(), Timers(), directory())
    engine.attach("one", Switch())
    engine.attach("two", Switch())
    return engine


def run(engine, *events, switch="one"):
    """Let the engine work off these events, and nothing else."""
    for event in events:
        engine.mailbox_of(switch)(event)
    engine.stop()
    engine.run()


def sent(engine, switch="one"):
    return engine._switches[switch].sent


def arrives(leg="a", login="101", dialled="22"):
    return CallArrived(leg=leg, at=1.0, login=login, dialled=dialled)


def found(*legs, switch="one"):
    return SwitchFound(switch=switch, core="core", legs=legs, at=50.0)


def leg(**changes):
    fields = {"leg": "a", "call": "a", "role": Role.CALLER, "login": "101", "dialled": "22", "started": 1.0, "step": 1}
    return FoundLeg(**fields | changes)


def test_call_is_led_on_the_switch_it_came_from(engine):
    run(engine, arrives(), switch="two")
    assert sent(engine, "one") == []
    assert [type(command) for command in sent(engine, "two")] == [Script]


def test_two_calls_do_not_touch_each_other(engine):
    run(engine, arrives("a"), arrives("b", "102", "21"), LegsJoined(leg="a", other="x", at=2.0, call="a"))
    assert engine.calls["a"].state == Talking(Party("x", "102"))
    assert engine.calls["b"].state == Ringing(Way("21"))


def test_ended_call_is_forgotten_and_its_late_events_are_nobodys(engine):
    gone = LegHungUp(leg="a", outcome=Outcome.CANCELLED, by_phone=True, at=3.0, call="a")
    run(engine, arrives(), gone, gone, StepDone(leg="a", step=1, at=4.0, call="a"))
    assert engine.calls == {}
    assert [record.ended for record in engine.journal.written].count(3.0) == 1


def test_bug_in_one_call_is_told_to_its_caller_and_costs_no_other(engine, monkeypatch, caplog):
    healthy = core.step

    def broken(call, event, directory):
        if call.id == "a":
            raise RuntimeError("our bug")
        return healthy(call, event, directory)

    monkeypatch.setattr(core, "step", broken)
    run(engine, arrives("a"), arrives("b"))
    assert sent(engine)[0].leg == "a"
    assert sent(engine)[0].actions[0] == Say(Prompt.FAILED, "pl")
    assert engine.calls["b"].state == Ringing(Way("22"))
    assert "our bug" in caplog.text


def test_bug_during_a_talk_leaves_it_alone(engine, monkeypatch):
    run(engine, arrives(), LegsJoined(leg="a", other="x", at=2.0, call="a"))
    before = list(sent(engine))
    monkeypatch.setattr(core, "step", lambda *_: 1 / 0)
    run(engine, StepDone(leg="a", step=1, at=3.0, call="a"))
    assert sent(engine) == before


def test_changed_password_is_forgotten_by_every_switch(engine):
    engine.change_directory(directory(2, v102=7))
    run(engine)
    assert sent(engine, "one") == sent(engine, "two") == [ForgetAccount("102")]


def test_next_event_sees_the_new_directory(engine):
    engine.change_directory(Directory(2, {}))
    run(engine, arrives())
    assert engine.calls["a"].state == Refusing(Outcome.NOT_ALLOWED)
    assert engine.journal.written == []


def test_call_waiting_since_before_the_controller_is_taken_up(engine):
    run(engine, found(leg(call="", step=0, waiting=True)))
    assert engine.calls["a"].state == Ringing(Way("22"))


def test_talk_from_before_the_controller_goes_on_under_its_record(engine):
    engine.journal.left["a"] = Record("a", 1, "21", "Anna", "101", "22", 1.0)
    run(engine, found(leg(other="x", answered=2.0)))
    assert engine.calls["a"].state == Talking(Party("x"))
    assert engine.journal.written[-1].answered == 2.0
    assert sent(engine) == [RescanTrunks(()), ServeQueues((), ())]


def test_call_that_vanished_while_the_line_was_cut_is_left_to_the_journal(engine):
    run(engine, arrives(), SwitchLost(switch="one", at=2.0, reason="cut"), found(), found(switch="two"))
    assert engine.calls == {}


def test_nothing_is_settled_until_every_switch_was_counted(engine):
    run(engine, found(leg(other="x", answered=2.0)))
    assert engine.journal.settled == []
    run(engine, found(switch="two"), switch="two")
    assert engine.journal.settled == [{"a"}]


def test_calls_of_a_lost_switch_stay_until_it_is_found(engine):
    run(engine, arrives())
    run(engine, SwitchLost(switch="one", at=2.0, reason="cut"))
    run(engine, found(switch="two"), switch="two")
    assert "a" in engine.calls
    assert engine.journal.settled == []


def test_phones_and_switches_are_written_down(engine):
    counted, left = PhonesCounted(switch="one", registrations=(), at=1.0), PhoneUnregistered(login="101", contact="", at=2.0)
    run(engine, found(), counted, left, SwitchLost(switch="one", at=3.0, reason="cut"))
    assert engine.presence.seen == [("one", True, ""), counted, left, ("one", False, "cut")]


def test_refused_release_ends_a_call_the_switch_does_not_know(engine):
    run(engine, arrives(), CommandFailed(leg="a", step=1, reason="-ERR", at=2.0))
    assert sent(engine)[-1] == Release("a", Outcome.FAILED)
    run(engine, CommandFailed(leg="a", step=0, reason="-ERR", at=3.0))
    assert engine.calls == {}
