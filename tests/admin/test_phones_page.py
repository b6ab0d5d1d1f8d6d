"""Phones: the list, setting one up, the password that is seen once, deleting with a replacement."""

import re

import pytest

from app.core.destinations import ToAccount, ToExternal, ToRing
from app.services.actor import FIRST_START
from tests.admin.led import phone, to

MASK = re.compile(r"^[A-Za-z0-9]{16}$")


def password_on(page):
    shown = page.html.find(id="password")
    return shown.get_text(strip=True) if shown else None


def test_an_empty_list_says_what_it_is_for(anna):
    assert "No phone yet" in anna.get("/phones/").text


def test_a_new_phone_shows_its_password_exactly_once(anna, cases, zabka):
    page = anna.post("/phones/new", name="Magazyn", follow=False)
    address = page.answer.headers["Location"]
    first, second = anna.get(address), anna.get(address)
    account = cases.accounts.list(zabka.id)[0]
    assert MASK.match(password_on(first))
    assert first.html.find(id="login").get_text(strip=True) == account.login
    assert first.html.find(id="server").get_text(strip=True) == "192.168.1.10"
    assert first.html.select_one(".qr svg")
    assert password_on(second) is None
    assert "The password has been shown already." in second.text


def test_a_password_is_shown_to_nobody_else(anna, ania):
    address = anna.post("/phones/new", name="Magazyn", follow=False).answer.headers["Location"]
    assert password_on(ania.get(address)) is None
    assert MASK.match(password_on(anna.get(address)))


def test_no_page_and_no_cookie_keeps_the_password(anna):
    page = anna.post("/phones/new", name="Magazyn", follow=False)
    shown = password_on(anna.get(page.answer.headers["Location"]))
    assert shown not in anna.client.get_cookie("centralka").value
    assert shown not in page.answer.headers["Location"]
    assert page.answer.headers["Cache-Control"] == "no-store"


def test_a_phone_without_a_name_is_refused_at_its_field(ania):
    page = ania.post("/phones/new", name="")
    assert (page.status, page.error("name")) == (422, "Wpisz nazwę.")


def test_renewing_says_what_it_means_and_shows_another_password(anna, cases, zabka, desk):
    before = cases.lookup.directory_entry(desk.login).a1_hash
    assert "Every device signed in on this phone is signed out" in anna.get(f"/phones/{desk.id}/renew").text
    page = anna.post(f"/phones/{desk.id}/renew")
    assert MASK.match(password_on(page))
    assert cases.lookup.directory_entry(desk.login).a1_hash != before


def test_renaming_is_told_and_kept(anna, cases, zabka, desk):
    page = anna.post(f"/phones/{desk.id}", name="Biuro")
    assert "Saved. Other phones show the new name from the next call on." in page.messages
    assert cases.accounts.get(zabka.id, desk.id).name == "Biuro"


def test_a_wrong_new_name_keeps_what_was_typed(anna, desk):
    page = anna.post(f"/phones/{desk.id}", name="x" * 101)
    assert page.error("name") == "The name is too long: at most 100 characters."
    assert page.field("name")["value"] == "x" * 101


def test_a_phone_nobody_uses_is_deleted_after_asking(anna, cases, zabka, desk):
    assert "Past calls stay in the history." in anna.get(f"/phones/{desk.id}/delete").text
    assert "The phone “Recepcja” has been deleted." in anna.post(f"/phones/{desk.id}/delete").messages
    assert not cases.accounts.list(zabka.id)


def test_deleting_names_who_leads_there_and_offers_something_else(anna, cases, zabka, desk, account):
    other = account(zabka, "Magazyn")
    cases.numbers.create(FIRST_START, zabka.id, "22", "Biuro", ToAccount(desk.login))
    cases.numbers.create(FIRST_START, zabka.id, "23", "Razem", ToRing((desk.login,), busy=ToAccount(desk.login)))
    page = anna.get(f"/phones/{desk.id}/delete")
    assert "It is used in 2 places: 22 Biuro internal number 23 Razem internal number" in page.text
    assert desk.login not in {option["value"] for option in page.html.select("template option")}
    page = anna.post(f"/phones/{desk.id}/delete")
    assert page.error("replace_with-kind") == "Choose what shall take its place."
    anna.post(f"/phones/{desk.id}/delete", **phone(other, "replace_with"))
    there = ToAccount(other.login)
    assert [row.to for row in cases.numbers.list(zabka.id)] == [there, ToRing((other.login,), busy=there)]


