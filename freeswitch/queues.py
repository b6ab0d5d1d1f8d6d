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
from app.core.queues import Strategy
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

UNREGISTERED_SECONDS = 5
"""An agent without a telephone is tried again after so long, whatever his queues say (mod_callcenter.c)."""

AT_REST = ("Waiting", "Idle")
IN_LINE = ("Waiting", "Trying")

_DELAYS = ("no_answer_delay_time", "reject_delay_time", "busy_delay_time")


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
    """A command, and what it comes to, in words for the log; empty where an earlier one says it. ``removes`` is the queue or
    agent that goes by it; such a one may have had to stay a while after nobody wanted it any more."""

    command: str
    said: str = ""
    removes: str = ""


def names_of(wanted: ServeQueues) -> set[str]:
    """What the switch calls the queues and agents that are wanted."""
    return {queue_name(line.queue) for line in wanted.lines} | {agent_name(agent) for agent in wanted.agents}


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
        yield Change(f"callcenter_config queue unload {name}", f"{name} is gone", removes=name)


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
        row, columns = there.get(agent_name(agent)), _columns(agent, wanted, seen, domain)
        yield from _settled(agent_name(agent), row, columns)
        yield from _pauses(row, columns, seen.now)
        yield from _rests(agent_name(agent), row, agent.key in wanted.busy and not agent.outside)
    yield from _places(wanted, seen)
    for name, row in there.items():
        if name not in names and row["state"] in AT_REST and int(row["last_bridge_end"]) + KEPT_SECONDS < seen.now:
            yield Change(f"callcenter_config agent del {name}", f"{name} is no agent", removes=name)


def _columns(agent: OnDuty, wanted: ServeQueues, seen: Seen, domain: str) -> dict[str, str]:
    """What the switch must know of an agent. The pause before he is rung again is the longest of his queues'; never none, or
    the switch would ring a phone that refuses ten times a second [tried]."""
    lines = [line for line in wanted.lines if line.tenant == agent.tenant and agent.key in line.agents]
    pause = max(1, *(line.retry for line in lines), 1)
    round_ = max(pause, *(_round(line, wanted, seen) for line in lines), 1)
    delays = dict(zip(_DELAYS, (str(round_), str(pause), str(pause)), strict=True))
    return {"contact": contact(agent, domain), **delays, "status": "Available"}


def _round(line: Line, wanted: ServeQueues, seen: Seen) -> int:
    """How long it takes to ring everybody else who is free. Where the switch has an order of its own for every attempt, two who
    do not answer would else be rung in turn for ever, and nobody after them [tried]; the others it goes through one by one."""
    if line.strategy in (Strategy.ALL, Strategy.IN_ORDER):
        return 0
    names = {agent_name(agent) for agent in wanted.agents if agent.tenant == line.tenant and agent.key in line.agents}
    free = sum(row["name"] in names and row["state"] in ("Waiting", "Reserved", "Receiving") for row in seen.agents)
    return max(0, free - 1) * (line.ring + 1)


def _settled(name: str, row: Row | None, columns: Mapping[str, str]) -> Iterator[Change]:
    if row is None:
        yield Change(f"callcenter_config agent add {name} Callback", f"{name} is an agent")
    wrong = [column for column, value in columns.items() if row is None or str(row[column]) != value]
    for column in wrong:
        said = f"{name} has another {column}" if row is not None and "delay" not in column else ""
        yield Change(f"callcenter_config agent set {column} {name} '{columns[column]}'", said)


def _pauses(row: Row | None, columns: Mapping[str, str], now: float) -> Iterator[Change]:
    """Who did not answer pauses no longer than his present queues want: the switch keeps what another one wanted, or did."""
    longest = int(now) + max(UNREGISTERED_SECONDS, *(int(columns[column]) for column in _DELAYS))
    if row is not None and int(row["ready_time"]) > longest:
        said = f"{row['name']} is rung again sooner"
        yield Change(f"callcenter_config agent set ready_time {row['name']} {longest}", said)


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
