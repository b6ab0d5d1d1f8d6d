"""The simulator's virtual phones, from another process: for the panel's page *Phones* and for demonstrations.

One short connection per order: there is no state to keep, and nothing to restore when either side restarts. The simulator
answers an API command of its own (``virtual_phone``); a real FreeSWITCH does not know it, and ``NoVirtualPhones`` says so.
"""

import json
import socket
import time
from dataclasses import dataclass
from typing import Any, ClassVar

from freeswitch.wire import Frame, Reader, Request, UnsafeText, WireError, encode

DEADLINE = 3.0  # seconds for one order, from connecting to the answer


class VirtualPhoneError(Exception):
    """The order was not obeyed; the text is one sentence, such as ``101 is not registered``."""


class SwitchUnreachable(VirtualPhoneError):  # noqa: N818 - says what is wrong, and is read as that
    """Nobody listens there, the password is wrong, or the answer does not come in time."""


class NoVirtualPhones(VirtualPhoneError):  # noqa: N818 - the same
    """A real switch listens there: its phones are real too."""


@dataclass(frozen=True)
class VirtualPhone:
    """One phone at one moment.

    ``state``: ``idle``, ``dialling``, ``ringing``, ``talking``, since ``since`` (seconds since the epoch). ``number`` and
    ``name`` stand on its display. ``hears``: ``silence``, ``bell``, ``ringback``, ``tone``, ``music``, ``prompt:FILE`` or
    ``peer:LOGIN``. ``digits``: keys the other side pressed. ``ended``: the switch's cause of the last call's end.
    ``held``: it has put its call on hold. ``outside``: a telephone at the other end of a trunk; its ``login`` is its number
    (E.164; a short number as it is), and what it hears of one is ``peer:NUMBER``.
    """

    login: str
    device: int
    registered: bool
    state: str
    number: str
    name: str
    hears: str
    digits: str
    since: float
    ended: str
    held: bool = False
    outside: bool = False


class VirtualPhones:
    """The phones of the simulator at one address. A phone is named ``LOGIN`` or, for a second device, ``LOGIN/2``; a telephone
    outside by its number, such as ``+48600100200``. One that is called comes to be by that.

    Every method raises VirtualPhoneError (or one of its kinds) when it cannot do its work within ``deadline`` seconds.
    """

    refusal: ClassVar[type[Exception]] = VirtualPhoneError  # for whoever is handed the phones without knowing this module

    def __init__(self, host: str, port: int, password: str, deadline: float = DEADLINE) -> None:
        self._host = host
        self._port = port
        self._password = password
        self._deadline = deadline

    def list(self) -> tuple[VirtualPhone, ...]:
        """Every phone there is, registered or not any more; then every telephone outside."""
        answer = self._order("list")
        return tuple(_phone(fields) for fields in _member(answer, "phones", list))

    def register(self, phone: str) -> VirtualPhone:
        """Sign a phone in, or switch a telephone outside on; the first time, it comes to be."""
        return self._one("register", phone)

    def unregister(self, phone: str) -> VirtualPhone:
        """Sign a phone out, or switch a telephone outside off."""
        return self._one("unregister", phone)

    def dial(self, phone: str, digits: str) -> VirtualPhone:
        """Call a number."""
        return self._one("dial", phone, digits)

    def answer(self, phone: str) -> VirtualPhone:
        """Pick up."""
        return self._one("answer", phone)

    def decline(self, phone: str) -> VirtualPhone:
        """Refuse the call that rings."""
        return self._one("decline", phone)

    def hang_up(self, phone: str) -> VirtualPhone:
        """Put the receiver down."""
        return self._one("hangup", phone)

    def press(self, phone: str, keys: str) -> VirtualPhone:
        """Press keys during a call."""
        return self._one("keys", phone, keys)

    def hold(self, phone: str) -> VirtualPhone:
        """Put the call on hold; then another can be made."""
        return self._one("hold", phone)

    def resume(self, phone: str) -> VirtualPhone:
        """Take the call off hold."""
        return self._one("resume", phone)

    def transfer(self, phone: str, digits: str) -> VirtualPhone:
        """The phone's own transfer key: send the other party to a number (REFER)."""
        return self._one("transfer", phone, digits)

    def join(self, phone: str) -> VirtualPhone:
        """The same key with two calls: join the party on hold with the other one (REFER with Replaces)."""
        return self._one("join", phone)

    def _one(self, verb: str, *words: str) -> VirtualPhone:
        for word in words:
            if not word or " " in word:
                raise VirtualPhoneError(f"{word!r} is no phone and no number")
        return _phone(_member(self._order(verb, *words), "phone", dict))

    def _order(self, *words: str) -> dict[str, Any]:
        try:
            request = encode(Request(" ".join(("api virtual_phone", *words))))
            sign_in = encode(Request(f"auth {self._password}"))
        except UnsafeText as error:
            raise VirtualPhoneError(str(error)) from error
        with _Conversation(self._host, self._port, self._deadline) as conversation:
            conversation.expect("auth/request")
            conversation.send(sign_in)
            if not conversation.expect("command/reply").headers.get("Reply-Text", "").startswith("+OK"):
                raise SwitchUnreachable(f"{self._host}:{self._port} does not accept the password")
            conversation.send(request)
            return _decoded(conversation.expect("api/response").body)


