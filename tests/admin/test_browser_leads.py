"""In a real browser: choosing where a number leads, the one screen, menus; by keyboard, on a phone, without scripts."""

import re

import pytest
from playwright.sync_api import expect

from app.core.destinations import ToAccount, ToExtension, ToExternal, ToHangUp, ToHours, ToRing
from app.core.directory import Choice
from app.core.hours import Schedule
from app.services.actor import FIRST_START
from app.services.audio import Recorded
from app.services.menus import MenuSettings
from app.services.queue_settings import QueueSettings
from tests.admin.test_browser import (
    DESK,
    PHONE,
    at_desk,
    chromium,
    company,
    on_phone,
    pytestmark,
    session,
    sign_in,
)
from tests.services.waves import wave_file

__all__ = ["at_desk", "chromium", "company", "on_phone", "pytestmark", "session"]

PAGES = (
    *(
        "/services/",
        "/services/numbering",
        "/services/numbering?suggest=",
        "/numbers/",
        "/numbers/?edit=1",
        "/numbers/1/delete",
    ),
    *("/cities/", "/cities/1", "/phones/1", "/phones/1/delete", "/settings/outside/", "/settings/calls"),
    *("/menus/", "/menus/1", "/menus/new", "/menus/1/delete", "/messages/", "/messages/1", "/messages/new"),
    *("/queues/", "/queues/1", "/queues/1/settings", "/queues/1/delete", "/queues/new"),
    *("/queues/statistics/", "/queues/call-back/"),
    *("/schedules/", "/schedules/1", "/schedules/new", "/schedules/1/delete"),
)


@pytest.fixture(scope="module")
def furnished(company):
    """Żabka with one of everything: 21 leads to a ring plan by opening hours, 22 to a phone."""
    cases, zabka, address = company
    recorded = Recorded("told.wav", wave_file(0.2))
    desk = cases.accounts.list(zabka.id)[0]
    beside = cases.accounts.create(FIRST_START, zabka.id, "Magazyn").account
    cases.schedules.create(FIRST_START, zabka.id, Schedule("biuro", frozenset(range(5)), 480, 960, "PL"))
    cases.messages.create(FIRST_START, zabka.id, "nieczynne", recorded)
    cases.numbers.create(FIRST_START, zabka.id, "22", "Recepcja", ToAccount(desk.login))
    both = ToRing((desk.login, beside.login), busy=ToExtension("22"), no_answer=ToExtension("22"))
    cases.numbers.create(FIRST_START, zabka.id, "24", "Biuro", ToHours("biuro", both, ToHangUp()))
    end = Choice(1, ToHangUp())
    cases.menus.create(FIRST_START, zabka.id, MenuSettings("powitanie", {"1": ToExtension("24")}, end, end), recorded)
    cases.cities.create(FIRST_START, zabka.id, "221234567", "Główny", ToExtension("24"))
    agents = (ToAccount(desk.login), ToAccount(beside.login), ToExternal("+48600100200"))
    cases.queues.create(FIRST_START, zabka.id, QueueSettings("Serwis", agents=agents))
    return cases, zabka, address


def numbers(cases, zabka):
    return {row.number: row.to for row in cases.numbers.list(zabka.id)}


@pytest.mark.parametrize("address", PAGES)
def test_on_a_phone_nothing_is_wider_than_the_screen_and_everything_can_be_touched(furnished, on_phone, address):
    on_phone.goto(address)
    assert on_phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    small = on_phone.evaluate(
        """() => [...document.querySelectorAll('a.button, button, nav a, summary, select, main input:not([type=hidden])')]
            .filter((one) => one.checkVisibility() && !one.closest('.unseen, label'))
            .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
            .filter(([, box]) => (box.height < 20 || box.width < 20)).map(([text]) => text)"""
    )
    assert small == []


def test_the_pages_do_not_jump_while_they_load(furnished, at_desk):
    at_desk.add_init_script(
        "window.moved = 0; new PerformanceObserver((list) => list.getEntries().forEach((entry) => window.moved += entry.value))"
        ".observe({type: 'layout-shift', buffered: true});"
    )
    for address in PAGES:
        at_desk.goto(address, wait_until="load")
        assert at_desk.evaluate("window.moved") < 0.01, address


