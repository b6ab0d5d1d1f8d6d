"""Queues on a real FreeSWITCH: agents outside, and what is mended of what people and races leave behind."""

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.core.actions import Outside
from app.core.commands import OnDuty, ServeQueues
from app.core.events import AgentAnswered, AgentMissed, LegsJoined, StepDone
from app.core.outcome import Outcome
from app.core.queues import Strategy
from app.core.sound import Sound
from app.services.lookup import Gateway
from tests.freeswitch.queue_floor import (
    BOTH,
    SERVICE,
    WAIT,
    WANTED,
    Floor,
    at_rest,
    rows,
    silence,
    staffed,
    until,
)
from tests.freeswitch.real_switch import PRESENTED, RealSwitch, running, why_not
from tests.freeswitch.sip_operator import Operator
from tests.freeswitch.upkeep import Upkeep, looked_after

REASON = why_not()
pytestmark = [pytest.mark.contract, pytest.mark.skipif(bool(REASON), reason=REASON or "there is one")]


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealSwitch]:
    with running(tmp_path_factory.mktemp("var")) as switch:
        yield switch


@pytest.fixture(scope="module")
def upkeep(machine: RealSwitch) -> Iterator[Upkeep]:
    with looked_after(machine) as upkeep:
        yield upkeep


@pytest.fixture
def floor(machine: RealSwitch, upkeep: Upkeep) -> Iterator[Floor]:
    with staffed(machine, upkeep) as floor:
        yield floor


# --- agents outside


@pytest.fixture(scope="module")
def operators(machine: RealSwitch) -> Iterator[tuple[Operator, Operator]]:
    """Behind trunk-1 and trunk-2."""
    pair = Operator(("127.0.0.1", machine.settings.trunk_port)), Operator(("127.0.0.1", machine.settings.trunk_port))
    machine.office.trunks = [
        Gateway(f"trunk-{number}", one.proxy, "", "", False, number, True) for number, one in enumerate(pair, 1)
    ]
    machine.ask("sofia profile trunks rescan")
    yield pair
    for operator in pair:
        operator.close()


def test_an_agent_outside_has_the_caller_when_he_has_pressed_one(floor: Floor, operators: tuple[Operator, Operator]) -> None:
    first, second = operators
    ways = tuple(Outside("+48600100200", f"trunk-{number}", PRESENTED, diverted=True, confirm="pl") for number in (1, 2))
    line = replace(SERVICE, ring=3, agents=("+48600100200",))
    floor.serve(ServeQueues((line,), (OnDuty(1, "+48600100200", ways),)))
    first.behaviour = 503  # the trunk's own fault
    second.behaviour = "answer"
    _, leg, _ = floor.enters()
    until(lambda: bool(second.taken))
    assert not floor.events(AgentAnswered)
    time.sleep(1)
    second.press("1")
    joined = floor.joined(leg)
    assert [event.agent for event in floor.events(AgentAnswered)] == ["+48600100200"]
    assert floor.switch.ask(f"uuid_getvar {joined.other} pbx_call") == "c1"


def test_an_agent_outside_who_is_busy_is_not_called_again_over_another_trunk(
    floor: Floor, operators: tuple[Operator, Operator]
) -> None:
    first, second = operators
    first.behaviour, second.behaviour = "busy", "ring"
    ways = tuple(Outside("+48600100200", f"trunk-{number}", PRESENTED, diverted=True, confirm="pl") for number in (1, 2))
    line = replace(SERVICE, retry=30, agents=("+48600100200",))
    floor.serve(ServeQueues((line,), (OnDuty(1, "+48600100200", ways),)))
    taken = len(second.taken)
    floor.enters()
    until(lambda: bool(floor.events(AgentMissed)))
    (missed,) = floor.events(AgentMissed)
    assert (missed.agent, missed.outcome) == ("+48600100200", Outcome.BUSY)
    assert len(second.taken) == taken


# --- upkeep


def test_what_somebody_has_spoilt_is_put_right(floor: Floor) -> None:
    floor.serve()
    for order in ("tier del q7 100102", "agent set contact 100103 nowhere", "queue unload q7", "agent set state 100103 Idle"):
        floor.switch.ask(f"callcenter_config {order}")
    until(lambda: len(rows(floor.switch, "tier")) == 2 and at_rest(floor.switch), 6)
    assert "user/100103@" in next(row["contact"] for row in rows(floor.switch, "agent") if row["name"] == "100103")
    assert [row["name"] for row in rows(floor.switch, "queue")] == ["q7"]


