"""Stretches of days that figures are asked for, on the tenant's clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask_babel import LazyString, get_timezone
from flask_babel import lazy_gettext as _

PERIODS: Mapping[str, LazyString] = {
    "today": _("Today"),
    "7": _("7 days"),
    "30": _("30 days"),
    "own": _("Other days"),
}


@dataclass(frozen=True)
class Period:
    """Whole days, ``first`` to ``last``; ``kind`` is one of PERIODS."""

    kind: str
    first: date
    last: date

    @property
    def since(self) -> float:
        """When it begins, in seconds since the epoch."""
        return _midnight(self.first)

    @property
    def until(self) -> float:
        """When it is over (excluded)."""
        return _midnight(self.last + timedelta(days=1))

    @property
    def days(self) -> list[date]:
        """Each of them."""
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]


def asked(wanted: Mapping[str, str]) -> Period:
    """What an address asks for with ``period``, ``since`` and ``until``; today where it is unclear. At most a year."""
    now = datetime.now(get_timezone()).date()
    kind = wanted.get("period", "")
    if kind == "own":
        first, last = _day(wanted.get("since", ""), now), _day(wanted.get("until", ""), now)
        first, last = min(first, last), max(first, last)
        return Period(kind, max(first, last - timedelta(days=365)), last)
    if kind in ("7", "30"):
        return Period(kind, now - timedelta(days=int(kind) - 1), now)
    return Period("today", now, now)


def today() -> tuple[float, float]:
    """When today begins and ends, in seconds since the epoch."""
    period = asked({})
    return period.since, period.until


def _day(text: str, otherwise: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return otherwise
    return day if 2000 <= day.year <= 2200 else otherwise


def _midnight(day: date) -> float:
    return float(get_timezone().localize(datetime.combine(day, time())).timestamp())
