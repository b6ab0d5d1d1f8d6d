"""Ways into a queue: whatever leads to a number may lead to a queue, and a queue may lead to the next."""

import io
import time
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from app.core.destinations import Destination, ToAccount, ToCity, ToExtension, ToHangUp, ToMenu, ToRing
from app.core.directory import Choice
from app.core.outcome import Outcome
from app.core.queues import Duty
from app.services.audio import Recorded
from app.services.menus import MenuSettings
from tests.contract.desk import told
from tests.contract.people import Person
from tests.contract.product import TESTER, Product
from tests.contract.roster import BRIEFLY
from tests.contract.waiting_room import OPEN_SECONDS, WaitingRoom, a_number, open_queue, talk, visit

CITY = "+48221112233"
RETURN_PAUSE = 10  # of music, between the two times that a transferor is rung
LATE = 3


def has_him(caller: Person, agent: Person) -> None:
    """The agent answers the caller from the queue, and they talk it over."""
    agent.rings()
    caller.hears_music()
    agent.answer()
    talk(caller, agent)
    caller.hangs_up()
    agent.ended()


def ends_in(queue: WaitingRoom, now: float, *before: str) -> None:
    """The log has one call, whose last two parts are the queue and Bartek."""
    record = queue.pbx.one_call(now)
    assert told(record) == [*before, f"{queue.number} answered", "22 answered"], told(record)
    assert visit(record).outcome is Outcome.ANSWERED


@pytest.mark.long
def test_a_city_number_leads_into_a_queue(pbx: Product, now: float, anna: Person, bartek: Person) -> None:
    with open_queue(pbx, [bartek]) as queue, city_number(pbx, queue.to), a_number(pbx, ToCity(CITY)) as number:
        anna.dial(number)
        has_him(anna, bartek)
        record = pbx.one_call(now)
    assert told(record)[-1] == "22 answered"
    assert visit(record).outcome is Outcome.ANSWERED


@contextmanager
def city_number(pbx: Product, to: Destination) -> Iterator[None]:
    """The company's own."""
    tenant = pbx.tenant("Acme")
    with pbx.office() as services:
        city = services.cities.create(TESTER, tenant, CITY, "Serwis", to)
    try:
        yield
    finally:
        with pbx.office() as services:
            services.cities.delete(TESTER, tenant, city.id)


@pytest.mark.parametrize("method", ["rfc2833", pytest.param("info", marks=pytest.mark.long)])
def test_a_key_of_a_menu_leads_into_a_queue(pbx: Product, now: float, anna: Person, bartek: Person, method: str) -> None:
    with open_queue(pbx, [bartek]) as queue, a_menu(pbx, "Menu", queue.to), a_number(pbx, ToMenu("Menu")) as number:
        anna.dial(number)
        anna.talks()
        anna.presses("1", method)
        has_him(anna, bartek)
        record = pbx.one_call(now)
    assert told(record)[-2:] == [f"{queue.number} answered", "22 answered"]
    assert visit(record).outcome is Outcome.ANSWERED


@contextmanager
def a_menu(pbx: Product, name: str, to: Destination) -> Iterator[None]:
    """Its first key leads there; it greets with a second of silence."""
    greeting = io.BytesIO()
    with wave.open(greeting, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(2 * 8000))
    tenant, nothing = pbx.tenant("Acme"), Choice(1, ToHangUp())
    with pbx.office() as services:
        chosen = MenuSettings(name, {"1": to}, no_choice=nothing, wrong_choice=nothing)
        menu = services.menus.create(TESTER, tenant, chosen, Recorded("cisza.wav", greeting.getvalue()))
    try:
        yield
    finally:
        with pbx.office() as services:
            services.menus.delete(TESTER, tenant, menu.id)


