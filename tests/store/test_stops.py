"""What a tenant's limits have stopped, in the call log."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.core.outcome import EndedBy, Limit, Outcome
from app.core.record import Part, Record, Stop
from app.store import Database, calllog, stops
from app.store.models import CallRecord, LimitStop, Tenant

ABROAD = "+49301234567"


@pytest.fixture
def transferred(acme: int) -> Record:
    """Bartek wanted to send his caller abroad, and talks to him again."""
    talk = Part("22", "Bartek", "100102", 1000.0, 1005.0, 1020.0, Outcome.TRANSFERRED)
    stop = Part(ABROAD, "", "", 1020.0, None, 1020.0, Outcome.OVER_LIMIT, Stop(Limit.COUNTRY, "100102"))
    again = replace(talk, started=1020.0, answered=1020.0, ended=None, outcome=None)
    return Record("call-1", acme, "+48600100200", "", "", "+48221234567", 1000.0, 1005.0, parts=(talk, stop, again))


def stored(database: Database) -> list[Record]:
    with database.reading():
        return calllog.records(CallRecord.select().order_by(CallRecord.call))


def test_stop_comes_back_as_it_was_written(database: Database, transferred: Record, answered: Record) -> None:
    other = replace(answered, call="call-2")
    dialled = replace(transferred, call="call-3", answered=None, parts=(transferred.parts[1],) * 2)
    with database.writing():
        calllog.store([transferred, other, dialled])
    assert stored(database) == [transferred, other, dialled]


def test_later_word_of_a_call_repeats_no_stop(database: Database, transferred: Record) -> None:
    ended = transferred.end(Outcome.ANSWERED, EndedBy.CALLER, 1100.0)
    with database.writing():
        calllog.store([transferred])
        calllog.store([ended])
    assert stored(database) == [ended]
    with database.reading():
        assert LimitStop.select().count() == 1


def test_stops_of_many_calls_are_written_at_once(database: Database, transferred: Record) -> None:
    calls = [replace(transferred, call=f"call-{number:03}", parts=transferred.parts * 2) for number in range(150)]
    with database.writing():
        calllog.store(calls)
    assert stored(database) == calls
    with database.reading():
        assert stops.count(transferred.tenant, 0.0) == 300


def test_newest_are_told_with_whose_doing_they_were(
    database: Database, add_tenant: Callable[[str], int], transferred: Record
) -> None:
    mine = replace(transferred.parts[1], number="+48701234567", started=1030.0, stop=Stop(Limit.PREMIUM, ""))
    rivals = replace(transferred, call="call-2", tenant=add_tenant("Rivals"))
    with database.writing():
        calllog.store([replace(transferred, parts=(*transferred.parts[:2], mine)), rivals])
    with database.reading():
        of_caller = ("", "+48600100200", "")
        first = (1020.0, ABROAD, Limit.COUNTRY, "100102", *of_caller)
        last = (1030.0, "+48701234567", Limit.PREMIUM, "", *of_caller)
        assert stops.newest(transferred.tenant, 0.0, 9) == [last, first]
        assert stops.newest(transferred.tenant, 0.0, 1) == [last]
        assert stops.newest(transferred.tenant, 1020.0, 9) == [last]
        assert (stops.count(transferred.tenant, 0.0), stops.last(transferred.tenant)) == (2, 1030.0)
        assert stops.counts(Tenant.refusals_seen) == {transferred.tenant: 2, rivals.tenant: 1}


def test_tenant_without_any_has_none(database: Database, acme: int) -> None:
    with database.reading():
        assert (stops.newest(acme, 0.0, 9), stops.count(acme, 0.0), stops.last(acme)) == ([], 0, 0.0)
        assert stops.counts(Tenant.refusals_seen) == {}


def test_tenants_stops_go_with_it(database: Database, transferred: Record) -> None:
    with database.writing():
        calllog.store([transferred])
        Tenant.delete().execute()
    with database.reading():
        assert LimitStop.select().count() == 0
