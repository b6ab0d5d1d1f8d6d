"""Queues on a real FreeSWITCH: who is rung, what he is shown and told, how a wait ends, who is picked up."""

import re
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.core.actions import Answer, Intercept, Prompt, Say
from app.core.commands import KeepPlace, Script, ServeQueues, Tell
from app.core.events import AgentAnswered, AgentMissed, AgentRung, StepDone
from app.core.outcome import Outcome
from app.core.queues import Strategy
from app.core.record import Record
from app.core.sound import Sound
from freeswitch.findings import found_leg
from freeswitch.payload import mapping
from tests.freeswitch.queue_floor import (
    BOTH,
    SERVICE,
    WAIT,
    WANTED,
    Floor,
    at_rest,
    invites,
    rows,
    shown,
    silence,
    staffed,
    until,
)
from tests.freeswitch.real_switch import RealSwitch, running, why_not
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


# --- a caller and his agent


def test_a_caller_is_offered_at_once_and_leaves_with_his_agent(floor: Floor) -> None:
    floor.serve()
    _, leg, step = floor.enters(replace(WAIT, ahead=65))
    assert floor.bartek.rang.wait(1)
    # the switch counts from a whole second to a whole second, so a wait of 65 s may be shown as one more
    assert re.fullmatch(r'"Serwis 600100200, czeka 1 min [56] s" <sip:\+48600100200@127.0.0.1>', shown(floor.bartek))
    floor.bartek.answer()
    joined = floor.joined(leg)
    assert (joined.call, joined.step, joined.login) == ("c1", step, "100101")
    (answered,) = floor.events(AgentAnswered)
    assert (answered.leg, answered.call, answered.agent, answered.other) == (leg, "c1", "100102", joined.other)
    marks = ("pbx_call", "pbx_step", "pbx_role", "pbx_login", "pbx_offered")
    assert [floor.switch.ask(f"uuid_getvar {joined.other} {mark}") for mark in marks] == [
        "c1",
        str(step),
        "callee",
        "100102",
        "_undef_",
    ]
    agent = found_leg(mapping(floor.switch.ask(f"uuid_dump {joined.other} json").encode()))
    assert agent is not None
    assert agent.other == leg
    floor.switch.ask(f"uuid_kill {joined.other}")
    until(lambda: floor.switch.ask("show channels count") == "0 total.")


def test_who_does_not_answer_is_followed_by_the_next_and_said_to_have_missed_it(floor: Floor) -> None:
    floor.serve(replace(WANTED, lines=(replace(SERVICE, ring=2),)))
    _, leg, _ = floor.enters()
    assert floor.bartek.rang.wait(1)
    assert floor.celina.rang.wait(5)
    assert 1.9 < floor.celina.rang_at - floor.bartek.rang_at < 4.2  # the switch counts whole seconds
    assert floor.bartek.ended.wait(1)
    (missed,) = floor.events(AgentMissed)
    assert (missed.leg, missed.agent, missed.outcome) == (leg, "100102", Outcome.NO_ANSWER)
    until(lambda: [rung.agent for rung in floor.events(AgentRung)] == ["100102", "100103"])


def test_who_waited_too_long_or_for_nobody_comes_back(floor: Floor) -> None:
    floor.serve(replace(WANTED, lines=(replace(SERVICE, agents=(), max_wait=2), replace(SERVICE, queue=8, agents=()))))
    *_, step = floor.enters()
    done = floor.hand.comes_back(step, 5)
    assert isinstance(done, StepDone)
    assert done.result is Outcome.NO_ANSWER
    _, leg = floor.hand.dials(floor.switch.registered("100104"))
    done = floor.hand.comes_back(floor.hand.lead(leg, Answer(), replace(WAIT, queue=8)), 14)
    assert isinstance(done, StepDone)
    assert done.result is Outcome.NOT_REGISTERED


def test_who_comes_to_a_queue_the_switch_does_not_know_comes_back_at_once(floor: Floor) -> None:
    floor.serve()
    *_, step = floor.enters(replace(WAIT, queue=99))
    done = floor.hand.comes_back(step, 2)
    assert isinstance(done, StepDone)
    assert done.result is Outcome.FAILED


def test_an_agent_is_told_for_whom_before_he_has_the_caller(floor: Floor) -> None:
    floor.switch.office.sounds[6, "def"] = silence(0.5)
    floor.serve()
    floor.bartek.behaviour = "answer"
    _, leg, _ = floor.enters(replace(WAIT, told=Sound(6, "def", 0.5)))
    joined = floor.joined(leg, 8)
    (answered,) = floor.events(AgentAnswered)
    assert 3.0 < joined.at - answered.at < 5.0  # the name of the queue, and «mniej niż minutę»


def test_what_a_caller_is_told_comes_one_after_another_and_never_into_a_talk(floor: Floor) -> None:
    floor.serve()
    _, leg, _ = floor.enters()
    assert floor.bartek.rang.wait(1)
    floor.switch.ask(f"uuid_setvar {leg} cc_agent_uuid somebody")  # as the module does when an agent has answered
    floor.hand.order(Tell(leg, (Say(Prompt.NO_ANSWER, "pl"),)))
    time.sleep(0.3)
    floor.switch.ask(f"uuid_setvar {leg} cc_agent_uuid")
    floor.hand.order(Tell(leg, (Say(Prompt.PLACE, "pl"), Say(Prompt.PATIENCE, "pl"))))
    until(lambda: floor.told(leg) == ["place.wav", "patience.wav"], 8)


