"""What clients send: a command line, headers, perhaps a body (``mod_event_socket.c``, read_packet).

Read here anew, and not with the client's own code, so that a mistake there is not answered by the same mistake.
"""

from dataclasses import dataclass
from typing import BinaryIO

MAX_REQUEST = 10_485_760  # bytes, the switch's own limit


class RequestError(Exception):
    """More than the switch would take."""


@dataclass(frozen=True)
class Request:
    """``headers`` in the order they came; a name may stand several times. Bytes that are no UTF-8 are kept as surrogates."""

    line: str
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""

    def get(self, name: str) -> str:
        """The first header of that name in any case, or nothing."""
        return next((value for key, value in self.headers if key.lower() == name), "")


def read_request(source: BinaryIO) -> Request | None:
    """The next request; None when the client has gone. Raises RequestError."""
    lines: list[str] = []
    size = 0
    while True:
        raw = source.readline(MAX_REQUEST)
        if not raw:
            return None
        size += len(raw)
        if size > MAX_REQUEST:
            raise RequestError("a request of more than 10 MB")
        line = raw.decode("utf-8", "surrogateescape").rstrip("\r\n").replace("\0", "")
        if line:
            lines.append(line)
        elif lines:
            return _request(lines, source)


def _request(lines: list[str], source: BinaryIO) -> Request:
    headers = []
    body = ""
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon:
            continue
        value = value.lstrip(" ")
        headers.append((name, value))
        if name.lower() == "content-length" and not body:
            body = source.read(_length(value)).decode("utf-8", "surrogateescape")
    return Request(lines[0], tuple(headers), body)


def _length(text: str) -> int:
    """``atoi``: what is no number is 0."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdecimal()):
        return 0
    if len(digits) > 8 or int(digits) > MAX_REQUEST:
        raise RequestError("a body of more than 10 MB")
    return int(digits)
