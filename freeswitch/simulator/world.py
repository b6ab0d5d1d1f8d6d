"""The world at the other end of the trunks: telephones outside, each with its number, played by virtual phones.

A telephone comes to be when its number is called or when it is plugged in. It may call any number of ours; what it dials
arrives at the switch as it was dialled, which is one of the ways real operators deliver it.
"""

import re
from typing import Protocol

from freeswitch.simulator.clock import Clock
from freeswitch.simulator.phones import Phone, PhoneError
from freeswitch.simulator.sessions import Session

COUNTRY = "+48"
SWITCHED_OFF = 480  # the SIP answer for a telephone that nobody finds

_INTERNATIONAL = re.compile(r"(?:00|\+)([1-9][0-9]{5,14})|([1-9][0-9]{9,14})")
_NATIONAL = re.compile(r"[1-9][0-9]{8}")
_SHORT = re.compile(r"[0-9]{3,6}")


class Border(Protocol):
    """The switch as the world sees it."""

    @property
    def clock(self) -> Clock: ...

    def come_in(self, phone: Phone, digits: str) -> Session:
        """A call arrives over a trunk. Raises PhoneError where no trunk leads there."""
        ...


class Telephone(Phone):
    """One of them; its login is its number."""

    outside = True

    def _display(self) -> tuple[str, str]:
        """The switch's word for no name reaches nobody (``sofia_glue.c``, sofia_glue_do_invite)."""
        number, name = super()._display()
        return number, "" if name == "_undef_" else name


class World:
    """Every telephone outside that was ever called or plugged in."""

    def __init__(self, border: Border) -> None:
        self._border = border
        self._phones: dict[str, Telephone] = {}

    @property
    def clock(self) -> Clock:
        return self._border.clock

    def phone(self, number: str) -> Telephone:
        """The telephone of that number. Raises PhoneError for what is no number."""
        name = normal(number)
        if name not in self._phones:
            self._phones[name] = Telephone(self, name)
            self._phones[name].register()
        return self._phones[name]

    def knows(self, number: str) -> bool:
        """Whether that telephone has come to be."""
        return number in self._phones

    def phones(self) -> list[Telephone]:
        """All of them."""
        return [self._phones[number] for number in sorted(self._phones)]

    def ring(self, phone: Phone, leg: Session) -> None:
        """The operator's network looks for a telephone. Called by the leg's own thread."""
        if phone.is_registered:
            phone.offered(leg)
        else:
            leg.refused(SWITCHED_OFF)

    def invite(self, phone: Phone, digits: str) -> Session:
        """A telephone calls us."""
        return self._border.come_in(phone, digits)

    def registered(self, phone: Phone) -> None:
        """It is switched on."""
        phone.registration(phone.since or self.clock.now())

    def unregistered(self, phone: Phone) -> None:
        """It is switched off."""
        phone.registration(None)

    def refer(self, leg: Session, partner: Session, number: str) -> None:  # noqa: ARG002 - nobody gets that far
        """No trunk of ours lets the world send our calls elsewhere (``disable-transfer``)."""
        raise PhoneError(f"{leg.login} is a telephone outside: it cannot transfer")

    def join(self, leg: Session, partner: Session, second: Session) -> None:  # noqa: ARG002 - likewise
        """Likewise."""
        raise PhoneError(f"{leg.login} is a telephone outside: it cannot transfer")


def normal(number: str) -> str:
    """How a number is known in the world: ``+`` and all its digits, or a short number as it is. Raises PhoneError."""
    if _NATIONAL.fullmatch(number):
        return COUNTRY + number
    if written := _INTERNATIONAL.fullmatch(number):
        return f"+{written[1] or written[2]}"
    if _SHORT.fullmatch(number):
        return number
    raise PhoneError(f"{number!r} is no telephone number, such as {COUNTRY}600100200")
