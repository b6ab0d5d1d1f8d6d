"""City numbers, trunks, limits: every page and every write, and what the pictures of ways say."""

import time

import pytest

from app.core.destinations import ToAccount, ToCity, ToExtension, ToExternal, ToHours, ToMessage, ToRing
from app.core.directory import Limits
from app.core.hours import Schedule
from app.services.actor import FIRST_START
from app.services.audio import Recorded
from app.services.trunks import TrunkSettings
from app.services.users import UserRole
from app.store.models import Heartbeat, TrunkState
from tests.admin import led
from tests.services.waves import wave_file


@pytest.fixture
def numbers(cases, zabka, desk, account):
    """21 leads to Magazyn, 24 to both phones and then to 21; the schedule «biuro» is never open, «zawsze» always."""
    store = account(zabka, "Magazyn")
    cases.numbers.create(FIRST_START, zabka.id, "21", "Magazyn", ToAccount(store.login))
    both = ToRing((desk.login, store.login), True, 15, no_answer=ToExtension("21"), busy=ToExtension("21"))
    cases.numbers.create(FIRST_START, zabka.id, "24", "Biuro", both)
    cases.messages.create(FIRST_START, zabka.id, "nieczynne", Recorded("a.wav", wave_file(0.1)))
    cases.schedules.create(FIRST_START, zabka.id, Schedule("zawsze", frozenset(range(7)), 0, 1440))
    return {row.number: row for row in cases.numbers.list(zabka.id)}


@pytest.fixture
def city(cases, zabka, numbers):
    to = ToHours("zawsze", ToExtension("24"), ToMessage("nieczynne"))
    return cases.cities.create(FIRST_START, zabka.id, "22 123 45 67", "Główny", to)


@pytest.fixture
def trunk(cases):
    return cases.trunks.create(FIRST_START, TrunkSettings("Dostawca", "sip.example.pl:5080", "login", "s3cret-word", True))


@pytest.fixture
def olga_inside(olga, zabka):
    """The operator, working in Żabka."""
    olga.post(f"/tenants/{zabka.id}/enter")
    return olga


def picture(page, row):
    return " ".join(page.html.select_one(f"{row} .way").get_text(" ").split())


def test_where_a_number_leads_is_drawn_with_conditions_that_lead_alike_together(ania, numbers, desk):
    page = ania.get("/numbers/")
    other = numbers["21"].to.login
    assert picture(page, f"#number-{numbers['21'].id}") == f"Magazyn ({other}) 30 s"
    assert picture(page, f"#number-{numbers['24'].id}") == (
        f"Recepcja ({desk.login}), Magazyn ({other}) wszystkie naraz, 15 s nie odbiera, zajęte → 21 Magazyn"
    )


def test_beside_each_number_stands_who_would_answer_now(anna, numbers, desk, sign_on):
    def answers(number):
        state = anna.get("/numbers/").html.select_one(f"#number-{numbers[number].id} .answer")
        return " ".join(state.get_text(" ").split()), "bad" in state["class"], state.select_one("use")["href"]

    assert answers("24") == ("nobody would answer", True, "#icon-warn")
    sign_on(desk)
    assert answers("24") == ("Now: Recepcja", False, "#icon-free")
    assert answers("21")[1]


def test_a_city_number_is_drawn_to_its_end_and_grouped_as_people_read_it(anna, city, desk, sign_on):
    page = anna.get("/cities/")
    assert page.html.select_one(f"#city-{city.id} h2 .number").get_text() == "22 123 45 67"
    told = picture(page, f"#city-{city.id}")
    assert told.startswith("hours “zawsze” open → 24 Biuro → Recepcja")
    assert told.endswith("closed → message “nieczynne”")
    assert "nobody would answer" in page.text
    sign_on(desk)
    assert "Now: Recepcja" in anna.get("/cities/").text


def test_without_city_numbers_each_is_told_what_to_do(anna, olga_inside):
    assert "Your provider gives you city numbers." in anna.get("/cities/").text
    assert olga_inside.get("/cities/").html.select_one(".empty a")["href"] == "/cities/new"


