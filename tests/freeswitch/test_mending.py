"""What a switch has lost track of in its queues: who is healed, and who is left alone because he is well."""

from dataclasses import replace
from typing import Any

import pytest

from freeswitch.mending import Leg, ghosts, in_doubt, mended, stuck
from freeswitch.queues import Seen


def tier(name: str, position: int, **more: str) -> dict[str, str]:
    return {"queue": "q7", "agent": name, "state": "Ready", "position": str(position)} | more


def member(uuid: str = "m1", **more: str) -> dict[str, str]:
    row = {"queue": "q7", "uuid": uuid, "session_uuid": f"leg-{uuid}", "state": "Waiting", "serving_agent": "", "score": "65"}
    return row | more


def queue(strategy: str) -> dict[str, Any]:
    return {"name": "q7", "strategy": strategy}


RIGHT = Seen(
    (queue("top-down"),),
    ({"name": "100102", "state": "Waiting"}, {"name": "100103", "state": "Waiting"}),
    (tier("100102", 1), tier("100103", 2)),
    (),
    0,
)


def serving(state: str) -> Seen:
    rows = {"name": "100102", "state": state, "last_offered_call": "5"}, {"name": "100103", "state": "Waiting"}
    return replace(RIGHT, agents=rows, tiers=(tier("100102", 1, state="Offering"), tier("100103", 2)))


@pytest.mark.parametrize("state", ["Reserved", "Receiving", "In a queue call"])
def test_an_agent_without_a_leg_is_free_again_and_so_is_his_place(state: str) -> None:
    seen = serving(state)
    wrong = frozenset(stuck(seen, in_doubt(seen), {"leg-x": Leg()}))
    changes = list(mended(seen, wrong, {}))
    assert [change.command for change in changes] == [
        "callcenter_config agent set state 100102 Waiting",
        "callcenter_config tier set state q7 100102 Ready",
    ]
    assert [change.said for change in changes if change.said] == [f"100102 was stuck in «{state}» without a leg"]


def test_an_agent_who_is_rung_or_talks_is_not_stuck() -> None:
    seen = serving("Receiving")
    assert list(stuck(seen, in_doubt(seen), {"leg-x": Leg("100102")})) == []


def test_only_what_has_been_doubted_before_is_stuck() -> None:
    seen = serving("Receiving")
    assert list(stuck(seen, frozenset(), {})) == []


def test_a_place_that_says_its_agent_is_rung_while_he_rests_is_ready_again() -> None:
    seen = replace(RIGHT, tiers=(tier("100102", 1, state="Standby"), RIGHT.tiers[1]))
    changes = list(mended(seen, frozenset(stuck(seen, in_doubt(seen), {})), {}))
    assert [change.command for change in changes] == ["callcenter_config tier set state q7 100102 Ready"]


def test_a_caller_of_whom_no_leg_is_left_is_a_ghost_and_one_whose_agent_talks_on_is_not() -> None:
    members = (
        member("gone"),
        member("here"),
        member("transferred", state="Answered", serving_agent="100102"),
        member("ended", state="Answered", serving_agent="100103"),
        member("left", state="Abandoned", session_uuid=""),
    )
    seen = replace(RIGHT, members=members)
    wrong = frozenset(stuck(seen, in_doubt(seen), {"leg-here": Leg(waits=True), "leg-a": Leg("100102")}))
    assert ghosts(seen, wrong) == {"gone": "gone in q7", "ended": "ended in q7"}


# --- callers and legs out of sight


def healed(seen: Seen, legs: dict[str, Leg]) -> list[str]:
    return [change.command for change in mended(seen, frozenset(stuck(seen, in_doubt(seen), legs)), legs)]


@pytest.mark.parametrize(
    ("strategy", "state", "lost"),
    [("ring-all", "Trying", True), ("ring-all", "Waiting", True), ("top-down", "Trying", True), ("top-down", "Waiting", False)],
)
def test_a_caller_whose_agent_left_before_the_talk_enters_again_at_his_place(strategy: str, state: str, lost: bool) -> None:
    seen = replace(RIGHT, queues=(queue(strategy),), members=(member(state=state, serving_agent="100102"),))
    again = (
        "uuid_transfer leg-m1 'm:~:set:cc_base_score=65~callcenter:q7~set:park_timeout=10:NORMAL_TEMPORARY_FAILURE~park' inline"
    )
    assert healed(seen, {"leg-m1": Leg(waits=True)}) == ([again] if lost else [])


def test_a_caller_who_is_being_offered_or_is_elsewhere_is_left_alone() -> None:
    rings = replace(RIGHT, queues=(queue("ring-all"),), members=(member(state="Trying", serving_agent="ring-all"),))
    assert healed(rings, {"leg-m1": Leg(waits=True)}) == []
    offered = replace(RIGHT, members=(member(state="Trying", serving_agent="100102"),))
    assert healed(offered, {"leg-m1": Leg(waits=True), "leg-b": Leg("100102")}) == ["uuid_kill leg-b NORMAL_CLEARING"]
    talking = replace(offered, agents=({"name": "100102", "state": "Receiving", "last_offered_call": "5"},))
    assert healed(talking, {"leg-m1": Leg(waits=True), "leg-b": Leg("100102")}) == []
    assert healed(offered, {"leg-m1": Leg()}) == []


def test_a_leg_of_an_agent_who_rests_is_nobodys() -> None:
    assert healed(RIGHT, {"leg-b": Leg("100102"), "leg-a": Leg()}) == ["uuid_kill leg-b NORMAL_CLEARING"]
