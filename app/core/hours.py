"""When an office is open: weekdays, hours, public holidays and days off, by the clock on its wall."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Schedule:
    """Open on ``days`` (0 is Monday) from ``opens`` until before ``closes``, minutes since midnight.

    ``closes`` at or before ``opens`` is on the next day; the day that counts is the one it opened on. ``holidays`` is a country
    (``PL``) on whose public holidays it stays closed, empty for none; ``closed_on`` are further days, ISO 8601.
    """

    name: str
    days: frozenset[int]
    opens: int
    closes: int
    holidays: str = ""
    closed_on: frozenset[str] = frozenset()


def is_open(schedule: Schedule, at: float, time_zone: str) -> bool:
    """Whether the office is open at ``at`` (seconds since the epoch) where the clocks show ``time_zone``'s time."""
    raise NotImplementedError
