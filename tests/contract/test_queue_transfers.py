"""Into a queue by a transfer, and out of it by the agent who answers: with the same keys, and nobody is lost on the way.

Anna calls Bartek, who sends her into the queue; or she has called the queue itself, and an agent sends her on.
"""

import time

import pytest

from app.core.actions import Prompt
from app.core.destinations import ToAccount
from app.core.outcome import Outcome
from app.core.queues import Duty, Strategy
from tests.contract.desk import KEYS_SECONDS, told
from tests.contract.people import Person
from tests.contract.phone import wait_until
from tests.contract.product import Product
from tests.contract.waiting_room import WaitingRoom, open_queue, talk, visit

GONE = 4.0  # seconds in which a phone must be free
BEFORE = 0.5  # of a rest, whose clock is the switch's, in whole seconds
LATE = 2.5
RETURNS = 12  # seconds after the longest wait of ten in which the caller is back


def joined(caller: Person, callee: Person) -> None:
    """They talk, and the keys are those of a talk."""
    talk(caller, callee)
    time.sleep(KEYS_SECONDS)


@pytest.fixture
def talking(anna: Person, bartek: Person) -> None:
    """Anna has called Bartek."""
    anna.dial(bartek.number)
    bartek.rings(anna)
    bartek.answer()
    anna.talks()
    joined(anna, bartek)


def everybody_is_gone(*people: Person) -> None:
    """Each puts down, and has no call."""
    for person in people:
        person.puts_down()
        wait_until(person.is_free, GONE, f"{person.shown} is free")


def served(caller: Person, queue: WaitingRoom, agent: Person) -> None:
    """An agent has the caller from the queue."""
    caller.dial(queue.number)
    agent.rings()
    agent.answer()
    joined(caller, agent)


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
        everybody_is_gone(anna, celina)
        record = pbx.one_call(now)
    assert told(record) == ["22 transferred", f"{queue.number} answered"]
    assert record.parts[-1].login == celina.login
    assert record.visits == ()


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
        everybody_is_gone(anna, bartek)
        record = pbx.one_call(now)
    assert told(record) == [
        *("22 consulted", f"{queue.number} cancelled"),
        *("22 consulted", f"{queue.number} answered"),
        "22 answered",
    ]


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
        everybody_is_gone(darek, celina, anna, bartek)
        wait_until(lambda: all(row.ended for row in pbx.log_since(now)), GONE, "both calls are over")
        first, _ = pbx.log_since(now)
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
        everybody_is_gone(anna, celina)
        record = pbx.one_call(now)
    assert shown["number"] == anna.number
    assert told(record) == ["22 transferred", f"{queue.number} cancelled", f"{queue.number} answered", "23 answered"]
    assert visit(record).agent == celina.login


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
        everybody_is_gone(anna, darek)


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
        everybody_is_gone(anna, bartek)
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
        everybody_is_gone(anna, bartek)
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
        everybody_is_gone(anna, darek)
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
        everybody_is_gone(anna, bartek)


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


# --- out of it ------------------------------------------------------------------------------------------------------


def test_an_agent_sends_his_caller_on(pbx: Product, now: float, anna: Person, bartek: Person, celina: Person) -> None:
    with open_queue(pbx, [bartek]) as queue:
        served(anna, queue, bartek)
        bartek.presses("#")
        anna.hears_music()
        bartek.hears_dial_tone()
        bartek.presses("23")
        celina.rings(anna)
        bartek.ended()
        celina.answer()
        joined(anna, celina)
        anna.heard_no_keys()
        celina.never_heard(bartek)
        everybody_is_gone(anna, celina)
        record = pbx.one_call(now)
    assert told(record) == [f"{queue.number} answered", "22 transferred", "23 answered"]


def test_an_agent_asks_a_colleague_who_gets_the_caller(
    pbx: Product, now: float, anna: Person, bartek: Person, celina: Person
) -> None:
    with open_queue(pbx, [bartek]) as queue:
        served(anna, queue, bartek)
        bartek.presses("**23")
        celina.rings(bartek)
        anna.hears_music()
        celina.answer()
        talk(bartek, celina)
        celina.never_heard(anna)
        celina.listens_anew()
        bartek.hangs_up()
        joined(anna, celina)
        celina.sees(anna)
        everybody_is_gone(anna, celina)
        record = pbx.one_call(now)
    assert told(record) == [f"{queue.number} answered", "22 transferred", "23 answered"]
    assert [(offer.agent, offer.outcome) for offer in visit(record).offers] == [(bartek.login, Outcome.ANSWERED)]


@pytest.mark.long
@pytest.mark.parametrize("method", ["rfc2833", "info"])
def test_an_agent_has_his_caller_back_with_the_star(
    pbx: Product, now: float, anna: Person, bartek: Person, celina: Person, method: str
) -> None:
    with open_queue(pbx, [bartek]) as queue:
        served(anna, queue, bartek)
        bartek.presses("**23", method)
        celina.rings(bartek)
        bartek.presses("*", method)
        celina.ended()
        joined(anna, bartek)
        anna.heard_no_keys()
        everybody_is_gone(anna, bartek)
        record = pbx.one_call(now)
    assert told(record) == [f"{queue.number} answered", "22 consulted", "23 cancelled", "22 answered"]


@pytest.mark.long
def test_an_agent_sends_his_caller_back_into_the_same_queue(
    pbx: Product, now: float, anna: Person, bartek: Person, celina: Person
) -> None:
    with open_queue(pbx, [bartek, celina], strategy=Strategy.IN_ORDER) as queue:
        served(anna, queue, bartek)
        queue.duty(bartek, Duty.SIGN_OUT)
        bartek.presses(f"#{queue.number}")
        bartek.ended()
        celina.rings()
        celina.answer()
        joined(anna, celina)
        everybody_is_gone(anna, celina)
        record = pbx.one_call(now)
    assert told(record) == [f"{queue.number} answered", "22 transferred", f"{queue.number} answered", "23 answered"]
    assert [(one.outcome, one.agent) for one in record.visits] == [
        (Outcome.ANSWERED, bartek.login),
        (Outcome.ANSWERED, celina.login),
    ]


@pytest.mark.long
@pytest.mark.parametrize("code", ["#23", "**23"])
def test_an_agents_rest_begins_when_he_has_left(
    pbx: Product, anna: Person, bartek: Person, celina: Person, darek: Person, code: str
) -> None:
    with open_queue(pbx, [bartek], wrap_up=4) as queue:
        served(anna, queue, bartek)
        darek.dial(queue.number)
        bartek.presses(code)
        celina.rings()
        if code.startswith("**"):
            celina.answer()
            talk(bartek, celina)
            bartek.does_not_ring(2.0)  # nor would he be rung if his rest had begun
            bartek.hangs_up()
        else:
            bartek.ended()
            celina.answer()
        joined(anna, celina)
        left = time.monotonic()
        bartek.rings(within=4 + 2 * LATE)
        assert 4 - 2 * BEFORE - 1 < time.monotonic() - left < 4 + LATE
        bartek.answer()
        joined(darek, bartek)
        everybody_is_gone(anna, celina, darek, bartek)
