"""Queues: callers wait there, and agents answer them."""

from __future__ import annotations  # peewee's classes are generic for the type checker only

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from peewee import fn

from app.core import queues as core
from app.core.commands import Attend
from app.core.destinations import Destination
from app.core.numbering import shown
from app.core.queues import Duty
from app.services import agents, destinations, queue_sounds, rules, sounds, uses
from app.services.actor import Actor
from app.services.audio import Recorded, Recording
from app.services.book import Book
from app.services.changes import changing
from app.services.errors import DomainError, NotFound, Use, refuse
from app.services.queue_settings import QueueSettings, branches, columns, problems, problems_in, settings_of
from app.services.queue_sounds import Silence
from app.services.rows import found, name_free
from app.services.sounds import SoundInfo
from app.store import Database, models, roster
from app.store import destinations as stored
from app.store.database import once, tuples
from app.store.parts import Parts

PAUSE_MINUTES = range(1, 1441)

_DONE = {
    Duty.SIGN_IN: "agent-signed-in",
    Duty.SIGN_OUT: "agent-signed-out",
    Duty.PAUSE: "agent-paused",
    Duty.RESUME: "agent-resumed",
}


@dataclass(frozen=True)
class Queue:
    """A queue of a tenant, and what is heard there."""

    id: int
    settings: QueueSettings
    greeting: SoundInfo | None = field(default=None, compare=False)
    music: SoundInfo | None = field(default=None, compare=False)


class Queues:
    """The queues of one tenant at a time. Who waits and who answers now: `app.services.queue_board`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self, tenant: int) -> Sequence[Queue]:
        """Every queue of the tenant, by name."""
        with self._database.reading():
            return queues_of(tenant)

    def get(self, tenant: int, queue: int) -> Queue:
        """One queue. Raises NotFound."""
        with self._database.reading():
            return _queue(found(models.Queue, tenant, queue))

    def create(
        self,
        actor: Actor,
        tenant: int,
        settings: QueueSettings,
        greeting: Recording | None = None,
        music: Recorded | None = None,
    ) -> Queue:
        """A new queue, whose agents are signed in. Without ``music`` the usual is heard. Its keys may lead back to it."""
        heard = queue_sounds.make(self._database, tenant, settings, greeting, music)
        with changing(self._database, actor, tenant) as change:
            _check(tenant, settings)
            row = models.Queue.create(tenant=tenant, **columns(settings), **queue_sounds.keep(tenant, heard))
            _lead(tenant, settings, row.id)
            change.note("queue-created", row.name, tenant)
            return _queue(row)

    def change(
        self,
        actor: Actor,
        tenant: int,
        queue: int,
        settings: QueueSettings,
        greeting: Recording | Silence | None = None,
        music: Recorded | Silence | None = None,
    ) -> Queue:
        """Make it as ``settings`` say; of the recordings None keeps what there is, SILENCE takes it away. Agents who stay keep
        their duty."""
        heard = queue_sounds.make(self._database, tenant, settings, greeting, music, queue)
        with changing(self._database, actor, tenant) as change:
            row = found(models.Queue, tenant, queue)
            _check(tenant, settings, row.id)
            kept = queue_sounds.keep(tenant, heard, row)
            models.Queue.update(**columns(settings), **kept).where(models.Queue.id == row.id).execute()
            queue_sounds.drop(row, kept)
            _lead(tenant, settings, row.id)
            change.note("queue-changed", rules.tidy(settings.name), tenant)
            return _queue(found(models.Queue, tenant, queue))

    def used_by(self, tenant: int, queue: int) -> Sequence[Use]:
        """Who leads to the queue, itself aside. Raises NotFound."""
        with self._database.reading():
            row = found(models.Queue, tenant, queue)
            return [use for use in uses.of(tenant, "queue", row.name) if (use.kind, use.id) != ("queue", row.id)]

    def consequences(self, tenant: int, queue: int) -> dict[str, int]:
        """What a deletion would mean: how many callers are ``waiting`` now, who are led on at once, and how many ``visits`` are
        in no statistics any more. The call log keeps them. Raises NotFound."""
        with self._database.reading():
            row, visit = found(models.Queue, tenant, queue), models.QueueVisit
            over = visit.select(fn.COUNT(visit.id), fn.COUNT(visit.outcome))
            ((visits, left),) = tuples(over.where(visit.tenant == tenant, visit.queue == row.id))
            return {"waiting": visits - left, "visits": visits}

    def delete(self, actor: Actor, tenant: int, queue: int, replace_with: Destination | None = None) -> None:
        """Delete the queue. Whatever leads to it leads to ``replace_with``; without that it is refused (InUse)."""
        with changing(self._database, actor, tenant) as change:
            row = found(models.Queue, tenant, queue)
            models.Destination.delete().where(models.Destination.of_queue == row).execute()  # its keys may lead to itself
            uses.clear(tenant, "queue", row.name, replace_with)
            row.delete_instance()
            queue_sounds.drop(row)
            change.note("queue-deleted", row.name, tenant)

    def attend(self, actor: Actor, tenant: int, queue: int, agent: str, duty: Duty, minutes: int | None = None) -> None:
        """Sign an agent (his login or his number in E.164) in or out, let him pause, for so many minutes or until somebody ends
        it, or go on; from the next call on. Raises NotFound."""
        with changing(self._database, actor, tenant) as change:
            row, now = found(models.Queue, tenant, queue), time.time()
            if minutes is not None and minutes not in PAUSE_MINUTES:
                raise DomainError("pause-range", "minutes", minimum=PAUSE_MINUTES[0], maximum=PAUSE_MINUTES[-1])
            if stored_queues(tenant)[row.id].agent(agent) is None:
                raise NotFound
            until = now + minutes * 60 if minutes is not None and duty is Duty.PAUSE else None
            if roster.attend(Attend(tenant, row.id, agent, duty, now, until=until)):
                change.note(_DONE[duty], f"{row.name}: {_shown(tenant, agent)}", tenant)


def queues_of(tenant: int) -> list[Queue]:
    """Every queue of the tenant, by name."""
    kept = sounds.infos(tenant)
    values = stored_queues(tenant)
    rows = models.Queue.select().where(models.Queue.tenant == tenant).order_by(models.Queue.name_key)
    return [_view(row, values[row.id], kept) for row in rows]


def stored_queues(tenant: int) -> dict[int, core.Queue]:
    """The tenant's queues as the controller knows them, by id."""
    return once(_stored_queues, tenant)