def test_an_agent_who_is_stuck_is_free_again_and_one_who_talks_is_left_alone(floor: Floor) -> None:
    floor.serve()
    floor.bartek.behaviour = "answer"
    _, leg, _ = floor.enters()
    floor.joined(leg)
    floor.switch.ask("callcenter_config agent set state 100103 'In a queue call'")
    floor.switch.ask("callcenter_config tier set state q7 100103 'Active Inbound'")
    until(lambda: {row["name"]: row["state"] for row in rows(floor.switch, "agent")}["100103"] == "Waiting", 15)
    assert {row["agent"]: row["state"] for row in rows(floor.switch, "tier")} == {"100102": "Active Inbound", "100103": "Ready"}
    assert {row["name"]: row["state"] for row in rows(floor.switch, "agent")}["100102"] == "In a queue call"


def test_a_queue_changes_under_those_who_wait_and_goes_only_when_they_have(floor: Floor) -> None:
    floor.serve(replace(WANTED, lines=(replace(SERVICE, agents=()),)))
    *_, step = floor.enters()
    floor.upkeep.serve(replace(WANTED, lines=(replace(SERVICE, agents=(), strategy=Strategy.RANDOM, max_wait=600),)))
    until(lambda: [(row["strategy"], row["max_wait_time"]) for row in rows(floor.switch, "queue")] == [("random", 600)])
    floor.upkeep.serve(ServeQueues((), ()))
    done = floor.hand.comes_back(step, 14)
    assert isinstance(done, StepDone)
    assert done.result is Outcome.NOT_REGISTERED
    until(lambda: not rows(floor.switch, "queue"), 6)


@pytest.mark.parametrize("strategy", [Strategy.ALL, Strategy.IN_ORDER])
def test_a_caller_whose_agent_puts_down_while_he_is_told_is_offered_again(floor: Floor, strategy: Strategy) -> None:
    """Where all are rung, the switch would offer him to nobody any more."""
    floor.switch.office.sounds[6, "def"] = silence(2)
    floor.serve(replace(WANTED, lines=(replace(SERVICE, strategy=strategy),)))
    _, leg, _ = floor.enters(replace(WAIT, told=Sound(6, "def", 2.0)))
    assert floor.bartek.rang.wait(1)
    floor.bartek.answer()
    (answered,) = floor.answered(1)
    floor.celina.rang.clear()
    floor.switch.ask(f"uuid_kill {answered.other}")
    if strategy is Strategy.ALL:
        assert floor.celina.rang.wait(15)
    else:
        assert floor.celina.rang.wait(3)
    assert not [event for event in floor.events(StepDone) if event.leg == leg]


@pytest.mark.parametrize("seconds", [0.0, 0.01, 0.02, 0.03, 0.04, 0.06])
def test_a_caller_does_not_leave_with_an_agent_who_puts_down_as_the_two_are_joined(floor: Floor, seconds: float) -> None:
    floor.serve(ServeQueues((replace(SERVICE, agents=("100102",)),), BOTH[:1]))
    _, leg, _ = floor.enters()
    assert floor.bartek.rang.wait(1)
    floor.bartek.answer()
    told = floor.tap.wait_for(lambda told: told["Event-Name"] == "CHANNEL_ANSWER" and "variable_cc_agent" in told, "answered")
    time.sleep(seconds)
    floor.switch.ask(f"uuid_kill {told['Unique-ID']}")
    time.sleep(1)
    were_one = any(event.leg == leg for event in floor.events(LegsJoined))
    assert were_one or leg in floor.switch.ask("show channels")


def test_two_who_answer_at_once_are_not_both_left_on_the_line(floor: Floor) -> None:
    floor.serve(replace(WANTED, lines=(replace(SERVICE, strategy=Strategy.ALL),)))
    floor.bartek.behaviour = floor.celina.behaviour = "answer"
    _, leg, _ = floor.enters()
    floor.joined(leg)
    until(lambda: floor.switch.ask("show channels count") == "2 total.", 16)
