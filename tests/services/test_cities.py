"""City numbers: whose they are, how they are written, and which one is shown."""

import pytest

from app.core.destinations import ToCity, ToExtension, ToHangUp
from app.store import snapshot


@pytest.fixture
def main(pbx, ola, acme, anna):
    return pbx.cities.create(ola, acme.id, "22 123 45 67", "Główny", anna.phone)


@pytest.mark.parametrize("typed", ["22 123 45 67", "22-123-45-67", "+48 22 1234567", "0048221234567", "(22) 1234567"])
def test_number_is_taken_as_people_write_it(pbx, ola, acme, anna, typed, database):
    assert pbx.cities.create(ola, acme.id, typed, "Główny", anna.phone).number == "+48221234567"
    city = snapshot.read(database).tenants[acme.id].cities["+48221234567"]
    assert (city.name, city.to) == ("Główny", anna.phone)


@pytest.mark.parametrize("typed", ["", "22", "12345", "22 123 45", "112", "+48", "+999123456789", "abc", "²²1234567"])
def test_what_is_no_telephone_number_is_refused(pbx, ola, acme, anna, refused, typed):
    with refused(("telephone-format", "number")):
        pbx.cities.create(ola, acme.id, typed, "Główny", anna.phone)


def test_number_has_one_owner_in_the_whole_installation(pbx, ola, zenit, zofia, main, refused):
    with refused(("city-taken", "number")) as caught:
        pbx.cities.create(ola, zenit.id, "+48221234567", "Ours", zofia.phone)
    assert "Acme" not in str(caught.value), "whose it is, is nobody's business"
    assert snapshot.read(pbx.cities._database).owners["+48221234567"].name == "Acme"


def test_everything_wrong_is_said_at_once(pbx, ola, acme, zofia, refused):
    with refused(("telephone-format", "number"), ("name-missing", "name"), ("account-unknown", "to.account")):
        pbx.cities.create(ola, acme.id, "1", "", zofia.phone)
    with refused(("destination-missing", "to")):
        pbx.cities.create(ola, acme.id, "221234567", "Main", None)
    assert pbx.cities.list(acme.id) == []


def test_first_number_is_the_main_one_until_another_is_chosen(pbx, ola, acme, anna, main, database):
    other = pbx.cities.create(ola, acme.id, "22 765 43 21", "Inny", anna.phone)
    assert [city.main for city in pbx.cities.list(acme.id)] == [True, False]
    pbx.cities.make_main(ola, acme.id, other.id)
    assert [city.main for city in pbx.cities.list(acme.id)] == [False, True]
    assert snapshot.read(database).tenants[acme.id].main_number == "+48227654321"
    pbx.cities.delete(ola, acme.id, other.id)
    assert snapshot.read(database).tenants[acme.id].main_number == "+48221234567"


def test_only_what_is_given_changes(pbx, ola, acme, bartek, main, changes):
    pbx.cities.change(ola, acme.id, main.id, name="Centrala")
    pbx.cities.change(ola, acme.id, main.id, to=bartek.phone)
    changed = pbx.cities.change(ola, acme.id, main.id, number="22 765 43 21")
    assert (changed.number, changed.name, changed.to, changed.main) == ("+48227654321", "Centrala", bartek.phone, True)
    assert changes()[-1] == ("Ola", "city-changed", "+48227654321 Centrala")


def test_who_leads_to_a_number_follows_it(pbx, ola, acme, main):
    forty = pbx.numbers.create(ola, acme.id, "40", "Główny", ToCity("+48221234567"))
    pbx.cities.change(ola, acme.id, main.id, number="22 765 43 21")
    assert pbx.numbers.get(acme.id, forty.id).to == ToCity("+48227654321")


def test_number_in_use_stays_or_is_replaced(pbx, ola, acme, anna, main, refused):
    forty = pbx.numbers.create(ola, acme.id, "40", "Główny", ToCity("+48221234567"))
    with refused(("in-use", "replace_with")) as caught:
        pbx.cities.delete(ola, acme.id, main.id)
    assert [(use.kind, use.number, use.name) for use in caught.value.users] == [("extension", "40", "Główny")]
    pbx.cities.delete(ola, acme.id, main.id, replace_with=ToExtension("21"))
    assert pbx.numbers.get(acme.id, forty.id).to == ToExtension("21")
    assert pbx.cities.list(acme.id) == []


def test_number_that_an_account_presents_stays(pbx, ola, acme, anna, main, refused):
    pbx.accounts.present(ola, acme.id, anna.account.id, main.number)
    for replacement in (None, ToHangUp()):
        with refused(("in-use", "replace_with")) as caught:
            pbx.cities.delete(ola, acme.id, main.id, replace_with=replacement)
        assert [(use.kind, use.number) for use in caught.value.users] == [("account", anna.login)]
    pbx.accounts.present(ola, acme.id, anna.account.id, "")
    pbx.cities.delete(ola, acme.id, main.id)
