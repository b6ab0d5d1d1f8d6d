"""The transferor talks to the target while the party hears music: back with `*`, onwards by putting down.

Whoever is left by the other waits for us a moment later, and is led only then: a leg that is just leaving a pair, or just
entering one, must not be told anything.
"""

from dataclasses import replace

from app.core.commands import Command, Join, Release, SetTimer
from app.core.directory import Directory
from app.core.events import CommandFailed, ControlResumed, KeyPressed, LegHungUp, LegsJoined, StepDone, TimerFired
from app.core.excusing import excuse
from app.core.joining import DEADLINE_SECONDS, TIMER, back, introduce, join
from app.core.moves import leave, partner
from app.core.outcome import Outcome
from app.core.party import Party
from app.core.record import Record
from app.core.returning import keep_aside, return_to
from app.core.states import Aside, Call, Conferring, Ended, Inheriting
from app.core.table import Step, on

NEWS_SECONDS = 0.5  # in which it is heard that a leg has ended, after an order to it was refused


def confer(call: Call, transferor: Party, target: Party) -> Step:
    """Let the transferor talk to the target, which has answered."""
    number = call.step + 1
    conferring = replace(call, state=Conferring(transferor, target, number), step=number)
    pair = Join(target.leg, transferor.leg, call.id, number)  # the transferor is the likelier to leave in this moment
    return conferring, (pair, SetTimer(call.id, TIMER, number, DEADLINE_SECONDS))


@on(Conferring, LegsJoined)
def _together(call: Call, state: Conferring, event: LegsJoined, directory: Directory) -> Step:
    if partner(event, state.transferor.leg) != state.target.leg or event.step not in (0, state.step):
        return call, ()
    call = replace(call, state=replace(state, joined=True), record=call.record.answer(event.at, state.target.login))
    if state.back:
        return _back(call, state, event.at, state.target.leg)
    return call, introduce(call, state.transferor, state.target, directory)


@on(Conferring, KeyPressed)
def _taken_back(call: Call, state: Conferring, event: KeyPressed, _: Directory) -> Step:
    if event.leg != state.transferor.leg or event.keys != "*":
        return call, ()
    if not state.joined and not state.refused:
        return replace(call, state=replace(state, back=True)), ()
    return _back(call, state, event.at, state.target.leg)


def _back(call: Call, state: Conferring, at: float, *dropped: str) -> Step:
    call, commands = back(replace(call, record=_consulted(call, at)), state.transferor, at)
    return call, (*commands, *(Release(leg, Outcome.ANSWERED) for leg in dropped if not state.alone))


def _consulted(call: Call, at: float) -> Record:
    return call.record.close(Outcome.CANCELLED if call.record.rung else Outcome.ANSWERED, at)


@on(Conferring, LegHungUp)
def _one_left(call: Call, state: Conferring, event: LegHungUp, directory: Directory) -> Step:
    if event.leg == state.target.leg:
        return _target_left(call, state, event.at, directory)
    if event.leg == state.transferor.leg:
        return _inherit(call, state, event.at, directory)
    if event.leg != call.leg:
        return call, ()
    if state.alone:
        return leave(call, event, state.transferor.leg)
    if state.refused:
        return leave(call, event, state.transferor.leg, state.target.leg)
    call, _nothing = leave(call, event)
    return replace(call, state=Aside(state.transferor.leg, state.target.leg)), ()


def _inherit(call: Call, state: Conferring, at: float, directory: Directory) -> Step:
    """The target gets the party, as soon as it waits; where it never had the transferor, it does so already."""
    inheriting = Inheriting(state.target, state.transferor.login, state.step)
    call = replace(call, state=inheriting, record=call.record.hand_over())
    if state.alone:
        return _nobody_left(call, inheriting, at, directory)
    return join(call, state.target, state.transferor.login) if state.refused else (call, ())


def _target_left(call: Call, state: Conferring, at: float, directory: Directory) -> Step:
    """The transferor's leg will wait in a moment; unless they were no pair yet, when nobody would ever hear of it."""
    if state.joined:
        return replace(call, state=replace(state, alone=True), record=_consulted(call, at)), ()
    return excuse(replace(call, record=_consulted(call, at)), state.transferor, Outcome.NO_ANSWER, directory)


