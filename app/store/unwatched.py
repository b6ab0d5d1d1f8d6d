"""A call that nobody wrote down while it lived, as the switch's report of its end tells it.

So it is with a caller who finds no controller, or one that is killed before its first word reaches the call log.
"""

from __future__ import annotations  # peewee's classes are generic for the type checker only

from dataclasses import asdict

from app.core import numbering
from app.core.destinations import Destination, ToAccount
from app.core.record import Part, Record
from app.core.report import LegReport
from app.store import call_parts, destinations
from app.store.models import CallPart, CallRecord, City, Extension, SipAccount


def begun(report: LegReport) -> Record | None:
    """The call as it would stand in the log, still open, had somebody seen it come; within a connection.

    None if it does not belong there: the leg joined another call, nobody's account made it, a city number was called that is
    nobody's, or what was dialled is a feature code, which is an order to us and no call to anybody.
    """
    if report.call not in (None, report.leg):
        return None
    return _came_in(report) if report.trunk else _dialled(report)


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
    rows = Extension.select().where(Extension.tenant == account.tenant_id)
    extensions = {row.number: row for row in sorted(rows, key=lambda row: (len(row.number), row.number))}
    led = destinations.read([account.tenant_id]).extensions
    dialled = numbering.understand(report.dialled, extensions)
    if dialled.kind is numbering.Kind.FEATURE:
        return None
    own = next((row for row in extensions.values() if led[row.id] == ToAccount(account.login)), None)
    number, name = (own.number, own.name) if own else (account.login, account.name)
    rung = extensions.get(dialled.number) if report.call is not None else None  # a leg that was led was led there
    parts = (_part(rung, led[rung.id], report),) if rung else ()
    return Record(report.leg, account.tenant_id, number, name, account.login, report.dialled, report.started, parts=parts)


def add(record: Record) -> None:
    """Write the record down unless the log has the call by now: a controller's own word, sooner or later, is the better."""
    columns = {name: value for name, value in asdict(record).items() if name not in ("parts", "visits")}
    if CallRecord.insert(**columns).on_conflict_ignore().as_rowcount().execute():
        for position, part in enumerate(record.parts):
            CallPart.insert(call_parts.row(record.call, position, part)).execute()


def _part(rung: Extension, to: Destination, report: LegReport) -> Part:
    """Whoever it was: a number that leads to several does not say which of them."""
    login = to.login if isinstance(to, ToAccount) else ""
    return Part(rung.number, rung.name, login, report.started, report.answered)
