"""Queues and the world outside, over real trunks: callers by a city number or a menu, agents with telephones there."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from app.core.actions import Prompt
from app.core.destinations import Destination
from app.core.outcome import Outcome
from app.core.queues import Strategy
from tests.contract.desk import told
from tests.contract.people import Person
from tests.contract.phone import wait_until
from tests.contract.product import TESTER, Product
from tests.contract.trunk_peer import (
    COMPANY,
    MAIN,
    MENU,
    MOBILE,
    STRANGER,
    Town,
    shown,
)
from tests.contract.waiting_room import OPEN_SECONDS, open_queue, talk, visit
from tests.contract.worlds import FREESWITCH

pytestmark = [pytest.mark.long, pytest.mark.parametrize("pbx", [FREESWITCH], indirect=True, scope="session")]

RETRY = 1
LATE = 4.0


@contextmanager
def city_leads_to(pbx: Product, to: Destination) -> Iterator[None]:
    """The company's main number leads there meanwhile."""
    tenant = pbx.tenant(COMPANY)
    with pbx.office() as services:
        (city,) = [one for one in services.cities.list(tenant) if one.number == MAIN]
        services.cities.change(TESTER, tenant, city.id, to=to)
    time.sleep(OPEN_SECONDS)
    try:
        yield
    finally:
        with pbx.office() as services:
            services.cities.change(TESTER, tenant, city.id, to=city.to)


@contextmanager
def menu_leads_to(pbx: Product, to: Destination) -> Iterator[None]:
    """The first key of the company's menu does."""
    tenant = pbx.tenant(COMPANY)
    with pbx.office() as services:
        (menu,) = services.menus.list(tenant)
        kept = menu.settings
        services.menus.change(TESTER, tenant, menu.id, replace(kept, keys={**kept.keys, "1": to}))
    time.sleep(OPEN_SECONDS)
    try:
        yield
    finally:
        with pbx.office() as services:
            services.menus.change(TESTER, tenant, menu.id, kept)


def dials(caller: Person, number: str, agent: Person) -> None:
    """The agent's phone rings for the queue."""
    caller.dial(number)
    event = agent.rings()
    assert event["name"].startswith("Serwis"), event


def test_a_city_number_leads_into_a_queue_and_the_agent_sees_who_calls(
    pbx: Product, now: float, outside: Town, piotr: Person
) -> None:
    caller = outside.stranger
    with open_queue(pbx, [piotr], COMPANY) as queue, city_leads_to(pbx, queue.to):
        dials(caller, MAIN, piotr)
        caller.hears_music()
        piotr.answer()
        talk(caller, piotr)
        caller.presses("#22")  # nobody outside has keys
        talk(caller, piotr)
        piotr.hangs_up()
        caller.ended()
        record = pbx.one_call(now, COMPANY)
    assert told(record)[-1] == "22 answered"
    assert visit(record).agent == piotr.login


def test_a_menu_leads_into_a_queue_and_its_agent_sends_the_caller_on(
    pbx: Product, now: float, outside: Town, ola: Person, piotr: Person
) -> None:
    caller = outside.stranger
    with open_queue(pbx, [piotr], COMPANY) as queue, menu_leads_to(pbx, queue.to):
        caller.dial(MENU)
        caller.talks()
        caller.presses("1")
        event = piotr.rings()
        assert event["name"].startswith(f"{queue.settings.name} 500600700, czeka"), event
        piotr.answer()
        talk(caller, piotr)
        piotr.presses("#21")
        ola.rings()
        piotr.ended()
        ola.answer()
        talk(caller, ola)
        caller.hangs_up()
        ola.ended()
        record = pbx.one_call(now, COMPANY)
    assert told(record)[-3:] == [f"{queue.number} answered", "22 transferred", "21 answered"]
    assert record.caller_number == STRANGER.number


def test_an_agent_outside_is_asked_to_press_one(pbx: Product, now: float, outside: Town, ola: Person) -> None:
    mobile = outside.mobile
    with open_queue(pbx, [mobile], COMPANY) as queue:
        ola.dial(queue.number)
        invite = mobile.rings()["invite"]
        assert shown(invite, "From") == MAIN
        mobile.answer()
        mobile.is_told(Prompt.PRESS_ONE)
        ola.hears_music()
        mobile.presses("1")
        talk(ola, mobile)
        ola.hangs_up()
        mobile.ended()
        record = pbx.one_call(now, COMPANY)
    assert told(record) == [f"{queue.number} answered", f"{MOBILE.number} answered"]
    assert (visit(record).outcome, visit(record).agent) == (Outcome.ANSWERED, MOBILE.number)


