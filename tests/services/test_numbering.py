"""The one screen: every internal number at once, all or none."""

from dataclasses import replace

import pytest

from app.core.destinations import ToCity, ToExtension, ToExternal, ToQueue, ToRing
from app.services.numbering import Row
from app.services.plan import Notice
from app.services.queue_settings import QueueSettings
from app.store.models import SipAccount


@pytest.fixture
def office(pbx, ola, acme, anna, bartek):
    """Beside Anna's 21 and Bartek's 22: a phone without a number, a city number, and the boss's mobile in a ring plan's 50."""
    pbx.accounts.create(ola, acme.id, "Celina", "celina")
    pbx.cities.create(ola, acme.id, "221234567", "Główny", anna.phone)
    plan = ToRing((anna.login, bartek.login), unavailable=ToExternal("+48600100200"))
    pbx.numbers.create(ola, acme.id, "50", "Sprzedaż", plan)


@pytest.fixture
def rows(pbx, acme, office):
    return list(pbx.numbering.rows(acme.id))


@pytest.fixture
def save(pbx, ola, acme):
    return lambda *rows: pbx.numbering.save(ola, acme.id, rows)


def numbers(pbx, acme):
    return {number.number: (number.name, number.to) for number in pbx.numbers.list(acme.id)}


def test_everything_that_can_have_a_number_is_listed(rows, anna, bartek):
    assert [(row.to, row.number, row.name, row.was, row.label) for row in rows] == [
        (anna.phone, "21", "Anna Żółć", "21", "Anna Żółć"),
        (bartek.phone, "22", "Bartek", "22", "Bartek"),
        (replace(anna.phone, login="celina"), "", "", "", "Celina"),
        (ToCity("+48221234567"), "", "", "", "Główny"),
        (ToExternal("+48600100200"), "", "", "", "600 100 200"),
    ]


def test_phone_with_two_numbers_has_two_rows(pbx, ola, acme, rows, anna):
    pbx.numbers.create(ola, acme.id, "201", "Biuro", anna.phone)
    assert [row.number for row in pbx.numbering.rows(acme.id) if row.to == anna.phone] == ["21", "201"]


def test_numbers_are_typed_beside_and_saved_together(pbx, acme, rows, save, anna, bartek, changes):
    first, second, celina, city, mobile = rows
    save(
        replace(first, number="31"),
        replace(second, name="Bartek N."),
        replace(celina, number="23"),
        replace(city, number="40"),
        replace(mobile, number="60", name="Szef"),
    )
    assert {number: name for number, (name, _) in numbers(pbx, acme).items()} == {
        "23": "Celina",
        "22": "Bartek N.",
        "31": "Anna Żółć",
        "40": "Główny",
        "50": "Sprzedaż",
        "60": "Szef",
    }
    assert numbers(pbx, acme)["60"] == ("Szef", ToExternal("+48600100200"))
    assert sorted(change[1:] for change in changes()[-5:]) == [
        ("number-changed", "22 Bartek N."),
        ("number-changed", "31 Anna Żółć"),
        ("number-created", "23 Celina"),
        ("number-created", "40 Główny"),
        ("number-created", "60 Szef"),
    ]


def test_saving_what_was_read_changes_nothing(pbx, acme, rows, save, changes):
    before, log = pbx.exchange.export("Acme"), changes()
    save(*rows)
    assert (pbx.exchange.export("Acme"), changes()) == (before, log)


def test_two_people_change_places_and_a_third_joins(pbx, acme, rows, save, anna, bartek):
    first, second, celina, *_ = rows
    save(replace(first, number="22"), replace(second, number="23"), replace(celina, number="21"))
    assert {number: to for number, (_, to) in numbers(pbx, acme).items() if number != "50"} == {
        "21": celina.to,
        "22": anna.phone,
        "23": bartek.phone,
    }


def test_what_leads_to_a_number_follows_it_only_where_it_vanishes(pbx, ola, acme, rows, save, anna, bartek):
    pbx.numbers.create(ola, acme.id, "90", "Do Anny", ToExtension("21"))
    pbx.numbers.create(ola, acme.id, "91", "Do Bartka", ToExtension("22"))
    first, second, *_ = rows
    save(replace(first, number="31"), second)
    assert numbers(pbx, acme)["90"][1] == ToExtension("31")
    save(replace(first, number="22", was="31"), replace(second, number="31"))
    assert numbers(pbx, acme)["90"][1] == ToExtension("31"), "31 is still a number, though another's"
    assert numbers(pbx, acme)["31"][1] == bartek.phone


def test_new_external_number_is_added_as_people_write_it(pbx, acme, rows, save):
    save(*rows, Row(ToExternal("601 200 300"), "61", "Kurier"), Row(ToExternal("0048602200300"), "62"))
    assert numbers(pbx, acme)["61"] == ("Kurier", ToExternal("+48601200300"))
    assert numbers(pbx, acme)["62"] == ("602 200 300", ToExternal("+48602200300"))
    assert pbx.numbering.rows(acme.id)[-1].to == ToExternal("+48602200300")