def test_the_operator_gives_a_number_and_takes_it_away(olga_inside, cases, zabka, desk, sign_on):
    sign_on(desk)
    page = olga_inside.post("/cities/new", number="22 123 45 67", name="Główny", **led.phone(desk))
    assert page.messages[1:] == ["Saved. Call 22 123 45 67 from outside to try it."]
    (row,) = cases.cities.list(zabka.id)
    assert (row.number, row.to, row.main) == ("+48221234567", ToAccount(desk.login), True)
    assert "can be given to another tenant" in olga_inside.get(f"/cities/{row.id}/delete").text
    assert "The number 22 123 45 67 has been taken away." in olga_inside.post(f"/cities/{row.id}/delete").messages
    assert not cases.cities.list(zabka.id)


@pytest.mark.parametrize("number", ["22", "abc", "", "+48 22 123 45 67"])
def test_a_number_that_cannot_be_given_is_named_at_its_field(olga_inside, cases, acme, foreign, desk, number):
    cases.cities.create(FIRST_START, acme.id, "221234567", "Main", ToAccount(foreign.login))
    page = olga_inside.post("/cities/new", number=number, name="", **led.phone(desk))
    assert page.status == 422
    taken = "The number +48221234567 has been given to somebody already."
    assert page.error("number") == (taken if "123" in number else page.error("number"))
    assert page.error("name") == "Type a name."
    assert page.field("number")["value"] == number


def test_the_owner_changes_name_and_way_but_not_which_numbers_there_are(anna, cases, zabka, city):
    page = anna.get(f"/cities/{city.id}")
    assert page.field("number") is None
    page = anna.post(f"/cities/{city.id}", name="Biuro", number="600700800", **led.to(ToExternal("+48600100200")))
    assert "Saved. Call 22 123 45 67 from outside to try it." in page.messages
    changed = cases.cities.get(zabka.id, city.id)
    assert (changed.number, changed.name, changed.to) == (city.number, "Biuro", ToExternal("+48600100200"))
    for page in (anna.get("/cities/new"), anna.get(f"/cities/{city.id}/delete"), anna.post(f"/cities/{city.id}/delete")):
        assert page.status == 403
    assert "/cities/new" not in anna.get("/cities/").answer.text


def test_a_city_number_that_is_led_to_asks_what_takes_its_place(olga_inside, cases, zabka, city, desk):
    number = cases.numbers.create(FIRST_START, zabka.id, "40", "Główny", ToCity(city.number))
    assert "It is used in 1 place: 40 Główny internal number" in olga_inside.get(f"/cities/{city.id}/delete").text
    page = olga_inside.post(f"/cities/{city.id}/delete")
    assert page.error("replace_with-kind") == "Choose what shall take its place."
    olga_inside.post(f"/cities/{city.id}/delete", **led.phone(desk, "replace_with"))
    assert cases.numbers.get(zabka.id, number.id).to == ToAccount(desk.login)


def test_a_city_number_that_a_phone_shows_says_so_first(olga_inside, cases, zabka, city, desk):
    cases.accounts.present(FIRST_START, zabka.id, desk.id, city.number)
    page = olga_inside.get(f"/cities/{city.id}/delete")
    assert "Choose another number on the phones that show it first." in page.messages
    assert not page.html.select(".danger")


def test_taking_away_the_number_shown_outside_says_what_is_shown_then(olga_inside, cases, zabka, city, desk):
    assert "and the last: calls to outside will show none." in olga_inside.get(f"/cities/{city.id}/delete").text
    other = cases.cities.create(FIRST_START, zabka.id, "600700800", "Sprzedaż", ToAccount(desk.login))
    assert "600\u00a0700\u00a0800 takes its place there." in str(olga_inside.get(f"/cities/{city.id}/delete").html)
    assert "shown outside" not in olga_inside.get(f"/cities/{other.id}/delete").text


def test_another_number_becomes_the_main_one(anna, cases, zabka, city, desk):
    other = cases.cities.create(FIRST_START, zabka.id, "600700800", "Sprzedaż", ToAccount(desk.login))
    assert "Calls to outside show 600 700 800 from now on." in anna.post(f"/cities/{other.id}/main").messages
    anna.post("/settings/outside/main", main_number=str(city.id))
    assert [row.main for row in cases.cities.list(zabka.id)] == [True, False]
    assert anna.get("/settings/outside/").html.select_one("#main_number [selected]")["value"] == str(city.id)
    assert anna.post("/settings/outside/main", main_number="nonsense").status == 404


