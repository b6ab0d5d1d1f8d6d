"""What must be said to a switch so that its queues are as they should be. Pure: what it says of them, against `ServeQueues`.

Of mod_callcenter a queue, an agent and a tier (an agent's place in a queue) are rows; so is a member, who waits or talks. A
queue is read from the configuration only, which is made of variables (``conf/configuration/callcenter.conf.xml``); the others
are set by commands. To *load* a queue again while callers wait in it does them no harm, and unlike a reload it never leaves a
moment without the queue, in which the switch would drop them without a word [tried].
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from app.core.commands import Line, OnDuty, ServeQueues
from freeswitch.agents import STRATEGIES, agent_name, contact
from freeswitch.waiting import queue_name

Row: TypeAlias = Mapping[str, Any]

SLOTS, SLOT_CHARACTERS = 100, 1800
"""The lines of the configuration, and what one may hold: FreeSWITCH expands a short line to 2,048 characters (switch_xml.c,
expand_vars, which cannot try again [tried])."""

NO_AGENTS_SECONDS = 5
"""A caller who waits is sent on when nobody has been on duty for so long."""

KEPT_SECONDS = 12 * 3600
"""An agent who has talked is remembered for so long after he went off duty, so that a break does not make him the one who has
talked least."""

AT_REST = ("Waiting", "Idle")
IN_LINE = ("Waiting", "Trying")


@dataclass(frozen=True)
class Seen:
    """What a switch says of its queues: the rows of mod_callcenter, with the columns' names; ``now`` is its own clock."""

    queues: Sequence[Row]
    agents: Sequence[Row]
    tiers: Sequence[Row]
    members: Sequence[Row]
    now: float


@dataclass(frozen=True)
class Change:
    """A command, and what it comes to, in words for the log; empty where an earlier one says it."""

    command: str
    said: str = ""


# --- queues ---------------------------------------------------------------------------------------------------------


def variables(wanted: ServeQueues, seen: Seen) -> dict[str, str]:
    """The switch's variables that make the queues: the lines of the configuration, and how long each queue rings an agent.

    A queue that nobody wants any more stays as long as somebody waits in it. Raises ValueError if there are too many.
    """
    lines = [
        *(_xml(queue_name(line.queue), *_settings(line)) for line in wanted.lines),
        *(_xml(*row) for row in _left(wanted, seen)),
    ]
    slots = list(_packed(lines))
    if len(slots) > SLOTS:
        raise ValueError(f"the switch has room for {SLOTS} lines of queues, and {len(lines)} queues make {len(slots)}")
    rings = {f"pbx_{queue_name(line.queue)}_ring": str(line.ring + 1) for line in wanted.lines}  # it stops up to 1 s early
    return {f"pbx_queues_{slot}": text for slot, text in enumerate(slots)} | rings


def queue_changes(wanted: ServeQueues, seen: Seen) -> Iterator[Change]:
    """What makes the switch read queues that are missing or wrong, and forget those that are unwanted and empty."""
    there = {row["name"]: _shown(row) for row in seen.queues}
    for line in wanted.lines:
        name = queue_name(line.queue)
        if there.get(name) != _settings(line):
            said = f"{name} is {' '.join(map(str, _settings(line)))}" + ("" if name in there else ", new")
            yield Change(f"callcenter_config queue load {name}", said)
    kept = {queue_name(line.queue) for line in wanted.lines} | {name for name, *_ in _left(wanted, seen)}
    for name in sorted(there.keys() - kept):
        yield Change(f"callcenter_config queue unload {name}", f"{name} is gone")


def _settings(line: Line) -> tuple[str, int]:
    return STRATEGIES[line.strategy], line.max_wait or 0


def _shown(row: Row) -> tuple[str, int] | None:
    """The same of a queue as it is; None if it is nothing of ours."""
    mine = int(row["max_wait_time_with_no_agent"]) == NO_AGENTS_SECONDS
    return (row["strategy"], int(row["max_wait_time"])) if mine else None


def _left(wanted: ServeQueues, seen: Seen) -> list[tuple[str, str, int]]:
    """Queues that are wanted no more, but by those who wait in them."""
    names = {queue_name(line.queue) for line in wanted.lines}
    waited_for = {row["queue"] for row in seen.members if row["state"] in IN_LINE}
    return [
        (row["name"], row["strategy"], int(row["max_wait_time"]))
        for row in seen.queues
        if row["name"] not in names and row["name"] in waited_for
    ]


def _xml(name: str, strategy: str, longest: int) -> str:
    settings = {"strategy": strategy, "max-wait-time": longest, "max-wait-time-with-no-agent": NO_AGENTS_SECONDS}
    params = "".join(f'<param name="{key}" value="{value}"/>' for key, value in settings.items())
    return f'<queue name="{name}">{params}</queue>'


def _packed(queues: Iterable[str]) -> Iterator[str]:
    """As many as possible on each line."""
    line = ""
    for queue in queues:
        if line and len(line) + len(queue) > SLOT_CHARACTERS:
            yield line
            line = ""
        line += queue
    if line:
        yield line


