"""Virtual phones: the tenant's accounts as telephones, and nobody else's."""

import time
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

import admin
from admin import calls
from admin.words import PROMPTS
from app.core.destinations import ToAccount, ToExternal
from app.core.record import Part, Record, Visit
from app.services.actor import FIRST_START
from app.services.call_settings import CallSettings
from app.store import calllog
from tests.admin.fake_phones import FakePhone, FakePhones


@pytest.fixture
def phones():
    return FakePhones()


@pytest.fixture
def app(cases, settings, phones):
    app = admin.create_app(cases, settings, virtual_phones=phones)
    yield app
    app.extensions["live"].stop()


def buttons(page):
    return [button.find(string=lambda text: text.strip(), recursive=True).strip() for button in page.html.select(".set button")]


def test_without_the_simulator_there_is_no_such_page(cases, settings):
    app = admin.create_app(cases, settings)
    assert not [rule for rule in app.url_map.iter_rules() if "virtual" in rule.rule]


def test_without_accounts_it_says_what_to_do(anna):
    assert "Add a phone and give it a number, then try it here." in anna.get("/virtual-phones/").text


def test_a_phone_signs_in_and_can_then_dial(anna, desk, phones):
    assert buttons(anna.get("/virtual-phones/")) == ["Sign in"]
    page = anna.post(f"/virtual-phones/{desk.login}/register")
    assert phones.orders == [("register", desk.login)]
    assert buttons(page) == ["Dial", "Sign out"]


@pytest.mark.parametrize(
    ("state", "shown", "offered"),
    [
        ("dialling", "calls", ["Hang up"]),
        ("ringing", "rings", ["Answer", "Decline"]),
        ("talking", "in a call", ["#", "**", *"123456789*0#", "Hold", "Hang up"]),
    ],
)
def test_a_phone_offers_what_can_be_done_now(anna, desk, phones, state, shown, offered):
    phones.register(desk.login)
    phones.become(desk.login, state=state, number="22", name="Bartek", hears="peer:22")
    page = anna.get("/virtual-phones/")
    assert f"{shown} " in page.html.select_one(".display").get_text(" ", strip=True)
    assert "22 Bartek hears 22" in page.text
    assert buttons(page) == offered


@pytest.mark.parametrize(
    "sound", ["silence", "bell", "ringback", "tone", "music", "prompt:welcome.wav", "prompt:digit-2.wav", "peer:+48600100200"]
)
def test_every_sound_has_words(ania, desk, phones, sound):
    phones.register(desk.login)
    phones.become(desk.login, state="talking", hears=sound)
    page = ania.get("/virtual-phones/")
    assert page.status == 200
    assert ".wav" not in page.text


@pytest.mark.parametrize(
    ("order", "digits", "done"),
    [
        ("dial", "22", ("dial", "22")),
        ("press", "#", ("press", "#")),
        ("press", "**", ("press", "**")),
        ("hold", None, ("hold",)),
        ("resume", None, ("resume",)),
        ("answer", None, ("answer",)),
        ("decline", None, ("decline",)),
        ("hang-up", None, ("hang_up",)),
        ("unregister", None, ("unregister",)),
    ],
)
def test_every_order_reaches_the_phone(anna, desk, phones, order, digits, done):
    phones.register(desk.login)
    anna.post(f"/virtual-phones/{desk.login}/{order}", digits=digits)
    assert phones.orders[-1] == (done[0], desk.login, *done[1:])


def test_a_phone_that_cannot_says_so_in_words(ania, desk, phones):
    page = ania.post(f"/virtual-phones/{desk.login}/answer")
    assert "Telefon nie mógł tego zrobić. Być może połączenie już się skończyło." in page.messages


def test_an_order_from_an_open_page_is_answered_with_its_part(anna, desk, phones):
    phones.register(desk.login)
    answer = anna.client.post(
        f"/virtual-phones/{desk.login}/answer",
        data={"csrf_token": anna.token()},
        headers={"X-Requested-With": "live"},
    )
    assert answer.status_code == 200
    assert "<html" not in answer.text


def test_another_tenants_phone_neither_shows_nor_obeys(anna, desk, foreign, phones):
    phones.register(foreign.login)
    before = list(phones.orders)
    assert foreign.login not in anna.get("/virtual-phones/").answer.text
    assert anna.post(f"/virtual-phones/{foreign.login}/dial", digits="21").status == 404
    assert phones.orders == before