def test_a_circle_is_refused_and_names_the_way(ania, cases, zabka, numbers):
    page = ania.post(f"/numbers/{numbers['21'].id}", number="21", name="Magazyn", **led.to(ToExtension("24")))
    assert page.error("to-which") == "Dzwoniący krążyłby w kółko: 21 → 24 → 21. W którymś z tych miejsc wybierz inną drogę."
    assert page.html.select_one("#to-which [selected]")["value"] == "24"


def test_an_error_deep_inside_stands_at_its_field_with_the_focus(ania, cases, zabka, desk, numbers):
    to = ToRing((desk.login,), busy=ToHours("zawsze", ToExternal("12"), ToExtension("24")))
    page = ania.post("/numbers/", number="33", name="Nowy", **led.to(to))
    assert page.error("to-busy-open-which").startswith("Wpisz numer telefonu")
    assert page.field("to-busy-open-which").has_attr("autofocus")
    assert page.field("to-busy-open-which")["value"] == "12"
    assert len(page.html.select("[autofocus]")) == 1


def test_without_scripts_the_fields_of_a_kind_come_with_a_button_and_nothing_is_saved(anna, cases, zabka, numbers):
    page = anna.post("/numbers/", number="33", name="Nowy", unfold="", **{"to-kind": "hours"})
    assert page.status == 200
    assert page.field("to-which") is not None
    assert page.field("to-open-kind") is not None
    assert page.field("number")["value"] == "33"
    assert [row.number for row in cases.numbers.list(zabka.id)] == ["21", "24"]


def test_a_new_trunk_is_stored_and_its_password_never_comes_back(olga, cases):
    values = {"name": "Dostawca", "proxy": "sip.example.pl", "username": "me", "password": "s3cret-word", "register": "y"}
    page = olga.post("/trunks/new", **values, priority="1", enabled="y")
    assert page.messages == ["Saved. The switch takes the trunk up within seconds; its state appears here."]
    (trunk,) = cases.trunks.list()
    assert (trunk.settings.name, trunk.settings.register, trunk.has_password) == ("Dostawca", True, True)
    for address in ("/trunks/", "/trunks/now", f"/trunks/{trunk.id}"):
        assert "s3cret-word" not in olga.get(address).answer.text
    assert "s3cret-word" not in olga.post("/trunks/new", **values | {"name": ""}).answer.text


def test_an_empty_password_keeps_the_one_there_is(olga, cases, trunk):
    page = olga.get(f"/trunks/{trunk.id}")
    assert "There is one, and it is not shown." in page.text
    assert not page.field("password").get("value")
    olga.post(f"/trunks/{trunk.id}", name="Inny", proxy="10.0.0.9", username="me", password="", priority="3")
    changed = cases.trunks.get(trunk.id)
    assert (changed.settings.name, changed.has_password, changed.settings.enabled) == ("Inny", True, False)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "Type a name."),
        ("proxy", "nowhere at all", "Type a server's name or address: sip.example.pl, or sip.example.pl:5080 with a port."),
        ("username", "", "To sign in there, the trunk needs a login."),
        ("priority", "first", "Type a number from 0 to 999."),
    ],
)
def test_a_wrong_value_of_a_trunk_is_named_at_its_field(olga, cases, field, value, said):
    values = {"name": "A", "proxy": "10.0.0.1", "username": "me", "password": "x", "register": "y", "priority": "1"}
    page = olga.post("/trunks/new", **values | {field: value})
    assert (page.status, page.error(field)) == (422, said)
    assert not cases.trunks.list()


@pytest.mark.parametrize(
    ("up", "word", "icon"), [(True, "works", "good"), (False, "does not work", "bad"), (None, "not known", "info")]
)
def test_a_trunks_state_is_a_word_and_an_icon(olga, database, trunk, up, word, icon):
    with database.reading():
        Heartbeat.create(name="controller", at=time.time())
        if up is not None:
            TrunkState.create(switch="s", gateway=f"trunk-{trunk.id}", up=up, state="FAIL_WAIT", since=1e9)
    page = olga.get("/trunks/")
    assert page.html.select_one(".trunks .state").get_text() == word
    assert page.html.select_one(".trunks use")["href"] == f"#icon-{icon}"
    assert "FAIL_WAIT" not in page.text


