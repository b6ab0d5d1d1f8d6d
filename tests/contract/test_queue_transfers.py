"""Into a queue by a transfer: with the same keys as to anybody, and nobody is lost on the way.

Anna calls Bartek, who sends her.
"""

import pytest

from app.core.actions import Prompt
from app.core.destinations import ToAccount
from app.core.outcome import Outcome
from app.core.queues import Duty, Strategy
from tests.contract.desk import told
from tests.contract.people import Person
from tests.contract.product import Product
from tests.contract.waiting_room import all_over, everybody_goes, joined, open_queue, talk, visit

RETURNS = 12  # seconds after the longest wait of ten in which the caller is back


@pytest.fixture
def talking(anna: Person, bartek: Person) -> None:
    """Anna has called Bartek."""
    anna.dial(bartek.number)
    bartek.rings(anna)
    bartek.answer()
    anna.talks()
    joined(anna, bartek)


# --- into it --------------------------------------------------------------------------------------------------------


def test_a_caller_is_sent_into_the_queue(
    pbx: Product, now: float, talking: None, anna: Person, bartek: Person, celina: Person
) -> None:
    with open_queue(pbx, [celina]) as queue:
        bartek.presses(f"#{queue.number}")
        shown = celina.rings()
        bartek.ended()
        anna.hears_music()
        celina.answer()
        joined(anna, celina)
        celina.hangs_up()
        anna.ended()
        record = pbx.one_call(now)
    assert (shown["number"], shown["name"].startswith(f"{queue.settings.name} {anna.shown}")) == (anna.number, True), shown
    assert told(record) == ["22 transferred", f"{queue.number} answered", "23 answered"]
    assert (visit(record).outcome, visit(record).agent) == (Outcome.ANSWERED, celina.login)


def test_an_agent_is_asked_first_and_gets_the_caller(
    pbx: Product, now: float, talking: None, anna: Person, bartek: Person, celina: Person
) -> None:
    with open_queue(pbx, [celina]) as queue:
        bartek.presses(f"**{queue.number}")
        celina.rings(bartek)
        bartek.hears_ringing_tone()
        anna.hears_music()
        celina.answer()
        talk(bartek, celina)
        anna.hears_music()
        celina.never_heard(anna)
        celina.listens_anew()
        bartek.hangs_up()
        joined(anna, celina)
        celina.sees(anna)
        everybody_goes(anna, celina)
        record = pbx.one_call(now)
    assert told(record) == ["22 transferred", f"{queue.number} answered"]
    assert record.parts[-1].login == celina.login
    assert record.visits == ()


@pytest.mark.long
def test_the_star_takes_the_caller_back_from_a_queue_that_rings_and_from_its_agent(
    pbx: Product, now: float, talking: None, anna: Person, bartek: Person, celina: Person
) -> None:
    with open_queue(pbx, [celina]) as queue:
        for answers in (False, True):
            bartek.presses(f"**{queue.number}")
            celina.rings(bartek)
            if answers:
                celina.answer()
                bartek.hears(celina)
            bartek.presses("*")
            celina.ended()
            joined(anna, bartek)
        anna.heard_no_keys()
        everybody_goes(anna, bartek)
        record = pbx.one_call(now)
    assert told(record) == [
        *("22 consulted", f"{queue.number} cancelled"),
        *("22 consulted", f"{queue.number} answered"),
        "22 answered",
    ]


@pytest.mark.long
def test_whoever_asks_for_a_queue_without_a_free_agent_is_told_so_and_has_the_caller(
    pbx: Product, now: float, talking: None, anna: Person, bartek: Person, celina: Person, darek: Person
) -> None:
    with open_queue(pbx, [celina]) as queue:
        darek.dial(celina.number)
        celina.rings(darek)
        celina.answer()
        talk(darek, celina)
        bartek.presses(f"**{queue.number}")
        anna.hears_music()
        bartek.is_told(Prompt.BUSY)
        joined(anna, bartek)
        celina.does_not_ring()
        everybody_goes(darek, celina, anna, bartek)
        first, _ = all_over(pbx, now, calls=2)
    assert told(first) == ["22 consulted", "22 answered"]
    assert first.visits == ()


