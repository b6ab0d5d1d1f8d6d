"""A second look at a real switch: an event socket connection that only listens and keeps every byte, and one that commands.

Its parser is its own, so that a mistake in the product's reader cannot hide itself here.
"""

import json
import socket
import threading
from collections.abc import Callable
from typing import Any, TypeAlias

from app.config import SwitchAddress

Event: TypeAlias = dict[str, Any]

NAMES = (
    "CHANNEL_CREATE CHANNEL_PARK CHANNEL_PROGRESS CHANNEL_PROGRESS_MEDIA CHANNEL_ANSWER CHANNEL_BRIDGE CHANNEL_UNBRIDGE "
    "CHANNEL_HANGUP CHANNEL_HANGUP_COMPLETE CHANNEL_DESTROY PLAYBACK_START CUSTOM sofia::register sofia::unregister "
    "sofia::expire sofia::gateway_state callcenter::info pbx::step pbx::key"
)


class EventTap:
    """Events of one switch from now on."""

    def __init__(self, address: SwitchAddress) -> None:
        self.raw = b""
        self.events: list[Event] = []
        self._news = threading.Condition()
        self._answers = 0
        self._socket = socket.create_connection((address.host, address.port))
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        self.command(f"auth {address.password}")
        self.command(f"event json {NAMES}")

    def close(self) -> None:
        """Say goodbye, and read what is still on its way."""
        self._socket.sendall(b"exit\n\n")
        self._thread.join(5)
        self._socket.close()

    def command(self, text: str) -> None:
        """Send a command and wait until it is answered; what the answer says stands in ``raw``."""
        with self._news:
            before = self._answers
            self._socket.sendall(text.encode() + b"\n\n")
            assert self._news.wait_for(lambda: self._answers > before, 5), f"no answer to {text.split()[0]}"

    def script(self, leg: str, *applications: str) -> None:
        """Let a leg run these applications, one after another."""
        self.command("\n".join((f"sendmsg {leg}", "call-command: xferext", *(f"application: {each}" for each in applications))))

    def wait(self, name: str, seconds: float = 5.0, **wanted: str) -> Event:
        """The first event of that name, seen already or to come, whose headers are as wanted (``variable_x="y"``)."""

        def fits(event: Event) -> bool:
            return event.get("Event-Name") == name and all(event.get(key) == value for key, value in wanted.items())

        return self.wait_for(fits, f"{name} {wanted}", seconds)

    def wait_for(self, fits: Callable[[Event], bool], what: str, seconds: float = 5.0) -> Event:
        """The first event that fits."""
        with self._news:
            assert self._news.wait_for(lambda: any(map(fits, self.events)), seconds), f"never came: {what}"
            return next(filter(fits, self.events))

    def _listen(self) -> None:
        rest = b""
        while chunk := self._socket.recv(65536):
            rest += chunk
            with self._news:
                self.raw += chunk
                while (frame := _frame(rest)) is not None:
                    kind, body, rest = frame
                    if kind == "text/event-json":
                        self.events.append(json.loads(body.decode("utf-8", "replace")))
                    elif kind != "auth/request":
                        self._answers += 1
                self._news.notify_all()


def _frame(data: bytes) -> tuple[str, bytes, bytes] | None:
    head, end, rest = data.partition(b"\n\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\n") if ": " in line)
    length = int(headers.get("Content-Length", "0"))
    if not end or len(rest) < length:
        return None
    return headers.get("Content-Type", ""), rest[:length], rest[length:]
