"""The directory: where numbers lead, and what is told on the way."""

from collections.abc import Callable

import pytest

from app.core.destinations import ToAccount, ToCity, ToExternal, ToHangUp, ToHours, ToMenu, ToMessage, ToRing
from app.core.directory import Choice, City, Limits, Menu, Message, Sound
from app.core.hours import Schedule
from app.core.outcome import Outcome
from app.store import Database, destinations, models, snapshot


@pytest.fixture
def office(database: Database, acme: int, add_account: Callable) -> int:
    """One of everything, in rows."""
    anna, bartek = add_account(acme, "100101", "Anna"), add_account(acme, "100102", "Bartek")
    led = models.Destination
    with database.writing():
        city = models.City.create(tenant=acme, number="+48221234567", name="Główny", main=True)
        models.SipAccount.update(presents=city).where(models.SipAccount.id == anna.id).execute()
        sound = models.Sound.create(tenant=acme, content=b"RIFF", version="v1", seconds=1.5, text="", language="", file="a.wav")
        schedule = models.Schedule.create(
            tenant=acme, name="biuro", name_key="biuro", days="01", opens=480, closes=960, holidays="PL"
        )
        models.DayOff.create(schedule=schedule, day="2026-12-24")
        message = models.Message.create(tenant=acme, name="closed", name_key="closed", sound=sound)
        columns = {"dial_internal": True, "no_choice_repeat": 2, "wrong_choice_repeat": 0}
        menu = models.Menu.create(tenant=acme, name="hello", name_key="hello", greeting=sound, **columns)
        for branch, kind in (("1", {"kind": "account", "account": anna}), ("no_choice", {"kind": "ivr", "menu": menu})):
            led.create(tenant=acme, of_menu=menu, branch=branch, **kind)
        led.create(tenant=acme, of_menu=menu, branch="wrong_choice", kind="hangup", outcome="busy")
        led.create(tenant=acme, of_city=city, kind="ivr", menu=menu)
        number = models.Extension.create(tenant=acme, number="22", name="Biuro")
        ring = led.create(tenant=acme, of_extension=number, kind="ring", seconds=25, together=False)
        for position, account in enumerate((bartek, anna)):
            models.RingMember.create(destination=ring, position=position, account=account)
        hours = led.create(tenant=acme, parent=ring, branch="busy", kind="hours", schedule=schedule)
        led.create(tenant=acme, parent=hours, branch="open", kind="external", external="+48600100200")
        led.create(tenant=acme, parent=hours, branch="closed", kind="message", message=message)
        led.create(tenant=acme, of_tenant=acme, kind="city", city=city)
        limited = {"countries": "DE PL", "premium": True, "calls_at_once": None, "minutes_per_day": 5, "longest_call": 1}
        models.Tenant.update(**limited).where(models.Tenant.id == acme).execute()
        for name, priority, enabled in (("second", 2, True), ("first", 1, True), ("off", 0, False)):
            models.Trunk.create(
                **{"name": name, "name_key": name, "proxy": "x", "username": "", "password": "", "register": False},
                **{"priority": priority, "passes_original": name == "first", "enabled": enabled, "version": 7},
            )
        return int(sound.id)


def test_rows_become_values(database: Database, acme: int, office: int) -> None:
    directory = snapshot.read(database)
    tenant, sound = directory.tenants[acme], Sound(office, "v1", 1.5)
    assert tenant.main_number == tenant.accounts["100101"].presents == "+48221234567"
    assert tenant.accounts["100102"].presents == ""
    assert tenant.cities == {"+48221234567": City("+48221234567", "Główny", ToMenu("hello"))}
    assert tenant.messages == {"closed": Message("closed", sound)}
    no_choice, wrong_choice = Choice(2, ToMenu("hello")), Choice(0, ToHangUp(Outcome.BUSY))
    assert tenant.menus == {"hello": Menu("hello", sound, {"1": ToAccount("100101")}, no_choice, wrong_choice, True)}
    assert tenant.schedules == {"biuro": Schedule("biuro", frozenset({0, 1}), 480, 960, "PL", frozenset({"2026-12-24"}))}
    busy = ToHours("biuro", ToExternal("+48600100200"), ToMessage("closed"))
    assert tenant.extensions["22"].to == ToRing(("100102", "100101"), together=False, seconds=25, busy=busy)
    assert tenant.transfer_fallback == ToCity("+48221234567")
    assert tenant.limits == Limits(frozenset({"PL", "DE"}), True, None, 5, 1)
    assert [(trunk.name, trunk.priority, trunk.passes_original, trunk.version) for trunk in directory.trunks] == [
        ("first", 1, True, 7),
        ("second", 2, False, 7),
    ]


def test_changed_tenant_costs_its_own_rows_and_few_queries(
    database: Database, acme: int, office: int, add_tenant: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = add_tenant("Zenit")
    first = snapshot.read(database)
    asked: list[str] = []
    execute = database.peewee.execute_sql
    monkeypatch.setattr(database.peewee, "execute_sql", lambda sql, *more: asked.append(sql) or execute(sql, *more))
    with database.writing():
        models.Revision.update(value=models.Revision.value + 1).execute()
        models.Tenant.update(revision=models.Revision.get_by_id(1).value).where(models.Tenant.id == acme).execute()
    asked.clear()
    second = snapshot.read(database, first)
    assert second.tenants[acme] == first.tenants[acme]
    assert second.tenants[other] is first.tenants[other]
    reads = [sql for sql in asked if sql.startswith("SELECT") and "WHERE" in sql]
    assert len([sql for sql in asked if sql.startswith("SELECT")]) <= 15
    assert all('"tenant_id" IN' in sql or '"revision"' in sql or '"enabled"' in sql for sql in reads)


def test_all_tenants_are_read_at_once_when_many_changed(
    database: Database, acme: int, office: int, add_tenant: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = snapshot.read(database)
    for number in range(4):
        add_tenant(f"Tenant {number}")
    monkeypatch.setattr(destinations, "FEW", 3)
    assert snapshot.read(database).tenants[acme] == few.tenants[acme]


def test_directory_of_one_tenant_has_the_trunks(database: Database, acme: int, office: int, add_tenant: Callable) -> None:
    add_tenant("Zenit")
    whole = snapshot.read(database)
    with database.snapshot():
        alone, none = snapshot.of_tenant(acme), snapshot.of_tenant(999)
    assert (alone.tenants, alone.trunks) == ({acme: whole.tenants[acme]}, whole.trunks)
    assert none.tenants == {}
