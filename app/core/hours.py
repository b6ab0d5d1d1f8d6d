"""When an office is open: weekdays, hours, public holidays and days off, by the clock on its wall."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

DAY = 24 * 60


@dataclass(frozen=True)
class Schedule:
    """Open on ``days`` (0 is Monday) from ``opens`` until before ``closes``, minutes since midnight.

    ``closes`` at or before ``opens`` is on the next day; the day that counts is the one it opened on. So 0 and 1440 is the
    whole day, and the same minute twice is 24 hours from then. ``holidays`` is a country (ISO 3166, ``PL``) on whose public
    holidays it stays closed, empty for none; ``closed_on`` are further days, ISO 8601.
    """

    name: str
    days: frozenset[int]
    opens: int
    closes: int
    holidays: str = ""
    closed_on: frozenset[str] = frozenset()


def is_open(schedule: Schedule, at: float, time_zone: str) -> bool:
    """Whether the office is open at ``at`` (seconds since the epoch) where the clocks show ``time_zone``'s time.

    An hour that the clocks show twice counts twice, one that they leave out not at all. Raises ZoneInfoNotFoundError and
    NotImplementedError for a zone and a country that nobody knows; whoever saves a schedule refuses them.
    """
    now = datetime.fromtimestamp(at, ZoneInfo(time_zone))
    today, minute = now.date(), now.hour * 60 + now.minute
    closes = schedule.closes if schedule.closes > schedule.opens else schedule.closes + DAY
    if schedule.opens <= minute < closes:
        return _opens_on(schedule, today)
    return minute + DAY < closes and _opens_on(schedule, today - timedelta(days=1))


def _opens_on(schedule: Schedule, day: date) -> bool:
    if day.weekday() not in schedule.days or day.isoformat() in schedule.closed_on:
        return False
    return not schedule.holidays or day not in _public_holidays(schedule.holidays, day.year)


@lru_cache
def _public_holidays(country: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=year))
