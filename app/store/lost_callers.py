"""Callers whom a queue has lost and nobody has talked with since; within a connection."""

from __future__ import annotations  # peewee's classes are generic for the type checker only

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from peewee import ModelSelect, fn

from app.core.numbering import MAX_DIGITS
from app.core.outcome import Outcome
from app.store.database import tuples
from app.store.models import CallBackDone, CallPart, CallRecord, QueueVisit

LONGEST_CALL = 86_400.0
"""No talk is looked for in calls that began so many seconds before the stay."""

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
    """Every such stay of the tenant's callers since then, unless anybody has talked with the caller afterwards, whoever called
    whom; with a colleague it must have been a colleague, for he talks with customers all day. Menus and messages are no talk;
    the talk after a transfer, or where the queue led to, is one."""
    visit, record = QueueVisit, CallRecord
    caller = (record.call, record.caller_number, record.caller_name, record.caller_login)
    query = visit.select(*caller, visit.queue, visit.name, visit.started, visit.ended, visit.outcome, visit.why).join(record)
    lost = visit.outcome.in_(LOST) & visit.ended.is_null(False)
    talked = fn.EXISTS(_called(tenant)) | fn.EXISTS(_was_called(tenant))
    return map(Stay._make, tuples(query.where(visit.tenant == tenant, visit.started >= since, lost, ~talked)))


def _called(tenant: int) -> ModelSelect[Any]:
    """Talks of the caller after the stay, in the same call or another that he made."""
    part, record = CallPart.alias(), CallRecord.alias()
    his = (record.tenant == tenant) & (record.caller_number == CallRecord.caller_number)
    young = record.started >= QueueVisit.started - LONGEST_CALL
    with_a_person = (part.login != "") | ((CallRecord.caller_login == "") & (fn.LENGTH(part.number) > MAX_DIGITS))
    query = part.select(part.id).join(record, on=(part.record == record.call))
    return query.where(his, young, part.answered >= QueueVisit.ended, with_a_person)


def _was_called(tenant: int) -> ModelSelect[Any]:
    """Talks with him after the stay, in calls that others made."""
    part, record = CallPart.alias(), CallRecord.alias()
    query = part.select(part.id).join(record, on=(part.record == record.call))
    with_him = (part.number == CallRecord.caller_number) & (part.answered >= QueueVisit.ended)
    ours = (CallRecord.caller_login == "") | (record.caller_login != "")
    return query.where(with_him, ours, record.tenant == tenant)


def ended(tenant: int, since: float) -> tuple[int, float | None]:
    """How many of the tenant's calls have ended since then, and when the last did."""
    row = CallRecord
    (found,) = tuples(row.select(fn.COUNT(row.call), fn.MAX(row.ended)).where(row.tenant == tenant, row.ended >= since))
    return found


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
