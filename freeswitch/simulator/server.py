"""The Event Socket's server side, after ``mod_event_socket.c``: what is understood, what is answered, in which order.

A client that talks nonsense gets an error or is cut off; one that stops reading is cut off when its queue is full. Neither
touches a call.
"""

import contextlib
import logging
from collections.abc import Callable

import gevent
from gevent import socket
from gevent.queue import Full, Queue
from gevent.server import StreamServer

from freeswitch.simulator.commands import Commands
from freeswitch.simulator.events import Event, Headers
from freeswitch.simulator.requests import Request, RequestError, read_request
from freeswitch.simulator.steps import Message
from freeswitch.simulator.subscription import Subscription
from freeswitch.simulator.switch import Switch

log = logging.getLogger(__name__)

MAX_WAITING = 10_000  # frames per client; the real switch waits for ten times as many, and then freezes for all
_GOODBYE = b"Disconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n"


class Listener:
    """One client."""

    def __init__(self, client: socket.socket, switch: Switch, commands: Commands, password: str) -> None:
        self._client = client
        self._switch = switch
        self._commands = commands
        self._password = password
        self._authorised = False
        self._running = True
        self._subscription = Subscription()
        self._out: Queue[bytes | None] = Queue(MAX_WAITING)
        self._words: dict[str, Callable[[str, Request], str | None]] = {
            "api": self._api,
            "bgapi": self._bgapi,
            "sendmsg": self._sendmsg,
            "sendevent": self._sendevent,
            "event": lambda text, _: self._subscription.add(text),
            "nixevent": lambda text, _: self._subscription.remove(text),
            "noevents": lambda _text, _: self._subscription.clear(),
        }

    def serve(self) -> None:
        """Talk with the client until it goes."""
        writer = gevent.spawn(self._write)
        stop = self._switch.listen(self._subscription.wants, self._event)
        try:
            self._send(b"Content-Type: auth/request\n\n")
            with self._client.makefile("rb") as lines:
                while self._running:
                    request = read_request(lines)
                    if request is None:
                        break
                    self._obey(request)
        except (OSError, RequestError) as error:
            log.info("event socket client cut off: %s", error)
        finally:
            stop()
            self._send(b"Content-Type: text/disconnect-notice\nContent-Length: %d\n\n%s" % (len(_GOODBYE), _GOODBYE))
            self._send(None)
            writer.join(timeout=1.0)
            writer.kill()
            self._client.close()

    def _obey(self, request: Request) -> None:
        reply = self._reply(request)
        if reply is not None:
            text = f"Content-Type: command/reply\nReply-Text: {reply or '-ERR command not found'}\n\n"
            self._send(text.encode("utf-8", "surrogateescape"))

    def _reply(self, request: Request) -> str | None:
        """The text of the ``command/reply``, empty for what is not understood, None when there is none."""
        word, _, rest = request.line.partition(" ")
        word = word.lower()
        if word.startswith(("exit", "...")):
            self._running = False
            return "+OK bye"
        if not self._authorised:
            return self._authorise(word, rest)
        command = self._words.get(word)
        return command(rest, request) if command is not None else ""

    def _authorise(self, word: str, password: str) -> str:
        if word != "auth":
            return ""
        if password == self._password:
            self._authorised = True
            return "+OK accepted"
        self._running = False
        return "-ERR invalid"

    def _api(self, text: str, _request: Request) -> None:
        name, _, argument = text.partition(" ")
        output = (self._commands.run(name, argument) or "-ERR no reply\n").encode("utf-8", "surrogateescape")
        self._send(b"Content-Type: api/response\nContent-Length: %d\n\n%s" % (len(output), output))

    def _bgapi(self, text: str, request: Request) -> str:
        job = request.get("job-uuid") or self._switch.new_id()
        name, _, argument = text.partition(" ")
        gevent.spawn(self._job, job, name, argument)
        return f"+OK Job-UUID: {job}\nJob-UUID: {job}"

    def _job(self, job: str, name: str, argument: str) -> None:
        output = self._commands.run(name, argument)
        headers: Headers = {"Job-UUID": job, "Job-Command": name}
        if argument:
            headers["Job-Command-Arg"] = argument
        self._switch.tell("BACKGROUND_JOB", headers, body=output)

    def _sendmsg(self, text: str, request: Request) -> str:
        leg = text.strip() or request.get("session-id")
        session = self._switch.find(leg)
        if session is None:
            return f"-ERR invalid session id [{leg}]"
        session.tell(Message(tuple((name.lower(), value) for name, value in request.headers), request.body))
        return "+OK"

    def _sendevent(self, text: str, request: Request) -> str:
        """Hand an event of the client's to everybody who listens, itself too (the queue of a leg is left out)."""
        identity = self._switch.new_id()
        headers = {name: value for name, value in request.headers if name.lower() not in ("content-length", "event-name")}
        subclass = request.get("event-subclass")
        name = text.strip().upper() or "CUSTOM"
        own: Headers = {"Command": request.line, **headers, "Event-UUID": identity}
        stamp = self._switch.stamp(name, origin=("mod_event_socket.c", "parse_command", "2205"))
        self._switch.emit(Event(name, subclass, own | stamp, request.body or None))
        return f"+OK {identity}"

    def _event(self, event: Event) -> None:
        self._send(event.frame(self._subscription.form))

    def _send(self, frame: bytes | None) -> None:
        try:
            self._out.put_nowait(frame)
        except Full:
            log.warning("event socket client cut off: it does not read")
            self._cut_off()

    def _cut_off(self) -> None:
        """Wake the reader and the writer, wherever they wait, with the end of the connection."""
        self._running = False
        with contextlib.suppress(OSError):  # it is gone already
            self._client.shutdown(socket.SHUT_RDWR)

    def _write(self) -> None:
        try:
            while (frame := self._out.get()) is not None:
                self._client.sendall(frame)
        except OSError as error:
            log.info("event socket client gone: %s", error)
            self._cut_off()


class EventSocket:
    """Accepts clients on one address. Raises OSError from ``start`` when the port is taken."""

    def __init__(self, host: str, port: int, password: str, switch: Switch, commands: Commands) -> None:
        self._listeners: set[gevent.Greenlet] = set()

        def handle(client: socket.socket, _address: object) -> None:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as mod_event_socket.c does
            Listener(client, switch, commands, password).serve()

        self._server = StreamServer((host, port), handle)

    @property
    def port(self) -> int:
        """Where it listens; the real one when 0 was asked for."""
        return int(self._server.server_port)

    def start(self) -> None:
        self._server.start()

    def stop(self) -> None:
        """Stop listening and cut everybody off."""
        self._server.stop(timeout=0)
