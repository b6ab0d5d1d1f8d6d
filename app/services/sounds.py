"""The recordings that are kept, each with one message or menu."""

from dataclasses import dataclass

from app.services.audio import Audio
from app.services.errors import NotFound, is_id
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


def infos(tenant: int) -> dict[int, SoundInfo]:
    """Everything the tenant keeps, by id, without the contents: they may have ten megabytes each."""
    query = Sound.select(Sound.id, Sound.version, Sound.seconds, Sound.text, Sound.file).where(Sound.tenant == tenant)
    return {id_: SoundInfo(id_, *values) for id_, *values in tuples(query)}
