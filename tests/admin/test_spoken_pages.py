"""Greetings and menus: messages, menus, opening hours; what is uploaded can be listened to."""

import io
import time
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from admin.openings import minute_of, opening
from app.core.destinations import ToAccount, ToExtension, ToHangUp, ToHours, ToMenu, ToMessage
from app.core.directory import Choice
from app.core.hours import Schedule
from app.core.outcome import Outcome
from app.services.actor import FIRST_START
from app.services.audio import Recorded
from app.services.menus import MenuSettings
from tests.admin import led
from tests.services.waves import MP3, wave_file

WARSAW = "Europe/Warsaw"


def upload(content: bytes, name: str = "a.wav"):
    return io.BytesIO(content), name


@pytest.fixture
def message(cases, zabka):
    return cases.messages.create(FIRST_START, zabka.id, "nieczynne", Recorded("told.wav", wave_file(0.5)))


@pytest.fixture
def menu(cases, zabka, desk):
    cases.numbers.create(FIRST_START, zabka.id, "22", "Biuro", ToAccount(desk.login))
    settings = MenuSettings("powitanie", {"1": ToExtension("22")}, Choice(1, ToExtension("22")), Choice(2, ToHangUp()), True)
    return cases.menus.create(FIRST_START, zabka.id, settings, Recorded("hello.wav", wave_file(0.5)))


@pytest.fixture
def office(cases, zabka):
    hours = Schedule("biuro", frozenset(range(5)), 480, 960, "PL", frozenset({"2026-12-24"}))
    return cases.schedules.create(FIRST_START, zabka.id, hours)


def filled(**more) -> dict:
    """A menu's form with the least in it."""
    end = {**led.to(ToHangUp(), "no_choice.then"), **led.to(ToHangUp(), "wrong_choice.then")}
    return {"name": "powitanie", "no_choice.repeat": "1", "wrong_choice.repeat": "2", **end, **more}


@pytest.mark.parametrize("address", ["/menus/", "/messages/", "/schedules/"])
def test_an_empty_page_says_what_it_is_for_and_offers_the_first_step(anna, address):
    page = anna.get(address)
    assert len(page.html.select_one(".empty p").get_text()) > 50
    assert page.html.select_one(".empty a")["href"] == f"{address}new"
    assert page.html.select_one("nav [aria-current=page] .long").get_text() == "Greetings and menus"


@pytest.mark.parametrize(
    ("content", "name"), [(wave_file(0.5), "told.wav"), (MP3, "told.mp3"), (wave_file(12, 44100, 2), "big.wav")]
)
def test_a_recording_is_uploaded_and_can_be_listened_to(anna, cases, zabka, content, name):
    page = anna.post("/messages/new", name="nieczynne", text="", file=upload(content, name))
    assert "Saved. Listen to it here, then let a number lead to it." in page.messages
    audio = page.html.select_one("audio")
    answer = anna.client.get(audio["src"])
    assert (answer.mimetype, answer.data[:4]) == ("audio/wav", b"RIFF")
    part = anna.client.get(audio["src"], headers={"Range": "bytes=0-9"})
    assert (part.status_code, len(part.data)) == (206, 10)
    assert name in page.text
    answer.close()


def test_the_policy_lets_a_page_play_its_own_recordings(anna):
    assert "media-src 'self'" in anna.look("/messages/").answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({"name": "", "file": upload(wave_file(0.1))}, "name", "Wpisz nazwę."),
        ({"name": "x", "text": ""}, "text", "Wpisz tekst albo wybierz nagranie."),
        ({"name": "x", "text": "x" * 2001}, "text", "Tekst jest za długi: może mieć najwyżej 2000 znaków."),
        ({"name": "x", "file": upload(b"no sound")}, "file", "Tego nagrania nie da się odtworzyć. Wybierz plik WAV lub MP3."),
    ],
)
def test_a_message_that_cannot_be_kept_says_why_at_its_field(ania, cases, zabka, values, field, said):
    page = ania.post("/messages/new", **values)
    assert (page.status, page.error(field)) == (422, said)
    assert page.field("name").get("value", "") == values["name"]
    assert not cases.messages.list(zabka.id)


def test_a_message_is_renamed_without_losing_its_recording_and_replaced(anna, cases, zabka, message):
    anna.post(f"/messages/{message.id}", name="zamknięte", text="")
    renamed = cases.messages.get(zabka.id, message.id)
    assert (renamed.name, renamed.sound) == ("zamknięte", message.sound)
    anna.post(f"/messages/{message.id}", name="zamknięte", file=upload(wave_file(1), "new.wav"))
    assert cases.messages.get(zabka.id, message.id).sound.file == "new.wav"


