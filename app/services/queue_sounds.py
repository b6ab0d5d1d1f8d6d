"""What is heard in a queue: a greeting and music that somebody has chosen, and its name, which agents are told."""

from __future__ import annotations  # peewee's classes are generic for the type checker only

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import Enum
from typing import TypeAlias

from app.services import audio, rules, sounds
from app.services.audio import Audio, Recorded, Recording, Spoken
from app.services.errors import DomainError
from app.services.queue_settings import QueueSettings
from app.services.rows import found
from app.services.tenants import language_of
from app.store import Database
from app.store.models import Queue, Sound


class Silence(Enum):
    """In place of a recording: there shall be none."""

    SILENCE = "silence"


SILENCE = Silence.SILENCE

Heard: TypeAlias = Audio | Silence | None
"""What a recording becomes; None: it stays as it is."""


def make(
    database: Database,
    tenant: int,
    settings: QueueSettings,
    greeting: Recording | Silence | None,
    music: Recorded | Silence | None,
    queue: int | None = None,
) -> Mapping[str, Heard]:
    """The recordings of a queue that is or will be ``queue``, by column; before a transaction, as it may take seconds.

    Raises NotFound, and DomainError with ``greeting.`` or ``music.`` before its field, or for ``announce_agent``.
    """
    language = language_of(database, tenant)
    return {
        "greeting": _made("greeting", greeting, language),
        "music": _made("music", music, language),
        "called": _called(database, tenant, settings, language, queue),
    }


def keep(tenant: int, heard: Mapping[str, Heard], queue: Queue | None = None) -> dict[str, int | None]:
    """Store the recordings; the columns of the queue. Those it is to lose are left for `drop`."""
    columns: dict[str, int | None] = {}
    for column, one in heard.items():
        row = getattr(queue, f"{column}_id") if queue is not None else None
        if one is None:
            columns[column] = row
        else:
            columns[column] = None if isinstance(one, Silence) else sounds.keep(tenant, one, row)
    return columns


def drop(queue: Queue, columns: Mapping[str, int | None] | None = None) -> None:
    """Delete the recordings that ``queue``, as it was, had and that are not among its ``columns`` now."""
    had = {queue.greeting_id, queue.music_id, queue.called_id} - {None}
    Sound.delete().where(Sound.id.in_(had - set((columns or {}).values()))).execute()


def _made(column: str, recording: Recording | Silence | None, language: str) -> Heard:
    if recording is None or isinstance(recording, Silence):
        return recording
    with _field(column):
        return audio.make(recording, language)


def _called(database: Database, tenant: int, settings: QueueSettings, language: str, queue: int | None) -> Heard:
    """The queue's name, spoken; None where it is spoken already. What is wrong with a name is said elsewhere."""
    if not settings.announce_agent:
        return SILENCE
    name = audio.tidy_text(settings.name)
    with database.reading():
        row = found(Queue, tenant, queue) if queue is not None else None
        known = row.called if row else None
    if rules.name(name) or (known and (known.text, known.language) == (name, language)):
        return None
    with _field("announce_agent", whole=True):
        return audio.make(Spoken(name), language)


@contextmanager
def _field(name: str, whole: bool = False) -> Iterator[None]:
    """Say of which recording an error is."""
    try:
        yield
    except DomainError as error:
        error.field = name if whole else f"{name}.{error.field}"
        raise
