"""Who answers a queue's calls now: agents' duty as it is stored, and its writer for the controller."""

from __future__ import annotations  # peewee's classes are generic for the type checker only

import logging

from peewee import DatabaseError

from app.core.commands import Attend
from app.core.queues import Duty, Pause, PauseReason
from app.store.background import RETRY_SECONDS, Background
from app.store.database import AWAY, Database
from app.store.models import Queue, QueueAgent, Revision, SipAccount, Tenant

log = logging.getLogger(__name__)


class Roster:
    """Satisfies `app.ports.Roster`. While the database is away, what agents have said waits, in its order."""

    def __init__(self, database: Database, retry: float = RETRY_SECONDS) -> None:
        self._database = database
        self._said: list[Attend] = []
        self._background = Background("roster", self._work, gather=0, retry=retry)

    def start(self) -> None:
        """Begin to write what was said and what will be."""
        self._background.start()

    def attend(self, command: Attend) -> None:
        """Write down what an agent has said; it holds with the next directory. Returns at once."""
        self._said.append(command)
        self._background.wake()

    def flush(self, timeout: float) -> bool:
        """Write what is left and stop; whether all was written within ``timeout`` seconds."""
        return self._background.finish(timeout)

    def _work(self) -> None:
        while self._said:
            command = self._said[0]
            try:
                with self._database.writing():
                    _carry_out(command)
            except AWAY:
                raise
            except (DatabaseError, ValueError):  # text no database takes: it would be refused for ever
                log.exception("roster: refused for good: %r", command)
            self._said.pop(0)


def attend(command: Attend) -> bool:
    """Store what an agent has said, or somebody for him; whether that changed anything. Within a transaction.

    Signing in or out ends a pause. Only who is signed in can pause; a pause of his own is not replaced by one for missed calls.
    """
    row = _agent(command.tenant, command.queue, command.agent)
    if row is None:
        return False
    pause = pause_of(row.pause_reason, row.pause_since, row.pause_until)
    columns = _columns(command, row.signed_in, pause if pause and pause.holds(command.at) else None)
    if all(getattr(row, name) == value for name, value in columns.items()):
        return False
    QueueAgent.update(**columns).where(QueueAgent.id == row.id).execute()
    return True


def pause_of(reason: str | None, since: float | None, until: float | None) -> Pause | None:
    """A pause as its three columns have it."""
    return Pause(PauseReason(reason), since or 0.0, until) if reason else None


def pause_columns(pause: Pause | None) -> dict[str, object]:
    """The columns of a pause."""
    if pause is None:
        return {"pause_reason": None, "pause_since": None, "pause_until": None}
    return {"pause_reason": pause.reason.value, "pause_since": pause.since, "pause_until": pause.until}


def _columns(command: Attend, signed_in: bool, pause: Pause | None) -> dict[str, object]:
    if command.duty in (Duty.SIGN_IN, Duty.SIGN_OUT):
        return {"signed_in": command.duty is Duty.SIGN_IN, **pause_columns(None)}
    if command.duty is Duty.RESUME:
        return pause_columns(None)
    own = pause is not None and pause.reason is PauseReason.OWN
    if not signed_in or (own and command.reason is PauseReason.MISSED):
        return {}
    return pause_columns(Pause(command.reason, command.at, command.until))


def _agent(tenant: int, queue: int, key: str) -> QueueAgent | None:
    """The row of the agent with this key in a queue of the tenant."""
    his = (SipAccount.login == key) | (QueueAgent.external == key)
    query = QueueAgent.select(QueueAgent).join(Queue).switch(QueueAgent).left_outer_join(SipAccount)
    row: QueueAgent | None = query.where(Queue.tenant == tenant, Queue.id == queue, his).first()
    return row


def _carry_out(command: Attend) -> None:
    """As every change of the directory, it begins with the revision, whose row is the lock that lets one in at a time."""
    Revision.update(value=Revision.value + 1).execute()
    if attend(command):
        Tenant.update(revision=Revision.select(Revision.value)).where(Tenant.id == command.tenant).execute()