# --- agents ---------------------------------------------------------------------------------------------------------


def agent_changes(wanted: ServeQueues, seen: Seen, domain: str) -> Iterator[Change]:
    """What makes the agents and their places as they should be. Of who is rung or talks only the settings are changed."""
    there = {row["name"]: row for row in seen.agents}
    names = {agent_name(agent) for agent in wanted.agents}
    for agent in wanted.agents:
        row = there.get(agent_name(agent))
        yield from _settled(agent_name(agent), row, _columns(agent, wanted, domain))
        yield from _rests(agent_name(agent), row, agent.key in wanted.busy and not agent.outside)
    yield from _places(wanted, seen)
    for name, row in there.items():
        if name not in names and row["state"] in AT_REST and int(row["last_bridge_end"]) + KEPT_SECONDS < seen.now:
            yield Change(f"callcenter_config agent del {name}", f"{name} is no agent")


def _columns(agent: OnDuty, wanted: ServeQueues, domain: str) -> dict[str, str]:
    """What the switch must know of an agent. The pause before he is rung again is the longest of his queues'; never none, or
    the switch would ring a phone that refuses ten times a second [tried]."""
    pauses = (line.retry for line in wanted.lines if line.tenant == agent.tenant and agent.key in line.agents)
    pause = str(max(1, *pauses, 1))
    delays = dict.fromkeys(("no_answer_delay_time", "reject_delay_time", "busy_delay_time"), pause)
    return {"contact": contact(agent, domain), **delays, "status": "Available"}


def _settled(name: str, row: Row | None, columns: Mapping[str, str]) -> Iterator[Change]:
    if row is None:
        yield Change(f"callcenter_config agent add {name} Callback", f"{name} is an agent")
    wrong = [column for column, value in columns.items() if row is None or str(row[column]) != value]
    for column in wrong:
        said = f"{name} has another {column.replace('_', ' ')}" if row is not None else ""
        yield Change(f"callcenter_config agent set {column} {name} '{columns[column]}'", said)


def _rests(name: str, row: Row | None, busy: bool) -> Iterator[Change]:
    """An agent who talks elsewhere is Idle, a word that the switch itself gives to agents of another kind only. He is made so
    only while he is Waiting, in one step, lest an offer that begins just now be forgotten."""
    if busy and (row is None or row["state"] == "Waiting"):
        yield Change(f"callcenter_config agent set state_if_waiting {name} Idle")
    elif not busy and row is not None and row["state"] == "Idle":
        yield Change(f"callcenter_config agent set state {name} Waiting")


def _places(wanted: ServeQueues, seen: Seen) -> Iterator[Change]:
    """Who is on duty in which queue, and as which of its agents. The state of a place is not touched."""
    names = {(agent.tenant, agent.key): agent_name(agent) for agent in wanted.agents}
    should = {
        (queue_name(line.queue), names[line.tenant, key]): str(position)
        for line in wanted.lines
        for position, key in enumerate(line.agents, 1)
        if (line.tenant, key) in names
    }
    there = {(row["queue"], row["agent"]): str(row["position"]) for row in seen.tiers}
    for queue, agent in sorted(there.keys() - should.keys()):
        yield Change(f"callcenter_config tier del {queue} {agent}", f"{agent} leaves {queue}")
    for (queue, agent), position in should.items():
        if (queue, agent) not in there:
            yield Change(f"callcenter_config tier add {queue} {agent} 1 {position}", f"{agent} joins {queue}")
        elif there[queue, agent] != position:
            yield Change(
                f"callcenter_config tier set position {queue} {agent} {position}", f"{agent} is number {position} of {queue}"
            )


# --- what the switch got wrong --------------------------------------------------------------------------------------


def in_doubt(seen: Seen) -> frozenset[str]:
    """What may be stuck, each named with how it stands: agents who are rung or talk, places that say so although their agent
    rests, callers in a queue."""
    places = (tier for tier in seen.tiers if tier["agent"] in _resting(seen) and tier["state"] not in ("Ready", "No Answer"))
    return frozenset((*map(_agent, _serving(seen)), *map(_place, places), *map(_member, _present(seen))))


def stuck(seen: Seen, doubted: frozenset[str], legs: Mapping[str, str]) -> Iterator[str]:
    """Those of ``doubted`` to whom no leg belongs. ``legs``: every leg, and the agent's name on an agent's.

    A caller who was answered stays in the list until his agent has put down, whatever the two do meanwhile [tried].
    """
    agents = (_agent(row) for row in _serving(seen) if row["name"] not in legs.values())
    gone = (row for row in _present(seen) if row["session_uuid"] not in legs)
    members = (_member(row) for row in gone if row["state"] != "Answered" or row["serving_agent"] not in legs.values())
    places = (_place(row) for row in seen.tiers if row["agent"] in _resting(seen))
    yield from (each for each in (*agents, *members, *places) if each in doubted)


def mended(seen: Seen, wrong: frozenset[str]) -> Iterator[Change]:
    """What heals the agents and the places that are ``wrong``."""
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
