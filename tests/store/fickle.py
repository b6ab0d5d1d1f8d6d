"""A database that goes away and comes back when a test says so."""

from contextlib import AbstractContextManager

from peewee import OperationalError

from app.store import Database


class FickleDatabase:
    """Passes everything on to a real one, unless it is ``away``."""

    def __init__(self, real: Database) -> None:
        self.real = real
        self.away = False
        self.refused = 0

    def _there(self) -> Database:
        if self.away:
            self.refused += 1
            raise OperationalError("database is locked")
        return self.real

    def reading(self) -> AbstractContextManager[object]:
        return self._there().reading()

    def writing(self) -> AbstractContextManager[None]:
        return self._there().writing()

    def snapshot(self) -> AbstractContextManager[None]:
        return self._there().snapshot()
