"""How figures are written for people: telephone numbers, durations, days."""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from flask_babel import format_date, format_datetime, format_time, gettext, to_user_timezone
from markupsafe import Markup, escape

from app.core import numbering

_GROUPED = re.compile(r"(\+?\d{2,}(?: \d{2,})+)")
_POLISH = re.compile(r"(?:\+48|0048)?([1-9]\d{8})")


@lru_cache(4096)
def grouped(number: str) -> str:
    """A telephone number as Poles read it: 600 100 200, 22 123 45 67, +49 30 123456. Anything else is left as it is.

    >>> grouped("+48221234567"), grouped("600100200"), grouped("22"), grouped("+4930123456")
    ('22 123 45 67', '600 100 200', '22', '+49 30 123456')
    """
    match = _POLISH.fullmatch(number)
    return numbering.shown(f"+48{match[1]}" if match else number)


def unbroken(text: str) -> Markup:
    """A sentence in which no telephone number is torn in two at the end of a line.

    >>> str(unbroken("to 600 100 200 <b>"))
    'to <span class="nowrap">600 100 200</span> &lt;b&gt;'
    """
    kept = Markup('<span class="nowrap">{}</span>')
    return Markup("").join(kept.format(part) if place % 2 else part for place, part in enumerate(_GROUPED.split(text)))


def address(text: str) -> Markup:
    """A server's address that breaks, where it must, before the port and never within it.

    >>> str(address("pbx.example:5070")), str(address("pbx.example"))
    ('pbx.example<wbr><span class="nowrap">:5070</span>', 'pbx.example')
    """
    host, colon, port = text.rpartition(":")
    return Markup('{}<wbr><span class="nowrap">:{}</span>').format(host, port) if colon and port.isdecimal() else escape(text)


def duration(seconds: float) -> str:
    """Minutes and seconds, with hours when there are any.

    >>> duration(65), duration(3.9), duration(3661)
    ('1:05', '0:03', '1:01:01')
    """
    minutes, rest = divmod(max(0, int(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def clock(at: float) -> str:
    """The time of day, 14:05, in the tenant's time zone; ``at`` in seconds since the epoch."""
    return format_time(datetime.fromtimestamp(at, UTC), "HH:mm")


def day(at: float) -> date:
    """The calendar day of a moment in the tenant's time zone."""
    moment: datetime = to_user_timezone(datetime.fromtimestamp(at, UTC))
    return moment.date()


def day_name(which: date, today: date) -> str:
    """A day as one would say it: today, yesterday, Monday 5 October."""
    if which == today:
        return gettext("Today")
    if which == today - timedelta(days=1):
        return gettext("Yesterday")
    return format_date(which, "EEEE, d MMMM" if which.year == today.year else "d MMMM y", rebase=False)


def moment(at: float, now: float) -> str:
    """A moment as short as it can be: 14:05 when it was today, else with the date."""
    if day(at) == day(now):
        return clock(at)
    return format_datetime(
        datetime.fromtimestamp(at, UTC), "d MMM, HH:mm" if day(at).year == day(now).year else "d MMM y, HH:mm"
    )
