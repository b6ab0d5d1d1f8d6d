"""The switch itself, without its socket: the legs that live, the phones that are registered, the events that go out."""

import itertools
import logging
import random
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from gevent.pool import Group

from freeswitch.simulator import callcenter, defaults, refer, sofia, standing, states
from freeswitch.simulator.applications import table
from freeswitch.simulator.border import Border
from freeswitch.simulator.callcenter import Center
from freeswitch.simulator.clock import Clock
from freeswitch.simulator.dialling import Order
from freeswitch.simulator.dialplan import Dialplan
from freeswitch.simulator.events import Event, Headers, Stamp
from freeswitch.simulator.gateways import Ask, DirectoryError
from freeswitch.simulator.phones import Phone, PhoneError
from freeswitch.simulator.phrases import Phrases
from freeswitch.simulator.recordings import Recordings
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
Variables = Callable[[str], Mapping[str, str]]


def no_variables(_login: str) -> Mapping[str, str]:
    """Accounts that put nothing on the calls they make."""
    return {}


class Switch:
    """Everything that a restart of FreeSWITCH would forget."""

    def __init__(
        self,
        domain: str,
        clock: Clock,
        knows: Knows,
        ended: Ended,
        frame: float = FRAME,
        dialplan: tuple[Step, ...] = (),
        extensions: Dialplan | None = None,
        trunks: Ask = tuple,
        account_variables: Variables = no_variables,
        recordings: Recordings | None = None,
        variables: Mapping[str, str] | None = None,
        phrases: Phrases | None = None,
        queues: Path = callcenter.FILE,
        chance: random.Random | None = None,
    ) -> None:
        self.domain = domain
        self.clock = clock
        self.frame = frame
        self.core = str(uuid.uuid4())
        self.stamp = Stamp(self.core, clock)
        self.legs: dict[str, Session] = {}
        self._listeners: dict[int, tuple[Wants, Listener]] = {}
        self.registrar = Registrar(self)
        self.border = Border(self, trunks)
        self.phrases = phrases or Phrases()
        self.center = Center(self, queues, chance or random.Random())  # noqa: S311 - whose telephone rings is no secret
        self.applications: Mapping[str, Application] = table(self)
        self.started = clock.now()
        self.calls = 0  # since the start
        self.recordings = recordings or Recordings()
        self._knows = knows
        self._account_variables = account_variables
        self._ended = ended
        self._dialplan = dialplan
        self._extensions = extensions or Dialplan()
        self.defaults = dict(defaults.read() if variables is None else variables)
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

    def extension(self, leg: Session, context: str, number: str) -> tuple[Step, ...]:
        """What the dialplan does with a number that ``leg`` is sent to."""
        return self._extensions.steps(context, number, leg.get)

    def welcome(self, leg: Session, number: str) -> tuple[Step, ...]:
        """What a leg does that begins anew with a number."""
        return self._dialplan or self.extension(leg, leg.profile.context, number)

    def spawn(self, work: Callable[[], None]) -> None:
        """Do something beside the legs' own threads, for as long as the switch lives."""
        self._threads.spawn(work)

    def knows(self, login: str, domain: str) -> bool:
        """Is there such an account, or one of those with ``+`` between them? Whom nobody can be asked about is not found, as
        with mod_xml_curl."""
        if domain not in ("", self.domain):
            return False
        try:
            return any(self._knows(each) for each in login.split("+"))
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
        session.variables |= self._account_variables(phone.login)
        phone.attach(session)
        self.launch(session)
        return session

    def refer(self, leg: Session, partner: Session, number: str) -> None:
        """A phone sends its other party elsewhere."""
        refer.blind(leg, partner, number, self.domain, self.welcome(partner, number))

    def join(self, leg: Session, partner: Session, second: Session) -> None:
        """A phone joins the other parties of its two calls."""
        refer.attended(leg, partner, second)

    def dial(self, order: Order, devices: int | None) -> list[Session]:
        """Call the registered devices of an account or of several, or the first few of them."""
        phones = [phone for login in order.login.split("+") for phone in self.registrar.devices(login)]
        return [self._call(phone, replace(order, login=phone.login)) for phone in phones[:devices]]

    def _call(self, phone: Phone, order: Order) -> Session:
        session = Session(self, sofia.called_profile(self.id_for(order), order, phone.port))
        session.login = phone.login
        session.variables = sofia.called_variables(session, order, phone.port, self.domain)
        session.variables |= {"pbx_login": phone.login, "pbx_callee": phone.login}  # the account's dial string says so (xml.py)
        self.send(session, order, partial(phone.offered, session))
        return session

    def id_for(self, order: Order) -> str:
        """The id that was asked for, if no other leg has it, else a new one."""
        wanted = order.variables.get("origination_uuid", "")
        return wanted if wanted and wanted not in self.legs else self.new_id()

    def send(self, session: Session, order: Order, invite: Callable[[], None]) -> None:
        """Let a leg that calls somebody live; ``invite`` is what makes his telephone ring."""
        if order.caller is not None:
            session.remember_other("originator", order.caller)
        session.invite = invite
        session.fire("CHANNEL_OUTGOING")
        self.launch(session)

    def dial_out(self, gateway: str, order: Order) -> tuple[list[Session], str]:
        """Call a telephone outside over a gateway."""
        return self.border.dial_out(gateway, order)

    def stand_in(self, order: Order) -> Session:
        """Call nobody."""
        return standing.start(self, order)

    def kill(self) -> None:
        """Drop every call without a word, as a crash would."""
        self._threads.kill()
        self.legs.clear()

    def launch(self, session: Session) -> None:
        """Let a leg live."""
        self.calls += 1
        session.variables["session_id"] = str(self.calls)
        self.legs[session.uuid] = session
        self._threads.spawn(self._live, session)

    def _live(self, session: Session) -> None:
        steps = self.welcome(session, session.profile.destination) if session.inbound else ()
        try:
            states.live(session, steps, self._report)
        finally:
            self.legs.pop(session.uuid, None)

    def _report(self, session: Session) -> None:
        if session.inbound:  # mod_json_cdr with log-b-leg=false
            self._ended(session.variables)