def test_a_ring_plan_that_is_busy_leads_into_a_queue(
    pbx: Product, now: float, anna: Person, bartek: Person, celina: Person
) -> None:
    with open_queue(pbx, [bartek]) as queue, a_number(pbx, ToRing((celina.login,), busy=queue.to)) as number:
        anna.dial(number)
        celina.rings()
        bartek.does_not_ring()
        celina.is_busy()
        has_him(anna, bartek)
        ends_in(queue, now, f"{number} busy")


@pytest.mark.long
def test_a_queue_without_agents_leads_into_the_next(
    pbx: Product, now: float, anna: Person, bartek: Person, celina: Person
) -> None:
    with open_queue(pbx, [bartek]) as queue, open_queue(pbx, [celina], no_agents=ToExtension(queue.number)) as first:
        first.duty(celina, Duty.SIGN_OUT)
        anna.dial(first.number)
        has_him(anna, bartek)
        record = pbx.one_call(now)
    assert told(record) == [f"{first.number} overflowed", f"{queue.number} answered", "22 answered"]
    assert [(one.queue, one.outcome) for one in record.visits] == [
        (first.id, Outcome.OVERFLOWED),
        (queue.id, Outcome.ANSWERED),
    ]


@pytest.mark.long
def test_whoever_has_waited_in_vain_waits_in_the_next_queue(
    pbx: Product, now: float, anna: Person, bartek: Person, celina: Person
) -> None:
    last = {"max_wait": 10, "ring": 5, "retry": 1}
    with open_queue(pbx, [bartek]) as queue, open_queue(pbx, [celina], overflow=queue.to, **last) as first:
        anna.dial(first.number)
        celina.rings()
        bartek.rings(within=20)
        celina.ended()
        bartek.answer()
        talk(anna, bartek)
        anna.hangs_up()
        bartek.ended()
        record = pbx.one_call(now)
    assert told(record) == [f"{first.number} overflowed", f"{queue.number} answered", "22 answered"]


@pytest.mark.long
def test_a_caller_whom_nobody_takes_back_goes_into_the_queue_that_the_company_names(
    pbx: Product, now: float, anna: Person, bartek: Person, celina: Person, darek: Person
) -> None:
    with open_queue(pbx, [darek]) as queue, fallback(pbx, queue.to):
        anna.dial(bartek.number)
        bartek.rings(anna)
        bartek.answer()
        anna.talks()
        talk(anna, bartek)
        bartek.presses("#23")
        celina.rings(anna)
        celina.is_busy()
        bartek.rings_again(anna, "23")
        bartek.declines()
        bartek.rings_again(anna, "23", within=RETURN_PAUSE + LATE)
        bartek.declines()
        has_him(anna, darek)
        record = pbx.one_call(now)
    assert told(record) == ["22 transferred", "23 busy", "22 declined", f"{queue.number} answered", "24 answered"]
    assert visit(record).agent == darek.login


@contextmanager
def fallback(pbx: Product, to: Destination | None) -> Iterator[None]:
    """Where callers go whom nobody takes back."""
    tenant = pbx.tenant("Acme")
    with pbx.office() as services:
        services.tenants.change_settings(TESTER, tenant, replace(BRIEFLY, transfer_fallback=to))
    time.sleep(OPEN_SECONDS)
    try:
        yield
    finally:
        with pbx.office() as services:
            services.tenants.change_settings(TESTER, tenant, BRIEFLY)


@pytest.mark.long
def test_a_queue_answers_and_an_account_it_leads_to_that_is_busy_is_told_to_the_caller(
    pbx: Product, now: float, anna: Person, bartek: Person, celina: Person
) -> None:
    with open_queue(pbx, [bartek], keys={"5": ToAccount(celina.login)}) as queue:
        anna.dial(queue.number)
        bartek.rings()
        anna.presses("5")
        celina.rings(anna)
        celina.is_busy()
        anna.ended(within=10)
        record = pbx.one_call(now)
    assert told(record) == [f"{queue.number} overflowed", "23 busy"]
