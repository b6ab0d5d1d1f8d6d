"""The simulator's queues against a real switch: what mod_callcenter told there, it must tell here, leg by leg.

The recordings (``fixtures/queues``) were made on 1.10.12 with real telephones and shortened to what is compared.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from freeswitch.simulator.phones import Phone
from tests.freeswitch.simulator_queues import Queues, queues

RECORDINGS = Path(__file__).parent / "fixtures" / "queues"
CALLER, AGENT = "200201", "A1"

Event = dict[str, Any]
TIMES = ("Time", "epoch")
NAMED_OTHERWISE = ("Agent", "CID-Name", "CID-Number", "UUID")


def recorded(story: str) -> list[Event]:
    return [json.loads(line) for line in (RECORDINGS / f"{story}.jsonl").read_text().splitlines()]


def shape(headers: Event) -> dict[str, str]:
    """What the module says: ids, names and times only by their being there."""
    said = {name: value for name, value in headers.items() if name.startswith("CC-")}
    return {name: "…" if name.endswith((*NAMED_OTHERWISE, "Time")) else value for name, value in said.items()}


def by_module(events: list[Event]) -> list[tuple[dict[str, str], str, frozenset[str]]]:
    """The module's events in order: what they say, whether the leg they describe lives, which of its variables are there."""
    return [
        (shape(event), event.get("Answer-State", ""), frozenset(name for name in event if name.startswith("variable_cc_")))
        for event in events
        if "CC-Action" in event
    ]


def by_leg(events: list[Event]) -> list[list[tuple[str, str]]]:
    """What happened to each leg, in the order in which legs appeared. The last word of a leg comes at any time."""
    legs: dict[str, list[tuple[str, str]]] = {}
    for event in events:
        if "Unique-ID" in event and "CC-Action" not in event and event["Event-Name"] != "CHANNEL_DESTROY":
            said = event.get("Application", "") or (event.get("Hangup-Cause", "") if "HANGUP" in event["Event-Name"] else "")
            legs.setdefault(event["Unique-ID"], []).append((event["Event-Name"], said))
    return list(legs.values())


def answers_and(then: Callable[[Queues, Phone, Phone], None]) -> Callable[[Queues, Phone, Phone, str], None]:
    def play(stage: Queues, caller: Phone, agent: Phone, queue: str) -> None:
        stage.enter(caller, queue)
        stage.advance(0.4)
        agent.answer()
        stage.advance(1.5)
        then(stage, caller, agent)
        stage.advance(1)

    return play


def rings_and(then: Callable[[Queues, Phone, Phone], None]) -> Callable[[Queues, Phone, Phone, str], None]:
    def play(stage: Queues, caller: Phone, agent: Phone, queue: str) -> None:
        stage.enter(caller, queue)
        stage.advance(0.4)
        then(stage, caller, agent)
        stage.advance(1)

    return play


def leaves_by_key(stage: Queues, caller: Phone, _agent: Phone, queue: str) -> None:
    stage.enter(caller, queue, "set cc_exit_keys=12*")
    stage.advance(1.5)
    caller.press("1")
    stage.advance(1)


def is_broken_off(stage: Queues, caller: Phone, _agent: Phone, queue: str) -> None:
    leg = stage.enter(caller, queue)
    for _ in range(2):
        stage.advance(1)
        stage.controller.api(f"uuid_break {leg}")
    stage.advance(1)


STORIES: dict[str, tuple[str, int, Callable[[Queues, Phone, Phone, str], None]]] = {  # queue, seconds of ringing (0: nobody)
    "answered-agent-hangs-up": ("q1", 3, answers_and(lambda _stage, _caller, agent: agent.hang_up())),
    "answered-caller-hangs-up": ("q1", 3, answers_and(lambda _stage, caller, _agent: caller.hang_up())),
    "busy": ("q1", 3, rings_and(lambda _stage, _caller, agent: agent.leg and agent.leg.refused(486))),
    "declined": ("q1", 3, rings_and(lambda _stage, _caller, agent: agent.decline())),
    "unavailable-480": ("q1", 3, rings_and(lambda _stage, _caller, agent: agent.leg and agent.leg.refused(480))),
    "no-answer": ("q1", 3, rings_and(lambda stage, _caller, _agent: stage.advance(3))),
    "caller-cancels-while-ringing": ("q1", 3, rings_and(lambda _stage, caller, _agent: caller.hang_up())),
    "caller-hangs-up-waiting": ("q1", 0, rings_and(lambda _stage, caller, _agent: caller.hang_up())),
    "timeout": ("t1", 0, rings_and(lambda stage, _caller, _agent: stage.advance(5))),
    "timeout-while-ringing-8s": ("t1", 8, rings_and(lambda stage, _caller, _agent: stage.advance(8.5))),
    "timeout-ringall-while-ringing-8s": ("t8", 8, rings_and(lambda stage, _caller, _agent: stage.advance(8.5))),
    "no-agent-timeout": ("t2", 0, rings_and(lambda stage, _caller, _agent: stage.advance(5))),
    "exit-with-key": ("q1", 0, leaves_by_key),
    "uuid-break": ("q1", 0, is_broken_off),
}


@pytest.fixture
def stage(tmp_path):
    no_agent = "top-down max-wait-time-with-no-agent=2 max-wait-time-with-no-agent-time-reached=1"
    known = {"q1": "ring-all", "t1": "top-down max-wait-time=4", "t8": "ring-all max-wait-time=4", "t2": no_agent}
    with queues(tmp_path, **known) as stage:
        yield stage


def told(stage: Queues, story: str) -> list[Event]:
    """Play a story; everything that the recording could have held of it."""
    queue, ring, play = STORIES[story]
    caller, agent = stage.phone(CALLER), stage.phone(AGENT)
    if ring:
        pause = dict.fromkeys(("no_answer_delay_time", "busy_delay_time", "reject_delay_time"), 30)
        stage.agent(AGENT, queue, ring=ring, **pause)
    began = len(stage.controller.events)
    play(stage, caller, agent, queue)
    names = {event["Event-Name"] for event in recorded(story)}
    return [event for event in stage.controller.events[began:] if event["Event-Name"] in names]


@pytest.mark.parametrize("story", STORIES)
def test_module_says_what_it_said_on_a_real_switch(stage, story):
    assert by_module(told(stage, story)) == by_module(recorded(story))


@pytest.mark.parametrize("story", STORIES)
def test_legs_fare_as_they_did_on_a_real_switch(stage, story):
    assert by_leg(told(stage, story)) == by_leg(recorded(story))
