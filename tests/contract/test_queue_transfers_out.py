"""An agent sends the caller of his queue on, with the keys of any talk; his rest begins when he has left."""

import time

import pytest

from app.core.outcome import Outcome
from app.core.queues import Duty, Strategy
from tests.contract.desk import told
from tests.contract.people import Person
from tests.contract.product import Product
from tests.contract.waiting_room import WaitingRoom, everybody_goes, joined, open_queue, talk, visit

REST = 4
EARLY = 1.5  # seconds: the switch counts whole ones, and the two have talked for a while already
LATE = 2.5


def served(caller: Person, queue: WaitingRoom, agent: Person) -> None:
    """An agent has the caller from the queue."""
    caller.dial(queue.number)
    agent.rings()
    agent.answer()
    joined(caller, agent)


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
        everybody_goes(anna, celina)
        record = pbx.one_call(now)
    assert told(record) == [f"{queue.number} answered", "22 transferred", "23 answered"]


@pytest.mark.long
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
        everybody_goes(anna, celina)
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
        everybody_goes(anna, bartek)
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
        everybody_goes(anna, celina)
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
    with open_queue(pbx, [bartek], wrap_up=REST) as queue:
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
        bartek.rings(within=REST + 2 * LATE)
        assert REST - EARLY < time.monotonic() - left < REST + LATE
        bartek.answer()
        joined(darek, bartek)
        everybody_goes(anna, celina, darek, bartek)
