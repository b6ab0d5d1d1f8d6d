"""One agent is rung for one caller, and what comes of it (``outbound_agent_thread_run``)."""

from typing import TYPE_CHECKING

from freeswitch.simulator.callcenter.pairing import Pair, dnis
from freeswitch.simulator.callcenter.queues import Queue
from freeswitch.simulator.callcenter.rows import BOX, Agent, AgentState, Member, MemberState, Status, TierState
from freeswitch.simulator.callcenter.talking import Talk
from freeswitch.simulator.channels import Profile
from freeswitch.simulator.dialling import Dialled
from freeswitch.simulator.events import Headers
from freeswitch.simulator.originate import ring_for
from freeswitch.simulator.sessions import Session
from freeswitch.simulator.sofia import exported

if TYPE_CHECKING:
    from freeswitch.simulator.callcenter.center import Center

RING_ALL = "ring-all"
UNREGISTERED_PAUSE = 5  # seconds

_NOBODYS_FAULT = ("LOSE_RACE", "ORIGINATOR_CANCEL")
_BUSY = ("NORMAL_CIRCUIT_CONGESTION", "USER_BUSY")


class Offer:
    """``agent`` and ``member`` are looked at now; what becomes of them later is asked of the books."""

    def __init__(self, center: "Center", queue: Queue, agent: Agent, member: Member) -> None:
        self._center = center
        self._books = center.books
        self._pair = Pair.of(center, queue, agent, member)
        self._member = member
        self._agent = agent
        self._contact = agent.contact or ""
        self._on_demand = agent.status == Status.ON_DEMAND
        self._missed = agent.no_answer_count
        self._paused_as = queue.agent_no_answer_status
        self._called = 0

    def run(self) -> None:
        """Ring, and see it through to the end of the talk."""
        leg = self._center.switch.find(self._pair.session)
        tier, bridged = TierState.READY, False
        if leg is None or not leg.up:
            if self._member.state != MemberState.ABANDONED:
                self._pair.abandon()
        else:
            result = self._ring(leg)
            if result.peer is None:
                self._pair.mark(leg, rings=False)
                tier = self._fail(result.cause)
            elif self._wins(result.peer):
                bridged = Talk(self._pair, leg, result.peer, self._called).run()
        self._free(tier, idle=bridged and self._on_demand)
        self._center.look()

    def _ring(self, leg: Session) -> Dialled:
        """The agent's telephone shows the caller, unless the contact says otherwise."""
        told = self._pair.headers("agent-offering") | {"CC-Agent-Type": self._pair.kind} | self._pair.of_member()
        self._books.tell(told | dnis(leg))
        name = leg.get("cc_outbound_cid_name_prefix") + (leg.get("effective_caller_id_name") or self._member.cid_name)
        number = leg.get("effective_caller_id_number") or self._member.cid_number
        self._called = self._books.now()
        contact = leg.expand(self._contact)
        self._pair.mark(leg, rings=True)
        given = self._marks() | exported(leg, "cc_export_vars")
        return ring_for(self._center.switch, _caller(name, number), contact, self._center.originate_timeout, given)

    def _marks(self) -> dict[str, str]:
        """What stands on every leg that rings for the caller."""
        return {
            "cc_queue": self._pair.queue,
            "cc_queue_joined_epoch": str(self._member.joined_epoch),
            "cc_member_uuid": self._member.uuid,
            "cc_member_session_uuid": self._pair.session,
            "cc_member_pre_answer_uuid": self._member.uuid,
            "cc_agent": self._pair.agent,
            "cc_agent_type": self._pair.kind,
            "cc_side": "agent",
            "loopback_bowout": "false",
            "loopback_bowout_on_execute": "false",
            "ignore_early_media": "true",
        }

    def _wins(self, peer: Session) -> bool:
        """Where all ring, the first who answers has the caller. Who loses that race stays on the line, alone."""
        peer.set("cc_member_pre_answer_uuid", None)
        if not self._pair.rings_all:
            return True
        member = self._member
        if member.state == MemberState.TRYING and member.serving_agent == RING_ALL:
            member.serving_agent, member.serving_system = self._pair.agent, BOX
        if member.serving_agent != self._pair.agent:
            return False
        self._center.stop_ringing(member.uuid, "LOSE_RACE")
        return True

    # --- not answered ---------------------------------------------------------------------------------------------------

    def _fail(self, cause: str) -> TierState:
        """How he is regarded afterwards in this queue."""
        member, agent = self._member, self._agent
        if (member.serving_agent, member.serving_system) == (self._pair.agent, BOX):
            member.serving_agent = member.serving_system = ""
            if member.state == MemberState.TRYING:
                member.state = MemberState.WAITING
        tier, pause = TierState.READY, 0
        if cause in _BUSY:
            pause = agent.busy_delay_time
        elif cause == "CALL_REJECTED":
            pause = agent.reject_delay_time
        elif cause == "USER_NOT_REGISTERED":
            pause = UNREGISTERED_PAUSE
        elif cause not in _NOBODYS_FAULT:
            tier, pause = TierState.NO_ANSWER, agent.no_answer_delay_time
            self._miss()
        if pause > 0:
            agent.ready_time = self._books.now() + pause
        self._tell_failure(cause)
        return tier

    def _miss(self) -> None:
        """Whoever lets it ring too often is given another status."""
        agent = self._agent
        agent.no_answer_count += 1
        if not 0 < agent.max_no_answer <= self._missed + 1:
            return
        told: Headers = {
            "CC-Agent": agent.name,
            "CC-Action": "agent-max-no-answer",
            "CC-Agent-No-Answer-Count": str(agent.max_no_answer),
            "CC-Agent-No-Answer-Status": self._paused_as,
            "CC-Member-UUID": self._member.uuid,
            "CC-Member-Session-UUID": self._pair.session,
        }
        self._books.tell(told)
        if agent.name in self._books.agents:
            self._books.change_agent(agent.name, "status", self._paused_as)

    def _tell_failure(self, cause: str) -> None:
        told = self._pair.headers("bridge-agent-fail") | {"CC-Hangup-Cause": cause}
        told |= {"CC-Agent-Called-Time": str(self._called), "CC-Agent-Aborted-Time": str(self._books.now())}
        joined: Headers = {"CC-Member-Joined-Time": str(self._member.joined_epoch)}
        self._books.tell(told | self._pair.of_member() | joined)

    def _free(self, state: TierState, idle: bool) -> None:
        """The agent may be rung again; one who is available on demand only when somebody says so."""
        for tier in self._books.tiers:
            if tier.agent != self._pair.agent:
                continue
            here = tier.queue == self._pair.queue
            if here and tier.state in (TierState.ACTIVE, TierState.STANDBY, TierState.OFFERING):
                tier.state = state
            elif not here and tier.state == TierState.STANDBY:
                tier.state = TierState.READY
        self._pair.set_state(AgentState.IDLE if idle else AgentState.WAITING)


def _caller(name: str, number: str) -> Profile:
    """Who calls, where no leg does (``switch_ivr_originate`` without a session)."""
    return Profile(
        direction="outbound",
        username="",
        name=name,
        number=number,
        original_name=name,
        original_number=number,
        destination="",
        leg="",
        channel_name="",
        dialplan="",
        context="default",
    )