def test_a_ring_plan_with_conditions_is_put_together_by_keyboard_alone(furnished, at_desk):
    cases, zabka, _ = furnished
    desk, beside = (row.login for row in sorted(cases.accounts.list(zabka.id), key=lambda row: row.name != "Recepcja")[:2])
    at_desk.goto("/numbers/?add=")
    at_desk.keyboard.type("33")
    at_desk.keyboard.press("Tab")
    at_desk.keyboard.type("Razem")
    at_desk.keyboard.press("Tab")
    at_desk.get_by_label("Prowadzi do", exact=True).press("K")  # Kilka telefonów
    at_desk.get_by_label("Pierwszy telefon").select_option(desk)
    at_desk.get_by_label("Drugi telefon").select_option(beside)
    at_desk.get_by_label("Przez ile sekund").fill("15")
    at_desk.locator("summary", has_text="Gdy zajęte").press("Enter")
    busy = at_desk.locator("details", has_text="Gdy zajęte")
    busy.locator("#to-busy-kind").select_option("hangup")
    busy.locator("#to-busy-which").select_option("busy")
    at_desk.get_by_role("button", name="Zapisz").press("Enter")
    expect(at_desk.get_by_text("Zapisano. Zadzwoń pod 33, żeby sprawdzić.")).to_be_visible()
    to = numbers(cases, zabka)["33"]
    assert (to.logins, to.together, to.seconds, to.no_answer) == ((desk, beside), True, 15, None)
    assert isinstance(to.busy, ToHangUp)


def test_a_choice_nobody_would_answer_says_so_at_once(furnished, at_desk):
    at_desk.goto("/numbers/?add=")
    warning = at_desk.locator(".pane > .whom > .nobody")
    expect(warning).to_be_hidden()
    at_desk.get_by_label("Który telefon").select_option(index=1)
    expect(warning).to_be_visible()
    at_desk.get_by_label("Prowadzi do", exact=True).select_option("hangup")
    expect(warning).to_be_hidden()


def test_going_back_to_a_kind_brings_back_what_was_chosen(furnished, at_desk):
    at_desk.goto("/numbers/?add=")
    kind = at_desk.get_by_label("Prowadzi do", exact=True)
    kind.select_option("external")
    at_desk.get_by_label("Numer telefonu").fill("600 100 200")
    kind.select_option("extension")
    expect(at_desk.get_by_label("Numer telefonu")).to_have_count(0)
    kind.select_option("external")
    expect(at_desk.get_by_label("Numer telefonu")).to_have_value("600 100 200")


def test_destinations_stand_within_each_other_and_say_folded_what_they_hold(furnished, at_desk):
    at_desk.goto("/numbers/?add=")
    at_desk.get_by_label("Prowadzi do", exact=True).select_option("hours")
    at_desk.locator("#to-open-kind").select_option("ring")
    folded = at_desk.locator("#to-open-kind").locator("xpath=ancestor::div[1]/following-sibling::div").locator("details").first
    folded.locator("summary").click()
    at_desk.locator("#to-open-no_answer-kind").select_option("extension")
    at_desk.locator("#to-open-no_answer-which").select_option("24")
    folded.locator("> summary").click()
    expect(folded.locator("> summary")).to_contain_text("Numer wewnętrzny: 24 Biuro")


def test_the_one_screen_warns_while_one_types_and_saves_all_at_once(furnished, at_desk):
    cases, zabka, _ = furnished
    at_desk.goto("/services/numbering")
    store, desk = (at_desk.get_by_label(f"Numer wewnętrzny: {name}") for name in ("Magazyn", "Recepcja"))
    told = at_desk.locator("li", has=store).locator("[data-told]")
    wrong = {"112": "numer alarmowy", "2": "2 lub 3 cyfry", "22": "jest tu dwa razy", "24": "wśród innych numerów"}
    for typed, said in wrong.items():
        store.fill(typed)
        expect(told).to_contain_text(said)
        expect(store).to_have_attribute("aria-invalid", "true")
        expect(told.locator("svg")).to_have_count(1)
    store.fill("221")
    expect(told).to_contain_text("może chwilę czekać")
    expect(store).not_to_have_attribute("aria-invalid", "true")
    store.press("Enter")
    expect(desk).to_be_focused()
    desk.press("ArrowUp")
    expect(store).to_be_focused()
    store.fill("25")
    at_desk.get_by_role("button", name="Zapisz wszystko").click()
    expect(at_desk.get_by_text("Zapisano. Zadzwoń pod 25.")).to_be_visible()
    assert "25" in numbers(cases, zabka)


