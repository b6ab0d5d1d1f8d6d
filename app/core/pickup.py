"""Picking up a call that rings elsewhere: one winner, decided here, before anyone is answered.

The call stops being one that rings in the same step in which it is given away, so nobody else can be given it.
"""

from collections.abc import Iterable
from dataclasses import replace

from app.core import numbering, places
from app.core.actions import Action, Answer, BindKeys, HangUp, Intercept, Prompt, Say, SayNumber
from app.core.commands import CancelTimer, Join, SetTimer, StopRinging
from app.core.destinations import ToAccount, ToQueue
from app.core.directory import Directory
from app.core.events import (
    AgentAnswered,
    CallArrived,
    CallEvent,
    CallPickedUp,
    CommandFailed,
    LegHungUp,
    LegsJoined,
    PickupMissed,
    RingFailed,
    StepDone,
    TimerFired,
)
from app.core.joining import introduce
from app.core.moves import aside, firmly, language_of, leave, partner, picked_up
from app.core.outcome import Outcome
from app.core.party import Party
from app.core.queueing import TIMER, queue_of
from app.core.record import Offer, Part
from app.core.returning import ring_back
from app.core.routing import Way, caller, logins_at
from app.core.states import (
    Awaiting,
    Call,
    Consulting,
    Diverting,
    HandedOver,
    PickingUp,
    Returning,
    Ringing,
    Sending,
    State,
    Talking,
    Waiting,
)
from app.core.table import TRANSITIONS, Step, on
from app.core.walk import again, wait_again

RECENTLY = 5.0  # seconds for which whoever comes too late is told who was faster

TORN = "torn"
TORN_SECONDS = 0.3  # in which two that the switch joins have surely been joined

_RINGING = (Ringing, Sending, Returning, Diverting, Consulting, HandedOver, Awaiting, Waiting)


# --- who gets which call --------------------------------------------------------------------------------------------


def decide(event: CallEvent, calls: Iterable[Call], directory: Directory) -> CallEvent:
    """Turn a dialled pickup code into what it comes to: CallPickedUp for the call that is won, or PickupMissed.

    ``calls`` are those of the same switch. Any other event comes back as it is.
    """
    if type(event) is not CallArrived:
        return event
    number, tenant = numbering.picks_up(event.dialled), directory.tenant_of(event.login)
    if number is None or tenant is None:
        return event
    own = [call for call in calls if call.record.tenant == tenant.id and call.logged]
    ringing = [(_since(call, number, directory), call.id) for call in own if _rings(call, number, directory)]
    if ringing:
        return CallPickedUp(leg=event.leg, at=event.at, call=min(ringing)[1], login=event.login)
    winner = next(filter(None, (_winner(call, number, event.at, directory) for call in own)), "")
    return PickupMissed(leg=event.leg, at=event.at, login=event.login, dialled=event.dialled, winner=winner)


def _rings(call: Call, number: str, directory: Directory) -> bool:
    """Whether the call may be taken with this number (empty: with any). What somebody has dialled outside is his own."""
    if isinstance(call.state, Waiting):
        return _waits(call, call.state, number, directory)
    way = _way(call.state)
    if not isinstance(call.state, _RINGING) or _is_taken(call) or (way and places.is_dialled(way.place)):
        return False
    return _is_rung_at(call, call.record.rung, number, directory)


def _waits(call: Call, state: Waiting, number: str, directory: Directory) -> bool:
    """With the queue's number whoever waits in it may be taken, with an agent's, or none, only who rings at him, or at any.

    Not who stands in for somebody, whom nobody can talk to, nor who is about to talk to an agent.
    """
    if state.wanted or state.answered:
        return False
    return _is_of_queue(call, state, number, directory) or bool(_offers(call, number, directory))


def _is_of_queue(call: Call, state: Waiting, number: str, directory: Directory) -> bool:
    tenant, queue = directory.tenants.get(call.record.tenant), queue_of(call, state.queue, directory)
    extension = tenant.extensions.get(number) if tenant else None
    return extension is not None and queue is not None and extension.to == ToQueue(queue.name)


def _offers(call: Call, number: str, directory: Directory) -> list[Offer]:
    """The agents' telephones that ring for the call, of those that ``number`` leads straight to (empty: all)."""
    tenant, visit = directory.tenants.get(call.record.tenant), call.record.visit
    extension = tenant.extensions.get(number) if tenant else None
    login = extension.to.login if extension and isinstance(extension.to, ToAccount) else ""
    return [one for one in (visit.offers if visit else ()) if one.ended is None and (not number or one.agent == login)]


def _since(call: Call, number: str, directory: Directory) -> float:
    """Since when it rings, or waits, where that is asked for."""
    waits = isinstance(call.state, Waiting) and not _is_of_queue(call, call.state, number, directory)
    offered = [offer.started for offer in _offers(call, number, directory)] if waits else []
    rung = call.record.rung
    return min(offered) if offered else rung.started if rung else 0.0


