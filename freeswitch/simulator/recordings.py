"""Recordings that the switch fetches from the panel's process and keeps (``mod_http_cache``, ``enable-file-formats``)."""

import io
import logging
import re
import wave
from collections.abc import Callable

from freeswitch.simulator.gateways import DirectoryError

log = logging.getLogger(__name__)

Fetch = Callable[[str], bytes]


def _nothing(url: str) -> bytes:
    raise DirectoryError(f"nobody has {url}")


_REMOTE = re.compile(r"(?:\{[^}]*\})?(https?://\S+)")


class Recordings:
    """How long each lasts. What stands at an address never changes, so it is fetched once."""

    def __init__(self, fetch: Fetch = _nothing) -> None:
        self._fetch = fetch
        self._known: dict[str, float] = {}

    def seconds(self, name: str) -> float | None:
        """The length of the recording a file name stands for; None for any other file, 0 for one that cannot be had."""
        address = _REMOTE.fullmatch(name)
        if address is None:
            return None
        url = address[1]
        if url not in self._known:
            try:
                self._known[url] = _length(self._fetch(url))
            except DirectoryError as error:
                log.error("%s: %s", url, error)
                return 0.0
        return self._known[url]


def _length(content: bytes) -> float:
    try:
        with wave.open(io.BytesIO(content)) as sound:
            return float(sound.getnframes() / sound.getframerate())
    except (wave.Error, EOFError) as error:
        raise DirectoryError(f"no sound: {error}") from error
