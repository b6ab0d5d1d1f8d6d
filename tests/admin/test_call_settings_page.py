"""Settings, Keys and transfers: how calls go, what to press, and what may not be deleted meanwhile."""

import pytest

from app.core.destinations import ToAccount, ToExtension
from app.services.actor import FIRST_START
from app.services.call_settings import CallSettings
from tests.admin import led

VALID = {"ring_seconds": "25", "digit_timeout": "4", "transfer_fallback-kind": ""}


@pytest.fixture
def office(cases, zabka, desk):
    """Number 22 leads to the reception."""
    cases.numbers.create(FIRST_START, zabka.id, "22", "Biuro", ToAccount(desk.login))
    return cases.numbers.list(zabka.id)[0]


@pytest.fixture
def led_to(cases, zabka):
    """Lead callers nobody takes back somewhere in Żabka."""
    return lambda to: cases.tenants.change_settings(FIRST_START, zabka.id, CallSettings(transfer_fallback=to))


def test_the_form_shows_how_calls_go_now(anna, cases, zabka, office):
    cases.tenants.change_settings(FIRST_START, zabka.id, CallSettings(45, 7, True, ToExtension("22")))
    page = anna.get("/settings/calls")
    assert (page.field("ring_seconds")["value"], page.field("digit_timeout")["value"]) == ("45", "7")
    assert page.field("keys_on_internal_calls").has_attr("checked")
    assert [one["value"] for one in page.html.select("#transfer_fallback [selected]")] == ["extension", "22"]


def test_the_settings_are_stored(ania, cases, zabka, office):
    page = ania.post(
        "/settings/calls", **VALID | {"keys_on_internal_calls": "y"} | led.to(ToExtension("22"), "transfer_fallback")
    )
    assert "Zapisano. Obowiązuje od następnego połączenia." in page.messages
    assert cases.tenants.settings(zabka.id) == CallSettings(25, 4, True, ToExtension("22"))


def test_a_phone_without_a_number_can_be_chosen_and_nobody_as_well(anna, cases, zabka, desk):
    anna.post("/settings/calls", **VALID | led.phone(desk, "transfer_fallback"))
    assert cases.tenants.settings(zabka.id).transfer_fallback == ToAccount(desk.login)
    anna.post("/settings/calls", **VALID)
    assert cases.tenants.settings(zabka.id) == CallSettings(25, 4)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("ring_seconds", "4", "Telefon może dzwonić od 5 do 120 sekund."),
        ("ring_seconds", "pół minuty", "Telefon może dzwonić od 5 do 120 sekund."),
        ("ring_seconds", "", "Telefon może dzwonić od 5 do 120 sekund."),
        ("ring_seconds", "9" * 5000, "Telefon może dzwonić od 5 do 120 sekund."),
        ("digit_timeout", "11", "Na następną cyfrę można czekać od 1 do 10 sekund."),
        ("digit_timeout", "³", "Na następną cyfrę można czekać od 1 do 10 sekund."),
    ],
)
def test_a_wrong_value_is_named_at_its_field_and_kept(ania, cases, zabka, field, value, said):
    page = ania.post("/settings/calls", **VALID | {field: value})
    assert (page.status, page.error(field)) == (422, said)
    assert page.field(field).get("value") in (value, None)
    assert cases.tenants.settings(zabka.id) == CallSettings()


def test_another_tenants_numbers_and_phones_cannot_be_chosen(anna, cases, zabka, acme, foreign):
    cases.numbers.create(FIRST_START, acme.id, "31", "Roadrunner", ToAccount(foreign.login))
    for to in (ToExtension("31"), ToAccount(foreign.login)):
        page = anna.post("/settings/calls", **VALID | led.to(to, "transfer_fallback"))
        assert page.error("transfer_fallback-which") in ("Choose an internal number.", "Choose a phone.")
    assert cases.tenants.settings(zabka.id) == CallSettings()


@pytest.mark.parametrize("keys", ["# 22", "** 22", "*", "*822", "*8112"])
def test_the_table_says_what_to_press(anna, office, keys):
    table = {row.th.get_text(): row.td.get_text() for row in anna.get("/settings/calls").html.select(".key-table tr")}
    assert len(table[keys]) > 30


def test_the_table_speaks_of_a_number_that_exists(anna, cases, zabka, desk):
    cases.numbers.create(FIRST_START, zabka.id, "301", "Biuro", ToAccount(desk.login))
    assert "*8301" in anna.get("/settings/calls").text


def test_the_page_says_on_which_side_the_keys_are(anna, cases, zabka):
    assert "The phone that was called has the keys" in anna.get("/settings/calls").text
    cases.tenants.change_settings(FIRST_START, zabka.id, CallSettings(keys_on_internal_calls=True))
    assert "both sides have the keys" in anna.get("/settings/calls").text


def test_a_number_callers_are_led_to_says_so_and_asks_for_another(ania, cases, zabka, desk, office, led_to):
    led_to(ToExtension("22"))
    page = ania.get(f"/numbers/{office.id}/delete")
    assert "Klawisze i przekazywanie rozmowy, których po nieudanym przekazaniu nikt nie odebrał" in page.text
    page = ania.post(f"/numbers/{office.id}/delete")
    assert page.error("replace_with-kind") == "Wybierz, co ma być zamiast tego."
    ania.post(f"/numbers/{office.id}/delete", **led.phone(desk, "replace_with"))
    assert not cases.numbers.list(zabka.id)
    assert cases.tenants.settings(zabka.id).transfer_fallback == ToAccount(desk.login)


def test_a_receptionist_sees_none_of_it(ewa):
    assert ewa.get("/settings/calls").status == 403
    assert ewa.post("/settings/calls", **VALID).status == 403
