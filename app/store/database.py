"""One database: its connections, its transactions, and what SQLite needs to live under gevent.

The processes patch the standard library (``gevent.monkey.patch_all()``) before anything imports peewee: connections are kept
per greenlet, and psycopg 3 decides when it is imported whether it waits cooperatively.
"""

from __future__ import annotations  # peewee's classes are generic for the type checker only

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

import gevent
import gevent.local
import peewee
from gevent.lock import RLock
from playhouse.pool import PooledPostgresqlDatabase, PooledSqliteDatabase

from app.store import like
from app.store.models import MODELS

log = logging.getLogger(__name__)

Result = TypeVar("Result")

AWAY = (peewee.OperationalError, peewee.InterfaceError)
"""What peewee raises when the database is locked, gone or refuses connections: worth another try, later."""

MAX_CONNECTIONS = 20
BUSY_SECONDS = 0.25  # SQLite's own wait freezes every greenlet: for readers alone, who in WAL hardly ever have to
WRITE_SECONDS = 5.0  # a writer waits for another process's write here, where others go on meanwhile
RETRY_SECONDS = 0.01

_NO_ADDRESS = (
    "DATABASE_URL must look like postgresql://USER:PASSWORD@HOST:PORT/NAME, with %40 for an @ in the password, %25 for a %"
)


class StoreError(Exception):
    """The database cannot be used; the text is one line that names DATABASE_URL and holds no password."""


_moment: Any = gevent.local.local()
"""Its ``read`` is what this greenlet has read in its snapshot, by what it is; None or missing outside of one."""


class Database:
    """The connections to one database, and the three ways to use them. Made by `open`.

    A query outside of these blocks fails ("connection not opened"). Blocks may be nested.
    Nothing inside `writing` may wait for anything but the database.
    """

    def __init__(self, connections: PooledSqliteDatabase | PooledPostgresqlDatabase, *, sqlite: bool) -> None:
        self.peewee = connections
        self.is_sqlite = sqlite
        self._turn = RLock()  # SQLite: a second writer of the same process would freeze it for BUSY_SECONDS and fail
        connections.bind(MODELS, bind_refs=False, bind_backrefs=False)

    def reading(self) -> AbstractContextManager[object]:
        """A connection for the block, given back afterwards."""
        context: AbstractContextManager[object] = self.peewee.connection_context()
        return context

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A short transaction. On SQLite it is alone in the installation from its first moment, so what it reads stays true.

        Raises peewee.OperationalError when another process holds the database for longer than WRITE_SECONDS.
        """
        with ExitStack() as stack:
            if self.is_sqlite:
                stack.enter_context(self._turn)
            stack.enter_context(self.reading())
            self._begin(stack)
            yield

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """A read-only transaction that sees one moment, however many tables it reads; `once` reads each thing once in it."""
        mode = ("DEFERRED",) if self.is_sqlite else ("REPEATABLE READ",)
        before = getattr(_moment, "read", None)
        with self.reading(), self.peewee.atomic(*mode):
            _moment.read = {} if before is None else before
            try:
                yield
            finally:
                _moment.read = before

    def execute(self, sql: str, *params: object) -> None:
        """One statement that has no model. For the few the query builder does not know."""
        self.peewee.execute_sql(sql, params)

    def close(self) -> None:
        """Close every connection. The database can be used again; it then opens new ones."""
        self.peewee.close_all()

    def _begin(self, stack: ExitStack) -> None:
        if not self.is_sqlite:
            stack.enter_context(self.peewee.atomic())
            return
        deadline = time.monotonic() + WRITE_SECONDS
        while True:
            self.execute("PRAGMA busy_timeout = 0")
            try:
                stack.enter_context(self.peewee.atomic("IMMEDIATE"))
            except peewee.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > deadline:
                    raise
                gevent.sleep(RETRY_SECONDS)
            else:
                return
            finally:
                self.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000:.0f}")


def open(database_url: str) -> Database:
    """The database ``database_url`` names (``sqlite:///FILE`` or ``postgresql://…``), tried once. Raises StoreError."""
    if not issubclass(peewee._ConnectionLocal, threading.local):
        raise StoreError("the standard library must be patched for gevent before peewee is imported")
    if database_url.startswith("sqlite:///"):
        database = Database(_sqlite(database_url), sqlite=True)
    elif database_url.startswith(("postgresql://", "postgres://")):
        database = Database(_postgresql(database_url), sqlite=False)
    else:
        raise StoreError("DATABASE_URL must start with sqlite:/// or postgresql://")
    _try(database)
    return database


def once(make: Callable[..., Result], *of: Any) -> Result:
    """``make(*of)``; in a snapshot, where nothing can have changed, what it gave the first time. Nobody may alter that."""
    read: dict[tuple[object, ...], Result] | None = getattr(_moment, "read", None)
    if read is None:
        return make(*of)
    key = (make, *of)
    if key not in read:
        read[key] = make(*of)
    return read[key]


def tuples(query: peewee.ModelSelect[Any]) -> Iterable[tuple[Any, ...]]:
    """The rows of a query as plain tuples of its columns: several times faster than model instances."""
    return cast(Iterable[tuple[Any, ...]], query.tuples())


def _sqlite(url: str) -> PooledSqliteDatabase:
    path = url.removeprefix("sqlite:///")
    if not path or path.startswith(":memory:") or "?" in path:
        raise StoreError(
            "DATABASE_URL must name a file, for example sqlite:///var/centralka.db, because several processes share it"
        )
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"DATABASE_URL: cannot make the folder of {path}: {error.strerror}") from None
    database = PooledSqliteDatabase(
        path,
        autoconnect=False,  # a query outside a block would keep its connection for ever
        max_connections=None,  # a connection is an open file; waiting for one would only block
        timeout=BUSY_SECONDS,
        check_same_thread=False,  # the pool hands a connection to one user at a time
        pragmas={"journal_mode": "wal", "foreign_keys": 1, "synchronous": "normal"},
    )
    like.register(database)
    return database


def _postgresql(url: str) -> PooledPostgresqlDatabase:
    authority = url.partition("://")[2].partition("/")[0]
    if authority.count("@") > 1:
        raise StoreError(_NO_ADDRESS)
    return PooledPostgresqlDatabase(
        "postgresql://" + url.partition("://")[2],
        autoconnect=False,
        prefer_psycopg3=True,  # psycopg2, were it installed as well, would freeze every greenlet
        max_connections=MAX_CONNECTIONS,
        timeout=10,
        connect_timeout=5,
        application_name="centralka",
    )


def _try(database: Database) -> None:
    deadline = time.monotonic() + WRITE_SECONDS
    while True:
        try:
            with database.reading():
                database.execute("SELECT 1")
        except peewee.ProgrammingError:  # what libpq says of an address that it cannot read holds the password
            raise StoreError(_NO_ADDRESS) from None
        except (peewee.DatabaseError, peewee.InterfaceError, peewee.ImproperlyConfigured, sqlite3.Error) as error:
            # Two processes that make the same file at once collide for a moment while it is turned to WAL.
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise StoreError(f"DATABASE_URL: {_one_line(error)}") from None
            gevent.sleep(RETRY_SECONDS)
        else:
            return


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
