"""The call log's rows as records and back, and how a record is closed that nobody watched to its end.

Every function runs inside a block of `Database`.
"""

from __future__ import annotations  # peewee's classes are generic for the type checker only

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from peewee import ModelSelect, chunked, fn

from app.core.numbering import MAX_DIGITS
from app.core.outcome import EndedBy, Outcome
from app.core.record import Part, Record, Visit
from app.core.report import LegReport
from app.store import call_parts, leg_ends, unwatched, visits
from app.store.database import tuples
from app.store.models import CallPart, CallRecord, LegEnd

ROWS_AT_ONCE = 90  # with 11 columns under the 999 parameters an old SQLite allows

_COLUMNS = (
    CallRecord.tenant,
    CallRecord.caller_number,
    CallRecord.caller_name,
    CallRecord.caller_login,
    CallRecord.dialled,
    CallRecord.started,
    CallRecord.answered,
    CallRecord.ended,
    CallRecord.outcome,
    CallRecord.ended_by,
)


def records(query: ModelSelect[CallRecord]) -> list[Record]:
    """The calls a query finds, in its order, each with its parts and its visits of queues."""
    rows = list(query)
    visited = visits.of([row.call for row in rows])
    parts = call_parts.of([row.call for row in rows])
    return [_record(row, parts.get(row.call, ()), visited.get(row.call, ())) for row in rows]


def store(batch: Iterable[Record]) -> None:
    """Write the records over earlier ones of the same calls; no call twice in one batch."""
    for group in chunked(batch, ROWS_AT_ONCE):
        rows = [{"call": record.call, **{column.name: getattr(record, column.name) for column in _COLUMNS}} for record in group]
        CallRecord.insert_many(rows).on_conflict(conflict_target=[CallRecord.call], preserve=_COLUMNS).execute()
        call_parts.store(group)
        visits.store(group)


def unfinished() -> list[Record]:
    """Every record without an end."""
    return records(CallRecord.select().where(CallRecord.ended.is_null()))


def talked_outside(since: Mapping[int, float]) -> dict[int, float]:
    """How many seconds each of these tenants has talked to telephones outside since its moment, in calls that are over."""
    if not since:
        return {}
    over = CallRecord.ended > min(since.values())
    outside = (CallPart.login == "") & (fn.LENGTH(CallPart.number) > MAX_DIGITS)  # as `Part.is_outside`
    query = CallPart.select(CallRecord.tenant, CallPart.answered, CallPart.ended).join(CallRecord)
    query = query.where(over, outside, CallPart.answered.is_null(False), CallPart.ended.is_null(False))
    talked: dict[int, float] = {}
    for tenant, answered, ended in tuples(query):
        begun = max(answered, since.get(tenant, ended))
        if ended > begun:
            talked[tenant] = talked.get(tenant, 0.0) + ended - begun
    return talked


def settle(living: Collection[str], at: float) -> int:
    """Close every open record whose call is not among ``living``; how many there were."""
    leg_ends.forget(at)
    dead = [record for record in unfinished() if record.call not in living]
    ends = leg_ends.of([record.call for record in dead])
    store(_closed(record, ends.get(record.call, ()), at) for record in dead)
    return len(dead)


def report(told: LegReport, now: float) -> None:
    """Keep what the switch says of a caller's leg, for a day; a second report of the same leg changes nothing.

    A record that was closed for want of a better knowledge gets its true end now, and a call that nobody wrote down its record.
    """
    leg_ends.forget(now)
    end = leg_ends.keep(told, now)
    if end is None:
        return
    known = records(CallRecord.select().where(CallRecord.call == end.call))
    guessed = [record for record in known if record.ended is not None and record.ended_by is EndedBy.UNKNOWN]
    store(_closed(_reopened(record), [end], told.ended) for record in guessed)
    missing = None if known else unwatched.begun(told)
    if missing is not None:
        unwatched.add(_closed(missing, [end], told.ended))


def _closed(record: Record, ends: Sequence[LegEnd], at: float) -> Record:
    """The record with an end: the last that the switch reported of its legs, else ``at``. Whoever was answered stays answered.

    To wait in a queue the caller's leg was answered, by nobody; so there the report says nothing of an answer.
    """
    record, end = unwatched.left(record, ends), ends[-1] if ends else None
    ended = max(end.ended if end else at, *_moments(record))
    waiting = {visit.place for visit in record.visits if visit.outcome is None}
    waited = [part for part in (record.parts[visit.place] for visit in record.visits) if part.ended != part.started]
    answered = record.answered or (end.answered if end and not waited else None)
    unanswered = Outcome.ABANDONED if waiting else _unanswered(end)
    outcome = Outcome.ANSWERED if answered else record.outcome or unanswered
    ended_by = EndedBy(end.ended_by) if end else EndedBy.UNKNOWN
    parts = tuple(
        part if part.ended else _closed_part(part, ended, Outcome.ABANDONED if place in waiting else outcome)
        for place, part in enumerate(record.parts)
    )
    visited = tuple(visits.closed(visit, ended) for visit in record.visits)
    return replace(record, answered=answered, ended=ended, outcome=outcome, ended_by=ended_by, parts=parts, visits=visited)


def _moments(record: Record) -> Iterator[float]:
    """When anything is known to have happened in the call, which cannot have ended before."""
    yield record.started
    for part in record.parts:
        yield from (moment for moment in (part.started, part.answered, part.ended) if moment)


def _closed_part(part: Part, ended: float, outcome: Outcome) -> Part:
    return replace(part, ended=ended, outcome=Outcome.ANSWERED if part.answered else part.outcome or outcome)


def _unanswered(end: LegEnd | None) -> Outcome:
    """What an unanswered leg came to. An ordinary hang-up before the answer is the caller's change of mind."""
    if end is None:
        return Outcome.FAILED
    outcome = Outcome(end.outcome)
    return Outcome.CANCELLED if outcome is Outcome.ANSWERED else outcome


def _reopened(record: Record) -> Record:
    """The record as it was before it was closed by guess: what ended at its end did not end before."""
    parts = tuple(
        replace(part, ended=None, outcome=_decided(part.outcome)) if part.ended == record.ended else part
        for part in record.parts
    )
    open_ = {place for place, part in enumerate(parts) if part.ended is None}
    visited = tuple(visits.reopened(visit, record.ended) if visit.place in open_ else visit for visit in record.visits)
    return replace(record, ended=None, outcome=_decided(record.outcome), parts=parts, visits=visited)


def _decided(outcome: Outcome | None) -> Outcome | None:
    """What is only said where nobody knows."""
    return None if outcome in (Outcome.FAILED, Outcome.ABANDONED) else outcome


def _record(row: CallRecord, parts: Sequence[Part], visited: Sequence[Visit]) -> Record:
    return Record(
        row.call,
        row.tenant_id,
        row.caller_number,
        row.caller_name,
        row.caller_login,
        row.dialled,
        row.started,
        row.answered,
        row.ended,
        Outcome(row.outcome) if row.outcome else None,
        EndedBy(row.ended_by) if row.ended_by else None,
        tuple(parts),
        tuple(visited),
    )
