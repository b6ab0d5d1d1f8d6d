"""Callers whom a queue has lost, and when people have last talked with whom; within a connection."""

from __future__ import annotations  # peewee's classes are generic for the type checker only

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from peewee import fn

from app.core.numbering import MAX_DIGITS
from app.core.outcome import Outcome
from app.store.database import tuples
from app.store.models import CallBackDone, CallPart, CallRecord, QueueVisit

LOST = (Outcome.ABANDONED, Outcome.OVERFLOWED, Outcome.CALL_BACK)


class Stay(NamedTuple):
    """A stay in a queue that ended without an agent; the times are of the stay."""

    call: str
    number: str
    name: str
    login: str
    queue: int
    queue_name: str
    started: float
    ended: float
    outcome: str
    why: str


def stays(tenant: int, since: float) -> Iterable[Stay]:
    """Every such stay of the tenant's callers since then."""
    visit, record = QueueVisit, CallRecord
    caller = (record.call, record.caller_number, record.caller_name, record.caller_login)
    query = visit.select(*caller, visit.queue, visit.name, visit.started, visit.ended, visit.outcome, visit.why).join(record)
    query = query.where(visit.tenant == tenant, visit.started >= since, visit.outcome.in_(LOST), visit.ended.is_null(False))
    return map(Stay._make, tuples(query))


def talks(tenant: int, since: float) -> Mapping[str, float]:
    """When the newest talk began of those who called the tenant, or were called, since then: by their number.

    Menus and messages are no talk. The talk that follows a queue counts, and so does one after a transfer.
    """
    part, record = CallPart, CallRecord
    with_a_person = (part.login != "") | (fn.LENGTH(part.number) > MAX_DIGITS)
    talked = (record.tenant == tenant) & (record.started >= since) & part.answered.is_null(False) & with_a_person
    newest: dict[str, float] = {}
    for caller, called, at in tuples(part.select(record.caller_number, part.number, part.answered).join(record).where(talked)):
        newest[caller] = max(at, newest.get(caller, at))
        newest[called] = max(at, newest.get(called, at))
    return newest


def done(tenant: int) -> Mapping[str, tuple[float, str]]:
    """When somebody has said that a number needs no call back, and who, by the number."""
    row = CallBackDone
    return {
        number: (at, who) for number, at, who in tuples(row.select(row.number, row.at, row.who).where(row.tenant == tenant))
    }


def be_done(tenant: int, number: str, at: float, who: str) -> None:
    """Write down that the number needs no call back for what it has lost before ``at``."""
    row = CallBackDone.insert(tenant=tenant, number=number, at=at, who=who)
    target = [CallBackDone.tenant, CallBackDone.number]
    row.on_conflict(conflict_target=target, preserve=[CallBackDone.at, CallBackDone.who]).execute()


def forget(before: float) -> None:
    """Drop what was said before that moment."""
    CallBackDone.delete().where(CallBackDone.at < before).execute()
