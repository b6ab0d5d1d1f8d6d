"""Tenants: the operator's list of customers."""

import pytest


def test_an_empty_list_offers_the_first_step(olga):
    page = olga.get("/tenants/")
    assert "No tenant yet" in page.text


def test_a_new_tenant_is_entered_at_once(olga, cases):
    page = olga.post("/tenants/new", name="Żabka", language="pl", time_zone="Europe/Warsaw")
    assert (page.path, page.heading) == ("/", "Żabka")
    assert [row.name for row in cases.tenants.list()] == ["Żabka"]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "Type a name."),
        ("name", "ŻABKA", "There is already a tenant called “Żabka”."),
        ("language", "xx", "Choose one of the languages."),
        ("time_zone", "Warsaw", "There is no such time zone. An example: Europe/Warsaw."),
    ],
)
@pytest.mark.parametrize("editing", [False, True])
def test_a_wrong_value_is_named_at_its_field(olga, zabka, acme, editing, field, value, said):
    values = {"name": "New", "language": "pl", "time_zone": "Europe/Warsaw", field: value}
    page = olga.post(f"/tenants/{acme.id}" if editing else "/tenants/new", **values)
    assert page.status == 422
    assert page.error(field) == said


def test_a_tenant_is_changed(olga, cases, zabka):
    olga.post(f"/tenants/{zabka.id}", name="Ropucha", language="en", time_zone="UTC")
    row = cases.tenants.get(zabka.id)
    assert (row.name, row.language, row.time_zone) == ("Ropucha", "en", "UTC")


def test_deleting_counts_what_goes_with_it_and_wants_the_name(olga, cases, zabka, desk):
    page = olga.get(f"/tenants/{zabka.id}/delete")
    assert "1 phone" in page.text
    assert "0 internal numbers" in page.text
    page = olga.post(f"/tenants/{zabka.id}/delete", typed_name="zabka")
    assert page.error("typed_name") == "To delete, type the name exactly: Żabka"
    assert cases.tenants.list()
    page = olga.post(f"/tenants/{zabka.id}/delete", typed_name="Żabka")
    assert "The tenant “Żabka” has been deleted." in page.messages
    assert not cases.tenants.list()


def test_what_does_not_exist_is_a_page_of_its_own(olga):
    for address in ("/tenants/77", "/tenants/77/delete", "/tenants/99999999999999999999"):
        assert olga.get(address).heading == "There is nothing here"
    assert olga.post("/tenants/77", name="x").status == 404
    assert olga.post("/tenants/77/enter").status == 404
