"""Two legs are brought together by us: the transferor has his caller back, or the caller gets the target."""

from dataclasses import replace

from app.core.actions import Keys
from app.core.commands import Command, Join, KeepTogether, Release, SetTimer, Show, SwitchKeys
from app.core.directory import Directory
from app.core.events import CommandFailed, ControlResumed, LegHungUp, LegsJoined, StepDone, TimerFired
from app.core.moves import leave, partner, tenant_of
from app.core.outcome import Outcome
from app.core.party import Party, display, may_transfer
from app.core.plain import keys_of_the_caller
from app.core.returning import return_to
from app.core.states import Call, Joining, Talking
from app.core.table import Step, on

TIMER = "join"
DEADLINE_SECONDS = 2.0  # a pair is one after a tenth of a second, or never


def join(call: Call, other: Party, back: str) -> Step:
    """Let the party talk to ``other``; if that fails it returns to the account ``back``."""
    number = call.step + 1
    joining = replace(call, state=Joining(other, back), step=number, led=number, marked=0)
    return joining, (Join(call.leg, other.leg, call.id, number), SetTimer(call.id, TIMER, number, DEADLINE_SECONDS))


def back(call: Call, transferor: Party, at: float) -> Step:
    """The transferor has the party again, as if he had pressed nothing."""
    return join(replace(call, record=call.record.resume(at)), transferor, transferor.login)


def introduce(call: Call, one: Party, other: Party, directory: Directory) -> tuple[Command, ...]:
    """Two who have been joined see each other on their displays."""
    shown = [(leg, display(who, call.record, directory)) for leg, who in ((one.leg, other), (other.leg, one))]
    return tuple(Show(leg, who.number, who.name) for leg, who in shown)


@on(Joining, LegsJoined)
def _together(call: Call, state: Joining, event: LegsJoined, directory: Directory) -> Step:
    if state.alone or partner(event, call.leg) != state.other.leg or event.step not in (0, call.led):
        return call, ()
    call = replace(call, state=Talking(state.other, ours=True), record=call.record.answer(event.at))
    commands: list[Command] = [KeepTogether(call.leg, state.other.leg), *introduce(call, call.party, state.other, directory)]
    if may_transfer(state.other, call.party, tenant_of(call, directory)):
        commands.append(SwitchKeys(state.other.leg, Keys.TALK))
    return call, (*commands, *keys_of_the_caller(call, state.other, directory))


@on(Joining, LegHungUp)
def _one_left(call: Call, state: Joining, event: LegHungUp, _: Directory) -> Step:
    """A party that loses the other half way waits for us a moment later; what it were told before that would be lost."""
    if event.leg == call.leg:
        return leave(call, event, *_who_is_left(state))
    if event.leg != state.other.leg or state.alone:
        return call, ()
    return replace(call, state=replace(state, alone=True)), ()


def _who_is_left(state: Joining) -> tuple[str, ...]:
    return () if state.alone else (state.other.leg,)


@on(Joining, ControlResumed)
def _deadline_again(call: Call, _: Joining, __: ControlResumed, ___: Directory) -> Step:
    return call, (SetTimer(call.id, TIMER, call.led, DEADLINE_SECONDS),)


@on(Joining, TimerFired)
def _stuck(call: Call, state: Joining, event: TimerFired, directory: Directory) -> Step:
    """Nothing frees the party but the end of the other leg; then it waits for us."""
    if (event.name, event.number) != (TIMER, call.led):
        return call, ()
    if state.alone:
        return return_to(call, state.back, event.at, directory)
    return call, (Release(state.other.leg, Outcome.FAILED), SetTimer(call.id, TIMER, call.led, DEADLINE_SECONDS))


@on(Joining, StepDone)
@on(Joining, CommandFailed)
def _not_joined(call: Call, state: Joining, event: StepDone | CommandFailed, directory: Directory) -> Step:
    if event.step != call.led or event.leg != call.leg:
        return call, ()
    call, commands = return_to(call, state.back, event.at, directory)
    return call, (*commands, *(Release(leg, Outcome.ANSWERED) for leg in _who_is_left(state)))
