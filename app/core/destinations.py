"""Where a call can be led: the kinds of destination, as values. `app.core.routing` says what they come to at a moment."""

from dataclasses import dataclass
from typing import TypeAlias

from app.core.outcome import Outcome

MOST_ACCOUNTS = 3
"""So many accounts a ring plan may have."""


@dataclass(frozen=True)
class ToAccount:
    """All the devices registered on one SIP account."""

    login: str


@dataclass(frozen=True)
class ToRing:
    """A ring plan: up to three accounts, at once or one after another, ``seconds`` for each step.

    ``no_answer``, ``busy`` and ``unavailable`` are where the caller goes whom nobody took; None: he is told the reason.
    """

    logins: tuple[str, ...]
    together: bool = True
    seconds: int = 20
    no_answer: "Destination | None" = None
    busy: "Destination | None" = None
    unavailable: "Destination | None" = None


@dataclass(frozen=True)
class ToExtension:
    """Where an internal number leads."""

    number: str


@dataclass(frozen=True)
class ToCity:
    """Where one of the tenant's city numbers (E.164) leads."""

    number: str


@dataclass(frozen=True)
class ToExternal:
    """A telephone outside (E.164), through a trunk. Whoever answers presses 1 to take the call."""

    number: str


@dataclass(frozen=True)
class ToMenu:
    """A menu, by its name."""

    name: str


@dataclass(frozen=True)
class ToQueue:
    """A queue, by its name."""

    name: str


@dataclass(frozen=True)
class ToHours:
    """One of two destinations, chosen by a schedule."""

    schedule: str
    open: "Destination"
    closed: "Destination"


@dataclass(frozen=True)
class ToMessage:
    """A message, by its name; then the call ends."""

    name: str


@dataclass(frozen=True)
class ToHangUp:
    """The end, ANSWERED (normally) or BUSY."""

    outcome: Outcome = Outcome.ANSWERED


Destination: TypeAlias = (
    ToAccount | ToRing | ToExtension | ToCity | ToExternal | ToQueue | ToMenu | ToHours | ToMessage | ToHangUp
)
