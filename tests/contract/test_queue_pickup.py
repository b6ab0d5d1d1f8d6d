"""`*8` and a number take a caller who waits in a queue: the agent has missed nothing, and nobody is answered into silence."""

from functools import partial

import pytest

from app.core.actions import Prompt
from app.core.outcome import Outcome
from tests.contract.desk import LEADS, crossing, exactly_one, in_parallel, told
from tests.contract.people import People, Person
from tests.contract.phone import wait_until
from tests.contract.product import Product
from tests.contract.waiting_room import WaitingRoom, all_over, open_queue, talk, visit

SETTLED = 3.0
NEXT = 8.0  # seconds within which whoever was not needed is rung for the next caller


def waits(caller: Person, queue: WaitingRoom, agent: Person) -> None:
    """The agent's phone rings for him."""
    caller.dial(queue.number)
    agent.rings()
    caller.hears_music()


@pytest.mark.parametrize(
    "code", ["*8{queue}", pytest.param("*8{agent}", marks=pytest.mark.long), pytest.param("*8112", marks=pytest.mark.long)]
)
def test_the_caller_of_a_queue_is_taken_and_its_agent_has_missed_nothing(
    pbx: Product, now: float, anna: Person, bartek: Person, celina: Person, darek: Person, code: str
) -> None:
    with open_queue(pbx, [bartek], misses=1, retry=1) as queue:
        waits(anna, queue, bartek)
        celina.dial(code.format(agent=bartek.number, queue=queue.number))
        celina.talks()
        talk(anna, celina)
        bartek.ended()
        celina.sees(anna)
        assert queue.agent(bartek).takes_calls
        darek.dial(queue.number)
        bartek.rings(within=NEXT)
        darek.hangs_up()
        bartek.ended()
        celina.hangs_up()
        anna.ended()
        record, _ = all_over(pbx, now, calls=2)
    assert told(record) == [f"{queue.number} picked-up", "23 answered"]
    assert visit(record).outcome is Outcome.PICKED_UP
    assert [(offer.agent, offer.outcome) for offer in visit(record).offers] == [(bartek.login, Outcome.ELSEWHERE)]
    assert record.outcome is Outcome.ANSWERED


@pytest.mark.long
def test_the_queues_number_takes_also_who_only_waits_and_the_others_do_not(
    pbx: Product, now: float, people: People, anna: Person, celina: Person, ewa: Person
) -> None:
    """Its agent is on duty, and his phone is not there."""
    bartek = people.absent("bartek")
    with open_queue(pbx, [bartek]) as queue:
        anna.dial(queue.number)
        anna.hears_music()
        for code in ("*8112", f"*8{bartek.number}"):
            ewa.dial(code)
            ewa.is_told_before_answer(Prompt.NOTHING_TO_PICK_UP)
            ewa.ended()
        celina.dial(f"*8{queue.number}")
        celina.talks()
        talk(anna, celina)
        anna.hangs_up()
        celina.ended()
        record = pbx.one_call(now)
    assert told(record) == [f"{queue.number} picked-up", "23 answered"]
    assert visit(record).outcome is Outcome.PICKED_UP


@pytest.mark.long
def test_the_queues_number_takes_who_waits_longest(
    pbx: Product, anna: Person, bartek: Person, celina: Person, darek: Person
) -> None:
    with open_queue(pbx, [bartek]) as queue:
        waits(anna, queue, bartek)
        darek.dial(queue.number)
        darek.hears_music()
        celina.dial(f"*8{queue.number}")
        celina.talks()
        talk(anna, celina)
        bartek.ended()
        bartek.rings(within=NEXT)
        bartek.answer()
        talk(darek, bartek)
        for one in (anna, darek):
            one.hangs_up()
        for one in (celina, bartek):
            one.ended()


@pytest.mark.long
def test_all_agents_who_ring_stop_ringing(
    pbx: Product, now: float, anna: Person, bartek: Person, celina: Person, darek: Person
) -> None:
    with open_queue(pbx, [bartek, celina]) as queue:
        waits(anna, queue, bartek)
        celina.rings()
        darek.dial(f"*8{celina.number}")
        darek.talks()
        talk(anna, darek)
        bartek.ended()
        celina.ended()
        anna.hangs_up()
        darek.ended()
        record = pbx.one_call(now)
    assert {offer.outcome for offer in visit(record).offers} == {Outcome.ELSEWHERE}
    assert visit(record).outcome is Outcome.PICKED_UP


