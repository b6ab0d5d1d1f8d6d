"""An agent and the caller he is rung for, and what both the ringing and the talk have to say of them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from freeswitch.simulator.callcenter.books import Books, RefusalError
from freeswitch.simulator.callcenter.queues import Queue
from freeswitch.simulator.callcenter.rows import BOX, Agent, Member, MemberState
from freeswitch.simulator.clock import Clock
from freeswitch.simulator.events import Headers
from freeswitch.simulator.legs import Leg

if TYPE_CHECKING:
    from freeswitch.simulator.callcenter.center import Center


@dataclass(frozen=True)
class Pair:
    """As the two were when the agent was chosen; a row deleted meanwhile is not missed. ``session`` is the caller's leg."""

    center: "Center"
    queue: str
    rings_all: bool
    agent: str
    kind: str
    member: Member
    session: str

    @classmethod
    def of(cls, center: "Center", queue: Queue, agent: Agent, member: Member) -> Self:
        return cls(center, queue.name, queue.rings_all, agent.name, agent.type, member, member.session_uuid)

    @property
    def books(self) -> Books:
        return self.center.books

    @property
    def clock(self) -> Clock:
        return self.center.switch.clock

    def headers(self, action: str) -> Headers:
        """What every event of the pair begins with."""
        return {"CC-Queue": self.queue, "CC-Action": action, "CC-Agent": self.agent, "CC-Agent-System": BOX}

    def of_member(self) -> Headers:
        return {
            "CC-Member-UUID": self.member.uuid,
            "CC-Member-Session-UUID": self.session,
            "CC-Member-CID-Name": self.member.cid_name,
            "CC-Member-CID-Number": self.member.cid_number,
        }

    def mark(self, leg: Leg, rings: bool) -> None:
        """Whether a telephone rings for the caller; until then he may not be sent away for having waited too long."""
        connecting = self.center.connecting
        (connecting.add if rings else connecting.discard)(leg.uuid)
        leg.wake()

    def abandon(self) -> None:
        """The caller has gone."""
        member = self.member
        member.state, member.session_uuid, member.abandoned_epoch = MemberState.ABANDONED, "", self.books.now()

    def set_state(self, state: str) -> None:
        """The agent's; one who has been deleted has none."""
        try:
            self.books.change_agent(self.agent, "state", state)
        except RefusalError:
            return


def dnis(leg: Leg) -> Headers:
    """The number the caller had dialled before he was led here, if there is one."""
    return {"CC-Member-DNIS": leg.profile.rdnis} if leg.profile.rdnis else {}
