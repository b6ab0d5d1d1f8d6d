"""The parts of calls, as rows and back; every function runs inside a block of `Database`."""

from __future__ import annotations  # peewee's classes are generic for the type checker only

from collections.abc import Mapping, Sequence

from peewee import chunked

from app.core.outcome import Limit, Outcome
from app.core.record import Part, Record, Stop
from app.store.database import tuples
from app.store.models import CallPart, LimitStop

ROWS_AT_ONCE = 90  # with 10 columns under the 999 parameters an old SQLite allows

_COLUMNS = (
    CallPart.number,
    CallPart.name,
    CallPart.login,
    CallPart.started,
    CallPart.answered,
    CallPart.ended,
    CallPart.outcome,
)


def of(calls: Sequence[str]) -> Mapping[str, tuple[Part, ...]]:
    """The parts of these calls, in their order."""
    found: dict[str, list[Part]] = {}
    query = CallPart.select(CallPart.record, *_COLUMNS, LimitStop.exceeded, LimitStop.sender).left_outer_join(LimitStop)
    for some in chunked(calls, ROWS_AT_ONCE):
        for call, *columns in tuples(query.where(CallPart.record.in_(some)).order_by(CallPart.position)):
            found.setdefault(call, []).append(_part(*columns))
    return {call: tuple(parts) for call, parts in found.items()}


def store(records: Sequence[Record]) -> None:
    """Write the parts of the records, a batch of `calllog.store`, over those written earlier."""
    CallPart.delete().where(CallPart.record.in_([record.call for record in records])).execute()  # their stops go with them
    rows = [row(record.call, position, part) for record in records for position, part in enumerate(record.parts)]
    for some in chunked(rows, ROWS_AT_ONCE):
        CallPart.insert_many(some).execute()
    stopped = [record for record in records if any(part.stop for part in record.parts)]
    if stopped:
        _store_stops(stopped)


def row(call: str, position: int, part: Part) -> dict[str, object]:
    """A part's columns."""
    return {"record": call, "position": position, **{column.name: getattr(part, column.name) for column in _COLUMNS}}


def _store_stops(records: Sequence[Record]) -> None:
    query = CallPart.select(CallPart.record, CallPart.position, CallPart.id)
    ids = {
        (call, position): id_
        for call, position, id_ in tuples(query.where(CallPart.record.in_([record.call for record in records])))
    }
    rows = [
        {
            "part": ids[record.call, position],
            "tenant": record.tenant,
            "at": part.started,
            "exceeded": part.stop.limit,
            "sender": part.stop.sender,
        }
        for record in records
        for position, part in enumerate(record.parts)
        if part.stop
    ]
    for some in chunked(rows, ROWS_AT_ONCE):
        LimitStop.insert_many(some).execute()


def _part(
    number: str,
    name: str,
    login: str,
    started: float,
    answered: float | None,
    ended: float | None,
    outcome: str | None,
    exceeded: str | None,
    sender: str | None,
) -> Part:
    stop = Stop(Limit(exceeded), sender or "") if exceeded else None
    return Part(number, name, login, started, answered, ended, Outcome(outcome) if outcome else None, stop)
