"""The call log's writer: nothing final is lost, whatever the database does."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.outcome import Outcome
from app.core.record import Part, Record
from app.store import Database, calllog, journal
from app.store.journal import Journal
from app.store.models import CallPart, CallRecord, Tenant
from tests.store.fickle import FickleDatabase


@pytest.fixture
def fickle(database: Database) -> FickleDatabase:
    return FickleDatabase(database)


@pytest.fixture
def writer(fickle: FickleDatabase) -> Iterator[Journal]:
    writer = Journal(fickle, capacity=100, retry=0.01)
    writer.start()
    yield writer
    fickle.away = False
    writer.flush(5)


def stored(database: Database) -> list[Record]:
    with database.reading():
        return calllog.records(CallRecord.select().order_by(CallRecord.call))


def test_call_is_seen_while_it_lives_and_completed_when_it_ends(
    database: Database, writer: Journal, anna_calls_bartek: Record, answered: Record, eventually: Callable
) -> None:
    writer.write(anna_calls_bartek)
    eventually(lambda: stored(database) == [anna_calls_bartek])
    writer.write(answered)
    eventually(lambda: stored(database) == [answered])


def test_writing_returns_before_anything_is_written(database: Database, writer: Journal, answered: Record) -> None:
    writer.write(answered)
    assert stored(database) == []
    assert writer.flush(5)
    assert stored(database) == [answered]


def test_only_the_newest_record_of_a_call_is_written(
    database: Database, anna_calls_bartek: Record, answered: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Record] = []
    store = calllog.store
    monkeypatch.setattr(calllog, "store", lambda batch: written.extend(batch) or store(batch))
    writer = Journal(database)
    writer.write(anna_calls_bartek)
    writer.write(answered)
    assert writer.flush(5)
    assert written == [answered]


def test_parts_that_a_later_record_lacks_are_gone(
    database: Database, writer: Journal, answered: Record, eventually: Callable
) -> None:
    more = replace(answered, parts=(*answered.parts, Part("23", "Celina", "100103", 1010.0)))
    writer.write(more)
    eventually(lambda: stored(database) == [more])
    writer.write(answered)
    assert writer.flush(5)
    with database.reading():
        assert CallPart.select().count() == 1


def test_records_wait_while_the_database_is_away(
    database: Database,
    fickle: FickleDatabase,
    writer: Journal,
    answered: Record,
    eventually: Callable,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)
    fickle.away = True
    writer.write(answered)
    eventually(lambda: fickle.refused > 2)
    fickle.away = False
    eventually(lambda: stored(database) == [answered])
    assert [entry.levelname for entry in caplog.records] == ["ERROR", "WARNING"], "said once when it went, once when it came"


def test_shutdown_says_what_could_not_be_written(
    fickle: FickleDatabase, answered: Record, caplog: pytest.LogCaptureFixture
) -> None:
    fickle.away = True
    writer = Journal(fickle, retry=0.01)
    writer.write(answered)
    assert not writer.flush(0.1)
    assert "1 records could not be written" in caplog.text


def test_ended_calls_are_kept_when_living_ones_must_be_forgotten(
    database: Database, fickle: FickleDatabase, anna_calls_bartek: Record, answered: Record
) -> None:
    writer = Journal(fickle, capacity=10)
    for number in range(50):
        writer.write(replace(answered, call=f"ended-{number:02}"))
        writer.write(replace(anna_calls_bartek, call=f"lives-{number:02}"))
    assert writer.flush(5)
    calls = [record.call for record in stored(database)]
    assert [call for call in calls if call.startswith("ended")] == [f"ended-{number:02}" for number in range(50)]
    assert [call for call in calls if call.startswith("lives")] == [f"lives-{number:02}" for number in range(40, 50)]


def test_call_of_a_deleted_tenant_does_not_hold_up_the_others(
    database: Database, answered: Record, caplog: pytest.LogCaptureFixture
) -> None:
    writer = Journal(database)
    writer.write(replace(answered, call="orphan", tenant=answered.tenant + 99))
    writer.write(answered)
    assert writer.flush(5)
    assert stored(database) == [answered]
    assert "orphan" in caplog.text


def test_deleted_tenant_takes_its_calls_along(database: Database, answered: Record) -> None:
    writer = Journal(database)
    writer.write(answered)
    assert writer.flush(5)
    with database.writing():
        Tenant.delete().execute()
        assert CallRecord.select().count() == CallPart.select().count() == 0


def test_unfinished_calls_are_those_without_an_end(database: Database, anna_calls_bartek: Record, answered: Record) -> None:
    before = Journal(database)
    lives = replace(anna_calls_bartek, call="call-2")
    before.write(answered)
    before.write(lives)
    assert before.flush(5)
    after = Journal(database)
    assert after.unfinished() == {"call-2": lives}
    after.write(replace(lives, ended=1100.0, outcome=Outcome.CANCELLED))
    assert after.unfinished() == {}, "what is held counts before what is stored"


def test_unfinished_calls_cannot_be_asked_of_a_database_that_is_away(
    fickle: FickleDatabase, anna_calls_bartek: Record, caplog: pytest.LogCaptureFixture
) -> None:
    writer = Journal(fickle)
    writer.write(anna_calls_bartek)
    fickle.away = True
    assert writer.unfinished() == {"call-1": anna_calls_bartek}
    assert "cannot read" in caplog.text


def test_bug_while_writing_is_logged_and_loses_nothing(
    database: Database,
    answered: Record,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    eventually: Callable,
) -> None:
    def broken(*_: object) -> int:
        raise LookupError("our mistake")

    with monkeypatch.context() as patch:
        patch.setattr(calllog, "settle", broken)
        writer = Journal(database, retry=0.01)
        writer.start()
        writer.settle(set(), 2000.0)
        writer.write(answered)
        eventually(lambda: "our mistake" in caplog.text)
    assert writer.flush(5)
    assert stored(database) == [answered]


# A law: whatever is written in whatever order while the database comes and goes, the newest record of each call arrives.


class Memory:
    """A database in which a batch is kept or refused as the story says; it cannot do more than the journal asks of it."""

    def __init__(self, moods: list[bool]) -> None:
        self.moods = moods
        self.rows: dict[str, Record] = {}

    def writing(self) -> "Memory":
        return self

    def __enter__(self) -> None:
        if self.moods and not self.moods.pop():
            raise journal.AWAY[0]("away")

    def __exit__(self, *_: object) -> None:
        return None


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.floats(1, 9)), max_size=12),
    st.lists(st.booleans(), max_size=6),
    st.integers(1, 4),
)
@settings(max_examples=60, deadline=None)
def test_newest_record_of_each_call_always_arrives(said: list[tuple[str, float]], moods: list[bool], batch: int) -> None:
    memory = Memory(moods)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(calllog, "store", lambda records: memory.rows.update({record.call: record for record in records}))
        patch.setattr(journal, "BATCH", batch)
        writer = Journal(memory, retry=0.0001)  # type: ignore[arg-type]
        records = [Record(call, 1, "21", "", "", "22", at, ended=at) for call, at in said]
        for record in records:
            writer.write(record)
        assert writer.flush(5)
    assert memory.rows == {record.call: record for record in records}


def test_talk_to_outside_is_counted_from_a_moment_on(database: Database, acme: int, add_tenant: Callable) -> None:
    zenit, idle = add_tenant("Zenit"), add_tenant("Idle")

    def call(tenant: int, started: float, *parts: Part, ended: float | None) -> Record:
        return Record(f"{tenant}-{started}", tenant, "21", "", "anna", "x", started, started, ended, parts=parts)

    def outside(answered: float | None, ended: float | None, number: str = "+48600100200", login: str = "") -> Part:
        return Part(number, "", login, 0.0, answered, ended)

    records = [
        call(acme, 900.0, outside(940.0, 1060.0), ended=1060.0),  # half of it before midnight
        call(acme, 2000.0, outside(2000.0, 2010.0), outside(2010.0, 2015.0, "19115"), ended=2015.0),
        call(acme, 2100.0, outside(None, 2110.0), ended=2110.0),  # nobody answered
        call(acme, 2200.0, outside(2200.0, 2210.0, "22", "bartek"), ended=2210.0),  # a colleague
        call(acme, 2300.0, outside(2300.0, 2310.0, "50"), ended=2310.0),  # a menu
        call(acme, 2400.0, outside(2400.0, 2410.0), outside(2410.0, None), ended=None),  # goes on, and is counted elsewhere
        call(acme, 100.0, outside(100.0, 900.0), ended=900.0),  # yesterday
        call(zenit, 3000.0, outside(3000.0, 3001.5), ended=3001.5),
    ]
    with database.writing():
        calllog.store(records)
    journal = Journal(database)
    assert journal.talked_outside({acme: 1000.0, zenit: 1000.0, idle: 1000.0}) == {acme: 60.0 + 15.0, zenit: 1.5}
    assert journal.talked_outside({acme: 1000.0}) == {acme: 75.0}
    assert journal.talked_outside({}) == {}


def test_talk_is_not_known_while_the_database_is_away(
    fickle: FickleDatabase, acme: int, caplog: pytest.LogCaptureFixture
) -> None:
    fickle.away = True
    assert Journal(fickle).talked_outside({acme: 0.0}) == {}
    assert "talked to outside" in caplog.text
