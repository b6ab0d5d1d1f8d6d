"""Keeps a switch's gateways, and the list of who may send it calls, as the panel's process has the trunks.

A rescan adds the gateways that are new and leaves all others as they are, changed or gone (sofia.c, parse_gateways). So one
that is gone or has changed is killed first, and the rescan waits until it has vanished: that takes the switch a second or two,
in which a registered one signs out, and an answer to that would be taken for the new one's of the same name (sofia_reg.c,
sofia_reg_check_gateway, sofia_reg_handle_sip_r_register). Calls over it go on meanwhile, and so do the other trunks.

The list of neighbours is loaded anew only right after the panel's process has answered, because it is emptied when nobody does
(switch_core.c, switch_load_network_lists). What there should be is asked for through the switch, by the way it will be asked
for in earnest: so nothing is done while that way is closed.
"""

import logging
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import gevent
from gevent.event import Event as Flag

from app.config import SwitchAddress
from app.core.events import Event, TrunkChanged
from freeswitch.dialect import trunk_changed
from freeswitch.limits import Limits
from freeswitch.replies import Reply
from freeswitch.socket import ConnectionLost, EventSocket
from freeswitch.wire import Request

log = logging.getLogger(__name__)

PROFILE = DOMAIN = "trunks"

ROUND_SECONDS = 10.0
"""How often it is looked whether all is as it should be: a trunk's address may change without anybody telling us."""

VANISH_SECONDS, LOOK_AGAIN_SECONDS = 8.0, 0.5

_NAME = re.compile(r"[\w.-]+", re.ASCII)


@dataclass(frozen=True)
class Neighbour:
    """A trunk as the panel's process has it. ``mark`` changes with whatever the switch must know of it."""

    mark: str
    addresses: str


class Trunks:
    """Upkeep of one switch, on a connection of its own: a rescan waits for the panel's process, and calls must not."""

    def __init__(
        self, address: SwitchAddress, mailbox: Callable[[Event], None], clock: Callable[[], float], limits: Limits
    ) -> None:
        self._address = address
        self._mailbox = mailbox
        self._clock = clock
        self._limits = replace(limits, deadline=max(limits.deadline, 10.0))
        self._due = Flag()
        self._loaded: Mapping[str, Neighbour] | None = None  # who may send calls, as the switch was last told
        self._told: dict[str, TrunkChanged] = {}
        self._answered = True  # whether the panel's process did, when the switch last asked
        self._greenlet: gevent.Greenlet | None = None

    def look(self) -> None:
        """Something has changed, or may have while the switch was out of sight: put it right now, and from now on."""
        self._loaded = None
        self._told.clear()
        self._due.set()
        if self._greenlet is None:
            self._greenlet = gevent.spawn(self._keep)

    def stop(self) -> None:
        """Leave everything as it is."""
        if self._greenlet is not None:
            self._greenlet.kill()

    def _keep(self) -> None:
        while True:
            self._due.wait(ROUND_SECONDS)
            self._due.clear()
            connection = EventSocket(self._address, self._limits)
            try:
                connection.connect()
                self._put_right(connection)
            except (ConnectionLost, ElementTree.ParseError) as reason:
                log.info("%s: the trunks were not looked after: %s", self._address.name, reason)
            finally:
                connection.stop()

    def _put_right(self, switch: EventSocket) -> None:
        wanted = _wanted(_ask(switch, f"xml_locate directory domain name {DOMAIN}"))
        self._say_whether_answered(wanted is not None)
        if wanted is not None:
            self._replace(switch, wanted)
            self._admit(switch, wanted)
        self._tell(_ask(switch, "sofia xmlstatus gateway"))

    def _say_whether_answered(self, answered: bool) -> None:
        """Once, and once more when it is so no longer."""
        if not answered and self._answered:
            log.warning("%s: the panel does not answer the switch; its trunks stay as they are", self._address.name)
        elif answered and not self._answered:
            log.info("%s: the panel answers the switch again", self._address.name)
        self._answered = answered

    def _replace(self, switch: EventSocket, wanted: Mapping[str, Neighbour]) -> None:
        there = _names(_ask(switch, "sofia xmlstatus gateway"))
        old = {name for name in there if name not in wanted or _mark(switch, name) != wanted[name].mark}
        for name in sorted(old):
            log.info("%s: %s is taken away", self._address.name, name)
            _ask(switch, f"sofia profile {PROFILE} killgw {name}")
        if not old and there >= wanted.keys():
            return
        _wait_until_gone(switch, old & wanted.keys())
        _ask(switch, f"sofia profile {PROFILE} rescan")
        log.info("%s: trunks are %s", self._address.name, ", ".join(sorted(wanted)) or "none")

    def _admit(self, switch: EventSocket, wanted: Mapping[str, Neighbour]) -> None:
        if wanted != self._loaded:
            _ask(switch, "reloadacl")
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


def _ask(switch: EventSocket, command: str) -> str:
    """What the switch says; a refusal says it too. Raises ConnectionLost when it says nothing."""
    reply: Reply = switch.ask(Request(f"api {command}"))
    if reply.missing:
        raise ConnectionLost(reply.missing)
    return reply.text


def _wanted(answer: str) -> Mapping[str, Neighbour] | None:
    """The trunks there should be; None when nobody has said. Raises ElementTree.ParseError."""
    if not answer.lstrip().startswith("<"):
        return None
    users = ElementTree.fromstring(answer).iter("user")  # noqa: S314 - our own panel's
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
    return _ask(switch, f"sofia_gateway_data {name} ivar pbx_mark").strip()


def _wait_until_gone(switch: EventSocket, names: set[str]) -> None:
    """For as long as signing out may reasonably take."""
    for _ in range(round(VANISH_SECONDS / LOOK_AGAIN_SECONDS)):
        if not names & _names(_ask(switch, "sofia xmlstatus gateway")):
            return
        gevent.sleep(LOOK_AGAIN_SECONDS)
