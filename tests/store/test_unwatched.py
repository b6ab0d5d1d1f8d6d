"""Calls that no controller wrote down while they lived: each has one row all the same, whoever comes first."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.core.outcome import EndedBy, Outcome
from app.core.record import Offer, Part, Record, Visit
from app.core.report import LastWait, LegReport
from app.store import Database, calllog
from app.store.journal import Journal
from app.store.models import CallRecord, City, Destination, Extension, LegEnd, SipAccount, Tenant

TALKED = LegReport(
    "call-1", "call-1", "100101", "22", 1000.0, 1004.0, 1064.0, "NORMAL_CLEARING", Outcome.ANSWERED, EndedBy.CALLER
)
NOBODY_LED = replace(
    TALKED, call=None, answered=None, ended=1010.0, cause="GUARD", outcome=Outcome.FAILED, ended_by=EndedBy.SYSTEM
)


@pytest.fixture(autouse=True)
def office(database: Database, acme: int, add_account: Callable) -> None:
    """Anna has 201 and 21, Bartek has 22; Spare has a phone and no number. At Zenit, too, somebody has 22."""
    anna, bartek = add_account(acme, "100101", "Anna"), add_account(acme, "100102", "Bartek")
    add_account(acme, "100103", "Spare")
    with database.writing():
        zenit = Tenant.create(name="Zenit", name_key="zenit", created=0)
        zofia = SipAccount.create(tenant=zenit, login="200101", name="Zofia", a1_hash="", realm="", version=1)
        for tenant, number, name, account in (
            (acme, "201", "Biuro", anna),
            (acme, "21", "Anna Żółć", anna),
            (acme, "22", "Bartek", bartek),
            (zenit, "22", "Zofia", zofia),
        ):
            row = Extension.create(tenant=tenant, number=number, name=name)
            Destination.create(tenant=tenant, of_extension=row, kind="account", account=account)


@pytest.fixture
def report(database: Database) -> Callable[[LegReport], None]:
    """The switch tells."""

    def tell(told: LegReport, now: float = 1065.0) -> None:
        with database.writing():
            calllog.report(told, now)

    return tell


@pytest.fixture
def settle(database: Database) -> Callable[[], None]:
    """A controller comes, and finds no call alive."""

    def work() -> None:
        journal = Journal(database)
        journal.settle((), 2000.0)
        assert journal.flush(5)

    return work


@pytest.fixture
def log(database: Database) -> Callable[[], list[Record]]:
    """The whole call log."""

    def read() -> list[Record]:
        with database.reading():
            return calllog.records(CallRecord.select())

    return read


def write(database: Database, record: Record) -> None:
    journal = Journal(database)
    journal.write(record)
    assert journal.flush(5)


def test_call_without_a_controller_failed_and_rang_nobody(acme: int, report: Callable, log: Callable) -> None:
    report(NOBODY_LED)
    ended = {"ended": 1010.0, "outcome": Outcome.FAILED, "ended_by": EndedBy.SYSTEM}
    assert log() == [Record("call-1", acme, "21", "Anna Żółć", "100101", "22", 1000.0, **ended)]


def test_talk_that_a_killed_controller_did_not_write_down_has_its_times(acme: int, report: Callable, log: Callable) -> None:
    report(TALKED)
    part = Part("22", "Bartek", "100102", 1000.0, 1004.0, 1064.0, Outcome.ANSWERED)
    times = {"answered": 1004.0, "ended": 1064.0, "outcome": Outcome.ANSWERED, "ended_by": EndedBy.CALLER}
    assert log() == [Record("call-1", acme, "21", "Anna Żółć", "100101", "22", 1000.0, **times, parts=(part,))]


def test_caller_who_gave_up_waiting_cancelled(report: Callable, log: Callable) -> None:
    report(replace(NOBODY_LED, outcome=Outcome.CANCELLED, ended_by=EndedBy.CALLER))
    assert (log()[0].outcome, log()[0].ended_by) == (Outcome.CANCELLED, EndedBy.CALLER)


def test_reason_nobody_answered_is_kept(report: Callable, log: Callable) -> None:
    report(replace(TALKED, answered=None, outcome=Outcome.BUSY, ended_by=EndedBy.SYSTEM))
    assert (log()[0].outcome, log()[0].parts[0].outcome) == (Outcome.BUSY, Outcome.BUSY)


def test_account_without_a_number_shows_its_login(report: Callable, log: Callable) -> None:
    report(replace(NOBODY_LED, login="100103"))
    assert (log()[0].caller_number, log()[0].caller_name, log()[0].caller_login) == ("100103", "Spare", "100103")


@pytest.mark.parametrize("dialled", ["99", "600100200", "112", "", "nonsense"])
def test_call_to_anything_else_rang_nobody_either(report: Callable, log: Callable, dialled: str) -> None:
    report(replace(TALKED, dialled=dialled, answered=None, outcome=Outcome.FAILED))
    assert (log()[0].dialled, log()[0].parts) == (dialled, ())


def test_number_of_another_tenant_is_no_number_here(report: Callable, log: Callable) -> None:
    report(replace(TALKED, login="200101", dialled="21"))
    (call,) = log()
    assert (call.caller_name, call.parts) == ("Zofia", ())


@pytest.mark.parametrize(
    "told",
    [
        replace(NOBODY_LED, login=""),
        replace(NOBODY_LED, login="999999"),
        replace(NOBODY_LED, dialled="*822"),
        replace(TALKED, leg="picker", dialled="*822"),
        replace(TALKED, leg="other"),
    ],
    ids=["a stranger", "a deleted account", "a pickup nobody led", "a pickup that came to talk", "a leg of another call"],
)
def test_what_is_no_call_of_a_tenant_is_not_written_down(report: Callable, log: Callable, told: LegReport) -> None:
    report(told)
    assert log() == []


def test_second_report_makes_no_second_row(report: Callable, log: Callable) -> None:
    report(TALKED)
    first = log()
    report(TALKED)
    report(replace(TALKED, ended=1500.0, outcome=Outcome.FAILED))
    assert log() == first


def test_deleted_call_does_not_come_back_with_a_second_report(database: Database, report: Callable, log: Callable) -> None:
    report(TALKED)
    with database.writing():
        CallRecord.delete().execute()
    report(TALKED)
    assert log() == []


# --- from outside


@pytest.fixture
def sales(database: Database, acme: int) -> str:
    """Acme's city number."""
    with database.writing():
        City.create(tenant=acme, number="+48221234567", name="Sprzedaż", main=True)
    return "+48221234567"