def test_what_was_known_of_a_trunk_is_not_told_while_nobody_watches(olga, database, trunk):
    with database.reading():
        TrunkState.create(switch="s", gateway=f"trunk-{trunk.id}", up=True, state="REGED", since=1e9)
    assert olga.get("/trunks/").html.select_one(".trunks .state").get_text() == "not known"


def test_deleting_a_trunk_says_what_is_left(olga, cases, trunk):
    assert "nobody can call outside, not even an emergency number" in olga.get(f"/trunks/{trunk.id}/delete").text
    cases.trunks.create(FIRST_START, TrunkSettings("Zapas", "10.0.0.2"))
    assert "over the other trunks from then on: Zapas." in olga.get(f"/trunks/{trunk.id}/delete").text
    assert "The trunk “Dostawca” has been deleted." in olga.post(f"/trunks/{trunk.id}/delete").messages
    assert [row.settings.name for row in cases.trunks.list()] == ["Zapas"]


def test_limits_are_shown_and_stored(enter, cases, zabka):
    olga = enter(None, "olga-pl", "Olga", UserRole.OPERATOR, "pl")
    olga.post(f"/tenants/{zabka.id}/enter")
    page = olga.get("/settings/outside/")
    assert (page.field("calls_at_once")["value"], page.field("minutes_per_day")["value"]) == ("10", "600")
    first = page.html.select_one("#countries li")
    assert (first.get_text(strip=True), first.input.has_attr("checked")) == ("Polska", True)
    values = {"calls_at_once": "2", "minutes_per_day": "", "longest_call": "30", "premium": "y", "countries": ["PL", "DE"]}
    assert "Zapisano. Obowiązuje od następnego połączenia." in olga.post("/settings/outside/", **values).messages
    assert cases.tenants.settings(zabka.id).limits == Limits(frozenset({"PL", "DE"}), True, 2, None, 30)


def test_an_owner_lowers_limits_and_is_told_who_raises_them(anna, cases, zabka):
    page = anna.get("/settings/outside/")
    assert "Only your provider raises them" in page.text
    assert "Of all phones together, from midnight. At most 600." in page.text
    assert [one.get_text(strip=True) for one in page.html.select("#countries li")] == ["Poland"]
    assert page.field("premium").has_attr("disabled")
    lower = {"calls_at_once": "2", "minutes_per_day": "60", "longest_call": "30"}
    assert "Saved. It counts from the next call on." in anna.post("/settings/outside/", **lower).messages
    assert cases.tenants.settings(zabka.id).limits == Limits(frozenset(), False, 2, 60, 30)
    assert "None: only your provider can allow any." in anna.get("/settings/outside/").text


def test_an_owner_cannot_raise_a_limit(anna, cases, zabka):
    values = {"calls_at_once": "11", "minutes_per_day": "", "longest_call": "120", "premium": "y", "countries": ["PL", "CU"]}
    page = anna.post("/settings/outside/", **values)
    assert page.status == 422
    assert page.error("calls_at_once") == "At most 10: only your provider can raise it."
    assert page.error("minutes_per_day") == "At most 600: only your provider can raise it."
    assert "Only your provider can allow premium-rate numbers." in page.text
    assert "Only your provider can allow further countries." in page.text
    assert cases.tenants.settings(zabka.id).limits == Limits()


def test_a_wrong_limit_is_named_at_its_field_and_nothing_is_stored(anna, cases, zabka):
    before = cases.tenants.settings(zabka.id)
    page = anna.post("/settings/outside/", calls_at_once="many", minutes_per_day="-1", longest_call="0", countries="XX")
    assert page.error("calls_at_once") == "Type a number from 0 to 1000, or nothing for no limit."
    assert page.error("longest_call") == "Type a number from 1 to 1440, or nothing for no limit."
    assert "Choose the countries from the list." in page.text
    assert cases.tenants.settings(zabka.id) == before
