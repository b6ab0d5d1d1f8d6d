"""An agent has answered: he hears who it is, the two are joined, and the module watches until the agent is gone."""

import math

from freeswitch.simulator import joining
from freeswitch.simulator.callcenter.pairing import Pair, dnis
from freeswitch.simulator.callcenter.rows import AgentState, MemberState, TierState
from freeswitch.simulator.channels import State
from freeswitch.simulator.clock import Signal
from freeswitch.simulator.events import Headers
from freeswitch.simulator.playing import play_file
from freeswitch.simulator.sessions import Session

BRIDGED_WITHIN = 3.0  # seconds
PERIOD = 0.1  # seconds between two looks whether the agent is still there
MANY_FILES = "ARRAY::"


class Talk:
    """``leg`` is the caller's, ``peer`` the agent's; ``called``: when the agent began to be rung."""

    def __init__(self, pair: Pair, leg: Session, peer: Session, called: int) -> None:
        self._pair = pair
        self._books = pair.books
        self._leg = leg
        self._peer = peer
        self._bell = Signal(pair.clock)
        self._times: Headers = {
            "CC-Agent-Called-Time": str(called),
            "CC-Agent-Answered-Time": str(self._books.now()),
            "CC-Member-Joined-Time": str(pair.member.joined_epoch),
        }

    def run(self) -> bool:
        """False: the two did not meet."""
        self._peer.watchers.add(self._bell)
        start = self._pair.headers("bridge-agent-start") | {"CC-Agent-UUID": self._peer.uuid}
        self._books.tell(start | self._times | self._pair.of_member() | dnis(self._leg), self._peer)
        self._announce(self._leg.get("cc_outbound_announce"))
        self._leg.set("cc_agent_found", "true")
        self._leg.set("cc_agent_uuid", self._peer.uuid)
        bridged = self._meet()
        if bridged:
            self._begin()
        self._pair.mark(self._leg, rings=False)
        if bridged:
            self._wait_for_end()
        self._peer.watchers.discard(self._bell)
        self._tell_end(bridged)
        if bridged:
            self._end()
        return bridged

    def _announce(self, files: str) -> None:
        """Read to the agent by his own thread, while the caller hears his music."""
        done = not files

        def read_out(leg: Session) -> None:
            nonlocal done
            for file in files.removeprefix(MANY_FILES).split("::") if files.startswith(MANY_FILES) else [files]:
                if leg.ready:
                    play_file(self._pair.center.switch, leg, file)
            done = True
            self._bell.wake()

        if files:
            self._peer.errand = read_out
            self._peer.wake()
        while not done and self._peer.state is State.CONSUME_MEDIA:
            self._bell.pause()

    def _meet(self) -> bool:
        """Join the two. Where both live and are not seen to talk in time, they count as joined."""
        if joining.uuid_bridge(self._leg, self._peer) and self._are_bridged():
            return True
        if not self._leg.up:
            for each in (self._peer, self._leg):
                each.set("cc_agent_bridged", "false")
            self._pair.abandon()
            self._announce(self._leg.get("cc_bridge_failed_outbound_announce"))
            self._peer.hangup("ORIGINATOR_CANCEL")
            return False
        if not self._peer.up:
            self._pair.member.state = MemberState.WAITING
            return False
        return True

    def _are_bridged(self) -> bool:
        until = self._pair.clock.now() + BRIDGED_WITHIN
        while self._peer.partner is None and self._peer.up and self._pair.clock.now() < until:
            self._bell.pause(until)
        return self._peer.partner is not None

    def _begin(self) -> None:
        now, pair = self._books.now(), self._pair
        for each in (self._leg, self._peer):
            each.set("cc_agent_bridged", "true")
        pair.member.state, pair.member.bridge_epoch = MemberState.ANSWERED, now
        self._leg.set("cc_agent", pair.agent)
        self._leg.set("cc_queue_answered_epoch", str(now))
        agent = self._books.agents.get(pair.agent)
        if agent is not None:
            agent.uuid, agent.last_bridge_start, agent.no_answer_count = self._peer.uuid, now, 0
            agent.calls_answered += 1
        tier = self._books.tier(pair.queue, pair.agent)
        if tier is not None:
            tier.state = TierState.ACTIVE
        pair.set_state(AgentState.IN_A_CALL)

    def _wait_for_end(self) -> None:
        """Until the agent's leg ends, wherever it is by then, or ``callcenter_break`` lets him go."""
        released, now = self._pair.center.released, self._pair.clock.now
        started = now()
        while self._peer.up and self._peer.uuid not in released:
            self._bell.pause()
        released.discard(self._peer.uuid)
        due = started + math.ceil((now() - started) / PERIOD) * PERIOD
        while now() < due:
            self._bell.pause(due)

    def _tell_end(self, bridged: bool) -> None:
        told = self._pair.headers("bridge-agent-end") | {"CC-Hangup-Cause": "SUCCESS", "CC-Agent-UUID": self._peer.uuid}
        told |= {"CC-Agent-Bridged": str(bridged).lower()} | self._times
        told |= {"CC-Bridge-Terminated-Time": str(self._books.now())} | self._pair.of_member()
        self._books.tell(told, self._peer)

    def _end(self) -> None:
        now, pair = self._books.now(), self._pair
        self._leg.set("cc_queue_terminated_epoch", str(now))
        agent = self._books.agents.get(pair.agent)
        if agent is not None:
            agent.uuid, agent.last_bridge_end = "", now
            agent.talk_time += now - agent.last_bridge_start
        self._books.delete_member(pair.member.uuid)
        told = pair.headers("member-queue-end") | {"CC-Hangup-Cause": "SUCCESS", "CC-Cause": "Terminated"}
        told |= {"CC-Agent-UUID": self._peer.uuid} | self._times
        self._books.tell(told | {"CC-Member-Leaving-Time": str(now)} | pair.of_member(), self._leg)