CAME_IN = replace(NOBODY_LED, login="", dialled="221234567", trunk="trunk-1", number="600100200", name="Jan")


@pytest.mark.parametrize("dialled", ["221234567", "48221234567", "0048221234567", "+48221234567"])
def test_call_from_outside_that_met_no_controller_is_missed_by_whom_it_was_for(
    acme: int, sales: str, report: Callable, log: Callable, dialled: str
) -> None:
    report(replace(CAME_IN, dialled=dialled))
    ended = {"ended": 1010.0, "outcome": Outcome.FAILED, "ended_by": EndedBy.SYSTEM}
    assert log() == [Record("call-1", acme, "+48600100200", "Jan", "", sales, 1000.0, **ended)]


def test_call_from_outside_that_a_killed_controller_led_has_its_times(sales: str, report: Callable, log: Callable) -> None:
    report(replace(CAME_IN, call="call-1", answered=1004.0, outcome=Outcome.ANSWERED, ended_by=EndedBy.CALLER))
    (call,) = log()
    assert (call.answered, call.ended, call.outcome) == (1004.0, 1010.0, Outcome.ANSWERED)
    assert call.parts == (Part("", "Sprzedaż", "", 1000.0, 1004.0, 1010.0, Outcome.ANSWERED),)


def test_caller_who_shows_no_number_is_somebody_all_the_same(sales: str, report: Callable, log: Callable) -> None:
    report(replace(CAME_IN, number="", name=""))
    assert [(call.caller_number, call.caller_name) for call in log()] == [("", "")]


@pytest.mark.parametrize("dialled", ["229999999", "21", "", "112", "nonsense"])
def test_call_from_outside_to_nobodys_number_is_nobodys(sales: str, report: Callable, log: Callable, dialled: str) -> None:
    report(replace(CAME_IN, dialled=dialled))
    assert log() == []


