"""How everything is changed: one transaction that also grows the revision and writes the change log."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass

from peewee import chunked

from app.services import quotas
from app.services.actor import Actor
from app.services.errors import NotFound, is_id
from app.store import Database
from app.store.models import Change, Revision, Tenant

ROWS_AT_ONCE = 100


@dataclass(frozen=True)
class Changing:
    """A change that is going on. ``revision`` is the one the directory will have when it is done."""

    actor: Actor
    revision: int

    def note(self, what: str, subject: str, tenant: int | None) -> None:
        """Write into the change log, and let the controller read this tenant again."""
        self.notes([(what, subject)], tenant)

    def notes(self, done: Iterable[tuple[str, str]], tenant: int | None) -> None:
        """The same for several things at once: what, and the subject of it."""
        who = {"at": time.time(), "tenant": tenant, "user": self.actor.user_id, "who": self.actor.name}
        for some in chunked([{**who, "what": what, "subject": subject} for what, subject in done], ROWS_AT_ONCE):
            Change.insert_many(some).execute()
        if tenant is not None:
            Tenant.update(revision=self.revision).where(Tenant.id == tenant).execute()


@contextmanager
def changing(database: Database, actor: Actor, tenant: int | None) -> Iterator[Changing]:
    """A transaction for one change of ``tenant``'s things (None: of nobody's). An error undoes everything.

    Growing the revision comes first: on PostgreSQL its row is the lock that lets one change in at a time, so that what the
    rules have looked up (is the number free?) is still true when the change is stored. Raises NotFound for an unknown tenant,
    and DomainError where the tenant would have more than it may (`quotas`).
    """
    with database.writing():
        Revision.update(value=Revision.value + 1).execute()
        if tenant is not None and not (is_id(tenant) and Tenant.select().where(Tenant.id == tenant).exists()):
            raise NotFound
        with quotas.kept(tenant) if tenant is not None else nullcontext():
            yield Changing(actor, Revision.get_by_id(1).value)
