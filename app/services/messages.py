"""Messages: something told to a caller, before the call ends."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.destinations import Destination
from app.services import audio, rules, sounds, uses
from app.services.actor import Actor
from app.services.audio import Recording
from app.services.changes import changing
from app.services.errors import Use, refuse
from app.services.rows import found, name_free
from app.services.sounds import SoundInfo
from app.services.tenants import language_of
from app.store import Database, models


@dataclass(frozen=True)
class Message:
    """A message of a tenant, and what is heard."""

    id: int
    name: str
    sound: SoundInfo


class Messages:
    """The messages of one tenant at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self, tenant: int) -> Sequence[Message]:
        """Every message of the tenant, by name."""
        with self._database.reading():
            return messages_of(tenant)

    def get(self, tenant: int, message: int) -> Message:
        """One message. Raises NotFound."""
        with self._database.reading():
            return _message(found(models.Message, tenant, message))

    def create(self, actor: Actor, tenant: int, name: str, recording: Recording) -> Message:
        """A new message."""
        heard = audio.make(recording, language_of(self._database, tenant))
        with changing(self._database, actor, tenant) as change:
            refuse(rules.name(name) or name_free(models.Message, tenant, name))
            row = models.Message.create(**columns(tenant, name), sound=sounds.keep(tenant, heard))
            change.note("message-created", row.name, tenant)
            return _message(row)

    def change(
        self, actor: Actor, tenant: int, message: int, *, name: str | None = None, recording: Recording | None = None
    ) -> Message:
        """Change what is given; None leaves it as it is."""
        heard = audio.make(recording, language_of(self._database, tenant)) if recording else None
        with changing(self._database, actor, tenant) as change:
            row = found(models.Message, tenant, message)
            name = row.name if name is None else name
            refuse(rules.name(name) or name_free(models.Message, tenant, name, row.id))
            models.Message.update(**columns(tenant, name)).where(models.Message.id == row.id).execute()
            if heard:
                sounds.keep(tenant, heard, row.sound_id)
            change.note("message-changed", rules.tidy(name), tenant)
            return _message(found(models.Message, tenant, message))

    def used_by(self, tenant: int, message: int) -> Sequence[Use]:
        """Who leads to the message. Raises NotFound."""
        with self._database.reading():
            return uses.of(tenant, "message", found(models.Message, tenant, message).name)

    def delete(self, actor: Actor, tenant: int, message: int, replace_with: Destination | None = None) -> None:
        """Delete the message. Whatever leads to it leads to ``replace_with``; without that it is refused (InUse)."""
        with changing(self._database, actor, tenant) as change:
            row = found(models.Message, tenant, message)
            uses.clear(tenant, "message", row.name, replace_with)
            row.delete_instance()
            models.Sound.delete().where(models.Sound.id == row.sound_id).execute()
            change.note("message-deleted", row.name, tenant)


def messages_of(tenant: int) -> list[Message]:
    """Every message of the tenant, by name."""
    kept = sounds.infos(tenant)
    rows = models.Message.select().where(models.Message.tenant == tenant).order_by(models.Message.name_key)
    return [Message(row.id, row.name, kept[row.sound_id]) for row in rows]


def columns(tenant: int, name: str) -> dict[str, object]:
    """A message's columns, without its sound."""
    return {"tenant": tenant, "name": rules.tidy(name), "name_key": rules.key(name)}


def _message(row: models.Message) -> Message:
    return Message(row.id, row.name, sounds.infos(row.tenant_id)[row.sound_id])
