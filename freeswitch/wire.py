"""Event Socket frames: bytes on one side, values on the other. Pure: no socket, no clock.

What travels, as read in FreeSWITCH 1.10.12's ``mod_event_socket.c``:

- The switch sends a *frame*: ``Name: value`` lines, an empty line, and a body of ``Content-Length`` bytes if that is named.
  These outer headers are never percent-encoded on a connection that we opened.
- An event in *plain* form is a body that again holds ``Name: value`` lines, now percent-encoded. A name or value that
  already held ``%0A`` is not encoded a second time (``switch_utils.c:3499``), so lines must be split **before** anything is
  unquoted: otherwise every caller forges headers with a display name.
- We send a *request*: a command line, ``Name: value`` lines, an empty line. A newline in any of them would be a second
  command, and ``system`` is a command; so there is one guard here, and nothing goes out around it.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

MAX_HEADER = 64 * 1024  # bytes; real ones have 20 to 200
MAX_BODY = 32 * 1024 * 1024  # bytes; an event has 10 KB, `show channels` of 5,000 legs 5 MB


class WireError(Exception):
    """What came is no Event Socket frame, or is too large; the connection cannot be trusted any more."""


class UnsafeText(ValueError):  # noqa: N818 - it names what was found, and callers read it as that
    """Something to be sent holds a control character, or cannot be sent at all."""


@dataclass(frozen=True)
class Frame:
    """One frame from the switch. ``headers`` are the outer ones, as they stood; ``body`` is empty when there is none."""

    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def content_type(self) -> str:
        """Such as ``command/reply``, ``api/response`` or ``text/event-json``; empty when the frame does not say."""
        return self.headers.get("Content-Type", "")


class Reader:
    """Puts frames together from whatever pieces the network delivers.

    After a WireError it stays broken: every later call raises the same again.
    """

    def __init__(self, max_header: int = MAX_HEADER, max_body: int = MAX_BODY) -> None:
        self._max_header = max_header
        self._max_body = max_body
        self._buffer = bytearray()
        self._searched = 0  # how much of the buffer is known to hold no end of a header
        self._headers: dict[str, str] | None = None  # of the frame whose body is still arriving
        self._length = 0
        self._broken: WireError | None = None

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that ``data`` completes, oldest first. Raises WireError."""
        if self._broken is not None:
            raise self._broken
        self._buffer += data
        frames = []
        try:
            while (frame := self._next()) is not None:
                frames.append(frame)
        except WireError as error:
            self._broken = error
            raise
        return frames

    def at_end(self) -> None:
        """To be called when the stream has ended: raises WireError if it ended in the middle of a frame."""
        if self._broken is not None:
            raise self._broken
        if self._headers is not None:
            raise WireError(f"the stream ended {self._length - len(self._buffer)} bytes before the end of a body")
        if self._buffer.lstrip(b"\n"):
            raise WireError("the stream ended inside a header")

    def _next(self) -> Frame | None:
        if self._headers is None and not self._read_headers():
            return None
        if self._headers is None or len(self._buffer) < self._length:
            return None
        frame = Frame(self._headers, bytes(self._buffer[: self._length]))
        del self._buffer[: self._length]
        self._headers, self._length = None, 0
        return frame

    def _read_headers(self) -> bool:
        """Take one header off the buffer, if it is there to its end."""
        buffer = self._buffer
        if buffer.startswith(b"\n"):  # a body's own last newline, not counted by whoever sent it
            del buffer[: len(buffer) - len(buffer.lstrip(b"\n"))]
            self._searched = 0
        end = buffer.find(b"\n\n", max(0, self._searched - 1))
        self._searched = len(buffer)
        if max(end, 0) > self._max_header or (end < 0 and len(buffer) > self._max_header):
            raise WireError(f"a header of more than {self._max_header} bytes")
        if end < 0:
            return False
        headers = outer_headers(bytes(buffer[:end]))
        self._length = self._body_length(headers)
        self._headers = headers
        del buffer[: end + 2]
        self._searched = 0
        return True

    def _body_length(self, headers: Mapping[str, str]) -> int:
        text = headers.get("Content-Length", "0")
        if not (text.isascii() and text.isdigit()) or len(text) > 15:
            raise WireError(f"a body of {text[:40]!r} bytes")
        if int(text) > self._max_body:
            raise WireError(f"a body of {text} bytes, more than {self._max_body}")
        return int(text)


def outer_headers(block: bytes) -> dict[str, str]:
    """The lines of a frame's own header. Raises WireError for a line without a colon or a length given twice."""
    headers: dict[str, str] = {}
    for line in block.decode("utf-8", "replace").split("\n"):
        name, colon, value = line.partition(":")
        if not colon or not name:
            raise WireError(f"no header line: {line[:80]!r}")
        if name == "Content-Length" and name in headers:
            raise WireError("the length of a body is given twice")
        headers[name] = value.strip()
    return headers


def plain_event(body: bytes) -> dict[str, str]:
    """A ``text/event-plain`` body as a mapping, in the form a JSON event has: an inner body is under ``_body``.

    A line without a colon is skipped, for FreeSWITCH writes none; invalid UTF-8 becomes U+FFFD.
    """
    head, _, inner = body.partition(b"\n\n")
    event: dict[str, str] = {}
    for line in head.split(b"\n"):
        name, colon, value = line.partition(b": ")
        if colon:
            event[name.decode("utf-8", "replace")] = unquote(value.decode("utf-8", "replace"), errors="replace")
    if "Content-Length" in event:
        event["_body"] = inner.decode("utf-8", "replace")
    return event


@dataclass(frozen=True)
class Request:
    """One command for the switch. The same header name may stand several times: ``sendmsg`` reads them in order."""

    line: str
    headers: tuple[tuple[str, str], ...] = ()


def encode(request: Request) -> bytes:
    """The bytes to send. Raises UnsafeText rather than send what the switch would read as something else."""
    if not request.line.strip():
        raise UnsafeText("an empty command")
    lines = [_safe(request.line)]
    for name, value in request.headers:
        if not name or ":" in name or not name.isascii() or " " in name:
            raise UnsafeText(f"no name of a header: {name[:80]!r}")
        if name.lower() == "content-length":
            raise UnsafeText("a request has no body, and a length would make the switch take the next one for it")
        lines.append(f"{_safe(name)}: {_safe(value)}")
    return ("\n".join(lines) + "\n\n").encode()


def _safe(text: str) -> str:
    """``text`` itself, if it holds no control character (Cc) and no half of a surrogate pair (Cs)."""
    if text.isascii() and text.isprintable():
        return text
    for character in text:
        if unicodedata.category(character) in ("Cc", "Cs"):
            raise UnsafeText(f"U+{ord(character):04X} must not be sent to the switch")
    return text
