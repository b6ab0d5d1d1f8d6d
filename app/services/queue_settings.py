"""What a queue does, as people set it: the values, what is wrong with them, and how they are stored."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from app.core import queues as core
from app.core.destinations import Destination, ToAccount, ToExternal
from app.core.queues import Strategy
from app.services import agents, destinations, rules
from app.services.agents import Who
from app.services.book import Book
from app.services.errors import DomainError
from app.services.menus import KEYS
from app.store.models import FULL, NO_AGENTS, OVERFLOW

RING_SECONDS = range(5, 121)
RANGES = {
    "retry": range(1, 301),
    "wrap_up": range(0, 3601),
    "max_wait": range(10, 7201),
    "max_waiting": range(1, 1001),
    "announce_every": range(15, 601),
    "misses": range(1, 101),
    "miss_pause": range(10, 86_401),
}
"""What each number may be, beside what `NONE` says."""

NONE = {"max_wait": None, "max_waiting": None, "announce_every": 0, "misses": 0}
"""The value that means never, or no limit, where there is one."""

BRANCHES = (OVERFLOW, NO_AGENTS, FULL)


@dataclass(frozen=True)
class QueueSettings:
    """What a queue does; the fields are those of `app.core.queues.Queue`, times in seconds.

    ``agents`` are accounts and telephones outside, in order. ``announce_agent``: an agent is told the queue's name and how long
    the caller has waited, before he has him. ``no_agents`` and ``full`` None: as ``overflow``; that None: the caller is told.
    """

    name: str
    strategy: Strategy = core.Queue.strategy
    agents: tuple[Who, ...] = ()
    ring: int = core.Queue.ring
    retry: int = core.Queue.retry
    wrap_up: int = core.Queue.wrap_up
    max_wait: int | None = core.Queue.max_wait
    max_waiting: int | None = core.Queue.max_waiting
    overflow: Destination | None = None
    no_agents: Destination | None = None
    full: Destination | None = None
    announce_every: int = core.Queue.announce_every
    announce_agent: bool = False
    misses: int = core.Queue.misses
    miss_pause: int = core.Queue.miss_pause
    keys: Mapping[str, Destination] = field(default_factory=dict)
    call_back: str = core.Queue.call_back


def problems(settings: QueueSettings) -> Iterator[DomainError]:
    """What is wrong with a queue by itself: its agents and destinations aside."""
    if settings.strategy not in tuple(Strategy):
        yield DomainError("strategy-unknown", "strategy", known=", ".join(Strategy))
    if settings.ring not in RING_SECONDS:
        yield DomainError("ring-seconds-range", "ring", minimum=RING_SECONDS[0], maximum=RING_SECONDS[-1])
    for name, allowed in RANGES.items():
        value = getattr(settings, name)
        if value not in allowed and not (name in NONE and value == NONE[name]):
            yield DomainError(f"{name.replace('_', '-')}-range", name, minimum=allowed[0], maximum=allowed[-1])
    for key in sorted(settings.keys):
        if key not in KEYS or len(key) != 1:
            yield DomainError("key-unknown", f"keys.{key}", key=key[:10])
    if settings.call_back and (settings.call_back not in KEYS or len(settings.call_back) != 1):
        yield DomainError("key-unknown", "call_back", key=settings.call_back[:10])
    elif settings.call_back in settings.keys:
        yield DomainError("key-twice", "call_back", key=settings.call_back)


def problems_in(book: Book, settings: QueueSettings) -> Iterator[DomainError]:
    """What is wrong with its agents and destinations in the tenant of ``book``."""
    yield from agents.problems(book, settings.agents)
    for branch, to in branches(settings).items():
        yield from destinations.problems(book, to, destination_field(branch))


def branches(settings: QueueSettings) -> dict[str, Destination]:
    """Where the queue leads, by branch."""
    led = {branch: getattr(settings, branch) for branch in BRANCHES}
    return {**{branch: to for branch, to in led.items() if to is not None}, **settings.keys}


def destination_field(branch: str) -> str:
    """The field of a form, or the place in a file, where it is said where a branch leads."""
    return branch if branch in BRANCHES else f"keys.{branch}"


def columns(settings: QueueSettings) -> dict[str, object]:
    """A queue's columns, without its recordings."""
    numbers = {name: getattr(settings, name) for name in ("ring", *RANGES)}
    words = {"strategy": settings.strategy.value, "call_back": settings.call_back}
    return {"name": rules.tidy(settings.name), "name_key": rules.key(settings.name), **words, **numbers}


def settings_of(queue: core.Queue) -> QueueSettings:
    """What is stored, from the queue as the controller knows it."""
    return QueueSettings(
        queue.name,
        queue.strategy,
        tuple(ToAccount(agent.login) if agent.login else ToExternal(agent.number) for agent in queue.agents),
        queue.ring,
        queue.retry,
        queue.wrap_up,
        queue.max_wait,
        queue.max_waiting,
        queue.overflow,
        queue.no_agents,
        queue.full,
        queue.announce_every,
        queue.called is not None,
        queue.misses,
        queue.miss_pause,
        {key: queue.keys[key] for key in KEYS if key in queue.keys},
        queue.call_back,
    )


def tidied(settings: QueueSettings) -> QueueSettings:
    """With the name and the agents as they are stored."""
    return replace(settings, name=rules.tidy(settings.name), agents=tuple(map(agents.tidied, settings.agents)))