def test_a_transferor_who_puts_down_while_the_queue_rings_leaves_the_caller_in_it(
    pbx: Product, now: float, talking: None, anna: Person, bartek: Person, celina: Person
) -> None:
    with open_queue(pbx, [celina]) as queue:
        bartek.presses(f"**{queue.number}")
        celina.rings(bartek)
        bartek.hangs_up()
        celina.ended()
        shown = celina.rings()
        anna.hears_music()
        celina.answer()
        joined(anna, celina)
        everybody_goes(anna, celina)
        record = pbx.one_call(now)
    assert shown["number"] == anna.number
    assert told(record) == ["22 transferred", f"{queue.number} cancelled", f"{queue.number} answered", "23 answered"]
    assert visit(record).agent == celina.login


@pytest.mark.long
def test_of_a_queue_in_order_the_next_agent_is_asked(
    pbx: Product, talking: None, anna: Person, bartek: Person, celina: Person, darek: Person
) -> None:
    with open_queue(pbx, [celina, darek], strategy=Strategy.IN_ORDER) as queue:
        bartek.presses(f"**{queue.number}")
        celina.rings(bartek)
        darek.does_not_ring()
        celina.declines()
        darek.rings(bartek)
        darek.answer()
        talk(bartek, darek)
        bartek.hangs_up()
        joined(anna, darek)
        everybody_goes(anna, darek)


@pytest.mark.long
def test_a_caller_sent_into_a_queue_without_agents_comes_back(
    pbx: Product, now: float, talking: None, anna: Person, bartek: Person, celina: Person
) -> None:
    with open_queue(pbx, [celina]) as queue:
        queue.duty(celina, Duty.SIGN_OUT)
        bartek.presses(f"#{queue.number}")
        bartek.ended()
        bartek.rings_again(anna, queue.number)
        bartek.answer()
        joined(anna, bartek)
        everybody_goes(anna, bartek)
        record = pbx.one_call(now)
    assert told(record) == ["22 transferred", f"{queue.number} overflowed", "22 answered"]
    assert visit(record).why == "no-agents"


@pytest.mark.long
def test_a_caller_whom_no_agent_takes_comes_back_to_who_sent_him(
    pbx: Product, now: float, talking: None, anna: Person, bartek: Person, celina: Person
) -> None:
    with open_queue(pbx, [celina], max_wait=10, ring=5, retry=1) as queue:
        bartek.presses(f"#{queue.number}")
        bartek.ended()
        celina.rings()
        bartek.rings_again(anna, queue.number, within=10 + RETURNS)
        anna.hears_ringing_tone()
        bartek.answer()
        joined(anna, bartek)
        everybody_goes(anna, bartek)
        record = pbx.one_call(now)
    assert told(record) == ["22 transferred", f"{queue.number} overflowed", "22 answered"]
    assert visit(record).why == "max-wait"


@pytest.mark.long
def test_a_caller_whom_no_agent_takes_goes_where_the_queue_overflows_to(
    pbx: Product, now: float, talking: None, anna: Person, bartek: Person, celina: Person, darek: Person
) -> None:
    with open_queue(pbx, [celina], max_wait=10, ring=5, retry=1, overflow=ToAccount(darek.login)) as queue:
        bartek.presses(f"#{queue.number}")
        bartek.ended()
        celina.rings()
        darek.rings(anna, within=10 + RETURNS)
        darek.answer()
        joined(anna, darek)
        bartek.does_not_ring()
        everybody_goes(anna, darek)
        record = pbx.one_call(now)
    assert told(record) == ["22 transferred", f"{queue.number} overflowed", "24 answered"]


@pytest.mark.long
def test_an_overflow_that_nobody_answers_leads_back_to_who_sent_him(
    pbx: Product, talking: None, anna: Person, bartek: Person, celina: Person, darek: Person
) -> None:
    with open_queue(pbx, [celina], no_agents=ToAccount(darek.login)) as queue:
        queue.duty(celina, Duty.SIGN_OUT)
        bartek.presses(f"#{queue.number}")
        darek.rings(anna)
        darek.is_busy()
        bartek.ended()
        bartek.rings()
        bartek.answer()
        joined(anna, bartek)
        everybody_goes(anna, bartek)


@pytest.mark.long
def test_a_caller_who_gives_up_after_a_transfer_has_abandoned_the_queue(
    pbx: Product, now: float, talking: None, anna: Person, bartek: Person, celina: Person
) -> None:
    with open_queue(pbx, [celina]) as queue:
        bartek.presses(f"#{queue.number}")
        celina.rings()
        bartek.ended()
        anna.hears_music()
        anna.hangs_up()
        celina.ended()
        record = pbx.one_call(now)
    assert told(record) == ["22 transferred", f"{queue.number} abandoned"]
    assert (record.outcome, visit(record).outcome) == (Outcome.ANSWERED, Outcome.ABANDONED)
