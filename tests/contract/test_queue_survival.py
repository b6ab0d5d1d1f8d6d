"""Callers in queues outlive the controller: they wait on in their order, and everything works for them as before."""

import time
from collections.abc import Callable

import pytest

from app.core.actions import Prompt
from app.core.destinations import ToAccount
from app.core.outcome import Outcome
from tests.contract.desk import told
from tests.contract.people import Person
from tests.contract.phone import wait_until
from tests.contract.product import Product
from tests.contract.waiting_room import WaitingRoom, all_over, open_queue, talk, visit
from tests.contract.worlds import on_freeswitch

APART = 1.2  # seconds between two callers: the switch tells them apart by whole ones
NEXT = 8.0


@pytest.fixture
def outage(pbx: Product, unwatched: Callable[[], None]) -> Callable[[], None]:
    """The controller is killed, and is back."""

    def kill_and_start() -> None:
        unwatched()
        time.sleep(0.3)
        pbx.ensure_worker()

    return kill_and_start


def waits(caller: Person, queue: WaitingRoom) -> None:
    """He hears music; whoever calls after him stands behind him."""
    caller.dial(queue.number)
    caller.talks()
    caller.hears_music()
    time.sleep(APART)


@pytest.mark.long
def test_three_wait_in_their_order_and_can_do_all_they_could(
    pbx: Product,
    now: float,
    outage: Callable[[], None],
    anna: Person,
    bartek: Person,
    celina: Person,
    darek: Person,
    ewa: Person,
) -> None:
    with open_queue(pbx, [bartek], keys={"5": ToAccount(ewa.login)}, announce_every=15, ring=60) as queue:
        for caller in (anna, celina, darek):
            waits(caller, queue)
        bartek.rings()
        outage()
        assert [one.number for one in queue.board().waiting] == [anna.number, celina.number, darek.number]
        bartek.answer()
        talk(anna, bartek)
        darek.is_told(Prompt.PLACE, within=25)
        ewa.dial(f"*8{queue.number}")
        ewa.talks()
        talk(celina, ewa)
        celina.hangs_up()
        ewa.ended()
        darek.presses("5")
        ewa.rings(darek)
        ewa.answer()
        talk(darek, ewa)
        for caller in (anna, darek):
            caller.hangs_up()
        records = all_over(pbx, now, calls=3)
    assert [told(record) for record in records] == [
        [f"{queue.number} answered", "22 answered"],
        [f"{queue.number} picked-up", "201 answered"],
        [f"{queue.number} overflowed", "201 answered"],
    ]


@pytest.mark.long
def test_they_are_given_to_the_agent_in_their_order(
    pbx: Product, now: float, outage: Callable[[], None], anna: Person, bartek: Person, celina: Person, darek: Person
) -> None:
    with open_queue(pbx, [bartek], retry=1) as queue:
        for caller in (anna, celina, darek):
            waits(caller, queue)
        outage()
        bartek.rings()
        for caller in (anna, celina, darek):
            bartek.answer()
            talk(caller, bartek)
            caller.hangs_up()
            bartek.ended()
            if caller is not darek:
                bartek.rings(within=NEXT)
        records = all_over(pbx, now, calls=3)
    assert {tuple(told(record)) for record in records} == {(f"{queue.number} answered", "22 answered")}


@pytest.mark.long
def test_killed_while_an_agent_rings(
    pbx: Product, now: float, outage: Callable[[], None], anna: Person, bartek: Person, celina: Person
) -> None:
    with open_queue(pbx, [bartek, celina]) as queue:
        anna.dial(queue.number)
        bartek.rings()
        celina.rings()
        anna.hears_music()
        outage()
        bartek.answer()
        talk(anna, bartek)
        celina.ended()
        bartek.presses("#23")
        celina.rings(anna)
        bartek.ended()
        celina.answer()
        talk(anna, celina)
        anna.hangs_up()
        celina.ended()
        (record,) = all_over(pbx, now)
    assert told(record) == [f"{queue.number} answered", "22 transferred", "23 answered"]
    assert visit(record).agent == bartek.login


def test_killed_while_the_agent_talks(
    pbx: Product, now: float, outage: Callable[[], None], anna: Person, bartek: Person, celina: Person
) -> None:
    with open_queue(pbx, [bartek]) as queue:
        anna.dial(queue.number)
        bartek.rings()
        bartek.answer()
        talk(anna, bartek)
        outage()
        talk(anna, bartek)
        bartek.presses("**23")
        celina.rings(bartek)
        anna.hears_music()
        bartek.presses("*")
        celina.ended()
        talk(anna, bartek)
        anna.hangs_up()
        bartek.ended()
        (record,) = all_over(pbx, now)
    assert told(record) == [f"{queue.number} answered", "22 consulted", "23 cancelled", "22 answered"]
    assert visit(record).outcome is Outcome.ANSWERED


@pytest.mark.long
@on_freeswitch  # virtual phones vanish with their switch
def test_the_switch_is_restarted_and_each_stay_has_one_end(
    pbx: Product, now: float, anna: Person, bartek: Person, celina: Person, darek: Person
) -> None:
    with open_queue(pbx, [bartek]) as queue:
        waits(anna, queue)
        waits(celina, queue)
        bartek.rings()
        bartek.answer()
        talk(anna, bartek)
        pbx.stop_switch()
        wait_until(lambda: not pbx.is_well(), 5, "the panel says that the switch is gone")
        pbx.start_switch()
        wait_until(pbx.switch_answers, 20, "the switch answers")
        wait_until(pbx.is_well, 10, "the controller has found the switch")
        first, second = all_over(pbx, now, calls=2)
        assert queue.board().waiting == ()
        for person in (bartek, darek):
            person.device.register()
        darek.dial(queue.number)
        bartek.rings(within=NEXT)
        bartek.answer()
        talk(darek, bartek)
        darek.hangs_up()
        bartek.ended()
    assert told(first) == [f"{queue.number} answered", "22 answered"]
    assert visit(first).outcome is Outcome.ANSWERED
    assert visit(second).outcome is Outcome.ABANDONED
