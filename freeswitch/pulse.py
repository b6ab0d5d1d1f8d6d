"""Is the switch still there, and how far behind are its events? A message of our own goes in and must come out again.

It goes in by the commands connection and comes out by the events connection, behind every event that was queued before it; so
one round proves both connections, and its time is the lag of whatever the switch tells us. TCP alone would not notice a switch
that hangs with its sockets open, and HEARTBEAT comes only every 20 s.
"""

import logging
import time
import uuid
from collections.abc import Mapping

import gevent
from gevent.event import Event

from freeswitch.limits import Limits
from freeswitch.replies import Reply
from freeswitch.socket import ConnectionLost, EventSocket
from freeswitch.wire import Request

log = logging.getLogger(__name__)

SUBCLASS = "pbx::ping"

TICKS = 10  # one silence is waited for in so many pieces, so that a standstill of our own process counts as one of them


class Pulse:
    """The pings of one pair of connections. ``lag`` is the seconds the last one took."""

    def __init__(self, commands: EventSocket, limits: Limits) -> None:
        self.lag = 0.0
        self._commands = commands
        self._limits = limits
        self._mark = ""  # tells this ping from every other, also from another controller's
        self._heard = Event()

    def beat(self) -> None:
        """Ping for ever. Raises ConnectionLost when one does not come back in time."""
        while True:
            sent = time.monotonic()
            self._ping()
            if not any(self._heard.wait(self._limits.silence / TICKS) for _ in range(TICKS)):
                raise ConnectionLost(f"the switch was silent for {self._limits.silence:g} s")
            self.lag = time.monotonic() - sent
            gevent.sleep(self._limits.ping_every)

    def hears(self, event: Mapping[str, str]) -> bool:
        """Whether ``event`` is a ping, and so nothing that happened on the switch."""
        if event.get("Event-Subclass") != SUBCLASS:
            return False
        if event.get("Ping") == self._mark:
            self._heard.set()
        return True

    def _ping(self) -> None:
        self._mark = uuid.uuid4().hex
        self._heard.clear()
        self._commands.tell(Request("sendevent CUSTOM", (("Event-Subclass", SUBCLASS), ("Ping", self._mark))), _complain)


def _complain(reply: Reply) -> None:
    if reply.failure and not reply.missing:  # a missing one is noticed anyway, and said once
        log.warning("the switch does not take our ping: %s", reply.failure)
