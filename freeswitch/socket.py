"""One connection to the Event Socket: greenswitch's InboundESL with everything unsafe replaced.

What greenswitch 0.0.19 does and we cannot use: it unquotes before it splits (any caller forges headers), JSON kills its reader
without a word, an end of file inside a body spins for ever, ``send()`` has no deadline and may send a part, a handler that
raises is forgotten. What stays is its shape: one greenlet that reads, one that processes, ``connect``, ``authenticate``,
``send``, ``stop``, and the flag ``connected``.

Each connection has a reader that does nothing but read, a single writer, a watch over the deadlines, and, where events are
wanted, a decoder. When any of them ends, for whatever reason, the connection is lost; it is never mended, only replaced.
"""

import logging
import time
from collections.abc import Callable, Mapping

import gevent
from gevent import socket
from gevent.event import AsyncResult
from gevent.queue import SimpleQueue
from greenswitch.esl import InboundESL, NotConnectedError

from app.config import SwitchAddress
from freeswitch.inbox import Inbox, Overflow
from freeswitch.limits import Limits
from freeswitch.payload import Unreadable, event_of
from freeswitch.replies import OnReply, OutOfStep, Replies, Reply
from freeswitch.wire import Frame, Reader, Request, WireError, encode

log = logging.getLogger(__name__)

CHUNK = 256 * 1024  # bytes read at once
BURST = 50  # events looked at before others get their turn


class ConnectionLost(NotConnectedError):  # type: ignore[misc]  # noqa: N818 - what happened; greenswitch has no types
    """The connection is gone, or cannot be trusted any more; the text says why."""


class Refused(ConnectionLost):
    """The switch does not let us in, and will not until somebody changes a setting."""