class _Conversation:
    """A connection that lives for one order and is over at a deadline."""

    def __init__(self, host: str, port: int, deadline: float) -> None:
        self._where = f"{host}:{port}"
        self._end = time.monotonic() + deadline
        self._reader = Reader()
        self._frames: list[Frame] = []
        try:
            self._socket = socket.create_connection((host, port), timeout=deadline)
        except OSError as error:
            raise SwitchUnreachable(f"no switch answers at {self._where}: {error}") from error

    def __enter__(self) -> "_Conversation":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def send(self, data: bytes) -> None:
        try:
            self._socket.settimeout(self._left())
            self._socket.sendall(data)
        except OSError as error:
            raise SwitchUnreachable(f"{self._where} broke off: {error}") from error

    def expect(self, content_type: str) -> Frame:
        """The next frame, which must be of this kind."""
        try:
            while not self._frames:
                self._socket.settimeout(self._left())
                data = self._socket.recv(65536)
                if not data:
                    raise SwitchUnreachable(f"{self._where} broke off")
                self._frames += self._reader.feed(data)
        except (OSError, WireError) as error:
            raise SwitchUnreachable(f"{self._where} does not answer as an event socket: {error}") from error
        frame = self._frames.pop(0)
        if frame.content_type != content_type:
            raise SwitchUnreachable(f"{self._where} said {frame.content_type or 'something else'} instead of {content_type}")
        return frame

    def _left(self) -> float:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("too slow")
        return left


def _decoded(body: bytes) -> dict[str, Any]:
    text = body.decode("utf-8", "replace")
    if "Command not found" in text:
        raise NoVirtualPhones("this switch is a real one: it has no virtual phones")
    try:
        answer = json.loads(text)
    except ValueError as error:
        raise VirtualPhoneError(f"an answer that is no JSON: {text[:80]!r}") from error
    if not isinstance(answer, dict):
        raise VirtualPhoneError(f"an unexpected answer: {text[:80]!r}")
    if "error" in answer:
        raise VirtualPhoneError(str(answer["error"]))
    return answer


def _member(answer: dict[str, Any], name: str, kind: type) -> Any:
    if not isinstance(answer.get(name), kind):
        raise VirtualPhoneError(f"an answer without {name}")
    return answer[name]


def _phone(fields: dict[str, Any]) -> VirtualPhone:
    """Unknown fields of a newer simulator are left aside."""
    try:
        return VirtualPhone(
            login=str(fields["login"]),
            device=int(fields["device"]),
            registered=bool(fields["registered"]),
            state=str(fields["state"]),
            number=str(fields["number"]),
            name=str(fields["name"]),
            hears=str(fields["hears"]),
            digits=str(fields["digits"]),
            since=float(fields["since"]),
            ended=str(fields["ended"]),
            held=bool(fields.get("held", False)),
            outside=bool(fields.get("outside", False)),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise VirtualPhoneError(f"an answer that describes no phone: {error}") from error
