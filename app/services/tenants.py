"""Tenants: the customers of the provider."""

import time
from collections.abc import Sequence

from app.services import audio, destinations, limits, rules, sounds
from app.services.actor import Actor
from app.services.book import Book
from app.services.call_settings import CallSettings, columns, problems, settings_of
from app.services.changes import changing
from app.services.errors import DomainError, NotFound, is_id, refuse
from app.store import Database
from app.store.models import (
    CallRecord,
    City,
    Destination,
    Extension,
    Menu,
    Message,
    Queue,
    Schedule,
    SipAccount,
    Sound,
    Tenant,
    User,
)

OWNED = (Destination, Extension, Menu, Message, Schedule, Queue, Sound, SipAccount, City, User)
"""What a tenant has, in an order in which it can be deleted."""


class Tenants:
    """For the operator; an owner may read and change their own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self) -> Sequence[Tenant]:
        """Every tenant, by name."""
        with self._database.reading():
            return list(Tenant.select().order_by(Tenant.name_key))

    def get(self, tenant: int) -> Tenant:
        """One tenant. Raises NotFound."""
        with self._database.reading():
            return found(tenant)

    def create(self, actor: Actor, name: str, language: str = "pl", time_zone: str = "Europe/Warsaw") -> Tenant:
        """A new, empty tenant."""
        with changing(self._database, actor, None) as change:
            refuse(rules.name(name) or name_free(name), rules.language(language), rules.time_zone(time_zone))
            row = Tenant.create(
                name=rules.tidy(name), name_key=rules.key(name), language=language, time_zone=time_zone, created=time.time()
            )
            change.note("tenant-created", row.name, row.id)
            return row

    def change(
        self, actor: Actor, tenant: int, *, name: str | None = None, language: str | None = None, time_zone: str | None = None
    ) -> Tenant:
        """Change what is given; None leaves it as it is. In another language all texts are spoken anew, or nothing changes."""
        voices = sounds.spoken_anew(self._database, tenant, language) if language in audio.VOICES else {}
        with changing(self._database, actor, tenant) as change:
            row = found(tenant)
            name = row.name if name is None else name
            language = row.language if language is None else language
            time_zone = row.time_zone if time_zone is None else time_zone
            refuse(rules.name(name) or name_free(name, tenant), rules.language(language), rules.time_zone(time_zone))
            row.name, row.name_key = rules.tidy(name), rules.key(name)
            row.language, row.time_zone = language, time_zone
            row.save(only=[Tenant.name, Tenant.name_key, Tenant.language, Tenant.time_zone])
            sounds.change_voice(tenant, language, voices)
            change.note("tenant-changed", row.name, row.id)
            return row

    def settings(self, tenant: int) -> CallSettings:
        """How the tenant's calls go. Raises NotFound."""
        with self._database.reading():
            return settings_of(found(tenant))

    def change_settings(self, actor: Actor, tenant: int, settings: CallSettings) -> None:
        """Store all of them, from the next call on; `dataclasses.replace` what `settings` returned to change one.

        Nobody but the provider may raise a limit.
        """
        with changing(self._database, actor, tenant) as change:
            row, book, fallback = found(tenant), Book.of(tenant), settings.transfer_fallback
            wrong = destinations.problems(book, fallback, "transfer_fallback") if fallback else ()
            refuse(*(problems(settings) or _raised(actor, row, settings)), *wrong)
            Tenant.update(**columns(settings)).where(Tenant.id == row.id).execute()
            destinations.store(book, fallback, of_tenant=row.id)
            change.note("tenant-changed", row.name, row.id)

    def consequences(self, tenant: int) -> dict[str, int]:
        """What would be deleted with the tenant: how many accounts, extensions, cities, queues, menus, messages, users
        and calls."""
        with self._database.reading():
            found(tenant)
            return {
                "accounts": SipAccount.select().where(SipAccount.tenant == tenant).count(),
                "extensions": Extension.select().where(Extension.tenant == tenant).count(),
                "cities": City.select().where(City.tenant == tenant).count(),
                "queues": Queue.select().where(Queue.tenant == tenant).count(),
                "menus": Menu.select().where(Menu.tenant == tenant).count(),
                "messages": Message.select().where(Message.tenant == tenant).count(),
                "users": User.select().where(User.tenant == tenant).count(),
                "calls": CallRecord.select().where(CallRecord.tenant == tenant).count(),
            }

    def delete(self, actor: Actor, tenant: int, typed_name: str) -> None:
        """Delete the tenant with everything it has. ``typed_name`` must be its name, so that nobody does it by a slip."""
        with changing(self._database, actor, tenant) as change:
            row = found(tenant)
            if rules.tidy(typed_name) != row.name:
                raise DomainError("tenant-name-mismatch", "typed_name", name=row.name)
            for table in OWNED:
                table.delete().where(table.tenant == tenant).execute()
            Tenant.delete().where(Tenant.id == tenant).execute()  # the call log goes with it (ON DELETE CASCADE)
            change.note("tenant-deleted", row.name, None)


def found(tenant: int) -> Tenant:
    """The tenant's row. Raises NotFound."""
    row = Tenant.get_or_none(Tenant.id == tenant) if is_id(tenant) else None
    if row is None:
        raise NotFound
    return row


def language_of(database: Database, tenant: int) -> str:
    """What the tenant's callers hear. Raises NotFound."""
    with database.reading():
        return str(found(tenant).language)


def _raised(actor: Actor, row: Tenant, wanted: CallSettings) -> list[DomainError]:
    return [] if actor.for_provider else list(limits.raised(settings_of(row).limits, wanted.limits))


def name_free(name: str, except_for: int | None = None) -> DomainError | None:
    """Whether no other tenant has this name, however it is written."""
    other = Tenant.get_or_none(Tenant.name_key == rules.key(name))
    return DomainError("tenant-name-taken", "name", name=other.name) if other and other.id != except_for else None
