"""What happens to a party that waits in a queue: agents are rung for it, one answers, it hears its place, it leaves."""

from dataclasses import replace

from app.core import calling_back, places
from app.core.actions import Keys, Prompt, Say, SayNumber, SayWait
from app.core.commands import CancelTimer, Command, Release, SwitchKeys, Tell
from app.core.directory import Directory
from app.core.events import (
    AgentAnswered,
    AgentMissed,
    AgentRung,
    CommandFailed,
    ControlResumed,
    KeyPressed,
    LegHungUp,
    LegsJoined,
    PlaceCounted,
    QueueClosed,
    StepDone,
)
from app.core.moves import finish, language_of, partner, side, tenant_of
from app.core.outcome import EndedBy, Outcome
from app.core.party import Party
from app.core.plain import keys_of_the_caller
from app.core.queueing import FAILED, GONE, KEY, MAX_WAIT, NO_AGENTS, TIMER, announced, queue_of
from app.core.queues import Strategy
from app.core.record import Part
from app.core.routing import Way, caller
from app.core.states import Call, Talking, Waiting
from app.core.table import Step, on
from app.core.walk import onward, out_of_line, wait_again

# --- agents ---------------------------------------------------------------------------------------------------------


@on(Waiting, AgentRung)
def _offered(call: Call, _: Waiting, event: AgentRung, __: Directory) -> Step:
    visit = call.record.visit
    if visit is None or event.leg != call.leg:
        return call, ()
    return replace(call, record=call.record.during(visit.offer(event.agent, event.at))), ()


@on(Waiting, AgentMissed)
def _missed(call: Call, state: Waiting, event: AgentMissed, directory: Directory) -> Step:
    if event.leg != call.leg:
        return call, ()
    if event.other:
        return _left_at_the_answer(call, state, event, directory)
    if event.agent == state.agent:  # he had answered, and did not wait for the caller
        return _without_agent(call, state, event.outcome, event.at, directory)
    return _not_taken(call, event.agent, event.outcome, event.at), ()


def _not_taken(call: Call, agent: str, outcome: Outcome, at: float) -> Call:
    visit = call.record.visit
    return replace(call, record=call.record.during(visit.offered(agent, outcome, at))) if visit else call


def _left_at_the_answer(call: Call, state: Waiting, event: AgentMissed, directory: Directory) -> Step:
    """The caller stands in line anew where the queue would ring nobody for him any more; once, whatever is heard first."""
    if event.other not in (state.answered, state.lost):
        return call, ()
    queue = queue_of(call, state.queue, directory)
    if queue is not None and queue.strategy is Strategy.ALL:
        return _again(call, state, event.at, directory)
    return _without_agent(call, state, event.outcome, event.at, directory) if state.answered else (call, ())


def _without_agent(call: Call, state: Waiting, outcome: Outcome, at: float, directory: Directory) -> Step:
    """He who had answered has gone, and the party waits on; unless the queue has gone meanwhile as well."""
    waiting = replace(state, answered="", agent="", lost=state.answered)
    call = _not_taken(replace(call, state=waiting), state.agent, outcome, at)
    return _if_open(call, waiting, at, directory)


@on(Waiting, AgentAnswered)
def _answered(call: Call, state: Waiting, event: AgentAnswered, _: Directory) -> Step:
    """He may be told something before he has the caller; until then the caller stays where he is."""
    if event.leg != call.leg:
        return call, ()
    if event.other == state.lost:  # that he has gone again was heard first
        return _not_taken(call, event.agent, Outcome.NO_ANSWER, event.at), ()
    return replace(call, state=replace(state, answered=event.other, agent=event.agent)), ()


@on(Waiting, LegsJoined)
def _joined(call: Call, state: Waiting, event: LegsJoined, directory: Directory) -> Step:
    leg = partner(event, call.leg)
    if leg is None or (event.step and not call.runs(event.step)):
        return call, ()  # a pair that was torn apart again before we heard of it
    agent = _agent(call, state, event, leg)
    other, record = _who(call, leg, agent, directory), call.record.close(Outcome.ANSWERED, event.at, agent)
    call = replace(call, record=record)
    if state.wanted:
        return calling_back.call(call, state, other, event.at, directory)
    talking = replace(call, state=Talking(other), record=record.begin(_talk(other, event.at, directory)).answer(event.at))
    keys = keys_of_the_caller(talking, other, directory) or _no_more_keys(call, state)
    return talking, (CancelTimer(call.id, TIMER), *keys)