def _way(state: State) -> Way | None:
    return state.way if isinstance(state, Ringing | Sending | Diverting | Consulting | HandedOver | Awaiting) else None


def _is_taken(call: Call) -> bool:
    return isinstance(call.state, Consulting | Awaiting) and bool(call.state.login)


def _is_rung_at(call: Call, part: Part | None, number: str, directory: Directory) -> bool:
    """Whether ``number`` is the one that is rung, or leads straight to an account that is."""
    tenant, way = directory.tenants.get(call.record.tenant), _way(call.state)
    if part is None or tenant is None:
        return False
    if number in ("", part.number) or (way and number == places.extension_of(way.place)):
        return True
    extension, logins = tenant.extensions.get(number), logins_at(way, tenant, directory) if way else ()
    return extension is not None and isinstance(extension.to, ToAccount) and extension.to.login in (part.login, *logins)


def _winner(call: Call, number: str, at: float, directory: Directory) -> str:
    """The number of whoever has just taken the call that was wanted; empty if it was another call, or long ago."""
    if isinstance(call.state, PickingUp):
        picker, wanted = call.state.picker, _is_rung_at(call.state.before, call.record.rung, number, directory)
        return caller(directory, picker.login).number if picker and wanted else ""
    if isinstance(call.state, Awaiting):
        wanted = _is_taken(call) and _is_rung_at(call, call.record.rung, number, directory)
        return caller(directory, call.state.login).number if wanted else ""
    parts = call.record.parts
    if not parts or not (_is_taken(call) or (parts[-1].answered or 0) >= at - RECENTLY):
        return ""
    last_two = [part for part in parts[-2:] if part is parts[-1] or part.outcome is Outcome.PICKED_UP]
    return parts[-1].number if any(_is_rung_at(call, part, number, directory) for part in last_two) else ""


# --- how he gets it -------------------------------------------------------------------------------------------------


@on(Ringing, CallPickedUp)
@on(Sending, CallPickedUp)
@on(Returning, CallPickedUp)
@on(Diverting, CallPickedUp)
def _taken(call: Call, _: State, event: CallPickedUp, __: Directory) -> Step:
    return take(call, Party(event.leg, event.login))


def take(call: Call, picker: Party) -> Step:
    """Let the switch bring the party to the picker."""
    unanswered = isinstance(call.state, Ringing) and not call.record.leg_answered
    changed, script = aside(call, picker.leg, BindKeys(), Intercept(call.leg, unanswered=unanswered))
    return replace(changed, state=PickingUp(picker, script.step, call)), (script,)


@on(Waiting, CallPickedUp)
def _taken_out_of_line(call: Call, _: Waiting, event: CallPickedUp, __: Directory) -> Step:
    intercept = Intercept(call.leg, unanswered=False)
    changed, script = aside(call, event.leg, BindKeys(), intercept)
    picking = replace(changed, state=PickingUp(Party(event.leg, event.login), script.step, call))
    return picking, (script, CancelTimer(call.id, TIMER))


@on(HandedOver, CallPickedUp)
def _taken_for_the_party(call: Call, state: HandedOver, event: CallPickedUp, directory: Directory) -> Step:
    call, commands = _taken(call, state, event, directory)
    return call, (*commands, StopRinging(call.id, state.attempt, taken=True))


@on(Consulting, CallPickedUp)
def _taken_for_the_transferor(call: Call, state: Consulting, event: CallPickedUp, directory: Directory) -> Step:
    """The picker takes the target's place: his phone is answered, and then he talks to the transferor."""
    record = picked_up(call.record, event.login, event.at, directory)
    call, script = aside(replace(call, record=record), event.leg, BindKeys(), Answer())
    taken = replace(state, login=event.login, attempt=script.step, picker=event.leg)
    return replace(call, state=taken), (script, StopRinging(call.id, state.attempt, taken=True))


@on(PickingUp, LegsJoined)
def _joined(call: Call, state: PickingUp, event: LegsJoined, directory: Directory) -> Step:
    leg = partner(event, call.leg)
    if leg is None:
        return call, ()
    if state.picker is None or leg != state.picker.leg:  # answered at the same moment: the switch decides who keeps the party
        return _meanwhile(call, state, event, directory)
    record = picked_up(call.record, state.picker.login, event.at, directory).answer(event.at)
    call = replace(call, state=Talking(state.picker, ours=True), record=record, led=state.script)
    return call, introduce(call, call.party, state.picker, directory)


@on(PickingUp, AgentAnswered)
def _agent_answers(call: Call, state: PickingUp, event: AgentAnswered, _: Directory) -> Step:
    """At the same moment, for a queue; the switch decides, and that he is joined does not always say who he is."""
    waiting = state.before.state
    if event.leg != call.leg or not isinstance(waiting, Waiting):
        return call, ()
    answered = replace(state.before, state=replace(waiting, answered=event.other, agent=event.agent))
    return replace(call, state=replace(state, before=answered)), ()


