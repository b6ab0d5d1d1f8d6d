"""Settings of a tenant: the company, its people, the change log, the exchange file."""

import io
import zipfile

import pytest

from app.services import audio
from app.services.actor import FIRST_START, Actor
from app.services.audio import Recorded, Spoken
from tests.admin.conftest import PASSWORD
from tests.admin.led import phone
from tests.admin.visitor import Visitor
from tests.services.waves import wave_file

FILE = """
tenants:
  - name: {name}
    language: pl
    accounts:
      - {{login: "700101", password: "s3cret-A1", name: "Anna Żółć"}}
    extensions:
      - {{number: "{number}", name: Anna, to: {{account: "700101"}}}}
"""


def person(cases, tenant, login):
    return next(user for user in cases.users.list(tenant.id) if user.login == login)


def test_the_company_is_changed(anna, cases, zabka):
    page = anna.post("/settings/", name="Ropucha", language="en", time_zone="UTC")
    assert "Saved." in page.messages
    assert cases.tenants.get(zabka.id).time_zone == "UTC"


@pytest.mark.parametrize(("field", "said"), [("name", "Wpisz nazwę."), ("language", "Wybierz jeden z języków.")])
def test_a_wrong_setting_is_named_at_its_field(ania, field, said):
    values = {"name": "Żabka", "language": "pl", "time_zone": "UTC", field: ""}
    page = ania.post("/settings/", **values)
    assert (page.status, page.error(field)) == (422, said)


def test_a_new_person_signs_in_with_the_password_shown_once(app, anna, cases, zabka):
    page = anna.post("/settings/people/new", name="Ewa Lis", login="ewa", role="receptionist", follow=False)
    address = page.answer.headers["Location"]
    password = anna.get(address).html.find(id="password").get_text(strip=True)
    assert anna.get(address).html.find(id="password") is None
    ewa = Visitor(app)
    assert ewa.sign_in("ewa", password).path == "/"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "Type a name."),
        ("login", "x", "A user name has 2 to 100 characters, without spaces."),
        ("login", "anna", "The user name anna is already in use."),
    ],
)
def test_a_wrong_person_is_named_at_the_field(anna, field, value, said):
    values = {"name": "Ewa", "login": "ewa", "role": "owner", field: value}
    page = anna.post("/settings/people/new", **values)
    assert (page.status, page.error(field)) == (422, said)


@pytest.mark.parametrize("role", ["operator", "", "emperor"])
def test_nobody_makes_an_operator_of_a_colleague(anna, cases, zabka, role):
    page = anna.post("/settings/people/new", name="Ewa", login="ewa", role=role)
    assert page.status == 422
    assert "Choose a role." in page.text
    me = person(cases, zabka, "anna")
    assert anna.post(f"/settings/people/{me.id}", name="Anna", role=role).status == 422
    assert person(cases, zabka, "anna").role == "owner"


def test_a_person_is_changed(anna, ewa, cases, zabka):
    anna.post(f"/settings/people/{person(cases, zabka, 'ewa').id}", name="Ewa Lis", role="owner")
    assert person(cases, zabka, "ewa").name == "Ewa Lis"
    assert ewa.get("/settings/").status == 200


def test_a_forgotten_password_is_replaced_and_the_sessions_end(app, anna, ewa, cases, zabka):
    page = anna.post(f"/settings/people/{person(cases, zabka, 'ewa').id}/reset")
    password = page.html.find(id="password").get_text(strip=True)
    assert ewa.get("/").path == "/sign-in"
    assert Visitor(app).sign_in("ewa", PASSWORD).status == 422
    assert Visitor(app).sign_in("ewa", password).path == "/"


def test_a_person_is_deleted_after_asking(anna, ewa, cases, zabka):
    address = f"/settings/people/{person(cases, zabka, 'ewa').id}/delete"
    assert "Ewa is signed out everywhere" in anna.get(address).text
    assert "Ewa can no longer sign in." in anna.post(address).messages
    assert [user.login for user in cases.users.list(zabka.id)] == ["anna"]


def test_nobody_deletes_oneself(anna, cases, zabka):
    page = anna.post(f"/settings/people/{person(cases, zabka, 'anna').id}/delete")
    assert (page.status, "You cannot delete yourself." in page.text) == (422, True)


def test_the_change_log_says_who_did_what(ania, cases, zabka, desk):
    ania.post("/numbers/", number="22", name="Biuro", **phone(desk))
    row = ania.get("/settings/changes").html.select_one(".rows .row").get_text(" ", strip=True)
    assert row.startswith("Dodano numer 22 Biuro Ania")


def test_the_change_log_tells_in_words_what_no_person_did(ania, cases, zabka):
    for name in ("first start", "make run", "command line", "python -m app import"):
        cases.accounts.create(Actor(None, name), zabka.id, "Biuro")
    rows = ania.get("/settings/changes").html.select(".rows .row")
    told = [row.select("span")[2].get_text() for row in rows[:4]]
    assert told == ["dostawca, z pliku", "dostawca", "pierwsze uruchomienie", "pierwsze uruchomienie"]


