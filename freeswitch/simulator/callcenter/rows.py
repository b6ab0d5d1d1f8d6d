"""What the module keeps in its database: agents, tiers and members. The fields are the columns, in the order of its lists."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TypeAlias

BOX = "single_box"
"""The only machine there is; agents are always its own (``mod_callcenter.c`` says so in plain text everywhere)."""


class Status(StrEnum):
    """What an agent has said of himself."""

    LOGGED_OUT = "Logged Out"
    AVAILABLE = "Available"
    ON_DEMAND = "Available (On Demand)"
    ON_BREAK = "On Break"


class AgentState(StrEnum):
    """What the module makes of him."""

    WAITING = "Waiting"
    RECEIVING = "Receiving"
    IN_A_CALL = "In a queue call"
    IDLE = "Idle"
    RESERVED = "Reserved"


class TierState(StrEnum):
    """What he does in one queue."""

    NO_ANSWER = "No Answer"
    READY = "Ready"
    OFFERING = "Offering"
    ACTIVE = "Active Inbound"
    STANDBY = "Standby"


class MemberState(StrEnum):
    """What becomes of a caller."""

    WAITING = "Waiting"
    TRYING = "Trying"
    ANSWERED = "Answered"
    ABANDONED = "Abandoned"


@dataclass
class Agent:
    """Times are whole seconds, moments seconds since the epoch. A text that was never set is None."""

    name: str
    instance_id: str = BOX
    uuid: str | None = None
    type: str = "Callback"
    contact: str | None = None
    status: str = Status.LOGGED_OUT
    state: str = AgentState.WAITING
    max_no_answer: int = 0
    wrap_up_time: int = 0
    reject_delay_time: int = 0
    busy_delay_time: int = 0
    no_answer_delay_time: int = 0
    last_bridge_start: int = 0
    last_bridge_end: int = 0
    last_offered_call: int = 0
    last_status_change: int = 0
    no_answer_count: int = 0
    calls_answered: int = 0
    talk_time: int = 0
    ready_time: int = 0
    external_calls_count: int = 0


@dataclass
class Tier:
    """An agent's place in a queue."""

    queue: str
    agent: str
    state: str = TierState.READY
    level: int = 1
    position: int = 1


@dataclass
class Member:
    """A caller in a queue. ``serving_agent`` is the agent who is rung for him, or ``ring-all``."""

    queue: str
    instance_id: str
    uuid: str
    session_uuid: str
    cid_number: str
    cid_name: str
    system_epoch: int
    joined_epoch: int
    rejoined_epoch: int = 0
    bridge_epoch: int = 0
    abandoned_epoch: int = 0
    base_score: int = 0
    skill_score: int = 0
    serving_agent: str = ""
    serving_system: str = ""
    state: str = MemberState.WAITING

    def score(self, now: int) -> int:
        """Whoever has most is served first."""
        return now - self.joined_epoch + self.base_score + self.skill_score


Row: TypeAlias = Agent | Tier | Member


def listing(rows: Iterable[Row], now: int | None = None) -> str:
    """As ``callcenter_config … list`` prints them; with ``now``, each member's score comes last. No rows, no heading."""
    lines: list[str] = []
    for row in rows:
        columns = _columns(row, now)
        lines = lines or ["|".join(columns)]
        lines.append("|".join("(null)" if value is None else str(value) for value in columns.values()))
    return "".join(f"{line}\n" for line in lines)


def documents(rows: Iterable[Row], now: int | None = None) -> list[dict[str, str | int]]:
    """The same for the JSON API: every value is a text, and what was never set is left out."""
    return [{name: str(value) for name, value in _columns(row, now).items() if value is not None} for row in rows]


def _columns(row: Row, now: int | None) -> dict[str, str | int | None]:
    columns: dict[str, str | int | None] = asdict(row)
    if now is not None and isinstance(row, Member):
        columns["score"] = row.score(now)
    return columns