def test_an_unknown_order_is_refused(anna, desk, phones):
    assert anna.post(f"/virtual-phones/{desk.login}/explode").status == 404


def test_when_the_simulator_is_away_the_page_says_so(anna, desk, phones):
    phones.gone = True
    assert "The virtual phones do not answer." in anna.get("/virtual-phones/").text


# --- the keys of a transfer -------------------------------------------------------------------------------------------


@pytest.fixture
def talk(database, zabka, account, desk, cases, phones):
    """Somebody outside talks to the reception, 22; a phone with number 23 stands beside it."""
    beside = account(zabka, "Magazyn")
    cases.numbers.create(FIRST_START, zabka.id, "22", "Recepcja", ToAccount(desk.login))
    cases.numbers.create(FIRST_START, zabka.id, "23", "Magazyn", ToAccount(beside.login))

    def talk(caller="", hears="peer:outside", **part):
        at = time.time() - 9
        rung = Part("22", "Recepcja", beside.login if caller else desk.login, at, part.get("answered", at), None, None)
        record = Record("c", zabka.id, "600100200", "", caller, "22", at, part.get("answered", at), parts=(rung,))
        with database.writing():
            calllog.store([record])
        for login in (desk.login, beside.login):
            phones.register(login)
        phones.become(desk.login, state="talking", hears=hears)

    return talk


def lesson(page, account):
    form = page.html.find(id=f"key-1-{account.login}").find_parent("li").select_one(".lesson")
    return [button["value"] for button in form.select("button")] if form else None


@pytest.mark.parametrize(
    ("hears", "keys"),
    [
        ("peer:outside", ["#", "**"]),
        ("tone", ["23", "*"]),
        ("silence", ["23", "*"]),
        ("ringback", ["*"]),
        ("music", None),
        ("prompt:busy.wav", None),
    ],
)
def test_a_phone_in_a_call_teaches_the_keys_that_work_now(anna, desk, talk, hears, keys):
    talk(hears=hears)
    assert lesson(anna.get("/virtual-phones/"), desk) == keys


@pytest.mark.parametrize("sound", ["music", "prompt:hold.wav"])
def test_who_waits_is_told_so(ania, talk, sound):
    talk(hears=sound)
    page = ania.get("/virtual-phones/")
    assert "słyszy muzykę" in page.text
    assert "Czeka: druga strona odłożyła tę rozmowę na bok." in page.text


def test_who_stands_in_a_queue_is_told_so(ania, zabka, desk, phones, database):
    phones.register(desk.login)
    phones.become(desk.login, state="talking", hears="prompt:hold.wav")
    call = Record("q", zabka.id, "21", "Anna", desk.login, "30", 1.0, 1.0, parts=(Part("30", "Serwis", "", 1.0),))
    with database.writing():
        calllog.store([replace(call, visits=(Visit(1, "Serwis", 0),))])
    page = ania.get("/virtual-phones/")
    assert "Czeka w kolejce, aż odbierze konsultant." in page.text
    assert "odłożyła tę rozmowę" not in page.text


def test_the_calling_side_is_told_who_has_the_keys(anna, cases, zabka, desk, talk):
    talk(caller=desk.login)
    page = anna.get("/virtual-phones/")
    assert lesson(page, desk) is None
    assert "Only the phone that was called can transfer this call." in page.text
    cases.tenants.change_settings(FIRST_START, zabka.id, CallSettings(keys_on_internal_calls=True))
    assert lesson(anna.get("/virtual-phones/"), desk) == ["#", "**"]


def test_whoever_asks_can_go_back(app, ania, desk, talk, monkeypatch):
    talk(hears="peer:100200")
    monkeypatch.setattr(calls, "askers", lambda _: frozenset({desk.login}))
    page = ania.get("/virtual-phones/")
    assert lesson(page, desk) == ["*"]
    assert "Odłóż słuchawkę, a pozostali zostaną połączeni." in page.text


def test_a_call_that_rings_beside_can_be_picked_up_with_one_click(anna, desk, talk):
    talk(answered=None)
    page = anna.get("/virtual-phones/")
    assert page.html.find("button", attrs={"value": "*822"}).find_parent("form")["action"].endswith("/dial")
    assert not page.html.find("button", attrs={"value": "*823"})


