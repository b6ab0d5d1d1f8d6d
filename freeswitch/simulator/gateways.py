"""The ways out of the switch: the gateways of its profile ``trunks``, and whether calls can go over them.

Read in ``sofia.c`` (parse_gateways, config_sofia), ``sofia_reg.c`` and ``mod_sofia.c``. A gateway that registers does so at
once, because the world at its other end is the simulator's own.
"""

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol
from xml.etree.ElementTree import Element, SubElement, tostring

from freeswitch.simulator.events import Headers

log = logging.getLogger(__name__)

PROFILE = "trunks"
HEADER = '<?xml version="1.0" encoding="ISO-8859-1"?>\n'


class DirectoryError(Exception):
    """Whoever knows the accounts and the trunks does not answer."""


@dataclass(frozen=True)
class Gateway:
    """One of them. ``proxy``: host[:port] of the operator. ``fails``: the operator does not answer.

    ``variables`` stand on every leg over it.
    """

    name: str
    proxy: str = "127.0.0.1:5099"
    registers: bool = False
    fails: bool = False
    variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """The switch's word for how registering goes."""
        if not self.registers:
            return "NOREG"
        return "FAIL_WAIT" if self.fails else "REGED"

    @property
    def status(self) -> str:
        """Whether calls may go over it."""
        return "DOWN" if self.fails else "UP"


Ask = Callable[[], Sequence[Gateway]]


class Teller(Protocol):
    """Fires an event that belongs to no leg."""

    def __call__(self, name: str, headers: Headers, subclass: str = "", body: str | None = None) -> None: ...


class Gateways:
    """Those that the switch has been told of. ``ask`` says which there should be, or raises DirectoryError."""

    def __init__(self, ask: Ask, tell: Teller) -> None:
        self._ask = ask
        self._tell = tell
        self._known: dict[str, Gateway] = {}

    def rescan(self) -> None:
        """Add those that are new. One that is known stays as it is ("Ignoring duplicate gateway"), and none is dropped."""
        try:
            wanted = self._ask()
        except DirectoryError as error:
            log.info("the trunks could not be asked for: %s", error)  # at the start of all, the panel is not there yet
            return
        for gateway in wanted:
            if gateway.name in self._known or not re.fullmatch(r"[\w.-]+", gateway.name, re.ASCII):
                continue
            self._known[gateway.name] = gateway
            self._tell("CUSTOM", {"Gateway": gateway.name, "profile-name": PROFILE}, "sofia::gateway_add")
            if gateway.registers:
                self._tell_state(gateway, "TRYING", "DOWN")
                self._tell_state(gateway, "REGISTER", "DOWN", {"Phrase": "OK", "Status": "200"})
                self._tell_state(gateway, gateway.state, gateway.status)

    def wanted(self) -> str:
        """``xml_locate directory domain name trunks``: those there should be, each with its mark. Raises DirectoryError."""
        domain = Element("domain", name=PROFILE)
        for gateway in self._ask():
            SubElement(domain, "user", id=gateway.name, mark=gateway.variables.get("pbx_mark", ""))
        return tostring(domain, encoding="unicode")

    def kill(self, name: str) -> bool:
        """Drop one, or ``_all_``; calls over it go on. False: there is none of that name."""
        names = list(self._known) if name == "_all_" else [known for known in self._known if known == name]
        for each in names:
            del self._known[each]
            self._tell("CUSTOM", {"profile-name": PROFILE, "Gateway": each}, "sofia::gateway_delete")
        return bool(names) or name == "_all_"

    @property
    def known(self) -> Mapping[str, Gateway]:
        """All of them, by name."""
        return self._known

    def find(self, name: str) -> Gateway | None:
        """The gateway of that name."""
        return self._known.get(name)

    def usable(self) -> list[Gateway]:
        """Those that calls can go over, in the order they were told of."""
        return [gateway for gateway in self._known.values() if not gateway.fails]

    def fail(self, name: str, fails: bool = True) -> None:
        """Let the operator at its other end be silent, or answer again. Raises KeyError for a name nobody knows."""
        gateway = replace(self._known[name], fails=fails)
        self._known[name] = gateway
        self._tell_state(gateway, gateway.state, gateway.status)

    def status(self, name: str = "") -> str:
        """``sofia xmlstatus gateway [NAME]``."""
        if not name:
            return f"{HEADER}<gateways>\n{''.join(map(_row, self._known.values()))}</gateways>\n"
        gateway = self._known.get(name)
        return HEADER + _row(gateway) if gateway is not None else "Invalid Gateway!\n"

    def _tell_state(self, gateway: Gateway, state: str, status: str, reason: Headers | None = None) -> None:
        headers: Headers = {"Gateway": gateway.name, "State": state, "Ping-Status": status, **(reason or {})}
        self._tell("CUSTOM", headers, "sofia::gateway_state")


def _row(gateway: Gateway) -> str:
    """``xml_gateway_status``, without what the world here has no use for."""
    return (
        "  <gateway>\n"
        f"    <name>{gateway.name}</name>\n"
        f"    <profile>{PROFILE}</profile>\n"
        f"    <proxy>sip:{gateway.proxy}</proxy>\n"
        f"    <context>{PROFILE}</context>\n"
        f"    <state>{gateway.state}</state>\n"
        f"    <status>{gateway.status}</status>\n"
        "  </gateway>\n"
    )
