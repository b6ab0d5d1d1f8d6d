"""The directory: what the core sees of the tables, and how soon."""

import logging
from collections.abc import Callable

import pytest

from app.core.destinations import ToAccount, ToExtension
from app.core.directory import Account, Directory, Extension, Tenant
from app.store import Database, destinations, models, snapshot
from app.store.snapshot import DirectorySource
from tests.store.fickle import FickleDatabase


@pytest.fixture
def touch(database: Database) -> Callable[[int], None]:
    """Note, as the services do, that something of a tenant changed."""

    def note(tenant: int) -> None:
        with database.writing():
            models.Revision.update(value=models.Revision.value + 1).execute()
            models.Tenant.update(revision=models.Revision.get_by_id(1).value).where(models.Tenant.id == tenant).execute()

    return note


@pytest.fixture
def anna(database: Database, acme: int, add_account: Callable, touch: Callable) -> models.SipAccount:
    account = add_account(acme, "100101", "Anna Żółć")
    with database.writing():
        row = models.Extension.create(tenant=acme, number="21", name="Anna")
        models.Destination.create(tenant=acme, of_extension=row, kind="account", account=account)
    touch(acme)
    return account


def test_rows_become_a_directory(database: Database, acme: int, anna: models.SipAccount) -> None:
    account = Account("100101", acme, "Anna Żółć", 1)
    extension = Extension("21", "Anna", ToAccount("100101"))
    tenant = Tenant(acme, "Acme", "pl", {"100101": account}, {"21": extension})
    assert snapshot.read(database) == Directory(2, {acme: tenant})


def test_call_settings_are_in_the_directory(
    database: Database, acme: int, anna: models.SipAccount, add_tenant: Callable, touch: Callable
) -> None:
    other = add_tenant("Zenit")
    with database.writing():
        changed = {"ring_seconds": 12, "digit_timeout": 4, "keys_on_internal_calls": True}
        models.Tenant.update(**changed).where(models.Tenant.id == acme).execute()
        models.Destination.create(tenant=acme, of_tenant=acme, kind="account", account=anna)
    touch(acme)
    first = snapshot.read(database)
    tenant = first.tenants[acme]
    assert (tenant.ring_seconds, tenant.digit_timeout, tenant.keys_on_internal_calls) == (12, 4, True)
    assert tenant.transfer_fallback == ToAccount("100101")
    assert first.tenants[other] == Tenant(other, "Zenit")


def test_fallback_to_a_number_stays_a_number(database: Database, acme: int, anna: models.SipAccount, touch: Callable) -> None:
    with database.writing():
        number = models.Extension.get(models.Extension.number == "21")
        models.Destination.create(tenant=acme, of_tenant=acme, kind="extension", extension=number)
    touch(acme)
    assert snapshot.read(database).tenants[acme].transfer_fallback == ToExtension("21")


def test_empty_database_is_an_empty_directory(database: Database) -> None:
    assert snapshot.read(database) == Directory(0, {})


def test_nothing_is_read_again_when_nothing_changed(database: Database, anna: models.SipAccount) -> None:
    first = snapshot.read(database)
    assert snapshot.read(database, first) is first


def test_only_the_changed_tenant_is_read_again(
    database: Database, acme: int, anna: models.SipAccount, add_tenant: Callable, touch: Callable
) -> None:
    other = add_tenant("Zenit")
    first = snapshot.read(database)
    with database.writing():
        models.Extension.update(name="Ania").execute()
    touch(acme)
    second = snapshot.read(database, first)
    assert second.tenants[acme].extensions["21"].name == "Ania"
    assert second.tenants[other] is first.tenants[other]


def test_deleted_tenant_is_gone(database: Database, acme: int, add_tenant: Callable, touch: Callable) -> None:
    other = add_tenant("Zenit")
    first = snapshot.read(database)
    with database.writing():
        models.Tenant.delete().where(models.Tenant.id == other).execute()
    touch(acme)
    assert set(snapshot.read(database, first).tenants) == {acme}


def test_many_tenants_are_read_at_once(
    database: Database, add_tenant: Callable, add_account: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(destinations, "FEW", 3)
    tenants = [add_tenant(f"Tenant {number}") for number in range(8)]
    for tenant in tenants:
        add_account(tenant, f"login-{tenant}", "Somebody")
    whole = snapshot.read(database)
    assert {tenant.id: set(tenant.accounts) for tenant in whole.tenants.values()} == {id_: {f"login-{id_}"} for id_ in tenants}
    assert snapshot.read(database, Directory(4, {id_: whole.tenants[id_] for id_ in tenants[:4]})).tenants == whole.tenants


def test_change_is_handed_over_by_itself(database: Database, acme: int, touch: Callable, eventually: Callable) -> None:
    source = DirectorySource(database)
    seen: list[Directory] = []
    source.watch(seen.append)
    with database.writing():
        models.Tenant.update(name="Acme Ltd").execute()
    touch(acme)
    eventually(lambda: seen)
    source.stop()
    assert [directory.tenants[acme].name for directory in seen] == ["Acme Ltd"]
    assert source.current() is seen[0]


def test_last_directory_holds_while_the_database_is_away(
    database: Database, acme: int, touch: Callable, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    fickle = FickleDatabase(database)
    source = DirectorySource(fickle)
    before = source.current()
    fickle.away = True
    assert not source.look()
    assert not source.look()
    assert source.current() is before
    fickle.away = False
    touch(acme)
    assert source.look()
    assert source.current().revision == before.revision + 1
    assert [entry.levelname for entry in caplog.records] == ["ERROR", "WARNING"]


def test_fault_in_taking_over_does_not_end_the_watch(
    database: Database, acme: int, touch: Callable, eventually: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "POLL_SECONDS", 0.01)
    seen: list[int] = []

    def take(directory: Directory) -> None:
        seen.append(directory.revision)
        if len(seen) == 1:
            raise LookupError("our mistake")

    source = DirectorySource(database)
    source.watch(take)
    touch(acme)
    eventually(lambda: len(seen) == 1)
    touch(acme)
    eventually(lambda: len(seen) == 2)
    source.stop()
