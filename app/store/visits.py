"""Callers' stays in queues, as rows and back; every function runs inside a block of `Database`."""

from __future__ import annotations  # peewee's classes are generic for the type checker only

from collections.abc import Mapping, Sequence
from dataclasses import replace

from peewee import chunked

from app.core.outcome import Outcome
from app.core.record import Offer, Record, Visit
from app.store.database import tuples
from app.store.models import QueueOffer, QueueVisit

ROWS_AT_ONCE = 80  # with 12 columns under the 999 parameters an old SQLite allows


def of(calls: Sequence[str]) -> Mapping[str, tuple[Visit, ...]]:
    """The visits of these calls, in their order, with their offers."""
    found: dict[str, tuple[Visit, ...]] = {}
    for some in chunked(calls, ROWS_AT_ONCE):
        rows = list(QueueVisit.select().where(QueueVisit.record.in_(some)).order_by(QueueVisit.position))
        offers = _offers([row.id for row in rows])
        for row in rows:
            outcome, offered = Outcome(row.outcome) if row.outcome else None, tuple(offers.get(row.id, ()))
            visit = Visit(row.queue, row.name, row.position, outcome, row.agent, row.why, offered)
            found[row.record_id] = (*found.get(row.record_id, ()), visit)
    return found


def store(records: Sequence[Record]) -> None:
    """Write the visits of the records, a batch of `calllog.store`, over those written earlier."""
    calls = [record.call for record in records]
    QueueVisit.delete().where(QueueVisit.record.in_(calls)).execute()  # their offers go with them
    visited = [(record, visit) for record in records for visit in record.visits]
    for some in chunked([_row(record, visit) for record, visit in visited], ROWS_AT_ONCE):
        QueueVisit.insert_many(some).execute()
    if not any(visit.offers for _, visit in visited):
        return
    query = QueueVisit.select(QueueVisit.record, QueueVisit.position, QueueVisit.id).where(QueueVisit.record.in_(calls))
    ids = {(call, position): id_ for call, position, id_ in tuples(query)}
    rows = [row for record, visit in visited for row in _offer_rows(ids[record.call, visit.place], visit)]
    for some in chunked(rows, ROWS_AT_ONCE):
        QueueOffer.insert_many(some).execute()


def closed(visit: Visit, ended: float) -> Visit:
    """The visit in a call that ended then: whoever waited up to the end has left, and nobody has answered."""
    if visit.outcome is not None:
        return visit
    offers = (offer if offer.ended else replace(offer, ended=ended, outcome=Outcome.CANCELLED) for offer in visit.offers)
    return replace(visit, outcome=Outcome.ABANDONED, offers=tuple(offers))


def reopened(visit: Visit, ended: float | None) -> Visit:
    """The visit before `closed`."""
    if visit.outcome is not Outcome.ABANDONED:
        return visit
    offers = (
        replace(offer, ended=None, outcome=None) if (offer.ended, offer.outcome) == (ended, Outcome.CANCELLED) else offer
        for offer in visit.offers
    )
    return replace(visit, outcome=None, offers=tuple(offers))


def _offers(visits: Sequence[int]) -> dict[int, list[Offer]]:
    """By the row of the visit."""
    row = QueueOffer
    found: dict[int, list[Offer]] = {}
    for some in chunked(visits, ROWS_AT_ONCE):
        query = row.select(row.visit, row.agent, row.started, row.ended, row.outcome).where(row.visit.in_(some))
        for visit, agent, started, ended, outcome in tuples(query.order_by(row.position)):
            found.setdefault(visit, []).append(Offer(agent, started, ended, Outcome(outcome) if outcome else None))
    return found


def _row(record: Record, visit: Visit) -> dict[str, object]:
    part = record.parts[visit.place]
    return {
        "record": record.call,
        "position": visit.place,
        "tenant": record.tenant,
        "started": part.started,
        "ended": part.ended,
        "talked": _talked(record, visit),
        "queue": visit.queue,
        "name": visit.name,
        "outcome": visit.outcome,
        "agent": visit.agent,
        "why": visit.why,
        "stands_in": record.stands_in,
    }


def _talked(record: Record, visit: Visit) -> float | None:
    """How long the talk lasted that ended the visit, in seconds; None where there was none, or while it lasts."""
    after = record.parts[visit.place + 1 : visit.place + 2]
    if visit.outcome not in (Outcome.ANSWERED, Outcome.PICKED_UP) or not after:
        return None
    (talk,) = after
    return None if talk.answered is None or talk.ended is None else talk.ended - talk.answered


def _offer_rows(visit_id: int, visit: Visit) -> list[dict[str, object]]:
    return [
        {
            "visit": visit_id,
            "position": position,
            "agent": offer.agent,
            "started": offer.started,
            "ended": offer.ended,
            "outcome": offer.outcome,
        }
        for position, offer in enumerate(visit.offers)
    ]
