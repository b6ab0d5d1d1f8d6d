"""History: each call as one sentence."""

import time
from dataclasses import asdict
from datetime import date, datetime, timedelta
from itertools import groupby

from flask import request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import get_timezone, gettext

from admin import figures, tables, words
from admin.base import EVERYBODY, TenantView
from app.services.history import Filter

PER_PAGE = 50


class HistoryView(TenantView):
    """The call log. The address carries the filters, so that it can be kept and sent."""

    roles = EVERYBODY
    icon = "history"

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """One page of calls, newest first, by day."""
        return self.render("history.html", wanted=request.args, **self._calls())

    @expose("/now")
    def now(self) -> ResponseReturnValue:
        """The calls alone, for a page that is open."""
        return self.render("history_now.html", wanted=request.args, **self._calls())

    @expose("/calls.csv")
    def csv(self) -> ResponseReturnValue:
        """The same calls as a table for a spreadsheet."""
        wanted, words = asdict(_wanted()), tables.said()
        lines = self.services.history.csv(self.tenant, **wanted, titles=_titles(), words=words, separator=tables.separator())
        return tables.sent("calls.csv", lines)

    def _calls(self) -> dict[str, object]:
        page = self.services.history.page(
            self.tenant, page=request.args.get("page", 1, type=int), per_page=PER_PAGE, **asdict(_wanted())
        )
        days = [(day, list(calls)) for day, calls in groupby(page.rows, key=lambda call: figures.day(call.started))]
        return {"page": page, "days": days, "today": figures.day(time.time()), "filtered": _wanted() != Filter()}


def _wanted() -> Filter:
    """What the address asks for; what makes no sense is left out."""
    outcome = request.args.get("outcome")
    first, last = _day("since"), _day("until")
    return Filter(
        search=request.args.get("search", "").strip(),
        outcome=outcome if outcome in words.RESULTS else None,
        since=_midnight(first) if first else None,
        until=_midnight(last + timedelta(days=1)) if last else None,
    )


def _day(name: str) -> date | None:
    return request.args.get(name, type=_calendar_day)


def _calendar_day(text: str) -> date:
    """ValueError for a day no call can have been on; at the ends of the calendar there is no midnight to count from."""
    day = date.fromisoformat(text)
    if not 2000 <= day.year <= 2200:
        raise ValueError(text)
    return day


def _midnight(day: date) -> float:
    """When a day begins where the tenant is."""
    return float(get_timezone().localize(datetime(day.year, day.month, day.day)).timestamp())


def _titles() -> list[str]:
    return [
        gettext("Start"),
        gettext("Caller's number"),
        gettext("Caller's name"),
        gettext("Dialled"),
        gettext("Answered by"),
        gettext("Result"),
        gettext("Ended by"),
        gettext("Seconds of talk"),
        gettext("Call"),
        gettext("Stopped by limits"),
        gettext("Queues"),
        gettext("Seconds waited"),
        gettext("How the caller left the queue"),
        gettext("Taken in the queue by"),
    ]
