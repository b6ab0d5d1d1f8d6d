"""My services: the one screen on which everything gets its number, saved all or nothing."""

import logging

import pytest

from app.core.destinations import ToAccount, ToCity, ToExtension, ToExternal, ToRing
from app.services.actor import FIRST_START
from app.services.numbering import Row


@pytest.fixture
def people(cases, zabka, account):
    """Three phones, by name."""
    return {name: account(zabka, name) for name in ("Anna", "Bartek", "Celina")}


def sent(page) -> dict[str, str]:
    """What a browser sends of the screen as it stands."""
    form = page.html.select_one("#numbering")
    return {one["name"]: one.get("value", "") for one in form.select("input[name]") if one["name"] != "csrf_token"}


def row(page, name: str) -> str:
    """The row of whoever is called so: ``rows.2``."""
    found = next(one for one in page.html.select("#rows li .whose") if name in one.get_text(" "))
    return found.find_parent("li").select_one("[data-number]")["name"].rpartition(".")[0]


def told(page, name: str) -> str:
    return page.html.find(id=f"{row(page, name)}-told").get_text(" ", strip=True)


def numbers(cases, tenant):
    return {one.number: (one.name, one.to) for one in cases.numbers.list(tenant.id)}


def test_the_service_is_off_until_somebody_has_a_number(ania, cases, zabka, people):
    page = ania.get("/services/")
    assert "Wirtualna centrala – numery wewnętrzne wyłączona" in page.text
    assert page.html.select_one("main .primary")["href"] == "/services/numbering?suggest="
    cases.numbers.create(FIRST_START, zabka.id, "22", "Anna", ToAccount(people["Anna"].login))
    assert "włączona · 1 numer" in ania.get("/services/").text


def test_switching_on_types_free_numbers_in_and_saves_nothing(anna, cases, zabka, people):
    page = anna.get("/services/numbering?suggest=")
    assert [one["value"] for one in page.html.select("[data-number]")][:3] == ["21", "22", "23"]
    assert not cases.numbers.list(zabka.id)
    page = anna.post("/services/numbering", **sent(page))
    assert "Saved. Dial 21." in page.messages
    assert set(numbers(cases, zabka)) == {"21", "22", "23"}


def test_everything_that_can_have_a_number_stands_there(anna, cases, zabka, people):
    cases.cities.create(FIRST_START, zabka.id, "221234567", "Główny", ToAccount(people["Anna"].login))
    cases.numbers.create(FIRST_START, zabka.id, "30", "Szef", ToExternal("+48600100200"))
    cases.numbers.create(FIRST_START, zabka.id, "40", "Razem", ToRing((people["Anna"].login,)))
    page = anna.get("/services/numbering")
    titles = [one.get_text(strip=True) for one in page.html.select(".rows-title h2")]
    assert titles == ["Phones", "City numbers", "External numbers"]
    assert page.field(f"{row(page, '600 100 200')}.number")["value"] == "30"
    assert "22 123 45 67" in page.text
    assert "40 Razem" in page.html.select_one(".others").get_text(" ", strip=True)


def test_all_is_saved_at_once_and_the_first_change_is_to_be_tried(ania, cases, zabka, people):
    cases.cities.create(FIRST_START, zabka.id, "221234567", "Główny", ToAccount(people["Anna"].login))
    page = ania.get("/services/numbering")
    outside = next(one["name"] for one in page.html.select("[name$='.outside']")).removesuffix(".outside")
    typed = {
        f"{row(page, 'Anna')}.number": "22",
        f"{row(page, 'Anna')}.name": "Szefowa",
        f"{row(page, 'Główny')}.number": "50",
        f"{outside}.outside": "600 100 200",
        f"{outside}.number": "30",
        f"{outside}.name": "Komórka",
    }
    page = ania.post("/services/numbering", **sent(page) | typed)
    assert "Zapisano. Zadzwoń pod 22." in page.messages
    assert numbers(cases, zabka) == {
        "22": ("Szefowa", ToAccount(people["Anna"].login)),
        "50": ("Główny", ToCity("+48221234567")),
        "30": ("Komórka", ToExternal("+48600100200")),
    }


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("2", "Numer wewnętrzny ma 2 lub 3 cyfry."),
        ("112", "112 to numer alarmowy i musi pozostać wolny. Wybierz inny."),
        ("998", "998 to numer alarmowy i musi pozostać wolny. Wybierz inny."),
        ("22", "Numer 22 ma już „Anna”."),
        ("40", "Numer 40 ma już „Razem”."),
        ("<b>", "Numer wewnętrzny ma 2 lub 3 cyfry."),
    ],
)
def test_one_wrong_number_saves_nothing_and_stands_at_its_field_with_the_focus(ania, cases, zabka, people, number, said):
    cases.numbers.create(FIRST_START, zabka.id, "40", "Razem", ToRing((people["Anna"].login,)))
    page = ania.get("/services/numbering")
    typed = {f"{row(page, 'Anna')}.number": "22", f"{row(page, 'Bartek')}.number": number}
    page = ania.post("/services/numbering", **sent(page) | typed)
    assert page.status == 422
    assert told(page, "Bartek") == said
    field = page.field(f"{row(page, 'Bartek')}.number")
    assert (field["value"], field["aria-invalid"], field.has_attr("autofocus")) == (number, "true", True)
    assert page.field(f"{row(page, 'Anna')}.number")["value"] == "22"
    assert "Niczego nie zapisano. Popraw zaznaczone pola." in page.text
    assert set(numbers(cases, zabka)) == {"40"}