def test_blank_number_is_taken_away(pbx, acme, rows, save, bartek):
    save(replace(rows[0], number=""))
    assert set(numbers(pbx, acme)) == {"22", "50"}


def test_everything_wrong_is_said_at_its_row_and_nothing_saved(pbx, ola, acme, rows, save, zofia, refused):
    pbx.numbers.create(ola, acme.id, "90", "Do Anny", ToExtension("21"))
    before = pbx.exchange.export("Acme")
    first, second, celina, city, mobile = rows
    bad = (
        replace(first, number=""),
        replace(second, number="112"),
        replace(celina, number="50"),
        replace(city, number="x", name="a\x07"),
        replace(mobile, number="60"),
        Row(ToExternal("112"), "60", "Alarm"),
        Row(zofia.phone, "61", "Zofia"),
        replace(first, number="77"),
        Row(first.to, "78", "Anna", was="nothing"),
    )
    expected = (
        ("number-reserved", "rows.1.number"),
        ("number-taken", "rows.2.number"),
        ("number-format", "rows.3.number"),
        ("name-characters", "rows.3.name"),
        ("number-taken", "rows.5.number"),
        ("telephone-format", "rows.5.to.external"),
        ("account-unknown", "rows.6.to.account"),
        ("number-changed", "rows.7.number"),
        ("number-changed", "rows.8.number"),
    )
    with refused(*expected):
        save(*bad)
    assert [(error.code, error.field) for error in pbx.numbering.check(acme.id, bad).errors] == list(expected)
    assert pbx.exchange.export("Acme") == before


def test_number_in_use_is_not_taken_away(pbx, ola, acme, rows, save, refused):
    pbx.numbers.create(ola, acme.id, "90", "Do Anny", ToExtension("21"))
    with refused(("in-use", "rows.0.number")) as caught:
        save(replace(rows[0], number=""), rows[1])
    assert [use.number for use in caught.value.users] == ["90"]


def test_somebody_elses_change_in_the_meantime_is_not_overwritten(pbx, ola, acme, rows, save, anna, bartek, refused):
    pbx.numbers.change(ola, acme.id, anna.extension.id, to=bartek.phone)
    with refused(("number-changed", "rows.0.number")):
        save(*rows)


def test_circle_is_refused_here_too(pbx, ola, acme, rows, save, refused):
    (city,) = pbx.cities.list(acme.id)
    pbx.cities.change(ola, acme.id, city.id, to=ToExtension("21"))
    with refused(("destination-loop", "rows")):
        save(replace(rows[0], number="31"), replace(rows[3], number="21"))  # 21 stays a number: now the city number's


def test_warnings_are_told_without_saving(pbx, acme, rows):
    checked = pbx.numbering.check(acme.id, [replace(rows[2], number="221"), rows[1], replace(rows[3], number="500")])
    assert checked.errors == []
    assert checked.notices == {
        0: [Notice("delays", ("22",))],
        1: [Notice("waits-for", ("221",))],
        2: [Notice("delays", ("50",))],
    }
    assert set(numbers(pbx, acme)) == {"21", "22", "50"}


def test_suggestions_avoid_what_is_given_and_what_is_typed(pbx, acme, rows):
    assert pbx.numbering.suggest(acme.id, ["51"], 3) == ["52", "53", "54"]
    assert pbx.numbering.suggest(acme.id, [], 2, digits=3) == ["201", "202"]
    assert len(pbx.numbering.suggest(acme.id, [], 999)) < 90, "two digits have an end"


def test_three_hundred_rows_take_few_queries(pbx, ola, acme, database, statements):
    with database.writing():
        columns = {"tenant": acme, "a1_hash": "", "realm": "", "version": 1}
        SipAccount.insert_many([{**columns, "login": f"phone{n}", "name": f"Person {n}"} for n in range(300)]).execute()
    rows = pbx.numbering.rows(acme.id)
    typed = [replace(row, number=number) for row, number in zip(rows, pbx.numbering.suggest(acme.id, [], 300, 3), strict=True)]
    with statements() as asked:
        pbx.numbering.check(acme.id, typed)
    assert len(asked) < 25
    with statements() as asked:
        pbx.numbering.save(ola, acme.id, typed)
    assert len(asked) < 60
    assert len(pbx.numbers.list(acme.id)) == 300


def test_queue_and_its_agents_outside_can_have_numbers(pbx, ola, acme, office, save):
    pbx.queues.create(ola, acme.id, QueueSettings("Serwis", agents=(ToExternal("601 200 300"),)))
    queue, mobile = (row for row in pbx.numbering.rows(acme.id) if row.label in ("Serwis", "601 200 300"))
    assert (queue.to, mobile.to) == (ToQueue("Serwis"), ToExternal("+48601200300"))
    save(replace(queue, number="70"), replace(mobile, number="71"))
    assert numbers(pbx, acme)["70"] == ("Serwis", ToQueue("Serwis"))
    assert numbers(pbx, acme)["71"] == ("601 200 300", ToExternal("+48601200300"))
