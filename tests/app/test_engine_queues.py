"""What the loop adds to queues: what switches are told of them, places, pauses, calls that nobody has made."""

import pytest

from app.core.actions import SayNumber
from app.core.commands import Attend, Release, ServeQueues, Tell
from app.core.events import (
    AgentAnswered,
    AgentMissed,
    AgentRung,
    CallArrived,
    CallCameIn,
    FoundLeg,
    KeyPressed,
    LegHungUp,
    LegsJoined,
    Role,
    SwitchFound,
)
from app.core.outcome import Outcome
from app.core.queues import Agent, Duty, Pause, PauseReason
from app.core.remember import remember
from app.core.states import Refusing, Waiting
from app.engine import Engine
from tests.app.doubles import Journal, Presence, Roster, Timers
from tests.core.company import CALLER, CELINA, DAREK, SERVICE, company, queue
from tests.core.stories import LOGINS, renamed


class Switch:
    def __init__(self):
        self.sent = []

    def send(self, command):
        self.sent.append(command)


class Clock:
    now = 200.0

    def __call__(self):
        return self.now


def office(**changes):
    directory = company()
    return renamed(directory, queues={**directory.tenants[1].queues, "serwis": queue(**changes)})


def controller(directory=None, journal=None):
    engine = Engine(journal or Journal(), Presence(), Roster(), Timers(), directory or office(), clock=Clock())
    engine.attach("one", Switch())
    return engine


@pytest.fixture
def engine():
    return run(controller(), found())


def run(engine, *events):
    for event in events:
        engine.mailbox_of("one")(event)
    engine.stop()
    engine.run()
    return engine


def changes(engine, directory):
    engine.change_directory(directory)
    return run(engine)


def found(*legs):
    return SwitchFound(switch="one", core="core", legs=legs, at=200.0)


def comes_in(who, at=100.0):
    return CallCameIn(leg=who, at=at, trunk="pstn", number=CALLER, name="", dialled=SERVICE)


def sent(engine, kind):
    return [command for command in engine._switches["one"].sent if isinstance(command, kind)]


def fires(engine, call, name):
    engine.timers.waiting.pop((call, name))()
    return run(engine)


# --- what switches are told -----------------------------------------------------------------------------------------


def test_switch_is_told_of_the_queues_when_it_is_found():
    engine = controller()
    run(engine, comes_in("a"))
    assert sent(engine, ServeQueues) == []
    run(engine, found())
    (served,) = sent(engine, ServeQueues)
    assert [line.queue for line in served.lines] == [7, 8]
    run(engine, found())
    assert sent(engine, ServeQueues) == [served, served]


def test_switch_is_told_when_somebody_changes_a_queue(engine):
    changes(engine, office(agents=(Agent(DAREK),)))
    assert sent(engine, ServeQueues)[-1].lines[0].agents == (DAREK,)
    changes(engine, office(agents=(Agent(DAREK),)))
    assert len(sent(engine, ServeQueues)) == 2


def test_switch_is_told_who_is_busy(engine):
    run(engine, CallArrived(leg="anna", at=100.0, login=LOGINS["anna"], dialled="24"))
    assert sent(engine, ServeQueues)[-1].busy == {DAREK}


def test_pauses_end_one_after_another():
    pauses = {CELINA: 300.0, DAREK: 400.0}
    agents = tuple(Agent(login, pause=Pause(PauseReason.MISSED, 1.0, until)) for login, until in pauses.items())
    engine = run(controller(office(agents=agents)), found())
    engine.clock.now = 300.0
    assert sent(fires(engine, "", "duty"), ServeQueues)[-1].lines[0].agents == (CELINA,)
    engine.clock.now = 400.0
    assert sent(fires(engine, "", "duty"), ServeQueues)[-1].lines[0].agents == (CELINA, DAREK)
    assert ("", "duty") not in engine.timers.waiting


def test_pause_that_ends_without_a_change_does_not_hide_the_next():
    agents = (Agent(CELINA, signed_in=False, pause=Pause(PauseReason.MISSED, 1.0, 300.0)),)
    agents += (Agent(DAREK, pause=Pause(PauseReason.MISSED, 1.0, 400.0)),)
    engine = run(controller(office(agents=agents)), found())
    engine.clock.now = 300.0
    assert len(sent(fires(engine, "", "duty"), ServeQueues)) == 1
    engine.clock.now = 400.0
    assert sent(fires(engine, "", "duty"), ServeQueues)[-1].lines[0].agents == (DAREK,)


# --- who waits ------------------------------------------------------------------------------------------------------


def test_caller_is_told_his_place(engine):
    run(engine, comes_in("a", 100.0), comes_in("b", 110.0))
    (told,) = sent(fires(engine, "b", "place"), Tell)
    assert told.leg == "b"
    assert told.said[1] == SayNumber("2", "pl")


