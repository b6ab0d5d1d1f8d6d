"""Two companies of one provider: Acme, where Anna has 21 and Bartek 22, and Zenit, where Zofia has 21 as well."""

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from app import config, services, store
from app.core.destinations import ToAccount
from app.services import Services
from app.services.actor import Actor
from app.services.audio import Recorded
from app.services.exchange import Report
from app.services.numbers import Number
from app.services.users import Users
from app.store import Database
from app.store.models import MODELS, Change, Revision, SipAccount, Tenant
from tests.services.exchange_files import FULL
from tests.services.waves import wave_file

SPEAKER = """#!{python}
import sys, wave
text = sys.stdin.buffer.read().decode()
open({heard!r}, "a").write(repr([*sys.argv[1:], text]) + chr(10))
with wave.open(sys.stdout.buffer, "wb") as file:
    file.setparams((1, 2, 22050, 0, "NONE", ""))
    file.writeframes(bytes(2 * 2205 * len(text)))
"""

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@dataclass(frozen=True)
class Person:
    """Somebody with a phone and a number."""

    tenant: int
    account: SipAccount
    extension: Number
    password: str

    @property
    def login(self) -> str:
        return self.account.login

    @property
    def phone(self) -> ToAccount:
        """Where a number leads that leads to them."""
        return ToAccount(self.login)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = store.open(f"sqlite:///{tmp_path}/centralka.db")
    store.migrate(database)
    yield database
    database.close()


@pytest.fixture
def pbx(database: Database, tmp_path: Path) -> Services:
    """Everything a person can do."""
    settings = config.read({"VAR": str(tmp_path), "SIP_DOMAIN": "pbx.example"})
    return replace(services.build(database, settings), users=Users(database, QUICK))


@pytest.fixture
def ola() -> Actor:
    """The provider's operator."""
    return Actor(None, "Ola")


@pytest.fixture
def owner(pbx: Services, ola: Actor, acme: Tenant) -> Actor:
    """Acme's own."""
    user = pbx.users.create(ola, acme.id, "oskar", "Oskar", "owner", "long-enough-1").user
    return Actor(user.id, user.name)


@pytest.fixture
def acme(pbx: Services, ola: Actor) -> Tenant:
    return pbx.tenants.create(ola, "Acme")


@pytest.fixture
def zenit(pbx: Services, ola: Actor) -> Tenant:
    return pbx.tenants.create(ola, "Zenit")


@pytest.fixture
def hire(pbx: Services, ola: Actor) -> Callable[[Tenant, str, str], Person]:
    """Give somebody a phone and a number."""

    def give(tenant: Tenant, name: str, number: str) -> Person:
        new = pbx.accounts.create(ola, tenant.id, name)
        extension = pbx.numbers.create(ola, tenant.id, number, name, ToAccount(new.login))
        return Person(tenant.id, new.account, extension, new.password)

    return give


@pytest.fixture
def anna(hire: Callable, acme: Tenant) -> Person:
    return hire(acme, "Anna Żółć", "21")


@pytest.fixture
def bartek(hire: Callable, acme: Tenant) -> Person:
    return hire(acme, "Bartek", "22")


@pytest.fixture
def zofia(hire: Callable, zenit: Tenant) -> Person:
    return hire(zenit, "Zofia", "21")


@pytest.fixture
def told() -> Recorded:
    """Half a second that somebody has recorded."""
    return Recorded("told.wav", wave_file(0.5))


@pytest.fixture
def espeak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program in espeak-ng's place: a tenth of a second for each letter. Its ``heard`` beside it is what it was told."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "espeak-ng"
    program.write_text(SPEAKER.format(python=sys.executable, heard=str(folder / "heard")))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    return program


@pytest.fixture
def load(pbx: Services, ola: Actor, espeak: Path) -> Callable[..., Report]:
    """Import a file: the one with everything in it, or another."""
    return lambda text=FULL, **more: pbx.exchange.import_text(text, ola, **more)


@pytest.fixture
def state(database: Database) -> Callable[[], dict[str, list[str]]]:
    """Every row there is but the revision: equal states are the same rows, with their ids."""

    def read() -> dict[str, list[str]]:
        tables = (model for model in MODELS if model is not Revision)
        with database.reading():
            return {model.__name__: sorted(map(repr, model.select().dicts())) for model in tables}

    return read


@pytest.fixture
def changes(database: Database) -> Callable[[], list[tuple[str, str, str]]]:
    """The change log: who, what, to whom."""

    def read() -> list[tuple[str, str, str]]:
        with database.reading():
            return [(row.who, row.what, row.subject) for row in Change.select().order_by(Change.id)]

    return read


@pytest.fixture
def statements() -> Callable[[], AbstractContextManager[list[str]]]:
    """Every statement the database is given within a block."""

    @contextmanager
    def collect() -> Iterator[list[str]]:
        asked: list[str] = []
        listener = logging.Handler()
        listener.emit = lambda record: asked.append(str(record.msg))
        queries = logging.getLogger("peewee")
        level = queries.level
        queries.setLevel(logging.DEBUG)
        queries.addHandler(listener)
        try:
            yield asked
        finally:
            queries.removeHandler(listener)
            queries.setLevel(level)

    return collect


@pytest.fixture
def refused() -> Callable[..., object]:
    """Expect a refusal: ``with refused("number-taken", "number"):``; the text is one line per error and never empty."""
    return _refused


class _refused:  # noqa: N801 - reads as a word in the tests
    def __init__(self, *expected: str | tuple[str, str | None]) -> None:
        pairs = [one if isinstance(one, tuple) else (one, None) for one in expected]
        self._expected = pairs
        self._raises = pytest.raises(services.errors.DomainError)

    def __enter__(self) -> "pytest.ExceptionInfo[services.errors.DomainError]":
        self._caught = self._raises.__enter__()
        return self._caught

    def __exit__(self, *exception: object) -> bool:
        swallowed = self._raises.__exit__(*exception)
        if swallowed:
            found = self._caught.value.errors
            assert [(error.code, error.field) for error in found] == self._expected
            assert len(str(self._caught.value).splitlines()) == len(found)
        return bool(swallowed)