def test_a_phone_on_hold_says_so_and_can_be_taken_off(anna, desk, phones):
    phones.register(desk.login)
    phones.become(desk.login, state="talking", held=True)
    page = anna.get("/virtual-phones/")
    assert "on hold" in page.html.select_one(".display").get_text()
    assert "Off hold" in buttons(page)


def test_every_recorded_sentence_is_told_in_words(ania, desk, phones):
    recorded = yaml.safe_load(Path("freeswitch/sounds/prompts.yaml").read_text())
    assert set(PROMPTS) == {name for name in recorded if not name.startswith("digit-")}
    phones.register(desk.login)
    phones.become(desk.login, state="talking", hears="prompt:transfer-failed.wav")
    assert f"słyszy: „{recorded['transfer-failed']['pl']}”" in ania.get("/virtual-phones/").text


OUTSIDE = "+48600100200"


@pytest.fixture
def boss(cases, zabka):
    """Number 30 of Żabka leads to a telephone outside."""
    return cases.numbers.create(FIRST_START, zabka.id, "30", "Szef", ToExternal(OUTSIDE))


def outside(page) -> list[str]:
    return [
        one.get_text() for one in page.html.select("h2:-soup-contains('Telephones outside') + ul .set > div:first-child strong")
    ]


def test_telephones_outside_that_numbers_lead_to_are_offered_and_call_city_numbers(anna, cases, zabka, desk, boss, phones):
    cases.cities.create(FIRST_START, zabka.id, "221234567", "Główny", ToAccount(desk.login))
    page = anna.get("/virtual-phones/")
    assert outside(page) == ["600 100 200"]
    page = anna.post(f"/virtual-phones/{OUTSIDE}/register")
    assert phones.orders == [("register", OUTSIDE)]
    form = page.html.find("button", attrs={"value": "+48221234567"})
    assert "22 123 45 67" in form.get_text()
    anna.post(f"/virtual-phones/{OUTSIDE}/dial", digits="+48221234567")
    assert phones.orders[-1] == ("dial", OUTSIDE, "+48221234567")


def test_any_telephone_outside_can_be_switched_on(anna, desk, phones):
    page = anna.post("/virtual-phones/outside", number="600 100 200")
    assert outside(page) == ["600 100 200"]
    assert outside(anna.post(f"/virtual-phones/{OUTSIDE}/unregister")) == []
    page = anna.post("/virtual-phones/outside", number="Jola")
    assert any(message.startswith("Type a telephone number") for message in page.messages)


def test_a_telephone_outside_is_seen_by_one_tenant_alone(anna, wile, cases, zabka, acme, desk, foreign, boss, phones):
    cases.numbers.create(FIRST_START, acme.id, "31", "The same", ToExternal(OUTSIDE))
    wile.post("/virtual-phones/outside", number=OUTSIDE)
    phones.become(OUTSIDE, state="talking", number="+48229999999", name="Roadrunner")
    assert "Roadrunner" in wile.get("/virtual-phones/").text
    page = anna.get("/virtual-phones/")
    assert outside(page) == []
    assert "Roadrunner" not in page.text
    assert anna.post(f"/virtual-phones/{OUTSIDE}/hang-up").status == 404
    assert "Somebody else is using this telephone now." in anna.post("/virtual-phones/outside", number=OUTSIDE).text
    assert phones.orders == [("register", OUTSIDE)]


def test_a_telephone_nobody_switched_on_is_seen_in_a_call_by_whose_call_it_is(
    anna, wile, database, zabka, desk, foreign, boss, phones
):
    phones.phones[OUTSIDE] = FakePhone(OUTSIDE, outside=True, state="ringing", number="+48221234567", name="Żabka")
    assert outside(anna.get("/virtual-phones/")) == []
    at = time.time() - 9
    rung = Part(OUTSIDE, "Szef", "", at)
    with database.writing():
        calllog.store([Record("c", zabka.id, "22", "Recepcja", desk.login, "30", at, parts=(rung,))])
    assert outside(anna.get("/virtual-phones/")) == ["600 100 200"]
    assert outside(wile.get("/virtual-phones/")) == []
    anna.post(f"/virtual-phones/{OUTSIDE}/answer")
    assert phones.orders == [("answer", OUTSIDE)]
