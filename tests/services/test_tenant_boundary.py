"""Nobody reaches beyond their tenant: every method that is told a tenant is tried with another tenant's things."""

import inspect
from dataclasses import fields, replace
from types import SimpleNamespace

import pytest

from app.core.destinations import ToHangUp
from app.core.directory import Choice
from app.core.hours import Schedule
from app.core.outcome import Outcome
from app.core.queues import Duty
from app.core.record import Part, Record, Visit
from app.services import Services
from app.services.audio import Spoken
from app.services.call_settings import CallSettings
from app.services.menus import MenuSettings
from app.services.queue_settings import QueueSettings
from app.store import calllog

# method -> how a person of Zenit would try to reach Acme's things with it; None: it takes no id of a thing, see below
FOREIGN = {
    "tenants.get": None,
    "tenants.change": None,
    "tenants.settings": None,
    "tenants.change_settings": None,  # what it names is looked up in the tenant; see test_call_settings.py
    "tenants.consequences": None,
    "tenants.delete": None,
    "accounts.list": None,
    "accounts.get": lambda call, ola, zenit, has: call(zenit, has.account),
    "accounts.create": None,
    "accounts.rename": lambda call, ola, zenit, has: call(ola, zenit, has.account, "Mine"),
    "accounts.renew_password": lambda call, ola, zenit, has: call(ola, zenit, has.account),
    "accounts.present": lambda call, ola, zenit, has: call(ola, zenit, has.account, ""),
    "accounts.used_by": lambda call, ola, zenit, has: call(zenit, has.account),
    "accounts.delete": lambda call, ola, zenit, has: call(ola, zenit, has.account),
    "numbers.list": None,
    "numbers.get": lambda call, ola, zenit, has: call(zenit, has.number),
    "numbers.create": None,
    "numbers.change": lambda call, ola, zenit, has: call(ola, zenit, has.number, name="Mine"),
    "numbers.used_by": lambda call, ola, zenit, has: call(zenit, has.number),
    "numbers.delete": lambda call, ola, zenit, has: call(ola, zenit, has.number),
    "numbers.warnings": None,
    "numbers.free": None,
    "numbering.rows": None,
    "numbering.check": None,
    "numbering.save": None,  # names no row; see test_numbering.py
    "numbering.suggest": None,
    "cities.list": None,
    "cities.get": lambda call, ola, zenit, has: call(zenit, has.city),
    "cities.create": None,
    "cities.change": lambda call, ola, zenit, has: call(ola, zenit, has.city, name="Mine"),
    "cities.make_main": lambda call, ola, zenit, has: call(ola, zenit, has.city),
    "cities.used_by": lambda call, ola, zenit, has: call(zenit, has.city),
    "cities.delete": lambda call, ola, zenit, has: call(ola, zenit, has.city),
    "menus.list": None,
    "menus.get": lambda call, ola, zenit, has: call(zenit, has.menu),
    "menus.create": None,
    "menus.change": lambda call, ola, zenit, has: call(ola, zenit, has.menu, MINE),
    "menus.used_by": lambda call, ola, zenit, has: call(zenit, has.menu),
    "menus.delete": lambda call, ola, zenit, has: call(ola, zenit, has.menu),
    "messages.list": None,
    "messages.get": lambda call, ola, zenit, has: call(zenit, has.message),
    "messages.create": None,
    "messages.change": lambda call, ola, zenit, has: call(ola, zenit, has.message, name="Mine"),
    "messages.used_by": lambda call, ola, zenit, has: call(zenit, has.message),
    "messages.delete": lambda call, ola, zenit, has: call(ola, zenit, has.message),
    "queues.list": None,
    "queues.get": lambda call, ola, zenit, has: call(zenit, has.queue),
    "queues.create": None,
    "queues.change": lambda call, ola, zenit, has: call(ola, zenit, has.queue, QueueSettings("Mine")),
    "queues.used_by": lambda call, ola, zenit, has: call(zenit, has.queue),
    "queues.consequences": lambda call, ola, zenit, has: call(zenit, has.queue),
    "queues.delete": lambda call, ola, zenit, has: call(ola, zenit, has.queue),
    "queues.attend": lambda call, ola, zenit, has: call(ola, zenit, has.queue, has.agent, Duty.SIGN_OUT),
    "queue_board.now": None,
    "call_backs.list": None,
    "call_backs.done": None,
    "call_backs.lists": None,
    "call_backs.mark": None,
    "call_backs.be_done": lambda call, ola, zenit, has: call(ola, zenit, has.lost),
    "queue_statistics.queues": None,
    "queue_statistics.agents": None,  # an unknown queue has none; see test_queue_statistics.py
    "schedules.list": None,
    "schedules.get": lambda call, ola, zenit, has: call(zenit, has.schedule),
    "schedules.create": None,
    "schedules.change": lambda call, ola, zenit, has: call(ola, zenit, has.schedule, ALWAYS),
    "schedules.used_by": lambda call, ola, zenit, has: call(zenit, has.schedule),
    "schedules.delete": lambda call, ola, zenit, has: call(ola, zenit, has.schedule),
    "sounds.listen": lambda call, ola, zenit, has: call(zenit, has.sound),
    "sounds.recorded": None,
    "sounds.spoken": None,
    "users.list": None,
    "users.get": lambda call, ola, zenit, has: call(zenit, has.owner),
    "users.create": None,
    "users.change": lambda call, ola, zenit, has: call(ola, zenit, has.owner, name="Mine"),
    "users.delete": lambda call, ola, zenit, has: call(ola, zenit, has.owner),
    "users.reset_password": lambda call, ola, zenit, has: call(ola, zenit, has.owner),
    "history.page": None,
    "history.live": None,
    "history.get": lambda call, ola, zenit, has: call(zenit, "acme-call"),
    "history.missed_today": None,
    "history.csv": None,
    "refusals.of": None,
    "refusals.newest": None,
    "refusals.look_at": None,
    "changes.page": None,
    "phones.registered": None,
    "phones.state": None,
    "answering.would_answer": None,  # follows names within the tenant
    "answering.of_numbers": None,
    "exchange.export": None,  # takes a name, and is the operator's
    "exchange.export_files": None,
}