def _stored_queues(tenant: int) -> dict[int, core.Queue]:
    return {queue.id: queue for queue in Parts([tenant]).queues(stored.read([tenant]))[tenant].values()}


def _check(tenant: int, settings: QueueSettings, row: int | None = None) -> None:
    """Raise everything that is wrong with a queue that is or will be ``row``. It may name itself, by its new name."""
    book, name = Book.of(tenant), rules.tidy(settings.name)
    others = {other: id_ for other, id_ in book.queues.items() if id_ != row}
    book = replace(book, queues={**others, name: row or 0})
    bad_name = rules.name(name) or name_free(models.Queue, tenant, name, row)
    refuse(bad_name, *problems(settings), *problems_in(book, settings))


def _lead(tenant: int, settings: QueueSettings, queue: int) -> None:
    book = Book.of(tenant)
    agents.store(book, queue, settings.agents)
    models.Destination.delete().where(models.Destination.of_queue == queue).execute()
    for branch, to in branches(settings).items():
        destinations.store(book, to, of_queue=queue, branch=branch)
    uses.refuse_loops(tenant, "overflow")


def _shown(tenant: int, agent: str) -> str:
    """An agent for the change log: an account's login and name, or a number as people read it."""
    account = models.SipAccount.get_or_none(models.SipAccount.tenant == tenant, models.SipAccount.login == agent)
    return f"{agent} {account.name}" if account else shown(agent)


def _queue(row: models.Queue) -> Queue:
    return _view(row, stored_queues(row.tenant_id)[row.id], sounds.infos(row.tenant_id))


def _view(row: models.Queue, queue: core.Queue, kept: dict[int, SoundInfo]) -> Queue:
    return Queue(row.id, settings_of(queue), kept.get(row.greeting_id or 0), kept.get(row.music_id or 0))
