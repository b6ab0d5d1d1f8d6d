"""An Event Socket server led by hand: it answers what a test has put down for it, and says what the test wants it to say."""

import json
from collections.abc import Callable, Mapping
from typing import TypeAlias

import gevent
from gevent import socket
from gevent.queue import SimpleQueue
from gevent.server import StreamServer

from app.config import SwitchAddress
from freeswitch.limits import Limits
from freeswitch.link import Link

PASSWORD = "secret"
QUICK = Limits(
    connect=0.5,
    deadline=0.2,
    grace=0.2,
    ping_every=0.02,
    silence=0.3,
    listing=0,
    first_pause=0.01,
    longest_pause=0.02,
    refused_pause=0.05,
)

GOODBYE = b"Content-Type: text/disconnect-notice\nContent-Length: 11\n\nSee you at."
REJECTION = b"Content-Type: text/rude-rejection\nContent-Length: 24\n\nAccess Denied, go away.\n"


def replied(text: str) -> bytes:
    return f"Content-Type: command/reply\nReply-Text: {text}\n\n".encode()


def answered(body: str | bytes) -> bytes:
    data = body.encode() if isinstance(body, str) else body
    return b"Content-Type: api/response\nContent-Length: %d\n\n%b" % (len(data), data)


def event(headers: Mapping[str, str] | bytes) -> bytes:
    data = headers if isinstance(headers, bytes) else json.dumps(headers, ensure_ascii=False).encode()
    return b"Content-Length: %d\nContent-Type: text/event-json\n\n%b" % (len(data), data)


def hangup(leg: str) -> bytes:
    return event({"Event-Name": "CHANNEL_HANGUP", "Unique-ID": leg, "Hangup-Cause": "NORMAL_CLEARING"})


def dump(leg: str) -> dict[str, str]:
    """What `uuid_dump` says of a phone that is parked."""
    return {
        "Event-Name": "CHANNEL_DATA",
        "Unique-ID": leg,
        "Call-Direction": "inbound",
        "Channel-State": "CS_EXECUTE",
        "Caller-Destination-Number": "22",
        "variable_current_application": "park",
    }


class Peer:
    """One connection of a client. ``asked`` are the first lines of all it sent, in order."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self.asked: list[str] = []

    def say(self, data: bytes) -> None:
        self._sock.sendall(data)

    def requests(self):
        """Each request of the client, as its text without the empty line; ends when the client does."""
        buffer = ""
        while data := self._sock.recv(65536):
            *whole, buffer = (buffer + data.decode()).split("\n\n")
            yield from whole

    def cut(self) -> None:
        self._sock.close()


Answer: TypeAlias = bytes | Callable[[Peer, str], bytes | None] | None


class ScriptedSwitch:
    """``answers``: beginning of a request -> what to send back, None for nothing, or a function that decides.

    A request with an answer of a test's own also comes to ``heard``, so that the test can wait for it.
    """

    def __init__(self, port: int = 0) -> None:
        self.core = "core-1"
        self.greeting = b"Content-Type: auth/request\n\n"
        self.legs: dict[str, dict[str, str]] = {}
        self.phones = "<profile><registrations></registrations></profile>"
        self.answers: dict[str, Answer] = {}
        self.heard: SimpleQueue[tuple[Peer, str]] = SimpleQueue()
        self.peers: list[Peer] = []
        self._server = StreamServer(("127.0.0.1", port), self._serve)
        self._server.start()

    @property
    def port(self) -> int:
        return self._server.server_port

    @property
    def events(self) -> Peer:
        """The connection that asked for events, of the clients now connected."""
        return next(peer for peer in reversed(self.peers) if any(line.startswith("event ") for line in peer.asked))

    @property
    def commands(self) -> Peer:
        return next(peer for peer in reversed(self.peers) if any(line.startswith("api ") for line in peer.asked))

    def stop(self) -> None:
        """Gone, as after kill -9: the listener and all connections."""
        self._server.stop(timeout=0)
        for peer in list(self.peers):
            peer.cut()

    def _serve(self, sock: socket.socket, _: object) -> None:
        peer = Peer(sock)
        self.peers.append(peer)
        try:
            peer.say(self.greeting)
            for request in peer.requests():
                self._take(peer, request)
        except OSError:
            pass  # the client or the test cut the line
        finally:
            self.peers.remove(peer)

    def _take(self, peer: Peer, request: str) -> None:
        peer.asked.append(request.partition("\n")[0])
        own = next((start for start in self.answers if request.startswith(start)), None)
        answer = self.answers[own] if own is not None else self._usual(peer, request)
        data = answer(peer, request) if callable(answer) else answer
        if data:
            peer.say(data)
        if own is not None:
            self.heard.put((peer, request))

    def _usual(self, peer: Peer, request: str) -> bytes:
        """What a healthy switch answers."""
        words = request.partition("\n")[0].split()
        if words[0] == "auth":
            return replied("+OK accepted" if words[1:] == [PASSWORD] else "-ERR invalid")
        if words[0] == "sendevent":
            self.events.say(event(dict(line.split(": ", 1) for line in request.split("\n")[1:])))
            return replied("+OK")
        if words[0] != "api":
            return replied("+OK")
        return answered(self._api(words[1:]))

    def _api(self, words: list[str]) -> str:
        match words:
            case ["global_getvar", "core_uuid"]:
                return self.core
            case ["show", "channels", "as", "json"]:
                rows = {"rows": [{"uuid": leg} for leg in self.legs]} if self.legs else {}
                return json.dumps({"row_count": len(self.legs)} | rows)
            case ["uuid_dump", leg, "json"]:
                return json.dumps(self.legs[leg]) if self.legs.get(leg) else "-ERR No such channel!\n"
            case ["sofia", "xmlstatus", "profile", "phones", "reg"]:
                return self.phones
        return "+OK\n"


class Mailbox:
    """Keeps what it is told; ``next`` waits for the next of a kind, in order."""

    def __init__(self) -> None:
        self.all: list = []
        self._read = 0
        self._came: SimpleQueue[None] = SimpleQueue()

    def __call__(self, letter: object) -> None:
        self.all.append(letter)
        self._came.put(None)

    def next(self, kind: type):
        """The next letter of this kind; those before it are passed over. Fails after five seconds."""
        with gevent.Timeout(5, AssertionError(f"no {kind.__name__} came: {self.all}")):
            while True:
                self._came.get()
                self._read += 1
                letter = self.all[self._read - 1]
                if isinstance(letter, kind):
                    return letter


def link_to(port: int, mailbox: Mailbox, limits: Limits = QUICK, password: str = PASSWORD) -> Link:
    """A link of impatient people, by whose clock it is always 1000."""
    return Link(SwitchAddress("127.0.0.1", port, password), "acme.test", mailbox, clock=lambda: 1000.0, limits=limits)


def until(true: Callable[[], object]) -> None:
    """Wait, at most five seconds, until something is so."""
    with gevent.Timeout(5, AssertionError("it never became so")):
        while not true():
            gevent.sleep(0.002)
