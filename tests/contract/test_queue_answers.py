"""Several agents answer a caller, or one who changes his mind: one of them has him, and nobody is left in silence or lost."""

import time

import pytest

from app.core.outcome import Outcome
from app.core.queues import Strategy
from tests.contract.desk import LEADS, crossing, told
from tests.contract.people import People, Person
from tests.contract.phone import wait_until
from tests.contract.product import Product
from tests.contract.waiting_room import open_queue, talk, visit

SETTLED = 3.0
TICK = 2.0  # seconds after which a free agent has surely been rung
WORD = 0.3  # seconds in which an agent has heard no more than the first word
WORDS = 12.0  # seconds in which he has heard all


def test_all_telephones_of_an_agent_ring_and_one_has_the_caller(
    pbx: Product, people: People, anna: Person, bartek: Person
) -> None:
    at_home = people.person("bartek", device="-home")
    with open_queue(pbx, [bartek]) as queue:
        anna.dial(queue.number)
        bartek.rings()
        at_home.rings()
        at_home.answer()
        talk(anna, at_home)
        bartek.ended(reason="Call completed elsewhere")
        anna.hangs_up()
        at_home.ended()


@pytest.mark.long
@pytest.mark.parametrize("lead", LEADS)
def test_of_two_agents_who_answer_at_once_one_has_the_caller_and_the_other_is_free(
    pbx: Product, now: float, anna: Person, bartek: Person, celina: Person, lead: float
) -> None:
    with open_queue(pbx, [bartek, celina]) as queue:
        anna.dial(queue.number)
        bartek.rings()
        celina.rings()
        crossing(bartek.picks_up, celina.picks_up, lead)
        wait_until(lambda: bartek.is_free() or celina.is_free(), SETTLED, "one of them has lost")
        winner, loser = (celina, bartek) if bartek.is_free() else (bartek, celina)
        talk(anna, winner)
        anna.hangs_up()
        for person in (winner, loser):
            wait_until(person.is_free, SETTLED, f"{person.shown} is free")
        record = pbx.one_call(now)
    assert told(record) == [f"{queue.number} answered", f"{winner.number} answered"]
    assert visit(record).agent == winner.login
    offers = {offer.agent: offer.outcome for offer in visit(record).offers}
    assert offers == {winner.login: Outcome.ANSWERED, loser.login: Outcome.ELSEWHERE}


@pytest.mark.long
@pytest.mark.parametrize("strategy", [Strategy.ALL, Strategy.IN_ORDER])
@pytest.mark.parametrize("patience", [0.0, 0.02, 0.04, 0.06, 0.1])
def test_an_agent_who_puts_down_as_he_answers_loses_nobody(
    pbx: Product, now: float, anna: Person, bartek: Person, celina: Person, patience: float, strategy: Strategy
) -> None:
    """If he had her for a moment it was he who ended the call; else she waits on, and the next agent has her."""
    with open_queue(pbx, [bartek, celina], strategy=strategy, retry=1) as queue:
        anna.dial(queue.number)
        bartek.rings()
        bartek.picks_up()
        time.sleep(patience)
        bartek.puts_down()
        time.sleep(TICK)  # nothing tells that she waits on
        if anna.is_free():
            record = pbx.one_call(now)
            assert told(record) == [f"{queue.number} answered", "22 answered"]
            return
        wait_until(lambda: not celina.is_free(), SETTLED, "Celina's phone rings")
        while celina.device.has("ringing"):  # the last time is now
            celina.rings()
        celina.answer()
        talk(anna, celina)
        anna.hangs_up()
        celina.ended()
        record = pbx.one_call(now)
    assert told(record) == [f"{queue.number} answered", "23 answered"]
    assert visit(record).agent == celina.login


@pytest.mark.long
@pytest.mark.parametrize("lead", LEADS)
def test_a_caller_who_gives_up_as_an_agent_answers_leaves_nobody_in_silence(
    pbx: Product, now: float, anna: Person, bartek: Person, celina: Person, lead: float
) -> None:
    with open_queue(pbx, [bartek, celina]) as queue:
        anna.dial(queue.number)
        bartek.rings()
        celina.rings()
        crossing(anna.hangs_up, bartek.picks_up, lead)
        for person in (anna, bartek, celina):
            wait_until(person.is_free, 2 * SETTLED, f"{person.shown} is free")
        record = pbx.one_call(now)
        assert visit(record).outcome in (Outcome.ABANDONED, Outcome.ANSWERED)
        anna.dial(queue.number)  # and the next caller is served as ever
        while bartek.device.has("ringing"):
            bartek.rings()
        bartek.rings(within=8)
        bartek.answer()
        talk(anna, bartek)
        anna.hangs_up()
        bartek.ended()


@pytest.mark.long
@pytest.mark.parametrize("strategy", [Strategy.ALL, Strategy.IN_ORDER])
def test_an_agent_who_puts_down_while_he_is_told_who_waits_leaves_him_to_the_next(
    pbx: Product, now: float, anna: Person, bartek: Person, celina: Person, strategy: Strategy
) -> None:
    with open_queue(pbx, [bartek, celina], strategy=strategy, retry=1, announce_agent=True) as queue:
        anna.dial(queue.number)
        bartek.rings()
        bartek.answer()
        time.sleep(WORD)
        while celina.device.has("ringing"):  # where all are rung; not any more
            celina.rings()
        bartek.hangs_up()
        celina.rings(within=TICK)
        celina.picks_up()
        anna.hears(celina, within=WORDS)
        anna.hangs_up()
        celina.ended()
        record = pbx.one_call(now)
    assert told(record) == [f"{queue.number} answered", "23 answered"]
    assert visit(record).agent == celina.login
