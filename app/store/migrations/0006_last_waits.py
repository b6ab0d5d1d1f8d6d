"""The switch's report of a leg says how its last wait in a queue ended."""

from peewee import Database, SqliteDatabase
from playhouse.migrate import SchemaMigrator


def up(_migrator: SchemaMigrator, db: Database) -> None:
    """Add four columns, in plain SQL (why: 0002)."""
    moment = "REAL" if isinstance(db, SqliteDatabase) else "DOUBLE PRECISION"
    for column in ("wait_result VARCHAR(32)", f"wait_ended {moment}", "wait_queue INTEGER", "wait_agent TEXT"):
        db.execute_sql(f"ALTER TABLE leg_end ADD COLUMN {column}")  # type: ignore[no-untyped-call]
