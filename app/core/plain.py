"""A plain call: somebody dials, somebody is rung, they talk, or the caller is told why not."""

from dataclasses import replace

from app.core import routing
from app.core.actions import Connect, HangUp, Keys, Present, Prompt, Say, SayNumber
from app.core.commands import Command, Release, SwitchKeys
from app.core.directory import Directory
from app.core.events import CallArrived, CommandFailed, LegHungUp, LegsJoined, PickupMissed, StepDone
from app.core.moves import finish, language_of, lead, leave, partner, picked_up, refuse, side, tenant_of
from app.core.outcome import EndedBy, Outcome
from app.core.party import Party, may_transfer
from app.core.record import Part
from app.core.states import Call, New, Refusing, Ringing, Talking
from app.core.table import Step, on


@on(New, CallArrived)
def _arrived(call: Call, _: New, event: CallArrived, directory: Directory) -> Step:
    plan = routing.route(tenant_of(call, directory), event.dialled)
    if isinstance(plan, routing.Refuse):
        return refuse(call, plan.outcome, directory)
    call = replace(call, record=call.record.begin(Part(plan.number, plan.name, plan.login, event.at)))
    present = Present(call.record.caller_number, call.record.caller_name)
    return lead(call, Ringing(), present, Connect((plan.login,), plan.seconds))


@on(New, PickupMissed)
def _too_late(call: Call, _: New, event: PickupMissed, directory: Directory) -> Step:
    """Nobody is answered into silence: the reason is told before the answer, as any refusal."""
    language, outcome = language_of(call, directory), Outcome.NOTHING_TO_PICK_UP
    if not event.winner:
        return lead(call, Refusing(outcome), Say(Prompt.NOTHING_TO_PICK_UP, language), HangUp(outcome))
    told = (Say(Prompt.PICKED_UP_BY, language), SayNumber(event.winner, language))
    return lead(call, Refusing(Outcome.ELSEWHERE), *told, HangUp(Outcome.ELSEWHERE))


@on(Ringing, LegsJoined)
@on(Refusing, LegsJoined)
def answered(call: Call, _: object, event: LegsJoined, directory: Directory) -> Step:
    """Whoever the party's script rang has answered."""
    leg = partner(event, call.leg)
    if leg is None or (event.leg == call.leg and event.step and not call.runs(event.step)):
        return call, ()  # a pair that was torn apart again before we heard of it
    rung = call.record.parts[-1].login if call.record.parts else ""
    other = Party(leg, event.login if event.leg == leg and event.login else rung)
    record = call.record if other.login == rung else picked_up(call.record, other.login, event.at, directory)
    led = event.step if event.leg == leg and event.step else call.led
    talking = replace(call, state=Talking(other), record=record.answer(event.at), led=led)
    return talking, keys_of_the_caller(talking, other, directory)


def keys_of_the_caller(call: Call, other: Party, directory: Directory) -> tuple[Command, ...]:
    """Who was called has had keys since he answered; a party that dialled gets them only where its tenant wants that."""
    if call.party.received or not may_transfer(call.party, other, tenant_of(call, directory)):
        return ()
    return (SwitchKeys(call.leg, Keys.TALK, bind=True),)


@on(Ringing, StepDone)
def _not_answered(call: Call, _: Ringing, event: StepDone, directory: Directory) -> Step:
    if not call.runs(event.step) or event.leg != call.leg:
        return call, ()
    outcome = event.result or Outcome.FAILED
    return refuse(replace(call, record=call.record.close(outcome, event.at)), outcome, directory)


@on(Ringing, LegHungUp)
def _gave_up(call: Call, _: Ringing, event: LegHungUp, __: Directory) -> Step:
    return leave(call, event) if event.leg == call.leg else (call, ())  # one device of several; the script waits for the others


@on(Talking, StepDone)
def _left_alone(call: Call, state: Talking, event: StepDone, __: Directory) -> Step:
    """The other leg vanished and the switch kept this one: nobody is there to talk to."""
    if event.leg not in (call.leg, state.other.leg) or not call.runs(event.step):
        return call, ()
    if event.result not in (None, Outcome.ELSEWHERE):  # it waited for a moment before it was picked up
        return call, ()
    by = EndedBy.CALLEE if event.leg == call.id else EndedBy.CALLER
    ended, _nothing = finish(call, Outcome.ANSWERED, by, event.at)
    return ended, (Release(event.leg, Outcome.ANSWERED),)


@on(Refusing, LegHungUp)
def _told(call: Call, state: Refusing, event: LegHungUp, __: Directory) -> Step:
    if event.leg != call.leg:
        return call, ()
    return finish(call, state.outcome, side(call, event), event.at)


@on(Refusing, StepDone)
def _still_here(call: Call, state: Refusing, event: StepDone, __: Directory) -> Step:
    """The script should have ended the leg; one that waits again is sent away."""
    if not call.runs(event.step) or event.leg != call.leg:
        return call, ()
    return call, (Release(call.leg, state.outcome),)


@on(Ringing, CommandFailed)
@on(Refusing, CommandFailed)
def _not_obeyed(call: Call, state: Ringing | Refusing, event: CommandFailed, __: Directory) -> Step:
    if call.runs(event.step):  # the script never ran: end the leg by the shortest way
        failed = Refusing(state.outcome if isinstance(state, Refusing) else Outcome.FAILED)
        return replace(call, state=failed), (Release(call.leg, failed.outcome),)
    if event.step == 0 and isinstance(state, Refusing) and event.leg == call.leg:  # there is no such leg any more
        return finish(call, state.outcome, EndedBy.SYSTEM, event.at)
    return call, ()
