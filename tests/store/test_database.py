"""Connections and transactions: what a wrong address says, and who waits for whom."""

import contextlib
import subprocess
import sys
import time
from pathlib import Path

import gevent
import peewee
import pytest

from app import store
from app.store import Database, StoreError
from app.store.database import once
from app.store.models import Heartbeat

HOLD_THE_DATABASE = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
connection.execute("ROLLBACK")
"""


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("mysql://localhost/x", "DATABASE_URL must start with sqlite:/// or postgresql://"),
        ("sqlite:///", "DATABASE_URL must name a file"),
        ("sqlite:///:memory:", "DATABASE_URL must name a file"),
        ("sqlite:////proc/nowhere/x.db", "DATABASE_URL: cannot make the folder"),
        ("postgresql://anna:tajne-haslo@127.0.0.1:1/centralka", "DATABASE_URL: "),
        ("postgres://127.0.0.1:nonsense/centralka", "DATABASE_URL: "),
        ("postgresql://anna:tajne-haslo@[x/centralka", "DATABASE_URL must look like"),
        ("postgresql://anna:tajne%haslo@127.0.0.1:1/centralka", "DATABASE_URL must look like"),
        ("postgresql://anna:haslo@tajne@127.0.0.1:1/centralka", "DATABASE_URL must look like"),
        ("postgresql://127.0.0.1:1/centralka?password=tajne%", "DATABASE_URL must look like"),
    ],
)
def test_wrong_address_is_one_line_without_a_password(url: str, reason: str) -> None:
    with pytest.raises(StoreError) as caught:
        store.open(url)
    assert str(caught.value).startswith(reason)
    assert "\n" not in str(caught.value)
    assert "tajne" not in str(caught.value)


def test_file_that_is_no_database_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "letter.db").write_text("Dear Sir or Madam, " * 100)
    with pytest.raises(StoreError, match=r"DATABASE_URL: .*not a database"):
        store.open(f"sqlite:///{tmp_path}/letter.db")


def test_psycopg_3_is_taken_even_if_psycopg2_is_there(monkeypatch: pytest.MonkeyPatch, postgresql) -> None:
    monkeypatch.setattr(peewee, "psycopg2", object())
    database = store.open(postgresql.fresh())
    assert isinstance(database.peewee._adapter, peewee.Psycopg3Adapter)
    database.close()


def test_query_outside_a_block_fails_instead_of_keeping_a_connection(database: Database) -> None:
    with pytest.raises(peewee.InterfaceError, match="not opened"):
        Heartbeat.select().count()


def test_error_undoes_the_whole_block_with_what_is_nested(database: Database) -> None:
    def nested() -> None:
        with database.writing():
            Heartbeat.create(name="outer", at=1)
            with database.writing():
                Heartbeat.create(name="inner", at=1)
            raise ValueError("changed my mind")

    with pytest.raises(ValueError, match="changed my mind"):
        nested()
    with database.reading():
        assert Heartbeat.select().count() == 0


def test_foreign_keys_hold(database: Database) -> None:
    with pytest.raises(peewee.IntegrityError), database.writing():
        store.models.Extension.create(tenant=7, number="21", name="Nobody", account=9)


def test_connections_are_given_back(database: Database) -> None:
    for _ in range(50):
        with database.reading():
            Heartbeat.select().count()
    assert len(database.peewee._connections) == 1
    assert not database.peewee._in_use


def test_second_writer_of_the_process_waits_for_its_turn(tmp_path: Path) -> None:
    database = store.open(f"sqlite:///{tmp_path}/x.db")
    store.migrate(database)
    order: list[str] = []

    def slow() -> None:
        with database.writing():
            order.append("slow began")
            gevent.sleep(0.01)
            order.append("slow ended")

    def quick() -> None:
        with database.writing():
            order.append("quick")

    gevent.joinall([gevent.spawn(slow), gevent.spawn(quick)], raise_error=True)
    assert order == ["slow began", "slow ended", "quick"]
    database.close()


def test_writer_waits_for_another_process_while_others_go_on(tmp_path: Path) -> None:
    database = store.open(f"sqlite:///{tmp_path}/x.db")
    store.migrate(database)
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD_THE_DATABASE, f"{tmp_path}/x.db"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    ticks: list[float] = []

    def clock() -> None:
        while len(ticks) < 3:
            ticks.append(time.monotonic())
            gevent.sleep(0.01)
        other.communicate("let go\n")

    def write() -> None:
        with database.writing():
            Heartbeat.create(name="patient", at=1)

    gevent.joinall([gevent.spawn(write), gevent.spawn(clock)], raise_error=True)
    with database.reading():
        assert Heartbeat.get_by_id("patient").at == 1
    database.close()


def test_writer_gives_up_in_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store.database, "WRITE_SECONDS", 0.1)
    database = store.open(f"sqlite:///{tmp_path}/x.db")
    store.migrate(database)
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD_THE_DATABASE, f"{tmp_path}/x.db"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    with pytest.raises(store.AWAY, match="locked"), database.writing():
        pass
    other.communicate("let go\n")
    with database.writing():  # and the next one succeeds
        Heartbeat.create(name="later", at=1)
    database.close()


def test_snapshot_sees_one_moment(database: Database, url: str) -> None:
    insert = "import sys; from app import store; d = store.open(sys.argv[1]); c = d.writing(); c.__enter__();"
    insert += "store.models.Heartbeat.create(name='new', at=1); c.__exit__(None, None, None)"
    with database.snapshot():
        assert Heartbeat.select().count() == 0
        subprocess.run([sys.executable, "-c", insert, url], check=True, cwd=Path(__file__).parents[2])
        assert Heartbeat.select().count() == 0
    with database.reading():
        assert Heartbeat.select().count() == 1


def test_what_a_snapshot_has_read_is_read_once_and_not_kept(database: Database) -> None:
    read: list[str] = []

    def name(of: str) -> str:
        read.append(of)
        return of.upper()

    with database.snapshot():
        assert [once(name, "a"), once(name, "b"), once(name, "a")] == ["A", "B", "A"]
        with database.snapshot():
            assert once(name, "b") == "B"
    assert read == ["a", "b"]
    with contextlib.suppress(ZeroDivisionError), database.snapshot():
        once(int.__truediv__, 1, 0)
    with database.reading():
        assert [once(name, "a"), once(name, "a")] == ["A", "A"]
    assert read == ["a", "b", "a", "a"]


def test_a_snapshot_of_one_greenlet_is_nobody_elses(database: Database) -> None:
    def look() -> list[object]:
        with database.reading():
            return [once(object), once(object)]

    with database.snapshot():
        mine = once(object)
        others = gevent.spawn(look).get()
        assert once(object) is mine
    assert len({id(each) for each in (mine, *others)}) == 3
