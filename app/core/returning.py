"""A caller is never lost by a transfer: back to who sent him on, then where the tenant says, then an apology.

The same way is the rescue of every script that puts a caller aside, so the switch walks it even when nobody tells it to.
"""

from dataclasses import replace

from app.core.actions import Action, Connect, HangUp, Music, Present, Prompt, Remember, Say
from app.core.commands import Release, Script
from app.core.directory import Directory
from app.core.events import CommandFailed, LegHungUp, LegsJoined, StepDone
from app.core.moves import language_of, lead, leave, led, tenant_of
from app.core.outcome import Outcome
from app.core.party import display
from app.core.plain import answered
from app.core.record import Part
from app.core.remember import remember
from app.core.routing import caller
from app.core.states import Call, Diverting, Refusing, Returning, Sending, State
from app.core.table import Step, on

RETURN_SECONDS = 20
PAUSE_SECONDS = 10  # music between the two attempts
MUSIC_SECONDS = 60  # of somebody put aside; then he is seen to again

MARKED = {  # without a colon: of a name that holds one, the switch shows a phone only what follows it
    "pl": ("Powrót {customer}", "Powrót {customer} od {target}"),
    "en": ("Return {customer}", "Return {customer} from {target}"),
}


def put_aside(call: Call, state: State, back: str, directory: Directory) -> tuple[Call, Script]:
    """The party hears music while the account ``back`` arranges the transfer."""
    return led(call, state, Music(MUSIC_SECONDS), rescue=rescue(call, back, directory))


def keep_aside(call: Call, back: str, directory: Directory) -> Step:
    """The music goes on."""
    call, music = put_aside(call, call.state, back, directory)
    return call, (music,)


def rescue(call: Call, back: str, directory: Directory, target: str = "") -> tuple[Action, ...]:
    """The whole way back, for the switch to walk by itself."""
    way = _way_back(call, back, directory, target)
    return (Remember(remember(Returning(back))), *way, *_last_resort(call, directory))


def return_to(call: Call, back: str, at: float, directory: Directory, target: str = "") -> Step:
    """Ring the account that sent the party on to ``target``."""
    who = caller(directory, back)
    record = call.record.close(Outcome.TRANSFERRED, at).begin(Part(who.number, who.name, back, at))
    way = _way_back(call, back, directory, target)
    return lead(replace(call, record=record), Returning(back), *way, rescue=_last_resort(call, directory))


def _way_back(call: Call, back: str, directory: Directory, target: str) -> tuple[Action, ...]:
    customer = display(call.party, call.record, directory)
    short, long = MARKED.get(language_of(call, directory), MARKED["pl"])
    marked = (long if target else short).format(customer=customer.number, target=target)
    attempt = Connect((back,), RETURN_SECONDS)
    return Present(customer.number, marked), attempt, Music(PAUSE_SECONDS), attempt


def _last_resort(call: Call, directory: Directory) -> tuple[Action, ...]:
    return (*_diversion(call, directory), Say(Prompt.TRANSFER_FAILED, language_of(call, directory)), HangUp(Outcome.ANSWERED))


def _diversion(call: Call, directory: Directory) -> tuple[Action, ...]:
    tenant = tenant_of(call, directory)
    if tenant is None or tenant.transfer_fallback is None:
        return ()
    customer = display(call.party, call.record, directory)
    return Present(customer.number, customer.name), Connect((tenant.transfer_fallback.login,), tenant.ring_seconds)


on(Sending, LegsJoined)(answered)
on(Returning, LegsJoined)(answered)
on(Diverting, LegsJoined)(answered)


@on(Sending, LegHungUp)
@on(Returning, LegHungUp)
@on(Diverting, LegHungUp)
def _gave_up(call: Call, _: State, event: LegHungUp, __: Directory) -> Step:
    return leave(call, event) if event.leg == call.leg else (call, ())


@on(Sending, StepDone)
def _not_reached(call: Call, state: Sending, event: StepDone, directory: Directory) -> Step:
    if event.leg != call.leg or not call.runs(event.step):
        return call, ()
    closed = replace(call, record=call.record.close(event.result or Outcome.FAILED, event.at))
    return return_to(closed, state.back, event.at, directory, state.target)


@on(Sending, CommandFailed)
def _not_sent(call: Call, state: Sending, event: CommandFailed, directory: Directory) -> Step:
    if not call.runs(event.step):
        return call, ()
    closed = replace(call, record=call.record.close(Outcome.FAILED, event.at))
    return return_to(closed, state.back, event.at, directory, state.target)


@on(Returning, StepDone)
def _not_wanted_back(call: Call, _: Returning, event: StepDone, directory: Directory) -> Step:
    if event.leg != call.leg or not call.runs(event.step):
        return call, ()
    call = replace(call, record=call.record.close(event.result or Outcome.FAILED, event.at))
    tenant = tenant_of(call, directory)
    if tenant is None or tenant.transfer_fallback is None:
        return _apologize(call, directory)
    login = tenant.transfer_fallback.login
    who = caller(directory, login)
    call = replace(call, record=call.record.begin(Part(who.number, who.name, login, event.at)))
    return lead(call, Diverting(login), *_diversion(call, directory), rescue=_last_resort(call, directory)[-2:])


@on(Diverting, StepDone)
def _nobody_at_all(call: Call, _: Diverting, event: StepDone, directory: Directory) -> Step:
    if event.leg != call.leg or not call.runs(event.step):
        return call, ()
    return _apologize(replace(call, record=call.record.close(event.result or Outcome.FAILED, event.at)), directory)


@on(Returning, CommandFailed)
@on(Diverting, CommandFailed)
def _not_obeyed(call: Call, _: Returning | Diverting, event: CommandFailed, __: Directory) -> Step:
    if not call.runs(event.step):
        return call, ()
    return replace(call, state=Refusing(Outcome.FAILED)), (Release(call.leg, Outcome.FAILED),)


def _apologize(call: Call, directory: Directory) -> Step:
    sorry = Say(Prompt.TRANSFER_FAILED, language_of(call, directory))
    return lead(call, Refusing(Outcome.FAILED), sorry, HangUp(Outcome.ANSWERED))
