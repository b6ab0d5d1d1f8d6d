"""Statistics of queues and of agents: what the call log says of callers' stays.

The times of a stay are those of its part of the call, and of the part after it, which is the talk; so the figures say nothing
that the history of the same calls does not.
"""

from __future__ import annotations  # peewee's classes are generic for the type checker only

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from app.core.numbering import shown
from app.core.outcome import Outcome
from app.services import rules
from app.services.errors import is_id
from app.services.phones import own_numbers
from app.services.queue_figures import AgentFigures, Counted, Figures, QueueFigures, Spread, Tally
from app.services.tenants import found
from app.store import Database
from app.store.database import tuples
from app.store.local_time import EPOCH, LocalTime
from app.store.models import Queue, SipAccount
from app.store.queue_counts import Over, QueueCounts

LONGEST = 366 * 86_400.0
"""No more than so many seconds are counted at once: of a longer time the last of it."""

IN_TIME = 20


@dataclass(frozen=True)
class QueueReport:
    """A queue's figures. ``exists``: it has not been deleted since."""

    id: int
    name: str
    exists: bool
    figures: Counted[QueueFigures]


@dataclass(frozen=True)
class AgentReport:
    """An agent's figures, over the queues asked for. ``key`` is his login or number (E.164); ``number`` as people know it.

    ``name`` is empty for a telephone outside, and for an account that has been deleted since.
    """

    key: str
    name: str
    number: str
    figures: Counted[AgentFigures]


class QueueStatistics:
    """The figures of one tenant at a time. ``since`` and ``until`` (excluded) are seconds since the epoch and mean when the
    caller entered the queue; days and hours are the tenant's. As CSV: `app.services.queue_csv`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def queues(self, tenant: int, since: float, until: float, in_time: int = IN_TIME) -> Sequence[QueueReport]:
        """Every queue of the tenant, by name, also one that nobody entered, and those deleted since that somebody had.

        ``in_time`` is the wait, in seconds, up to which a caller is answered in time.
        """
        with self._database.reading():
            counts = self._counts(tenant, since, until)
            names = dict(tuples(Queue.select(Queue.id, Queue.name).where(Queue.tenant == tenant)))
            tallies: dict[int, _Tallies] = {id_: {} for id_ in names}
            past: dict[int, str] = {}
            for over, which, queue, outcome, why, stands_in, name, *row in counts.visits(in_time):
                past[queue] = name
                _count_visits(_at(tallies.setdefault(queue, {}), over, which), outcome, why, stands_in, *row)
        called = {**past, **names}
        reports = [QueueReport(id_, called[id_], id_ in names, _counted(kept, Tally.of_queue)) for id_, kept in tallies.items()]
        return sorted(reports, key=lambda report: (rules.key(report.name), report.id))

    def agents(self, tenant: int, since: float, until: float, queue: int | None = None) -> Sequence[AgentReport]:
        """Everybody whom the tenant's queues, or this one, have offered a caller, by name. An unknown queue has none."""
        queue = queue if queue is None or is_id(queue) else 0
        tallies: dict[str, _Tallies] = {}
        with self._database.reading():
            counts = self._counts(tenant, since, until)
            for over, which, agent, *row in counts.talks(queue):
                _count_talks(_at(tallies.setdefault(agent, {}), over, which), *row)
            for over, which, agent, *row in counts.offers(queue):
                _count_offers(_at(tallies.setdefault(agent, {}), over, which), *row)
            known = _accounts(tenant)
        reports = [
            AgentReport(key, *known.get(key, ("", shown(key))), _counted(kept, Tally.of_agent)) for key, kept in tallies.items()
        ]
        return sorted(reports, key=lambda report: (rules.key(report.name), report.number, report.key))

    def _counts(self, tenant: int, since: float, until: float) -> QueueCounts:
        """Raises NotFound."""
        since = max(since, until - LONGEST, 0.0)
        clock = LocalTime(ZoneInfo(found(tenant).time_zone), since, max(since, until))
        return QueueCounts(self._database, tenant, since, until, clock)


_Tallies = dict[date | int | None, Tally]
"""By day, by hour of the day, and None: of all."""


def _at(tallies: _Tallies, over: int, which: int) -> Tally:
    """Where to count what a row of `QueueCounts` says."""
    key = {Over.ALL: None, Over.DAY: EPOCH + timedelta(days=which), Over.HOUR: which}[Over(over)]
    return tallies.setdefault(key, Tally())


def _count_visits(
    tally: Tally, outcome: str | None, why: str, stands_in: bool, number: int, in_time: int, *times: float | None
) -> None:
    wait, talk = _as_spread(*times[:4]), _as_spread(*times[4:])
    tally.spread("talk", talk)
    if stands_in:  # an agent has taken him on, but his telephone may have been busy
        tally.count("called_back", talk.count)
        return
    if outcome == Outcome.OVERFLOWED:
        tally.overflow(why, number)
        return
    tally.count(_FIGURES[outcome], number)
    if outcome in (Outcome.ANSWERED, Outcome.PICKED_UP):
        tally.spread("wait", wait)
    if outcome == Outcome.ANSWERED:
        tally.count("in_time", in_time)
    if outcome == Outcome.ABANDONED:
        tally.spread("patience", wait)


def _count_talks(tally: Tally, number: int, *talked: float | None) -> None:
    tally.count("answered", number)
    tally.spread("talk", _as_spread(*talked))


def _count_offers(tally: Tally, outcome: str | None, of_visit: str | None, number: int) -> None:
    tally.count("offered", number)
    if outcome == Outcome.ELSEWHERE:
        tally.count("picked_up" if of_visit == Outcome.PICKED_UP else "elsewhere", number)
    elif outcome == Outcome.CANCELLED:
        tally.count("abandoned", number)
    elif outcome not in (None, Outcome.ANSWERED):
        tally.count("missed", number)


_FIGURES: dict[str | None, str] = {
    None: "waiting",
    Outcome.ANSWERED: "answered",
    Outcome.PICKED_UP: "picked_up",
    Outcome.ABANDONED: "abandoned",
    Outcome.CALL_BACK: "asked",
}


def _as_spread(count: float | None, total: float | None, least: float | None, most: float | None) -> Spread:
    return Spread(int(count or 0), total or 0.0, least or 0.0, most or 0.0)


def _counted(tallies: _Tallies, made: Callable[[Tally], Figures]) -> Counted[Figures]:
    days = sorted(key for key in tallies if isinstance(key, date))
    hours = sorted(key for key in tallies if isinstance(key, int))
    total = made(tallies.get(None, Tally()))
    return Counted(total, {day: made(tallies[day]) for day in days}, {hour: made(tallies[hour]) for hour in hours})


def _accounts(tenant: int) -> dict[str, tuple[str, str]]:
    """Login -> name and internal number."""
    numbers = own_numbers(tenant)
    rows = SipAccount.select(SipAccount.id, SipAccount.login, SipAccount.name).where(SipAccount.tenant == tenant)
    return {login: (name, numbers.get(id_, "")) for id_, login, name in tuples(rows)}
