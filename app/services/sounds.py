"""The recordings that are kept, each with one message or menu."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.services.audio import Audio, Spoken, make
from app.services.errors import DomainError, NotFound, is_id
from app.store import Database
from app.store.database import tuples
from app.store.models import Sound


@dataclass(frozen=True)
class SoundInfo:
    """A recording that is kept: how long it is and what it was made of, a ``text`` or a ``file``."""

    id: int
    version: str
    seconds: float
    text: str
    file: str


class Sounds:
    """The recordings, by their id."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def content(self, sound: int, version: str) -> bytes:
        """The WAV file, for the switch, which serves all tenants. Raises NotFound, also for a version of the past: what a cache
        keeps under an address must never be another recording."""
        with self._database.reading():
            row = Sound.get_or_none(Sound.id == sound) if is_id(sound) else None
        if row is None or row.version != version:
            raise NotFound
        return bytes(row.content)

    def listen(self, tenant: int, sound: int) -> bytes:
        """The WAV file, for a person of the tenant. Raises NotFound."""
        with self._database.reading():
            row = Sound.get_or_none(Sound.id == sound, Sound.tenant == tenant) if is_id(sound) else None
        if row is None:
            raise NotFound
        return bytes(row.content)

    def recorded(self, tenant: int) -> int:
        """How many of the tenant's recordings came as files."""
        with self._database.reading():
            return Sound.select().where(Sound.tenant == tenant, Sound.text == "").count()

    def spoken(self, tenant: int) -> int:
        """How many of the tenant's recordings are texts that the machine has spoken."""
        with self._database.reading():
            return Sound.select().where(Sound.tenant == tenant, Sound.text != "").count()


def keep(tenant: int, audio: Audio, row: int | None = None) -> int:
    """Put the recording in the place of what ``row`` has, or of nothing; the row's id."""
    columns = {
        "content": audio.content,
        "version": audio.version,
        "seconds": audio.seconds,
        "text": audio.text,
        "language": audio.language,
        "file": audio.file,
    }
    if row is None:
        return int(Sound.insert(tenant=tenant, **columns).execute())
    Sound.update(**columns).where(Sound.id == row).execute()
    return row


def spoken_anew(database: Database, tenant: int, language: str) -> dict[str, Audio]:
    """Each text the tenant keeps in another language, spoken in this one. Takes seconds, so it is done before a transaction.

    Raises DomainError, about the ``language``, where it cannot be spoken.
    """
    with database.reading():
        texts = [text for _, text in _other_voices(tenant, language)]
    return {text: _speak(text, language) for text in dict.fromkeys(texts)}


def change_voice(tenant: int, language: str, voices: Mapping[str, Audio]) -> None:
    """Let everything spoken be spoken in this language; a text that has only just been added is not among ``voices`` yet."""
    for row, text in _other_voices(tenant, language):
        keep(tenant, voices.get(text) or _speak(text, language), row)


def _other_voices(tenant: int, language: str) -> list[tuple[int, str]]:
    query = Sound.select(Sound.id, Sound.text)
    return [
        (id_, text) for id_, text in tuples(query.where(Sound.tenant == tenant, Sound.text != "", Sound.language != language))
    ]


def _speak(text: str, language: str) -> Audio:
    try:
        return make(Spoken(text), language)
    except DomainError as error:
        error.field = "language"
        raise


def infos(tenant: int) -> dict[int, SoundInfo]:
    """Everything the tenant keeps, by id, without the contents: they may have ten megabytes each."""
    query = Sound.select(Sound.id, Sound.version, Sound.seconds, Sound.text, Sound.file).where(Sound.tenant == tenant)
    return {id_: SoundInfo(id_, *values) for id_, *values in tuples(query)}
