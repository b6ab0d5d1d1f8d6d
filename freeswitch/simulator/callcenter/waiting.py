"""The application ``callcenter``: a caller waits in a queue (``callcenter_function``, ``cc_member_thread_run``)."""

from typing import TYPE_CHECKING

from freeswitch.simulator.callcenter.offering import RING_ALL
from freeswitch.simulator.callcenter.queues import Queue, number
from freeswitch.simulator.callcenter.rows import BOX, Member, MemberState
from freeswitch.simulator.clock import Signal
from freeswitch.simulator.digits import next_key
from freeswitch.simulator.events import Headers
from freeswitch.simulator.playing import play_file
from freeswitch.simulator.sessions import Session

if TYPE_CHECKING:
    from freeswitch.simulator.callcenter.center import Center

PERIOD = 0.5  # seconds between two looks at how long he has waited
SILENCE = "silence_stream://-1"


class Visit:
    """One caller's time in one queue."""

    def __init__(self, center: "Center", leg: Session, queue: Queue) -> None:
        self._center = center
        self._books = center.books
        self._leg = leg
        self._queue = queue.name
        self._music = leg.expand(leg.get("cc_moh_override") or queue.moh_sound or SILENCE)
        self._since = self._books.now()
        self._member = self._row(queue)
        self._reason = ""  # why he leaves without an agent
        self._waits = True

    def run(self) -> None:
        """Keep him until an agent has him, he may wait no longer, or he goes."""
        self._join()
        self._center.look()
        self._center.switch.spawn(self._watch)
        while self._leg.ready and not self._reason and not self._leg.is_true("cc_agent_bridged"):
            self._leg.forget_messages()
            self._listen()
        self._waits = False
        self._leg.forget_messages()
        self._leave()

    # --- coming ---------------------------------------------------------------------------------------------------------

    def _row(self, queue: Queue) -> Member:
        leg = self._leg
        answered, score = int(leg.profile.answered or 0), number(leg.get("cc_base_score"))
        return Member(
            queue=queue.name,
            instance_id=BOX,
            uuid=self._center.switch.new_id(),
            session_uuid=leg.uuid,
            cid_number=leg.get("caller_id_number"),
            cid_name=leg.get("caller_id_name"),
            system_epoch=answered,
            joined_epoch=self._since,
            base_score=score + (self._since - answered if queue.time_base_score.lower() == "system" else 0),
            serving_agent=RING_ALL if queue.rings_all else "",
        )

    def _join(self) -> None:
        leg = self._leg
        leg.set("cc_side", "member")
        leg.set("cc_member_uuid", self._member.uuid)
        leg.set("cc_agent_found", None)
        leg.set("cc_agent_bridged", None)
        leg.set("cc_queue_joined_epoch", str(self._since))
        leg.set("cc_queue", self._queue)
        self._books.tell({"CC-Queue": self._queue, "CC-Action": "member-queue-start", **self._named()}, leg)
        self._books.members.append(self._member)
        self._books.tell_count(self._queue)

    def _named(self) -> Headers:
        return {
            "CC-Member-UUID": self._member.uuid,
            "CC-Member-Session-UUID": self._leg.uuid,
            "CC-Member-CID-Name": self._leg.get("caller_id_name"),
            "CC-Member-CID-Number": self._leg.get("caller_id_number"),
        }

    # --- waiting --------------------------------------------------------------------------------------------------------

    def _listen(self) -> None:
        """One round of the music, and the keys pressed meanwhile. Of a file that cannot be had, silence is left."""
        keys = self._leg.keys
        while True:
            if not play_file(self._center.switch, self._leg, self._music, lambda: bool(keys.waiting), music=True):
                self._music = SILENCE
            if not keys.waiting or not self._leg.ready:
                return
            while keys.waiting:
                key = next_key(self._leg)
                if key in self._leg.get("cc_exit_keys"):
                    self._leg.set("cc_exit_key", key)
                    self._reason = "EXIT_WITH_KEY"
                    return

    def _watch(self) -> None:
        """A thread of its own that looks at the clock."""
        bell, clock = Signal(self._leg.clock), self._leg.clock
        while self._leg.ready and self._waits:
            queue = self._center.queue(self._queue)
            if queue is None:  # it has been taken away: nobody looks at the clock any more
                return
            if 0 < queue.max_wait_time <= self._books.now() - self._since:
                self._wait_for_ringing(bell)
                if self._leg.partner is None:
                    self._cancel("TIMEOUT")
            if self._is_without_agents(queue):
                self._cancel("NO_AGENT_TIMEOUT")
            due = clock.now() + PERIOD
            while self._waits and clock.now() < due:
                bell.pause(due)

    def _wait_for_ringing(self, bell: Signal) -> None:
        """A telephone that rings for him is waited for, however long that takes."""
        self._leg.watchers.add(bell)
        while self._leg.uuid in self._center.connecting:
            bell.pause()
        self._leg.watchers.discard(bell)

    def _is_without_agents(self, queue: Queue) -> bool:
        """There was nobody for long enough, and he has been here for long enough."""
        limit, checked = queue.max_wait_time_with_no_agent, queue.last_agent_exist_check
        missed = checked - queue.last_agent_exist
        if limit <= 0 or missed < limit or self._since > checked:
            return False
        grace = queue.max_wait_time_with_no_agent_time_reached
        return grace <= 0 or checked - self._since >= grace + limit

    def _cancel(self, reason: str) -> None:
        if self._waits:
            self._reason = reason
            self._leg.broken = True
            self._leg.wake()

    # --- going ----------------------------------------------------------------------------------------------------------

    def _leave(self) -> None:
        leg = self._leg
        found = leg.is_true("cc_agent_bridged") or leg.is_true("cc_agent_found")
        if not self._reason and not found:
            self._reason = "BREAK_OUT"
        leg.set("cc_agent_found", None)
        queue = self._center.queue(self._queue)
        if not leg.up or self._reason:
            self._abandon()
            if queue is not None:
                queue.calls_abandoned += 1
        else:
            leg.set("cc_cause", "answered")
            if queue is not None:
                queue.calls_answered += 1
        self._books.tell_count(self._queue)

    def _abandon(self) -> None:
        now, member, leg = self._books.now(), self._member, self._leg
        member.state, member.session_uuid, member.abandoned_epoch = MemberState.ABANDONED, "", now
        self._center.stop_ringing(member.uuid, "ORIGINATOR_CANCEL")
        reason = self._reason or "NONE"
        self._books.tell(
            {
                "CC-Queue": self._queue,
                "CC-Action": "member-queue-end",
                "CC-Member-Leaving-Time": str(now),
                "CC-Member-Joined-Time": str(self._since),
                "CC-Cause": "Cancel",
                "CC-Cancel-Reason": reason,
                **self._named(),
            },
            leg,
        )
        leg.set("cc_queue_canceled_epoch", str(now))
        leg.set("cc_cause", "cancel")
        leg.set("cc_cancel_reason", reason)
        self._center.look()
