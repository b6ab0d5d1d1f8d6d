"""History: the call log, read for people."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from zoneinfo import ZoneInfo

from peewee import ColumnBase, fn

from app.core.numbering import MAX_DIGITS, shown
from app.core.outcome import Outcome
from app.core.record import Part, Record, Stop, Visit
from app.services.errors import NotFound
from app.services.spreadsheet import lines
from app.services.tenants import found as found_tenant
from app.store import Database, stops
from app.store.calllog import records
from app.store.database import tuples
from app.store.models import CallPart, CallRecord, SipAccount

PER_PAGE_LIMIT = 500
CSV_CHUNK = 500
COLUMNS = (
    *("started", "caller number", "caller name", "dialled", "answered by", "outcome", "ended by", "seconds", "call"),
    "stopped by limits",
    *("queues", "seconds waited", "left the queue", "taken by"),
)
_CODES: Mapping[str, str] = {}
"""No words: the codes themselves."""

MISSED = "missed"
"""In the place of an outcome: whatever somebody of the tenant's should have answered and nobody did."""

ONLY_TO_OUTSIDE = (Outcome.OVER_LIMIT, Outcome.NO_LINE)
NOT_MISSED = (Outcome.ANSWERED, Outcome.NO_SUCH_NUMBER, Outcome.NOT_ALLOWED)


@dataclass(frozen=True)
class Filter:
    """Which calls: ``search`` looks into numbers and names; times are seconds since the epoch, ``until`` excluded.

    ``outcome`` is an `Outcome`, or `MISSED`.
    """

    search: str = ""
    outcome: str | None = None
    since: float | None = None
    until: float | None = None


@dataclass(frozen=True)
class Page:
    """One page of calls, newest first. ``page`` begins at 1 and is never beyond the last."""

    rows: Sequence[Record]
    total: int
    page: int
    pages: int


class History:
    """The calls of one tenant at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(
        self,
        tenant: int,
        page: int = 1,
        per_page: int = 50,
        search: str = "",
        outcome: str | None = None,
        since: float | None = None,
        until: float | None = None,
    ) -> Page:
        """The calls that match, a page of them. Any number is a page: it is moved to the nearest there is."""
        wanted = _where(tenant, Filter(search, outcome, since, until))
        size = min(max(per_page, 1), PER_PAGE_LIMIT)
        found = CallRecord.select().where(*wanted)
        with self._database.reading():
            first = records(found.order_by(*_NEWEST).paginate(1, size)) if page <= 1 else None
            # Less than a page is all there is: a search need not read the whole history once more to count it.
            total = len(first) if first is not None and len(first) < size else found.count()
            pages = max(1, -(-total // size))
            page = min(max(page, 1), pages)
            rows = first if first is not None else records(found.order_by(*_NEWEST).paginate(page, size))
            return Page(rows, total, page, pages)

    def live(self, tenant: int) -> Sequence[Record]:
        """The calls going on, oldest first."""
        with self._database.reading():
            return living(tenant)

    def get(self, tenant: int, call: str) -> Record:
        """One call. Raises NotFound."""
        with self._database.reading():
            rows = records(CallRecord.select().where(CallRecord.tenant == tenant, CallRecord.call == _storable(call)))
        if not rows:
            raise NotFound
        return rows[0]

    def missed_today(self, tenant: int) -> Sequence[Record]:
        """The calls of this day, by the tenant's clock, that somebody should have answered and nobody did; newest first."""
        with self._database.reading():
            today = datetime.now(ZoneInfo(found_tenant(tenant).time_zone)).replace(hour=0, minute=0, second=0, microsecond=0)
            wanted = _where(tenant, Filter(outcome=MISSED, since=today.timestamp()))
            return records(CallRecord.select().where(*wanted).order_by(*_NEWEST))

    def csv(
        self,
        tenant: int,
        search: str = "",
        outcome: str | None = None,
        since: float | None = None,
        until: float | None = None,
        titles: Sequence[str] = COLUMNS,
        words: Mapping[str, str] = _CODES,
        separator: str = ",",
    ) -> Iterator[str]:
        """The calls that match as CSV, newest first, a few hundred lines at a time. Times are the tenant's.

        ``words`` are what the reader calls the codes: an `Outcome`, who ended a call, ``waiting``; and of two in one, such as
        ``overflowed max-wait`` and ``over-limit country``.

        Where limits have stopped calls to outside: which limit each, and the number.
        Of one that waited in queues: which, how many seconds all together, what became of each stay, who took the caller.
        No cell begins like a formula, so that a spreadsheet runs nothing a caller chose as their name.
        """
        wanted = _where(tenant, Filter(search, outcome, since, until))
        with self._database.reading():
            zone = ZoneInfo(found_tenant(tenant).time_zone)
            names = dict(tuples(SipAccount.select(SipAccount.login, SipAccount.name).where(SipAccount.tenant == tenant)))
        yield lines([titles], separator)
        before: tuple[float, str] | None = None
        while True:
            with self._database.reading():
                rest = wanted if before is None else [*wanted, _older(*before)]
                rows = records(CallRecord.select().where(*rest).order_by(*_NEWEST).limit(CSV_CHUNK))
            if not rows:
                return
            yield lines(([*_cells(row, zone, words), *_waited(row, names, words)] for row in rows), separator)
            before = (rows[-1].started, rows[-1].call)


