"""The panel's own process in a real browser: what only a browser can tell."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from app import config, services, store
from app.services.actor import FIRST_START
from app.services.users import UserRole, Users
from app.store.models import Heartbeat, SwitchState

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
PASSWORD = "correct horse battery"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
expect.set_options(timeout=20_000)  # milliseconds; a page is ready when it says so, however busy the machine is
PAGES = (
    *("/", "/numbers/", "/numbers/?add=", "/phones/", "/phones/1", "/phones/new", "/phones/1/delete", "/history/"),
    *(
        "/settings/",
        "/settings/calls",
        "/settings/outside/",
        "/settings/people/",
        "/settings/people/new",
        "/settings/changes",
        "/settings/exchange",
        "/account/",
    ),
)

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="no Chromium here; on Debian: apt-get install chromium")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port: int, process: subprocess.Popen[bytes], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=0.2).close()
        except OSError:
            continue
        return
    raise AssertionError("the panel did not start")


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    """Żabka with one phone and one owner, in a database of its own; the services, and the panel's address."""
    environment = {"VAR": str(tmp_path_factory.mktemp("var")), "SECRET_KEY": "of the tests", "PORT": str(free_port())}
    environment["FREESWITCH_URL"] = "esl://:none@127.0.0.1:1"
    settings = config.read(environment)
    database = store.open(settings.database_url)
    store.migrate(database)
    cases = services.build(database, settings)
    people = Users(database, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    zabka = cases.tenants.create(FIRST_START, "Żabka")
    people.create(FIRST_START, zabka.id, "anna", "Anna Żółć", UserRole.OWNER, PASSWORD)
    cases.accounts.create(FIRST_START, zabka.id, "Recepcja")
    with database.reading():
        Heartbeat.create(name="controller", at=time.time() + 3600)
        SwitchState.create(name="127.0.0.1:1", connected=True, since=time.time(), detail="")
    process = subprocess.Popen([sys.executable, "-m", "admin"], env={**os.environ, **environment}, stderr=subprocess.DEVNULL)
    try:
        wait_for(settings.port, process)
        yield cases, zabka, f"http://127.0.0.1:{settings.port}"
    finally:
        process.terminate()
        process.wait(15)
        database.close()


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


def window(chromium: Browser, address: str, viewport: dict, session: dict) -> tuple[BrowserContext, Page, list[str]]:
    """A browser that reads Polish; the list fills with whatever it complains about, or asks of another host."""
    context = chromium.new_context(base_url=address, viewport=viewport, locale="pl-PL", storage_state=session)
    page, complaints = context.new_page(), []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" and "422" not in line.text else None)
    page.on("request", lambda request: complaints.append(request.url) if not request.url.startswith(address) else None)
    return context, page, complaints


def sign_in(page: Page) -> None:
    page.goto("/sign-in")
    page.get_by_label("Nazwa użytkownika").fill("anna")
    page.get_by_label("Hasło").fill(PASSWORD)
    page.get_by_role("button", name="Zaloguj się").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Żabka")


@pytest.fixture(scope="module")
def session(chromium, company):
    """What the browser keeps of having signed in once."""
    context = chromium.new_context(base_url=company[2], viewport=DESK, locale="pl-PL")
    sign_in(context.new_page())
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def at_desk(chromium, company, session):
    context, page, complaints = window(chromium, company[2], DESK, session)
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def on_phone(chromium, company, session):
    context, page, complaints = window(chromium, company[2], PHONE, session)
    yield page
    context.close()
    assert complaints == []


def test_a_phone_is_given_number_23_by_keyboard_alone(at_desk):
    at_desk.goto("/numbers/?add=")
    expect(at_desk.get_by_label("Numer", exact=True)).to_be_focused()
    at_desk.keyboard.type("23")  # over the number that was suggested
    at_desk.keyboard.press("Tab")
    at_desk.keyboard.type("Anna")
    at_desk.keyboard.press("Enter")
    expect(at_desk.get_by_text("Zapisano. Zadzwoń pod 23, żeby sprawdzić.")).to_be_visible()
    expect(at_desk.locator("#numbers .row")).to_contain_text("23")


def test_an_error_stands_at_its_field_with_the_focus_and_keeps_what_was_typed(at_desk):
    at_desk.goto("/numbers/?add=")
    at_desk.get_by_label("Numer", exact=True).fill("24")
    at_desk.get_by_label("Nazwa").fill("   ")
    at_desk.get_by_role("button", name="Zapisz").click()
    expect(at_desk.get_by_label("Nazwa")).to_be_focused()
    expect(at_desk.get_by_label("Nazwa")).to_have_attribute("aria-invalid", "true")
    expect(at_desk.get_by_text("Wpisz nazwę.")).to_be_visible()
    expect(at_desk.get_by_label("Numer", exact=True)).to_have_value("24")


@pytest.mark.parametrize("address", PAGES)
def test_on_a_phone_nothing_is_wider_than_the_screen(on_phone, address):
    on_phone.goto(address)
    assert on_phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("address", PAGES)
def test_what_is_touched_is_large_enough(on_phone, address):
    """24 × 24 pixels at least (WCAG 2.2, 2.5.8); a link within a sentence may be smaller."""
    on_phone.goto(address)
    small = on_phone.evaluate(
        """() => [...document.querySelectorAll('a.button, button, nav a, summary, select')]
            .filter((one) => one.checkVisibility())
            .map((one) => [one.textContent.trim(), one.getBoundingClientRect()])
            .filter(([, box]) => box.height < 24 || box.width < 24).map(([text]) => text)"""
    )
    assert small == []


def test_on_a_phone_the_way_to_everything_is_under_the_thumb(on_phone):
    on_phone.goto("/")
    bar = on_phone.get_by_role("navigation", name="Strony")
    assert bar.bounding_box()["y"] > PHONE["height"] - 80
    bar.get_by_role("link", name="Numery wewnętrzne").click()
    expect(on_phone.get_by_role("heading", level=1)).to_have_text("Numery wewnętrzne")
    bar.get_by_text("Więcej").click()
    bar.get_by_role("link", name="Ustawienia").click()
    expect(on_phone.get_by_role("heading", level=1)).to_have_text("Ustawienia")


def test_the_page_does_not_jump_while_it_loads(at_desk):
    at_desk.add_init_script(
        "window.moved = 0; new PerformanceObserver((list) => list.getEntries().forEach((entry) => window.moved += entry.value))"
        ".observe({type: 'layout-shift', buffered: true});"
    )
    for address in PAGES:
        at_desk.goto(address, wait_until="load")
        assert at_desk.evaluate("window.moved") < 0.01, address


def test_a_new_phone_appears_on_an_open_page_by_itself(at_desk, company):
    cases, zabka, _ = company
    with at_desk.expect_response(re.compile("/phones/now")):
        at_desk.goto("/phones/")
    cases.accounts.create(FIRST_START, zabka.id, "Nowy w magazynie")
    expect(at_desk.get_by_text("Nowy w magazynie", exact=True).first).to_be_visible(timeout=10_000)


def test_the_password_of_a_new_phone_is_copied_with_one_click(chromium, company, session):
    context, page, complaints = window(chromium, company[2], DESK, session)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/phones/new")
    page.get_by_label("Nazwa").fill("Magazyn")
    page.get_by_role("button", name="Dodaj telefon").click()
    page.get_by_role("button", name="Kopiuj Hasło").click()
    expect(page.get_by_role("button", name="Skopiowano Hasło")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#password").inner_text()
    context.close()
    assert complaints == []


def test_a_forged_script_in_a_name_does_not_run(at_desk, company):
    cases, zabka, _ = company
    cases.accounts.create(FIRST_START, zabka.id, "<script>document.title='owned'</script>")
    at_desk.goto("/phones/")
    assert "owned" not in at_desk.title()


def test_without_scripts_everything_still_works(chromium, company):
    context = chromium.new_context(base_url=company[2], viewport=DESK, locale="pl-PL", java_script_enabled=False)
    page = context.new_page()
    sign_in(page)
    page.goto("/numbers/?add=")
    page.get_by_label("Numer", exact=True).fill("77")
    page.get_by_label("Nazwa").fill("Bez skryptów")
    phone = page.get_by_label("Który telefon")
    phone.select_option(phone.locator("option").last.get_attribute("value"))
    page.get_by_role("button", name="Zapisz").click()
    expect(page.get_by_text("Zapisano. Zadzwoń pod 77, żeby sprawdzić.")).to_be_visible()
    context.close()
