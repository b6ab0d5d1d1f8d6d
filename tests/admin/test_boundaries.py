"""Over every address of the panel: strangers, forged forms, roles, and the walls between tenants."""

import pytest

import admin
from app.core.destinations import ToAccount, ToExtension, ToHangUp
from app.core.directory import Choice
from app.core.hours import Schedule
from app.services.actor import FIRST_START
from app.services.audio import Recorded
from app.services.menus import MenuSettings
from app.services.queue_settings import QueueSettings
from app.services.trunks import TrunkSettings
from tests.admin.fake_phones import FakePhones
from tests.admin.led import phone
from tests.admin.routes import Route, all_routes
from tests.services.waves import wave_file

RECORDED = Recorded("told.wav", wave_file(0.1))
END = Choice(0, ToHangUp())

ROUTES = all_routes()
OPEN = {"door.sign_in", "door.open_door", "door.language", "door.sign_out"}
OPERATORS_ONLY = {"tenants", "operators", "system", "trunks"}
OPERATORS_PAGES = {"cities.new", "cities.create", "cities.consequence", "cities.delete"}  # of a view that owners may open
RECEPTION = {"home", "history", "account", "door", "live", "virtual", "call_backs"}
RECEPTION_ALSO = {"phones.index", "phones.now", "queues.index", "queues.now", "queues.detail", "queues.board"}
GUARDED = [route for route in ROUTES if route.endpoint not in OPEN]
WRITING = [route for route in ROUTES if route.method == "POST"]
READING = [route for route in ROUTES if route.method == "GET" and route.endpoint != "live.events"]  # that: test_live.py
PROVIDERS = [
    route for route in ROUTES if route.endpoint.partition(".")[0] in OPERATORS_ONLY or route.endpoint in OPERATORS_PAGES
]
NOT_FOR_RECEPTION = [
    route for route in ROUTES if route.endpoint.partition(".")[0] not in RECEPTION and route.endpoint not in RECEPTION_ALSO
]
WITH_IDS = [route for route in ROUTES if route.ids and route.endpoint.partition(".")[0] not in OPERATORS_ONLY]
FOR_OWNERS = [route for route in WITH_IDS if route not in PROVIDERS]


@pytest.fixture
def app(cases, settings):
    """With the page of virtual phones, too."""
    return admin.create_app(cases, settings, virtual_phones=FakePhones())


@pytest.fixture
def ids(cases, acme, foreign):
    """Acme's things, as an address names them."""
    cases.numbers.create(FIRST_START, acme.id, "21", "Roadrunner", ToAccount(foreign.login))
    person = cases.users.create(FIRST_START, acme.id, "coyote", "Coyote", "owner").user
    return {"phones": foreign.id, "users": person.id, "virtual": foreign.login, **furnished(cases, acme, "Roadrunner")}


def furnished(cases, tenant, name: str) -> dict[str, int]:
    """A number, city number, message, menu, queue and schedule of the tenant, each called ``name``; their ids."""
    city = cases.cities.create(FIRST_START, tenant.id, f"22{tenant.id:07}", name, ToExtension("21"))
    message = cases.messages.create(FIRST_START, tenant.id, name, RECORDED)
    menu = cases.menus.create(FIRST_START, tenant.id, MenuSettings(name, {"1": ToExtension("21")}, END, END), RECORDED)
    queue = cases.queues.create(FIRST_START, tenant.id, QueueSettings(name, overflow=ToExtension("21")))
    schedule = cases.schedules.create(FIRST_START, tenant.id, Schedule(name, frozenset({0}), 480, 960))
    return {
        "numbers": cases.numbers.list(tenant.id)[0].id,
        "cities": city.id,
        "messages": message.id,
        "sound": message.sound.id,
        "menus": menu.id,
        "queues": queue.id,
        "schedules": schedule.id,
    }


def address(route: Route, ids: dict) -> str:
    own = ids.get(route.endpoint.partition(".")[0], 1)
    return (
        route.rule.replace("<int:number>", str(own))
        .replace("<int:sound>", str(ids.get("sound", 1)))
        .replace("<int:phone>", str(own))
        .replace("<login>", str(own))
        .replace("<order>", "register")
    )


