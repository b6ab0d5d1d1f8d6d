"""How a call is closed that nobody watched to its end."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.core.outcome import EndedBy, Outcome
from app.core.record import Record
from app.core.report import LegReport
from app.store import Database, calllog
from app.store.journal import Journal
from app.store.models import CallRecord, LegEnd
from tests.store.fickle import FickleDatabase


@pytest.fixture
def report(database: Database) -> Callable[..., None]:
    """The switch reports the end of Anna's leg."""

    def tell(
        leg: str = "call-1",
        ended: float = 1030.0,
        answered: float | None = None,
        outcome: Outcome = Outcome.ANSWERED,
        by: EndedBy = EndedBy.CALLER,
        now: float = 1031.0,
    ) -> None:
        with database.writing():
            calllog.report(LegReport(leg, leg, "100101", "22", 1000.0, answered, ended, "A_CAUSE", outcome, by), now)

    return tell


@pytest.fixture
def settle(database: Database) -> Callable[..., None]:
    """A controller comes, finds these calls alive, and settles the others."""

    def work(*living: str, at: float = 2000.0) -> None:
        journal = Journal(database)
        journal.settle(living, at)
        assert journal.flush(5)

    return work


@pytest.fixture
def rings(database: Database, anna_calls_bartek: Record) -> Record:
    with database.writing():
        calllog.store([anna_calls_bartek])
    return anna_calls_bartek


@pytest.fixture
def talks(database: Database, anna_calls_bartek: Record) -> Record:
    part = replace(anna_calls_bartek.parts[0], answered=1004.0)
    record = replace(anna_calls_bartek, answered=1004.0, parts=(part,))
    with database.writing():
        calllog.store([record])
    return record


def call(database: Database) -> Record:
    with database.reading():
        (record,) = calllog.records(CallRecord.select())
    return record


def test_living_call_is_left_alone(database: Database, rings: Record, settle: Callable, report: Callable) -> None:
    report()
    settle("call-1")
    assert call(database) == rings


def test_conversation_ends_when_the_switch_says_it_did(
    database: Database, talks: Record, settle: Callable, report: Callable
) -> None:
    report(ended=1064.0, answered=1004.0)
    settle()
    closed = call(database)
    assert (closed.ended, closed.outcome, closed.ended_by) == (1064.0, Outcome.ANSWERED, EndedBy.CALLER)
    assert (closed.parts[0].ended, closed.parts[0].outcome) == (1064.0, Outcome.ANSWERED)


def test_call_answered_behind_our_back_counts_as_answered(
    database: Database, rings: Record, settle: Callable, report: Callable
) -> None:
    report(ended=1064.0, answered=1005.0)
    settle()
    assert (call(database).answered, call(database).outcome) == (1005.0, Outcome.ANSWERED)


def test_ringing_call_that_was_hung_up_was_cancelled(
    database: Database, rings: Record, settle: Callable, report: Callable
) -> None:
    report(ended=1008.0)
    settle()
    closed = call(database)
    assert (closed.ended, closed.outcome, closed.parts[0].outcome) == (1008.0, Outcome.CANCELLED, Outcome.CANCELLED)


def test_refusal_keeps_its_reason(database: Database, rings: Record, settle: Callable, report: Callable) -> None:
    report(ended=1008.0, outcome=Outcome.BUSY)
    settle()
    assert call(database).outcome is Outcome.BUSY


def test_outcome_that_was_decided_stays(database: Database, rings: Record, settle: Callable, report: Callable) -> None:
    with database.writing():
        calllog.store([replace(rings, outcome=Outcome.DECLINED)])
    report(ended=1008.0, outcome=Outcome.FAILED)
    settle()
    assert call(database).outcome is Outcome.DECLINED


def test_call_nobody_reported_ends_now_by_nobody_known(database: Database, talks: Record, settle: Callable) -> None:
    settle(at=2000.0)
    closed = call(database)
    assert (closed.ended, closed.outcome, closed.ended_by) == (2000.0, Outcome.ANSWERED, EndedBy.UNKNOWN)


def test_unanswered_call_nobody_reported_failed(database: Database, rings: Record, settle: Callable) -> None:
    settle()
    assert call(database).outcome is Outcome.FAILED


def test_report_that_comes_late_puts_the_guess_right(
    database: Database, rings: Record, settle: Callable, report: Callable
) -> None:
    settle(at=2000.0)
    report(ended=1008.0, outcome=Outcome.NO_ANSWER, by=EndedBy.SYSTEM)
    closed = call(database)
    assert (closed.ended, closed.outcome, closed.ended_by) == (1008.0, Outcome.NO_ANSWER, EndedBy.SYSTEM)
    assert (closed.parts[0].ended, closed.parts[0].outcome) == (1008.0, Outcome.NO_ANSWER)


def test_report_changes_nothing_of_a_call_that_was_watched(database: Database, answered: Record, report: Callable) -> None:
    with database.writing():
        calllog.store([answered])
    report(ended=1070.0, outcome=Outcome.FAILED)
    assert call(database) == answered


def test_second_report_of_a_leg_changes_nothing(database: Database, rings: Record, settle: Callable, report: Callable) -> None:
    report(ended=1008.0)
    report(ended=1500.0, outcome=Outcome.FAILED)
    settle()
    assert call(database).ended == 1008.0


def test_reports_are_forgotten_after_a_day(database: Database, report: Callable) -> None:
    report("old", now=1000.0)
    report("fresh", now=1000.0 + 20 * 3600)
    report("new", now=1001.0 + 24 * 3600)
    with database.reading():
        assert sorted(row.leg for row in LegEnd.select()) == ["fresh", "new"]


def test_call_that_begins_after_the_stock_taking_is_not_settled(
    database: Database, anna_calls_bartek: Record, eventually: Callable
) -> None:
    fickle = FickleDatabase(database)
    fickle.away = True
    journal = Journal(fickle, retry=0.01)
    journal.start()
    journal.settle(set(), 900.0)
    eventually(lambda: fickle.refused)
    journal.write(anna_calls_bartek)
    fickle.away = False
    assert journal.flush(5)
    assert call(database) == anna_calls_bartek


def test_record_handed_in_before_the_stock_taking_is_settled(database: Database, anna_calls_bartek: Record) -> None:
    journal = Journal(database)
    journal.write(anna_calls_bartek)
    journal.settle(set(), 1500.0)
    assert journal.flush(5)
    assert call(database).ended == 1500.0


def test_hundreds_of_calls_are_settled(
    database: Database, anna_calls_bartek: Record, settle: Callable, report: Callable
) -> None:
    with database.writing():
        calllog.store(replace(anna_calls_bartek, call=f"call-{number}") for number in range(300))
    report("call-299", ended=1010.0)
    settle("call-0")
    with database.reading():
        ends = {row.call: row.ended for row in CallRecord.select()}
    assert ends["call-0"] is None
    assert ends["call-299"] == 1010.0
    assert {end for name, end in ends.items() if name not in ("call-0", "call-299")} == {2000.0}
