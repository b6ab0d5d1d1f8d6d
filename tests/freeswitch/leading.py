"""A real switch led by hand, in the product's own orders: for what the switch does with them."""

import json
from collections.abc import Callable

from app.core.actions import Action
from app.core.commands import Script, SwitchCommand
from app.core.events import Event
from freeswitch.dialect import to_event
from freeswitch.orders import to_requests
from freeswitch.payload import mapping
from freeswitch.wire import encode
from tests.freeswitch.event_tap import Event as Told
from tests.freeswitch.event_tap import EventTap
from tests.freeswitch.real_switch import DOMAIN
from tests.freeswitch.sip_phone import Dialog, SipPhone

CALL = "c1"


class Hand:
    """Sends orders and hears what comes of them, one call at a time."""

    def __init__(self, tap: EventTap) -> None:
        self._tap = tap
        self._step = 0
        self._seen: set[str] = set()

    def dials(self, phone: SipPhone, number: str = "22") -> tuple[Dialog, str]:
        """The phone's call and its leg, which waits."""
        dialog = phone.call(number)
        return dialog, self.came()["Unique-ID"]

    def came(self) -> Told:
        """The next call that waits to be led."""
        new = self._tap.wait_for(lambda told: _comes(told) and told["Unique-ID"] not in self._seen, "a call")
        self._seen.add(new["Unique-ID"])
        return new

    def order(self, command: SwitchCommand) -> None:
        """Whatever it takes to carry out the command."""
        for request in to_requests(command, DOMAIN):
            self._tap.command(encode(request).decode().rstrip("\n"))

    def next_step(self) -> int:
        """The number of the next order."""
        self._step += 1
        return self._step

    def lead(self, leg: str, *actions: Action) -> int:
        """Let the leg run a script; its number."""
        step = self.next_step()
        self.order(Script(leg, CALL, step, actions))
        return step

    def comes_back(self, step: int, seconds: float = 8.0) -> Event:
        """What the product hears when the script is done."""
        told = self._tap.wait("CHANNEL_PARK", seconds, variable_pbx_step=str(step))
        return heard(told)

    def hears(self, fits: Callable[[Event], bool], what: str, seconds: float = 5.0) -> Event:
        """The first event of the product's that fits."""

        def fitting(told: Told) -> bool:
            event = heard_or_none(told)
            return event is not None and fits(event)

        return heard(self._tap.wait_for(fitting, what, seconds))


def heard_or_none(told: Told) -> Event | None:
    """What the product makes of it, as it reads it from the wire."""
    return to_event(mapping(json.dumps(told).encode()))


def heard(told: Told) -> Event:
    """… when it makes something of it."""
    event = heard_or_none(told)
    assert event is not None, told
    return event


def _comes(told: Told) -> bool:
    return told.get("Event-Name") == "CHANNEL_PARK" and told.get("Call-Direction") == "inbound"
