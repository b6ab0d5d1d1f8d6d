"""Operators: the provider's own people, made and removed by each other, never all of them."""

import pytest

from app.services.actor import FIRST_START
from tests.admin.conftest import PASSWORD
from tests.admin.visitor import Visitor


@pytest.fixture
def marek(cases):
    """Another operator."""
    return cases.users.create(FIRST_START, None, "marek", "Marek", "operator", PASSWORD).user


def me(cases, login="olga"):
    return next(user for user in cases.users.list(None) if user.login == login)


def test_a_new_operator_gets_a_password_once_and_can_sign_in(app, olga, cases):
    page = olga.post("/operators/new", name="Marek", login="marek", role="operator")
    password = page.html.find(id="password").get_text(strip=True)
    assert password not in olga.get(page.answer.request.full_path).text
    assert Visitor(app).sign_in("marek", password).path == "/tenants/"


def test_wrong_values_are_named_at_their_fields(olga, marek):
    page = olga.post("/operators/new", name="", login="marek", role="operator")
    assert page.error("name") == "Type a name."
    page = olga.post("/operators/new", name="Marek", login="marek", role="operator")
    assert page.error("login") == "The user name marek is already in use."


def test_nobody_becomes_an_owner_here(olga, cases):
    assert olga.post("/operators/new", name="Marek", login="marek", role="owner").status == 422
    assert [user.login for user in cases.users.list(None)] == ["olga"]


def test_an_operator_is_renamed(olga, cases, marek):
    olga.post(f"/operators/{marek.id}", name="Marek Wilk", role="operator")
    assert cases.users.get(None, marek.id).name == "Marek Wilk"


def test_a_new_password_ends_the_old_one(app, olga, marek):
    olga.post(f"/operators/{marek.id}/reset")
    assert Visitor(app).sign_in("marek", PASSWORD).status == 422


def test_ones_own_new_password_can_be_read(olga, cases):
    page = olga.post(f"/operators/{me(cases).id}/reset")
    assert page.html.find(id="password")
    assert olga.get("/tenants/").path == "/tenants/"


def test_another_operator_is_deleted_after_asking(olga, cases, marek):
    assert "Delete “Marek”?" in olga.get(f"/operators/{marek.id}/delete").heading
    assert "Marek can no longer sign in." in olga.post(f"/operators/{marek.id}/delete").messages
    assert [user.login for user in cases.users.list(None)] == ["olga"]


def test_the_last_operator_and_oneself_stay(olga, cases, marek):
    page = olga.get("/operators/")
    assert f"/operators/{me(cases).id}/delete" not in page.answer.text
    page = olga.post(f"/operators/{me(cases).id}/delete")
    assert (page.status, "You cannot delete yourself." in page.text) == (422, True)
    olga.post(f"/operators/{marek.id}/delete")
    page = olga.post(f"/operators/{me(cases).id}/delete")
    assert (page.status, "This is the last operator, so it must stay." in page.text) == (422, True)
    assert [user.login for user in cases.users.list(None)] == ["olga"]


def test_a_tenants_people_are_not_here_and_operators_not_there(olga, anna, cases, zabka):
    owner = cases.users.list(zabka.id)[0]
    assert olga.get(f"/operators/{owner.id}").status == 404
    assert olga.post(f"/operators/{owner.id}/delete").status == 404
    assert anna.get(f"/settings/people/{me(cases).id}").status == 404
    assert anna.post(f"/settings/people/{me(cases).id}/reset").status == 404
    assert "anna" not in olga.get("/operators/").html.select_one(".rows").get_text()


def test_the_page_stands_in_the_providers_menu_only(olga, anna):
    assert olga.get("/tenants/").html.select("nav a[href='/operators/']")
    assert not anna.get("/").html.select("nav a[href='/operators/']")
