"""Settings, Keys and transfers: how calls go, what to press, and what may not be deleted meanwhile."""

import pytest

from app.core.destinations import ToAccount
from app.services.actor import FIRST_START
from app.services.call_settings import CallSettings, Fallback

VALID = {"ring_seconds": "25", "digit_timeout": "4", "transfer_fallback": ""}


@pytest.fixture
def office(cases, zabka, desk):
    """Number 22 leads to the reception."""
    cases.numbers.create(FIRST_START, zabka.id, "22", "Biuro", ToAccount(desk.login))
    return cases.numbers.list(zabka.id)[0]


@pytest.fixture
def led_to(cases, zabka):
    """Lead callers nobody takes back to a number or phone of Żabka."""
    return lambda kind, value: cases.tenants.change_settings(
        FIRST_START, zabka.id, CallSettings(transfer_fallback=Fallback(kind, value))
    )


def test_the_form_shows_how_calls_go_now(anna, cases, zabka, office):
    cases.tenants.change_settings(FIRST_START, zabka.id, CallSettings(45, 7, True, Fallback("extension", "22")))
    page = anna.get("/settings/calls")
    assert (page.field("ring_seconds")["value"], page.field("digit_timeout")["value"]) == ("45", "7")
    assert page.field("keys_on_internal_calls").has_attr("checked")
    assert page.html.select_one("#transfer_fallback [selected]")["value"] == "extension:22"


def test_the_settings_are_stored(ania, cases, zabka, office):
    page = ania.post("/settings/calls", **VALID | {"keys_on_internal_calls": "y", "transfer_fallback": "extension:22"})
    assert "Zapisano. Obowiązuje od następnego połączenia." in page.messages
    assert cases.tenants.settings(zabka.id) == CallSettings(25, 4, True, Fallback("extension", "22"))


def test_a_phone_without_a_number_can_be_chosen_and_nobody_as_well(anna, cases, zabka, desk):
    anna.post("/settings/calls", **VALID | {"transfer_fallback": f"account:{desk.login}"})
    assert cases.tenants.settings(zabka.id).transfer_fallback == Fallback("account", desk.login)
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
        ("transfer_fallback", "extension:77", "Wybierz jeden z numerów lub telefonów."),
        ("transfer_fallback", "nonsense", "Wybierz jeden z numerów lub telefonów."),
    ],
)
def test_a_wrong_value_is_named_at_its_field_and_kept(ania, cases, zabka, field, value, said):
    page = ania.post("/settings/calls", **VALID | {field: value})
    assert (page.status, page.error(field)) == (422, said)
    assert page.field(field).get("value") in (value, None)
    assert cases.tenants.settings(zabka.id) == CallSettings()


def test_another_tenants_numbers_and_phones_cannot_be_chosen(anna, cases, zabka, acme, foreign):
    cases.numbers.create(FIRST_START, acme.id, "31", "Roadrunner", ToAccount(foreign.login))
    for value in ("extension:31", f"account:{foreign.login}"):
        assert anna.post("/settings/calls", **VALID | {"transfer_fallback": value}).error("transfer_fallback")
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


def test_a_number_callers_are_led_to_shows_so_instead_of_being_deleted(ania, cases, zabka, office, led_to):
    led_to("extension", "22")
    page = ania.get(f"/numbers/{office.id}/delete")
    assert any(message.startswith("Pod numer 22 trafiają rozmowy") for message in page.messages)
    assert page.html.select_one("main form .button.primary")["href"] == "/settings/calls#transfer_fallback"
    assert not page.html.select(".danger")
    page = ania.post(f"/numbers/{office.id}/delete")
    assert page.status == 422
    assert [message.get_text(strip=True)[:23] for message in page.html.select("form .message")] == ["Pod numer 22 trafiają r"]
    assert cases.numbers.list(zabka.id)


def test_a_phone_callers_are_led_to_hands_them_to_another(anna, cases, zabka, desk, account, led_to):
    other = account(zabka, "Magazyn")
    led_to("account", desk.login)
    page = anna.get(f"/phones/{desk.id}/delete")
    assert "Callers nobody takes back after a transfer are led to it." in page.text
    page = anna.post(f"/phones/{desk.id}/delete", replace_with="")
    assert (page.status, len(page.html.select("form .message"))) == (422, 1)
    anna.post(f"/phones/{desk.id}/delete", replace_with=other.id)
    assert cases.tenants.settings(zabka.id).transfer_fallback == Fallback("account", other.login)


def test_the_last_phone_callers_are_led_to_says_what_to_do_first(anna, desk, led_to):
    led_to("account", desk.login)
    page = anna.get(f"/phones/{desk.id}/delete")
    assert "There is no other phone they could be led to." in page.text
    assert not page.html.select(".danger")


def test_a_receptionist_sees_none_of_it(ewa):
    assert ewa.get("/settings/calls").status == 403
    assert ewa.post("/settings/calls", **VALID).status == 403
