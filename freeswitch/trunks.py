"""Keeps a switch's gateways, and the list of who may send it calls, as the panel's process has the trunks.

A rescan adds the gateways that are new and leaves all others as they are, changed or gone (sofia.c, parse_gateways). So one
that is gone or has changed is killed first, and the rescan waits until it has vanished: that takes the switch a second or two,
in which a registered one signs out, and an answer to that would be taken for the new one's of the same name (sofia_reg.c,
sofia_reg_check_gateway, sofia_reg_handle_sip_r_register). Calls over it go on meanwhile, and so do the other trunks.

The list of neighbours is loaded anew only right after the panel's process has answered, because it is emptied when nobody does
(switch_core.c, switch_load_network_lists).
"""

import logging
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import gevent

from app.config import SwitchAddress
from app.core.events import Event, TrunkChanged
from freeswitch.dialect import trunk_changed
from freeswitch.limits import Limits
from freeswitch.socket import EventSocket
from freeswitch.upkeep import Upkeep, ask, panel_says

log = logging.getLogger(__name__)

PROFILE = DOMAIN = "trunks"

VANISH_SECONDS, LOOK_AGAIN_SECONDS = 8.0, 0.5

_NAME = re.compile(r"[\w.-]+", re.ASCII)


@dataclass(frozen=True)
class Neighbour:
    """A trunk as the panel's process has it. ``mark`` changes with whatever the switch must know of it."""

    mark: str
    addresses: str


class Trunks(Upkeep):
    """Upkeep of one switch's gateways. A trunk's address may change without anybody telling us, so it is looked at often."""

    subject, round_seconds = "trunks", 10.0

    def __init__(
        self, address: SwitchAddress, mailbox: Callable[[Event], None], clock: Callable[[], float], limits: Limits
    ) -> None:
        super().__init__(address, limits)
        self._mailbox = mailbox
        self._clock = clock
        self._loaded: Mapping[str, Neighbour] | None = None  # who may send calls, as the switch was last told
        self._told: dict[str, TrunkChanged] = {}
        self._answered = True  # whether the panel's process did, when the switch last asked

    def look(self) -> None:
        """Something has changed, or may have while the switch was out of sight: put it right and tell it anew."""
        self._loaded = None
        self._told.clear()
        super().look()

    def _put_right(self, switch: EventSocket) -> None:
        wanted = _wanted(panel_says(switch, DOMAIN))
        self._say_whether_answered(wanted is not None)
        if wanted is not None:
            self._replace(switch, wanted)
            self._admit(switch, wanted)
        self._tell(ask(switch, "sofia xmlstatus gateway"))

    def _say_whether_answered(self, answered: bool) -> None:
        """Once, and once more when it is so no longer."""
        if not answered and self._answered:
            log.warning("%s: the panel does not answer the switch; its trunks stay as they are", self._address.name)
        elif answered and not self._answered:
            log.info("%s: the panel answers the switch again", self._address.name)
        self._answered = answered

    def _replace(self, switch: EventSocket, wanted: Mapping[str, Neighbour]) -> None:
        there = _names(ask(switch, "sofia xmlstatus gateway"))
        old = {name for name in there if name not in wanted or _mark(switch, name) != wanted[name].mark}
        for name in sorted(old):
            log.info("%s: %s is taken away", self._address.name, name)
            ask(switch, f"sofia profile {PROFILE} killgw {name}")
        if not old and there >= wanted.keys():
            return
        _wait_until_gone(switch, old & wanted.keys())
        ask(switch, f"sofia profile {PROFILE} rescan")
        log.info("%s: trunks are %s", self._address.name, ", ".join(sorted(wanted)) or "none")

    def _admit(self, switch: EventSocket, wanted: Mapping[str, Neighbour]) -> None:
        if wanted != self._loaded:
            ask(switch, "reloadacl")
            self._loaded = wanted

    def _tell(self, status: str) -> None:
        """Of several gateways of one name, which there are for a moment, the newest comes first."""
        seen: dict[str, TrunkChanged] = {}
        for row in _rows(status):
            name = row.findtext("name") or ""
            now = trunk_changed(name, row.findtext("state") or "", row.findtext("status") or "", self._clock())
            seen.setdefault(name, replace(now, switch=self._address.name))
        for name, now in seen.items():
            before = self._told.get(name)
            if before is None or (before.up, before.state) != (now.up, now.state):
                self._mailbox(now)
        self._told = seen


def _wanted(users: list[ElementTree.Element] | None) -> Mapping[str, Neighbour] | None:
    """The trunks there should be; None when nobody has said."""
    if users is None:
        return None
    return {user.attrib["id"]: Neighbour(user.attrib["mark"], user.get("cidr", "")) for user in users}


def _rows(status: str) -> list[ElementTree.Element]:
    """Each gateway of our profile. Raises ElementTree.ParseError."""
    if not status.lstrip().startswith("<"):
        return []
    rows = ElementTree.fromstring(status.strip().encode()).iter("gateway")  # noqa: S314 - the switch's own
    return [row for row in rows if row.findtext("profile") == PROFILE]


def _names(status: str) -> set[str]:
    names = {row.findtext("name") or "" for row in _rows(status)}
    return {name for name in names if _NAME.fullmatch(name)}


def _mark(switch: EventSocket, name: str) -> str:
    return ask(switch, f"sofia_gateway_data {name} ivar pbx_mark").strip()


def _wait_until_gone(switch: EventSocket, names: set[str]) -> None:
    """For as long as signing out may reasonably take."""
    for _ in range(round(VANISH_SECONDS / LOOK_AGAIN_SECONDS)):
        if not names & _names(ask(switch, "sofia xmlstatus gateway")):
            return
        gevent.sleep(LOOK_AGAIN_SECONDS)
