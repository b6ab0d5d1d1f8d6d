"""Queues in a real browser: a busy one on a phone, duty by keyboard, a form that is refused."""

import time

import pytest
from playwright.sync_api import expect

from app.core.commands import Attend
from app.core.destinations import ToAccount, ToExternal
from app.core.outcome import EndedBy, Outcome
from app.core.queues import Duty, PauseReason
from app.core.record import Offer, Part, Record, Visit
from app.services.actor import FIRST_START
from app.services.queue_figures import REASONS
from app.services.queue_settings import QueueSettings
from app.store import calllog, roster
from tests.admin.test_browser import PHONE, at_desk, chromium, company, on_phone, pytestmark, session

__all__ = ["at_desk", "chromium", "company", "on_phone", "pytestmark", "session"]

LONG = "Ewa Wiśniewska-Brzęczyszczykiewicz-Konstantynopolitańska"
CARD = 16  # pixels that are left free at either side of a phone's screen


@pytest.fixture(scope="module")
def queue(company):
    """Żabka's queue with long names: one agent on duty, one resting for missed calls, one outside; callers of every kind."""
    cases, zabka, _ = company
    desk = cases.accounts.list(zabka.id)[0].login
    ewa = cases.accounts.create(FIRST_START, zabka.id, LONG).login
    agents = (ToAccount(desk), ToAccount(ewa), ToExternal("+48600100200"))
    made = cases.queues.create(FIRST_START, zabka.id, QueueSettings("Dział reklamacji i zwrotów", agents=agents))
    now = time.time()
    calls = [_call(zabka.id, made.id, f"led-on-{why}", now - 3600, Outcome.OVERFLOWED, why) for why in REASONS]
    calls += [_call(zabka.id, made.id, f"{outcome}", now - 3600, outcome) for outcome in (Outcome.ANSWERED, Outcome.ABANDONED)]
    waits = (Visit(made.id, "x", 0, offers=(Offer(desk, now), Offer(ewa, now))),)
    calls.append(Record("waits", zabka.id, "anonymous", "", "", "x", now, parts=(Part("", "x", "", now),), visits=waits))
    with cases.queues._database.writing():
        calllog.store(calls)
        roster.attend(Attend(zabka.id, made.id, ewa, Duty.PAUSE, now, PauseReason.MISSED, now + 3600))
    return made.id


def _call(tenant: int, queue: int, name: str, at: float, outcome: Outcome, why: str = "") -> Record:
    """Somebody waited for a minute, and then?"""
    parts = [Part("31", "Serwis", "", at, None, at + 60, outcome)]
    if outcome is Outcome.ANSWERED:
        parts.append(Part("21", LONG, "100101", at + 60, at + 60, at + 3500, outcome))
    stay = Visit(queue, "Serwis", 0, outcome, "100101" if outcome is Outcome.ANSWERED else "", why)
    end = parts[-1].ended
    who = tenant, "+48221234567", "Jan Nowak-Długonazwiskowicz", "", "31"
    return Record(name, *who, at, at, end, outcome, EndedBy.CALLER, tuple(parts), (stay,))


@pytest.mark.parametrize("address", ["/queues/", "/queues/{}", "/queues/statistics/?period=7", "/queues/call-back/"])
def test_on_a_phone_nothing_sticks_out_of_its_card(on_phone, queue, address):
    on_phone.goto(address.format(queue))
    outside = on_phone.evaluate(
        """(edge) => [...document.querySelectorAll('main *')]
            .filter((one) => one.checkVisibility() && !one.closest('.unseen, thead, svg, option, .main-action'))
            .filter((one) => one.getBoundingClientRect().right > edge + 0.5)
            .map((one) => one.textContent.trim())""",
        PHONE["width"] - CARD,
    )
    assert outside == []


def test_at_a_desk_no_table_pushes_its_card_beyond_the_page(at_desk, queue):
    at_desk.goto("/queues/statistics/?period=7")
    ends = at_desk.evaluate(
        "() => [...document.querySelectorAll('.tabs, .card')].map((one) => one.getBoundingClientRect().right)"
    )
    assert len(ends) > 4
    assert max(ends) == ends[0]


def test_who_hides_his_number_is_told_in_words(at_desk, queue):
    at_desk.goto(f"/queues/{queue}")
    expect(at_desk.locator(".callers .row")).to_contain_text("numer zastrzeżony")


def test_a_break_begins_and_ends_under_the_same_key(at_desk, queue):
    at_desk.goto(f"/queues/{queue}")
    agent = at_desk.locator(".agents li").first
    agent.get_by_role("combobox").select_option("15")
    agent.get_by_role("button", name="Przerwa").focus()
    at_desk.keyboard.press("Enter")
    expect(agent).to_contain_text("przerwa, do")
    expect(agent.get_by_role("button", name="Koniec przerwy")).to_be_focused()
    at_desk.keyboard.press("Enter")
    expect(agent.get_by_role("button", name="Przerwa")).to_be_focused()
    expect(agent).not_to_contain_text("przerwa, do")


def test_a_queue_that_is_refused_keeps_what_was_typed(at_desk):
    at_desk.goto("/queues/new")
    at_desk.get_by_label("Dodaj telefon").select_option(label=at_desk.locator("#agents-account option").nth(1).inner_text())
    at_desk.get_by_role("button", name="Dodaj", exact=True).click()
    at_desk.locator("#max_wait").fill("5")
    at_desk.get_by_role("button", name="Zapisz").last.click()
    expect(at_desk.get_by_label("Nazwa")).to_be_focused()
    expect(at_desk.get_by_label("Nazwa")).to_have_attribute("aria-invalid", "true")
    expect(at_desk.locator("#max_wait")).to_have_attribute("aria-invalid", "true")
    expect(at_desk.locator("#max_wait")).to_have_value("5")
    expect(at_desk.locator("[data-agent]").first).to_be_visible()
