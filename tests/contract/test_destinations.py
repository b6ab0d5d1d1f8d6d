"""Where numbers lead, told with people: ring plans and their conditions, menus, and transfers to anything there is."""

from pathlib import Path

import pytest

from app.core.actions import Prompt
from app.core.outcome import Outcome
from tests.contract.desk import told
from tests.contract.people import Person, hear_each_other
from tests.contract.product import Product
from tests.contract.trunk_peer import (
    COMPANY,
    MENU,
    OLAS,
    RAFAL,
    SALES,
    STRANGER,
    Staff,
    Town,
    shown,
)

# --- ring plans


def test_everybody_of_a_plan_rings_and_the_others_learn_who_was_faster(
    pbx: Product, now: float, outside: Town, piotr: Person, rafal: Person
) -> None:
    caller = outside.stranger
    caller.dial(SALES)
    for person in (piotr, rafal):
        event = person.rings()
        assert event["name"].startswith("Sprzedaż"), event
    caller.hears_ringing()
    rafal.answer()
    piotr.ended(reason="Call completed elsewhere")
    caller.talks()
    hear_each_other(caller, rafal)
    rafal.hangs_up()
    row = pbx.one_call(now, COMPANY)
    assert (row.caller_number, row.outcome) == (STRANGER.number, Outcome.ANSWERED)
    assert row.parts[-1].login == RAFAL.login


def test_a_plan_that_is_busy_goes_where_that_leads(outside: Town, ola: Person, piotr: Person, rafal: Person) -> None:
    outside.stranger.dial(SALES)
    for person in (piotr, rafal):
        person.rings()
    piotr.is_busy()
    rafal.declines()
    ola.rings()
    ola.answer()
    outside.stranger.talks()
    hear_each_other(outside.stranger, ola)


def test_a_plan_that_nobody_answers_goes_where_that_leads(outside: Town, piotr: Person, rafal: Person, tmp_path: Path) -> None:
    outside.stranger.dial(SALES)
    piotr.rings()
    rafal.rings()
    outside.stranger.talks(within=8)
    outside.stranger.device.ear(outside.stranger.call).hears_prompt(outside.message("pozniej", tmp_path))
    outside.stranger.ended()


def test_a_plan_of_which_nobody_is_registered_goes_outside_at_once(outside: Town, staff: Staff) -> None:
    outside.stranger.dial(SALES)
    invite = outside.mobile.rings(within=3)["invite"]
    assert shown(invite, "Diversion") != ""
    outside.mobile.answer()
    outside.mobile.is_told(Prompt.PRESS_ONE)
    outside.mobile.presses("1")
    outside.stranger.talks()
    hear_each_other(outside.stranger, outside.mobile)


def test_a_plan_in_order_rings_one_after_another(ola: Person, piotr: Person, rafal: Person) -> None:
    ola.dial("25")
    piotr.rings()
    rafal.does_not_ring()
    rafal.rings()
    piotr.ended()
    rafal.answer()
    ola.talks()
    hear_each_other(ola, rafal)


# --- menus


@pytest.mark.parametrize("method", ["rfc2833", "info"])
def test_a_menu_greets_and_its_keys_lead_on(
    pbx: Product, now: float, outside: Town, ola: Person, method: str, tmp_path: Path
) -> None:
    caller = outside.stranger
    caller.dial(MENU)
    caller.talks()
    caller.device.ear(caller.call).hears_prompt(outside.message("powitanie", tmp_path))
    caller.presses("1", method)
    ola.rings()
    ola.answer()
    hear_each_other(caller, ola)
    caller.hangs_up()
    ola.ended()
    assert pbx.one_call(now, COMPANY).outcome is Outcome.ANSWERED


def test_a_key_interrupts_the_greeting(outside: Town, ola: Person) -> None:
    outside.stranger.dial(MENU)
    outside.stranger.talks()
    outside.stranger.presses("1")
    ola.rings(within=2)


def test_an_internal_number_may_be_dialled_in_a_menu(outside: Town, piotr: Person) -> None:
    outside.stranger.dial(MENU)
    outside.stranger.talks()
    outside.stranger.presses("22")
    piotr.rings()
    piotr.answer()
    hear_each_other(outside.stranger, piotr)


def test_a_wrong_key_is_told_and_a_right_one_may_follow(outside: Town, ola: Person) -> None:
    caller = outside.stranger
    caller.dial(MENU)
    caller.talks()
    caller.presses("9")
    caller.is_told(Prompt.WRONG_CHOICE)
    caller.presses("1")
    ola.rings()


def test_a_menu_leads_outside_too(outside: Town, staff: Staff) -> None:
    outside.stranger.dial(MENU)
    outside.stranger.talks()
    outside.stranger.presses("2")
    outside.mobile.rings()
    outside.mobile.answer()
    outside.mobile.is_told(Prompt.PRESS_ONE)
    outside.mobile.presses("1")
    hear_each_other(outside.stranger, outside.mobile)


def test_who_chooses_nothing_is_not_kept(outside: Town, staff: Staff) -> None:
    outside.stranger.dial(MENU)
    outside.stranger.talks()
    outside.stranger.ended(within=20)


# --- transfers


@pytest.fixture
def talking(outside: Town, ola: Person) -> Person:
    """Somebody outside talks to Ola."""
    outside.stranger.dial(OLAS)
    ola.rings()
    ola.answer()
    outside.stranger.talks()
    hear_each_other(outside.stranger, ola)
    return outside.stranger


def test_a_caller_is_sent_to_a_city_number(talking: Person, ola: Person, piotr: Person) -> None:
    ola.presses("#40")
    piotr.rings()
    piotr.answer()
    hear_each_other(talking, piotr)
    ola.ended()


def test_a_caller_is_sent_to_a_telephone_outside(talking: Person, outside: Town, ola: Person) -> None:
    ola.presses("#30")
    outside.mobile.rings()
    outside.mobile.answer()
    outside.mobile.is_told(Prompt.PRESS_ONE)
    outside.mobile.presses("1")
    hear_each_other(talking, outside.mobile)


def test_a_caller_is_sent_to_a_menu_and_finds_his_way(talking: Person, ola: Person, piotr: Person) -> None:
    ola.presses("#41")
    ola.ended()
    talking.presses("22")
    piotr.rings()
    piotr.answer()
    hear_each_other(talking, piotr)


def test_a_telephone_outside_is_asked_first(pbx: Product, now: float, talking: Person, outside: Town, ola: Person) -> None:
    mobile = outside.mobile
    ola.presses("**30")
    mobile.rings()
    talking.hears_music()
    mobile.answer()
    mobile.is_told(Prompt.PRESS_ONE)
    mobile.presses("1")
    hear_each_other(ola, mobile)
    mobile.never_heard(Person(STRANGER, mobile.device, "pl", pbx.prompt))
    ola.hangs_up()
    hear_each_other(talking, mobile)
    talking.hangs_up()
    mobile.ended()
    assert len(told(pbx.one_call(now, COMPANY))) >= 2
