"""The switch itself, without its socket: the legs that live, the phones that are registered, the events that go out."""

import itertools
import logging
import random
import uuid
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from gevent.pool import Group

from freeswitch.simulator import defaults, refer, sofia, states
from freeswitch.simulator.applications import table
from freeswitch.simulator.attempt import Order
from freeswitch.simulator.clock import Clock
from freeswitch.simulator.dialplan import Dialplan
from freeswitch.simulator.events import Event, Headers, Stamp
from freeswitch.simulator.phones import Phone, PhoneError
from freeswitch.simulator.registrar import Registrar
from freeswitch.simulator.sessions import Application, Session
from freeswitch.simulator.steps import Step

log = logging.getLogger(__name__)

HEARTBEAT = 20.0  # seconds
FRAME = 0.02  # seconds: how often a parked leg looks at its messages
PARK_ONLY = (
    Step("set", "app_disable_expand_variables=true"),
    Step("set", "park_timeout=10:NORMAL_TEMPORARY_FAILURE"),
    Step("park"),
)

Knows = Callable[[str], bool]
Wants = Callable[[str, str], bool]
Listener = Callable[[Event], None]
Ended = Callable[[Mapping[str, Any]], None]


class DirectoryError(Exception):
    """Whoever knows the accounts does not answer."""


class Switch:
    """Everything that a restart of FreeSWITCH would forget."""

    def __init__(
        self,
        domain: str,
        clock: Clock,
        knows: Knows,
        ended: Ended,
        frame: float = FRAME,
        dialplan: tuple[Step, ...] = PARK_ONLY,
        extensions: Dialplan | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        self.domain = domain
        self.clock = clock
        self.frame = frame
        self.core = str(uuid.uuid4())
        self.stamp = Stamp(self.core, clock)
        self.legs: dict[str, Session] = {}
        self._listeners: dict[int, tuple[Wants, Listener]] = {}
        self.registrar = Registrar(self)
        self.applications: Mapping[str, Application] = table(self)
        self.started = clock.now()
        self.calls = 0  # since the start
        self._knows = knows
        self._ended = ended
        self._dialplan = dialplan
        self._extensions = extensions or Dialplan()
        self.defaults: Mapping[str, str] = defaults.read() if variables is None else variables
        self._threads = Group()
        self._listener_ids = itertools.count(1)
        self._ids = random.Random(uuid.uuid4().int)  # noqa: S311 - ids of legs must differ, not be secret

    # --- events ---------------------------------------------------------------------------------------------------------

    def new_id(self) -> str:
        """An id for a leg, an application or a job."""
        return str(uuid.UUID(int=self._ids.getrandbits(128), version=4))

    def listen(self, wants: Wants, listener: Listener) -> Callable[[], None]:
        """Hand ``listener`` every event whose (name, subclass) it ``wants``, until the function returned is called."""
        key = next(self._listener_ids)
        self._listeners[key] = (wants, listener)

        def stop() -> None:
            self._listeners.pop(key, None)

        return stop

    def wants(self, name: str, subclass: str) -> bool:
        """Does anybody listen to such events? If not, they need not be put together."""
        return any(wants(name, subclass) for wants, _ in self._listeners.values())

    def emit(self, event: Event) -> None:
        for wants, listener in tuple(self._listeners.values()):
            if wants(event.name, event.subclass):
                listener(event)

    def tell(self, name: str, headers: Headers, subclass: str = "", body: str | None = None) -> None:
        """Fire an event that belongs to no leg."""
        if self.wants(name, subclass):
            self.emit(Event(name, subclass, self.stamp(name, subclass) | headers, body))

    # --- legs -----------------------------------------------------------------------------------------------------------

    def find(self, leg: str) -> Session | None:
        """The living leg of that id."""
        return self.legs.get(leg)

    def extension(self, context: str, number: str) -> tuple[Step, ...]:
        """What the dialplan does with a number."""
        return self._extensions.steps(context, number)

    def spawn(self, work: Callable[[], None]) -> None:
        """Do something beside the legs' own threads, for as long as the switch lives."""
        self._threads.spawn(work)

    def knows(self, login: str, domain: str) -> bool:
        """Is there such an account? One that cannot be asked for is not found, as with mod_xml_curl."""
        if domain not in ("", self.domain):
            return False
        try:
            return self._knows(login)
        except DirectoryError as error:
            log.error("account %s: %s", login, error)
            return False

    def admit(self, login: str) -> None:
        """Raise PhoneError unless the account is real; says so when nobody could be asked."""
        try:
            known = self._knows(login)
        except DirectoryError as error:
            raise PhoneError(str(error)) from error
        if not known:
            raise PhoneError(f"there is no account {login}")

    def invite(self, phone: Phone, digits: str) -> Session:
        """A phone calls: authenticate it and start the leg."""
        self.admit(phone.login)
        profile = sofia.caller_profile(self.new_id(), phone.login, phone.name, digits, self.domain)
        session = Session(self, profile)
        session.login = phone.login
        session.variables = sofia.caller_variables(session, self.stamp, phone.port, self.new_id())
        phone.attach(session)
        self._launch(session)
        return session

    def refer(self, leg: Session, partner: Session, number: str) -> None:
        """A phone sends its other party elsewhere."""
        refer.blind(leg, partner, number, self.domain, self._dialplan)

    def join(self, leg: Session, partner: Session, second: Session) -> None:
        """A phone joins the other parties of its two calls."""
        refer.attended(leg, partner, second)

    def dial(self, order: Order, devices: int | None) -> list[Session]:
        """Call the registered devices of an account, or the first few of them."""
        legs = []
        for phone in self.registrar.devices(order.login)[:devices]:
            wanted = order.variables.get("origination_uuid", "")
            leg = wanted if wanted and wanted not in self.legs else self.new_id()
            session = Session(self, sofia.called_profile(leg, order, phone.port))
            session.login = phone.login
            session.variables = sofia.called_variables(session, order, phone.port, self.domain)
            if order.caller is not None:
                session.remember_other("originator", order.caller)
            session.invite = partial(phone.offered, session)
            session.fire("CHANNEL_OUTGOING")
            self._launch(session)
            legs.append(session)
        return legs

    def kill(self) -> None:
        """Drop every call without a word, as a crash would."""
        self._threads.kill()
        self.legs.clear()

    def _launch(self, session: Session) -> None:
        self.calls += 1
        session.variables["session_id"] = str(self.calls)
        self.legs[session.uuid] = session
        self._threads.spawn(self._live, session)

    def _live(self, session: Session) -> None:
        try:
            states.live(session, self._dialplan, self._report)
        finally:
            self.legs.pop(session.uuid, None)

    def _report(self, session: Session) -> None:
        if session.inbound:  # mod_json_cdr with log-b-leg=false
            self._ended(session.variables)
