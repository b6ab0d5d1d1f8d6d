"""Ten times a second the module looks who waits and which agent may be rung for him (``cc_agent_dispatch_thread_run``)."""

import math
from typing import TYPE_CHECKING

from freeswitch.simulator.callcenter.books import RefusalError
from freeswitch.simulator.callcenter.choosing import candidates
from freeswitch.simulator.callcenter.offering import RING_ALL, Offer
from freeswitch.simulator.callcenter.queues import Queue, number
from freeswitch.simulator.callcenter.rows import BOX, Agent, AgentState, Member, MemberState, Status, Tier, TierState
from freeswitch.simulator.clock import Signal

if TYPE_CHECKING:
    from freeswitch.simulator.callcenter.center import Center

PERIOD = 0.1  # seconds

_LAST = ("cc_last_agent_tier_level", "cc_last_agent_tier_position")


class Dispatcher:
    """Its thread lives while anybody is in a queue; while nobody waits it sleeps until it is woken."""

    def __init__(self, center: "Center") -> None:
        self._center = center
        self._clock = center.switch.clock
        self._started = self._clock.now()
        self._bell = Signal(self._clock)
        self._running = False
        self._beat = 0

    def wake(self) -> None:
        """Somebody has come, or is to be rung for again."""
        if not self._running:
            self._running = True
            self._center.switch.spawn(self._run)
        self._bell.wake()

    def _run(self) -> None:
        while self._center.books.members:
            self._pause()
            for member in self._center.books.by_score():
                self._serve(member)
        self._running = False

    def _pause(self) -> None:
        """Until the next beat; with only those whom nobody looks for, until there is something to do."""
        due, beat = None, self._beat
        while due is None or self._clock.now() < due:
            beat = max(self._beat, math.floor((self._clock.now() - self._started) / PERIOD)) + 1
            due = self._due(self._started + beat * PERIOD)
            self._bell.pause(due)
        self._beat = beat

    def _due(self, beat: float) -> float | None:
        members = self._center.books.members
        if any(_is_looked_for(member) for member in members):
            return beat
        gone = [member for member in members if member.state == MemberState.ABANDONED]
        return max(beat, float(min(self._discarded(member) for member in gone))) if gone else None

    def _discarded(self, member: Member) -> int:
        """The first second in which the row of a caller who has gone is deleted."""
        queue = self._center.queues.get(member.queue)
        keep = queue.discard_abandoned_after if queue is not None else 0
        return (member.abandoned_epoch or member.joined_epoch) + keep + 1

    def _serve(self, member: Member) -> None:
        """``members_callback``."""
        books = self._center.books
        if member.state != MemberState.ABANDONED and not _is_looked_for(member):
            return
        queue = self._center.queue(member.queue)
        if queue is None:
            books.delete_member(member.uuid)
        elif member.state == MemberState.ABANDONED:
            if books.now() >= self._discarded(member):
                books.delete_member(member.uuid)
        else:
            _follow_strategy(member, queue)
            self._find_agents(member, queue)

    def _find_agents(self, member: Member, queue: Queue) -> None:
        books = self._center.books
        leg = self._center.switch.find(member.session_uuid)
        level, position = (number(leg.get(name)) if leg is not None else 0 for name in _LAST)
        if queue.rings_all and member.state == MemberState.WAITING:
            member.state = MemberState.TRYING
        there = candidates(queue.strategy, books.tiers_of(queue.name), (level, position), self._center.chance)
        for agent, tier in there:
            if self._is_free(agent, tier, queue) and self._offer(member, queue, agent, tier):
                break
        queue.last_agent_exist_check = books.now()
        if there:
            queue.last_agent_exist = queue.last_agent_exist_check
        elif queue.strategy == "top-down" and leg is not None:
            for name in _LAST:
                leg.set(name, None)

    def _is_free(self, agent: Agent, tier: Tier, queue: Queue) -> bool:
        now = self._center.books.now()
        return (
            tier.state in (TierState.NO_ANSWER, TierState.READY)
            and agent.state == AgentState.WAITING
            and agent.last_bridge_end < now - agent.wrap_up_time
            and agent.ready_time <= now
            and agent.status != Status.ON_BREAK
            and not (queue.skip_agents_with_external_calls and agent.external_calls_count > 0)
        )

    def _offer(self, member: Member, queue: Queue, agent: Agent, tier: Tier) -> bool:
        """Let the agent be rung. True: that is all for this member now."""
        books = self._center.books
        if self._center.reserve_agents:
            try:
                books.change_agent(agent.name, "state_if_waiting", AgentState.RESERVED)
            except RefusalError:  # he has become busy since; that is what reserving is for
                return False
        if not queue.rings_all and member.state == MemberState.WAITING:
            member.serving_agent, member.serving_system, member.state = agent.name, BOX, MemberState.TRYING
        if member.serving_agent != (RING_ALL if queue.rings_all else agent.name):
            return True  # somebody else has him; an agent who was reserved stays so, as on the real switch
        leg = self._center.switch.find(member.session_uuid)
        if queue.strategy == "top-down" and leg is not None:
            for name, value in zip(_LAST, (tier.level, tier.position), strict=True):
                leg.set(name, str(value))
        offer = Offer(self._center, queue, agent, member)
        books.change_agent(agent.name, "state", AgentState.RECEIVING)
        for each in books.tiers:
            if each.agent == agent.name and each.queue == queue.name:
                each.state = TierState.OFFERING
            elif each.agent == agent.name and each.state == TierState.READY:
                each.state = TierState.STANDBY
        self._center.switch.spawn(offer.run)
        return not queue.rings_all


def _is_looked_for(member: Member) -> bool:
    """Whether agents are tried for him: he waits, or all may ring for him at any time."""
    return member.state == MemberState.WAITING or (member.state == MemberState.TRYING and member.serving_agent == RING_ALL)


def _follow_strategy(member: Member, queue: Queue) -> None:
    """The queue's strategy may have changed since he came."""
    if member.serving_agent == RING_ALL and not queue.rings_all:
        member.serving_agent = ""
        if member.state == MemberState.TRYING:
            member.state = MemberState.WAITING
    elif queue.rings_all and member.serving_agent == "" and member.state == MemberState.WAITING:
        member.serving_agent, member.state = RING_ALL, MemberState.TRYING
