"""Over every address of the panel: strangers, forged forms, roles, and the walls between tenants."""

import pytest

import admin
from app.core.destinations import ToAccount
from app.services.actor import FIRST_START
from tests.admin.fake_phones import FakePhones
from tests.admin.routes import Route, all_routes

ROUTES = all_routes()
OPEN = {"door.sign_in", "door.open_door", "door.language", "door.sign_out"}
OPERATORS_ONLY = {"tenants", "operators", "system"}
RECEPTION = {"home", "history", "account", "door", "live", "virtual"}
RECEPTION_ALSO = {"phones.index", "phones.now"}
GUARDED = [route for route in ROUTES if route.endpoint not in OPEN]
WRITING = [route for route in ROUTES if route.method == "POST"]
READING = [route for route in ROUTES if route.method == "GET" and route.endpoint != "live.events"]  # that: test_live.py
PROVIDERS = [route for route in ROUTES if route.endpoint.partition(".")[0] in OPERATORS_ONLY]
NOT_FOR_RECEPTION = [
    route for route in ROUTES if route.endpoint.partition(".")[0] not in RECEPTION and route.endpoint not in RECEPTION_ALSO
]
WITH_IDS = [route for route in ROUTES if route.ids and route not in PROVIDERS]


@pytest.fixture
def app(cases, settings):
    """With the page of virtual phones, too."""
    return admin.create_app(cases, settings, virtual_phones=FakePhones())


@pytest.fixture
def ids(cases, acme, foreign):
    """Acme's things, as an address names them."""
    cases.numbers.create(FIRST_START, acme.id, "21", "Roadrunner", ToAccount(foreign.login))
    person = cases.users.create(FIRST_START, acme.id, "coyote", "Coyote", "owner").user
    return {"numbers": cases.numbers.list(acme.id)[0].id, "phones": foreign.id, "users": person.id, "virtual": foreign.login}


def address(route: Route, ids: dict) -> str:
    own = ids.get(route.endpoint.partition(".")[0], 1)
    return (
        route.rule.replace("<int:number>", str(own))
        .replace("<int:phone>", str(own))
        .replace("<login>", str(own))
        .replace("<order>", "register")
    )


def everything(cases, tenant) -> tuple:
    """All a tenant has, as values, to see whether anything changed."""
    return (
        cases.tenants.get(tenant.id).name,
        cases.tenants.settings(tenant.id),
        [(row.login, row.name, row.version) for row in cases.accounts.list(tenant.id)],
        [(row.number, row.name, row.account.login) for row in cases.numbers.list(tenant.id)],
        [(row.login, row.name, row.role, row.version) for row in cases.users.list(tenant.id)],
        [(row.login, row.name, row.role, row.version) for row in cases.users.list(None)],
    )


def call(visitor, route: Route, at: str, **values: object):
    return visitor.post(at, follow=False, **values) if route.method == "POST" else visitor.look(at)


def test_there_are_routes_of_every_kind():
    assert len(GUARDED) > 40
    assert len(WITH_IDS) > 12


@pytest.mark.parametrize("route", GUARDED, ids=str)
def test_a_stranger_is_let_in_nowhere(app, stranger, ids, cases, acme, route):
    before = everything(cases, acme)
    token = stranger.get("/sign-in").html.find("input", attrs={"name": "csrf_token"})["value"]
    answer = stranger.client.open(address(route, ids), method=route.method, data={"csrf_token": token})
    if answer.status_code == 302:
        assert answer.headers["Location"].startswith("/sign-in")
    else:
        assert answer.status_code == 403
    assert "Roadrunner" not in answer.text
    assert everything(cases, acme) == before


@pytest.mark.parametrize("route", WRITING, ids=str)
def test_a_form_without_its_token_changes_nothing(olga, wile, ids, cases, acme, route):
    before = everything(cases, acme)
    for visitor in (olga, wile):
        answer = visitor.client.post(address(route, ids), data={"name": "x", "working_in": str(acme.id)})
        assert answer.status_code == 400
    assert everything(cases, acme) == before


