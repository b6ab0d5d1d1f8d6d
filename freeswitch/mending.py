"""What a switch has lost track of in its queues, and what heals it. Pure.

mod_callcenter has open races: an agent who stays «Receiving» or «In a queue call», a caller it takes for served by an agent who
has left, an agent's leg that nobody talks to because another was faster by a few milliseconds [tried]. What looks so is doubted
first (`in_doubt`), and only if no leg proves the contrary (`stuck`) is it mended.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.core.queues import Strategy
from freeswitch.agents import STRATEGIES
from freeswitch.queues import AT_REST, Change, Row, Seen
from freeswitch.waiting import GUARD


@dataclass(frozen=True)
class Leg:
    """A leg as it matters here. ``agent`` is the name of the agent whose leg it is; ``waits``: it is in a queue now."""

    agent: str = ""
    waits: bool = False


def in_doubt(seen: Seen) -> frozenset[str]:
    """What may be stuck, each named with how it stands: agents who are rung or talk, places that say so although their agent
    rests, callers in a queue."""
    places = (tier for tier in seen.tiers if tier["agent"] in _resting(seen) and tier["state"] not in ("Ready", "No Answer"))
    return frozenset((*map(_agent, _serving(seen)), *map(_place, places), *map(_member, _present(seen))))


def stuck(seen: Seen, doubted: frozenset[str], legs: Mapping[str, Leg]) -> Iterator[str]:
    """Those of ``doubted`` to whom no leg belongs; and legs and callers whom the switch has lost sight of.

    A caller who was answered stays in the list until his agent has put down, whatever the two do meanwhile [tried].
    """
    serving = {leg.agent for leg in legs.values()}
    agents = (_agent(row) for row in _serving(seen) if row["name"] not in serving)
    gone = (row for row in _present(seen) if row["session_uuid"] not in legs)
    members = (_member(row) for row in gone if row["state"] != "Answered" or row["serving_agent"] not in serving)
    places = (_place(row) for row in seen.tiers if row["agent"] in _resting(seen))
    lost = (_member(row) for row in _lost(seen, legs))
    yield from (each for each in (*agents, *members, *places, *lost) if each in doubted)
    yield from (_left_over(leg) for leg, known in legs.items() if known.agent in _resting(seen))


def mended(seen: Seen, wrong: frozenset[str], legs: Mapping[str, Leg]) -> Iterator[Change]:
    """What heals the agents, places, callers and legs that are ``wrong``."""
    healed = {row["name"] for row in _serving(seen) if _agent(row) in wrong}
    for row in seen.agents:
        if row["name"] in healed:
            said = f"{row['name']} was stuck in «{row['state']}» without a leg"
            yield Change(f"callcenter_config agent set state {row['name']} Waiting", said)
    for row in seen.tiers:
        if _place(row) in wrong:
            yield _ready(row, f"{row['agent']} was stuck in «{row['state']}» in {row['queue']}")
        elif row["agent"] in healed and row["state"] != "Ready":
            yield _ready(row)
    for row in _lost(seen, legs):
        if _member(row) in wrong:
            yield _enters_again(row)
    for leg, known in legs.items():
        if _left_over(leg) in wrong:
            yield Change(
                f"uuid_kill {leg} NORMAL_CLEARING", f"a telephone of {known.agent} was left without anybody to talk to"
            )


def _lost(seen: Seen, legs: Mapping[str, Leg]) -> list[Row]:
    """Callers who wait, but will never be offered again, because their agent has left between his answer and the talk: the
    switch takes them for served by him, and where all are rung it even says so of one that waits (mod_callcenter.c,
    outbound_agent_thread_run, members_callback)."""
    rings_all = {row["name"] for row in seen.queues if row["strategy"] == STRATEGIES[Strategy.ALL]}
    serving = {leg.agent for leg in legs.values()}
    return [
        row
        for row in _present(seen)
        if (row["state"] == "Trying" or (row["state"] == "Waiting" and row["queue"] in rings_all))
        and row["serving_agent"] in _resting(seen) - serving
        and legs.get(row["session_uuid"], Leg()).waits
    ]


def _enters_again(row: Row) -> Change:
    """At the place he had; his script's end as `scripts.py` has it."""
    script = f"m:~:set:cc_base_score={row['score']}~callcenter:{row['queue']}~set:{GUARD}~park"
    said = f"caller {row['session_uuid']} of {row['queue']} was offered to nobody any more"
    return Change(f"uuid_transfer {row['session_uuid']} '{script}' inline", said)


def _left_over(leg: str) -> str:
    return f"leg {leg}"


def ghosts(seen: Seen, wrong: frozenset[str]) -> dict[str, str]:
    """Members among ``wrong`` (their id, and where they are). They keep nobody from anything, and no command deletes them: the
    switch drops one that waits when it would offer it to an agent, one that it thinks served when it starts anew."""
    return {row["uuid"]: f"{row['uuid']} in {row['queue']}" for row in _present(seen) if _member(row) in wrong}


def _serving(seen: Seen) -> list[Row]:
    return [row for row in seen.agents if row["state"] not in AT_REST]


def _resting(seen: Seen) -> set[str]:
    return {row["name"] for row in seen.agents if row["state"] in AT_REST}


def _present(seen: Seen) -> list[Row]:
    """Members who have not gone: the rows of those are dropped by the switch, a minute later."""
    return [row for row in seen.members if row["state"] != "Abandoned"]


def _agent(row: Row) -> str:
    return f"agent {row['name']} {row['state']} {row['last_offered_call']}"


def _place(row: Row) -> str:
    return f"place {row['queue']} {row['agent']} {row['state']}"


def _member(row: Row) -> str:
    return f"member {row['queue']} {row['uuid']} {row['state']}"


def _ready(tier: Row, said: str = "") -> Change:
    return Change(f"callcenter_config tier set state {tier['queue']} {tier['agent']} Ready", said)
