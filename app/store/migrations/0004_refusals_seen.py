"""Calls that a tenant's limits have stopped are shown until somebody looks: how far that is, and a way to find the rest."""

from peewee import Database, SqliteDatabase
from playhouse.migrate import SchemaMigrator


def up(_migrator: SchemaMigrator, db: Database) -> None:
    """Add two columns to the tenants, in plain SQL (why: 0002), and an index to the call log."""
    moment = "REAL" if isinstance(db, SqliteDatabase) else "DOUBLE PRECISION"
    for column in ("refusals_seen", "refusals_seen_by_provider"):
        db.execute_sql(f"ALTER TABLE tenant ADD COLUMN {column} {moment} NOT NULL DEFAULT 0")  # type: ignore[no-untyped-call]
    db.execute_sql("CREATE INDEX callrecord_tenant_id_outcome_ended ON call_record (tenant_id, outcome, ended)")  # type: ignore[no-untyped-call]