def everything(cases, tenant) -> tuple:
    """All a tenant has, as values, to see whether anything changed."""
    return (
        cases.tenants.get(tenant.id).name,
        cases.tenants.settings(tenant.id),
        [(row.login, row.name, row.version, row.presents_id) for row in cases.accounts.list(tenant.id)],
        cases.numbers.list(tenant.id),
        cases.cities.list(tenant.id),
        cases.menus.list(tenant.id),
        cases.queues.list(tenant.id),
        cases.messages.list(tenant.id),
        cases.schedules.list(tenant.id),
        [(row.login, row.name, row.role, row.version) for row in cases.users.list(tenant.id)],
        [(row.login, row.name, row.role, row.version) for row in cases.users.list(None)],
        cases.trunks.list(),
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


@pytest.mark.parametrize("route", FOR_OWNERS, ids=str)
def test_another_tenants_things_do_not_exist(anna, desk, ids, cases, acme, route):
    before = everything(cases, acme)
    answer = call(
        anna, route, address(route, ids), name="Stolen", number="99", role="owner", **phone(desk), **phone(desk, "replace_with")
    )
    assert answer.status == 404
    assert "Roadrunner" not in answer.answer.text
    assert everything(cases, acme) == before


@pytest.mark.parametrize("route", READING, ids=str)
def test_no_page_shows_another_tenants_names(anna, cases, zabka, acme, foreign, wile, route):
    cases.numbers.create(FIRST_START, acme.id, "21", "Roadrunner", ToAccount(foreign.login))
    furnished(cases, acme, "Roadrunner")
    desk = cases.accounts.create(FIRST_START, zabka.id, "Recepcja").account
    cases.numbers.create(FIRST_START, zabka.id, "21", "Recepcja", ToAccount(desk.login))
    people = {user.login: user.id for user in cases.users.list(zabka.id)}
    own = {"phones": desk.id, "users": people["anna"], "virtual": desk.login, **furnished(cases, zabka, "Nasze")}
    page = anna.look(address(route, own))
    assert page.status in (200, 302, 403)
    for secret in ("Roadrunner", "Acme", "Wile", foreign.login):
        assert secret.encode() not in page.answer.data
    page.answer.close()  # as a server does: an archive is sent from a file


@pytest.mark.parametrize("route", PROVIDERS, ids=str)
def test_the_provider_pages_are_for_operators(anna, cases, acme, route):
    trunk = cases.trunks.create(FIRST_START, TrunkSettings("Out", "192.0.2.1")).id
    before = everything(cases, acme)
    ids = {"tenants": acme.id, "trunks": trunk, "cities": 1}
    assert call(anna, route, address(route, ids), typed_name="Acme", name="Mine").status == 403
    assert everything(cases, acme) == before


@pytest.mark.parametrize("route", NOT_FOR_RECEPTION, ids=str)
def test_a_receptionist_opens_only_what_is_hers(ewa, cases, zabka, desk, route):
    cases.numbers.create(FIRST_START, zabka.id, "21", "Recepcja", ToAccount(desk.login))
    own = {"phones": desk.id, "users": 1, **furnished(cases, zabka, "Nasze")}
    before = everything(cases, zabka)
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


@pytest.mark.parametrize("route", [route for route in WITH_IDS if route.endpoint.startswith("cities")], ids=str)
def test_an_operator_in_one_tenant_does_not_reach_another_by_accident(olga, ids, cases, zabka, acme, route):
    olga.post(f"/tenants/{zabka.id}/enter")
    before = everything(cases, acme)
    assert call(olga, route, address(route, ids), name="Mine").status == 404
    assert everything(cases, acme) == before


def test_on_the_one_screen_nothing_of_another_tenant_can_be_named(anna, cases, zabka, acme, foreign, desk):
    cases.numbers.create(FIRST_START, acme.id, "21", "Roadrunner", ToAccount(foreign.login))
    city = furnished(cases, acme, "Roadrunner")["cities"]
    before = everything(cases, acme), everything(cases, zabka)
    number = cases.cities.get(acme.id, city).number
    for to in (f"account:{foreign.login}", f"city:{number}", "menu:Roadrunner", "nonsense"):
        page = anna.post("/services/numbering", **{"rows.0.to": to, "rows.0.number": "33", "rows.0.name": "Mine"})
        assert "Roadrunner" not in page.answer.text
    assert (everything(cases, acme), everything(cases, zabka)) == before
