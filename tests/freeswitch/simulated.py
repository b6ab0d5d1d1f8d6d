"""What the simulator's tests share: a client on the event socket, and a stage with a switch, phones and a clock by hand."""

import json
from collections import deque
from types import TracebackType
from typing import Any, Self

import gevent
from gevent import socket
from gevent.event import Event

from freeswitch.simulator import Simulator
from freeswitch.simulator.clock import HandClock
from freeswitch.simulator.phones import Phone
from freeswitch.wire import Frame, Reader, plain_event

PASSWORD = "secret"
DOMAIN = "acme.test"
LOGINS = frozenset({"101", "102", "103", "104"})
DEADLINE = 5.0  # seconds by the wall; only a failing test ever waits that long

CONNECT = ("set hangup_after_bridge=true", "set continue_on_fail=true")
PARK = ("application: set park_timeout=10:NORMAL_TEMPORARY_FAILURE", "application: park")


class Client:
    """A controller's connection: replies in the order of the commands, events as dictionaries."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.events: list[dict[str, Any]] = []
        self.closed = Event()
        self._replies: deque[Frame] = deque()
        self._news = Event()
        self._reader = gevent.spawn(self._read)

    def _read(self) -> None:
        reader = Reader()
        while data := self.socket.recv(65536):
            for frame in reader.feed(data):
                if frame.content_type == "text/event-json":
                    self.events.append(json.loads(frame.body.decode("utf-8", "replace")))
                elif frame.content_type == "text/event-plain":
                    self.events.append(plain_event(frame.body))
                else:
                    self._replies.append(frame)
            self._news.set()
        self.closed.set()

    def reply(self) -> Frame:
        """The next answer that is no event."""
        with gevent.Timeout(DEADLINE):
            while not self._replies:
                self._news.clear()
                self._news.wait()
        return self._replies.popleft()

    def send(self, text: str) -> None:
        self.socket.sendall(text.encode() + b"\n\n")

    def ask(self, text: str) -> str:
        """One command; the text of its reply."""
        self.send(text)
        return self.reply().headers["Reply-Text"]

    def api(self, text: str) -> str:
        self.send(f"api {text}")
        return self.reply().body.decode()

    def login(self, events: str = "json ALL") -> Self:
        assert self.reply().content_type == "auth/request"
        assert self.ask(f"auth {PASSWORD}") == "+OK accepted"
        if events:
            assert self.ask(f"event {events}").startswith("+OK")
        return self

    def script(self, leg: str, *actions: str) -> str:
        """The way calls are led: one ``xferext`` with several applications, a guarded park last."""
        lines = [f"sendmsg {leg}", "call-command: xferext", *(f"application: {action}" for action in actions), *PARK]
        return self.ask("\n".join(lines))

    def execute(self, leg: str, application: str, argument: str = "", *more: str) -> str:
        lines = [f"sendmsg {leg}", "call-command: execute", f"execute-app-name: {application}"]
        return self.ask("\n".join([*lines, f"execute-app-arg: {argument}", *more]))

    def named(self, *names: str, leg: str = "") -> list[dict[str, Any]]:
        """The events so far of these names (and of this leg)."""
        return [event for event in self.events if event["Event-Name"] in names and leg in ("", event.get("Unique-ID"))]

    def last(self, name: str, leg: str = "") -> dict[str, Any]:
        return self.named(name, leg=leg)[-1]

    def sync(self) -> None:
        """Everything that was on its way to this client has arrived: frames keep their order."""
        self.api("create_uuid")

    def close(self) -> None:
        self.closed.set()
        self._reader.kill()
        self.socket.close()


class Stage:
    """A simulator on a clock that is moved by hand, with one controller that listens to everything."""

    def __init__(self, frame: float = 0.0, **kept: Any) -> None:
        self.clock = HandClock()
        kept.setdefault("directory", LOGINS.__contains__)
        self.simulator = Simulator(password=PASSWORD, domain=DOMAIN, clock=self.clock, frame=frame, **kept)
        self._clients: list[Client] = []

    def __enter__(self) -> Self:
        self.simulator.start()
        self.controller = self.client()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for client in self._clients:
            client.close()
        self.simulator.stop()

    def client(self, events: str = "json ALL") -> Client:
        client = Client(self.simulator.port).login(events)
        self._clients.append(client)
        return client

    def phone(self, login: str, device: int = 1) -> Phone:
        """A registered phone."""
        phone = self.simulator.phone(login, device)
        phone.register()
        return phone

    def advance(self, seconds: float) -> None:
        """Let time pass; afterwards every client knows what happened."""
        self.clock.advance(seconds)
        for client in self._clients:
            if not client.closed.is_set():
                client.sync()

    def settle(self) -> None:
        """Until nothing more happens at this moment."""
        self.advance(0)

    def call(self, phone: Phone, digits: str = "22") -> str:
        """The phone dials; its leg, parked."""
        leg = phone.dial(digits).uuid
        self.settle()
        return leg


def connect(stage: Stage, leg: str, target: str, *before: str) -> None:
    """Let the leg ring somebody, and go on if nobody answers."""
    stage.controller.script(leg, *CONNECT, *before, f"bridge {target}")
    stage.settle()


def parked_again(stage: Stage, leg: str) -> str:
    """How the attempt went, from the park that ended the script."""
    stage.settle()
    parks = stage.controller.named("CHANNEL_PARK", leg=leg)
    assert len(parks) == 2
    return parks[1]["variable_originate_disposition"]
