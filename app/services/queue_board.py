"""Queues at this moment: who waits, who answers, and who is rung."""

from __future__ import annotations  # peewee's classes are generic for the type checker only

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.core import queues as core
from app.core.destinations import ToQueue
from app.core.numbering import shown
from app.core.outcome import Outcome
from app.core.queues import Pause
from app.core.record import STANDS_IN, Record
from app.services import rules
from app.services.history import living
from app.services.numbers import numbers_of
from app.services.phones import Phones, PhoneState, PhoneStatus
from app.services.queues import stored_queues
from app.store import Database
from app.store.models import QueueVisit


@dataclass(frozen=True)
class Caller:
    """Somebody who waits, ``since`` then (seconds since the epoch). ``rung`` are the keys of the agents who are rung for him.

    ``called_back``: he has hung up, and somebody stands in line for him.
    """

    call: str
    number: str
    name: str
    since: float
    rung: tuple[str, ...] = ()
    called_back: bool = False


@dataclass(frozen=True)
class AgentNow:
    """One who answers a queue's calls. ``key`` is his login, or the number (E.164) of a telephone outside.

    ``number`` is his internal number, or the public one as people read it. ``pause`` is one that holds. ``status`` is what his
    phone does, None for a telephone outside. ``rung``: by this queue, now.
    """

    key: str
    name: str
    number: str
    signed_in: bool
    pause: Pause | None
    status: PhoneStatus | None
    rung: bool = False

    @property
    def takes_calls(self) -> bool:
        """Whether he is on duty: signed in and not paused."""
        return self.signed_in and self.pause is None


@dataclass(frozen=True)
class QueueNow:
    """A queue, its agents in order, and who waits there, longest first. ``number`` is its lowest internal one, or empty."""

    id: int
    name: str
    number: str
    agents: tuple[AgentNow, ...]
    waiting: tuple[Caller, ...]


class QueueBoard:
    """What is going on in the queues of one tenant at a time."""

    def __init__(self, database: Database, phones: Phones) -> None:
        self._database = database
        self._phones = phones

    def now(self, tenant: int) -> Sequence[QueueNow]:
        """Every queue of the tenant, by name."""
        states = {state.login: state for state in self._phones.state(tenant)}
        with self._database.reading():
            queues, callers, numbers = stored_queues(tenant).values(), _waiting(living(tenant)), _numbers(tenant)
        at = time.time()
        found = [
            QueueNow(
                queue.id,
                queue.name,
                numbers.get(queue.name, ""),
                tuple(_agent(agent, states, callers.get(queue.id, ()), at) for agent in queue.agents),
                tuple(sorted(callers.get(queue.id, ()), key=lambda caller: (caller.since, caller.call))),
            )
            for queue in queues
        ]
        return sorted(found, key=lambda queue: rules.key(queue.name))


def _agent(agent: core.Agent, states: Mapping[str, PhoneState], callers: Iterable[Caller], at: float) -> AgentNow:
    state = states.get(agent.login)
    pause = agent.pause if agent.pause and agent.pause.holds(at) else None
    name, number = (state.name, state.number) if state else ("", shown(agent.number))
    rung = any(agent.key in caller.rung for caller in callers)
    return AgentNow(agent.key, name, number, agent.signed_in, pause, state.status if state else None, rung)


def _waiting(calls: Sequence[Record]) -> dict[int, list[Caller]]:
    """Who waits, by queue."""
    waiting = [record for record in calls if record.visits and record.visits[-1].outcome is None]
    asked = _asked({record.call.removesuffix(STANDS_IN) for record in waiting if record.stands_in})
    found: dict[int, list[Caller]] = {}
    for record in waiting:
        visit = record.visits[-1]
        since = asked.get(record.call.removesuffix(STANDS_IN), record.parts[visit.place].started)
        rung = tuple(offer.agent for offer in visit.offers if offer.ended is None)
        caller = Caller(record.call, record.caller_number, record.caller_name, since, rung, record.stands_in)
        found.setdefault(visit.queue, []).append(caller)
    return found


def _asked(calls: set[str]) -> dict[str, float]:
    """Since when those had waited who asked to be called back, by call."""
    if not calls:
        return {}
    asked = QueueVisit.select().where(QueueVisit.record.in_(calls), QueueVisit.outcome == Outcome.CALL_BACK)
    return {row.record_id: row.started for row in asked}


def _numbers(tenant: int) -> dict[str, str]:
    """The lowest internal number that leads straight to each queue, by its name."""
    numbers: dict[str, str] = {}
    for number in numbers_of(tenant):
        if isinstance(number.to, ToQueue):
            numbers.setdefault(number.to.name, number.number)
    return numbers