def test_a_message_that_is_used_asks_what_takes_its_place(anna, cases, zabka, message):
    number = cases.numbers.create(FIRST_START, zabka.id, "33", "Wieczorem", ToMessage("nieczynne"))
    assert "It is used in 1 place: 33 Wieczorem internal number" in anna.get(f"/messages/{message.id}/delete").text
    assert anna.post(f"/messages/{message.id}/delete").error("replace_with-kind") == "Choose what shall take its place."
    anna.post(f"/messages/{message.id}/delete", **led.to(ToHangUp(Outcome.BUSY), "replace_with"))
    assert cases.numbers.get(zabka.id, number.id).to == ToHangUp(Outcome.BUSY)
    assert not cases.messages.list(zabka.id)


def test_a_menu_is_stored_with_its_keys_and_choices(anna, cases, zabka, menu):
    keys = {**led.to(ToExtension("22"), "keys.1"), **led.to(ToMenu("powitanie"), "keys.*"), **led.to(ToHangUp(), "keys.#")}
    page = anna.post("/menus/new", **filled(name="drugie", dial_internal="y", file=upload(wave_file(0.1)), **keys))
    assert "Saved. Now let a city number lead to the menu, and call it." in page.messages
    made = cases.menus.list(zabka.id)[0].settings
    assert made.keys == {"1": ToExtension("22"), "*": ToMenu("powitanie"), "#": ToHangUp()}
    assert (made.no_choice, made.wrong_choice, made.dial_internal) == (Choice(1, ToHangUp()), Choice(2, ToHangUp()), True)


def test_a_menus_form_shows_what_is_stored_and_storing_it_changes_nothing(anna, cases, zabka, menu):
    page = anna.get(f"/menus/{menu.id}")
    sent = {field["name"]: field.get("value", "") for field in page.html.select("form.wide input[name]:not([type=checkbox])")}
    for select in page.html.select("form.wide select"):
        chosen = select.select_one("[selected]") or select.option
        sent[select["name"]] = chosen["value"]
    del sent["csrf_token"], sent["file"]
    anna.post(f"/menus/{menu.id}", **sent, dial_internal="y", text="")
    assert cases.menus.get(zabka.id, menu.id).settings == menu.settings


def test_a_menu_is_drawn_with_its_keys(ania, menu):
    told = " ".join(ania.get("/menus/").html.select_one(".way").get_text(" ").split())
    assert told == "1 → 22 Biuro brak wyboru (2×) → 22 Biuro inny klawisz (3×) → koniec połączenia"


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({"name": "Powitanie"}, "name", "There is already one called “powitanie”."),
        ({"no_choice.repeat": "11"}, "no_choice.repeat", "A greeting can be repeated 0 to 10 times."),
        (led.to(ToExtension("99"), "keys.5"), "keys.5-which", "Choose an internal number."),
        (led.to(ToMessage("none"), "wrong_choice.then"), "wrong_choice.then-which", "Choose a message."),
    ],
)
def test_a_wrong_menu_is_named_at_its_field(anna, cases, zabka, menu, values, field, said):
    one = led.to(ToExtension("22"), "keys.1")
    page = anna.post("/menus/new", **filled(name="inne", file=upload(wave_file(0.1))) | one | values)
    assert (page.status, page.error(field)) == (422, said)
    assert len(cases.menus.list(zabka.id)) == 1


def test_a_menu_without_keys_says_so(anna):
    page = anna.post("/menus/new", **filled(file=upload(wave_file(0.1))))
    assert "Let at least one key lead somewhere, or let callers dial internal numbers." in page.text


def test_a_menu_that_is_used_asks_what_takes_its_place(anna, cases, zabka, menu, desk):
    number = cases.numbers.create(FIRST_START, zabka.id, "40", "Powitanie", ToMenu("powitanie"))
    assert anna.post(f"/menus/{menu.id}/delete").error("replace_with-kind")
    anna.post(f"/menus/{menu.id}/delete", **led.phone(desk, "replace_with"))
    assert cases.numbers.get(zabka.id, number.id).to == ToAccount(desk.login)
    assert not cases.menus.list(zabka.id)


HOURS = {"name": "biuro", "days": ["0", "1"], "opens": "22:00", "closes": "06:00"}


