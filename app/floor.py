"""The floor of the queues: who waits in which, in what order and for how long yet, and which agents are free to be rung.

It is told of every change of a call, and knows nothing that the calls and the directory do not tell; so after a restart it is
right again, but for how long talks have taken and who has let it ring lately.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import inf

from app.core import calling_back, engaged, serving
from app.core.call import Call
from app.core.commands import Attend, Line, OnDuty, ServeQueues
from app.core.directory import Directory, Queue, Tenant
from app.core.events import AgentAnswered, AgentMissed, CallEvent, PlaceCounted, TimerFired
from app.core.outcome import Limit, Outcome
from app.core.queueing import TIMER
from app.core.queues import Duty, PauseReason
from app.core.record import Record
from app.core.states import Aside, Ended, Waiting
from app.ledger import Ledger

FIRST_TALK_SECONDS = 180.0
"""How long a talk is thought to take of which none has been heard yet."""

RECENT_TALKS = 20


@dataclass
class _Seen:
    """What was last known of a call."""

    people: dict[str, str] = field(default_factory=dict)  # leg -> account
    rung: frozenset[str] = frozenset()
    served: str = ""  # the leg by which a queue has rung the agent who answered
    promised: tuple[int, int, str, int] | None = None  # to call back: tenant, queue, whom, and since when he waits
    outside: frozenset[tuple[int, str]] = frozenset()  # (tenant, telephone) whom a queue rings, or has given the caller to
    talked: int = 0  # visits whose talk is over and counted


@dataclass
class Floor:
    """Told of every change of a call and of the directory, it knows how the switch shall serve the queues."""

    _directory: Directory = field(default_factory=Directory)
    _waiting: dict[int, dict[str, tuple[int, float, str]]] = field(default_factory=dict)  # queue -> call -> its rank
    _talks: dict[int, deque[float]] = field(default_factory=dict)  # queue -> how long its last talks took
    _missed: dict[tuple[int, str], int] = field(default_factory=dict)  # (queue, agent) -> how often in a row he let it ring
    _seen: dict[str, _Seen] = field(default_factory=dict)
    _calling_outside: tuple[Tenant, ...] = ()  # those with agents outside
    _exhausted: Mapping[int, Limit] = field(default_factory=dict)  # those of them who may call nobody there now
    _callable: dict[int, serving.Numbers] = field(default_factory=dict)  # tenant -> the agents there who may be rung
    _rang: dict[int, dict[str, float]] = field(default_factory=dict)  # tenant -> agent outside -> when he was rung last
    _agents: frozenset[str] = frozenset()
    _busy: frozenset[str] = frozenset()  # accounts on the telephone, or rung
    _kept: frozenset[str] = frozenset()  # those of them who are so for other reasons than a queue
    _lines: tuple[Line, ...] = ()
    _on_the_floor: tuple[OnDuty, ...] = ()
    _next: float = -inf  # when the next pause ends; what is served must be found out anew then
    _served: ServeQueues | None = None  # what was said last

    # --- what it is told ---

    def take(self, directory: Directory) -> None:
        """Somebody has changed the directory."""
        self._directory, self._agents, self._next = directory, serving.agents(directory), -inf
        self._calling_outside = serving.calling_outside(directory)
        self._rang = {tenant: rang for tenant, rang in self._rang.items() if tenant in directory.tenants}
        queues = {queue.id for tenant in directory.tenants.values() for queue in tenant.queues.values()}
        self._talks = {queue: talks for queue, talks in self._talks.items() if queue in queues}
        self._missed = {key: count for key, count in self._missed.items() if key[0] in queues}

    def note(self, call: Call) -> None:
        """A call has changed, or ended."""
        for waiting in self._waiting.values():
            waiting.pop(call.id, None)
        seen = self._seen.setdefault(call.id, _Seen())
        self._count_talks(call.record, seen)
        if isinstance(call.state, Waiting):
            started = call.record.parts[-1].started if call.record.parts else 0.0
            self._waiting.setdefault(call.state.queue, {})[call.id] = (call.state.since, started, call.id)
        before = replace(seen)
        self._look(call, seen)
        if isinstance(call.state, Ended):
            del self._seen[call.id]
        if seen != before:
            self._count_busy()

    def _look(self, call: Call, seen: _Seen) -> None:
        known, seen.people, seen.rung = seen.people, engaged.people(call), engaged.rung(call, self._directory)
        if isinstance(call.state, Aside):  # of whom the call itself says no more
            seen.people = {leg: known.get(leg, "") for leg in (call.state.one, call.state.other)}
        outside, tenant = engaged.for_a_queue(call), call.record.tenant
        seen.outside = frozenset((tenant, number) for number in outside)
        self._rang.setdefault(tenant, {}).update(outside)
        seen.promised = _promised(call)
        visit = call.record.visits[-1] if call.record.visits else None
        if visit and visit.outcome is Outcome.ANSWERED and len(call.record.parts) == visit.place + 2:
            seen.served = next((leg for leg, login in seen.people.items() if login == visit.agent), "")

    def _count_busy(self) -> None:
        rung = frozenset(login for seen in self._seen.values() for login in seen.rung)
        people = [(leg == seen.served, login) for seen in self._seen.values() for leg, login in seen.people.items()]
        self._busy = rung | {login for _, login in people}
        self._kept = rung | {login for served, login in people if not served}

    def forget(self, call: str) -> None:
        """A call has ended while nobody watched."""
        for waiting in self._waiting.values():
            waiting.pop(call, None)
        if self._seen.pop(call, None):
            self._count_busy()

    def _count_talks(self, record: Record, seen: _Seen) -> None:
        for visit in record.visits[seen.talked :]:
            talk = record.parts[visit.place + 1] if len(record.parts) > visit.place + 1 else None
            if visit.outcome is None or (visit.outcome is Outcome.ANSWERED and (talk is None or talk.ended is None)):
                return
            seen.talked += 1
            if visit.outcome is Outcome.ANSWERED and talk and talk.answered and talk.ended:
                self._talks.setdefault(visit.queue, deque(maxlen=RECENT_TALKS)).append(talk.ended - talk.answered)

    # --- what it says ---

    @property
    def busy(self) -> frozenset[str]:
        """The accounts that are on the telephone, or rung."""
        return self._busy

    def full(self, tenant: Tenant) -> frozenset[int]:
        """The tenant's queues in which as many wait as may."""
        return frozenset(queue.id for queue in tenant.queues.values() if self._is_full(queue))

    @property
    def promised(self) -> dict[tuple[int, str], int]:
        """Who will be called back: queue and number, and since when he has waited."""
        kept = (seen.promised for seen in self._seen.values() if seen.promised)
        return {(queue, number): since for _, queue, number, since in kept}

    def reached(self, before: Call, after: Call) -> list[str]:
        """The calls that keep a place for somebody with whom the tenant talks since this step of another one."""
        numbers = calling_back.begins_to_talk(before.record, after.record)
        kept = ((id_, seen.promised) for id_, seen in self._seen.items() if numbers and seen.promised)
        return [id_ for id_, (tenant, _, number, _) in kept if tenant == after.record.tenant and number in numbers]

    def stranded(self) -> list[str]:
        """The calls that wait in queues which somebody has deleted."""
        queues = {queue.id for tenant in self._directory.tenants.values() for queue in tenant.queues.values()}
        return [call for queue, waiting in self._waiting.items() if queue not in queues for call in waiting]

    def _is_full(self, queue: Queue) -> bool:
        return queue.max_waiting is not None and len(self._waiting.get(queue.id, ())) >= queue.max_waiting

    def counted(self, event: CallEvent, call: Call) -> CallEvent:
        """The place of whoever is to be told it, and for how long he will probably wait yet; other events as they are."""
        if not isinstance(event, TimerFired) or event.name != TIMER or not isinstance(call.state, Waiting):
            return event
        line = sorted(self._waiting.get(call.state.queue, {}).values())
        place = next((place for place, (*_, waiting) in enumerate(line, 1) if waiting == call.id), 1)
        seconds = int(self._each(call.state.queue, event.at) * place)
        counted = {"place": place, "seconds": seconds, "number": event.number}
        return PlaceCounted(leg=call.leg, at=event.at, call=call.id, **counted)

    def _each(self, id_: int, at: float) -> float:
        """How long it takes until one more caller has his turn: a talk and the rest after it, shared by those on duty."""
        queues = (queue for tenant in self._directory.tenants.values() for queue in tenant.queues.values())
        queue = next((queue for queue in queues if queue.id == id_), None)
        if queue is None:
            return self._mean(id_)
        return (self._mean(id_) + queue.wrap_up) / max(1, len(queue.on_duty(at)))

    def _mean(self, queue: int) -> float:
        talks = self._talks.get(queue)
        return sum(talks) / len(talks) if talks else FIRST_TALK_SECONDS

    def missed(self, event: CallEvent, call: Call) -> Attend | None:
        """The pause of an agent who has let it ring too often in a row."""
        if not isinstance(event, AgentAnswered | AgentMissed) or not call.record.visits:
            return None
        key = (call.record.visits[-1].queue, event.agent)
        if isinstance(event, AgentAnswered):
            self._missed.pop(key, None)
            return None
        tenant = self._directory.tenants.get(call.record.tenant)
        queue = next((one for one in tenant.queues.values() if one.id == key[0]), None) if tenant else None
        if event.outcome is not Outcome.NO_ANSWER or queue is None or not queue.misses:
            return None
        self._missed[key] = self._missed.get(key, 0) + 1
        if self._missed[key] < queue.misses:
            return None
        del self._missed[key]
        until = event.at + queue.miss_pause
        return Attend(call.record.tenant, queue.id, event.agent, Duty.PAUSE, event.at, PauseReason.MISSED, until)

    def serve(self, at: float, ledger: Ledger) -> ServeQueues | None:
        """How the queues shall be served from now on; None if as before."""
        limits = ((tenant.id, ledger.exhausted(tenant, "", at)) for tenant in self._calling_outside)
        exhausted = {tenant: limit for tenant, limit in limits if limit is Limit.MINUTES}
        callable_ = {tenant.id: self._rationed(tenant, ledger, at) for tenant in self._calling_outside}
        if (exhausted, callable_) != (self._exhausted, self._callable):
            self._exhausted, self._callable, self._next = exhausted, callable_, -inf
        if at >= self._next:
            directory = replace(self._directory, exhausted=self._exhausted)
            self._lines, self._on_the_floor = serving.service(directory, at, self._callable)
            self._next = min((end for end in serving.ends_of_pauses(directory) if end > at), default=inf)
        wanted = ServeQueues(self._lines, self._on_the_floor, self._agents & self._kept)
        if wanted == self._served:
            return None
        self._served = wanted
        return wanted

    def _rationed(self, tenant: Tenant, ledger: Ledger, at: float) -> serving.Numbers:
        """Whoever is rung or talks for a queue is kept; the others share the lines that are left."""
        served = {number for seen in self._seen.values() for of, number in seen.outside if of == tenant.id}
        called, rung = set(ledger.called(tenant)), self._rang.get(tenant.id, {})
        return serving.rationed(tenant, at, ledger.room(tenant), served, called, rung)

    def say_again(self) -> None:
        """A switch has come that was told nothing yet."""
        self._served = None

    @property
    def changes(self) -> float:
        """When that changes by itself, because a pause ends."""
        return self._next


def _promised(call: Call) -> tuple[int, int, str, int] | None:
    if not isinstance(call.state, Waiting) or not call.state.wanted:
        return None
    return call.record.tenant, call.state.queue, call.record.caller_number, call.state.since