def test_an_error_of_the_server_on_the_one_screen_has_the_focus_and_goes_when_it_is_mended(furnished, at_desk):
    at_desk.goto("/services/numbering")
    at_desk.get_by_label("Numer wewnętrzny: Recepcja").fill("998")
    at_desk.get_by_role("button", name="Zapisz wszystko").click()
    field = at_desk.get_by_label("Numer wewnętrzny: Recepcja")
    expect(field).to_be_focused()
    expect(field).to_have_value("998")
    field.fill("29")
    expect(field).not_to_have_attribute("aria-invalid", "true")
    expect(at_desk.locator("li", has=field).locator("[data-told]")).to_be_empty()


def test_free_numbers_are_filled_in_with_one_click_and_rows_are_found(furnished, at_desk):
    cases, zabka, _ = furnished
    cases.accounts.create(FIRST_START, zabka.id, "Nowy telefon")
    at_desk.goto("/services/numbering")
    at_desk.get_by_text("Wpisz wolne numery").click()
    expect(at_desk.get_by_label("Numer wewnętrzny: Nowy telefon")).to_have_value(re.compile(r"^\d\d$"))
    expect(at_desk.locator("[name$='.outside']").first).to_have_value("")
    at_desk.get_by_label("Szukaj").fill("nowy t")
    expect(at_desk.locator("#rows li:visible")).to_have_count(1)
    at_desk.on("dialog", lambda dialog: dialog.accept())  # what was typed is not saved, and the browser asks


def test_on_the_one_screen_of_a_phone_saving_stays_in_reach(furnished, on_phone):
    on_phone.goto("/services/numbering")
    box = on_phone.get_by_role("button", name="Zapisz wszystko").bounding_box()
    bar = on_phone.get_by_role("navigation", name="Strony").bounding_box()
    assert box["y"] + box["height"] <= bar["y"]


def test_a_greeting_can_be_listened_to_in_the_page(furnished, at_desk):
    at_desk.goto("/menus/")
    at_desk.locator("audio").evaluate("(audio) => { audio.muted = true; return audio.play(); }")
    assert at_desk.locator("audio").evaluate("(audio) => audio.duration") == pytest.approx(0.2, abs=0.05)


def test_without_scripts_a_message_is_chosen_in_two_steps(chromium, furnished):
    cases, zabka, address = furnished
    context = chromium.new_context(base_url=address, viewport=DESK, locale="pl-PL", java_script_enabled=False)
    page = context.new_page()
    sign_in(page)
    page.goto("/numbers/?add=")
    page.get_by_label("Numer", exact=True).fill("78")
    page.get_by_label("Nazwa").fill("Bez skryptów")
    page.get_by_label("Prowadzi do", exact=True).select_option("message")
    page.get_by_role("button", name="Pokaż pola dla tego wyboru").click()
    page.get_by_label("Która zapowiedź").select_option("nieczynne")
    page.get_by_role("button", name="Zapisz").click()
    expect(page.get_by_text("Zapisano. Zadzwoń pod 78, żeby sprawdzić.")).to_be_visible()
    assert numbers(cases, zabka)["78"].name == "nieczynne"
    context.close()


def test_agents_are_added_and_moved_by_keyboard(furnished, at_desk):
    cases, zabka, _ = furnished
    at_desk.goto("/queues/1/settings")
    outside = at_desk.get_by_label("albo telefon zewnętrzny")
    outside.fill("600 100 201")
    outside.press("Enter")
    expect(outside).to_be_focused()
    first = at_desk.get_by_role("button", name=re.compile("Niżej – Recepcja"))
    first.focus()
    first.press("Enter")
    expect(first).to_be_focused()
    expect(at_desk.locator("[data-said]")).to_have_text("Recepcja: miejsce 2")
    at_desk.get_by_role("button", name=re.compile("Usuń z kolejki – Magazyn")).press("Enter")
    at_desk.get_by_role("button", name="Zapisz", exact=True).last.click()
    expect(at_desk).to_have_url(re.compile("/queues/1$"))
    desk = next(account for account in cases.accounts.list(zabka.id) if account.name == "Recepcja")
    settings = cases.queues.get(zabka.id, 1).settings
    assert settings.agents == (ToAccount(desk.login), ToExternal("+48600100200"), ToExternal("+48600100201"))
