"""Virtual phones: each is one device on one account, with a receiver, keys, a bell and a display."""

import itertools
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Protocol

from gevent.event import Event as Bell

from freeswitch.simulator.clock import Clock
from freeswitch.simulator.digits import press
from freeswitch.simulator.sessions import Session
from freeswitch.simulator.sounds import heard

_ports = itertools.count(20_000)

HOLD_MUSIC = "local_stream://moh"  # mod_sofia's own, where the leg has no hold_music


class PhoneError(Exception):
    """A phone cannot do what it is told; the text is one sentence for a person."""


class State(StrEnum):
    """What a person sees the phone do."""

    IDLE = "idle"
    DIALLING = "dialling"
    RINGING = "ringing"
    TALKING = "talking"


@dataclass(frozen=True)
class View:
    """A phone at one moment.

    ``number`` and ``name``: who is shown on the display. ``hears``: ``silence``, ``bell``, ``ringback``, ``tone``,
    ``music``, ``prompt:FILE`` or ``peer:LOGIN``. ``digits``: keys heard from the other side. ``since``: when the state
    began (seconds since the epoch). ``ended``: the cause of the last call's end, empty before the first. ``held``: this phone
    has put its call on hold. ``outside``: a telephone at the other end of a trunk, whose ``login`` is its number.
    """

    login: str
    device: int
    registered: bool
    state: State
    number: str
    name: str
    hears: str
    digits: str
    since: float
    ended: str
    held: bool
    outside: bool

    def fields(self) -> dict[str, object]:
        """As JSON takes it."""
        return asdict(self)


class Exchange(Protocol):
    """What a phone is plugged into."""

    @property
    def clock(self) -> Clock: ...

    def registered(self, phone: "Phone") -> None:
        """Let a device in, or raise PhoneError."""
        ...

    def unregistered(self, phone: "Phone") -> None: ...

    def invite(self, phone: "Phone", digits: str) -> Session:
        """Start a call from a device, or raise PhoneError."""
        ...

    def refer(self, leg: Session, partner: Session, number: str) -> None:
        """REFER: send the other party elsewhere."""
        ...

    def join(self, leg: Session, partner: Session, second: Session) -> None:
        """REFER with Replaces: join the other parties of two legs of one phone."""
        ...


