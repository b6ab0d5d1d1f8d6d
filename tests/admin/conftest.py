"""People of two companies and of the provider, at the real panel over the real services on an SQLite file."""

import dataclasses
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask

import admin
from app import config, services, store
from app.config import Settings
from app.services import Services
from app.services.actor import FIRST_START
from app.services.models import SipAccount, Tenant
from app.services.users import UserRole, Users
from app.store.models import Registration
from tests.admin.visitor import Visitor

PASSWORD = "correct horse battery"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return config.read({"VAR": str(tmp_path), "SIP_IP": "192.168.1.10", "SECRET_KEY": "of the tests"})


@pytest.fixture
def database(settings: Settings) -> Iterator[store.Database]:
    database = store.open(settings.database_url)
    store.migrate(database)
    yield database
    database.close()


@pytest.fixture
def cases(database: store.Database, settings: Settings) -> Services:
    """The services, with a password hash that takes no time."""
    return dataclasses.replace(services.build(database, settings), users=Users(database, QUICK))


@pytest.fixture
def app(cases: Services, settings: Settings) -> Iterator[Flask]:
    app = admin.create_app(cases, settings)
    yield app
    app.extensions["live"].stop()


@pytest.fixture
def zabka(cases: Services) -> Tenant:
    return cases.tenants.create(FIRST_START, "Żabka")


@pytest.fixture
def acme(cases: Services) -> Tenant:
    return cases.tenants.create(FIRST_START, "Acme", "en")


@pytest.fixture
def account(cases: Services) -> Callable[[Tenant, str], SipAccount]:
    return lambda tenant, name: cases.accounts.create(FIRST_START, tenant.id, name).account


@pytest.fixture
def desk(account, zabka: Tenant) -> SipAccount:
    """A phone of Żabka."""
    return account(zabka, "Recepcja")


@pytest.fixture
def foreign(account, acme: Tenant) -> SipAccount:
    """A phone of Acme."""
    return account(acme, "Roadrunner")


@pytest.fixture
def sign_on(database: store.Database) -> Callable[..., None]:
    """Let a device be signed in on an account, as the controller writes it down."""

    def sign_on(account: SipAccount, device: str = "Yealink T46U") -> None:
        now = time.time()
        with database.reading():
            Registration.create(
                login=account.login, contact=f"sip:{device}", device=device, address="", since=now - 60, expires=now + 600
            )

    return sign_on


@pytest.fixture
def enter(app: Flask, cases: Services) -> Callable[..., Visitor]:
    """Make a person and let them sign in."""

    def enter(tenant: Tenant | None, login: str, name: str, role: UserRole, language: str = "en") -> Visitor:
        user = cases.users.create(FIRST_START, tenant and tenant.id, login, name, role, PASSWORD).user
        cases.users.change(FIRST_START, tenant and tenant.id, user.id, language=language)
        visitor = Visitor(app, language)
        visitor.sign_in(login, PASSWORD)
        return visitor

    return enter


@pytest.fixture
def stranger(app: Flask) -> Visitor:
    return Visitor(app)


@pytest.fixture
def olga(enter) -> Visitor:
    """The provider's operator."""
    return enter(None, "olga", "Olga", UserRole.OPERATOR)


@pytest.fixture
def anna(enter, zabka: Tenant) -> Visitor:
    """The owner of Żabka."""
    return enter(zabka, "anna", "Anna Żółć", UserRole.OWNER)


@pytest.fixture
def ania(enter, zabka: Tenant) -> Visitor:
    """Another owner of Żabka, who reads Polish."""
    return enter(zabka, "ania", "Ania", UserRole.OWNER, "pl")


@pytest.fixture
def ewa(enter, zabka: Tenant) -> Visitor:
    """The receptionist of Żabka."""
    return enter(zabka, "ewa", "Ewa", UserRole.RECEPTIONIST)


@pytest.fixture
def wile(enter, acme: Tenant) -> Visitor:
    """The owner of Acme."""
    return enter(acme, "wile", "Wile", UserRole.OWNER)