@pytest.mark.parametrize("route", WITH_IDS, ids=str)
def test_another_tenants_things_do_not_exist(anna, desk, ids, cases, acme, route):
    before = everything(cases, acme)
    answer = call(
        anna, route, address(route, ids), name="Stolen", number="99", login=desk.login, role="owner", replace_with=desk.id
    )
    assert answer.status == 404
    assert "Roadrunner" not in answer.answer.text
    assert everything(cases, acme) == before


@pytest.mark.parametrize("route", READING, ids=str)
def test_no_page_shows_another_tenants_names(anna, cases, zabka, acme, foreign, wile, route):
    cases.numbers.create(FIRST_START, acme.id, "21", "Roadrunner", ToAccount(foreign.login))
    desk = cases.accounts.create(FIRST_START, zabka.id, "Recepcja").account
    cases.numbers.create(FIRST_START, zabka.id, "22", "Recepcja", ToAccount(desk.login))
    people = {user.login: user.id for user in cases.users.list(zabka.id)}
    own = {"numbers": cases.numbers.list(zabka.id)[0].id, "phones": desk.id, "users": people["anna"], "virtual": desk.login}
    page = anna.look(address(route, own))
    assert page.status in (200, 302, 403)
    for secret in ("Roadrunner", "Acme", "Wile", foreign.login):
        assert secret not in page.answer.text


@pytest.mark.parametrize("route", PROVIDERS, ids=str)
def test_the_provider_pages_are_for_operators(anna, acme, route):
    assert call(anna, route, address(route, {"tenants": acme.id}), typed_name="Acme", name="Mine").status == 403


@pytest.mark.parametrize("route", NOT_FOR_RECEPTION, ids=str)
def test_a_receptionist_opens_only_what_is_hers(ewa, cases, zabka, desk, route):
    cases.numbers.create(FIRST_START, zabka.id, "22", "Recepcja", ToAccount(desk.login))
    before = everything(cases, zabka)
    own = {"numbers": cases.numbers.list(zabka.id)[0].id, "phones": desk.id, "users": 1}
    assert call(ewa, route, address(route, own), name="x", number="33").status == 403
    assert everything(cases, zabka) == before


def test_an_operator_works_in_the_tenant_that_was_chosen(olga, cases, zabka, acme, desk, foreign):
    assert olga.get("/").path == "/tenants/"
    olga.post(f"/tenants/{zabka.id}/enter")
    page = olga.get("/phones/")
    assert "You work as the tenant Żabka" in page.text
    assert "Recepcja" in page.text
    assert "Roadrunner" not in page.text
    olga.post("/tenants/leave")
    assert olga.get("/phones/").path == "/tenants/"


def test_what_was_typed_for_one_tenant_is_not_saved_in_another(olga, cases, zabka, acme, desk, foreign):
    olga.post(f"/tenants/{zabka.id}/enter")
    olga.post(f"/tenants/{acme.id}/enter")  # in a second window
    page = olga.post("/phones/new", name="Magazyn", working_in=zabka.id)
    assert (page.status, page.heading) == (409, "You are working elsewhere now")
    assert [row.name for row in cases.accounts.list(acme.id)] == ["Roadrunner"]


def test_a_chosen_tenant_that_is_gone_leads_back_to_the_list(olga, cases, zabka):
    olga.post(f"/tenants/{zabka.id}/enter")
    cases.tenants.delete(FIRST_START, zabka.id, "Żabka")
    assert olga.get("/numbers/").path == "/tenants/"


def test_an_owner_cannot_choose_a_tenant_by_a_forged_session(anna, acme):
    with anna.client.session_transaction() as session:
        session["tenant"] = acme.id
    assert anna.get("/").heading == "Żabka"