def test_an_external_number_that_is_none_is_named_at_its_own_field(anna, cases, zabka, people):
    page = anna.get("/services/numbering")
    outside = next(one["name"] for one in page.html.select("[name$='.outside']"))
    name = outside.removesuffix(".outside")
    page = anna.post("/services/numbering", **sent(page) | {outside: "Jola", f"{name}.number": "30", f"{name}.name": "Jola"})
    field = page.html.select_one("[name$='.outside'][aria-invalid]")
    assert field["value"] == "Jola"
    assert page.html.find(id=field["aria-describedby"]).get_text(strip=True).startswith("Type a telephone number")
    assert not cases.numbers.list(zabka.id)


def test_numbers_that_begin_alike_are_pointed_out_and_may_be_saved(anna, cases, zabka, people):
    page = anna.get("/services/numbering")
    typed = {f"{row(page, 'Anna')}.number": "22", f"{row(page, 'Bartek')}.number": "221"}
    page = anna.post("/services/numbering", **sent(page) | typed)
    assert told(page, "Anna").startswith("Phones may wait a moment after 22, because longer numbers begin with it: 221.")
    assert set(numbers(cases, zabka)) == {"22", "221"}


def test_an_emptied_field_takes_the_number_away_unless_something_leads_there(anna, cases, zabka, people):
    for number, name in (("22", "Anna"), ("23", "Bartek")):
        cases.numbers.create(FIRST_START, zabka.id, number, name, ToAccount(people[name].login))
    cases.numbers.create(FIRST_START, zabka.id, "40", "Drugi", ToExtension("23"))
    page = anna.get("/services/numbering")
    page = anna.post(
        "/services/numbering", **sent(page) | {f"{row(page, 'Anna')}.number": "", f"{row(page, 'Bartek')}.number": ""}
    )
    assert told(page, "Bartek") == "Still used by: number 40 Drugi. Change that first, or keep the number."
    anna.post("/services/numbering", **sent(page) | {f"{row(page, 'Bartek')}.number": "23"})
    assert set(numbers(cases, zabka)) == {"23", "40"}


def test_two_who_save_at_once_do_not_overwrite_each_other(anna, ania, cases, zabka, people):
    cases.numbers.create(FIRST_START, zabka.id, "22", "Anna", ToAccount(people["Anna"].login))
    before = anna.get("/services/numbering")
    ania.post("/services/numbering", **sent(before) | {f"{row(before, 'Anna')}.number": "25"})
    page = anna.post("/services/numbering", **sent(before) | {f"{row(before, 'Anna')}.number": "24"})
    assert told(page, "Anna").startswith("Somebody else has changed number 22 in the meantime.")
    assert set(numbers(cases, zabka)) == {"25"}


def test_a_name_left_out_is_the_one_everything_has_anyway(anna, cases, zabka, people):
    page = anna.get("/services/numbering")
    anna.post("/services/numbering", **sent(page) | {f"{row(page, 'Celina')}.number": "22"})
    assert numbers(cases, zabka)["22"][0] == "Celina"


def test_a_form_made_of_nonsense_changes_nothing(anna, cases, zabka, people):
    for values in ({"rows.0.to": "x:y"}, {"rows.0.to": "account:"}, {"rows.7.to": "account:1", "rows.0.number": "22"}, {}):
        anna.post("/services/numbering", **{"rows.0.number": "22"} | values)
    assert not cases.numbers.list(zabka.id)


@pytest.fixture
def fill(cases, zabka):
    """Give each of these numbers to a phone."""

    def give(numbers):
        accounts = [cases.accounts.create(FIRST_START, zabka.id, f"Telefon {number}").account for number in numbers]
        rows = [Row(ToAccount(one.login), str(number), one.name) for one, number in zip(accounts, numbers, strict=True)]
        cases.numbering.save(FIRST_START, zabka.id, rows)

    return give


@pytest.fixture
def asked(anna, caplog):
    """How often a page asks the database."""

    def count(address):
        with caplog.at_level(logging.DEBUG, logger="peewee"):
            caplog.clear()
            anna.look(address)
        return sum("SELECT" in record.getMessage() for record in caplog.records)

    return count


def test_the_screen_asks_as_little_for_300_numbers_as_for_two(fill, asked, anna):
    fill(range(200, 202))
    few = asked("/services/numbering")
    fill(range(202, 500))
    assert anna.get("/services/numbering").html.select("[data-number]")[299]["value"]
    assert 0 < asked("/services/numbering") <= few
