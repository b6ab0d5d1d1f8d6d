"""What lies beside an exchange file: recordings, in a folder or in one ZIP archive with it."""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import IO, Protocol, TypeAlias

from app.services.audio import LARGEST_FILE
from app.services.errors import DomainError
from app.services.exchange_text import SIZE_LIMIT
from app.services.sounds import SoundInfo

FILE = "centralka.yaml"
LARGEST_ARCHIVE = 100_000_000
LARGEST_LIST = 1_000_000
"""Bytes of an archive's list of its files: `zipfile` reads all of it before anybody can ask how long it is."""

PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""As all the world packs files. Of what is packed otherwise, `zipfile` unpacks the whole, however little is asked for."""

Put: TypeAlias = Callable[[str, bytes], None]
"""Writes one file: its name, with slashes between folders, and its content."""

_SOUNDS = re.compile(r"\.(wav|mp3|flac|ogg)$", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')  # in the name of a file, on one system or another
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, UnicodeDecodeError)
"""What `zipfile` raises for an archive that is damaged, encrypted, or packed in a way it does not know."""


_LAST = 22  # bytes of an archive's end without a comment


class Files(Protocol):
    """Where the recordings are that an exchange file names."""

    def read(self, name: str) -> bytes | None:
        """The file of this name, one byte more of it than a recording may have at most; None if there is none."""


class Folder:
    """Files in a folder and below it, never above."""

    def __init__(self, path: Path) -> None:
        self._path = path.resolve()

    def read(self, name: str) -> bytes | None:
        """See `Files`."""
        path = (self._path / name).resolve() if "\0" not in name else self._path
        if not path.is_relative_to(self._path) or not path.is_file():
            return None
        with path.open("rb") as file:
            return file.read(LARGEST_FILE + 1)


class Archive:
    """A ZIP archive with one exchange file in it, at its top or in a folder. Nothing of it is ever written to a disk.

    It is read as far as it may be long and no further, however much it claims to hold.
    """

    def __init__(self, file: IO[bytes]) -> None:
        """Raises DomainError for what is no such archive."""
        if _size_of_list(file) > LARGEST_LIST:
            raise DomainError("archive-unreadable", "file")
        try:
            self._zip = zipfile.ZipFile(file)
        except _BROKEN:
            raise DomainError("archive-unreadable", "file") from None
        self._names = frozenset(self._zip.namelist())
        found = [name for name in self._names if name.endswith((".yaml", ".yml", ".json")) and not name.startswith("__MACOSX/")]
        if len(found) != 1:
            raise DomainError("archive-file", "file")
        self._file = found[0]

    @property
    def text(self) -> str:
        """The exchange file's text; in another encoding it shows odd letters and is refused as such."""
        return self._read(self._file, SIZE_LIMIT * 4 + 1).decode("utf-8", errors="replace")

    def read(self, name: str) -> bytes | None:
        """See `Files`."""
        path = posixpath.normpath(posixpath.join(posixpath.dirname(self._file), name))
        return self._read(path, LARGEST_FILE + 1) if path in self._names else None

    def _read(self, path: str, most: int) -> bytes:
        try:
            if self._zip.getinfo(path).compress_type not in PACKED:
                raise NotImplementedError
            with self._zip.open(path) as file:
                return file.read(most)
        except _BROKEN:
            raise DomainError("archive-unreadable", "file") from None


def _size_of_list(file: IO[bytes]) -> int:
    """What an archive says of its list of files, at its very end, found as `zipfile` finds it; too large if it says so in the
    way of archives of more than 4 GB (ZIP64)."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - _LAST - 0xFFFF))
    tail = file.read()
    file.seek(0)
    plain_end = tail[-_LAST:].startswith(b"PK\x05\x06") and tail.endswith(b"\0\0")
    at = max(len(tail) - _LAST, 0) if plain_end else tail.rfind(b"PK\x05\x06")
    if at < 0:
        return 0  # no archive at all: that is for `zipfile` to say
    is_huge = tail[max(at - 20, 0) : at].startswith(b"PK\x06\x07")
    return LARGEST_ARCHIVE if is_huge else int.from_bytes(tail[at + 12 : at + 16], "little")


class Shelf:
    """Gives each recording of an export a name to lie under. Two of one name and different content lie in different folders.

    ``sounds``: the row of each, by its name.
    """

    def __init__(self) -> None:
        self.sounds: dict[str, int] = {}
        self._versions: dict[str, str] = {}

    def place(self, sound: SoundInfo) -> str:
        """Where it lies: under the name it came with, as a WAV file."""
        name = f"{plain(sound.file)}.wav"
        for number in count(1):
            path = name if number == 1 else f"{number}/{name}"
            if self._versions.setdefault(path.casefold(), sound.version) == sound.version:
                self.sounds.setdefault(path, sound.id)
                return path
        raise AssertionError("unreachable")


def plain(name: str) -> str:
    """The name of a recording as any system can keep it, without what says how it is coded."""
    return _FORBIDDEN.sub("-", _SOUNDS.sub("", name)).strip(" .") or "recording"


def into_folder(path: Path) -> Put:
    """Writes into this folder, which is made if need be. Raises OSError."""

    def put(name: str, content: bytes) -> None:
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)

    return put


def into_archive(archive: zipfile.ZipFile) -> Put:
    """Writes into this archive; the same content gives the same archive."""

    def put(name: str, content: bytes) -> None:
        entry = zipfile.ZipInfo(name)
        entry.external_attr = 0o644 << 16  # else who unpacks it on a Unix may not read it
        archive.writestr(entry, content, zipfile.ZIP_DEFLATED)

    return put


@contextmanager
def archive_at(path: Path) -> Iterator[Put]:
    """Writes a new archive, which comes to ``path`` when it is whole. Raises OSError."""
    part = path.with_name(f"{path.name}.part")
    try:
        with zipfile.ZipFile(part, "w") as archive:
            yield into_archive(archive)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