def _agent(call: Call, state: Waiting, event: LegsJoined, leg: str) -> str:
    """The key of whoever has answered on ``leg``: what the queue says, then what the leg says, then who was rung."""
    if state.answered == leg:
        return state.agent
    says = event.login or event.number if event.leg == leg else event.other_login
    rung = [offer.agent for offer in call.record.visits[-1].offers if offer.ended is None] if call.record.visits else []
    strangers = [agent for agent in rung if agent.startswith("+")]  # a guess makes nobody a colleague, who has keys
    return says or (strangers[0] if len(strangers) == 1 else "")


def _who(call: Call, leg: str, agent: str, directory: Directory) -> Party:
    tenant = tenant_of(call, directory)
    return Party(leg, agent) if tenant and agent in tenant.accounts else Party(leg, number=agent)


def _talk(other: Party, at: float, directory: Directory) -> Part:
    if not other.login:
        return Part(other.number, "", "", at)
    who = caller(directory, other.login)
    return Part(who.number, who.name, other.login, at)


def _no_more_keys(call: Call, state: Waiting) -> tuple[Command, ...]:
    """Those of the queue are not to be taken for a talk's."""
    own = call.party.received and call.party.login
    return (SwitchKeys(call.leg, Keys.TALK if own else Keys.NONE),) if state.keys else ()


@on(Talking, AgentAnswered)
def _joined_already(call: Call, state: Talking, event: AgentAnswered, directory: Directory) -> Step:
    """That they talk was heard first, and perhaps not of whom."""
    visit = call.record.visits[-1] if call.record.visits else None
    if event.leg != call.leg or event.other != state.other.leg or visit is None or visit.agent:
        return call, ()
    other = _who(call, event.other, event.agent, directory)
    record = call.record.during(visit.named(event.agent, event.at))
    named = replace(_talk(other, event.at, directory), started=record.parts[-1].started, answered=record.parts[-1].answered)
    call = replace(call, state=replace(state, other=other), record=replace(record, parts=(*record.parts[:-1], named)))
    return call, keys_of_the_caller(call, other, directory)


# --- it leaves ------------------------------------------------------------------------------------------------------


@on(Waiting, LegHungUp)
def _one_left(call: Call, state: Waiting, event: LegHungUp, directory: Directory) -> Step:
    """The party gives up; or the agent does, before he had it: then it goes on waiting."""
    if event.leg == call.leg:
        call, _nothing = finish(call, Outcome.ABANDONED, side(call, event), event.at)
        return call, tuple(Release(leg, Outcome.CANCELLED) for leg in filter(None, [state.answered]))
    if event.leg != state.answered:
        return replace(call, state=replace(state, lost=event.leg)), ()
    return _without_agent(call, state, Outcome.NO_ANSWER, event.at, directory)


@on(Waiting, StepDone)
def _wait_over(call: Call, state: Waiting, event: StepDone, directory: Directory) -> Step:
    if state.answered and event.leg == state.answered:  # the two could not be joined, and he waits for nobody
        return _without_agent(call, state, Outcome.FAILED, event.at, directory)
    if event.leg != call.leg or not call.runs(event.step):
        return call, ()
    if event.result is Outcome.ANSWERED:
        return _talked_unheard(call, state, event, directory)
    if event.result is None and (state.lost or state.answered):  # he was too short on the line to become a pair
        return _again(call, state, event.at, directory)
    why = {Outcome.NO_ANSWER: MAX_WAIT, Outcome.NOT_REGISTERED: NO_AGENTS}.get(event.result or Outcome.FAILED, FAILED)
    return _leave(call, state, why, event.at, directory)


