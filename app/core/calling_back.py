"""Called back: whoever waits presses a key, hangs up, and keeps his place.

A leg without a telephone stands in line for him, as a call of its own. When an agent has answered it, the agent's leg takes its
place as the party of that call, and from there it is as if he had dialled the customer himself.
"""

from dataclasses import replace

from app.core import limits, numbering, places
from app.core.actions import HangUp, Prompt, Say
from app.core.commands import KeepPlace, Release, Script
from app.core.directory import Directory, Queue
from app.core.events import CallerReached
from app.core.moves import finish, firmly, language_of, lead, tenant_of
from app.core.outcome import EndedBy, Outcome
from app.core.party import Party, display
from app.core.queueing import MAX_WAIT, again, in_line, queue_of
from app.core.record import STANDS_IN, Part, Record
from app.core.remember import recall, remember
from app.core.routing import Way
from app.core.states import Call, Refusing, Ringing, Talking, Waiting
from app.core.table import Step, on
from app.core.walk import onward


def ask(call: Call, state: Waiting, queue: Queue, at: float, directory: Directory) -> Step | None:
    """Let the party go, and somebody stand in for it, unless one does so already; None where nobody knows how to reach it."""
    wanted = _place_of(call, directory)
    if not wanted:
        return None
    stands = Waiting(Ringing(Way(places.of_queue(queue.name))), queue.id, state.since, wanted=wanted)
    asked_before = (queue.id, display(call.party, call.record, directory).number) in directory.promised
    keep = () if asked_before else (_keep(call, stands, queue, at, directory),)
    left = replace(call, record=call.record.close(Outcome.CALL_BACK, at))
    told = Say(Prompt.CALL_BACK, language_of(call, directory)), HangUp(Outcome.ANSWERED)
    left, commands = lead(left, Refusing(Outcome.CALL_BACK), *told)
    return left, (*commands, *keep)


def _place_of(call: Call, directory: Directory) -> str:
    """Where the party can be called: its internal number, or its public one, as far as that is one and the tenant may call it:
    nobody is promised a call that is forbidden."""
    tenant, seen = tenant_of(call, directory), display(call.party, call.record, directory).number
    if tenant is None:
        return ""
    if call.party.login:
        return seen if seen in tenant.extensions else ""
    public = numbering.as_city(seen)
    return places.of_dialled(public, tenant) if public and not limits.forbidden(public, tenant) else ""


def _keep(call: Call, state: Waiting, queue: Queue, at: float, directory: Directory) -> KeepPlace:
    id_, tenant, who = f"{call.id}{STANDS_IN}", call.record.tenant, display(call.party, call.record, directory)
    begun = Record(id_, tenant, who.number, who.name, call.party.login, call.record.dialled, at)
    number = call.record.parts[call.record.visits[-1].place].number
    record = begun.wait(Part(number, queue.name, "", at), queue.id, queue.name)
    script = Script(id_, id_, 1, (in_line(call, queue, max(0, int(at) - state.since), directory),))
    return KeepPlace(id_, script, remember(state), record)


def stand_in(kept: KeepPlace) -> Call:
    """The new call that begins with the order."""
    state = recall(kept.note)
    if state is None:
        raise ValueError(f"no note of a state: {kept.note}")
    return Call(kept.call, Party(kept.call, received=False), state, kept.record, kept.script.step, kept.script.step)


def call(call: Call, state: Waiting, agent: Party, at: float, directory: Directory) -> Step:
    """An agent has answered whoever stood in: now he rings the customer."""
    stood_in, taken = call.leg, replace(call, party=agent, state=Talking(call.party))
    taken, commands = firmly(onward(taken, Ringing(Way(state.wanted, hops=1)), at, directory))
    return taken, (*commands, Release(stood_in, Outcome.ANSWERED))


def not_answered(call: Call, state: Waiting, why: str, at: float, directory: Directory) -> Step:
    """Nobody has answered for as long as callers wait: whoever stands in does so anew, while there is anybody on duty."""
    queue = queue_of(call, state.queue, directory)
    if why == MAX_WAIT and queue is not None and queue.on_duty(at):
        return again(call, state, queue, at, (), directory)
    left = replace(call, record=call.record.close(Outcome.OVERFLOWED, at, why=why))
    ended, _nothing = finish(left, Outcome.NO_ANSWER, EndedBy.SYSTEM, at)
    return ended, (Release(call.leg, Outcome.NO_ANSWER),)


def begins_to_talk(before: Record, after: Record) -> frozenset[str]:
    """The numbers of those with whom somebody of the tenant's has begun to talk in the last step of a call, whoever called
    whom. A colleague who talks to somebody has not been served by that, unless a queue has led him there."""
    last = after.parts[-1] if after.parts else None
    if last is None or last.answered is None or not (last.login or last.is_outside):
        return frozenset()
    if last.answered in [part.answered for part in before.parts]:
        return frozenset()
    served = after.caller_number if after.visits or not after.caller_login else ""
    return frozenset(filter(None, (served, last.number if last.is_outside else "")))


@on(Waiting, CallerReached)
def _reached(call: Call, state: Waiting, event: CallerReached, _: Directory) -> Step:
    """Nobody needs to call him back any more. An agent who has answered meanwhile is let go."""
    if not state.wanted:
        return call, ()
    legs = (call.leg, *filter(None, [state.answered]))
    ended, _nothing = finish(call, Outcome.ELSEWHERE, EndedBy.SYSTEM, event.at)
    return ended, tuple(Release(leg, Outcome.ELSEWHERE) for leg in legs)