class EventSocket(InboundESL):  # type: ignore[misc]
    """``lost`` is set, once, to the ConnectionLost that says why the connection ended."""

    def __init__(self, address: SwitchAddress, limits: Limits) -> None:
        super().__init__(address.host, address.port, address.password, timeout=limits.connect)
        self.lost: AsyncResult = AsyncResult()
        self._limits = limits
        self._reader = Reader()
        self._replies = Replies(limits.deadline, limits.grace)
        self._outbox: SimpleQueue[bytes] = SimpleQueue()
        self._inbox = Inbox(limits.events, limits.event_bytes)
        self._greenlets: list[gevent.Greenlet] = []

    def connect(self) -> None:
        """Connect and authenticate, within one deadline for all of it. Raises ConnectionLost, or Refused."""
        late = ConnectionLost(f"no connection within {self.timeout:g} s")
        try:
            with gevent.Timeout(self.timeout, late):
                self.sock = socket.create_connection((self.host, self.port))
                _tune(self.sock)
                self.connected = True
                self.start_event_handlers()
                gevent.wait([self._auth_request_event, self.lost], count=1)
                self.authenticate()
        except OSError as error:
            lost = ConnectionLost(str(error))
            self.fail(lost)
            raise lost from None
        except ConnectionLost as lost:  # may say more than ``lost``: a refusal is followed by the switch's goodbye
            self.fail(lost)
            raise

    def authenticate(self) -> None:
        """Show the password. Raises Refused when it is the wrong one."""
        reply = self.ask(Request(f"auth {self.password}"))
        if reply.missing:
            raise self.lost.get() if self.lost.ready() else ConnectionLost(reply.missing)
        if reply.failure:
            raise Refused(f"the password is not accepted ({reply.failure})")

    def start_event_handlers(self) -> None:
        """The greenlets that every connection has."""
        for work in (self.receive_events, self._write, self._watch_deadlines):
            self.run(work)

    def decode(self, on_event: Callable[[Mapping[str, str]], None]) -> None:
        """From now on hand over each event, also those that came before, in order."""
        self.run(lambda: self.process_events(on_event))

    def run(self, work: Callable[[], None]) -> None:
        """Let ``work`` run beside, as a part of this connection: when it ends, in whatever way, the connection is lost."""
        greenlet = gevent.spawn(self._until_lost, work)
        greenlet.link(lambda ended: self.fail(ConnectionLost(f"our own part of the connection ended: {ended.exception!r}")))
        self._greenlets.append(greenlet)

    def send(self, data: str) -> Reply:
        """Send one command line and wait for its reply; like ``ask``."""
        return self.ask(Request(data))

    def ask(self, request: Request) -> Reply:
        """Send and wait: for the reply, its deadline or the loss of the connection. Raises UnsafeText."""
        answer: AsyncResult = AsyncResult()
        self.tell(request, answer.set)
        reply: Reply = answer.get()
        return reply

    def tell(self, request: Request, on_reply: OnReply) -> None:
        """Send without waiting. ``on_reply`` is called exactly once, perhaps at once. Raises UnsafeText."""
        data = encode(request)
        if not self.connected:
            on_reply(Reply(missing="not connected"))
        elif len(self._replies) >= self._limits.commands:
            on_reply(Reply(missing=f"{len(self._replies)} commands already wait for the switch"))
        else:
            self._replies.expect(on_reply, time.monotonic())
            self._outbox.put(data)

    def fail(self, reason: ConnectionLost) -> None:
        """Give the connection up; the first reason counts. The socket is closed at once, lest events pile up at the switch."""
        if not self.lost.ready():
            self.lost.set(reason)
            self.connected = False
            if hasattr(self, "sock"):
                self.sock.close()
            self._replies.abandon(str(reason))

    def stop(self) -> None:
        """Close the connection and end its greenlets."""
        self.fail(ConnectionLost("the connection was closed by us"))
        gevent.killall(self._greenlets)

    def receive_events(self) -> None:
        """Read and frame, nothing else, so that the switch never waits for us."""
        while data := self.sock.recv(CHUNK):
            for frame in self._reader.feed(data):
                self._sort(frame)
            gevent.sleep(0)  # a flood must not keep the decoder from its turn
        self._reader.at_end()
        raise ConnectionLost("the switch closed the connection")

    def process_events(self, on_event: Callable[[Mapping[str, str]], None]) -> None:
        """Decode events and hand them over. One that cannot be read is logged and left out: no caller may cut the line."""
        began = time.monotonic()
        while True:
            for _ in range(BURST):
                came, frame = self._inbox.get()
                if time.monotonic() - max(came, began) > self._limits.lag:
                    raise ConnectionLost(f"events wait longer than {self._limits.lag:g} s to be looked at")
                try:
                    event = event_of(frame)
                except Unreadable:
                    log.exception("an event of %s:%s is left out", self.host, self.port)
                    continue
                on_event(event)
            gevent.sleep(0)

    def _sort(self, frame: Frame) -> None:
        """Put one frame where it belongs."""
        match frame.content_type:
            case "text/event-json" | "text/event-plain":
                self._inbox.put(frame)
            case "command/reply" | "api/response":
                self._replies.settle(frame)
            case "auth/request":
                self._auth_request_event.set()
            case "text/rude-rejection":
                raise Refused("the switch's access list (apply-inbound-acl) does not admit this machine")
            case "text/disconnect-notice":
                raise ConnectionLost("the switch ended the connection")
            case other:
                log.warning("a frame of %s:%s that nobody expects: %.40r", self.host, self.port, other)

    def _write(self) -> None:
        """The only place that writes, so that two commands never mix; what waits goes out together."""
        while True:
            data = self._outbox.get()
            while not self._outbox.empty():
                data += self._outbox.get()
            with gevent.Timeout(self._limits.deadline, ConnectionLost("the switch takes no more commands")):
                self.sock.sendall(data)

    def _watch_deadlines(self) -> None:
        while True:
            gevent.sleep(self._limits.deadline / 10)
            self._replies.expire(time.monotonic())

    def _until_lost(self, work: Callable[[], None]) -> None:
        """Run a greenlet's work; the ways a connection usually ends are no surprise, any other ends it with a traceback."""
        try:
            work()
        except ConnectionLost as lost:
            self.fail(lost)
        except (OSError, WireError, OutOfStep, Overflow) as error:
            self.fail(ConnectionLost(str(error)))


def _tune(sock: socket.socket) -> None:
    """Small commands leave at once; a peer that vanished is noticed even when nothing is sent."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 10)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 5)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3)
