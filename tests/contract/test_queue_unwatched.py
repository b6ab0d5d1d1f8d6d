"""What callers and agents of a queue do while no controller runs: it is caught up with, and nobody waits for ever."""

import time
from collections.abc import Callable, Iterator

import pytest

from app.core.destinations import ToAccount
from app.core.outcome import Outcome
from tests.contract.desk import told
from tests.contract.people import Person
from tests.contract.product import Product
from tests.contract.waiting_room import all_over, open_queue, talk, visit

pytestmark = pytest.mark.long

WRITTEN_SECONDS = 0.2  # the call log is written a twentieth of a second late
NEXT = 8.0
GUARD_SECONDS = 10.0  # a leg with nothing to do is ended after these
LATE = 5.0


@pytest.fixture
def unwatched(pbx: Product) -> Iterator[Callable[[], None]]:
    """The controller is killed; the story starts it again, or this does."""

    def kill() -> None:
        time.sleep(WRITTEN_SECONDS)
        pbx.kill_worker()

    yield kill
    pbx.ensure_worker()


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


def test_a_talk_that_ended_while_no_controller_ran_counts_for_the_queue(
    pbx: Product, now: float, unwatched: Callable[[], None], anna: Person, bartek: Person, darek: Person
) -> None:
    with open_queue(pbx, [bartek]) as queue:
        anna.dial(queue.number)
        bartek.rings()
        unwatched()
        bartek.answer()
        talk(anna, bartek)
        bartek.hangs_up()
        anna.ended(within=GUARD_SECONDS + LATE)
        pbx.ensure_worker()
        (record,) = all_over(pbx, now)
        assert visit(record).outcome is not None
        darek.dial(queue.number)
        bartek.rings(within=NEXT)
        darek.hangs_up()
        bartek.ended()
    assert record.parts[0].number == queue.number


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
