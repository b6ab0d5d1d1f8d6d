"""Migrations: from nothing, again, two at once, and in agreement with the models."""

import subprocess
import sys
from pathlib import Path

import pytest
from playhouse.migrations import Runner

from app import store
from app.store import Database, schema
from app.store.models import MODELS, CallRecord, Revision, Tenant

ALL = ["0001_first", "0002_call_settings", "0003_destinations"]
MIGRATE = "import sys; from app import store; print(store.migrate(store.open(sys.argv[1])))"


def test_empty_database_gets_everything(empty: Database) -> None:
    assert store.pending(empty) == ALL
    assert store.migrate(empty) == ALL
    with empty.reading():
        assert {model._meta.table_name for model in MODELS} <= set(empty.peewee.get_tables())
        assert Revision.get_by_id(1).value == 0


def test_second_migration_does_nothing(database: Database) -> None:
    assert store.migrate(database) == []
    assert store.pending(database) == []


def test_two_processes_may_migrate_at_once(url: str) -> None:
    root = Path(__file__).parents[2]
    both = [
        subprocess.Popen([sys.executable, "-c", MIGRATE, url], stdout=subprocess.PIPE, text=True, cwd=root) for _ in range(2)
    ]
    said = sorted(process.communicate(timeout=60)[0] for process in both)
    assert [process.returncode for process in both] == [0, 0]
    assert said == [f"{ALL}\n", "[]\n"]


def test_second_process_waits_while_the_first_migrates(empty: Database, url: str) -> None:
    root = Path(__file__).parents[2]
    with empty.reading(), schema._alone(empty):
        other = subprocess.Popen([sys.executable, "-c", MIGRATE, url], stdout=subprocess.PIPE, text=True, cwd=root)
        with pytest.raises(subprocess.TimeoutExpired):
            other.wait(1.5)
        assert store.pending(empty) == ALL
    assert other.communicate(timeout=60)[0] == f"{ALL}\n"


def test_migrations_make_what_the_models_say(database: Database, tmp_path: Path) -> None:
    migrated = shape(database)
    with database.reading():
        database.peewee.drop_tables(MODELS)
        database.peewee.create_tables(MODELS)
    assert shape(database) == migrated


def test_everything_survives_an_upgrade(empty: Database) -> None:
    with empty.reading():
        Runner(empty.peewee, str(schema.FOLDER)).up("0001_first")
        empty.execute(
            "INSERT INTO tenant (name, name_key, language, time_zone, created, revision) VALUES ('A', 'a', 'pl', 'UTC', 0, 1)"
        )
        empty.execute(
            "INSERT INTO call_record (call, tenant_id, caller_number, caller_name, caller_login, dialled, started)"
            " SELECT 'call-1', id, '21', 'Anna', '100101', '22', 1000 FROM tenant"
        )
    assert store.migrate(empty) == ALL[1:]
    with empty.reading():
        (tenant,) = Tenant.select()
        assert (tenant.name, tenant.ring_seconds, tenant.digit_timeout, tenant.keys_on_internal_calls) == ("A", 30, 3, False)
        assert [row.call for row in CallRecord.select()] == ["call-1"]


def shape(database: Database) -> dict[str, object]:
    with database.reading():
        return {
            table: (
                [column._replace(default=None) for column in database.peewee.get_columns(table)],
                sorted((index.name, index.columns, index.unique) for index in database.peewee.get_indexes(table)),
                sorted(database.peewee.get_foreign_keys(table)),
            )
            for table in sorted(model._meta.table_name for model in MODELS)
        }
