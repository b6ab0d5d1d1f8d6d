"""The link to one switch: ``app.ports.Switch`` over two Event Socket connections.

Events come on one connection and commands go out on the other, because the switch holds back events while command bytes wait
on a connection, and commands behind a backlog of events (mod_event_socket.c, read_packet). Both are replaced together, always:

    connect both -> subscribe -> take stock -> SwitchFound, PhonesCounted -> the events since, one by one
         ^                                                                          |
         +------------- a pause, growing to two seconds <- SwitchLost <- anything is wrong

What can be wrong is anything at all: a connection that broke, a switch that is silent, replies that cannot be told apart, more
events than we can look at, a mistake of our own. The answer is the same each time, because the stock-taking makes good whatever
was missed; nothing is ever mended in place.
"""

import logging
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

import gevent

from app.config import SwitchAddress
from app.core.commands import ForgetAccount, RescanTrunks, ServeQueues, Show, SwitchCommand
from app.core.events import Event, SwitchFound, SwitchLost, TrunkChanged
from freeswitch import dialect, orders
from freeswitch.accounts import Accounts
from freeswitch.displays import Displays
from freeswitch.limits import Limits
from freeswitch.pulse import Pulse
from freeswitch.replies import Reply
from freeswitch.serving import Serving
from freeswitch.socket import ConnectionLost, EventSocket, Refused
from freeswitch.stocktaking import take_stock
from freeswitch.trunks import Trunks
from freeswitch.turns import Turns
from freeswitch.wire import Request, UnsafeText

log = logging.getLogger(__name__)

_SHARE = random.SystemRandom().uniform