class Phone:
    """One device. ``busy``: it refuses calls with 486. ``when_rung`` is called when it starts to ring (to answer, say)."""

    outside = False

    def __init__(self, exchange: Exchange, login: str, device: int = 1, name: str = "") -> None:
        self._exchange = exchange
        self.login = login
        self.device = device
        self.name = name
        self.port = next(_ports)
        self.busy = False
        self.when_rung: Callable[[Phone], None] | None = None
        self.is_registered = False
        self.since = 0.0  # of the registration
        self.leg: Session | None = None
        self._other: Session | None = None  # a call on hold, while another is made
        self._known = State.IDLE
        self._known_since = exchange.clock.now()
        self._ended = ""
        self._changed = Bell()

    @property
    def contact(self) -> str:
        """The address it registers."""
        return f'"{self.name}" <sip:{self.login}@127.0.0.1:{self.port};ob>'

    @property
    def state(self) -> State:
        leg = self.leg
        if leg is None:
            return State.IDLE
        if leg.answered:
            return State.TALKING
        return State.DIALLING if leg.inbound else State.RINGING

    def view(self) -> View:
        """What a person would see and hear now."""
        number, name = self._display()
        heard = self.leg.heard if self.leg is not None else ""
        return View(
            self.login,
            self.device,
            self.is_registered,
            self.state,
            number,
            name,
            self.hears,
            heard,
            self._known_since,
            self._ended,
            self.leg is not None and self.leg.holding,
            self.outside,
        )

    @property
    def hears(self) -> str:
        """See ``View``."""
        leg = self.leg
        if leg is None:
            return "silence"
        if self.state is State.RINGING:
            return "bell"
        if isinstance(leg.partner, Session) and leg.media:
            if leg.holding or leg.music:
                return heard(leg.music) if leg.music else "silence"
            return f"peer:{leg.partner.login}"
        return leg.sound or "silence"

    def register(self) -> None:
        """Sign in, or renew. Raises PhoneError when the account is not known."""
        self._exchange.registered(self)

    def unregister(self) -> None:
        """Sign out; a call goes on."""
        if not self.is_registered:
            raise PhoneError(f"{self.login} is not registered")
        self._exchange.unregistered(self)

    def dial(self, digits: str) -> Session:
        """Call a number. Raises PhoneError when the phone is not registered, its account is gone, or it is in a call."""
        if not digits or any(ord(character) <= ord(" ") for character in digits):
            raise PhoneError("a number to dial is missing")
        if not self.is_registered:
            raise PhoneError(f"{self.login} is not registered")
        if self.leg is not None and (self._other is not None or not self.leg.holding):
            raise PhoneError(f"{self.login} is in a call")
        self._other, self.leg = self.leg, None
        try:
            return self._exchange.invite(self, digits)
        except PhoneError:
            self.leg, self._other = self._other, None
            raise

    def answer(self) -> None:
        """Pick up. Raises PhoneError when it does not ring."""
        self._ringing_leg().answer()

    def decline(self) -> None:
        """Refuse the call with 603."""
        self._ringing_leg().refused(603)

    def hang_up(self) -> None:
        """Put the receiver down, give up dialling, or refuse. Raises PhoneError when there is no call."""
        if self.leg is None:
            raise PhoneError(f"{self.login} is in no call")
        self.leg.hung_up_by_phone()

    def press(self, keys: str) -> None:
        """Press keys during a call."""
        if self.leg is None:
            raise PhoneError(f"{self.login} is in no call")
        if not keys or not set(keys) <= set("0123456789*#ABCD"):
            raise PhoneError("keys are 0-9, * and #")
        for key in keys:
            press(self.leg, key)

    def hold(self) -> None:
        """Put the call on hold; another can be made meanwhile."""
        self._talking_leg().hold(HOLD_MUSIC)

    def resume(self) -> None:
        """Take the call off hold."""
        self._talking_leg().resume()

    def transfer(self, digits: str) -> None:
        """The phone's own transfer key: send the other party to a number (REFER)."""
        leg = self._talking_leg()
        if not digits or any(ord(character) <= ord(" ") for character in digits):
            raise PhoneError("a number to send the call to is missing")
        self._exchange.refer(leg, self._partner_of(leg), digits)

    def join(self) -> None:
        """The same key with a second call: join the party on hold with the other one (REFER with Replaces)."""
        if self.leg is None or self._other is None:
            raise PhoneError(f"{self.login} has no two calls")
        self._exchange.join(self._other, self._partner_of(self._other), self.leg)

    def _talking_leg(self) -> Session:
        if self.leg is None or not self.leg.answered:
            raise PhoneError(f"{self.login} is in no call")
        return self.leg

    def _partner_of(self, leg: Session) -> Session:
        if not isinstance(leg.partner, Session):
            raise PhoneError(f"{self.login} talks to nobody")
        return leg.partner

    def wait(self, state: State | str, seconds: float = 5.0) -> View:
        """Until the phone is in ``state``; raises PhoneError after ``seconds`` by the wall. For tests."""
        return self.wait_until(lambda view: view.state == state, f"in the state {state}", seconds)

    def wait_until(self, fits: Callable[[View], bool], what: str, seconds: float = 5.0) -> View:
        """Until the view fits; raises PhoneError after ``seconds`` by the wall. For tests."""
        while not fits(view := self.view()):
            self._changed.clear()
            if not self._changed.wait(seconds):
                raise PhoneError(f"{self.login} was not {what} within {seconds} s but {self.view()}")
        return view

    def offered(self, leg: Session) -> None:
        """An INVITE arrives. Called by the leg's own thread."""
        if self.busy or self.leg is not None:
            leg.refused(486)
            return
        self.attach(leg)
        leg.ring_ready()
        if self.when_rung is not None:
            self.when_rung(self)

    def attach(self, leg: Session) -> None:
        """This leg is the phone's call from now on."""
        self.leg = leg
        leg.changed = self._leg_changed
        self._leg_changed()

    def registration(self, since: float | None) -> None:
        """The registrar's answer: when it let the phone in, None when it is out."""
        self.is_registered = since is not None
        self.since = since or 0.0
        self._changed.set()

    def _ringing_leg(self) -> Session:
        if self.leg is None or self.state is not State.RINGING:
            raise PhoneError(f"{self.login} does not ring")
        return self.leg

    def _display(self) -> tuple[str, str]:
        leg = self.leg
        if leg is None:
            return "", ""
        if leg.shown is not None:
            return leg.shown
        return (leg.get("sip_to_user"), "") if leg.inbound else (leg.profile.number, leg.profile.name)

    def _leg_changed(self) -> None:
        if self._other is not None and not self._other.up:
            self._other = None
        if self.leg is not None and not self.leg.up:
            self._ended = self.leg.hangup_cause
            self.leg, self._other = self._other, None
        if self.state is not self._known:
            self._known, self._known_since = self.state, self._exchange.clock.now()
        self._changed.set()
