"""A phone, and the language it is led in.

Commands are JSON lines on its stdin, ``{"id": 1, "do": "dial", "number": "22"}``; each is answered by
``{"event": "done", "id": 1, "result": …}``, or with ``error``, or with ``unable`` by a phone that never can. Everything else it
prints is an event:

=============  ==============================================  ==========================================================
event          facts                                           meaning
=============  ==============================================  ==========================================================
ready                                                          the program stands and takes commands
registered                                                     the registrar said 200
unregistered                                                   … to a registration of no duration
refused        code, text                                      … or it said something else
ringing        call, number, name, invite                      an INVITE came; ``number`` and ``name`` are what is shown
progress       call, code                                      180 or 183 to a call of ours
answered       call                                            both sides agreed to talk
hearing        call, file                                      the recording of this call, as it grows
display        call, number, name                              the display of a call changed
digit          call, digit, method                             a key was heard (``rfc2833`` or ``info``)
transfer       call, code, final                               what became of our REFER
ended          call, code, text, reason, by                    final SIP code, Reason of a CANCEL or BYE (or None), us or them
=============  ==============================================  ==========================================================

Every event carries ``at``, seconds since the epoch.
"""

import json
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from tests.contract.ears import Ear, Hearing, Recording
from tests.contract.wires import Wire

Event: TypeAlias = dict[str, Any]

START_SECONDS = 30.0
ORDER_SECONDS = 5.0
EVENT_SECONDS = 5.0


class PhoneError(Exception):
    """The phone program died, or refused an order."""


class PhoneGoneError(PhoneError):
    """The phone program died."""


class NothingHappenedError(AssertionError):
    """An event was expected and did not come; the text holds what came instead."""


@dataclass(frozen=True)
class Line:
    """What a phone must be told to work on a switch."""

    login: str
    password: str = field(repr=False)
    domain: str
    proxy: str  # HOST:PORT that requests are sent to


@dataclass(frozen=True)
class Place:
    """Where on this machine a phone lives: its ports, its files and its voice."""

    name: str
    folder: Path
    sip_port: int
    rtp_port: int
    rtp_range: int
    tone: int  # Hz; 0 is a phone that says nothing


class Phone:
    """Leads one phone. An event that was waited for is taken: the next wait sees only what is left."""

    def __init__(self, wire: Wire, line: Line, place: Place) -> None:
        self.login, self.tone, self.name = line.login, place.tone, place.name
        self._wire = wire
        self._left: list[Event] = []
        self._told = threading.Condition()
        self._orders = 0
        self._files: dict[str, Path] = {}
        self._since: dict[str, float] = {}
        self._listener = threading.Thread(target=self._listen, daemon=True, name=f"phone {place.name}")
        self._listener.start()
        self._write({**vars(line), **vars(place), "folder": str(place.folder)})

    def is_ready(self) -> None:
        """Wait until the program takes commands."""
        self.wait("ready", within=START_SECONDS)

    def register(self) -> None:
        """Sign in. Raises NothingHappenedError with the refusal in its text."""
        self.order("register")
        self.wait("registered")

    def unregister(self) -> None:
        """Sign out."""
        self.order("unregister")
        self.wait("unregistered")

    def dial(self, number: str) -> str:
        """Call a number; returns the phone's own name of the call."""
        call = self.order("dial", number=number)
        assert isinstance(call, str)
        return call

    def order(self, name: str, **arguments: Any) -> Any:
        """Give one command and wait until it is obeyed. Raises PhoneError with the phone's words.

        A story that needs more than this phone can do is skipped, and says so.
        """
        self._orders += 1
        number = self._orders
        self._write({"id": number, "do": name, **arguments})
        reply = self.wait("done", within=ORDER_SECONDS, id=number)
        if "unable" in reply:
            pytest.skip(reply["unable"])
        if "error" in reply:
            raise PhoneError(f"{self.name} cannot {name}: {reply['error']}")
        return reply["result"]

    def wait(self, event: str, within: float = EVENT_SECONDS, **facts: Any) -> Event:
        """The first event not yet taken of this kind with these facts, now or later. Raises NothingHappenedError."""
        found: list[Event] = []

        def come() -> bool:
            found[:] = [one for one in self._left if one["event"] == event and facts.items() <= one.items()][:1]
            return bool(found) or self._wire.gone() is not None

        with self._told:
            self._told.wait_for(come, within)
            if found:
                self._left.remove(found[0])
                return found[0]
        wanted = ", ".join([event, *(f"{key}={value}" for key, value in facts.items())])
        dead = f" ({self._wire.gone()})" if self._wire.gone() else ""
        raise NothingHappenedError(f"{self.name}: no «{wanted}» within {within} s{dead}; left: {self.summary()}")

    def has(self, event: str, **facts: Any) -> bool:
        """Whether such an event waits to be taken now."""
        with self._told:
            return any(one["event"] == event and facts.items() <= one.items() for one in self._left)

    def ear(self, call: str) -> Hearing:
        """What this phone hears in one call; waits until there is audio at all."""
        return Ear(self._recording(call), since=self._since.get(call, 0.0))

    def listen_anew(self, call: str) -> None:
        """What was heard in the call so far shall count no more."""
        self._since[call] = self._recording(call).seconds()

    def _recording(self, call: str) -> Recording:
        if call not in self._files:
            self._files[call] = Path(self.wait("hearing", call=call)["file"])
        return Recording(self._files[call])

    def summary(self) -> str:
        """What came and was not taken, without the bulky facts."""
        with self._told:
            return "; ".join(
                " ".join([one["event"], *(f"{key}={one[key]}" for key in one if key not in ("event", "at", "invite"))])
                for one in self._left
            )

    def stop(self) -> None:
        """Sign off and be gone."""
        self._wire.stop()
        self._listener.join(ORDER_SECONDS)

    def _write(self, message: Event) -> None:
        try:
            self._wire.write(json.dumps(message).encode() + b"\n")
        except (OSError, ValueError) as error:
            raise PhoneGoneError(f"{self.name} is not there any more: {self._wire.gone() or error}") from None

    def _listen(self) -> None:
        for line in self._wire.lines():
            event = json.loads(line.decode(errors="replace"))
            with self._told:
                self._left.append(event)
                self._told.notify_all()
        with self._told:
            self._told.notify_all()


def wait_until(true: Any, within: float, what: str) -> float:
    """Poll something that sends no event; returns the seconds it took. Raises NothingHappenedError."""
    started = time.monotonic()
    while not true():
        if time.monotonic() - started > within:
            raise NothingHappenedError(f"not within {within} s: {what}")
        time.sleep(0.02)
    return time.monotonic() - started
