"""How a stay in a queue ended that nobody heard the end of: the switch's report of the caller's leg tells it, early or late."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from app.core.outcome import EndedBy, Outcome
from app.core.record import Offer, Part, Record, Visit
from app.core.report import LastWait, LegReport
from app.store import Database, calllog, models
from app.store.models import CallRecord, Destination, Extension

ENDED = LegReport("call-1", "call-1", "", "48221234567", 1000.0, 1010.0, 1100.0, "CAUSE", Outcome.ANSWERED, EndedBy.CALLER)
TALKED = LastWait(Outcome.ANSWERED, 1050.5, 8, "100101")
OUTSIDE = "+48600300400"

Settled = Callable[..., Record]


@pytest.fixture(autouse=True)
def office(database: Database, acme: int, add_account: Callable) -> None:
    """Anna has 21, Bartek has no number."""
    anna, _ = add_account(acme, "100101", "Anna"), add_account(acme, "100102", "Bartek")
    with database.writing():
        row = Extension.create(tenant=acme, number="21", name="Anna Żółć")
        Destination.create(tenant=acme, of_extension=row, kind="account", account=anna)


@pytest.fixture
def waits(acme: int) -> Record:
    """A customer waits in his second queue, for Anna's and Bartek's phones; the first one had nobody on duty."""
    parts = (Part("201", "Sprzedaż", "", 1010.0, None, 1020.0, Outcome.OVERFLOWED), Part("202", "Serwis", "", 1020.0))
    offers = (Offer("100102", 1021.0, 1031.0, Outcome.NO_ANSWER), Offer("100102", 1036.0), Offer("100101", 1036.0))
    visits = (Visit(7, "Sprzedaż", 0, Outcome.OVERFLOWED, why="no-agents"), Visit(8, "Serwis", 1, offers=offers))
    return Record("call-1", acme, "+48600100200", "", "", "+48221234567", 1000.0, parts=parts, visits=visits)


@pytest.fixture(params=["reported first", "settled first"])
def settled(request: pytest.FixtureRequest, database: Database) -> Settled:
    """The call in the log, after the switch's reports and the next controller's stock-taking, whichever comes first."""

    def tell(record: Record, *reports: LegReport) -> Record:
        with database.writing():
            calllog.store([record])
        early = request.param == "reported first"
        for work in _in_order(early, lambda: calllog.settle((), 2000.0), [_report(one) for one in reports]):
            with database.writing():
                work()
        return logged(database)

    return tell


def _in_order(early: bool, settle: Callable[[], int], reports: Sequence[Callable[[], None]]) -> list[Callable[[], object]]:
    return [*reports, settle] if early else [settle, *reports]


def _report(told: LegReport) -> Callable[[], None]:
    return lambda: calllog.report(told, 1101.0)


def logged(database: Database) -> Record:
    with database.reading():
        (record,) = calllog.records(CallRecord.select())
    return record


def test_agent_who_answered_unheard_has_answered(database: Database, waits: Record, settled: Settled) -> None:
    record = settled(waits, replace(ENDED, wait=TALKED))
    assert (record.answered, record.ended, record.outcome, record.ended_by) == (
        1050.5,
        1100.0,
        Outcome.ANSWERED,
        EndedBy.CALLER,
    )
    assert record.parts[1:] == (
        replace(waits.parts[1], ended=1050.5, outcome=Outcome.ANSWERED),
        Part("21", "Anna Żółć", "100101", 1050.5, 1050.5, 1100.0, Outcome.ANSWERED),
    )
    first, second = record.visits
    assert first == waits.visits[0]
    assert (second.outcome, second.agent) == (Outcome.ANSWERED, "100101")
    assert second.offers == (
        waits.visits[1].offers[0],
        Offer("100102", 1036.0, 1050.5, Outcome.ELSEWHERE),
        Offer("100101", 1036.0, 1050.5, Outcome.ANSWERED),
    )
    with database.reading():
        row = models.QueueVisit.get(models.QueueVisit.position == 1)
    assert (row.ended, row.talked, row.agent) == (1050.5, 49.5, "100101")


def test_offer_that_was_not_heard_of_either_is_told_with_its_answer(waits: Record, settled: Settled) -> None:
    visits = (waits.visits[0], replace(waits.visits[1], offers=()))
    record = settled(replace(waits, visits=visits), replace(ENDED, wait=TALKED))
    assert record.visits[1].offers == (Offer("100101", 1050.5, 1050.5, Outcome.ANSWERED),)


@pytest.mark.parametrize(
    ("agent", "part"),
    [
        ("100102", ("100102", "Bartek", "100102")),
        (OUTSIDE, (OUTSIDE, "", "")),
        ("", ("", "", "")),
    ],
    ids=["without a number", "outside", "unknown"],
)
def test_talk_shows_whoever_answered(waits: Record, settled: Settled, agent: str, part: tuple[str, str, str]) -> None:
    record = settled(waits, replace(ENDED, wait=replace(TALKED, agent=agent)))
    talk = record.parts[-1]
    assert (talk.number, talk.name, talk.login) == part
    assert record.visits[1].agent == agent


def test_account_of_another_tenant_is_nobody_here(
    waits: Record, settled: Settled, add_tenant: Callable, add_account: Callable
) -> None:
    add_account(add_tenant("Zenit"), "200101", "Zofia")
    assert settled(waits, replace(ENDED, wait=replace(TALKED, agent="200101"))).parts[-1].name == ""


@pytest.mark.parametrize(("result", "why"), [(Outcome.NO_ANSWER, "max-wait"), (Outcome.NOT_REGISTERED, "no-agents")])
def test_longest_wait_that_ended_unheard_is_told_apart(waits: Record, settled: Settled, result: Outcome, why: str) -> None:
    by_switch = replace(ENDED, ended_by=EndedBy.SYSTEM, wait=LastWait(result, 1090.0, 8))
    record = settled(waits, by_switch)
    assert (record.outcome, record.answered, record.ended) == (result, None, 1100.0)
    assert (record.visits[1].outcome, record.visits[1].why) == (Outcome.OVERFLOWED, why)
    assert (record.parts[1].ended, record.parts[1].outcome) == (1090.0, Outcome.OVERFLOWED)
    assert [offer.outcome for offer in record.visits[1].offers] == [Outcome.NO_ANSWER, Outcome.CANCELLED, Outcome.CANCELLED]


def test_whoever_picked_him_up_unheard_tells_it_himself(waits: Record, settled: Settled) -> None:
    picker = replace(ENDED, leg="picker", login="100101", ended_by=EndedBy.CALLEE)
    record = settled(waits, replace(picker, wait=LastWait(Outcome.PICKED_UP, 1050.5, agent="100101")))
    assert (record.visits[1].outcome, record.visits[1].agent) == (Outcome.PICKED_UP, "")
    assert record.parts[2] == Part("21", "Anna Żółć", "100101", 1050.5, 1050.5, 1100.0, Outcome.ANSWERED)
    assert (record.outcome, record.ended_by) == (Outcome.ANSWERED, EndedBy.CALLEE)


def test_who_gave_up_unheard_has_abandoned_the_queue(waits: Record, settled: Settled) -> None:
    record = settled(waits, replace(ENDED, wait=LastWait(Outcome.ABANDONED, 1100.0, 8)))
    assert (record.outcome, record.answered, record.visits[1].outcome) == (Outcome.ABANDONED, None, Outcome.ABANDONED)
    assert [offer.ended for offer in record.visits[1].offers] == [1031.0, 1100.0, 1100.0]


@pytest.mark.parametrize(
    "wait", [None, replace(TALKED, queue=7), replace(TALKED, at=1015.0)], ids=["nothing", "another queue", "before it began"]
)
def test_what_the_report_says_of_another_stay_is_not_said_of_this_one(
    waits: Record, settled: Settled, wait: LastWait | None
) -> None:
    record = settled(waits, replace(ENDED, wait=wait))
    assert (record.visits[1].outcome, record.parts[1].ended) == (Outcome.ABANDONED, 1100.0)
    assert record.visits[0] == waits.visits[0]


def test_silence_of_a_stand_in_is_no_talk(waits: Record, settled: Settled) -> None:
    stands_in = replace(waits, call="call-1-back")
    record = settled(stands_in, replace(ENDED, leg="call-1-back", call="call-1-back", wait=TALKED))
    assert record.visits[1].outcome is Outcome.ABANDONED


def test_stay_that_is_over_stays_as_it_was_heard(waits: Record, settled: Settled) -> None:
    """He was answered, transferred, and waits in another queue; or talks."""
    visit = replace(waits.visits[1], outcome=Outcome.ANSWERED, agent="100102", offers=())
    parts = (
        waits.parts[0],
        replace(waits.parts[1], ended=1030.0, outcome=Outcome.ANSWERED),
        Part("22", "Bartek", "100102", 1030.0, 1030.0),
    )
    talks = replace(waits, answered=1030.0, parts=parts, visits=(waits.visits[0], visit))
    record = settled(talks, replace(ENDED, wait=TALKED))
    assert record.visits == talks.visits
    assert record.parts == (*parts[:2], replace(parts[2], ended=1100.0, outcome=Outcome.ANSWERED))


def test_report_says_nothing_better_than_a_controller_that_heard_it(waits: Record, settled: Settled) -> None:
    over = waits.close(Outcome.OVERFLOWED, 1050.0, why="key").end(Outcome.NO_ANSWER, EndedBy.SYSTEM, 1060.0)
    assert settled(over, replace(ENDED, wait=TALKED)) == over


def test_call_lasts_no_less_than_nothing_though_a_leg_of_it_was_over_long_ago(waits: Record, settled: Settled) -> None:
    """Of a caller who is called back the leg that had kept his place."""
    called = replace(waits, call="call-1-back").close(Outcome.ANSWERED, 1050.0, "100101")
    talks = called.begin(Part("+48600100200", "", "", 1052.0)).answer(1060.0)
    record = settled(talks, replace(ENDED, leg="call-1-back", call="call-1-back", ended=1050.1))
    assert record.ended is not None
    assert record.ended >= 1060.0