def test_every_kind_of_change_has_words():
    import re
    from pathlib import Path

    from admin.words import CHANGES

    source = "".join(path.read_text() for path in Path("app/services").glob("*.py"))
    kinds = set(re.findall(r"(?:note\(\s*|Duty\.[A-Z_]+: )\"([a-z-]+)\"", source))
    assert kinds
    assert kinds == set(CHANGES)


def test_export_and_import_lead_back_to_the_same(anna, cases, zabka, desk):
    anna.post("/numbers/", number="22", name="Recepcja", **phone(desk))
    answer = anna.get("/settings/centralka.yaml").answer
    assert "attachment" in answer.headers["Content-Disposition"]
    page = anna.post("/settings/exchange", text=answer.text)
    assert "Imported. Everything is now as the file says." in page.messages


def test_a_file_is_taken_from_the_disk_as_well(anna, cases, zabka):
    file = (io.BytesIO(FILE.format(name="Żabka", number="22").encode()), "centralka.yaml")
    anna.post("/settings/exchange", file=file)
    assert [row.number for row in cases.numbers.list(zabka.id)] == ["22"]


def test_a_wrong_file_changes_nothing_and_names_the_place(ania, cases, zabka, desk):
    page = ania.post("/settings/exchange", text=FILE.format(name="Żabka", number="2"))
    assert page.status == 422
    assert "Niczego nie zmieniono." in page.text
    assert "tenants[0].extensions[0].number (wiersz 8): Numer wewnętrzny ma 2 lub 3 cyfry." in page.text
    assert [row.name for row in cases.accounts.list(zabka.id)] == ["Recepcja"]


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ('number: "22"', "number: 22", "number (wiersz 8): tu powinien być tekst; ujmij go w cudzysłów."),
        ('{account: "700101"}', '{extension: "99"}', "to.extension (wiersz 8): Nie ma numeru wewnętrznego 99."),
        ('{account: "700101"}', "{hangup: loudly}", "to.hangup (wiersz 8): tu powinno być jedno z tych słów: normal, busy."),
    ],
)
def test_what_is_wrong_in_a_file_is_told_as_of_something_written(ania, zabka, right, wrong, said):
    text = FILE.format(name="Żabka", number="22")
    assert right in text
    assert said in ania.post("/settings/exchange", text=text.replace(right, wrong)).text


def test_a_file_reaches_no_other_tenant(anna, cases, zabka, acme, foreign):
    page = anna.post("/settings/exchange", text=FILE.format(name="Acme", number="22"))
    assert page.status == 422
    assert "only “Żabka” may be in this file" in page.text
    assert [row.name for row in cases.accounts.list(acme.id)] == ["Roadrunner"]
    page = anna.post("/settings/exchange", text=FILE.format(name="Brand new", number="22"))
    assert page.status == 422
    assert len(cases.tenants.list()) == 2


@pytest.mark.parametrize("text", ["", "]", "a: &x 1\nb: *x", "\x00", "[" * 500, "tenants: 5"])
def test_nonsense_is_refused_in_words(anna, text):
    page = anna.post("/settings/exchange", text=text)
    assert page.status == 422
    assert "Nothing was changed." in page.text


def test_recordings_are_exported_and_imported_in_one_archive(anna, cases, zabka):
    assert not anna.get("/settings/exchange").html.select("[href$='.zip']")
    message = cases.messages.create(FIRST_START, zabka.id, "nieczynne", Recorded("told.wav", wave_file(0.2)))
    assert "Download it with 1 recording (ZIP)" in anna.get("/settings/exchange").text
    packed = anna.get("/settings/centralka.zip").answer
    assert (packed.mimetype, packed.headers["Content-Disposition"]) == ("application/zip", "attachment; filename=centralka.zip")
    content = io.BytesIO(packed.data)
    packed.close()  # as a server does when all is sent
    cases.messages.delete(FIRST_START, zabka.id, message.id)
    page = anna.post("/settings/exchange", file=(content, "centralka.zip"))
    assert "Imported. Everything is now as the file says." in page.messages
    assert cases.messages.list(zabka.id)[0].sound.version == message.sound.version


def test_an_archive_without_a_file_of_ours_changes_nothing(anna):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("readme.txt", "")
    page = anna.post("/settings/exchange", file=(io.BytesIO(file.getvalue()), "centralka.zip"))
    assert "There must be exactly one file with .yaml or .json at its end in the archive." in page.text


def test_another_language_asks_to_look_at_the_spoken_texts(ania, cases, zabka, monkeypatch):
    monkeypatch.setattr(audio, "speak", lambda text, language: wave_file(0.1))
    values = {"name": "Żabka", "language": "en", "time_zone": "Europe/Warsaw"}
    assert not any("głos" in message for message in ania.post("/settings/", **values).messages)
    for name in "ab":
        cases.messages.create(FIRST_START, zabka.id, name, Spoken("Dzień dobry"))
    page = ania.post("/settings/", **values | {"language": "pl"})
    assert "2 teksty czyta teraz inny głos. Czy są napisane w jego języku?" in page.messages
