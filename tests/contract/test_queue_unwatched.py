"""What callers and agents of a queue do while no controller runs: it is caught up with, and nobody waits for ever."""

import time
from collections.abc import Callable

import pytest

from app.core.destinations import ToAccount
from app.core.outcome import EndedBy, Outcome
from app.core.record import Record
from tests.contract.desk import told
from tests.contract.people import Person
from tests.contract.product import Product
from tests.contract.waiting_room import WaitingRoom, all_over, open_queue, talk, visit

pytestmark = pytest.mark.long

NEXT = 8.0
GUARD_SECONDS = 10.0  # a leg with nothing to do is ended after these
LATE = 5.0


def test_an_agent_answers_while_no_controller_runs(
    pbx: Product, now: float, unwatched: Callable[[], None], anna: Person, bartek: Person, celina: Person
) -> None:
    with open_queue(pbx, [bartek, celina]) as queue:
        anna.dial(queue.number)
        bartek.rings()
        celina.rings()
        unwatched()
        bartek.answer()
        talk(anna, bartek)
        celina.ended()
        pbx.ensure_worker()
        talk(anna, bartek)
        bartek.presses("#23")
        celina.rings(anna)
        bartek.ended()
        celina.answer()
        talk(anna, celina)
        anna.hangs_up()
        celina.ended()
        (record,) = all_over(pbx, now)
    assert told(record) == [f"{queue.number} answered", "22 transferred", "23 answered"]
    assert (visit(record).outcome, visit(record).agent) == (Outcome.ANSWERED, bartek.login)


def test_a_caller_who_gives_up_while_no_controller_runs_has_abandoned_the_queue(
    pbx: Product, now: float, unwatched: Callable[[], None], anna: Person, bartek: Person
) -> None:
    with open_queue(pbx, [bartek]) as queue:
        anna.dial(queue.number)
        bartek.rings()
        unwatched()
        anna.hangs_up()
        left = time.time()
        bartek.ended()
        time.sleep(1.5)  # so that the end and the restart can be told apart
        pbx.ensure_worker()
        (record,) = all_over(pbx, now)
        assert record.ended == pytest.approx(left, abs=0.5)
        assert queue.board().waiting == ()
        anna.dial(queue.number)
        bartek.rings()
        anna.hangs_up()
        bartek.ended()
    assert told(record) == [f"{queue.number} abandoned"]
    assert visit(record).outcome is Outcome.ABANDONED


def test_a_key_pressed_while_no_controller_runs_does_nothing_and_the_next_one_does(
    pbx: Product, now: float, unwatched: Callable[[], None], anna: Person, bartek: Person, celina: Person
) -> None:
    with open_queue(pbx, [bartek], keys={"5": ToAccount(celina.login)}, ring=60) as queue:
        anna.dial(queue.number)
        bartek.rings()
        anna.hears_music()
        unwatched()
        anna.presses("5")
        anna.hears_music()
        celina.does_not_ring(1.0)
        pbx.ensure_worker()
        anna.hears_music()
        celina.does_not_ring()
        anna.presses("5")
        celina.rings(anna)
        bartek.ended()
        celina.answer()
        talk(anna, celina)
        anna.hangs_up()
        celina.ended()
        (record,) = all_over(pbx, now)
    assert told(record) == [f"{queue.number} overflowed", "23 answered"]


@pytest.mark.parametrize("first", ["agent", "caller"])
def test_a_talk_that_ended_while_no_controller_ran_counts_for_the_queue(
    pbx: Product, now: float, unwatched: Callable[[], None], anna: Person, bartek: Person, darek: Person, first: str
) -> None:
    with open_queue(pbx, [bartek]) as queue:
        anna.dial(queue.number)
        bartek.rings()
        unwatched()
        time.sleep(1.2)  # so that the wait and the talk can be told from nothing
        bartek.answer()
        met = time.time()
        talk(anna, bartek)
        time.sleep(1.5)
        leaves, stays = (bartek, anna) if first == "agent" else (anna, bartek)
        leaves.hangs_up()
        parted = time.time()
        stays.ended(within=GUARD_SECONDS + LATE)
        pbx.ensure_worker()
        (record,) = all_over(pbx, now)
        assert told(record) == [f"{queue.number} answered", "22 answered"]
        waited, talked = record.parts
        assert (visit(record).outcome, visit(record).agent) == (Outcome.ANSWERED, bartek.login)
        assert [(offer.agent, offer.outcome) for offer in visit(record).offers] == [(bartek.login, Outcome.ANSWERED)]
        assert (record.outcome, record.answered, record.ended) == (Outcome.ANSWERED, talked.answered, talked.ended)
        assert record.ended_by is (EndedBy.CALLEE if first == "agent" else EndedBy.CALLER)
        assert waited.ended == talked.started == pytest.approx(met, abs=0.5)
        # the switch says in whole seconds when an agent has left
        assert parted - 1.1 <= (talked.ended or 0) <= parted + 0.5
        _agree(pbx, queue, bartek, record, now)
        darek.dial(queue.number)
        bartek.rings(within=NEXT)
        darek.hangs_up()
        bartek.ended()


def _agree(pbx: Product, queue: WaitingRoom, agent: Person, record: Record, since: float) -> None:
    """The statistics count this call, as the log has it, for the queue and for its agent."""
    waited, talked = (part.ended - part.started for part in record.parts if part.ended)
    tenant, until = pbx.tenant(queue.company), time.time() + 1
    with pbx.office() as services:
        of_queue = next(one for one in services.queue_statistics.queues(tenant, since, until) if one.id == queue.id)
        (of_agent,) = services.queue_statistics.agents(tenant, since, until, queue.id)
    total, his = of_queue.figures.total, of_agent.figures.total
    assert (total.answered, total.abandoned, total.waiting) == (1, 0, 0)
    assert (total.wait.total, total.talk.total) == pytest.approx((waited, talked))
    assert (of_agent.key, his.offered, his.answered, his.talk.total) == (agent.login, 1, 1, pytest.approx(talked))


def test_a_longest_wait_that_ended_while_no_controller_ran_is_told_apart(
    pbx: Product, now: float, unwatched: Callable[[], None], anna: Person, bartek: Person
) -> None:
    with open_queue(pbx, [bartek], max_wait=10, ring=5, retry=1) as queue:
        anna.dial(queue.number)
        bartek.rings()
        unwatched()
        anna.ended(within=20 + GUARD_SECONDS + LATE)
        bartek.ended()
        pbx.ensure_worker()
        (record,) = all_over(pbx, now)
    assert (visit(record).outcome, visit(record).why, record.outcome) == (Outcome.OVERFLOWED, "max-wait", Outcome.NO_ANSWER)
    waited = (record.parts[0].ended or 0) - record.parts[0].started
    assert 9 <= waited <= 18  # a telephone that rings then is waited for


def test_the_longest_wait_is_kept_without_a_controller(
    pbx: Product, now: float, unwatched: Callable[[], None], anna: Person, bartek: Person, celina: Person
) -> None:
    with open_queue(pbx, [bartek], max_wait=10, ring=5, retry=1, overflow=ToAccount(celina.login)) as queue:
        anna.dial(queue.number)
        bartek.rings()
        unwatched()
        pbx.ensure_worker()
        celina.rings(anna, within=20)
        celina.answer()
        talk(anna, celina)
        anna.hangs_up()
        celina.ended()
        (record,) = all_over(pbx, now)
    assert told(record) == [f"{queue.number} overflowed", "23 answered"]
    assert visit(record).why == "max-wait"
