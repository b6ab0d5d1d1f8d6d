"""Keeps a switch's queues as they were last wanted (`ServeQueues`), and mends what the switch got wrong.

A caller must be offered to an agent within a second of his signing in, so every wish is carried out at once. Then it is looked
every few seconds whether all is still so: a switch that was started anew has no agents, and mod_callcenter is known to lose
track of an agent who is rung no more (signalwire/freeswitch#2540) or of a caller who is gone (#1973). What is put right is said
in the log, once. What looks stuck is touched only when it looked the same the time before and no leg of it lives: nobody who
talks or waits is ever disturbed.
"""

import json
import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import gevent
from gevent.event import Event as Flag

from app.config import SwitchAddress
from app.core.commands import ServeQueues
from freeswitch.agents import ANSWERED, OFFERED
from freeswitch.headers import note, waited
from freeswitch.limits import Limits
from freeswitch.mending import Leg, ghosts, in_doubt, mended, stuck
from freeswitch.orders import LEAVES
from freeswitch.payload import Unreadable, document
from freeswitch.queues import Change, Seen, agent_changes, names_of, queue_changes, variables
from freeswitch.replies import Reply
from freeswitch.socket import ConnectionLost, EventSocket
from freeswitch.upkeep import ask
from freeswitch.waiting import JOINED, NOT_OFFERED, queue_name
from freeswitch.wire import Request

log = logging.getLogger(__name__)

ROUND_SECONDS = 4.0
AGAIN_SECONDS = 1.0
BREATH_SECONDS = 0.05  # between two looks, so that many wishes at once are one


DOUBT_SECONDS = 3.0
"""How long a thing must have stood as it does before it may be stuck: an agent who is offered a call has a leg by then, and
`show channels`, which is behind by up to 0.3 s, knows it."""


class NoQueues(Exception):  # noqa: N818 - what the switch lacks
    """The switch has no mod_callcenter, or it does not answer."""


class Doubts:
    """What has looked odd, since when."""

    def __init__(self) -> None:
        self._since: dict[str, float] = {}
        self._before: frozenset[str] = frozenset()

    def older(self, doubted: frozenset[str], now: float) -> frozenset[str]:
        """Those of ``doubted`` that have been so for long enough."""
        self._since = {each: self._since.get(each, now) for each in doubted}
        return frozenset(each for each, since in self._since.items() if now - since >= DOUBT_SECONDS)

    def twice(self, found: frozenset[str]) -> frozenset[str]:
        """Those of ``found`` that were found the last time, too."""
        found, self._before = found & self._before, found
        return found


