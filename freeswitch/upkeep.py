"""What the controller keeps right on a switch beside the calls: at once when something may have changed, and every few seconds.

Each upkeep has a connection of its own, because its questions wait for the panel's process, and calls must not wait for them.
"""

import logging
import xml.etree.ElementTree as ElementTree
from abc import ABC, abstractmethod
from dataclasses import replace

import gevent
from gevent.event import Event as Flag

from app.config import SwitchAddress
from freeswitch.limits import Limits
from freeswitch.replies import Reply
from freeswitch.socket import ConnectionLost, EventSocket
from freeswitch.wire import Request

log = logging.getLogger(__name__)

PATIENCE = 10.0
"""Seconds for an answer at least: the switch itself waits three for the panel (conf/configuration/xml_curl.conf.xml)."""


class Upkeep(ABC):
    """Of one thing on one switch. ``round_seconds``: how often it is looked whether all is as it should be."""

    subject: str
    round_seconds: float

    def __init__(self, address: SwitchAddress, limits: Limits) -> None:
        self._address = address
        self._limits = replace(limits, deadline=max(limits.deadline, PATIENCE))
        self.rounds = 0  # looked so many times, with whatever success
        self._due = Flag()
        self._greenlet: gevent.Greenlet | None = None

    def look(self) -> None:
        """Something has changed, or may have while the switch was out of sight: put it right now, and from now on."""
        self._due.set()
        if self._greenlet is None:
            self._greenlet = gevent.spawn(self._keep)

    def stop(self) -> None:
        """Leave everything as it is."""
        if self._greenlet is not None:
            self._greenlet.kill()

    def _keep(self) -> None:
        while True:
            self._due.wait(self.round_seconds)
            self._due.clear()
            connection = EventSocket(self._address, self._limits)
            try:
                connection.connect()
                self._put_right(connection)
            except (ConnectionLost, ElementTree.ParseError) as reason:
                log.info("%s: the %s were not looked after: %s", self._address.name, self.subject, reason)
            finally:
                connection.stop()
                self.rounds += 1

    @abstractmethod
    def _put_right(self, switch: EventSocket) -> None:
        """Look, and change what is not as it should be. Raises ConnectionLost, ElementTree.ParseError."""


def ask(switch: EventSocket, command: str) -> str:
    """What the switch says; a refusal says it too. Raises ConnectionLost when it says nothing."""
    return text_of(switch.ask(Request(f"api {command}")))


def text_of(reply: Reply) -> str:
    """The reply's text. Raises ConnectionLost when there is none."""
    if reply.missing:
        raise ConnectionLost(reply.missing)
    return reply.text


def panel_says(switch: EventSocket, domain: str) -> list[ElementTree.Element] | None:
    """The users of a directory domain of our own making; None when the panel's process does not answer the switch.

    It is asked through the switch, by the way it will be asked for in earnest: so nothing is done while that way is closed.
    Raises ConnectionLost, ElementTree.ParseError.
    """
    answer = ask(switch, f"xml_locate directory domain name {domain}")
    if not answer.lstrip().startswith("<"):
        return None
    return list(ElementTree.fromstring(answer).iter("user"))  # noqa: S314 - our own panel's