# --- and the controller, in both orders


def test_controller_that_comes_afterwards_changes_nothing(report: Callable, settle: Callable, log: Callable) -> None:
    report(TALKED)
    first = log()
    settle()
    assert log() == first


def test_report_that_comes_after_the_controller_is_written_down(report: Callable, settle: Callable, log: Callable) -> None:
    settle()
    report(TALKED)
    assert [call.ended for call in log()] == [1064.0]


def test_report_changes_nothing_of_what_the_controller_wrote(
    database: Database, answered: Record, report: Callable, log: Callable
) -> None:
    write(database, answered)
    report(replace(TALKED, ended=1070.0, outcome=Outcome.FAILED))
    assert log() == [answered]


def test_controllers_word_counts_though_the_report_was_faster(
    database: Database, answered: Record, report: Callable, log: Callable
) -> None:
    fuller = replace(answered, parts=(*answered.parts, replace(answered.parts[0], number="23", name="Celina")))
    report(TALKED)
    write(database, fuller)
    assert log() == [fuller]


def test_call_that_outlives_its_first_leg_stays_open(
    database: Database, answered: Record, report: Callable, log: Callable
) -> None:
    """The caller transferred it and left: his leg is over, the call is not."""
    living = replace(answered, ended=None, outcome=None, ended_by=None)
    write(database, living)
    report(TALKED)
    assert log() == [living]
    write(database, answered)
    assert log() == [answered]


def test_slow_controller_and_its_end_come_to_one_row(
    database: Database, anna_calls_bartek: Record, report: Callable, settle: Callable, log: Callable
) -> None:
    """Its first word is written after the report, its last never, because it is killed."""
    report(TALKED)
    write(database, anna_calls_bartek)
    settle()
    (call,) = log()
    assert (call.answered, call.ended, call.ended_by) == (1004.0, 1064.0, EndedBy.CALLER)


def test_report_is_kept_for_a_day_whether_or_not_there_is_a_row(database: Database, report: Callable) -> None:
    report(replace(NOBODY_LED, login=""))
    with database.reading():
        assert [row.leg for row in LegEnd.select()] == ["call-1"]


@pytest.mark.parametrize("number", ["77", ""], ids=["by its number", "by way of a menu"])
def test_caller_of_a_queue_whom_nobody_wrote_down_has_waited_there(
    database: Database, acme: int, add_queue: Callable, report: Callable, log: Callable, number: str
) -> None:
    queue = add_queue(acme, "Serwis")
    with database.writing():
        if number:
            row = Extension.create(tenant=acme, number=number, name="Serwis u nas")
            Destination.create(tenant=acme, of_extension=row, kind="queue", queue=queue)
    report(replace(TALKED, dialled="77", wait=LastWait(Outcome.ANSWERED, 1020.0, queue.id, "100102")))
    (call,) = log()
    assert call.parts == (
        Part(number, "Serwis", "", 1004.0, None, 1020.0, Outcome.ANSWERED),
        Part("22", "Bartek", "100102", 1020.0, 1020.0, 1064.0, Outcome.ANSWERED),
    )
    offer = Offer("100102", 1020.0, 1020.0, Outcome.ANSWERED)
    assert call.visits == (Visit(queue.id, "Serwis", 0, Outcome.ANSWERED, "100102", offers=(offer,)),)
    assert call.answered == 1020.0


def test_caller_of_a_queue_whom_nobody_wrote_down_may_have_given_up(
    acme: int, add_queue: Callable, report: Callable, log: Callable
) -> None:
    queue = add_queue(acme, "Serwis")
    report(replace(TALKED, wait=LastWait(Outcome.ABANDONED, 1064.0, queue.id)))
    (call,) = log()
    assert (call.outcome, call.answered, call.visits[0].outcome) == (Outcome.ABANDONED, None, Outcome.ABANDONED)


def test_queue_of_another_tenant_is_no_queue_here(
    add_tenant: Callable, add_queue: Callable, report: Callable, log: Callable
) -> None:
    queue = add_queue(add_tenant("Obcy"), "Serwis")
    report(replace(TALKED, wait=LastWait(Outcome.ABANDONED, 1064.0, queue.id)))
    assert log()[0].visits == ()
