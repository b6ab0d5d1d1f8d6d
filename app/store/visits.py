"""Callers' stays in queues, as rows and back; every function runs inside a block of `Database`."""

from __future__ import annotations  # peewee's classes are generic for the type checker only

from collections.abc import Mapping, Sequence
from dataclasses import replace

from peewee import chunked

from app.core.outcome import Outcome
from app.core.record import Offer, Record, Visit
from app.store.database import tuples
from app.store.models import QueueOffer, QueueVisit

STANDS_IN = "-back"
"""How the name ends of a call that keeps somebody's place (`app.core.calling_back`)."""

ROWS_AT_ONCE = 90  # with 10 columns under the 999 parameters an old SQLite allows


def of(calls: Sequence[str]) -> Mapping[str, tuple[Visit, ...]]:
    """The visits of these calls, in their order, with their offers."""
    found: dict[str, tuple[Visit, ...]] = {}
    for some in chunked(calls, ROWS_AT_ONCE):
        offers = _offers(some)
        row = QueueVisit
        query = row.select(row.record, row.queue, row.name, row.position, row.outcome, row.agent, row.why)
        for call, queue, name, place, outcome, agent, why in tuples(query.where(row.record.in_(some)).order_by(row.position)):
            offered = tuple(offers.get((call, place), ()))
            visit = Visit(queue, name, place, Outcome(outcome) if outcome else None, agent, why, offered)
            found[call] = (*found.get(call, ()), visit)
    return found


def store(records: Sequence[Record]) -> None:
    """Write the visits of the records over those written earlier."""
    calls = [record.call for record in records]
    for table in (QueueVisit, QueueOffer):
        table.delete().where(table.record.in_(calls)).execute()
    visited = [(record, visit) for record in records for visit in record.visits]
    for some in chunked([_row(record, visit) for record, visit in visited], ROWS_AT_ONCE):
        QueueVisit.insert_many(some).execute()
    for some in chunked([row for record, visit in visited for row in _offer_rows(record, visit)], ROWS_AT_ONCE):
        QueueOffer.insert_many(some).execute()


def closed(visit: Visit, ended: float) -> Visit:
    """The visit in a call that ended then: whoever waited up to the end has left, and nobody has answered."""
    if visit.outcome is not None:
        return visit
    offers = (offer if offer.ended else replace(offer, ended=ended, outcome=Outcome.CANCELLED) for offer in visit.offers)
    return replace(visit, outcome=Outcome.ABANDONED, offers=tuple(offers))


def _offers(calls: Sequence[str]) -> dict[tuple[str, int], list[Offer]]:
    """By call, and the visit's place in it."""
    row = QueueOffer
    query = row.select(row.record, row.visit, row.agent, row.started, row.ended, row.outcome).where(row.record.in_(calls))
    found: dict[tuple[str, int], list[Offer]] = {}
    for call, visit, agent, started, ended, outcome in tuples(query.order_by(row.position)):
        offer = Offer(agent, started, ended, Outcome(outcome) if outcome else None)
        found.setdefault((call, visit), []).append(offer)
    return found


def _row(record: Record, visit: Visit) -> dict[str, object]:
    return {
        "record": record.call,
        "position": visit.place,
        "tenant": record.tenant,
        "started": record.parts[visit.place].started,
        "queue": visit.queue,
        "name": visit.name,
        "outcome": visit.outcome,
        "agent": visit.agent,
        "why": visit.why,
        "stands_in": record.call.endswith(STANDS_IN),
    }


def _offer_rows(record: Record, visit: Visit) -> list[dict[str, object]]:
    return [
        {
            "record": record.call,
            "visit": visit.place,
            "position": position,
            "agent": offer.agent,
            "started": offer.started,
            "ended": offer.ended,
            "outcome": offer.outcome,
        }
        for position, offer in enumerate(visit.offers)
    ]
