"""Calls to outside that a tenant's limits have stopped, each attempt; within a connection."""

from __future__ import annotations  # peewee's classes are generic for the type checker only

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from peewee import ColumnBase, ModelSelect, fn

from app.core.outcome import Limit
from app.store.database import tuples
from app.store.models import CallPart, CallRecord, LimitStop, Tenant


class Stopped(NamedTuple):
    """One attempt: when, to which number, by which limit, the login of who wanted it, if any, and the call's caller."""

    at: float
    number: str
    limit: Limit
    sender: str
    caller_login: str
    caller_number: str
    caller_name: str


def newest(tenant: int, since: float, most: int) -> Sequence[Stopped]:
    """The tenant's after that moment, at most so many, the newest first."""
    row, part, call = LimitStop, CallPart, CallRecord
    query = row.select(row.at, part.number, row.exceeded, row.sender, call.caller_login, call.caller_number, call.caller_name)
    query = query.join(part).join(call).where(row.tenant == tenant, row.at > since).order_by(row.at.desc()).limit(most)
    return [Stopped(at, number, Limit(exceeded), *who) for at, number, exceeded, *who in tuples(query)]


def count(tenant: int, since: float) -> int:
    """How many those are."""
    return int(LimitStop.select().where(LimitStop.tenant == tenant, LimitStop.at > since).count())


def counts(since: ColumnBase) -> Mapping[int, int]:
    """The same of each tenant, after the moment in this column of it; whoever has none is left out."""
    query = Tenant.select(Tenant.id, fn.COUNT(LimitStop.part)).join(LimitStop).where(LimitStop.at > since)
    return dict(tuples(query.group_by(Tenant.id)))


def last(tenant: int) -> float:
    """When the tenant's newest was; 0 if there is none."""
    return float(LimitStop.select(fn.MAX(LimitStop.at)).where(LimitStop.tenant == tenant).scalar() or 0.0)


def calls(tenant: int) -> ModelSelect[Any]:
    """The names of the tenant's calls in which there are any, to look in."""
    return CallPart.select(CallPart.record).join(LimitStop).where(LimitStop.tenant == tenant)
