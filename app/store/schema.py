"""Bringing a database to the schema this version needs."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playhouse.migrations import Runner

from app.store.database import Database

FOLDER = Path(__file__).with_name("migrations")
LOCK_NUMBER = 0x63656E74  # any number all our processes agree on, for PostgreSQL's advisory lock


def migrate(database: Database) -> list[str]:
    """Apply what is missing and return the names of what was applied. Two processes may do this at once: one waits."""
    with database.reading(), _alone(database):
        return list(Runner(database.peewee, str(FOLDER)).up())


def pending(database: Database) -> list[str]:
    """The names of the migrations this database still lacks, oldest first."""
    with database.reading():
        return [migration.name for migration in Runner(database.peewee, str(FOLDER)).status() if not migration.applied]


@contextmanager
def _alone(database: Database) -> Iterator[None]:
    """Held by one process at a time and given back by the system if it dies.

    Not a transaction: a migration may need to switch off SQLite's foreign keys, which is ignored inside one.
    """
    if database.is_sqlite:
        path = Path(f"{database.peewee.database}.migrating")
        with path.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        return
    database.execute("SELECT pg_advisory_lock(%s)", LOCK_NUMBER)
    try:
        yield
    finally:
        database.execute("SELECT pg_advisory_unlock(%s)", LOCK_NUMBER)
