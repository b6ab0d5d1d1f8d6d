"""The tables, and every change of an agent or a tier, with the event that tells of it."""

from collections.abc import Callable, Iterator
from typing import Protocol

from freeswitch.simulator.callcenter.queues import number
from freeswitch.simulator.callcenter.rows import BOX, Agent, AgentState, Member, MemberState, Status, Tier, TierState
from freeswitch.simulator.clock import Clock
from freeswitch.simulator.events import Headers
from freeswitch.simulator.legs import Leg

SUBCLASS = "callcenter::info"
TYPES = ("callback", "uuid-standby")

_NUMBERS = ("ready_time", "busy_delay_time", "reject_delay_time", "no_answer_delay_time", "max_no_answer", "wrap_up_time")


class RefusalError(Exception):
    """What is asked for cannot be done; the text is what the module says after ``-ERR``."""


class Teller(Protocol):
    """The switch as far as the books need it."""

    @property
    def clock(self) -> Clock: ...

    def tell(self, name: str, headers: Headers, subclass: str = "", body: str | None = None) -> None:
        """Fire an event that belongs to no leg."""
        ...


class Books:
    """Agents by name, tiers and members in the order they came. ``stop_ringing`` ends the calls that ring for a member."""

    def __init__(self, switch: Teller, stop_ringing: Callable[[str, str], None]) -> None:
        self._switch = switch
        self._stop_ringing = stop_ringing
        self.agents: dict[str, Agent] = {}
        self.tiers: list[Tier] = []
        self.members: list[Member] = []
        self._keys: dict[str, Callable[[Agent, str], None]] = {
            "status": self._set_status,
            "state": self._set_state,
            "uuid": lambda agent, value: setattr(agent, "uuid", value),
            "contact": self._set_contact,
            "type": self._set_type,
            "state_if_waiting": self._set_state_if_waiting,
            **dict.fromkeys(_NUMBERS, lambda _agent, _value: None),
        }

    def now(self) -> int:
        """Whole seconds, as the module counts."""
        return int(self._switch.clock.now())

    def tell(self, headers: Headers, leg: Leg | None = None) -> None:
        """A ``callcenter::info`` event; with a leg, after all that describes it."""
        if leg is None:
            self._switch.tell("CUSTOM", headers, SUBCLASS)
        else:
            leg.fire("CUSTOM", after=headers, subclass=SUBCLASS)

    # --- agents ---------------------------------------------------------------------------------------------------------

    def agent(self, name: str) -> Agent:
        """Raises RefusalError."""
        if name not in self.agents:
            raise RefusalError("Agent not found!")
        return self.agents[name]

    def add_agent(self, name: str, kind: str) -> None:
        if kind.lower() not in TYPES:
            raise RefusalError("Agent type invalid!")
        if name in self.agents:
            raise RefusalError("Agent already exist!")
        self.agents[name] = Agent(name, type=kind)
        self.tell({"CC-Agent": name, "CC-Agent-Type": kind, "CC-Action": "agent-add"})

    def delete_agent(self, name: str) -> None:
        """With all his tiers; an unknown one is no mistake."""
        self.agents.pop(name, None)
        self.tiers = [tier for tier in self.tiers if tier.agent != name]

    def change_agent(self, name: str, key: str, value: str) -> None:
        """``agent set``. Raises RefusalError."""
        agent = self.agent(name)
        key = key.lower()
        if key not in self._keys:
            raise RefusalError("Invalid Agent Update KEY!")
        if key in _NUMBERS:
            setattr(agent, key, number(value))
        self._keys[key](agent, value)

    def tell_agent(self, name: str, key: str) -> str:
        """``agent get``. Raises RefusalError."""
        agent = self.agent(name)
        if key.lower() not in ("status", "state", "uuid"):
            raise RefusalError("Invalid Agent Update KEY!")
        value = getattr(agent, key.lower()) or ""
        header = "CC-Agent-UUID" if key.lower() == "uuid" else f"CC-Agent-{key[0].upper()}{key[1:]}"
        self.tell({"CC-Agent": name, "CC-Action": f"agent-{key}-get", header: value})
        return str(value)

    def _set_status(self, agent: Agent, value: str) -> None:
        if not _known(value, Status):
            raise RefusalError("Invalid Agent Status!")
        if value.lower() != Status.AVAILABLE.lower():
            agent.status, agent.last_status_change = value, self.now()
            self._stop_ringing_for(agent)
        elif agent.status != value:
            agent.status, agent.last_status_change = value, self.now()
            agent.talk_time = agent.calls_answered = agent.no_answer_count = 0
        self.tell({"CC-Agent": agent.name, "CC-Action": "agent-status-change", "CC-Agent-Status": value})

    def _stop_ringing_for(self, agent: Agent) -> None:
        """Only of the first member found, and not where all ring (a member's row names no agent then)."""
        for member in self.members:
            if member.serving_agent == agent.name and member.serving_system == BOX and member.state != MemberState.ANSWERED:
                self._stop_ringing(member.uuid, "ORIGINATOR_CANCEL")
                return

    def _set_state(self, agent: Agent, value: str) -> None:
        if not _known(value, AgentState):
            raise RefusalError("Invalid Agent State!")
        agent.state = value
        if value.lower() == AgentState.RECEIVING.lower():
            agent.last_offered_call = self.now()
        self._tell_state(agent)

    def _set_state_if_waiting(self, agent: Agent, value: str) -> None:
        if not _known(value, AgentState):
            raise RefusalError("Invalid Agent State!")
        if agent.state != AgentState.WAITING or agent.status not in (Status.AVAILABLE, Status.ON_DEMAND):
            raise RefusalError("Agent not found!")
        agent.state = value
        self._tell_state(agent)

    def _tell_state(self, agent: Agent) -> None:
        self.tell({"CC-Agent": agent.name, "CC-Action": "agent-state-change", "CC-Agent-State": agent.state})

    def _set_contact(self, agent: Agent, value: str) -> None:
        agent.contact = value
        self.tell({"CC-Agent": agent.name, "CC-Action": "agent-contact-change", "CC-Agent-Contact": value})

    def _set_type(self, agent: Agent, value: str) -> None:
        if value.lower() not in TYPES:
            raise RefusalError("Invalid Agent Type!")
        agent.type = value

    # --- tiers ----------------------------------------------------------------------------------------------------------

    def tier(self, queue: str, agent: str) -> Tier | None:
        return next((tier for tier in self.tiers if (tier.queue, tier.agent) == (queue, agent)), None)

    def tiers_of(self, queue: str) -> Iterator[tuple[Agent, Tier]]:
        """The agents of one queue, in the order in which agents were added."""
        for agent in self.agents.values():
            tier = self.tier(queue, agent.name)
            if tier is not None:
                yield agent, tier

    def add_tier(self, queue: str, agent: str, level: int = 1, position: int = 1) -> None:
        """The queue exists. Raises RefusalError."""
        self.agent(agent)
        if self.tier(queue, agent) is not None:
            raise RefusalError("Tier already exist!")
        self.tiers.append(Tier(queue, agent, TierState.READY, level, position))

    def change_tier(self, queue: str, agent: str, key: str, value: str) -> None:
        """``tier set``. Raises RefusalError."""
        tier = self.tier(queue, agent)
        if tier is None:
            raise RefusalError("Unknown Error!")
        self.agent(agent)
        match key.lower():
            case "state" if _known(value, TierState):
                tier.state = value
            case "state":
                raise RefusalError("Invalid Tier State!")
            case "level" | "position":
                setattr(tier, key.lower(), number(value))
            case _:
                raise RefusalError("Invalid Tier Update KEY!")

    def delete_tier(self, queue: str, agent: str) -> None:
        """One that does not exist is no mistake."""
        self.tiers = [tier for tier in self.tiers if (tier.queue, tier.agent) != (queue, agent)]

    # --- members --------------------------------------------------------------------------------------------------------

    def member(self, uuid: str) -> Member | None:
        return next((member for member in self.members if member.uuid == uuid), None)

    def by_score(self) -> list[Member]:
        """Who is served first stands first; of equals, who came first."""
        now = self.now()
        return sorted(self.members, key=lambda member: -member.score(now))

    def delete_member(self, uuid: str) -> None:
        self.members = [member for member in self.members if member.uuid != uuid]

    def tell_count(self, queue: str) -> None:
        """How many wait, rung for or not."""
        waiting = (MemberState.WAITING, MemberState.TRYING)
        count = sum(member.queue == queue and member.state in waiting for member in self.members)
        headers: Headers = {"CC-Queue": queue, "CC-Action": "members-count", "CC-Count": str(count)}
        self.tell(headers | {"CC-Selection": "Single-Queue"})


def _known(value: str, among: type[Status] | type[AgentState] | type[TierState]) -> bool:
    """In any case, as ``strcasecmp``; what is kept is what was given."""
    return value.lower() in (each.lower() for each in among)