@pytest.mark.long
def test_whoever_has_picked_up_can_transfer_and_need_be_no_agent(
    pbx: Product, now: float, anna: Person, bartek: Person, celina: Person, darek: Person
) -> None:
    with open_queue(pbx, [bartek]) as queue:
        waits(anna, queue, bartek)
        celina.dial(f"*8{bartek.number}")
        celina.talks()
        talk(anna, celina)
        celina.presses("#24")
        darek.rings(anna)
        celina.ended()
        darek.answer()
        talk(anna, darek)
        anna.hangs_up()
        darek.ended()
        record = pbx.one_call(now)
    assert told(record) == [f"{queue.number} picked-up", "23 transferred", "24 answered"]


def test_another_companys_caller_cannot_be_taken(
    pbx: Product, anna: Person, bartek: Person, hugo: Person, greta: Person, ines: Person
) -> None:
    """Greta has the same number as Bartek."""

    def tries(stranger: Person, code: str) -> None:
        stranger.dial(code)
        stranger.is_told_before_answer(Prompt.NOTHING_TO_PICK_UP)
        stranger.ended()

    with open_queue(pbx, [bartek]) as queue:
        waits(anna, queue, bartek)
        codes = ((hugo, f"*8{bartek.number}"), (greta, f"*8{queue.number}"), (ines, "*8112"))
        in_parallel([partial(tries, stranger, code) for stranger, code in codes])
        assert not bartek.device.has("ended")
        bartek.answer()
        talk(anna, bartek)
        anna.hangs_up()
        bartek.ended()


@pytest.mark.long
@pytest.mark.parametrize("lead", LEADS)
def test_of_two_who_take_the_same_caller_one_gets_him(
    pbx: Product, now: float, anna: Person, bartek: Person, celina: Person, darek: Person, lead: float
) -> None:
    with open_queue(pbx, [bartek]) as queue:
        waits(anna, queue, bartek)
        crossing(lambda: celina.dial(f"*8{queue.number}"), lambda: darek.dial(f"*8{bartek.number}"), lead)
        winner = exactly_one((celina, darek), lambda one: one.device.has("answered"), SETTLED, "one has the caller")
        talk(anna, winner)
        (loser,) = {celina, darek} - {winner}
        loser.ended(within=10)
        assert not loser.device.has("answered")
        bartek.ended()
        anna.hangs_up()
        winner.ended()
        record = pbx.one_call(now)
    assert told(record) == [f"{queue.number} picked-up", f"{winner.number} answered"]


@pytest.mark.long
@pytest.mark.parametrize("lead", LEADS)
def test_a_pickup_against_the_agents_answer_leaves_one_of_them_with_the_caller(
    pbx: Product, now: float, anna: Person, bartek: Person, celina: Person, lead: float
) -> None:
    with open_queue(pbx, [bartek]) as queue:
        waits(anna, queue, bartek)
        crossing(lambda: celina.dial(f"*8{queue.number}"), bartek.picks_up, lead)
        wait_until(lambda: bartek.is_free() or celina.is_free(), 8, "one of them has lost")
        winner = celina if bartek.is_free() else bartek
        talk(anna, winner)
        anna.hangs_up()
        for person in (bartek, celina):
            wait_until(person.is_free, SETTLED, f"{person.shown} is free")
        record = pbx.one_call(now)
    outcome = Outcome.ANSWERED if winner is bartek else Outcome.PICKED_UP
    assert told(record) == [f"{queue.number} {outcome.value}", f"{winner.number} answered"]
    assert visit(record).outcome is outcome


@pytest.mark.long
@pytest.mark.parametrize("lead", LEADS)
def test_a_pickup_against_a_caller_who_gives_up_leaves_nobody_waiting(
    pbx: Product, now: float, anna: Person, bartek: Person, celina: Person, lead: float
) -> None:
    with open_queue(pbx, [bartek]) as queue:
        waits(anna, queue, bartek)
        crossing(lambda: celina.dial(f"*8{queue.number}"), anna.hangs_up, lead)
        for person in (bartek, celina):
            wait_until(person.is_free, 8, f"{person.shown} is free")
        record = pbx.one_call(now)
    assert visit(record).outcome in (Outcome.ABANDONED, Outcome.PICKED_UP)