_NEWEST = (CallRecord.started.desc(), CallRecord.call.desc())


def living(tenant: int) -> Sequence[Record]:
    """The calls going on, oldest first; within a connection."""
    # Sorted here: asked for an order, SQLite would rather read the tenant's whole history in it.
    rows = records(CallRecord.select().where(CallRecord.tenant == tenant, CallRecord.ended.is_null()))
    return sorted(rows, key=lambda record: (record.started, record.call))


def _older(started: float, call: str) -> ColumnBase:
    return (CallRecord.started < started) | ((CallRecord.started == started) & (CallRecord.call < call))


def _where(tenant: int, wanted: Filter) -> list[ColumnBase]:
    conditions: list[ColumnBase] = [CallRecord.tenant == tenant]
    if wanted.search.strip():
        conditions.append(_mentions(_storable(wanted.search.strip())))
    if wanted.outcome:
        conditions.append(_came_to(tenant, _storable(wanted.outcome)))
    if wanted.since is not None:
        conditions.append(CallRecord.started >= wanted.since)
    if wanted.until is not None:
        conditions.append(CallRecord.started < wanted.until)
    return conditions


def _came_to(tenant: int, outcome: str) -> ColumnBase:
    """A call from which a limit has stopped one to outside is found by that, whatever became of the call."""
    if outcome == MISSED:
        return _missed()
    whole = CallRecord.outcome == outcome
    return whole | CallRecord.call.in_(stops.calls(tenant)) if outcome == Outcome.OVER_LIMIT else whole


def _missed() -> ColumnBase:
    """Whom the tenant's own people call outside is nobody's of the tenant to answer."""
    unanswered = CallRecord.ended.is_null(False) & CallRecord.answered.is_null() & CallRecord.outcome.not_in(NOT_MISSED)
    to_outside = (fn.LENGTH(CallRecord.dialled) > MAX_DIGITS) | CallRecord.outcome.in_(ONLY_TO_OUTSIDE)
    missed: ColumnBase = unanswered & ~((CallRecord.caller_login != "") & to_outside)
    return missed


def _storable(text: str) -> str:
    """PostgreSQL takes no NUL, not even to look for it."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def _mentions(text: str) -> ColumnBase:
    caller = (CallRecord.caller_number, CallRecord.caller_name, CallRecord.dialled)
    called = CallPart.number.contains(text) | CallPart.name.contains(text)
    part = CallPart.select(CallPart.id).where((CallPart.record == CallRecord.call) & called)
    return reduce(or_, [*(column.contains(text) for column in caller), fn.EXISTS(part)])


def _cells(record: Record, zone: ZoneInfo, words: Mapping[str, str]) -> list[str]:
    talked = round((record.ended or time.time()) - record.answered) if record.answered else 0
    partner = next((part for part in reversed(record.parts) if part.answered), None)
    return [
        f"{datetime.fromtimestamp(record.started, zone):%Y-%m-%d %H:%M:%S}",  # of a time with its zone Excel makes a mere text
        words.get(record.caller_number, shown(record.caller_number)),
        record.caller_name,
        shown(record.dialled),
        _called(partner),
        words.get(record.outcome or "", record.outcome or ""),
        words.get(record.ended_by or "", record.ended_by or ""),
        str(talked),
        record.call,
        "; ".join(_stopped(part.stop, part.number, words) for part in record.parts if part.stop),
    ]


def _stopped(stop: Stop, number: str, words: Mapping[str, str]) -> str:
    return f"{words.get(f'{Outcome.OVER_LIMIT} {stop.limit}', stop.limit)} {shown(number)}"


def _waited(record: Record, names: Mapping[str, str], words: Mapping[str, str]) -> list[str]:
    """Of its stays in queues, in their order; empty where it had none. A stay that lasts is counted up to now."""
    parts = [record.parts[visit.place] for visit in record.visits]
    seconds = sum((part.ended or record.ended or time.time()) - part.started for part in parts)
    left = [" ".join(filter(None, (visit.outcome, visit.why))) or "waiting" for visit in record.visits]
    return [
        "; ".join(visit.name for visit in record.visits),
        str(round(seconds)) if parts else "",
        "; ".join(words.get(code, code) for code in left),
        "; ".join(filter(None, (_taken_by(record, visit, names) for visit in record.visits))),
    ]


def _taken_by(record: Record, visit: Visit, names: Mapping[str, str]) -> str:
    """Whoever talks next has taken the caller, unless that is the customer himself, whom an agent has called back."""
    talk = next(iter(record.parts[visit.place + 1 :]), None)
    if visit.outcome is Outcome.PICKED_UP or (visit.agent and talk and visit.agent in (talk.login, talk.number)):
        return _called(talk)
    return names.get(visit.agent) or shown(visit.agent)


def _called(part: Part | None) -> str:
    return f"{shown(part.number)} {part.name}".strip() if part else ""
