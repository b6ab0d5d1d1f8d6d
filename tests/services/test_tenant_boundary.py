"""Nobody reaches beyond their tenant: every method that is told a tenant is tried with another tenant's things."""

import inspect
from dataclasses import fields

import pytest

from app.core.record import Record
from app.services import Services
from app.services.call_settings import CallSettings
from app.store import calllog

# method -> how a person of Zenit would try to reach Acme's things with it; None: it takes no id of a thing, see below
FOREIGN = {
    "tenants.get": None,
    "tenants.change": None,
    "tenants.settings": None,
    "tenants.change_settings": None,  # a number or a login is looked up in the tenant; see test_call_settings.py
    "tenants.consequences": None,
    "tenants.delete": None,
    "accounts.list": None,
    "accounts.get": lambda call, ola, zenit, anna, owner: call(zenit, anna.account.id),
    "accounts.create": None,
    "accounts.rename": lambda call, ola, zenit, anna, owner: call(ola, zenit, anna.account.id, "Mine"),
    "accounts.renew_password": lambda call, ola, zenit, anna, owner: call(ola, zenit, anna.account.id),
    "accounts.consequences": lambda call, ola, zenit, anna, owner: call(zenit, anna.account.id),
    "accounts.delete": lambda call, ola, zenit, anna, owner: call(ola, zenit, anna.account.id),
    "numbers.list": None,
    "numbers.get": lambda call, ola, zenit, anna, owner: call(zenit, anna.extension.id),
    "numbers.create": None,
    "numbers.change": lambda call, ola, zenit, anna, owner: call(ola, zenit, anna.extension.id, name="Mine"),
    "numbers.delete": lambda call, ola, zenit, anna, owner: call(ola, zenit, anna.extension.id),
    "numbers.warnings": None,
    "numbers.free": None,
    "users.list": None,
    "users.get": lambda call, ola, zenit, anna, owner: call(zenit, owner.id),
    "users.create": None,
    "users.change": lambda call, ola, zenit, anna, owner: call(ola, zenit, owner.id, name="Mine"),
    "users.delete": lambda call, ola, zenit, anna, owner: call(ola, zenit, owner.id),
    "users.reset_password": lambda call, ola, zenit, anna, owner: call(ola, zenit, owner.id),
    "history.page": None,
    "history.live": None,
    "history.get": lambda call, ola, zenit, anna, owner: call(zenit, "acme-call"),
    "history.missed_today": None,
    "history.csv": None,
    "changes.page": None,
    "phones.registered": None,
    "phones.state": None,
    "exchange.export": None,  # takes a name, and is the operator's
}


def methods() -> set[str]:
    found = set()
    for field in fields(Services):
        for name, method in inspect.getmembers(field.type, inspect.isfunction):
            if not name.startswith("_") and "tenant" in inspect.signature(method).parameters:
                found.add(f"{field.name}.{name}")
    return found


@pytest.fixture
def owner(pbx, ola, acme):
    return pbx.users.create(ola, acme.id, "olga", "Olga", "owner", "long-enough-1").user


@pytest.fixture
def acme_call(acme, anna, database):
    record = Record("acme-call", acme.id, "21", "Anna Żółć", anna.login, "22", 1.0)
    with database.writing():
        calllog.store([record])
    return record


def test_every_method_that_is_told_a_tenant_is_tried() -> None:
    assert set(FOREIGN) == methods()


@pytest.mark.parametrize("name", [name for name, attempt in FOREIGN.items() if attempt])
def test_foreign_thing_is_not_found(name, pbx, ola, zenit, anna, owner, acme_call, changes, refused):
    before = changes()
    service, method = name.split(".")
    with refused("not-found"):
        FOREIGN[name](getattr(getattr(pbx, service), method), ola, zenit.id, anna, owner)
    assert changes() == before
    assert pbx.accounts.get(anna.tenant, anna.account.id).name == "Anna Żółć"
    assert pbx.numbers.get(anna.tenant, anna.extension.id).name == "Anna Żółć"
    assert pbx.users.by_id(owner.id).name == "Olga"


def test_operator_is_not_found_as_a_tenants_user_nor_the_other_way_round(pbx, ola, acme, owner, refused):
    operator = pbx.users.create(ola, None, "second", "Second", "operator").user
    with refused("not-found"):
        pbx.users.reset_password(ola, acme.id, operator.id)
    with refused("not-found"):
        pbx.users.reset_password(ola, None, owner.id)


def test_lists_hold_ones_own(pbx, zenit, zofia, anna, owner, acme_call):
    assert [account.login for account in pbx.accounts.list(zenit.id)] == [zofia.login]
    assert [number.account.login for number in pbx.numbers.list(zenit.id)] == [zofia.login]
    assert pbx.users.list(zenit.id) == []
    assert all("Żółć" not in change.subject for change in pbx.changes.page(zenit.id).rows)
    assert pbx.history.page(zenit.id).total == 0
    assert pbx.history.page(zenit.id, search="Anna").total == 0
    assert pbx.history.live(zenit.id) == []
    assert pbx.history.missed_today(zenit.id) == []
    assert len(list(pbx.history.csv(zenit.id))) == 1, "nothing but the titles"
    assert [state.login for state in pbx.phones.state(zenit.id)] == [zofia.login]
    assert [notice.numbers for notice in pbx.numbers.warnings(zenit.id, "211")] == [("21",)]


@pytest.mark.parametrize(
    "attempt",
    [
        lambda pbx, ola: pbx.tenants.get(99),
        lambda pbx, ola: pbx.tenants.change(ola, 99, name="Mine"),
        lambda pbx, ola: pbx.tenants.settings(99),
        lambda pbx, ola: pbx.tenants.change_settings(ola, 99, CallSettings()),
        lambda pbx, ola: pbx.tenants.consequences(99),
        lambda pbx, ola: pbx.tenants.delete(ola, 99, "Acme"),
        lambda pbx, ola: pbx.accounts.create(ola, 99, "Anna"),
        lambda pbx, ola: pbx.numbers.create(ola, 99, "21", "Anna", "anna"),
        lambda pbx, ola: pbx.users.create(ola, 99, "olga", "Olga", "owner"),
        lambda pbx, ola: pbx.exchange.export("Acme"),
    ],
)
def test_tenant_that_does_not_exist_is_not_found(pbx, ola, refused, attempt):
    with refused("not-found"):
        attempt(pbx, ola)
