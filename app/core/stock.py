"""What a switch says when a connection to it stands, and that it stands no more: what lives there, leg by leg."""

from dataclasses import dataclass
from enum import StrEnum

from app.core.outcome import Outcome


class Role(StrEnum):
    """Which side of its call a leg stands on; written to the leg, so that it survives the controller."""

    CALLER = "caller"
    CALLEE = "callee"
    TARGET = "target"  # rung by us for a consultation, not by a caller's script


@dataclass(frozen=True, kw_only=True)
class FoundLeg:
    """One leg as the switch describes it when asked; not an event but a line of a stock-taking.

    ``other`` is the leg it talks to, if any; ``call`` is empty on one that nobody has led; ``note`` is an earlier controller's.
    """

    leg: str
    call: str
    role: Role
    login: str
    dialled: str
    started: float
    answered: float | None = None
    other: str = ""
    step: int = 0
    waiting: bool = False  # parked: its script is done
    result: Outcome | None = None  # how its last attempt to connect went
    agent: str = ""  # who has answered it in a queue
    note: str = ""
    referred: str = ""  # where a phone's transfer key has sent it, while it waits for that
    trunk: str = ""  # by which it came in; empty for a phone of ours
    number: str = ""  # of a caller from outside, or of a queue's agent outside
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class SwitchFound:
    """A connection stands and this is everything that lives there. Same ``core`` as before: the switch was not restarted."""

    switch: str
    core: str
    legs: tuple[FoundLeg, ...]
    at: float


@dataclass(frozen=True, kw_only=True)
class SwitchLost:
    """The connection broke. Calls go on without us; nothing can be told to them until it is found again."""

    switch: str
    at: float
    reason: str