def test_opening_hours_are_stored_and_changed(anna, cases, zabka):
    anna.post("/schedules/new", **HOURS, holidays="y", closed_on=["2026-12-24", "", "2026-12-31"])
    (row,) = cases.schedules.list(zabka.id)
    days_off = frozenset({"2026-12-24", "2026-12-31"})
    assert row.schedule == Schedule("biuro", frozenset({0, 1}), 1320, 360, "PL", days_off)
    page = anna.get(f"/schedules/{row.id}")
    assert [one["value"] for one in page.html.select("[name=closed_on]")] == ["2026-12-24", "2026-12-31", "", "", ""]
    assert page.field("closes")["value"] == "06:00"
    anna.post(f"/schedules/{row.id}", **HOURS | {"days": "6"}, closed_on="")
    assert cases.schedules.get(zabka.id, row.id).schedule == Schedule("biuro", frozenset({6}), 1320, 360)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"days": "9"}, "Wybierz co najmniej jeden dzień."),
        ({"opens": "25:00"}, "Wpisz godzinę, na przykład 08:00."),
        ({"closes": ""}, "Wpisz godzinę, na przykład 08:00."),
        ({"closed_on": "tomorrow"}, "Podaj dzień z kalendarza."),
        ({"name": " "}, "Wpisz nazwę."),
    ],
)
def test_wrong_hours_are_named(ania, cases, zabka, values, said):
    page = ania.post("/schedules/new", **HOURS | values)
    assert page.status == 422
    assert said in page.text
    assert not cases.schedules.list(zabka.id)


def test_the_list_says_what_is_true_now_in_one_line(ania, office):
    page = ania.get("/schedules/")
    assert "pon.–pt., 08:00–16:00, w święta nieczynne, 1 dodatkowy dzień wolny" in page.text
    assert ("teraz otwarte" in page.text) != ("teraz zamknięte" in page.text)
    assert ("do zamknięcia:" in page.text) or ("otwarcie:" in page.text)


def test_hours_that_decide_a_way_ask_what_shall_decide_then(anna, cases, zabka, office):
    night = cases.schedules.create(FIRST_START, zabka.id, Schedule("noc", frozenset(range(7)), 1320, 360))
    to = ToHours("biuro", ToHangUp(), ToHangUp(Outcome.BUSY))
    number = cases.numbers.create(FIRST_START, zabka.id, "41", "Biuro", to)
    page = anna.get(f"/schedules/{office.id}/delete")
    assert "41 Biuro internal number" in page.text
    assert [option["value"] for option in page.field("replace_with").select("option")] == ["", "hours:noc", "open", "closed"]
    for nothing in ("", "nonsense"):
        page = anna.post(f"/schedules/{office.id}/delete", replace_with=nothing)
        assert page.error("replace_with") == "Choose what shall take its place."
        assert page.field("replace_with").has_attr("autofocus")
    assert "“biuro” has been deleted." in anna.post(f"/schedules/{office.id}/delete", replace_with="hours:noc").messages
    assert cases.numbers.get(zabka.id, number.id).to == replace(to, schedule="noc")
    assert "“noc” has been deleted." in anna.post(f"/schedules/{night.id}/delete", replace_with="closed").messages
    assert cases.numbers.get(zabka.id, number.id).to == to.closed


def test_hours_that_decide_nothing_are_deleted_without_a_question(anna, office):
    page = anna.get(f"/schedules/{office.id}/delete")
    assert "No number leads by these hours" in page.text
    assert page.field("replace_with") is None
    assert "“biuro” has been deleted." in anna.post(f"/schedules/{office.id}/delete").messages


def moment(text: str) -> float:
    from datetime import datetime

    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(WARSAW)).timestamp()


@pytest.mark.parametrize(
    ("at", "is_open", "changes"),
    [
        ("2026-11-23 07:59", False, "2026-11-23 08:00"),
        ("2026-11-23 08:00", True, "2026-11-23 16:00"),
        ("2026-11-27 16:00", False, "2026-11-30 08:00"),  # over the weekend
        ("2026-12-23 17:00", False, "2026-12-28 08:00"),  # the 24th is off, the 25th a holiday
    ],
)
def test_the_next_change_is_foretold(at, is_open, changes):
    office = Schedule("biuro", frozenset(range(5)), 480, 960, "PL", frozenset({"2026-12-24"}))
    found = opening(office, moment(at), WARSAW)
    assert (found.open, found.changes) == (is_open, moment(changes))


def test_what_never_closes_has_no_next_change():
    assert opening(Schedule("zawsze", frozenset(range(7)), 0, 1440), time.time(), WARSAW).changes is None


@pytest.mark.parametrize("text", ["8:0x", "٨:00", "-1:00", "24:01", "08:60", "", None, "123:00"])
def test_what_is_no_time_of_day_is_none(text):
    assert minute_of(text) == -1
