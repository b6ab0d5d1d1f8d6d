"""What nobody wrote down while it happened, as the switch's report of the end tells it: a call, or how a wait in a queue ended.

So it is with a caller who finds no controller, or one that is killed before its word reaches the call log.
"""

from __future__ import annotations  # peewee's classes are generic for the type checker only

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace

from app.core import numbering
from app.core.destinations import Destination, ToAccount, ToQueue
from app.core.record import Part, Record
from app.core.report import LegReport
from app.store import call_parts, destinations, leg_ends, visits
from app.store.models import CallPart, CallRecord, City, Extension, LegEnd, Queue, SipAccount


def begun(told: LegReport) -> Record | None:
    """The call as it would stand in the log, still open, had somebody seen it come; within a connection.

    None if it does not belong there: the leg joined another call, nobody's account made it, a city number was called that is
    nobody's, or what was dialled is a feature code, which is an order to us and no call to anybody.
    """
    if told.call not in (None, told.leg):
        return None
    record = _came_in(told) if told.trunk else _dialled(told)
    return _in_line(record, told) if record and told.wait else record


def _in_line(record: Record, told: LegReport) -> Record:
    """Where it has waited is known, but not since when: at the latest since the queue answered it."""
    queue = Queue.get_or_none((Queue.id == told.wait.queue) & (Queue.tenant == record.tenant)) if told.wait else None
    if queue is None:
        return record
    led = destinations.read([record.tenant]).extensions
    number = next((row.number for row in _extensions(record.tenant).values() if led[row.id] == ToQueue(queue.name)), "")
    part = Part(number, queue.name, "", told.answered or told.started)
    return replace(record, parts=()).wait(part, queue.id, queue.name)


def _came_in(report: LegReport) -> Record | None:
    """From outside, for whoever has the city number. Where it was led on from there, nobody knows any more."""
    city = City.get_or_none(City.number == numbering.as_city(report.dialled))
    if city is None:
        return None
    caller = numbering.as_caller(report.number)
    parts = (Part("", city.name, "", report.started, report.answered),) if report.call is not None else ()
    return Record(report.leg, city.tenant_id, caller, report.name, "", city.number, report.started, parts=parts)


def _dialled(report: LegReport) -> Record | None:
    """From a phone, by the account that has proved itself."""
    account = SipAccount.get_or_none(SipAccount.login == report.login) if report.login else None
    if account is None:
        return None
    extensions, led = _extensions(account.tenant_id), destinations.read([account.tenant_id]).extensions
    dialled = numbering.understand(report.dialled, extensions)
    if dialled.kind is numbering.Kind.FEATURE:
        return None
    number, name = _own(account, extensions, led)
    rung = extensions.get(dialled.number) if report.call is not None else None  # a leg that was led was led there
    parts = (_part(rung, led[rung.id], report),) if rung else ()
    return Record(report.leg, account.tenant_id, number, name, account.login, report.dialled, report.started, parts=parts)


def left(record: Record, ends: Sequence[LegEnd]) -> Record:
    """The record after a stay in a queue that was not heard to end, as the last of its legs' ends knows that does; as it is,
    if none does. Within a connection."""
    for end in reversed(ends):
        wait = leg_ends.last_wait(end)
        if wait is not None and wait.ends(record):
            return wait.close(record, _partner(record.tenant, wait.agent))
    return record


def _partner(tenant: int, agent: str) -> Part:
    """Whom an agent's key means: an account of the tenant, else a telephone outside."""
    account = SipAccount.get_or_none((SipAccount.tenant == tenant) & (SipAccount.login == agent)) if agent else None
    if account is None:
        return Part(agent, "", "", 0.0)
    number, name = _own(account, _extensions(tenant), destinations.read([tenant]).extensions)
    return Part(number, name, agent, 0.0)


def add(record: Record) -> None:
    """Write the record down unless the log has the call by now: a controller's own word, sooner or later, is the better."""
    columns = {name: value for name, value in asdict(record).items() if name not in ("parts", "visits")}
    if CallRecord.insert(**columns).on_conflict_ignore().as_rowcount().execute():
        for position, part in enumerate(record.parts):
            CallPart.insert(call_parts.row(record.call, position, part)).execute()
        visits.store([record])


def _part(rung: Extension, to: Destination, report: LegReport) -> Part:
    """Whoever it was: a number that leads to several does not say which of them."""
    login = to.login if isinstance(to, ToAccount) else ""
    return Part(rung.number, rung.name, login, report.started, report.answered)


def _extensions(tenant: int) -> Mapping[str, Extension]:
    """By number, the lowest first."""
    rows = Extension.select().where(Extension.tenant == tenant)
    return {row.number: row for row in sorted(rows, key=lambda row: (len(row.number), row.number))}


def _own(account: SipAccount, extensions: Mapping[str, Extension], led: Mapping[int, Destination]) -> tuple[str, str]:
    """(number, name) that others see when the account calls (`app.core.routing.caller`)."""
    own = next((row for row in extensions.values() if led[row.id] == ToAccount(account.login)), None)
    return (own.number, own.name) if own else (account.login, account.name)
