"""What happens to a party while a script rings somebody for it: on its way, on its way back, or where nobody wanted it back."""

from dataclasses import replace

from app.core import places
from app.core.commands import Release
from app.core.directory import Directory
from app.core.events import CommandFailed, LegHungUp, LegsJoined, StepDone
from app.core.moves import leave, partner, picked_up, tenant_of
from app.core.outcome import Outcome
from app.core.party import Party
from app.core.plain import keys_of_the_caller
from app.core.returning import apologize, return_to
from app.core.routing import Way, logins_at
from app.core.states import Call, Diverting, Led, Refusing, Returning, Ringing, Sending, State, Talking
from app.core.table import Step, on
from app.core.walk import device_refused, failed, onward


@on(Ringing, LegsJoined)
@on(Sending, LegsJoined)
@on(Returning, LegsJoined)
@on(Diverting, LegsJoined)
@on(Refusing, LegsJoined)
def _answered(call: Call, state: State, event: LegsJoined, directory: Directory) -> Step:
    """Whoever the party's script rang has answered."""
    leg = partner(event, call.leg)
    if leg is None or (event.step and not call.runs(event.step)):
        return call, ()  # a pair that was torn apart again before we heard of it
    rung, part = _rung(call, state, directory), call.record.parts[-1] if call.record.parts else None
    guess = event.other_login or (rung[0] if len(rung) == 1 else "")
    login = event.login if event.leg == leg else guess  # what a leg says of itself is no guess
    other = Party(leg, login, number=part.number if part and part.is_outside and not login else "")
    record = call.record if login in ("", *rung) else picked_up(call.record, login, event.at, directory)
    led = event.step if event.leg == leg and event.step else call.led
    talking = replace(call, state=Talking(other), record=record.answer(event.at, login), led=led)
    return talking, keys_of_the_caller(talking, other, directory)


def _rung(call: Call, state: State, directory: Directory) -> tuple[str, ...]:
    """The accounts that the party's script rings. What is written down of that counts more than the directory."""
    last = call.record.parts[-1] if call.record.parts else None
    if last is None or last.login:
        return (last.login,) if last else ()
    if last.is_outside or not isinstance(state, Ringing | Sending | Diverting):
        return ()
    return logins_at(state.way, tenant_of(call, directory), directory)


# --- nobody answers -------------------------------------------------------------------------------------------------


@on(Ringing, StepDone)
@on(Sending, StepDone)
@on(Diverting, StepDone)
def _not_reached(call: Call, state: Led, event: StepDone, directory: Directory) -> Step:
    if event.leg != call.leg or not call.runs(event.step):
        return call, ()
    return failed(call, state, event.result or Outcome.FAILED, event.at, directory)


@on(Returning, StepDone)
def _not_wanted_back(call: Call, _: Returning, event: StepDone, directory: Directory) -> Step:
    if event.leg != call.leg or not call.runs(event.step):
        return call, ()
    call = replace(call, record=call.record.close(event.result or Outcome.FAILED, event.at))
    tenant = tenant_of(call, directory)
    if tenant is None or tenant.transfer_fallback is None:
        return apologize(call, directory)
    return onward(call, Diverting(Way(places.FALLBACK)), event.at, directory)


# --- somebody leaves ------------------------------------------------------------------------------------------------


@on(Ringing, LegHungUp)
@on(Sending, LegHungUp)
@on(Diverting, LegHungUp)
def _one_left(call: Call, state: Led, event: LegHungUp, directory: Directory) -> Step:
    """The party, or one device of several: the script waits for the others."""
    if event.leg == call.leg:
        return leave(call, event)
    return device_refused(call, state, event.outcome, directory), ()


@on(Returning, LegHungUp)
def _gave_up(call: Call, _: Returning, event: LegHungUp, __: Directory) -> Step:
    return leave(call, event) if event.leg == call.leg else (call, ())


# --- the switch does not obey ---------------------------------------------------------------------------------------


@on(Sending, CommandFailed)
def _not_sent(call: Call, state: Sending, event: CommandFailed, directory: Directory) -> Step:
    if not call.runs(event.step):
        return call, ()
    closed = replace(call, record=call.record.close(Outcome.FAILED, event.at))
    return return_to(closed, state.back, event.at, directory, state.target)


@on(Ringing, CommandFailed)
@on(Returning, CommandFailed)
@on(Diverting, CommandFailed)
def _not_obeyed(call: Call, _: State, event: CommandFailed, __: Directory) -> Step:
    """The script never ran: end the leg by the shortest way."""
    if not call.runs(event.step):
        return call, ()
    return replace(call, state=Refusing(Outcome.FAILED)), (Release(call.leg, Outcome.FAILED),)
