"""The same stories on SQLite and, where there is one, on PostgreSQL."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import gevent
import pytest

from app import store
from app.core.outcome import EndedBy, Outcome
from app.core.queues import Agent
from app.core.record import Part, Record
from app.store import Database, models, snapshot
from app.store.models import Revision, SipAccount, Tenant
from tests.store import cluster


@pytest.fixture(scope="session")
def postgresql() -> Iterator[cluster.Cluster]:
    if reason := cluster.why_not():
        pytest.skip(reason)
    server = cluster.Cluster()
    server.start()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/centralka.db"
    return request.getfixturevalue("postgresql").fresh()


@pytest.fixture
def empty(url: str) -> Iterator[Database]:
    """A database without a schema."""
    database = store.open(url)
    yield database
    database.close()


@pytest.fixture
def database(empty: Database) -> Database:
    """A database with the schema of today."""
    store.migrate(empty)
    return empty


@pytest.fixture
def add_tenant(database: Database) -> Callable[[str], int]:
    """Make a tenant as the services would."""

    def add(name: str) -> int:
        with database.writing():
            Revision.update(value=Revision.value + 1).execute()
            revision = Revision.get_by_id(1).value
            return Tenant.create(name=name, name_key=name.casefold(), created=0, revision=revision).id

    return add


@pytest.fixture
def acme(add_tenant: Callable[[str], int]) -> int:
    """The tenant Anna and Bartek work for."""
    return add_tenant("Acme")


@pytest.fixture
def add_account(database: Database) -> Callable[[int, str, str], SipAccount]:
    def add(tenant: int, login: str, name: str) -> SipAccount:
        with database.writing():
            return SipAccount.create(tenant=tenant, login=login, name=name, a1_hash="0" * 32, realm="pbx", version=1)

    return add


@pytest.fixture
def anna_calls_bartek(acme: int) -> Record:
    """A call that rings."""
    part = Part("22", "Bartek", "100102", 1000.0)
    return Record("call-1", acme, "21", "Anna Żółć", "100101", "22", 1000.0, parts=(part,))


@pytest.fixture
def answered(anna_calls_bartek: Record) -> Record:
    """The same call, over: Bartek answered after 4 s, Anna hung up after a minute."""
    part = Part("22", "Bartek", "100102", 1000.0, 1004.0, 1064.0, Outcome.ANSWERED)
    return replace(
        anna_calls_bartek, answered=1004.0, ended=1064.0, outcome=Outcome.ANSWERED, ended_by=EndedBy.CALLER, parts=(part,)
    )


@pytest.fixture
def eventually() -> Callable[[Callable[[], object]], None]:
    """Let greenlets run until something is true, for five seconds at most."""

    def wait(true: Callable[[], object]) -> None:
        deadline = time.monotonic() + 5
        while not true():
            assert time.monotonic() < deadline, "it never became true"
            gevent.sleep(0.005)

    return wait


@pytest.fixture
def add_queue(database: Database) -> Callable[..., models.Queue]:
    def add(tenant: int, name: str, **columns: object) -> models.Queue:
        usual: dict[str, object] = {"strategy": "all", "ring": 20, "retry": 5, "wrap_up": 10, "max_wait": 300}
        usual |= {"max_waiting": None, "announce_every": 0, "misses": 3, "miss_pause": 300, "call_back": ""}
        with database.writing():
            return models.Queue.create(tenant=tenant, name=name, name_key=name.casefold(), **{**usual, **columns})

    return add


@pytest.fixture
def service(database: Database, acme: int, add_queue: Callable, add_account: Callable) -> models.Queue:
    """The queue Serwis, where Anna and a telephone outside answer."""
    queue, anna = add_queue(acme, "Serwis"), add_account(acme, "100101", "Anna")
    with database.writing():
        models.QueueAgent.create(queue=queue, position=1, external="+48600100200")
        models.QueueAgent.create(queue=queue, position=0, account=anna)
    return queue


@pytest.fixture
def agent(database: Database, acme: int) -> Callable[..., Agent]:
    """An agent as the controller knows him."""

    def look(key: str = "100101", queue: str = "Serwis") -> Agent:
        found = snapshot.read(database).tenants[acme].queues[queue].agent(key)
        assert found is not None
        return found

    return look
