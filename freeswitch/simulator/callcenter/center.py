"""The module as one piece: its queues, its books, who is called for whom."""

import logging
import random
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from freeswitch.simulator.attempt import DEFAULT_TIMEOUT
from freeswitch.simulator.callcenter.books import Books, RefusalError
from freeswitch.simulator.callcenter.dispatching import Dispatcher
from freeswitch.simulator.callcenter.queues import Queue, configuration, number
from freeswitch.simulator.callcenter.waiting import Visit
from freeswitch.simulator.channels import truth
from freeswitch.simulator.dialling import Dialler
from freeswitch.simulator.events import Headers
from freeswitch.simulator.playing import Library
from freeswitch.simulator.sessions import Session

log = logging.getLogger(__name__)

_OF_AGENTS = (
    "contact",
    "status",
    "wrap-up-time",
    "max-no-answer",
    "reject-delay-time",
    "busy-delay-time",
    "no-answer-delay-time",
)


class Exchange(Dialler, Library, Protocol):
    """The switch as the module sees it."""

    @property
    def legs(self) -> Mapping[str, Session]: ...

    def find(self, leg: str) -> Session | None: ...

    def tell(self, name: str, headers: Headers, subclass: str = "", body: str | None = None) -> None: ...


class Center:
    """``file`` is its configuration; ``chance`` decides the strategy ``random``."""

    def __init__(self, switch: Exchange, file: Path, chance: random.Random) -> None:
        self.switch = switch
        self.chance = chance
        self.queues: dict[str, Queue] = {}
        self.books = Books(switch, self.stop_ringing)
        self.reserve_agents = False
        self.originate_timeout = DEFAULT_TIMEOUT
        self.connecting: set[str] = set()  # legs of members for whom a telephone rings (CC_APP_AGENT_CONNECTING)
        self.released: set[str] = set()  # legs of agents that callcenter_break has let go (CC_APP_SHOULD_BREAK)
        self._file = file
        self._configuration = ElementTree.Element("configuration")
        self._dispatcher = Dispatcher(self)

    def start(self) -> None:
        """What the module does when it is loaded: every queue, agent and tier of the configuration."""
        self.read()
        whole = self._configuration
        settings = {param.get("name", ""): param.get("value", "") for param in whole.iterfind("settings/param")}
        self.reserve_agents = truth(settings.get("reserve-agents", ""))
        self.originate_timeout = number(settings.get("agent-originate-timeout", "")) or DEFAULT_TIMEOUT
        for element in whole.iterfind("queues/queue"):
            queue = Queue.read(element)
            self.queues[queue.name] = queue
        self._take_agents()
        self._take_tiers()

    def read(self) -> str:
        """``reloadxml``: what is loaded from now on. Queues that are loaded stay as they are."""
        try:
            self._configuration = configuration(self._file, self.switch.defaults)
        except ElementTree.ParseError as error:
            return f"-ERR [{error}]\n"
        return "+OK [Success]\n"

    # --- queues ---------------------------------------------------------------------------------------------------------

    def queue(self, name: str) -> Queue | None:
        """The queue; one that is not loaded is looked for in the configuration (``get_queue``)."""
        return self.queues.get(name) or self._read(name)

    def load(self, name: str) -> bool:
        """``queue load``: afresh, with all agents and tiers of the configuration. False: there is no such queue."""
        if self._read(name) is None:
            return False
        self._take_agents()
        self._take_tiers()
        return True

    def unload(self, name: str) -> None:
        """``queue unload``. Whoever waits in it stays there, and so does his music."""
        if self.queues.pop(name, None) is None:
            log.error("[%s] Invalid queue", name)

    def load_agent(self, name: str) -> None:
        """``agent reload``."""
        self._take_agents(name)

    def load_tiers(self, queue: str, agent: str | None) -> bool:
        """``tier reload``; ``all`` stands for every queue. False: none fitted."""
        return self._take_tiers(None if queue.lower() == "all" else queue, agent)

    def _read(self, name: str) -> Queue | None:
        for element in self._configuration.iterfind("queues/queue"):
            if element.get("name") == name:
                self.queues[name] = Queue.read(element)
                return self.queues[name]
        return None

    def _take_agents(self, only: str | None = None) -> None:
        for element in self._configuration.iterfind("agents/agent"):
            name, kind = element.get("name", ""), element.get("type", "")
            if not kind or only not in (None, name):
                continue
            if name in self.books.agents:
                self.books.change_agent(name, "type", kind)
            else:
                self.books.add_agent(name, kind)
            for key in _OF_AGENTS:
                value = element.get(key)
                if value is not None:
                    self.books.change_agent(name, key.replace("-", "_"), value)

    def _take_tiers(self, queue: str | None = None, agent: str | None = None) -> bool:
        taken = False
        for element in self._configuration.iterfind("tiers/tier"):
            whose = element.get("queue", ""), element.get("agent", "")
            if queue not in (None, whose[0]) or agent not in (None, whose[1]):
                continue
            taken = True
            level, position = (number(element.get(name) or "1") for name in ("level", "position"))
            tier = self.books.tier(*whose)
            if tier is not None:
                tier.level, tier.position = level, position
                continue
            try:
                self.books.add_tier(*whose, level, position)
            except RefusalError as refusal:
                log.error("tier of %s in %s: %s", whose[1], whose[0], refusal)
        return taken

    # --- callers --------------------------------------------------------------------------------------------------------

    def wait(self, leg: Session, text: str) -> None:
        """The application ``callcenter QUEUE``."""
        name = text.split(" ")[0]
        queue = self.queue(name) if name else None
        if queue is None:
            log.warning("leg %s: queue %s not found", leg.uuid, name)
            return
        leg.answer()
        Visit(self, leg, queue).run()

    def look(self) -> None:
        """Something has changed for somebody who waits."""
        self._dispatcher.wake()

    def stop_ringing(self, member: str, cause: str) -> None:
        """Hang up every telephone that rings for a member (``switch_core_session_hupall_matching_var``)."""
        for leg in tuple(self.switch.legs.values()):
            if leg.get("cc_member_pre_answer_uuid") == member:
                leg.hangup(cause)

    def release(self, leg: str) -> bool:
        """``callcenter_break agent LEG``: regard the agent's talk as over. False: there is no such leg."""
        session = self.switch.find(leg)
        if session is None:
            return False
        self.released.add(leg)
        session.wake()
        return True
