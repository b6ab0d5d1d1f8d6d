"""Queues as values: who answers the callers that wait, how they are rung, and where callers go whom nobody takes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.core.destinations import Destination
from app.core.sound import Sound


class Strategy(StrEnum):
    """Which agent is rung first. The values are those of the exchange file."""

    ALL = "all"
    IN_ORDER = "in-order"  # always the first of the list who is free
    LONGEST_IDLE = "longest-idle"
    LEAST_TALK = "least-talk"
    RANDOM = "random"


class PauseReason(StrEnum):
    """Why an agent is not rung although he is signed in."""

    OWN = "own"  # he said so himself, or somebody in the panel did
    MISSED = "missed"  # he let it ring too often


class Duty(StrEnum):
    """What an agent, or somebody for him, can say of himself."""

    SIGN_IN = "sign-in"
    SIGN_OUT = "sign-out"
    PAUSE = "pause"
    RESUME = "resume"


@dataclass(frozen=True)
class Pause:
    """An agent's pause in one queue. ``until`` None: until somebody ends it."""

    reason: PauseReason
    since: float
    until: float | None = None

    def holds(self, at: float) -> bool:
        """Whether it has not ended by itself yet."""
        return self.until is None or at < self.until


@dataclass(frozen=True)
class Agent:
    """One who answers a queue's calls: a SIP account, or a telephone outside (``number``, E.164) that is asked to press 1."""

    login: str = ""
    number: str = ""
    signed_in: bool = True
    pause: Pause | None = None

    @property
    def key(self) -> str:
        """The login or the number: what tells the agents of one queue apart."""
        return self.login or self.number

    def takes_calls(self, at: float) -> bool:
        """Whether he is signed in and not paused."""
        return self.signed_in and not (self.pause is not None and self.pause.holds(at))


@dataclass(frozen=True)
class Queue:
    """One queue of a tenant; times are in seconds.

    ``retry`` is the pause before an agent who did not take a call is rung again; ``wrap_up`` his rest after a talk. No limit:
    ``max_wait`` and ``max_waiting`` None. ``no_agents`` and ``full`` None: as ``overflow``; that None: the caller is told the
    reason. ``announce_every`` 0: nobody is told his place and how long it will take. ``misses`` 0: whoever lets it ring is not
    paused. ``keys`` are those with which a caller leaves the queue; ``call_back`` is the one with which he asks to be called
    back and keeps his place (empty for none). ``called`` is the queue's name as told to its agents, before how long the caller
    has waited; None where they are told nothing.
    """

    id: int
    name: str
    strategy: Strategy = Strategy.ALL
    agents: tuple[Agent, ...] = ()
    ring: int = 20
    retry: int = 5
    wrap_up: int = 10
    max_wait: int | None = 300
    max_waiting: int | None = None
    overflow: Destination | None = None
    no_agents: Destination | None = None
    full: Destination | None = None
    greeting: Sound | None = None
    music: Sound | None = None
    announce_every: int = 0
    called: Sound | None = None
    misses: int = 3
    miss_pause: int = 300
    keys: Mapping[str, Destination] = field(default_factory=dict)
    call_back: str = ""

    def agent(self, key: str) -> Agent | None:
        """The agent with this login or number."""
        return next((agent for agent in self.agents if agent.key == key), None)

    def on_duty(self, at: float) -> tuple[Agent, ...]:
        """Those who may be rung now, in order."""
        return tuple(agent for agent in self.agents if agent.takes_calls(at))