class Link:
    """Tells ``mailbox`` what happens on the switch, and the switch what is wanted.

    ``domain`` is the one all accounts register in; ``clock`` gives seconds since the epoch. ``mailbox`` must not wait. It gets
    SwitchLost once per loss and once more whenever the reason changes, so that "refused" becomes "wrong password" in the panel.
    """

    def __init__(
        self,
        address: SwitchAddress,
        domain: str,
        mailbox: Callable[[Event], None],
        *,
        clock: Callable[[], float] = time.time,
        limits: Limits | None = None,
    ) -> None:
        self._address = address
        self._domain = domain
        self._mailbox = mailbox
        self._clock = clock
        self._limits = limits or Limits()
        self._commands: EventSocket | None = None  # while the switch is found
        self._pulse: Pulse | None = None
        self._core = ""
        self._lost_because = ""
        self._accounts = Accounts(address, domain, self._limits)
        self._trunks = Trunks(address, mailbox, clock, self._limits)
        self._serving = Serving(address, domain, self._limits)
        self._turns = Turns(self._send, gevent.spawn_later, self._limits.turn)
        self._displays = Displays(self._send, gevent.spawn_later, self._limits.display)
        self._greenlet: gevent.Greenlet | None = None

    @property
    def connected(self) -> bool:
        """Whether the switch is found and takes commands."""
        return self._commands is not None and self._commands.connected

    @property
    def lag(self) -> float:
        """Seconds between the last ping's sending and its coming back; 0 while there is no connection."""
        return self._pulse.lag if self._pulse else 0.0

    def start(self) -> None:
        """Begin to look for the switch, and never stop looking."""
        self._greenlet = gevent.spawn(self._keep_connected)

    def stop(self) -> None:
        """Leave the switch; its calls go on. Nothing more is told to the mailbox but commands that were under way."""
        self._trunks.stop()
        self._accounts.stop()
        self._serving.stop()
        if self._greenlet is not None:
            self._greenlet.kill()

    def send(self, command: SwitchCommand) -> None:
        """Give an order. What becomes of it is heard only when it fails: as CommandFailed, for a command that has a leg."""
        if isinstance(command, ForgetAccount):
            self._accounts.look()  # this will also be looked after if the switch is not connected now
        elif isinstance(command, ServeQueues):
            self._serving.serve(command)
        elif isinstance(command, Show):
            self._displays.take(command)
        else:
            self._turns.take(command)

    # --- commands and their failures ---

    def _send(self, command: SwitchCommand) -> None:
        commands = self._commands
        if commands is None:
            self._failed(command, Reply(missing="the switch is not connected"))
            return
        if isinstance(command, RescanTrunks):
            self._trunks.look()
        for request in orders.to_requests(command, self._domain):
            try:
                commands.tell(request, lambda reply: self._heard(command, reply))
            except UnsafeText as error:
                log.error("%s: %r is not sent: %s", self._address.name, command, error)
                self._failed(command, Reply(text=f"-ERR {error}"))
                return

    def _heard(self, command: SwitchCommand, reply: Reply) -> None:
        if reply.failure:
            self._failed(command, reply)

    def _failed(self, command: SwitchCommand, reply: Reply) -> None:
        log.warning("%s: %s failed: %s", self._address.name, type(command).__name__, reply.failure)
        if isinstance(command, Show):
            self._displays.refused(command)
        self._turns.refused(command)
        event = orders.failure(command, reply.failure, self._clock())
        if event is not None:
            self._mailbox(event)

    # --- one connection after another ---

    def _keep_connected(self) -> None:
        pauses = Pauses(self._limits)
        while True:
            began = time.monotonic()
            lost = self._connection()
            self._report(lost)
            gevent.sleep(pauses.after(lost, time.monotonic() - began))

    def _connection(self) -> ConnectionLost:
        """Connect, serve until something is wrong, and say what it was."""
        events, commands = (EventSocket(self._address, self._limits) for _ in range(2))
        for one, other in ((events, commands), (commands, events)):  # so that nobody waits for the one when the other is lost
            one.lost.rawlink(lambda reason, other=other: other.fail(reason.get()))
        lost = ConnectionLost("the link was stopped")
        try:
            self._serve(events, commands)
        except ConnectionLost as reason:
            lost = reason
        except Exception as bug:
            log.exception("%s: a mistake of our own", self._address.name)
            lost = ConnectionLost(f"a mistake of our own: {bug!r}")
        finally:
            self._commands = self._pulse = None
            self._turns.end()
            self._displays.end()
            for connection in (events, commands):
                connection.fail(lost)
                connection.stop()
        return lost

    def _serve(self, events: EventSocket, commands: EventSocket) -> None:
        """Never returns; raises ConnectionLost."""
        began = time.monotonic()
        events.connect()
        commands.connect()
        subscribed = events.ask(Request(dialect.SUBSCRIPTION))
        if subscribed.failure:
            raise ConnectionLost(f"the switch does not give us its events: {subscribed.failure}")
        events.lost.wait(self._limits.listing)  # until a leg born before we subscribed is sure to be listed
        found, counted = take_stock(commands, self._address.name, self._clock)
        self._commands, self._pulse = commands, Pulse(commands, self._limits)
        self._welcome(found, time.monotonic() - began)
        self._serving.look()
        self._mailbox(found)
        if counted is not None:
            self._mailbox(counted)
        events.decode(self._on_event)
        events.run(self._pulse.beat)
        self._accounts.look()
        raise events.lost.get()

    def _on_event(self, headers: Mapping[str, str]) -> None:
        if self._pulse is None or self._pulse.hears(headers) or self._turns.hears(headers):
            return
        self._displays.hears(headers)
        self._serving.hears(headers)
        try:
            event = dialect.to_event(headers)
        except Exception:  # one event that we cannot understand must not cost the connection
            log.exception("%s: an event is left out: %s", self._address.name, headers.get("Event-Name"))
            return
        if isinstance(event, TrunkChanged):
            event = replace(event, switch=self._address.name)
        if event is not None:
            self._mailbox(event)

    # --- what people read ---

    def _welcome(self, found: SwitchFound, seconds: float) -> None:
        restarted = " after a restart of the switch" if self._core not in ("", found.core) else ""
        log.info("%s: connected%s, %d legs, in %.2f s", self._address.name, restarted, len(found.legs), seconds)
        self._core, self._lost_because = found.core, ""

    def _report(self, lost: ConnectionLost) -> None:
        """Say it once, and again only when the reason is another."""
        reason = str(lost)
        if reason == self._lost_because:
            return
        self._lost_because = reason
        log.log(
            logging.ERROR if isinstance(lost, Refused) else logging.WARNING, "%s: no switch: %s", self._address.name, reason
        )
        self._mailbox(SwitchLost(switch=self._address.name, at=self._clock(), reason=reason))


class Pauses:
    """How long to wait before the next attempt: twice as long each time, up to a bound, and never in step with others."""

    def __init__(self, limits: Limits, share: Callable[[float, float], float] = _SHARE) -> None:
        self._limits = limits
        self._share = share
        self._next = limits.first_pause

    def after(self, lost: ConnectionLost, stood: float) -> float:
        """Seconds to wait after a connection, or an attempt, that lasted ``stood`` seconds."""
        if isinstance(lost, Refused):
            return self._limits.refused_pause
        if stood >= self._limits.settled:
            self._next = self._limits.first_pause
        pause, self._next = self._next, min(2 * self._next, self._limits.longest_pause)
        return pause * self._share(0.5, 1.0)