@on(Conferring, StepDone)
def _one_waits(call: Call, state: Conferring, event: StepDone, directory: Directory) -> Step:
    if (event.leg, event.step) == (call.leg, call.led):
        return keep_aside(call, state.transferor.login, event.at, directory)
    if event.step == state.step and event.leg == state.transferor.leg:
        return _back(call, state, event.at)
    if event.step == state.step and event.leg == state.target.leg:
        return join(call, state.target, state.transferor.login)
    return call, ()


@on(Conferring, CommandFailed)
def _not_joined(call: Call, state: Conferring, event: CommandFailed, _: Directory) -> Step:
    """One of the two has left, and the refusal was faster than that news: who has left says who gets the party."""
    if event.step != state.step or state.joined or state.refused:
        return call, ()
    if state.back:
        return _back(call, state, event.at, state.target.leg)
    return replace(call, state=replace(state, refused=True)), (SetTimer(call.id, TIMER, state.step, NEWS_SECONDS),)


@on(Conferring, ControlResumed)
def _deadline_again(call: Call, state: Conferring, _: ControlResumed, __: Directory) -> Step:
    return call, () if state.joined else (SetTimer(call.id, TIMER, state.step, DEADLINE_SECONDS),)


@on(Conferring, TimerFired)
def _stuck(call: Call, state: Conferring, event: TimerFired, _: Directory) -> Step:
    """They never became a pair. Nothing frees the one but the end of the other, and the target has only just come."""
    if state.joined or (event.name, event.number) != (TIMER, state.step):
        return call, ()
    if state.refused:
        return _back(call, state, event.at, state.target.leg)
    return call, (Release(state.transferor.leg, Outcome.FAILED),)


# --- the transferor has put down ------------------------------------------------------------------------------------


@on(Inheriting, StepDone)
def _target_waits(call: Call, state: Inheriting, event: StepDone, directory: Directory) -> Step:
    if (event.leg, event.step) == (state.target.leg, state.step):
        return join(call, state.target, state.back)
    if (event.leg, event.step) != (call.leg, call.led):
        return call, ()
    return _nobody_left(call, state, event.at, directory, state.target.leg)  # it should have waited long ago


@on(Inheriting, CommandFailed)
def _never_joined(call: Call, state: Inheriting, event: CommandFailed, _: Directory) -> Step:
    """The transferor was gone before the order came, so the target waits as it did before."""
    return join(call, state.target, state.back) if event.step == state.step else (call, ())


@on(Inheriting, LegHungUp)
def _another_left(call: Call, state: Inheriting, event: LegHungUp, directory: Directory) -> Step:
    if event.leg == call.leg:
        return leave(call, event, state.target.leg)
    return _nobody_left(call, state, event.at, directory) if event.leg == state.target.leg else (call, ())


def _nobody_left(call: Call, state: Inheriting, at: float, directory: Directory, *dropped: str) -> Step:
    call, commands = return_to(replace(call, record=_consulted(call, at)), state.back, at, directory)
    released: tuple[Command, ...] = tuple(Release(leg, Outcome.ANSWERED) for leg in dropped)
    return call, (*commands, *released)


# --- the party has put down -----------------------------------------------------------------------------------------


@on(Aside, LegHungUp)
def _colleague_left(call: Call, state: Aside, event: LegHungUp, _: Directory) -> Step:
    rest = {state.one: state.other, state.other: state.one}.get(event.leg)
    if rest is None:
        return call, ()
    if event.outcome is Outcome.TRANSFERRED:  # by his phone's own key: the other one is somewhere else already
        return replace(call, state=Ended()), ()
    return replace(call, state=Ended()), (Release(rest, Outcome.ANSWERED),)


@on(Aside, StepDone)
@on(Aside, CommandFailed)
def _colleague_alone(call: Call, state: Aside, event: StepDone | CommandFailed, _: Directory) -> Step:
    """The other vanished, or they were never one."""
    if event.leg not in (state.one, state.other) or event.step != call.step:
        return call, ()
    left = (event.leg,) if isinstance(event, StepDone) else (state.one, state.other)
    return replace(call, state=Ended()), tuple(Release(leg, Outcome.ANSWERED) for leg in left)