def test_in_a_ring_plan_only_a_phone_can_take_its_place(anna, cases, zabka, desk, account):
    beside = account(zabka, "Magazyn")
    cases.numbers.create(FIRST_START, zabka.id, "22", "Razem", ToRing((desk.login, beside.login)))
    page = anna.post(f"/phones/{desk.id}/delete", **to(ToExternal("+48600100200"), "replace_with"))
    assert page.error("replace_with-which").startswith("It rings together with others at “22”")
    assert cases.accounts.get(zabka.id, desk.id)


@pytest.mark.parametrize("login", ["nonsense", "", "000000"])
def test_a_replacement_that_is_none_is_refused(anna, cases, zabka, desk, login):
    cases.numbers.create(FIRST_START, zabka.id, "22", "Recepcja", ToAccount(desk.login))
    page = anna.post(f"/phones/{desk.id}/delete", **to(ToAccount(login), "replace_with"))
    assert (page.status, page.error("replace_with-which")) == (422, "Choose a phone.")


def test_a_replacement_of_another_tenant_is_refused(anna, cases, zabka, desk, foreign):
    cases.numbers.create(FIRST_START, zabka.id, "22", "Recepcja", ToAccount(desk.login))
    assert anna.post(f"/phones/{desk.id}/delete", **phone(foreign, "replace_with")).status == 422
    assert cases.accounts.get(zabka.id, desk.id)


def test_a_phone_chooses_the_number_it_shows_outside(ania, cases, zabka, desk):
    assert ania.get(f"/phones/{desk.id}").field("presents") is None
    for number in ("221234567", "600700800"):
        cases.cities.create(FIRST_START, zabka.id, number, "Główny", ToAccount(desk.login))
    page = ania.get(f"/phones/{desk.id}")
    offered = [option.get_text() for option in page.field("presents").select("option")]
    assert offered == ["numer główny: 22 123 45 67", "22 123 45 67 Główny", "600 700 800 Główny"]
    page = ania.post(f"/phones/{desk.id}/presents", presents="+48600700800")
    assert "Zapisano. Połączenia z telefonu „Recepcja” na zewnątrz pokazują go od teraz." in page.messages
    assert page.html.select_one("#presents [selected]")["value"] == "+48600700800"
    ania.post(f"/phones/{desk.id}/presents", presents="")
    assert not ania.get(f"/phones/{desk.id}").html.select("#presents [selected]:not([value=''])")


def test_a_number_of_another_tenant_cannot_be_shown(anna, cases, acme, desk, foreign):
    cases.cities.create(FIRST_START, acme.id, "221234567", "Main", ToAccount(foreign.login))
    cases.cities.create(FIRST_START, desk.tenant_id, "600700800", "Nasz", ToAccount(desk.login))
    page = anna.post(f"/phones/{desk.id}/presents", presents="+48221234567")
    assert (page.status, page.error("presents")) == (422, "Choose a city number.")


def test_devices_are_shown_with_their_state_in_words(anna, desk, sign_on):
    assert "not signed in" in anna.get("/phones/").text
    sign_on(desk)
    page = anna.get("/phones/")
    assert "Recepcja free Yealink T46U since" in page.text
    assert "Yealink T46U" in anna.get(f"/phones/{desk.id}").text


def test_a_receptionist_sees_phones_and_changes_nothing(ewa, desk, sign_on):
    sign_on(desk)
    page = ewa.get("/phones/")
    assert "Yealink T46U" in page.text
    assert not page.html.select("main a")
