"""How a test reaches a phone: a program of its own, or a place in the simulator. Both speak JSON lines."""

import os
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

STOP_SECONDS = 5.0


class Wire(Protocol):
    """Lines to and from one phone."""

    def write(self, line: bytes) -> None:
        """Raises OSError or ValueError when nobody is there any more."""
        ...

    def lines(self) -> Iterator[bytes]:
        """What the phone says, until it is gone. For one thread of its own."""
        ...

    def gone(self) -> str | None:
        """Why the phone is not there any more; None as long as it is."""
        ...

    def stop(self) -> None:
        """End the phone."""
        ...


class ProgramWire:
    """A phone program; it ends by itself when this process dies, because its stdin does."""

    def __init__(self, program: Sequence[str], folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / f"{name}.stderr").open("wb") as log:
            self._process = subprocess.Popen(
                program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, cwd=folder, start_new_session=True
            )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._stdin, self._stdout = self._process.stdin, self._process.stdout

    def write(self, line: bytes) -> None:
        self._stdin.write(line)
        self._stdin.flush()

    def lines(self) -> Iterator[bytes]:
        with self._stdout:
            yield from self._stdout
        self._process.wait()

    def gone(self) -> str | None:
        status = self._process.poll()
        return None if status is None else f"the program ended with {status}"

    def lives(self) -> bool:
        """Whether the program, or one that it started, is still there."""
        try:
            os.killpg(self._process.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def stop(self) -> None:
        with suppress(BrokenPipeError):  # it has ended by itself
            self._stdin.close()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(STOP_SECONDS)


class SocketWire:
    """A phone inside another process, reached over TCP."""

    def __init__(self, host: str, port: int) -> None:
        self._socket = socket.create_connection((host, port), STOP_SECONDS)
        self._socket.settimeout(None)
        self._file = self._socket.makefile("rb")
        self._gone: str | None = None

    def write(self, line: bytes) -> None:
        self._socket.sendall(line)

    def lines(self) -> Iterator[bytes]:
        try:
            yield from self._file
        except OSError as error:
            self._gone = str(error)
        self._gone = self._gone or "the connection ended"
        self._file.close()
        self._socket.close()

    def gone(self) -> str | None:
        return self._gone

    def stop(self) -> None:
        self._socket.shutdown(socket.SHUT_WR)  # the other side says goodbye and closes