@on(PickingUp, RingFailed)
@on(PickingUp, StepDone)
def _ringing_over(call: Call, state: PickingUp, event: StepDone | RingFailed, directory: Directory) -> Step:
    if state.picker is None or (event.leg, event.step) != (state.picker.leg, state.script):
        return _meanwhile(call, state, event, directory)
    told, script = aside(call, event.leg, *too_late(call, isinstance(state.missed, LegsJoined), directory))
    call, commands = _not_taken(told, state, event.at, directory)
    return call, (script, *commands)


def _meanwhile(call: Call, state: PickingUp, event: LegsJoined | StepDone | RingFailed, directory: Directory) -> Step:
    """The party's leg has changed its step with the picker's script, before or after this event: that is no difference."""
    if event.leg == call.leg and event.step in (state.before.led, state.script):
        event = replace(event, step=state.script)
    state = replace(state, missed=event)
    if state.picker is None:
        return _not_taken(call, state, event.at, directory)
    torn = isinstance(event, StepDone) and event.leg == call.leg and isinstance(state.before.state, Waiting)
    return replace(call, state=state), (SetTimer(call.id, TORN, state.script, TORN_SECONDS),) if torn else ()


@on(PickingUp, TimerFired)
def _torn(call: Call, state: PickingUp, event: TimerFired, _: Directory) -> Step:
    """Where the queue joins an agent to the party while the switch brings it to the picker, nobody has it, and each waits."""
    if state.picker is None or (event.name, event.number) != (TORN, state.script):
        return call, ()
    call = replace(call, step=call.step + 1, state=replace(state, script=call.step + 1))
    return call, (Join(call.leg, state.picker.leg, call.id, call.step),)


def too_late(call: Call, answered: bool, directory: Directory) -> tuple[Action, ...]:
    """What the picker hears whom the switch has not given the call. Who was faster is said only if somebody is known to be."""
    language = language_of(call, directory)
    if not answered:
        return Say(Prompt.NOTHING_TO_PICK_UP, language), HangUp(Outcome.NOTHING_TO_PICK_UP)
    number = call.record.parts[-1].number if call.record.parts else ""
    return Say(Prompt.PICKED_UP_BY, language), SayNumber(number, language), HangUp(Outcome.ELSEWHERE)


@on(PickingUp, CommandFailed)
def _not_obeyed(call: Call, state: PickingUp, event: CommandFailed, directory: Directory) -> Step:
    return _not_taken(call, state, event.at, directory) if state.picker and event.step == state.script else (call, ())


@on(PickingUp, LegHungUp)
def _one_left(call: Call, state: PickingUp, event: LegHungUp, directory: Directory) -> Step:
    picker = state.picker.leg if state.picker else ""
    if event.leg == call.leg:
        return leave(call, event, *filter(None, [picker]))
    if event.leg == picker and isinstance(state.missed, LegsJoined):  # he would not have got it
        return _not_taken(call, state, event.at, directory)
    if event.leg == picker:
        return firmly(_ring_again(replace(state.before, step=call.step), event.at, directory))
    if isinstance(state.missed, LegsJoined) and event.leg == partner(state.missed, call.leg):
        return replace(call, state=replace(state, missed=None)), ()  # he had it for a moment, and lost it to the picker
    return call, ()


def _not_taken(call: Call, state: PickingUp, at: float, directory: Directory) -> Step:
    """It has become meanwhile what it would have become without the picker; where nothing is known yet, that is waited for."""
    if state.missed is None:
        return replace(call, state=replace(state, picker=None)), ()
    before = replace(state.before, step=call.step, led=state.script, marked=state.before.led)
    if _was_told_in_vain(before, state.missed):
        return _ring_again(before, at, directory)
    transition = TRANSITIONS.get((type(before.state), type(state.missed)))
    return transition(before, before.state, state.missed, directory) if transition else (before, ())


def _was_told_in_vain(before: Call, missed: LegsJoined | StepDone | RingFailed) -> bool:
    """Whether nobody rings any more just because everybody was told that the call is taken, even who had answered just then."""
    if isinstance(missed, LegsJoined):
        return False
    if isinstance(missed, RingFailed):
        return missed.outcome is Outcome.ELSEWHERE
    return missed.result is Outcome.ELSEWHERE or (missed.result is None and not isinstance(before.state, HandedOver))


def _ring_again(call: Call, at: float, directory: Directory) -> Step:
    """The picker left while the switch was bringing him the party, which has been torn out of what it heard before."""
    state = call.state
    if isinstance(state, HandedOver | Awaiting):
        state = Sending(state.way, state.back, call.record.parts[-1].number)
    if isinstance(state, Ringing | Sending | Diverting):
        return again(call, state, at, directory)
    if isinstance(state, Waiting):
        return wait_again(call, state, at, directory)
    return ring_back(call, state.back, at, directory) if isinstance(state, Returning) else (call, ())
