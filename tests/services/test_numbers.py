"""Internal numbers."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.destinations import ToAccount
from app.core.numbering import is_assignable
from app.services.plan import Notice
from app.store import snapshot
from app.store.models import Extension


def test_number_leads_to_its_account(pbx, anna, database):
    (row,) = pbx.numbers.list(anna.tenant)
    assert (row.number, row.name, row.to) == ("21", "Anna Żółć", anna.phone)
    assert snapshot.read(database).tenants[anna.tenant].extensions["21"].to == anna.phone


@pytest.mark.parametrize(
    ("number", "code"),
    [
        *[(number, "number-reserved") for number in ("112", "984", "987", "989", "991", "999")],
        *[(number, "number-format") for number in ("", "1", "1234", "2a", "²²", "٢٢", "22 ", "*8", "+4")],
    ],
)
def test_number_has_two_or_three_digits_and_is_nobodys_in_need(pbx, ola, anna, refused, number, code):
    with refused((code, "number")):
        pbx.numbers.create(ola, anna.tenant, number, "Anna", anna.phone)


def test_number_is_given_once(pbx, ola, anna, refused):
    with refused(("number-taken", "number")) as caught:
        pbx.numbers.create(ola, anna.tenant, "21", "Other", anna.phone)
    assert str(caught.value) == "Number 21 already belongs to Anna Żółć."


def test_another_tenant_may_have_the_same_number(pbx, anna, zofia):
    assert [row.name for row in pbx.numbers.list(anna.tenant)] == ["Anna Żółć"]
    assert [row.name for row in pbx.numbers.list(zofia.tenant)] == ["Zofia"]


def test_everything_wrong_is_said_at_once(pbx, ola, anna, zofia, refused):
    with refused(("number-format", "number"), ("name-missing", "name"), ("account-unknown", "to.account")):
        pbx.numbers.create(ola, anna.tenant, "2", " ", zofia.phone)


def test_only_what_is_given_changes(pbx, ola, anna, bartek, changes):
    pbx.numbers.change(ola, anna.tenant, anna.extension.id, number="31")
    pbx.numbers.change(ola, anna.tenant, anna.extension.id, to=bartek.phone)
    row = pbx.numbers.change(ola, anna.tenant, anna.extension.id, name="Recepcja")
    assert (row.number, row.name, row.to) == ("31", "Recepcja", bartek.phone)
    assert changes()[-1] == ("Ola", "number-changed", "31 Recepcja")


def test_number_may_stay_but_not_become_anothers(pbx, ola, anna, bartek, refused):
    pbx.numbers.change(ola, anna.tenant, anna.extension.id, number="21")
    with refused(("number-taken", "number"), ("name-missing", "name"), ("account-unknown", "to.account")):
        pbx.numbers.change(ola, anna.tenant, anna.extension.id, number="22", name="", to=ToAccount("nobody"))
    assert pbx.numbers.get(anna.tenant, anna.extension.id).number == "21"


def test_deleted_number_is_free_again(pbx, ola, anna, refused):
    pbx.numbers.delete(ola, anna.tenant, anna.extension.id)
    with refused("not-found"):
        pbx.numbers.get(anna.tenant, anna.extension.id)
    assert pbx.numbers.create(ola, anna.tenant, "21", "Anna", anna.phone)


def test_number_that_begins_another_is_allowed_with_a_warning(pbx, ola, anna, bartek):
    pbx.numbers.create(ola, anna.tenant, "221", "Anna", anna.phone)
    assert pbx.numbers.warnings(anna.tenant, "22") == [Notice("waits-for", ("221",))]
    assert pbx.numbers.warnings(anna.tenant, "221") == [Notice("delays", ("22",))]
    assert pbx.numbers.warnings(anna.tenant, "31") == []


def test_numbers_are_listed_in_dialling_order(pbx, ola, anna):
    for number in ("300", "99", "10"):
        pbx.numbers.create(ola, anna.tenant, number, "Anna", anna.phone)
    assert [row.number for row in pbx.numbers.list(anna.tenant)] == ["10", "21", "99", "300"]


def test_first_suggestions(pbx, acme, anna, bartek, zenit):
    assert pbx.numbers.free(zenit.id) == "21"
    assert pbx.numbers.free(acme.id) == "23"
    assert pbx.numbers.free(zenit.id, 3) == "201"
    assert pbx.numbers.free(acme.id, 3) == "201"


@given(st.sets(st.integers(10, 999).map(str).filter(is_assignable), max_size=120), st.sampled_from([2, 3]))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_suggestion_is_free_and_makes_nobody_wait(pbx, anna, database, taken, digits):
    with database.writing():
        Extension.delete().execute()
        for number in taken:
            Extension.create(tenant=anna.tenant, number=number, name=number)
    suggested = pbx.numbers.free(anna.tenant, digits)
    if suggested is None:
        assert len(taken) > 5
        return
    assert len(suggested) == digits
    assert is_assignable(suggested)
    assert suggested not in taken
    assert pbx.numbers.warnings(anna.tenant, suggested) == []


def test_full_house_has_no_suggestion(pbx, anna, database):
    with database.writing():
        Extension.delete().execute()
        for number in range(10, 100):
            Extension.create(tenant=anna.tenant, number=str(number), name="x")
    assert pbx.numbers.free(anna.tenant) is None
    assert pbx.numbers.free(anna.tenant, 3) is None