def test_nobody_is_let_into_a_full_queue():
    engine = run(controller(office(max_waiting=1)), found(), comes_in("a"), comes_in("b"))
    assert [engine.calls[call].record.visits[0].why for call in ("a", "b")] == ["", "full"]
    run(engine, LegHungUp(leg="a", at=300.0, call="a", outcome=Outcome.ANSWERED), comes_in("c"))
    assert isinstance(engine.calls["c"].state, Waiting)


def test_callers_of_a_deleted_queue_are_led_out(engine):
    run(engine, comes_in("a"), comes_in("b"))
    changes(engine, renamed(office(), queues={}))
    assert [type(engine.calls[call].state) for call in ("a", "b")] == [Refusing, Refusing]
    assert sent(engine, ServeQueues)[-1].lines == ()


def test_callers_found_again_keep_their_order(engine):
    run(engine, comes_in("b", 110.0), comes_in("a", 100.0))
    legs = [
        FoundLeg(
            leg=call.leg, call=call.id, role=Role.CALLER, login="", dialled=SERVICE, started=call.record.started, step=1,
            answered=101.0, note=remember(call.state), trunk="pstn", number=CALLER,
        )
        for call in engine.calls.values()
    ]  # fmt: skip
    later = run(controller(journal=engine.journal), found(*legs))
    assert {call: type(found.state) for call, found in later.calls.items()} == {"a": Waiting, "b": Waiting}
    assert sent(fires(later, "b", "place"), Tell)[0].said[1] == SayNumber("2", "pl")
    assert sent(fires(later, "a", "place"), Tell)[1].said[1] == SayNumber("1", "pl")


# --- agents ---------------------------------------------------------------------------------------------------------


def test_what_an_agent_says_is_written_down(engine):
    run(engine, CallArrived(leg="darek", at=100.0, login=DAREK, dialled="*63"))
    assert engine.roster.said == [Attend(1, 7, DAREK, Duty.PAUSE, 100.0)]
    assert engine.journal.final == engine.journal.open == {}


def test_agent_who_lets_it_ring_is_paused():
    engine = run(controller(office(misses=1, miss_pause=60)), found(), comes_in("a"))
    rung = AgentRung(leg="a", at=120.0, call="a", agent=CELINA)
    missed = AgentMissed(leg="a", at=140.0, call="a", agent=CELINA, outcome=Outcome.NO_ANSWER, since=120.0)
    run(engine, rung, missed)
    assert engine.roster.said == [Attend(1, 7, CELINA, Duty.PAUSE, 140.0, PauseReason.MISSED, 200.0)]


def test_agent_who_answers_somebody_who_has_just_hung_up_is_let_go(engine):
    run(engine, comes_in("a"), LegHungUp(leg="a", at=130.0, call="a", outcome=Outcome.ANSWERED))
    run(engine, AgentAnswered(leg="a", at=131.0, call="a", agent=CELINA, other="celina", since=120.0))
    assert sent(engine, Release) == [Release("celina", Outcome.CANCELLED)]


# --- called back ----------------------------------------------------------------------------------------------------


def test_who_stands_in_is_a_call_of_its_own(engine):
    run(engine, comes_in("a"), KeyPressed(leg="a", at=130.0, call="a", keys="2"))
    assert isinstance(engine.calls["a-back"].state, Waiting)
    assert engine.journal.open["a-back"].caller_number == CALLER
    run(engine, LegHungUp(leg="a", at=140.0, call="a", outcome=Outcome.ANSWERED))
    assert set(engine.calls) == {"a-back"}
    assert engine.journal.final["a"].outcome is Outcome.CALL_BACK
    run(engine, AgentRung(leg="a-back", at=150.0, call="a-back", agent=CELINA))
    assert [offer.agent for offer in engine.calls["a-back"].record.visits[0].offers] == [CELINA]


def asks_and_leaves(engine, who="a"):
    end = LegHungUp(leg=who, at=140.0, call=who, outcome=Outcome.ANSWERED)
    return run(engine, comes_in(who), KeyPressed(leg=who, at=130.0, call=who, keys="2"), end)


def test_who_is_talked_to_meanwhile_is_not_called_back(engine):
    asks_and_leaves(engine)
    run(engine, comes_in("again", 150.0), AgentRung(leg="again", at=151.0, call="again", agent=CELINA))
    assert set(engine.calls) == {"a-back", "again"}
    run(engine, LegsJoined(leg="again", other="c", at=155.0, call="again", other_login=CELINA))
    assert set(engine.calls) == {"again"}
    assert engine.journal.final["a-back"].outcome is Outcome.ELSEWHERE
    assert Release("a-back", Outcome.ELSEWHERE) in sent(engine, Release)


def test_who_asks_again_keeps_the_one_place_he_has(engine):
    asks_and_leaves(engine)
    run(engine, comes_in("b", 150.0))
    assert engine.calls["b"].state.since < engine.calls["a-back"].state.since
    run(engine, KeyPressed(leg="b", at=160.0, call="b", keys="2"))
    assert set(engine.calls) == {"a-back", "b"}
    assert engine.calls["b"].state == Refusing(Outcome.CALL_BACK)
