"""The call log's writer: takes records at once, writes them in batches, and loses none that is final."""

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import gevent
from peewee import DatabaseError

from app.core.record import Record
from app.store import calllog
from app.store.background import RETRY_SECONDS, Background
from app.store.database import AWAY, Database

log = logging.getLogger(__name__)

CAPACITY = 10_000
BATCH = 50  # a few milliseconds on SQLite, during which nobody else runs


@dataclass
class _Settlement:
    living: set[str]
    at: float


class Journal:
    """Satisfies `app.ports.Journal`. Of each call only its newest record waits.

    While the database is away, records of living calls beyond ``capacity`` are forgotten, oldest first: a later one of the same
    call says more. Records of ended calls are kept whatever happens.
    """

    def __init__(self, database: Database, capacity: int = CAPACITY, retry: float = RETRY_SECONDS) -> None:
        self._database = database
        self._capacity = capacity
        self._open: dict[str, Record] = {}
        self._final: dict[str, Record] = {}
        self._settlement: _Settlement | None = None
        self._forgotten = 0
        self._background = Background("call log", self._work, retry=retry)

    def start(self) -> None:
        """Begin to write what was handed in and what will be."""
        self._background.start()

    def write(self, record: Record) -> None:
        """Put the call's record into the call log, over any earlier one. Returns at once."""
        self._hold(record)
        if self._settlement is not None:
            self._settlement.living.add(record.call)  # younger than the stock-taking that is still to be worked off
        self._background.wake()

    def unfinished(self) -> Mapping[str, Record]:
        """Every record without an end, by call. If the database is away: those still held here, and an error in the log."""
        try:
            with self._database.reading():
                stored = {record.call: record for record in calllog.unfinished()}
        except AWAY as error:
            log.error("call log: cannot read what an earlier controller left behind: %s", error)
            stored = {}
        held = {call: record for call, record in stored.items() if call not in self._final}
        return {**held, **self._open}

    def talked_outside(self, since: Mapping[int, float]) -> Mapping[int, float]:
        """Seconds of talk to outside by tenant, each since its moment, in calls that are over and written. If the database is
        away: none, and an error in the log, for a limit must not keep anybody from calling because we cannot count."""
        try:
            with self._database.reading():
                return calllog.talked_outside(since)
        except AWAY as error:
            log.error("call log: cannot read how long tenants have talked to outside today: %s", error)
            return {}

    def settle(self, living: Collection[str], at: float) -> None:
        """Close, after everything handed in so far is written, every open record whose call is not among ``living``."""
        self._settlement = _Settlement(set(living), at)
        self._background.wake()

    def flush(self, timeout: float) -> bool:
        """Write what is left and stop; whether all was written within ``timeout`` seconds."""
        done = self._background.finish(timeout)
        if not done:
            left = len(self._open) + len(self._final)
            log.error("call log: %d records could not be written", left)
        return done

    def _hold(self, record: Record) -> None:
        self._final.pop(record.call, None)
        self._open.pop(record.call, None)
        if record.ended is not None:
            self._final[record.call] = record
            return
        self._open[record.call] = record
        if len(self._open) > self._capacity:
            del self._open[next(iter(self._open))]
            if not self._forgotten:
                log.warning(
                    "call log: behind by more than %d living calls, forgetting their intermediate states", self._capacity
                )
            self._forgotten += 1

    def _work(self) -> None:
        while self._final or self._open:
            self._write_some(self._final or self._open)
            gevent.sleep(0)  # let the calls go on between two batches
        self._forgotten = 0
        settlement = self._settlement
        if settlement is not None:
            with self._database.writing():
                closed = calllog.settle(settlement.living, settlement.at)
            if closed:
                log.warning("call log: %d calls had ended while nobody watched", closed)
            if self._settlement is settlement:
                self._settlement = None

    def _write_some(self, held: dict[str, Record]) -> None:
        batch = list(held.values())[:BATCH]
        for record in batch:
            del held[record.call]
        try:
            with self._database.writing():
                calllog.store(batch)
        except AWAY:
            self._put_back(batch)
            raise
        except (DatabaseError, ValueError, TypeError):  # one of them cannot be stored; the others shall be
            self._write_each(batch)

    def _write_each(self, batch: list[Record]) -> None:
        while batch:
            try:
                with self._database.writing():
                    calllog.store(batch[:1])
            except AWAY:
                self._put_back(batch)
                raise
            except Exception:  # a deleted tenant, text no database takes: it would be refused for ever
                log.exception("call log: refused for good: %r", batch[0])
            del batch[0]

    def _put_back(self, batch: list[Record]) -> None:
        """Hold what was not written, unless the call has said something newer meanwhile."""
        newer = {**self._open, **self._final}
        for record in batch:
            self._hold(newer.get(record.call, record))
