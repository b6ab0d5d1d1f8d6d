"""A channel: one leg of a call, its states and variables, and the events that tell of both.

Everything a channel says about itself is put together here, in the order of ``switch_channel_event_set_data``. What a
channel *does* is in ``sessions.py`` and the modules after it.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Protocol

from freeswitch.simulator.clock import Clock, Signal
from freeswitch.simulator.events import ADDRESS, Event, Headers, Stamp, Value, micros

PROFILE = "phones"
CONTEXT = "phones"


class State(IntEnum):
    """``switch_channel_state_t``; the numbers travel in ``Channel-State-Number``."""

    NEW = 0
    INIT = 1
    ROUTING = 2
    SOFT_EXECUTE = 3
    EXECUTE = 4
    EXCHANGE_MEDIA = 5
    PARK = 6
    CONSUME_MEDIA = 7
    HIBERNATE = 8
    RESET = 9
    HANGUP = 10
    REPORTING = 11
    DESTROY = 12


@dataclass
class Profile:
    """Who calls whom, as one leg sees it, with the moments of its life (seconds, None for never)."""

    direction: str
    username: str
    name: str
    number: str
    original_name: str
    original_number: str
    destination: str
    leg: str
    channel_name: str
    dialplan: str = "XML"
    rdnis: str = ""
    transfer_source: str = ""
    index: int = 1
    callee_name: str = ""
    callee_number: str = ""
    context: str = CONTEXT
    created: float | None = None
    profiled: float | None = None
    answered: float | None = None
    progress: float | None = None
    progress_media: float | None = None
    hangup: float | None = None
    transferred: float | None = None
    bridged: float | None = None

    def field(self, name: str) -> str:
        """What a variable of that name is where none has been set (``switch_caller_get_field_by_name``)."""
        return {"destination_number": self.destination, "caller_id_name": self.name, "caller_id_number": self.number}.get(
            name, ""
        )

    def headers(self, prefix: str, index: bool) -> Headers:
        """``switch_caller_profile_event_set_data``."""
        headers: Headers = {
            f"{prefix}-Direction": self.direction,
            f"{prefix}-Logical-Direction": self.direction,
            f"{prefix}-Username": self.username,
        }
        if self.dialplan:
            headers[f"{prefix}-Dialplan"] = self.dialplan
        headers |= {
            f"{prefix}-Caller-ID-Name": self.name,
            f"{prefix}-Caller-ID-Number": self.number,
            f"{prefix}-Orig-Caller-ID-Name": self.original_name,
            f"{prefix}-Orig-Caller-ID-Number": self.original_number,
        }
        if self.callee_number:
            headers[f"{prefix}-Callee-ID-Name"] = self.callee_name
            headers[f"{prefix}-Callee-ID-Number"] = self.callee_number
        headers |= {
            f"{prefix}-Network-Addr": ADDRESS,
            f"{prefix}-ANI": self.original_number,
            f"{prefix}-Destination-Number": self.destination,
            f"{prefix}-Unique-ID": self.leg,
            f"{prefix}-Source": "mod_sofia",
        }
        if self.transfer_source:
            headers[f"{prefix}-Transfer-Source"] = self.transfer_source
        headers[f"{prefix}-Context"] = self.context
        if self.rdnis:
            headers[f"{prefix}-RDNIS"] = self.rdnis
        headers[f"{prefix}-Channel-Name"] = self.channel_name
        if index:
            headers[f"{prefix}-Profile-Index"] = str(self.index)
        return headers | self._times(prefix)

    def _times(self, prefix: str) -> Headers:
        return {
            f"{prefix}-Profile-Created-Time": micros(self.profiled),
            f"{prefix}-Channel-Created-Time": micros(self.created),
            f"{prefix}-Channel-Answered-Time": micros(self.answered),
            f"{prefix}-Channel-Progress-Time": micros(self.progress),
            f"{prefix}-Channel-Progress-Media-Time": micros(self.progress_media),
            f"{prefix}-Channel-Hangup-Time": micros(self.hangup),
            f"{prefix}-Channel-Transfer-Time": micros(self.transferred),
            f"{prefix}-Channel-Resurrect-Time": "0",
            f"{prefix}-Channel-Bridged-Time": micros(self.bridged),
            f"{prefix}-Channel-Last-Hold": "0",
            f"{prefix}-Channel-Hold-Accum": "0",
            f"{prefix}-Screen-Bit": "true",
            f"{prefix}-Privacy-Hide-Name": "false",
            f"{prefix}-Privacy-Hide-Number": "false",
        }


class Surroundings(Protocol):
    """What a channel needs of its switch."""

    @property
    def clock(self) -> Clock: ...

    @property
    def stamp(self) -> Stamp: ...

    @property
    def defaults(self) -> Mapping[str, str]: ...

    def wants(self, name: str, subclass: str) -> bool: ...

    def emit(self, event: Event) -> None: ...


class Channel:
    """The facts of one leg. ``state`` is where it goes, ``running`` where its own thread already is (both are shown)."""

    def __init__(self, switch: Surroundings, profile: Profile) -> None:
        self.clock = switch.clock
        self._stamp = switch.stamp
        self._emit = switch.emit
        self._wants = switch.wants
        self._defaults = switch.defaults
        self.uuid = profile.leg
        self.profile = profile
        self.state = State.NEW
        self.running = State.NEW
        self.callstate = "DOWN"
        self.variables: dict[str, Value] = {}
        self.other: tuple[str, Profile] | None = None
        self.partner: Channel | None = None
        self.hangup_cause = ""
        self.ringing = self.early = self.answered = False
        self.originates_bridge = False
        self.transferring = False
        self.led = False  # a uuid_transfer, uuid_dual_transfer or uuid_bridge has taken hold of it
        self.signal = Signal(self.clock)
        self.watchers: set[Signal] = set()
        self.changed: Callable[[], None] = lambda: None  # tells the phone behind this leg

    @property
    def inbound(self) -> bool:
        return self.profile.direction == "inbound"

    @property
    def up(self) -> bool:
        return self.state < State.HANGUP

    @property
    def ready(self) -> bool:
        """``switch_channel_ready``: may go on with what it is doing."""
        return State.ROUTING < self.state < State.HANGUP and self.state is not State.RESET and not self.transferring

    @property
    def media(self) -> bool:
        """Sound can flow: answered or early media."""
        return self.answered or self.early

    def get(self, name: str) -> str:
        """A variable as text, else what the profile knows by that name, else the switch's default, else nothing."""
        value = self.variables.get(name) or self.profile.field(name) or self._defaults.get(name, "")
        return value if isinstance(value, str) else value[-1]

    def is_true(self, name: str) -> bool:
        """``switch_true`` of a variable."""
        return truth(self.get(name))

    def set(self, name: str, value: str | None) -> None:
        """Set a variable; None or an empty text removes it."""
        if value:
            self.variables[name] = value
        else:
            self.variables.pop(name, None)

    def push(self, name: str, value: str) -> None:
        """Make a variable longer, as ``SWITCH_STACK_PUSH`` does: the second value turns it into a list."""
        earlier = self.variables.get(name)
        if earlier is None:
            self.variables[name] = value
        else:
            self.variables[name] = [*([earlier] if isinstance(earlier, str) else earlier), value]

    def note_transfer(self, how: str) -> None:
        """Each transfer leaves its trace, which every later event carries."""
        self.led = True
        profile = self.profile
        profile.index += 1
        profile.transfer_source = f"{int(self.clock.now())}:{uuid.uuid4()}:{how}"
        self.push("transfer_history", profile.transfer_source)
        self.set("transfer_source", profile.transfer_source)

    def wake(self) -> None:
        """Something changed that this leg, or whoever waits for it, should look at."""
        self.signal.wake()
        for watcher in tuple(self.watchers):
            watcher.wake()
        self.changed()

    def go(self, state: State) -> None:
        """Ask the leg's thread to leave what it does for ``state``."""
        if self.up:
            self.state = state
            self.wake()

    def fire(self, name: str, before: Headers | None = None, after: Headers | None = None, subclass: str = "") -> None:
        """Tell the listeners. ``before`` and ``after`` stand on either side of what describes the leg."""
        if not self._wants(name, subclass):
            return
        headers = self._stamp(name, subclass) | (before or {})
        headers |= self.outline() if name == "DTMF" else self.describe()
        headers |= after or {}
        self._emit(Event(name, subclass, headers))

    def describe(self) -> Headers:
        """``switch_channel_event_set_data``."""
        return self.outline() | {f"variable_{name}": value for name, value in self.variables.items()}

    def outline(self) -> Headers:
        """The same without the variables, which is all that a DTMF event holds."""
        headers = self._basic()
        if self.hangup_cause:
            headers["Hangup-Cause"] = self.hangup_cause
        if self.inbound or self.answered:
            headers |= _CODEC
        headers |= self.profile.headers("Caller", index=True)
        if self.other is not None:
            kind, profile = self.other
            headers |= {"Other-Type": kind} | profile.headers("Other-Leg", index=False)
        return headers

    def _basic(self) -> Headers:
        headers: Headers = {
            "Channel-State": f"CS_{self.running.name}",
            "Channel-Call-State": self.callstate,
            "Channel-State-Number": str(int(self.state)),
            "Channel-Name": self.profile.channel_name,
            "Unique-ID": self.uuid,
            "Call-Direction": self.profile.direction,
            "Presence-Call-Direction": self.profile.direction,
            "Channel-HIT-Dialplan": "true" if self.inbound else "false",
        }
        if presence := self.get("presence_id"):
            headers["Channel-Presence-ID"] = presence
        headers["Channel-Call-UUID"] = self.get("call_uuid") or self.uuid
        headers["Answer-State"] = self._answer_state()
        return headers

    def _answer_state(self) -> str:
        if not self.up:
            return "hangup"
        if self.answered:
            return "answered"
        return "early" if self.early else "ringing"

    def remember_other(self, kind: str, channel: "Channel") -> None:
        """Keep how the other leg looked at this moment; it is shown as ``Other-Leg-…`` from now on."""
        self.other = (kind, replace(channel.profile, transfer_source=""))  # switch_caller_profile_clone leaves it out


def truth(text: str) -> bool:
    """``switch_true``."""
    return text.lower() in ("yes", "on", "true", "t", "enabled", "active", "allow") or (text.isdecimal() and int(text) != 0)


_CODEC: Headers = {
    f"Channel-{way}-Codec-{what}": value
    for way in ("Read", "Write")
    for what, value in (("Name", "PCMA"), ("Rate", "8000"), ("Bit-Rate", "64000"))
}
