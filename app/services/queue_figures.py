"""What is counted of queues and agents, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from app.core.queueing import FAILED, FULL, GONE, KEY, MAX_WAIT, NO_AGENTS

REASONS = (MAX_WAIT, FULL, NO_AGENTS, KEY, GONE, FAILED)
"""Why queues lead callers on, in the order in which people are told; what each means: `app.core.record.Visit`."""

Figures = TypeVar("Figures")


@dataclass(frozen=True)
class Spread:
    """Some lengths of time, in seconds: how many, all together, the shortest and the longest."""

    count: int = 0
    total: float = 0.0
    least: float = 0.0
    most: float = 0.0

    @property
    def mean(self) -> float:
        """Their mean; 0 of none."""
        return self.total / self.count if self.count else 0.0

    def __add__(self, other: Spread) -> Spread:
        if not self.count or not other.count:
            return self if self.count else other
        least, most = min(self.least, other.least), max(self.most, other.most)
        return Spread(self.count + other.count, self.total + other.total, least, most)


@dataclass(frozen=True)
class QueueFigures:
    """What became of a queue's callers; each has one outcome, so ``entered`` is the sum of the seven after it.

    ``overflowed`` are by reason, one of `REASONS`. ``asked`` are those who asked to be called back, of whom agents have talked
    with ``called_back`` (of a talk that lasts it is not known yet). ``in_time`` are those of ``answered`` who waited no
    longer than was asked for. ``wait`` is theirs whom somebody answered or picked up, ``patience`` theirs who gave up;
    ``talk`` is that with whoever answered first.
    """

    answered: int = 0
    picked_up: int = 0
    abandoned: int = 0
    asked: int = 0
    waiting: int = 0
    overflowed: Mapping[str, int] = field(default_factory=dict)
    called_back: int = 0
    in_time: int = 0
    wait: Spread = Spread()
    patience: Spread = Spread()
    talk: Spread = Spread()

    @property
    def led_on(self) -> int:
        """All who overflowed, whatever the reason."""
        return sum(self.overflowed.values())

    @property
    def entered(self) -> int:
        """Everybody who came."""
        return self.answered + self.picked_up + self.abandoned + self.asked + self.waiting + self.led_on

    @property
    def service_level(self) -> float | None:
        """The part (0 to 1) of those who do not wait any more that was answered in time; None of nobody."""
        over = self.entered - self.waiting
        return self.in_time / over if over else None


@dataclass(frozen=True)
class AgentFigures:
    """What became of the callers a queue offered to an agent.

    Of ``offered``, he ``missed`` some (did not answer, declined, was busy or away); the others he took, or somebody else was
    faster (``picked_up``: by pickup; ``elsewhere``: another agent), or the caller left (``abandoned``). ``answered`` and
    ``talk`` include those who had asked to be called back.
    """

    offered: int = 0
    answered: int = 0
    missed: int = 0
    picked_up: int = 0
    elsewhere: int = 0
    abandoned: int = 0
    talk: Spread = Spread()


@dataclass(frozen=True)
class Counted(Generic[Figures]):
    """The same of a whole time, of each of its days and of each hour of the day (0 to 23), as far as there was anything."""

    total: Figures
    by_day: Mapping[date, Figures]
    by_hour: Mapping[int, Figures]


@dataclass
class Tally:
    """Counts and lengths of time that are being added up, by the name of a figure; ``reasons`` are of `QueueFigures`."""

    counts: dict[str, int] = field(default_factory=dict)
    spreads: dict[str, Spread] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)

    def count(self, figure: str, number: int) -> None:
        """So many more."""
        self.counts[figure] = self.counts.get(figure, 0) + number

    def overflow(self, reason: str, number: int) -> None:
        """So many more overflowed."""
        self.reasons[reason] = self.reasons.get(reason, 0) + number

    def spread(self, figure: str, more: Spread) -> None:
        """These lengths of time as well."""
        if more.count:
            self.spreads[figure] = self.spreads.get(figure, Spread()) + more

    def of_queue(self) -> QueueFigures:
        """What was added up of a queue."""
        values: dict[str, Any] = {**self.counts, **self.spreads}
        return QueueFigures(overflowed=dict(sorted(self.reasons.items())), **values)

    def of_agent(self) -> AgentFigures:
        """What was added up of an agent."""
        values: dict[str, Any] = {**self.counts, **self.spreads}
        return AgentFigures(**values)
