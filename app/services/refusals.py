"""Calls to outside that a tenant's limits have stopped: the first sign of a stolen password, shown until somebody has looked.

They are read from the call log. What the log does not tell, which of the limits it was, is found out from the number and from
how much had been talked by then, as far as the limits are still those of that day.
"""

from __future__ import annotations  # peewee's classes are generic for the type checker only

import math
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from peewee import ModelSelect, fn

from app.core import numbering, places, routing
from app.core.destinations import ToExternal
from app.core.directory import Directory
from app.core.directory import Tenant as Company
from app.core.numbering import MAX_DIGITS
from app.core.outcome import Outcome
from app.core.record import Record
from app.services.actor import Actor
from app.services.changes import changing
from app.services.tenants import found
from app.store import Database, snapshot
from app.store.calllog import records
from app.store.database import tuples
from app.store.models import CallPart, CallRecord, SipAccount, Tenant

MOST_CALLS = 500
"""So many calls are looked at one by one; those before them are only counted."""

SHOWN_NUMBERS = 3


class Limit(StrEnum):
    """Which limit has stopped a call."""

    COUNTRY = "country"
    PREMIUM = "premium"
    MINUTES = "minutes"
    AT_ONCE = "at-once"
    CHANGED = "changed"  # one that has been raised since, or cannot be told from the log


@dataclass(frozen=True)
class Refused:
    """What one limit has stopped of one caller. ``account``: the phone's id, 0 for one that is gone, and for a caller outside.

    ``country`` (ISO 3166) is given for a call to one that may not be called, empty where it is unknown. ``numbers``: the newest
    of those called, not all if it ``has_more_numbers``. Times are seconds since the epoch.
    """

    name: str
    number: str
    is_outside: bool
    account: int
    limit: Limit
    country: str
    count: int
    first: float
    last: float
    numbers: tuple[str, ...]
    has_more_numbers: bool


@dataclass(frozen=True)
class Alert:
    """All that nobody has looked at yet. ``until`` is when the last of these calls ended."""

    tenant: int
    name: str
    count: int
    until: float
    refused: Sequence[Refused]


