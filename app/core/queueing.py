"""The way into a queue, and out of it: who is let in, what he hears first, and what the call log says of his stay.

The switch distributes those who wait among the agents; `waiting.py` is what happens to somebody meanwhile.
"""

from dataclasses import replace

from app.core import places
from app.core.actions import Action, Answer, BindKeys, Enqueue, Keys, Listen, Play
from app.core.commands import SetTimer
from app.core.directory import Directory, Queue, Tenant
from app.core.moves import language_of, lead, tenant_of
from app.core.outcome import Outcome
from app.core.party import display
from app.core.presenting import short
from app.core.queues import Strategy
from app.core.record import Part
from app.core.routing import Ring, Wait
from app.core.states import Call, Led, Waiting
from app.core.table import Step

TIMER = "place"

MAX_WAIT, NO_AGENTS, FULL, KEY, GONE, FAILED = "max-wait", "no-agents", "full", "key", "gone", "failed"
"""Why somebody left a queue without an agent; as they stand in the call log."""

REASONS = {MAX_WAIT: Outcome.NO_ANSWER, NO_AGENTS: Outcome.NOT_REGISTERED, FULL: Outcome.BUSY, GONE: Outcome.NO_SUCH_NUMBER}
"""What he is told where the queue leads nowhere; of what failed, that it did."""

_BRANCHES = {MAX_WAIT: places.OVERFLOW, NO_AGENTS: places.NO_AGENTS, FULL: places.FULL}


def queue_of(call: Call, id_: int, directory: Directory) -> Queue | None:
    """The tenant's queue with this id, as it is now; None if somebody has deleted it."""
    tenant = tenant_of(call, directory)
    return next((queue for queue in tenant.queues.values() if queue.id == id_), None) if tenant else None


def refusal(plan: Wait, at: float, directory: Directory) -> str:
    """Why nobody may enter the queue now; empty if he may."""
    if not plan.queue.on_duty(at):
        return NO_AGENTS
    return FULL if plan.queue.id in directory.full else ""


def exit_of(queue: Queue | None, why: str, tenant: Tenant | None) -> str:
    """The place where whoever leaves the queue for this reason goes; empty if that is nowhere."""
    if queue is None or tenant is None:
        return ""
    place = places.of_queue(queue.name)
    branches = (places.inside(place, label) for label in (_BRANCHES.get(why, places.OVERFLOW), places.OVERFLOW))
    return next((branch for branch in branches if places.find(branch, tenant) is not None), "")


def free_agents(plan: Wait, at: float, directory: Directory) -> tuple[str, ...]:
    """The accounts of the queue that may be asked about a caller now, in order."""
    return tuple(
        agent.login
        for agent in plan.queue.on_duty(at)
        if agent.login in plan.tenant.accounts and agent.login not in directory.busy
    )


def as_ring(plan: Wait, asked: str) -> Ring:
    """The queue's agents who are asked (with ``+`` between), as if they were a ring plan."""
    logins = tuple(asked.split("+")) if asked else ()
    steps = (logins,) if plan.queue.strategy is Strategy.ALL and logins else tuple((login,) for login in logins)
    return Ring(plan.tenant, plan.number, plan.queue.name, steps, plan.queue.ring, shared=True)


def stay(call: Call, plan: Wait, at: float) -> Call:
    """The call log's first line of a stay in a queue. Nobody has answered yet, although the leg is by now."""
    begun = Part(plan.number, plan.queue.name, "", at)
    return replace(call, record=call.record.wait(begun, plan.queue.id, plan.queue.name))


def enter(call: Call, led: Led, plan: Wait, at: float, rescue: tuple[Action, ...], directory: Directory) -> Step:
    """Let the party wait: it is answered, greeted, and stands in line."""
    call, queue = stay(call, plan, at), plan.queue
    heard = _hears(queue)
    keys = (BindKeys(), Listen(Keys.KEYPAD)) if heard else ()
    greeting = (Play(queue.greeting),) if queue.greeting else ()
    since = _since(call, queue, at, directory)
    state, line = Waiting(led, queue.id, since, keys=heard), in_line(call, queue, int(at) - since, directory)
    call, commands = lead(call, state, Answer(), *keys, *greeting, line, rescue=rescue)
    return call, (*commands, *announced(call, queue))


def _since(call: Call, queue: Queue, at: float, directory: Directory) -> int:
    """Since when it counts as waiting: from now on; but whoever was promised a call back, and comes again before that, stands
    before him who keeps his place."""
    kept = directory.promised.get((queue.id, display(call.party, call.record, directory).number))
    return int(at) if kept is None else min(int(at), kept - 1)


def again(call: Call, state: Waiting, queue: Queue, at: float, rescue: tuple[Action, ...], directory: Directory) -> Step:
    """Let the party, which has been taken out of the line, stand where it stood."""
    ahead = max(0, int(at) - state.since)
    state = replace(state, heard=state.heard + 1, answered="", agent="", lost="")
    call, commands = lead(call, state, in_line(call, queue, ahead, directory), rescue=rescue)
    return call, (*commands, *announced(call, queue))


def _hears(queue: Queue) -> bool:
    return bool(queue.keys or queue.call_back)


def in_line(call: Call, queue: Queue, ahead: int, directory: Directory) -> Enqueue:
    """Stand in line, as somebody who has waited for ``ahead`` seconds. Agents see of which queue he is."""
    seen = display(call.party, call.record, directory)
    who = seen.name or seen.number if call.party.login else short(seen.number) or seen.name
    name = f"{queue.name} {who}".strip()
    return Enqueue(queue.id, seen.number, name, language_of(call, directory), queue.music, queue.called, ahead)


def announced(call: Call, queue: Queue | None) -> tuple[SetTimer, ...]:
    """When the party is told next where it stands; it is nobody's business where it only stands in for somebody."""
    if queue is None or not queue.announce_every or not isinstance(call.state, Waiting) or call.state.wanted:
        return ()
    return (SetTimer(call.id, TIMER, call.state.heard, queue.announce_every),)
