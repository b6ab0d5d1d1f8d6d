"""Callers' stays in queues and agents' offers, counted by the database; within a connection.

They are counted for the whole time, for each of its days and for each hour of the day: every row begins with which of these it
is (`Over`), and the day or hour by the tenant's clock. Lengths of time, in seconds, are four columns: how many, all together,
the shortest, the longest.
"""

from __future__ import annotations  # peewee's classes are generic for the type checker only

from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import Any

from peewee import SQL, Case, Expression, Join, Select, fn

from app.core.outcome import Outcome
from app.store.database import Database
from app.store.local_time import LocalTime
from app.store.models import QueueOffer, QueueVisit


class Over(IntEnum):
    """What a row's figures are of; its second column is 0, the days since 1970, or the hour of the day."""

    ALL = 0
    DAY = 1
    HOUR = 2


_WHICH = {Over.ALL: "0", Over.DAY: "moment / 24", Over.HOUR: "moment - moment / 24 * 24"}
"""The second column, from the hours since 1970."""


class QueueCounts:
    """Of one tenant, from ``since`` to before ``until`` (seconds since the epoch), on the clock that is given."""

    def __init__(self, database: Database, tenant: int, since: float, until: float, clock: LocalTime) -> None:
        self._database = database
        self._stays = (QueueVisit.tenant == tenant) & (QueueVisit.started >= since) & (QueueVisit.started < until)
        hours = clock.hours(QueueVisit.started)
        whole = hours if database.is_sqlite else fn.FLOOR(hours)  # PostgreSQL's cast rounds
        self._moment = whole.cast("INTEGER").alias("moment")

    def visits(self, in_time: int) -> Iterable[tuple[Any, ...]]:
        """Queue, outcome, why, whether they stand in for somebody; the queue's name, how many, how many waited no longer than
        ``in_time`` seconds; their waits; their talks."""
        visit = QueueVisit
        wait = visit.ended - visit.started
        short = fn.SUM(Case(None, [(wait <= in_time, 1)], 0))
        values = {"name": fn.MAX(visit.name), "number": fn.COUNT(visit.id), "short": short}
        lengths = {**_lengths("wait", wait), **_lengths("talk", visit.talked)}
        keys = {"queue": visit.queue, "outcome": visit.outcome, "why": visit.why, "stands_in": visit.stands_in}
        return self._counted(visit, self._stays, keys, {**values, **lengths})

    def talks(self, queue: int | None) -> Iterable[tuple[Any, ...]]:
        """Agent; how many stays he has ended; the talks. ``queue`` None: of all queues."""
        visit = QueueVisit
        taken = self._of(queue) & (visit.outcome == Outcome.ANSWERED) & (visit.agent != "")
        values = {"number": fn.COUNT(visit.id), **_lengths("talk", visit.talked)}
        return self._counted(visit, taken, {"agent": visit.agent}, values)

    def offers(self, queue: int | None) -> Iterable[tuple[Any, ...]]:
        """Agent, what became of the offer and of the stay; how many. ``queue`` None: of all queues."""
        keys = {"agent": QueueOffer.agent, "offered": QueueOffer.outcome, "stayed": QueueVisit.outcome}
        both = Join(QueueVisit, QueueOffer, on=QueueOffer.visit == QueueVisit.id)
        return self._counted(both, self._of(queue), keys, {"number": fn.COUNT(QueueOffer.id)})

    def _of(self, queue: int | None) -> Expression:
        stays: Expression = self._stays
        return stays if queue is None else stays & (QueueVisit.queue == queue)

    def _counted(self, rows: Any, where: Any, keys: Mapping[str, Any], values: Mapping[str, Any]) -> Iterable[tuple[Any, ...]]:
        """The rows are read once, counted by hour, and these counted again: a year has many more calls than hours."""
        columns = [column.alias(name) for name, column in {**keys, **values}.items()]
        by_hour = QueueVisit.select(self._moment, *columns).from_(rows).where(where).group_by(SQL("moment"), *keys.values())
        counted = by_hour.cte("counted")
        of_all, of_days, of_hours = (_again(counted, over, keys, values) for over in Over)
        query = of_all.union_all(of_days).union_all(of_hours).with_cte(counted)
        rows_of: Iterable[tuple[Any, ...]] = query.bind(self._database.peewee).tuples()
        return rows_of


def _again(counted: Any, over: Over, keys: Iterable[str], values: Iterable[str]) -> Any:
    """What was counted by hour, by something longer."""
    kept = [getattr(counted.c, name) for name in keys]
    added = [_ADDED[name.rpartition("_")[2]](getattr(counted.c, name)) for name in values]
    return Select([counted], [SQL(str(int(over))), SQL(_WHICH[over]), *kept, *added]).group_by(SQL("2"), *kept)


_ADDED = {"number": fn.SUM, "short": fn.SUM, "total": fn.SUM, "count": fn.SUM, "least": fn.MIN, "most": fn.MAX, "name": fn.MAX}
"""How figures of several hours become one, by the last word of their name."""


def _lengths(name: str, length: Any) -> dict[str, Any]:
    return {
        f"{name}_count": fn.COUNT(length),
        f"{name}_total": fn.SUM(length),
        f"{name}_least": fn.MIN(length),
        f"{name}_most": fn.MAX(length),
    }
