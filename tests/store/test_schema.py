"""Migrations: from nothing, again, two at once, and in agreement with the models."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from peewee import IntegrityError
from playhouse.migrations import Runner

from app import store
from app.core.destinations import ToAccount, ToExtension
from app.core.directory import Limits
from app.core.outcome import Limit, Outcome
from app.core.record import Part, Record, Stop
from app.store import Database, calllog, schema, snapshot, stops
from app.store.models import MODELS, CallRecord, Extension, Revision, SipAccount, Tenant

ALL = [
    *("0001_first", "0002_call_settings", "0003_destinations", "0004_refusals_seen", "0005_queues"),
    *("0006_last_waits", "0007_limit_stops"),
]
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


BEFORE_DESTINATIONS = (
    "INSERT INTO tenant (name, name_key, language, time_zone, created, revision) VALUES ('A', 'a', 'pl', 'UTC', 0, 1)",
    "INSERT INTO tenant (name, name_key, language, time_zone, created, revision) VALUES ('B', 'b', 'en', 'UTC', 0, 2)",
    "INSERT INTO sip_account (tenant_id, login, name, a1_hash, realm, version)"
    " SELECT id, 'login-' || name_key, name, 'hash', 'pbx', 7 FROM tenant",
    "INSERT INTO extension (tenant_id, number, name, account_id) SELECT tenant_id, '20', 'Gone', id FROM sip_account",
    "DELETE FROM extension",  # so that ids do not begin at 1
    "INSERT INTO extension (tenant_id, number, name, account_id) SELECT tenant_id, '21', 'Żółć', id FROM sip_account",
    "INSERT INTO extension (tenant_id, number, name, account_id) SELECT tenant_id, '201', 'Biuro', id FROM sip_account",
    "INSERT INTO transfer_fallback (tenant_id, extension_id)"
    " SELECT extension.tenant_id, extension.id FROM extension JOIN tenant ON tenant.id = tenant_id"
    " WHERE name_key = 'a' AND number = '201'",
    "INSERT INTO transfer_fallback (tenant_id, account_id)"
    " SELECT tenant_id, sip_account.id FROM sip_account WHERE login = 'login-b'",
)


def test_what_numbers_led_to_becomes_destinations(empty: Database) -> None:
    with empty.reading():
        Runner(empty.peewee, str(schema.FOLDER)).up("0002_call_settings")
        for statement in BEFORE_DESTINATIONS:
            empty.execute(statement)
        before = list(empty.peewee.execute_sql("SELECT id, tenant_id, number, name FROM extension ORDER BY id").fetchall())
    assert store.migrate(empty) == ALL[2:]
    directory = snapshot.read(empty)
    a, b = (next(tenant for tenant in directory.tenants.values() if tenant.name == name) for name in "AB")
    for tenant, login in ((a, "login-a"), (b, "login-b")):
        assert {number: (one.name, one.to) for number, one in tenant.extensions.items()} == {
            "21": ("Żółć", ToAccount(login)),
            "201": ("Biuro", ToAccount(login)),
        }
        assert (tenant.limits, tenant.accounts[login].version, tenant.accounts[login].presents) == (Limits(), 7, "")
    assert (a.transfer_fallback, b.transfer_fallback) == (ToExtension("201"), ToAccount("login-b"))
    with empty.writing():
        assert [row.id for row in Extension.select().order_by(Extension.id)] == [row[0] for row in before]
        Extension.create(tenant=a.id, number="22", name="New")
        assert Extension.select().count() == len(before) + 1
        with pytest.raises(IntegrityError), empty.peewee.atomic():
            Extension.create(tenant=a.id, number="22", name="Again")
        with pytest.raises(IntegrityError), empty.peewee.atomic():
            SipAccount.delete().execute()


BEFORE_QUEUES = (
    "INSERT INTO tenant (name, name_key, language, time_zone, created, revision) VALUES ('A', 'a', 'pl', 'UTC', 0, 1)",
    "INSERT INTO sip_account (tenant_id, login, name, a1_hash, realm, version)"
    " SELECT id, 'anna', 'Anna', 'hash', 'pbx', 7 FROM tenant",
    "INSERT INTO extension (tenant_id, number, name) SELECT id, '21', 'Żółć' FROM tenant",
    "INSERT INTO destination (tenant_id, of_extension_id, branch, kind, account_id, external, seconds, together, outcome)"
    " SELECT tenant_id, extension.id, '', 'account', sip_account.id, '', 0, CAST(0 AS {yes_or_no}), ''"
    " FROM extension JOIN sip_account USING (tenant_id)",
    "INSERT INTO call_record (call, tenant_id, caller_number, caller_name, caller_login, dialled, started)"
    " SELECT 'call-1', id, '21', 'Anna', '100101', '22', 1000 FROM tenant",
    "INSERT INTO call_part (call, position, number, name, login, started) VALUES ('call-1', 0, '22', 'Bartek', '100102', 1000)",
)


def test_numbers_and_history_survive_the_coming_of_queues(empty: Database) -> None:
    with empty.reading():
        Runner(empty.peewee, str(schema.FOLDER)).up("0004_refusals_seen")
        for statement in BEFORE_QUEUES:
            empty.execute(statement.format(yes_or_no="INTEGER" if empty.is_sqlite else "BOOLEAN"))
    assert store.migrate(empty) == ALL[4:]
    (tenant,) = snapshot.read(empty).tenants.values()
    assert (tenant.extensions["21"].to, tenant.queues) == (ToAccount("anna"), {})
    with empty.reading():
        (record,) = calllog.records(CallRecord.select())
    assert record == Record(
        "call-1", tenant.id, "21", "Anna", "100101", "22", 1000.0, parts=(Part("22", "Bartek", "100102", 1000.0),)
    )


BEFORE_STOPS = (
    "INSERT INTO tenant (name, name_key, language, time_zone, created, revision) VALUES ('A', 'a', 'pl', 'UTC', 0, 1)",
    "INSERT INTO call_record (call, tenant_id, caller_number, caller_name, caller_login, dialled, started, ended, outcome)"
    " SELECT 'call-1', id, '21', 'Anna', '100101', '0049301234567', 1000, 1006, 'over-limit' FROM tenant",
    "INSERT INTO call_record (call, tenant_id, caller_number, caller_name, caller_login, dialled, started, ended, outcome)"
    " SELECT 'call-2', id, '+48600100200', '', '', '22', 1000, 1030, 'over-limit' FROM tenant",
    "INSERT INTO call_part (call, position, number, name, login, started, ended, outcome)"
    " VALUES ('call-2', 0, '22', 'Bartek', '100102', 1000, 1020, 'busy')",
    "INSERT INTO call_record (call, tenant_id, caller_number, caller_name, caller_login, dialled, started, ended, outcome)"
    " SELECT 'call-3', id, '21', 'Anna', '100101', '22', 1000, 1001, 'busy' FROM tenant",
)


def test_calls_that_limits_have_stopped_before_are_still_alerted(empty: Database) -> None:
    with empty.reading():
        Runner(empty.peewee, str(schema.FOLDER)).up("0005_queues")
        for statement in BEFORE_STOPS:
            empty.execute(statement)
    assert store.migrate(empty) == ALL[5:]
    with empty.reading():
        first, second, third = calllog.records(CallRecord.select().order_by(CallRecord.call))
        assert stops.count(first.tenant, 1006.0) == 1
    number, busy = "0049301234567", Part("22", "Bartek", "100102", 1000.0, None, 1020.0, Outcome.BUSY)
    unknown = Part(number, "", "", 1006.0, None, 1006.0, Outcome.OVER_LIMIT, Stop(Limit.UNKNOWN, "100101"))
    assert first.parts == (unknown,)
    late = replace(unknown, number="22", started=1030.0, ended=1030.0, stop=Stop(Limit.UNKNOWN, ""))
    assert (second.parts, third.parts) == ((busy, late), ())


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