@pytest.mark.parametrize(
    "name", ["${system(touch /tmp/owned)}", "x']loopback/900/phones", "a}sofia/phones/b@c{", '"Jan" ^^;|,:_:']
)
def test_no_name_breaks_what_rings_an_agent(floor: Floor, name: str) -> None:
    floor.serve()
    floor.enters(replace(WAIT, name=name))
    assert floor.bartek.rang.wait(1)
    assert "czeka 0 min" in shown(floor.bartek)


# --- agents


def test_who_talks_elsewhere_is_not_rung_until_he_is_free(floor: Floor) -> None:
    floor.serve()
    floor.upkeep.serve(replace(WANTED, busy=frozenset({"100102"})))
    until(lambda: not at_rest(floor.switch))
    floor.enters()
    assert floor.celina.rang.wait(1)
    assert not floor.bartek.rang.is_set()
    floor.celina.refuse(486)
    floor.upkeep.serve(replace(WANTED, busy=frozenset({"100103"})))
    assert floor.bartek.rang.wait(1)


def test_who_has_talked_rests_as_long_as_that_queue_says(floor: Floor) -> None:
    alone = replace(SERVICE, agents=("100102",))
    floor.serve(ServeQueues((replace(alone, wrap_up=3), replace(alone, queue=8, wrap_up=600)), BOTH[:1]))
    floor.bartek.behaviour = "answer"
    dialog, leg, _ = floor.enters()
    floor.joined(leg)
    floor.anna.hang_up(dialog)
    until(lambda: floor.switch.ask("show channels count") == "0 total.")
    ended = time.monotonic()
    floor.bartek.behaviour = "ring"
    floor.bartek.rang.clear()
    floor.enters()
    assert floor.bartek.rang.wait(6)
    assert 2.0 < time.monotonic() - ended < 5.0


def test_who_signs_in_while_somebody_waits_is_rung_within_a_second(floor: Floor) -> None:
    floor.serve(replace(WANTED, lines=(replace(SERVICE, agents=()),)))
    floor.enters()
    began = time.monotonic()
    floor.upkeep.serve(WANTED)
    assert floor.bartek.rang.wait(1)
    assert time.monotonic() - began < 1


def test_all_at_once_rings_all_and_those_who_were_slower_have_missed_nothing(floor: Floor) -> None:
    floor.serve(replace(WANTED, lines=(replace(SERVICE, strategy=Strategy.ALL),)))
    _, leg, _ = floor.enters()
    assert floor.bartek.rang.wait(1)
    assert floor.celina.rang.wait(1)
    floor.celina.answer()
    floor.joined(leg)
    assert floor.bartek.ended.wait(1)
    until(lambda: bool(floor.events(AgentMissed)))
    assert [(missed.agent, missed.outcome) for missed in floor.events(AgentMissed)] == [("100102", Outcome.ELSEWHERE)]


# --- pickup, call-back


@pytest.mark.parametrize("strategy", [Strategy.ALL, Strategy.IN_ORDER])
def test_who_is_picked_up_rings_nowhere_else_and_nobody_has_missed_him(floor: Floor, strategy: Strategy) -> None:
    floor.serve(replace(WANTED, lines=(replace(SERVICE, strategy=strategy),)))
    darek = floor.switch.registered("100104")
    _, leg, _ = floor.enters()
    assert floor.bartek.rang.wait(1)
    rung = invites(floor.bartek) + invites(floor.celina)
    _, picker = floor.hand.dials(darek)
    floor.hand.lead(picker, Intercept(leg, unanswered=False))
    floor.joined(picker)
    until(lambda: at_rest(floor.switch))
    assert invites(floor.bartek) + invites(floor.celina) in (rung, rung + 1)  # the other of all may have been about to ring
    (cancel,) = [message for message in floor.bartek.seen if message.method == "CANCEL"]
    assert cancel.headers["reason"] == 'SIP;cause=200;text="Call completed elsewhere"'
    assert {row["no_answer_count"] for row in rows(floor.switch, "agent")} == {"0"}
    assert {row["state"] for row in rows(floor.switch, "tier")} == {"Ready"}


def test_somebody_without_a_telephone_stands_in_line_before_who_came_later(floor: Floor) -> None:
    floor.serve(replace(WANTED, lines=(replace(SERVICE, agents=()),)))
    floor.enters()
    place = replace(WAIT, number="+48500600700", name="Oddzwonienie", ahead=125)
    record = Record("c2-back", 1, "+48500600700", "", "", "", 1.0)
    floor.hand.order(KeepPlace("c2-back", Script("c2-back", "c2-back", 1, (place,)), "queue serwis", record))
    until(lambda: len([row for row in rows(floor.switch, "member") if row["state"] != "Abandoned"]) == 2)
    floor.upkeep.serve(WANTED)
    assert floor.bartek.rang.wait(1)
    assert shown(floor.bartek).startswith('"Oddzwonienie, czeka 2 min')
    stand_in = found_leg(mapping(floor.switch.ask("uuid_dump c2-back json").encode()))
    assert stand_in is not None
    assert (stand_in.call, stand_in.note, stand_in.waiting) == ("c2-back", "queue serwis", False)
    floor.bartek.answer()
    assert floor.joined("c2-back").call == "c2-back"
