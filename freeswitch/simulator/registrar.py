"""Which devices are registered: REGISTER as ``sofia_reg.c`` answers it, with its events."""

import itertools
from typing import Protocol

from freeswitch.simulator.channels import CONTEXT, PROFILE
from freeswitch.simulator.clock import Clock, Timer
from freeswitch.simulator.events import ADDRESS, Headers, stamp_text
from freeswitch.simulator.phones import Phone, PhoneError
from freeswitch.simulator.sessions import Session

EXPIRES = 300  # seconds
MOST_DEVICES = 5  # per account; the project's own profile says so (max-registrations-per-extension)
AGENT = "virtual phone"


class Office(Protocol):
    """The switch as the registrar sees it."""

    domain: str

    @property
    def clock(self) -> Clock: ...

    def admit(self, login: str) -> None: ...

    def invite(self, phone: Phone, digits: str) -> Session: ...

    def refer(self, leg: Session, partner: Session, number: str) -> None: ...

    def join(self, leg: Session, partner: Session, second: Session) -> None: ...

    def tell(self, name: str, headers: Headers, subclass: str = "", body: str | None = None) -> None: ...


class Registrar:
    """All the phones there are, and which of them are in. Phones renew by themselves until they vanish."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._phones: dict[tuple[str, int], Phone] = {}
        self._accounts: dict[str, list[Phone]] = {}
        self._timers: dict[Phone, Timer] = {}
        self._order = itertools.count(1)
        self._calls: dict[Phone, str] = {}
        self._expires: dict[Phone, float] = {}

    @property
    def clock(self) -> Clock:
        return self._office.clock

    def phone(self, login: str, device: int = 1) -> Phone:
        """The phone of that account and number, made when it is asked for first; not registered yet."""
        key = (login, device)
        if key not in self._phones:
            self._phones[key] = Phone(self, login, device)
            self._accounts.setdefault(login, []).append(self._phones[key])
        return self._phones[key]

    def phones(self) -> list[Phone]:
        """Every phone that was ever asked for."""
        return [self._phones[key] for key in sorted(self._phones)]

    def devices(self, login: str) -> list[Phone]:
        """The registered devices of one account."""
        return [phone for phone in self._accounts.get(login, ()) if phone.is_registered]

    def admit(self, login: str) -> None:
        """Raise PhoneError unless the account is real."""
        self._office.admit(login)

    def invite(self, phone: Phone, digits: str) -> Session:
        """INVITE: what a phone dials goes to the switch."""
        return self._office.invite(phone, digits)

    def refer(self, leg: Session, partner: Session, number: str) -> None:
        """REFER of a bridged leg."""
        self._office.refer(leg, partner, number)

    def join(self, leg: Session, partner: Session, second: Session) -> None:
        """REFER with Replaces of two legs."""
        self._office.join(leg, partner, second)

    def registered(self, phone: Phone) -> None:
        """REGISTER: let it in, or renew. Raises PhoneError for an unknown account or a sixth device."""
        self._office.admit(phone.login)
        if not phone.is_registered and len(self.devices(phone.login)) >= MOST_DEVICES:
            raise PhoneError(f"{phone.login} already has {MOST_DEVICES} devices")
        self._calls.setdefault(phone, f"{next(self._order)}@{ADDRESS}")
        phone.registration(phone.since or self.clock.now())
        self._renew_later(phone)
        self._office.tell("CUSTOM", self._registration(phone), "sofia::register")

    def unregistered(self, phone: Phone) -> None:
        """REGISTER with ``expires=0``."""
        self._drop(phone)
        headers: Headers = {
            "profile-name": PROFILE,
            "username": phone.login,
            "from-user": phone.login,
            "from-host": self._office.domain,
            **self._address(phone),
            "rpid": "unknown",
            "realm": self._office.domain,
            "user-agent": AGENT,
            "expires": str(int(self.clock.now())),
        }
        self._office.tell("CUSTOM", headers, "sofia::unregister")

    def vanish(self, phone: Phone) -> None:
        """The device is unplugged: nothing is heard of it again, and in the end its registration runs out."""
        self._timers.pop(phone).cancel()
        left = self._expires[phone] - self.clock.now()
        self._timers[phone] = self.clock.after(left, lambda: self._expire(phone))

    def status(self) -> str:
        """``sofia xmlstatus profile … reg`` (mod_sofia.c, show_reg_callback_xml)."""
        rows = "".join(self._row(phone) for phone in self.phones() if phone.is_registered)
        head = '<?xml version="1.0" encoding="ISO-8859-1"?>\n<profile>\n  <registrations>\n'
        return f"{head}{rows}  </registrations>\n</profile>\n"

    def _renew_later(self, phone: Phone) -> None:
        if phone in self._timers:
            self._timers.pop(phone).cancel()
        self._expires[phone] = self.clock.now() + EXPIRES
        self._timers[phone] = self.clock.after(EXPIRES / 2, lambda: self._renew_later(phone))

    def _expire(self, phone: Phone) -> None:
        self._drop(phone)
        headers: Headers = {
            "profile-name": PROFILE,
            "user": phone.login,
            "username": phone.login,
            "host": self._office.domain,
            **self._address(phone),
            "expires": str(int(self.clock.now())),
            "user-agent": AGENT,
            "realm": self._office.domain,
        }
        self._office.tell("CUSTOM", headers, "sofia::expire")

    def _drop(self, phone: Phone) -> None:
        if phone in self._timers:
            self._timers.pop(phone).cancel()
        phone.registration(None)

    def _address(self, phone: Phone) -> Headers:
        return {
            "contact": phone.contact,
            "call-id": self._calls.get(phone, ""),
            "network-ip": ADDRESS,
            "network-port": str(phone.port),
        }

    def _registration(self, phone: Phone) -> Headers:
        login, domain = phone.login, self._office.domain
        return {
            "profile-name": PROFILE,
            "from-user": login,
            "from-host": domain,
            "presence-hosts": "n/a",
            "contact": phone.contact,
            "call-id": self._calls[phone],
            "rpid": "unknown",
            "status": "Registered(UDP)",
            "expires": str(EXPIRES),
            "to-user": login,
            "to-host": domain,
            "network-ip": ADDRESS,
            "network-port": str(phone.port),
            "username": login,
            "realm": domain,
            "user-agent": AGENT,
            "sip_number_alias": login,
            "sip_auth_username": login,
            "sip_auth_realm": domain,
            "number_alias": login,
            "user_name": login,
            "domain_name": domain,
            "user_context": CONTEXT,
        }

    def _row(self, phone: Phone) -> str:
        domain = self._office.domain
        expires = self._expires[phone]
        left = int(expires - self.clock.now())
        contact = phone.contact.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
        return (
            "    <registration>\n"
            f"        <call-id>{self._calls[phone]}</call-id>\n"
            f"        <user>{phone.login}@{domain}</user>\n"
            f"        <contact>{contact}</contact>\n"
            f"        <agent>{AGENT}</agent>\n"
            f"        <status>Registered(UDP)(unknown) exp({stamp_text(expires)}) expsecs({left})</status>\n"
            "        <ping-status>Reachable</ping-status>\n"
            "        <ping-time>0.00</ping-time>\n"
            "        <host>simulator</host>\n"
            f"        <network-ip>{ADDRESS}</network-ip>\n"
            f"        <network-port>{phone.port}</network-port>\n"
            f"        <sip-auth-user>{phone.login}</sip-auth-user>\n"
            f"        <sip-auth-realm>{domain}</sip-auth-realm>\n"
            f"        <mwi-account>{phone.login}@{domain}</mwi-account>\n"
            "    </registration>\n"
        )
