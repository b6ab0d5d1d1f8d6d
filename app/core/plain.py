"""A plain call: somebody dials, is led to where that leads, talks, or is told why not."""

from app.core import numbering, places
from app.core.actions import HangUp, Keys, Prompt, Say, SayNumber
from app.core.attending import attend
from app.core.commands import Command, Release, SwitchKeys
from app.core.directory import Directory
from app.core.events import CallArrived, CallCameIn, CommandFailed, LegHungUp, PickupMissed, StepDone
from app.core.moves import finish, language_of, lead, refuse, side, tenant_of
from app.core.outcome import EndedBy, Outcome
from app.core.party import Party, may_transfer
from app.core.routing import Way
from app.core.states import Call, New, Refusing, Ringing, Talking
from app.core.table import Step, on
from app.core.walk import onward


@on(New, CallArrived)
def _arrived(call: Call, _: New, event: CallArrived, directory: Directory) -> Step:
    tenant = tenant_of(call, directory)
    if tenant is None:
        return refuse(call, Outcome.NOT_ALLOWED, directory)
    if (code := numbering.attends(event.dialled)) and call.party.login:
        return attend(call, *code, event.at, directory)
    if place := places.of_dialled(event.dialled, tenant):
        return onward(call, Ringing(Way(place)), event.at, directory)
    emergency = numbering.understand(event.dialled, ()).kind is numbering.Kind.EMERGENCY  # which the switch leads without us
    return refuse(call, Outcome.NO_LINE if emergency else Outcome.NO_SUCH_NUMBER, directory)


@on(New, CallCameIn)
def _came_in(call: Call, _: New, event: CallCameIn, directory: Directory) -> Step:
    """A number that is nobody's is no business of ours to speak about: the caller's own operator does."""
    if tenant_of(call, directory) is None:
        return lead(call, Refusing(Outcome.NO_SUCH_NUMBER), HangUp(Outcome.NO_SUCH_NUMBER))
    return onward(call, Ringing(Way(call.record.dialled)), event.at, directory)


@on(New, PickupMissed)
def _too_late(call: Call, _: New, event: PickupMissed, directory: Directory) -> Step:
    """Nobody is answered into silence: the reason is told before the answer, as any refusal."""
    language, outcome = language_of(call, directory), Outcome.NOTHING_TO_PICK_UP
    if not event.winner:
        return lead(call, Refusing(outcome), Say(Prompt.NOTHING_TO_PICK_UP, language), HangUp(outcome))
    told = (Say(Prompt.PICKED_UP_BY, language), SayNumber(event.winner, language))
    return lead(call, Refusing(Outcome.ELSEWHERE), *told, HangUp(Outcome.ELSEWHERE))


def keys_of_the_caller(call: Call, other: Party, directory: Directory) -> tuple[Command, ...]:
    """Who was called has had keys since he answered; a party that dialled gets them only where its tenant wants that."""
    if call.party.received or not may_transfer(call.party, other, tenant_of(call, directory)):
        return ()
    return (SwitchKeys(call.leg, Keys.TALK, bind=True),)


@on(Talking, StepDone)
def _left_alone(call: Call, state: Talking, event: StepDone, __: Directory) -> Step:
    """The other leg vanished and the switch kept this one: nobody is there to talk to."""
    if event.leg not in (call.leg, state.other.leg) or not call.runs(event.step):
        return call, ()
    if event.result not in (None, Outcome.ANSWERED, Outcome.ELSEWHERE):  # it waited for a moment before it was picked up
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


@on(Refusing, CommandFailed)
def _not_told(call: Call, state: Refusing, event: CommandFailed, __: Directory) -> Step:
    if call.runs(event.step):  # the script never ran: end the leg by the shortest way
        return call, (Release(call.leg, state.outcome),)
    if event.step == 0 and event.leg == call.leg:  # there is no such leg any more
        return finish(call, state.outcome, EndedBy.SYSTEM, event.at)
    return call, ()
