"""Where the switch meets the world: calls that come in over a trunk, calls that go out over one."""

from collections.abc import Callable
from functools import partial
from typing import Protocol

from freeswitch.simulator import trunks
from freeswitch.simulator.dialling import Order
from freeswitch.simulator.events import Headers
from freeswitch.simulator.gateways import Ask, Gateway, Gateways
from freeswitch.simulator.phones import Phone, PhoneError
from freeswitch.simulator.sessions import Home, Session
from freeswitch.simulator.world import World


class Inside(Home, Protocol):
    """The switch as the border sees it."""

    def launch(self, session: Session) -> None:
        """Let a leg live."""
        ...

    def id_for(self, order: Order) -> str:
        """The id a leg gets."""
        ...

    def send(self, session: Session, order: Order, invite: Callable[[], None]) -> None:
        """Let a leg that calls somebody live; ``invite`` is what makes his telephone ring."""
        ...

    def tell(self, name: str, headers: Headers, subclass: str = "", body: str | None = None) -> None: ...


class Border:
    """The gateways, the world behind them, and who passes. ``ask`` says which gateways there should be."""

    def __init__(self, switch: Inside, ask: Ask) -> None:
        self._switch = switch
        self.gateways = Gateways(ask, switch.tell)
        self.world = World(self)
        self.clock = switch.clock

    def come_in(self, phone: Phone, digits: str) -> Session:
        """A telephone outside calls one of our numbers, over the first trunk that works."""
        gateway = next(iter(self.gateways.usable()), None)
        if gateway is None:
            raise PhoneError("no trunk leads here from outside")
        switch = self._switch
        profile = trunks.came_in_profile(switch.new_id(), phone.login, phone.name, digits, gateway)
        session = Session(switch, profile)
        session.login = phone.login
        session.variables = trunks.came_in_variables(session, switch.stamp, phone.port, switch.new_id(), gateway)
        phone.attach(session)
        switch.launch(session)
        return session

    def dial_out(self, name: str, order: Order) -> tuple[list[Session], str]:
        """Call ``order.dialled`` over a gateway: the leg and SUCCESS, or no leg and why not (``mod_sofia.c``)."""
        gateway = self.gateways.find(name)
        if gateway is None:
            return [], "INVALID_GATEWAY"
        if gateway.fails:
            return [], "GATEWAY_DOWN"
        try:
            phone = self.world.phone(order.dialled)
        except PhoneError:  # what the operator would say to such a number
            return [], "UNALLOCATED_NUMBER"
        return [self._call(phone, order, gateway)], "SUCCESS"

    def _call(self, phone: Phone, order: Order, gateway: Gateway) -> Session:
        session = Session(self._switch, trunks.called_profile(self._switch.id_for(order), order, phone.port))
        session.login = phone.login
        session.variables = trunks.called_variables(session, order, phone.port, gateway)
        self._switch.send(session, order, partial(self.world.ring, phone, session))
        return session
