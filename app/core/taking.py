"""How whoever has won a ringing call gets it: the switch brings him the party, and everybody else is told.

Who wins is decided before (`pickup.py`). Whatever the rung telephones, or the end of their ringing, have made of the call
meanwhile is kept, and holds where the picker does not get it.
"""

from dataclasses import replace

from app.core.actions import Action, Answer, BindKeys, HangUp, Intercept, Prompt, Say, SayNumber
from app.core.commands import CancelTimer, Join, SetTimer, StopRinging
from app.core.directory import Directory
from app.core.events import (
    AgentAnswered,
    CallPickedUp,
    CommandFailed,
    LegHungUp,
    LegsJoined,
    RingFailed,
    StepDone,
    TimerFired,
)
from app.core.joining import introduce
from app.core.moves import aside, firmly, language_of, leave, partner, picked_up
from app.core.outcome import Outcome
from app.core.party import Party
from app.core.queueing import TIMER
from app.core.returning import ring_back
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

TORN = "torn"
TORN_SECONDS = 0.3  # in which two that the switch joins have surely been joined


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
    picking, commands = take(call, Party(event.leg, event.login))
    return picking, (*commands, CancelTimer(call.id, TIMER))


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
