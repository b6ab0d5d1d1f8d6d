"""Events as FreeSWITCH 1.10.12 writes them: which headers, in which order, in which of the two forms.

The models are recorded streams of a real switch (``tests/freeswitch/fixtures``); what they leave open was read in
``switch_event.c`` and ``mod_event_socket.c``.
"""

import itertools
import json
import re
import time
from collections.abc import Callable, Mapping
from typing import TypeAlias

from freeswitch.simulator.clock import Clock

Value: TypeAlias = str | list[str]
Headers: TypeAlias = dict[str, Value]

HOSTNAME = "simulator"
ADDRESS = "127.0.0.1"

# Which function of the switch fires an event; a controller may show it, and a recorded stream is easier to compare with it.
_ORIGINS = {
    "CHANNEL_CREATE": ("switch_core_state_machine.c", "switch_core_session_run", "626"),
    "CHANNEL_STATE": ("switch_channel.c", "switch_channel_perform_set_running_state", "2457"),
    "CHANNEL_EXECUTE": ("switch_core_session.c", "switch_core_session_exec", "2931"),
    "CHANNEL_EXECUTE_COMPLETE": ("switch_core_session.c", "switch_core_session_exec", "2967"),
    "CHANNEL_PARK": ("switch_ivr.c", "switch_ivr_park", "1002"),
    "CHANNEL_UNPARK": ("switch_ivr.c", "switch_ivr_park", "1213"),
    "CHANNEL_PROGRESS": ("switch_channel.c", "switch_channel_perform_mark_ring_ready_value", "3505"),
    "CHANNEL_PROGRESS_MEDIA": ("switch_channel.c", "switch_channel_perform_mark_pre_answered", "3560"),
    "CHANNEL_ANSWER": ("switch_channel.c", "switch_channel_perform_mark_answered", "3846"),
    "CHANNEL_BRIDGE": ("switch_ivr_bridge.c", "switch_ivr_multi_threaded_bridge", "1689"),
    "CHANNEL_UNBRIDGE": ("switch_ivr_bridge.c", "switch_ivr_multi_threaded_bridge", "1879"),
    "CHANNEL_HANGUP": ("switch_channel.c", "switch_channel_perform_hangup", "3445"),
    "CHANNEL_HANGUP_COMPLETE": ("switch_core_state_machine.c", "switch_core_session_reporting_state", "943"),
    "CHANNEL_DESTROY": ("switch_core_session.c", "switch_core_session_perform_destroy", "1584"),
    "DTMF": ("switch_channel.c", "switch_channel_dequeue_dtmf", "603"),
    "BACKGROUND_JOB": ("mod_event_socket.c", "api_exec", "1572"),
    "HEARTBEAT": ("switch_core.c", "send_heartbeat", "95"),
}
_NOWHERE = ("simulator", "fire", "0")


class Event:
    """One event, written once for each form however many listen."""

    __slots__ = ("_written", "body", "headers", "name", "subclass")

    def __init__(self, name: str, subclass: str, headers: Headers, body: str | None = None) -> None:
        self.name = name
        self.subclass = subclass
        self.headers = headers
        self.body = body
        self._written: dict[str, bytes] = {}

    def frame(self, form: str) -> bytes:
        """The whole frame; ``form`` is ``json`` or ``plain``."""
        written = self._written.get(form)
        if written is None:
            text = as_json(self.headers, self.body) if form == "json" else as_plain(self.headers, self.body)
            written = f"Content-Length: {len(text)}\nContent-Type: text/event-{form}\n\n".encode() + text
            self._written[form] = written
        return written


class Stamp:
    """Puts on every event what is the same for all: which switch, when, who fired it, and its place in the order."""

    def __init__(self, core: str, clock: Clock) -> None:
        self.core = core
        self._clock = clock
        self._sequence = itertools.count(1)
        self._second = -1
        self._texts = ("", "")

    def __call__(self, name: str, subclass: str = "", origin: tuple[str, str, str] | None = None) -> Headers:
        file, function, line = origin or _ORIGINS.get(name, _NOWHERE)
        now = self._clock.now()
        local, gmt = self._dates(int(now))
        headers: Headers = {"Event-Subclass": subclass} if subclass else {}
        headers |= {
            "Event-Name": name,
            "Core-UUID": self.core,
            "FreeSWITCH-Hostname": HOSTNAME,
            "FreeSWITCH-Switchname": HOSTNAME,
            "FreeSWITCH-IPv4": ADDRESS,
            "FreeSWITCH-IPv6": "::1",
            "Event-Date-Local": local,
            "Event-Date-GMT": gmt,
            "Event-Date-Timestamp": micros(now),
            "Event-Calling-File": file,
            "Event-Calling-Function": function,
            "Event-Calling-Line-Number": line,
            "Event-Sequence": str(next(self._sequence)),
        }
        return headers

    def _dates(self, second: int) -> tuple[str, str]:
        if second != self._second:
            gmt = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(second))
            self._second, self._texts = second, (stamp_text(second), gmt)
        return self._texts


def micros(seconds: float | None) -> str:
    """Microseconds since the epoch, ``0`` for never."""
    return str(round(seconds * 1_000_000)) if seconds is not None else "0"


def stamp_text(seconds: float) -> str:
    """Local time as variables such as ``start_stamp`` hold it."""
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(seconds))


def as_json(headers: Mapping[str, Value], body: str | None = None) -> bytes:
    """``switch_event_serialize_json``: a list stays a list; bytes that were no UTF-8 come out as they went in."""
    whole: dict[str, Value] = dict(headers)
    if body is not None:
        whole["Content-Length"] = str(len(body.encode("utf-8", "surrogateescape")))
        whole["_body"] = body
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogateescape")


def as_plain(headers: Mapping[str, Value], body: str | None = None) -> bytes:
    """``switch_event_serialize``: percent-encoded values; a list as ``ARRAY::a|:b``."""
    lines = [f"{name}: {encode(_joined(value))}\n" for name, value in headers.items()]
    if body is None:
        return "".join([*lines, "\n"]).encode("utf-8", "surrogateescape")
    length = len(body.encode("utf-8", "surrogateescape"))
    return "".join([*lines, f"Content-Length: {length}\n\n", body]).encode("utf-8", "surrogateescape")


def _joined(value: Value) -> str:
    return value if isinstance(value, str) else "ARRAY::" + "|:".join(value)


# switch_utils.h SWITCH_URL_UNSAFE and every byte that is no printable ASCII. A ``%`` before two capital hex digits is left
# alone, so a name that holds ``%0A`` is not encoded again (switch_utils.c, switch_url_encode_opt); that is how callers
# forge headers for a client that unquotes before it splits lines.
_UNSAFE = re.compile(rb'%(?![0-9A-F]{2})|[^ -~]|[\r\n #&+:;<=>?@\[\\\]^`{|}"]')


def encode(text: str) -> str:
    """Percent-encode a value the way the switch does."""
    raw = text.encode("utf-8", "surrogateescape")
    return _UNSAFE.sub(lambda found: b"%%%02X" % found[0][0], raw).decode("ascii")


Emit: TypeAlias = Callable[[Event], None]
