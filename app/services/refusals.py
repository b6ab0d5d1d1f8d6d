"""Calls to outside that a tenant's limits have stopped: the first sign of a stolen password, shown until somebody has looked.

Each attempt counts, also in the middle of a call: a transfer, a menu's key, where a ring plan or queue goes on, a call back.
"""

from __future__ import annotations  # peewee's classes are generic for the type checker only

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.core import numbering
from app.core.outcome import Limit
from app.services.actor import Actor
from app.services.changes import changing
from app.services.phones import own_numbers
from app.services.tenants import found
from app.store import Database, stops
from app.store.models import SipAccount, Tenant
from app.store.stops import Stopped

MOST_STOPS = 500
"""So many are looked at one by one; those before them are only counted."""

SHOWN_NUMBERS = 3


@dataclass(frozen=True)
class Refused:
    """What one limit has stopped of one person: who dialled, or sent the caller outside; else, who called.

    ``account`` is the phone's id, 0 for one that is gone, and for a caller outside. ``country`` (ISO 3166) is given for a call
    to one that may not be called, empty where it is unknown. ``numbers``: the newest of those called, not all if it
    ``has_more_numbers``. Times are seconds since the epoch.
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
    """All that nobody has looked at yet. ``until`` is when the last of these calls was stopped."""

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
            unseen = list(stops.counts(Tenant.refusals_seen_by_provider))
            rows = Tenant.select().where(Tenant.id.in_(unseen))
            alerts = [alert for row in rows if (alert := _alert(row, for_provider=True))]
        return sorted(alerts, key=lambda alert: -alert.until)

    def counts(self) -> dict[int, int]:
        """How many calls of each tenant the provider has not looked at yet; whoever has none is left out."""
        with self._database.reading():
            return dict(stops.counts(Tenant.refusals_seen_by_provider))

    def newest(self, tenant: int) -> float:
        """When a limit has stopped a call for the last time, whoever has looked; 0 if none ever has."""
        with self._database.reading():
            return stops.last(tenant)

    def look_at(self, actor: Actor, tenant: int, until: float) -> None:
        """Somebody has seen those that were stopped by ``until``. What has come since stays to be looked at."""
        until = min(until, time.time()) if math.isfinite(until) else 0.0
        column = Tenant.refusals_seen_by_provider if actor.for_provider else Tenant.refusals_seen
        with changing(self._database, actor, tenant) as change:
            Tenant.update({column: until}).where(Tenant.id == tenant, column < until).execute()
            change.note("refusals-seen", "", tenant)


def _alert(row: Tenant, for_provider: bool) -> Alert | None:
    seen = row.refusals_seen_by_provider if for_provider else row.refusals_seen
    newest = stops.newest(row.id, seen, MOST_STOPS)
    if not newest:
        return None
    count = len(newest) if len(newest) < MOST_STOPS else stops.count(row.id, seen)
    return Alert(row.id, row.name, count, newest[0].at, _grouped(row.id, newest))


@dataclass(frozen=True)
class _Who:
    """Whose attempt it was. ``account``: the phone's id; 0 for one that is gone, and for a caller outside (no ``login``)."""

    login: str
    number: str
    name: str
    account: int


def _grouped(tenant: int, newest: Sequence[Stopped]) -> Sequence[Refused]:
    """By who it was and limit; whoever was stopped last comes first."""
    people = _people(tenant)
    groups: dict[tuple[str, Limit, str], list[tuple[_Who, Stopped]]] = {}
    for one in newest:
        who = _who(one, people)
        country = numbering.region(one.number) if one.limit is Limit.COUNTRY else ""
        groups.setdefault((who.login or who.number, one.limit, country), []).append((who, one))
    return [_refused(country, some) for (_, _, country), some in groups.items()]


def _people(tenant: int) -> Mapping[str, _Who]:
    """The tenant's phones as they are now, by login."""
    numbers = own_numbers(tenant)
    rows = SipAccount.select().where(SipAccount.tenant == tenant)
    return {row.login: _Who(row.login, numbers.get(row.id, row.login), row.name, row.id) for row in rows}


def _who(one: Stopped, people: Mapping[str, _Who]) -> _Who:
    """Who sent the call outside; else who made it, as he was called then."""
    if one.sender not in ("", one.caller_login):
        return people.get(one.sender, _Who(one.sender, one.sender, "", 0))
    account = people[one.caller_login].account if one.caller_login in people else 0
    return _Who(one.caller_login, one.caller_number, one.caller_name, account)


def _refused(country: str, some: Sequence[tuple[_Who, Stopped]]) -> Refused:
    (who, newest), (_, oldest) = some[0], some[-1]
    numbers = tuple(dict.fromkeys(one.number for _, one in some))
    return Refused(
        who.name,
        who.number,
        not who.login,
        who.account,
        newest.limit,
        country,
        len(some),
        oldest.at,
        newest.at,
        numbers[:SHOWN_NUMBERS],
        len(numbers) > SHOWN_NUMBERS,
    )