class Refusals:
    """What the tenant's people have looked at, and what the provider's have, are two things: both must know."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, tenant: int, *, for_provider: bool) -> Alert | None:
        """What nobody of the tenant, or of the provider, has looked at yet. Raises NotFound."""
        with self._database.snapshot():
            return _alert(found(tenant), for_provider)

    def everywhere(self) -> Sequence[Alert]:
        """What the provider has not looked at yet, tenant by tenant, the newest first."""
        with self._database.snapshot():
            calls = _unseen(Tenant.refusals_seen_by_provider)
            rows = Tenant.select().join(CallRecord).where(*calls).distinct()
            alerts = [alert for row in rows if (alert := _alert(row, for_provider=True))]
        return sorted(alerts, key=lambda alert: -alert.until)

    def counts(self) -> dict[int, int]:
        """How many calls of each tenant the provider has not looked at yet; whoever has none is left out."""
        query = Tenant.select(Tenant.id, fn.COUNT(CallRecord.call)).join(CallRecord)
        with self._database.reading():
            return dict(tuples(query.where(*_unseen(Tenant.refusals_seen_by_provider)).group_by(Tenant.id)))

    def newest(self, tenant: int) -> float:
        """When the last call ended that a limit has stopped, whoever has looked; 0 if there was none."""
        stopped = CallRecord.select(fn.MAX(CallRecord.ended)).where(CallRecord.tenant == tenant, *_unseen(0.0))
        with self._database.reading():
            return float(stopped.scalar() or 0.0)

    def look_at(self, actor: Actor, tenant: int, until: float) -> None:
        """Somebody has seen those that had ended by ``until``. What has come since stays to be looked at."""
        until = min(until, time.time()) if math.isfinite(until) else 0.0
        column = Tenant.refusals_seen_by_provider if actor.for_provider else Tenant.refusals_seen
        with changing(self._database, actor, tenant) as change:
            Tenant.update({column: until}).where(Tenant.id == tenant, column < until).execute()
            change.note("refusals-seen", "", tenant)


def _unseen(seen: object) -> tuple[object, ...]:
    return CallRecord.outcome == Outcome.OVER_LIMIT.value, CallRecord.ended > seen


def _alert(row: Tenant, for_provider: bool) -> Alert | None:
    seen = row.refusals_seen_by_provider if for_provider else row.refusals_seen
    query = CallRecord.select().where(CallRecord.tenant == row.id, *_unseen(seen))
    calls = records(query.order_by(CallRecord.ended.desc()).limit(MOST_CALLS))
    if not calls:
        return None
    count = len(calls) if len(calls) < MOST_CALLS else query.count()
    return Alert(row.id, row.name, count, calls[0].ended or 0.0, _grouped(row.id, calls))


def _grouped(tenant: int, calls: Sequence[Record]) -> Sequence[Refused]:
    """By caller and limit; whoever was stopped last comes first."""
    reasons = _Reasons(snapshot.of_tenant(tenant), tenant, calls)
    accounts = dict(tuples(SipAccount.select(SipAccount.login, SipAccount.id).where(SipAccount.tenant == tenant)))
    groups: dict[tuple[str, str, Limit, str], list[tuple[Record, str]]] = {}
    for call in calls:
        number, limit, country = reasons.of(call)
        groups.setdefault((call.caller_login, call.caller_number, limit, country), []).append((call, number or call.dialled))
    return [_refused(accounts.get(login, 0), limit, country, some) for (login, _, limit, country), some in groups.items()]


def _refused(account: int, limit: Limit, country: str, calls: Sequence[tuple[Record, str]]) -> Refused:
    newest, oldest = calls[0][0], calls[-1][0]
    numbers = tuple(dict.fromkeys(called for _, called in calls))
    return Refused(
        newest.caller_name,
        newest.caller_number,
        not newest.caller_login,
        account,
        limit,
        country,
        len(calls),
        oldest.started,
        newest.started,
        numbers[:SHOWN_NUMBERS],
        len(numbers) > SHOWN_NUMBERS,
    )


class _Reasons:
    """Which limit has stopped each of these calls of a tenant."""

    def __init__(self, directory: Directory, tenant: int, calls: Sequence[Record]) -> None:
        self._directory = directory
        self._tenant = directory.tenants[tenant]
        self._used_up = _used_up(self._tenant, calls)

    def of(self, call: Record) -> tuple[str, Limit, str]:
        """The number outside, if it can be told, the limit, and the country that may not be called."""
        number, limits = self._called(call), self._tenant.limits
        if number and (region := numbering.region(number)) not in limits.countries:
            return number, Limit.COUNTRY, region
        if number and numbering.is_premium(number) and not limits.premium:
            return number, Limit.PREMIUM, ""
        day = _midnight(call.started, self._tenant.time_zone)
        if call.started >= self._used_up.get(day, math.inf):
            return number, Limit.MINUTES, ""
        return number, Limit.CHANGED if limits.calls_at_once is None else Limit.AT_ONCE, ""

    def _called(self, call: Record) -> str:
        """What was dialled, or where that leads by itself; empty where it went through a ring plan or a menu first."""
        place = places.of_dialled(call.dialled, self._tenant)
        way, _ = routing.resolve(routing.Way(place), self._tenant, self._directory, call.started)
        to = places.find(way.place, self._tenant)
        return to.number if isinstance(to, ToExternal) else ""


def _used_up(tenant: Company, calls: Sequence[Record]) -> dict[float, float]:
    """When the minutes of a day were used up, by its midnight, for the days of these calls on which they were."""
    minutes = tenant.limits.minutes_per_day
    days = {_midnight(call.started, tenant.time_zone) for call in calls}
    if minutes is None:
        return {}
    talks = list(tuples(_talks(tenant.id, min(days), max(call.started for call in calls))))
    found = {day: _reached(talks, day, minutes * 60) for day in days}
    return {day: at for day, at in found.items() if at is not None}


def _talks(tenant: int, since: float, until: float) -> ModelSelect[CallPart]:
    """When somebody outside was talked to, from and to; no end while it goes on."""
    outside = (CallPart.login == "") & (fn.LENGTH(CallPart.number) > MAX_DIGITS)  # as `Part.is_outside`
    of_the_days = (CallRecord.tenant == tenant) & (CallRecord.ended.is_null() | (CallRecord.ended > since))
    query = CallPart.select(CallPart.answered, CallPart.ended).join(CallRecord)
    return query.where(of_the_days, CallRecord.started <= until, outside, CallPart.answered.is_null(False))


def _reached(talks: Iterable[tuple[float, float | None]], midnight: float, seconds: float) -> float | None:
    """When so many seconds had been talked since this midnight; several who talk at once use them up the faster."""
    turns: Counter[float] = Counter()
    for answered, ended in talks:
        if ended is None or ended > midnight:
            turns[max(answered, midnight)] += 1
            turns[math.inf if ended is None else ended] -= 1
    at, talking, left = midnight, 0, seconds
    for turn in sorted(turns):
        if talking and left <= talking * (turn - at):
            return at + left / talking
        left -= talking * (turn - at) if talking else 0.0
        at, talking = turn, talking + turns[turn]
    return midnight if seconds == 0 else None


def _midnight(at: float, time_zone: str) -> float:
    day = datetime.fromtimestamp(at, ZoneInfo(time_zone))
    return day.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