class Serving:
    """Upkeep of one switch's queues, on a connection of its own: mod_callcenter may take its time, and calls must not wait."""

    def __init__(self, address: SwitchAddress, domain: str, limits: Limits) -> None:
        self._address = address
        self._domain = domain
        self._limits = replace(limits, deadline=max(limits.deadline, 10.0))
        self._due = Flag()
        self._wanted: ServeQueues | None = None
        self._new = False  # whether the switch has not been told yet what is wanted
        self._owned: set[str] = set()  # queues and agents that were wanted once, or there when something was wanted
        self._told: dict[str, str] = {}  # the switch's variables, as we set them
        self._doubts = Doubts()
        self._ghosts: frozenset[str] = frozenset()
        self._next_mending = 0.0
        self._connection: EventSocket | None = None
        self._trouble = ""
        self._greenlet: gevent.Greenlet | None = None

    def serve(self, wanted: ServeQueues) -> None:
        """Make it so now, and keep it so."""
        self._wanted, self._new = wanted, True
        self._due.set()
        if self._greenlet is None:
            self._greenlet = gevent.spawn(self._keep)

    def look(self) -> None:
        """The switch may have been started anew, or did things while it was out of sight."""
        self._new = True
        self._due.set()

    def hears(self, headers: Mapping[str, str]) -> None:
        """An event of the switch. An agent who answers gets the rest that belongs to this queue; one whose offer is over is
        Waiting again, whatever he was before, so it is looked whether he should be."""
        if headers.get("Event-Name") == "CHANNEL_BRIDGE" and waited(headers):
            self._keep_together(headers)
        action = headers.get("CC-Action")
        if action in ("bridge-agent-fail", "bridge-agent-end"):
            self._due.set()
        elif action == "bridge-agent-start" and self._wanted is not None and self._connection is not None:
            queue, agent = headers.get("CC-Queue", ""), headers.get("CC-Agent", "")
            for rest in (line.wrap_up for line in self._wanted.lines if queue_name(line.queue) == queue):
                self._connection.tell(Request(f"api callcenter_config agent set wrap_up_time {agent} {rest}"), _unheard)

    def _keep_together(self, headers: Mapping[str, str]) -> None:
        """A caller and his agent are one, and each leaves with the other now; any other agent who answered, or is rung yet, is
        let go, and no further one is rung."""
        call = note(headers, "call")
        if self._connection is None or not call:
            return
        marks = f"{LEAVES};{ANSWERED}=;{JOINED}={NOT_OFFERED}"
        for leg in (headers.get("Bridge-A-Unique-ID", ""), headers.get("Bridge-B-Unique-ID", "")):
            self._connection.tell(Request(f"api uuid_setvar_multi {leg} {marks}"), _unheard)
        for agents in (ANSWERED, OFFERED):
            self._connection.tell(Request(f"api hupall LOSE_RACE {agents} {call}"), _unheard)

    def stop(self) -> None:
        """Leave everything as it is."""
        if self._greenlet is not None:
            self._greenlet.kill()
        self._hang_up()

    def _keep(self) -> None:
        while True:
            self._due.wait(ROUND_SECONDS)
            self._due.clear()
            if self._wanted is None:
                continue
            try:
                self._say_trouble(self._put_right(self._connected(), self._wanted))
                gevent.sleep(BREATH_SECONDS)
            except (ConnectionLost, NoQueues, ValueError) as reason:
                self._say_trouble(str(reason))
                self._hang_up()
                gevent.sleep(AGAIN_SECONDS)
            except Exception:  # a mistake of our own must not end the upkeep of all queues
                log.exception("%s: the queues were not looked after", self._address.name)
                gevent.sleep(ROUND_SECONDS)

    def _put_right(self, switch: EventSocket, wanted: ServeQueues) -> str:
        """What the switch refused, empty for nothing."""
        new, self._new = self._new, False
        seen = _look(switch)
        self._owned |= names_of(wanted) | ({row["name"] for row in (*seen.queues, *seen.agents)} if new else set())
        changes = [*self._queues(switch, wanted, seen), *agent_changes(wanted, seen, self._domain)]
        refused = self._carry_out(switch, changes, new)
        self._mend(switch, seen)
        return refused

    def _queues(self, switch: EventSocket, wanted: ServeQueues, seen: Seen) -> list[Change]:
        """The switch's variables are set at once; what follows from them comes back."""
        should, changes = variables(wanted, seen), list(queue_changes(wanted, seen))
        gone = dict.fromkeys(self._told.keys() - should.keys(), "")
        changed = {name: value for name, value in (should | gone).items() if self._told.get(name) != value}
        for name, value in changed.items():
            ask(switch, f"global_setvar {name}='{value}'")
        self._told = should
        if changes or any(name.startswith("pbx_queues_") for name in changed):
            ask(switch, "reloadxml")
        return changes

    def _mend(self, switch: EventSocket, seen: Seen) -> None:
        """What has stood for a while is looked at closely, twice: between two trunks there is no leg for a moment."""
        if time.monotonic() < self._next_mending:
            return
        self._next_mending = time.monotonic() + ROUND_SECONDS / 2
        old = self._doubts.older(in_doubt(seen), time.monotonic())
        legs = _legs(switch) if seen.agents else {}
        sure = self._doubts.twice(frozenset(stuck(seen, old, legs)))
        self._carry_out(switch, list(mended(seen, sure, legs)), False)
        self._say_ghosts(ghosts(seen, sure))

    def _carry_out(self, switch: EventSocket, changes: Iterable[Change], new: bool) -> str:
        """The first refusal; but none that only says that an agent has just ceased to wait."""
        done: list[Change] = []
        refused = ""
        for change in changes:
            answer = ask(switch, change.command).strip()
            if not answer.startswith("-ERR"):
                done.append(change)
            elif "state_if_waiting" not in change.command:
                refused = refused or f"{change.command:.60}: {answer}"
        wanted = [change.said for change in done if new or change.removes in self._owned]
        right = [change.said for change in done if not (new or change.removes in self._owned)]
        self._say(list(filter(None, wanted)), list(filter(None, right)))
        self._owned -= {change.removes for change in done}
        return refused

    # --- the connection ---

    def _connected(self) -> EventSocket:
        if self._connection is None or not self._connection.connected:
            self._hang_up()
            self._told = {}
            connection = EventSocket(self._address, self._limits)
            connection.connect()
            self._connection = connection
        return self._connection

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.stop()
        self._connection = None

    # --- what people read ---

    def _say(self, wanted: Sequence[str], right: Sequence[str]) -> None:
        """What was wanted, if it came late, in one line; what was put right, in one line each."""
        if wanted:
            log.info("%s: %s", self._address.name, ", ".join(wanted))
        for each in right:
            log.warning("%s: put right: %s", self._address.name, each)

    def _say_ghosts(self, found: Mapping[str, str]) -> None:
        """Each once."""
        for ghost in found.keys() - self._ghosts:
            log.warning("%s: of caller %s no leg is left; the switch will forget him", self._address.name, found[ghost])
        self._ghosts = frozenset(found)

    def _say_trouble(self, reason: str) -> None:
        """Once, and once more when it is over."""
        if reason and reason != self._trouble:
            log.warning("%s: the queues are not looked after: %s", self._address.name, reason)
        elif self._trouble and not reason:
            log.info("%s: the queues are looked after again", self._address.name)
        self._trouble = reason