ALWAYS = Schedule("Always", frozenset(range(7)), 0, 24 * 60)
MINE = MenuSettings("Mine", {"1": ToHangUp()}, Choice(1, ToHangUp()), Choice(1, ToHangUp()))


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
def has(pbx, ola, acme, anna, owner, told):
    """The ids of Acme's things, one of each kind."""
    message = pbx.messages.create(ola, acme.id, "Acme's", told)
    return SimpleNamespace(
        account=anna.account.id,
        number=anna.extension.id,
        owner=owner.id,
        city=pbx.cities.create(ola, acme.id, "221234567", "Acme's", anna.phone).id,
        menu=pbx.menus.create(ola, acme.id, replace(MINE, name="Acme's"), told).id,
        message=message.id,
        queue=pbx.queues.create(ola, acme.id, QueueSettings("Acme's", agents=(anna.phone,))).id,
        agent=anna.login,
        lost="+48600100200",
        schedule=pbx.schedules.create(ola, acme.id, replace(ALWAYS, name="Acme's")).id,
        sound=message.sound.id,
    )


@pytest.fixture
def acme_call(acme, anna, database):
    record = Record("acme-call", acme.id, "21", "Anna Żółć", anna.login, "22", 1.0)
    lost = Record("lost", acme.id, "+48600100200", "", "", "x", 1.0, ended=2.0, parts=(Part("", "", "", 1.0, None, 2.0),))
    lost = replace(lost, visits=(Visit(1, "Acme's", 0, Outcome.ABANDONED),))
    with database.writing():
        calllog.store([record, lost])
    return record


def test_every_method_that_is_told_a_tenant_is_tried() -> None:
    assert set(FOREIGN) == methods()


@pytest.mark.parametrize("name", [name for name, attempt in FOREIGN.items() if attempt])
def test_foreign_thing_is_not_found(name, pbx, ola, zenit, anna, has, acme_call, changes, refused):
    before, kept = changes(), pbx.exchange.export("Acme")
    service, method = name.split(".")
    with refused("not-found"):
        FOREIGN[name](getattr(getattr(pbx, service), method), ola, zenit.id, has)
    assert changes() == before
    assert pbx.exchange.export("Acme") == kept
    assert pbx.users.by_id(has.owner).name == "Olga"


def test_operator_is_not_found_as_a_tenants_user_nor_the_other_way_round(pbx, ola, acme, owner, refused):
    operator = pbx.users.create(ola, None, "second", "Second", "operator").user
    with refused("not-found"):
        pbx.users.reset_password(ola, acme.id, operator.id)
    with refused("not-found"):
        pbx.users.reset_password(ola, None, owner.id)


def test_lists_hold_ones_own(pbx, zenit, zofia, anna, has, acme_call):
    assert [account.login for account in pbx.accounts.list(zenit.id)] == [zofia.login]
    assert [number.to for number in pbx.numbers.list(zenit.id)] == [zofia.phone]
    assert pbx.users.list(zenit.id) == []
    assert all("Żółć" not in change.subject for change in pbx.changes.page(zenit.id).rows)
    assert pbx.history.page(zenit.id).total == 0
    assert pbx.history.page(zenit.id, search="Anna").total == 0
    assert pbx.history.live(zenit.id) == []
    assert pbx.history.missed_today(zenit.id) == []
    assert len(list(pbx.history.csv(zenit.id))) == 1, "nothing but the titles"
    assert [state.login for state in pbx.phones.state(zenit.id)] == [zofia.login]
    for nouns in (pbx.cities, pbx.menus, pbx.messages, pbx.schedules, pbx.queues):
        assert nouns.list(zenit.id) == []
    assert pbx.queue_board.now(zenit.id) == pbx.call_backs.list(zenit.id, 3.0) == []
    assert pbx.queue_statistics.queues(zenit.id, 0.0, 3.0) == pbx.queue_statistics.agents(zenit.id, 0.0, 3.0) == []
    assert [row.to for row in pbx.numbering.rows(zenit.id)] == [zofia.phone]
    assert set(pbx.answering.of_numbers(zenit.id)) == {"21"}
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
        lambda pbx, ola: pbx.numbers.create(ola, 99, "21", "Anna", ToHangUp()),
        lambda pbx, ola: pbx.numbering.save(ola, 99, []),
        lambda pbx, ola: pbx.cities.create(ola, 99, "221234567", "Main", ToHangUp()),
        lambda pbx, ola: pbx.menus.create(ola, 99, MINE, Spoken("Hello")),
        lambda pbx, ola: pbx.messages.create(ola, 99, "Hello", Spoken("Hello")),
        lambda pbx, ola: pbx.queues.create(ola, 99, QueueSettings("Hello")),
        lambda pbx, ola: pbx.schedules.create(ola, 99, ALWAYS),
        lambda pbx, ola: pbx.answering.would_answer(99, ToHangUp()),
        lambda pbx, ola: pbx.users.create(ola, 99, "olga", "Olga", "owner"),
        lambda pbx, ola: pbx.exchange.export("Acme"),
    ],
)
def test_tenant_that_does_not_exist_is_not_found(pbx, ola, refused, attempt):
    with refused("not-found"):
        attempt(pbx, ola)