def test_an_agent_outside_who_does_not_press_one_has_not_taken_the_caller(
    pbx: Product, now: float, outside: Town, ola: Person, piotr: Person
) -> None:
    mobile = outside.mobile
    with open_queue(pbx, [mobile, piotr], COMPANY, strategy=Strategy.IN_ORDER, retry=RETRY) as queue:
        ola.dial(queue.number)
        mobile.rings()
        mobile.answer()
        mobile.hangs_up()
        piotr.rings(within=LATE)
        ola.hears_music()
        piotr.answer()
        talk(ola, piotr)
        ola.hangs_up()
        piotr.ended()
        record = pbx.one_call(now, COMPANY)
    assert [(one.agent, one.outcome) for one in visit(record).offers] == [
        (MOBILE.number, Outcome.NO_ANSWER),
        (piotr.login, Outcome.ANSWERED),
    ]


def test_an_agent_in_the_house_who_is_faster_ends_the_call_outside(
    pbx: Product, now: float, outside: Town, ola: Person, piotr: Person
) -> None:
    mobile = outside.mobile
    with open_queue(pbx, [mobile, piotr], COMPANY) as queue:
        ola.dial(queue.number)
        mobile.rings()
        mobile.answer()
        mobile.is_told(Prompt.PRESS_ONE)
        piotr.rings()
        piotr.answer()
        talk(ola, piotr)
        wait_until(mobile.is_free, LATE, "the telephone outside is free")
        piotr.hangs_up()
        ola.ended()
        record = pbx.one_call(now, COMPANY)
    assert {one.agent: one.outcome for one in visit(record).offers} == {
        MOBILE.number: Outcome.ELSEWHERE,
        piotr.login: Outcome.ANSWERED,
    }


@contextmanager
def limited(pbx: Product, **limits: object) -> Iterator[None]:
    """The company may call outside only so meanwhile."""
    tenant = pbx.tenant(COMPANY)
    with pbx.office() as services:
        kept = services.tenants.settings(tenant)
        services.tenants.change_settings(TESTER, tenant, replace(kept, limits=replace(kept.limits, **limits)))
    time.sleep(OPEN_SECONDS)
    try:
        yield
    finally:
        with pbx.office() as services:
            services.tenants.change_settings(TESTER, tenant, kept)


def test_no_more_telephones_outside_are_rung_at_once_than_the_limit_leaves(
    pbx: Product, now: float, outside: Town, ola: Person
) -> None:
    """One of the two that the queue would ring together; then, since nobody answers there, the other."""
    mobiles = [outside.mobile, outside.stranger]
    with limited(pbx, calls_at_once=1), open_queue(pbx, mobiles, COMPANY, ring=5, retry=RETRY) as queue:
        ola.dial(queue.number)
        time.sleep(16)
        ola.hangs_up()
        record = pbx.one_call(now, COMPANY)
    first, second, *others = visit(record).offers
    assert {first.agent, second.agent} == {MOBILE.number, STRANGER.number}
    for one, next_ in zip((first, second, *others), (second, *others), strict=False):
        assert one.ended is not None
        assert one.ended <= next_.started


def test_whoever_cannot_be_called_back_is_told_so_and_waits_on(pbx: Product, now: float, outside: Town, piotr: Person) -> None:
    caller = outside.stranger
    nowhere = limited(pbx, countries=frozenset())
    with nowhere, open_queue(pbx, [piotr], COMPANY, call_back="1", ring=60) as queue, city_leads_to(pbx, queue.to):
        dials(caller, MAIN, piotr)
        caller.hears_music()
        caller.presses("1")
        caller.is_told(Prompt.NO_CALL_BACK)
        caller.hears_music()
        piotr.answer()
        talk(caller, piotr)
        caller.hangs_up()
        piotr.ended()
        record = pbx.one_call(now, COMPANY)
    assert visit(record).outcome is Outcome.ANSWERED