def _look(switch: EventSocket) -> Seen:
    """Raises NoQueues, ConnectionLost."""
    queues, agents, tiers, members = (_rows(switch, f"{what} list") for what in ("queue", "agent", "tier", "member"))
    return Seen(queues, agents, tiers, members, now=int(ask(switch, "strepoch")))


def _rows(switch: EventSocket, what: str) -> list[dict[str, Any]]:
    """One of mod_callcenter's lists. As JSON, because the lines of the other form are cut where a dial string has a ``|``."""
    answer = ask(switch, f"json {json.dumps({'command': 'callcenter_config', 'data': {'arguments': what}})}")
    try:
        said = document(answer.encode())
    except Unreadable as error:
        raise NoQueues(str(error)) from None
    if not isinstance(said, dict) or not isinstance(said.get("response"), list):
        raise NoQueues(f"the switch has no mod_callcenter: {answer:.80}")
    return list(said["response"])


def _legs(switch: EventSocket) -> dict[str, Leg]:
    """Every leg."""
    rows = document(ask(switch, "show channels as json").encode()).get("rows", ())
    return {row["uuid"]: Leg(_agent_of(switch, row), row["application"] == "callcenter") for row in rows}


def _agent_of(switch: EventSocket, row: Mapping[str, str]) -> str:
    """A caller's leg names the agent he has, too; so the side is asked."""
    if row["direction"] != "outbound" or ask(switch, f"uuid_getvar {row['uuid']} cc_side").strip() != "agent":
        return ""
    return ask(switch, f"uuid_getvar {row['uuid']} cc_agent").strip()


def _unheard(_: Reply) -> None:
    """What becomes of it will be seen at the next look."""
