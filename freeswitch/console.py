"""One question to a switch, one answer, over a connection of its own.

For starting, stopping and trying by hand only: it waits, so nothing on the way of a call may use it.
"""

import socket
import time

from app.config import SwitchAddress

_LONGEST_ANSWER = 10_000_000


class NoAnswerError(Exception):
    """The switch is not there, refused us, or took too long."""


def ask(switch: SwitchAddress, command: str, seconds: float = 5.0) -> str:
    """The output of one API command, for example ``sofia status``. Raises NoAnswerError."""
    deadline = time.monotonic() + seconds
    try:
        with socket.create_connection((switch.host, switch.port), timeout=seconds) as connection:
            reader = _Reader(connection, deadline)
            reader.frame()  # auth/request
            reader.send(f"auth {switch.password}")
            if "Reply-Text: +OK" not in reader.frame()[0]:
                raise NoAnswerError(f"{switch.name} refused the password")
            reader.send(f"api {command}")
            return reader.frame()[1]
    except OSError as error:
        raise NoAnswerError(f"{switch.name}: {error}") from error


class _Reader:
    """Frames of the event socket protocol (mod_event_socket.c): header lines, an empty line, Content-Length bytes."""

    def __init__(self, connection: socket.socket, deadline: float) -> None:
        self._connection = connection
        self._deadline = deadline
        self._buffer = b""

    def send(self, line: str) -> None:
        if "\n" in line or "\r" in line:
            raise ValueError("one command is one line")
        self._connection.sendall(line.encode() + b"\n\n")

    def frame(self) -> tuple[str, str]:
        while b"\n\n" not in self._buffer:
            self._read_more()
        head, _, self._buffer = self._buffer.partition(b"\n\n")
        headers = head.decode("utf-8", "replace")
        length = next((int(line[15:]) for line in headers.splitlines() if line.startswith("Content-Length:")), 0)
        if length > _LONGEST_ANSWER:
            raise NoAnswerError("an answer too long to be true")
        while len(self._buffer) < length:
            self._read_more()
        body, self._buffer = self._buffer[:length], self._buffer[length:]
        return headers, body.decode("utf-8", "replace")

    def _read_more(self) -> None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise NoAnswerError("no answer in time")
        self._connection.settimeout(left)
        chunk = self._connection.recv(65536)
        if not chunk:
            raise NoAnswerError("the switch closed the connection")
        self._buffer += chunk
