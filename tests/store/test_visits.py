"""Callers' stays in queues, in the call log."""

from dataclasses import replace

import pytest

from app.core.outcome import EndedBy, Outcome
from app.core.record import Offer, Part, Record, Visit
from app.store import Database, calllog, models


@pytest.fixture
def waits(acme: int) -> Record:
    """A customer who has come through a menu and waits in his second queue, where Anna's phone rings."""
    parts = (
        Part("", "Powitanie", "", 1000.0, 1000.0, 1010.0, Outcome.ANSWERED),
        Part("201", "Sprzedaż", "", 1010.0, None, 1010.0, Outcome.OVERFLOWED),
        Part("202", "Serwis", "", 1010.0),
    )
    visits = (
        Visit(7, "Sprzedaż", 1, Outcome.OVERFLOWED, why="no-agents"),
        Visit(8, "Serwis", 2, offers=(Offer("100102", 1011.0, 1031.0, Outcome.NO_ANSWER), Offer("100101", 1036.0))),
    )
    return Record("call-1", acme, "+48600100200", "", "", "+48221234567", 1000.0, parts=parts, visits=visits)


def stored(database: Database) -> list[Record]:
    with database.reading():
        return calllog.records(models.CallRecord.select().order_by(models.CallRecord.call))


def test_visits_come_back_as_they_were_written(database: Database, waits: Record, answered: Record) -> None:
    other = replace(answered, call="call-2")
    with database.writing():
        calllog.store([waits, other])
        calllog.store([waits])
    assert stored(database) == [waits, other]
    with database.reading():
        assert calllog.unfinished() == [waits]
        rows = models.QueueVisit.select().order_by(models.QueueVisit.position)
        assert [(row.tenant_id, row.started) for row in rows] == [(waits.tenant, 1010.0)] * 2


def test_later_word_of_a_call_replaces_what_it_said_of_its_queue(database: Database, waits: Record) -> None:
    first, second = waits.visits
    offers = (second.offers[0], replace(second.offers[1], ended=1040.0, outcome=Outcome.ANSWERED))
    later = replace(waits, visits=(first, replace(second, outcome=Outcome.ANSWERED, agent="100101", offers=offers)))
    with database.writing():
        calllog.store([waits])
        calllog.store([later])
    assert stored(database) == [later]


def test_visits_go_with_the_call_and_stay_without_the_queue(
    database: Database, acme: int, waits: Record, service: models.Queue
) -> None:
    with database.writing():
        calllog.store([replace(waits, visits=tuple(replace(visit, queue=service.id) for visit in waits.visits))])
        models.Queue.delete().execute()
        assert models.QueueVisit.select().count() == 2
        models.CallRecord.delete().execute()
        assert models.QueueVisit.select().count() == models.QueueOffer.select().count() == 0


@pytest.mark.parametrize("before", [None, 1010.0])
def test_who_waited_when_nobody_watched_has_given_up(database: Database, waits: Record, before: float | None) -> None:
    waits = replace(waits, answered=before)
    with database.writing():
        calllog.store([waits])
        models.LegEnd.create(
            **{"leg": "call-1", "call": "call-1", "ended": 1100.0, "answered": 1000.0, "cause": "NORMAL_CLEARING"},
            **{"outcome": "answered", "ended_by": "caller", "received": 1100.0},
        )
        calllog.settle((), 2000.0)
    (record,) = stored(database)
    assert (record.outcome, record.ended_by) == (Outcome.ANSWERED if before else Outcome.ABANDONED, EndedBy.CALLER)
    assert record.parts == (*waits.parts[:2], replace(waits.parts[2], ended=1100.0, outcome=Outcome.ABANDONED))
    first, second = record.visits
    assert first == waits.visits[0]
    assert second.outcome is Outcome.ABANDONED
    assert second.offers == (waits.visits[1].offers[0], Offer("100101", 1036.0, 1100.0, Outcome.CANCELLED))


def test_call_that_goes_on_after_its_queue_is_not_answered_by_the_queue(database: Database, waits: Record) -> None:
    first, second = waits.visits
    over = replace(waits.parts[2], ended=1050.0, outcome=Outcome.OVERFLOWED)
    rings = Part("21", "Anna", "100101", 1050.0)
    visits = (first, replace(second, outcome=Outcome.OVERFLOWED, why="max-wait", offers=second.offers[:1]))
    with database.writing():
        calllog.store([replace(waits, parts=(*waits.parts[:2], over, rings), visits=visits)])
        calllog.settle((), 2000.0)
    (record,) = stored(database)
    assert record.visits == visits
    assert (record.outcome, record.parts[3].outcome, record.ended) == (Outcome.FAILED, Outcome.FAILED, 2000.0)


def test_call_that_keeps_somebodys_place_is_told_apart(database: Database, waits: Record) -> None:
    with database.writing():
        calllog.store([replace(waits, call="call-1-back"), waits])
        rows = models.QueueVisit.select().order_by(models.QueueVisit.id)
        assert [(row.record_id, row.stands_in) for row in rows] == [
            *[("call-1-back", True)] * 2,
            *[("call-1", False)] * 2,
        ]
