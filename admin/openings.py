"""Whether an office is open now, and when that changes next."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.core.hours import DAY, Schedule, is_open

LOOK_AHEAD = 400  # days: past the longest row of days off, a year of them


@dataclass(frozen=True)
class Opening:
    """``changes`` is when it opens or closes next, in seconds since the epoch; None: not within a year."""

    open: bool
    changes: float | None


def opening(schedule: Schedule, at: float, time_zone: str) -> Opening:
    """How it is at ``at`` (seconds since the epoch) where the clocks show ``time_zone``'s time."""
    now = is_open(schedule, at, time_zone)
    turns = (turn for turn in _turns(schedule, at, time_zone) if turn > at)
    return Opening(now, next((turn for turn in turns if is_open(schedule, turn, time_zone) != now), None))


def _turns(schedule: Schedule, at: float, time_zone: str) -> Iterator[float]:
    """Every moment at which it may open or close, in order, from the day before ``at``."""
    zone = ZoneInfo(time_zone)
    today = datetime.fromtimestamp(at, zone).date()
    minutes = sorted({0, schedule.opens, schedule.closes % DAY})  # at midnight a day off may begin
    for days in range(-1, LOOK_AHEAD):
        for minute in minutes:
            yield _moment(today + timedelta(days=days), minute, zone)


def _moment(day: date, minute: int, zone: ZoneInfo) -> float:
    return datetime.combine(day, time(minute // 60, minute % 60), zone).timestamp()


def clock_time(minute: int) -> str:
    """Minutes since midnight as a clock shows them.

    >>> clock_time(480), clock_time(1440)
    ('08:00', '24:00')
    """
    return f"{minute // 60:02}:{minute % 60:02}"


def minute_of(text: str | None) -> int:
    """Minutes since midnight; -1 for what is no time of day.

    >>> minute_of("08:00"), minute_of("24:00"), minute_of("8"), minute_of("25:00")
    (480, 1440, 480, -1)
    """
    hour, _, minute = (text or "").strip().partition(":")
    if not (hour + minute).isascii() or not hour.isdecimal() or len(hour) > 2 or (minute and not minute.isdecimal()):
        return -1
    total = int(hour) * 60 + int(minute or 0)
    return total if total <= DAY and int(minute or 0) < 60 else -1
