"""The recordings of an exchange file, made before the tables are changed: speaking takes longer than a transaction may."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.services import rules
from app.services.audio import Audio, Recorded, Spoken, file_name, make, tidy_text
from app.services.errors import DomainError
from app.services.exchange_files import Files, plain
from app.services.exchange_parts import RecordingPart
from app.services.exchange_queues import SOUND_COLUMNS
from app.services.exchange_schema import FilePart, TenantPart
from app.services.exchange_text import Parsed, Path, refuse_all
from app.store import Database
from app.store.database import tuples
from app.store.models import Menu, Message, Queue, Sound, Tenant


@dataclass(frozen=True)
class Kept:
    """A recording that is kept, without its content."""

    id: int
    text: str
    language: str
    file: str
    version: str


class Recordings:
    """What each message, menu and queue of the file shall sound like.

    ``files`` is where files of the file's ``play`` are. Without it, or where the file is not there, whatever has a recording
    of that name keeps it.
    """

    def __init__(self, database: Database, parsed: Parsed, files: Files | None) -> None:
        self._database = database
        self._parsed = parsed
        self._files = files

    def make(self, file: FilePart) -> Mapping[Path, Audio]:
        """The new recordings, by the path of what they are for; whatever is not among them keeps its own. Raises Problems."""
        made: dict[Path, Audio] = {}
        problems: list[DomainError] = []
        for index, tenant in enumerate(file.tenants):
            with self._database.reading():
                kept = _kept(tenant)
            for inner, part in recordings_of(tenant):
                path: Path = ("tenants", index, *inner)
                try:
                    audio = self._audio(part, tenant.language, kept.get(_key(tenant, inner)))
                except DomainError as error:
                    word = () if inner[-1] == "announce_agent" else ("play" if part.say is None else "say",)
                    problems.append(DomainError("file-value", place=self._parsed.place((*path, *word)), reason=error))
                    continue
                if audio is not None:
                    made[path] = audio
        refuse_all(problems)
        return made

    def _audio(self, part: RecordingPart, language: str, kept: Kept | None) -> Audio | None:
        if part.say is not None:
            unchanged = kept is not None and (kept.text, kept.language) == (tidy_text(part.say), language)
            return None if unchanged else make(Spoken(part.say), language)
        name = part.play or ""
        content = self._files.read(name) if self._files else None
        same_name = kept is not None and plain(kept.file) == plain(file_name(name))
        if content is None:
            if same_name:
                return None
            raise DomainError("sound-missing", file=name[:200])
        audio = make(Recorded(name, content), language)
        return None if kept is not None and same_name and kept.version == audio.version else audio


def recordings_of(tenant: TenantPart) -> Iterator[tuple[Path, RecordingPart]]:
    """Every recording of a tenant of the file, by its path in it."""
    for kind, parts in (("menus", tenant.menus), ("messages", tenant.messages)):
        for number, part in enumerate(parts):
            yield (kind, number), part
    for number, queue in enumerate(tenant.queues):
        for key, recording in queue.recordings().items():
            yield ("queues", number, key), recording


def _key(tenant: TenantPart, path: Path) -> tuple[str, ...]:
    """The same path, with the name as compared in place of the number."""
    kind, number, *inner = path
    return str(kind), rules.key(getattr(tenant, str(kind))[number].name), *map(str, inner)


def _kept(part: TenantPart) -> dict[tuple[str, ...], Kept]:
    """What the tenant has by now, without the contents, by the path with names."""
    kept: dict[tuple[str, ...], Kept] = {}
    tables: list[tuple[str, Any, Any, tuple[str, ...]]] = [
        ("menus", Menu, Menu.greeting, ()),
        ("messages", Message, Message.sound, ()),
        *(("queues", Queue, getattr(Queue, column), (key,)) for key, column in SOUND_COLUMNS.items()),
    ]
    for kind, table, sound, inner in tables:
        columns = (Sound.id, Sound.text, Sound.language, Sound.file, Sound.version)
        query = Sound.select(table.name_key, *columns).join(table, on=(sound == Sound.id)).join(Tenant)
        for name_key, *values in tuples(query.where(Tenant.name_key == rules.key(part.name))):
            kept[kind, name_key, *inner] = Kept(*values)
    return kept