def _talked_unheard(call: Call, state: Waiting, event: StepDone, directory: Directory) -> Step:
    """An agent has had the party, and is gone, while nobody listened. Who only stood in for somebody stands in line again."""
    if state.wanted:
        return _again(call, state, event.at, directory)
    agent = event.agent or state.agent
    record = call.record.close(Outcome.ANSWERED, event.at, agent)
    talk = _talk(_who(call, "", agent, directory), event.at, directory)
    closed = replace(call, record=record.begin(talk).answer(event.at))
    ended, _nothing = finish(closed, Outcome.ANSWERED, EndedBy.CALLEE, event.at)
    return ended, (CancelTimer(call.id, TIMER), Release(event.leg, Outcome.ANSWERED))


def _again(call: Call, state: Waiting, at: float, directory: Directory) -> Step:
    call = _not_taken(call, state.agent, Outcome.NO_ANSWER, at)
    if queue_of(call, state.queue, directory) is None:
        return _leave(call, state, GONE, at, directory)
    return _left(call, state, wait_again(call, state, at, directory))


@on(Waiting, CommandFailed)
def _not_obeyed(call: Call, state: Waiting, event: CommandFailed, directory: Directory) -> Step:
    return _leave(call, state, FAILED, event.at, directory) if call.runs(event.step) else (call, ())


@on(Waiting, QueueClosed)
def _closed(call: Call, state: Waiting, event: QueueClosed, directory: Directory) -> Step:
    """Whoever is about to talk to an agent of a queue that is no more may do so."""
    return (call, ()) if state.answered else _if_open(call, state, event.at, directory)


def _if_open(call: Call, state: Waiting, at: float, directory: Directory) -> Step:
    """Nobody waits on in a queue that somebody has deleted: the switch would let him do so for ever."""
    if queue_of(call, state.queue, directory) is not None:
        return call, ()
    return _leave(call, state, GONE, at, directory)


def _leave(call: Call, state: Waiting, why: str, at: float, directory: Directory) -> Step:
    if state.wanted:
        return calling_back.not_answered(call, state, why, at, directory)
    return _left(call, state, out_of_line(call, state, why, at, directory))


def _left(before: Call, state: Waiting, step: Step) -> Step:
    """An agent who has answered meanwhile is not to bring the party back."""
    call, commands = step
    dropped = tuple(Release(leg, Outcome.CANCELLED) for leg in filter(None, [state.answered]))
    return call, (CancelTimer(before.id, TIMER), *dropped, *commands)


# --- it presses a key, or is told where it stands -------------------------------------------------------------------


@on(Waiting, KeyPressed)
def _key(call: Call, state: Waiting, event: KeyPressed, directory: Directory) -> Step:
    """Whoever is about to talk to an agent who has answered is not led away from him any more."""
    queue = queue_of(call, state.queue, directory)
    if event.leg != call.leg or state.answered or state.wanted or queue is None:
        return call, ()
    if event.keys == queue.call_back:
        asked = calling_back.ask(call, state, queue, event.at, directory)
        sorry = Tell(call.leg, (Say(Prompt.NO_CALL_BACK, language_of(call, directory)),))
        return _left(call, state, asked) if asked else (call, (sorry,))
    if event.keys not in queue.keys:
        return call, ()
    left = replace(call, record=call.record.close(Outcome.OVERFLOWED, event.at, why=KEY))
    chosen = Way(places.inside(places.of_queue(queue.name), event.keys), hops=1)  # a person's choice, as in a menu
    return _left(call, state, onward(left, replace(state.led, way=chosen), event.at, directory))


@on(Waiting, PlaceCounted)
def _told(call: Call, state: Waiting, event: PlaceCounted, directory: Directory) -> Step:
    """Nothing is played into a talk that is about to begin."""
    queue = queue_of(call, state.queue, directory)
    if event.leg != call.leg or event.number != state.heard or queue is None:
        return call, ()
    call, language = replace(call, state=replace(state, heard=state.heard + 1)), language_of(call, directory)
    place = Say(Prompt.PLACE, language), SayNumber(str(event.place), language)
    told = Tell(call.leg, (*place, SayWait(event.seconds, language), Say(Prompt.PATIENCE, language)))
    return call, (*(() if state.answered else (told,)), *announced(call, queue))


@on(Waiting, ControlResumed)
def _still_waits(call: Call, state: Waiting, event: ControlResumed, directory: Directory) -> Step:
    call, commands = _if_open(call, state, event.at, directory)
    return call, (*commands, *announced(call, queue_of(call, state.queue, directory)))
