"""Internal numbers: the one screen of the service."""

import logging

import pytest

from app.core.destinations import ToAccount, ToQueue
from app.services.actor import FIRST_START
from app.services.queue_settings import QueueSettings
from tests.admin.led import phone


@pytest.fixture
def reception(cases, zabka, desk):
    return cases.numbers.create(FIRST_START, zabka.id, "22", "Recepcja", ToAccount(desk.login))


def test_without_phones_the_page_offers_the_first_step(anna):
    page = anna.get("/numbers/")
    assert "There is no phone yet" in page.text
    assert page.html.select_one("main a.primary")["href"] == "/phones/new"


def test_a_free_number_is_suggested_and_waits_for_typing(anna, reception):
    page = anna.get("/numbers/?add=")
    assert page.field("number")["value"] == "23"
    assert page.field("number").has_attr("autofocus")


def test_the_phone_one_comes_from_is_chosen_already(anna, account, zabka, desk):
    other = account(zabka, "Magazyn")
    page = anna.get(f"/numbers/?add=&phone={other.login}")
    assert page.html.select_one("#to-which option[selected]")["value"] == other.login


def test_a_saved_number_says_what_to_do_next(ania, cases, zabka, desk):
    page = ania.post("/numbers/", number="23", name="Anna", **phone(desk))
    assert "Zapisano. Zadzwoń pod 23, żeby sprawdzić." in page.messages
    assert [row.number for row in cases.numbers.list(zabka.id)] == ["23"]


def test_a_number_nobody_would_answer_is_saved_with_a_warning(ania, desk):
    page = ania.post("/numbers/", number="23", name="Anna", **phone(desk))
    assert "Nikt tam teraz nie odbierze." in page.messages


def test_a_number_that_begins_another_is_saved_with_a_warning(anna, reception, desk):
    page = anna.post("/numbers/", number="221", name="Serwis", **phone(desk))
    assert any("may wait a moment after 22, because 221" in message for message in page.messages)
    page = anna.post("/numbers/", number="2", name="x", **phone(desk))
    assert page.status == 422


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("2", "An internal number has 2 or 3 digits."),
        ("2234", "An internal number has 2 or 3 digits."),
        ("2x", "An internal number has 2 or 3 digits."),
        ("112", "112 is an emergency or alarm number, so it must stay free. Choose another one."),
        ("22", "Number 22 already belongs to “Recepcja”."),
    ],
)
def test_a_wrong_number_is_named_at_its_field_and_keeps_what_was_typed(anna, reception, desk, number, said):
    page = anna.post("/numbers/", number=number, name="Biuro", **phone(desk))
    assert page.status == 422
    assert page.error("number") == said
    assert page.field("number")["value"] == number
    assert page.field("number").has_attr("autofocus")
    assert page.field("name")["value"] == "Biuro"


def test_every_wrong_field_is_named_at_once_and_the_first_takes_the_focus(ania, desk):
    page = ania.post("/numbers/", number="1", name=" ", **{"to-kind": "account"})
    assert page.error("number") == "Numer wewnętrzny ma 2 lub 3 cyfry."
    assert page.error("name") == "Wpisz nazwę."
    assert page.error("to-which") == "Wybierz telefon."
    assert len(page.html.select("[autofocus]")) == 1


def test_a_phone_of_another_tenant_cannot_be_led_to(anna, cases, zabka, desk, foreign):
    page = anna.post("/numbers/", number="23", name="Spy", **phone(foreign))
    assert page.error("to-which") == "Choose a phone."
    assert foreign.name not in page.text
    assert not cases.numbers.list(zabka.id)


def test_a_row_turns_into_a_form_where_it_stands(anna, reception):
    page = anna.get(f"/numbers/?edit={reception.id}")
    assert page.html.select_one(f"#number-{reception.id} form [name=name]")["value"] == "Recepcja"


def test_a_changed_number_is_stored(anna, cases, zabka, reception, desk):
    anna.post(f"/numbers/{reception.id}", number="23", name="Biuro", **phone(desk))
    assert [(row.number, row.name) for row in cases.numbers.list(zabka.id)] == [("23", "Biuro")]


def test_a_wrong_change_stays_open_in_its_row(anna, reception, desk):
    page = anna.post(f"/numbers/{reception.id}", number="997", name="Biuro", **phone(desk))
    assert page.status == 422
    assert page.html.select_one(f"#number-{reception.id} [name=number]")["value"] == "997"


def test_deleting_says_what_it_means_and_asks_first(anna, cases, zabka, reception):
    page = anna.get(f"/numbers/{reception.id}/delete")
    assert "Whoever dials 22 from now on will hear that there is no such number." in page.text
    assert cases.numbers.list(zabka.id)
    page = anna.post(f"/numbers/{reception.id}/delete")
    assert "Number 22 has been deleted." in page.messages
    assert not cases.numbers.list(zabka.id)


def test_a_number_deleted_in_the_meantime_is_a_page_of_its_own(anna, cases, zabka, reception, desk):
    cases.numbers.delete(FIRST_START, zabka.id, reception.id)
    page = anna.post(f"/numbers/{reception.id}", number="23", name="Biuro", **phone(desk))
    assert (page.status, page.heading) == (404, "There is nothing here")


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "Żółć & Syn", "=cmd|' /C calc'!A0", "١٢"])
def test_any_name_is_shown_as_it_is(anna, desk, name):
    page = anna.post("/numbers/", number="23", name=name, **phone(desk))
    assert page.html.select_one("#numbers .name").get_text() == name


@pytest.mark.parametrize("address", ["/numbers/", "/numbers/?add=", "/services/numbering", "/queues/"])
def test_the_database_is_asked_no_more_about_many_numbers_and_queues(
    anna, cases, zabka, account, database, monkeypatch, address
):
    asked = []
    execute = database.peewee.execute_sql
    monkeypatch.setattr(database.peewee, "execute_sql", lambda *order, **more: asked.append(order) or execute(*order, **more))

    def grow(numbers):
        for number in numbers:
            phone = ToAccount(account(zabka, f"Stanowisko {number}").login)
            queue = QueueSettings(f"Kolejka {number}", agents=(phone,), overflow=phone)
            cases.queues.create(FIRST_START, zabka.id, queue)
            cases.numbers.create(FIRST_START, zabka.id, str(number), "x", ToQueue(queue.name))

    def questions():
        anna.get(address)
        asked.clear()
        anna.get(address)
        return len(asked)

    grow(range(20, 22))
    few = questions()
    grow(range(30, 50))
    assert few == questions() > 0


def test_a_page_asks_only_once_where_everything_leads(anna, caplog):
    """Each list that a page needs would read all of it again, which a company with 300 numbers would feel."""
    caplog.set_level(logging.DEBUG, "peewee")
    anna.get("/numbers/")
    asked = [record for record in caplog.records if 'FROM "destination"' in str(record.msg) and "OUTER JOIN" in str(record.msg)]
    assert len(asked) == 1
