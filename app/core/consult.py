"""A conditional transfer: the transferor hears the target ring and talks to it, and has the party back at any time.

The target is rung on its own, not by the transferor's leg, so that it rings on when he puts down.
"""

from dataclasses import replace

from app.core import routing
from app.core.actions import Keys, Listen, RingingTone
from app.core.commands import Release, Ring, StopRinging
from app.core.confer import confer
from app.core.directory import Directory
from app.core.events import CommandFailed, KeyPressed, LegAnswered, LegHungUp, RingFailed, StepDone
from app.core.excusing import excuse
from app.core.joining import back, join
from app.core.moves import aside, lead, leave
from app.core.outcome import Outcome
from app.core.party import Party, display
from app.core.record import Part
from app.core.returning import keep_aside, rescue, return_to
from app.core.states import Call, Consulting, HandedOver
from app.core.table import Step, on

CONSULT_SECONDS = 20
TONE_SECONDS = 30  # longer than it may ring


def consult(call: Call, transferor: Party, plan: routing.Ring, at: float, directory: Directory) -> Step:
    """Ring where ``plan`` leads, for the transferor; the target sees him."""
    record = call.record.close(Outcome.CONSULTED, at).begin(Part(plan.number, plan.name, plan.login, at))
    call, listening = aside(replace(call, record=record), transferor.leg, Listen(Keys.CONSULT), RingingTone(TONE_SECONDS))
    shown = display(transferor, record, directory)
    ring = Ring(call.id, listening.step, plan.login, CONSULT_SECONDS, shown.number, shown.name)
    return replace(call, state=Consulting(transferor, plan.login, ring.step)), (listening, ring)


# --- the target rings -----------------------------------------------------------------------------------------------


@on(Consulting, LegAnswered)
def _answered(call: Call, state: Consulting, event: LegAnswered, _: Directory) -> Step:
    if event.step != state.attempt:
        return call, ()
    return confer(call, state.transferor, Party(event.leg, state.login))


@on(Consulting, RingFailed)
def _not_reached(call: Call, state: Consulting, event: RingFailed, directory: Directory) -> Step:
    if event.step != state.attempt:
        return call, ()
    return _not_there(call, state, best(state.refusal, event.outcome), event.at, directory)


def best(refusal: str, outcome: Outcome) -> Outcome:
    """Of two devices' reasons the one to tell: that somebody is busy or does not want says more than that nobody answers."""
    told = (outcome.value, refusal)
    return next((reason for reason in (Outcome.BUSY, Outcome.DECLINED, Outcome.NO_ANSWER) if reason.value in told), outcome)


def _not_there(call: Call, state: Consulting, outcome: Outcome, at: float, directory: Directory) -> Step:
    return excuse(replace(call, record=call.record.close(outcome, at)), state.transferor, outcome, directory)


@on(Consulting, StepDone)
def _one_waits(call: Call, state: Consulting, event: StepDone, directory: Directory) -> Step:
    if event.leg == call.leg and event.step == call.led:
        return keep_aside(call, state.transferor.login, directory)
    if event.step != state.attempt:
        return call, ()
    if state.picker and event.leg == state.picker:
        return confer(call, state.transferor, Party(event.leg, state.login))
    if event.leg != state.transferor.leg:
        return call, ()
    call, commands = _not_there(call, state, Outcome.NO_ANSWER, event.at, directory)  # it should have failed long ago
    return call, (StopRinging(call.id, state.attempt), *commands)


@on(Consulting, KeyPressed)
def _taken_back(call: Call, state: Consulting, event: KeyPressed, _: Directory) -> Step:
    if event.leg != state.transferor.leg or event.keys != "*":
        return call, ()
    record = call.record.close(Outcome.CANCELLED, event.at)
    call, commands = back(replace(call, record=record), state.transferor, event.at)
    return call, (*commands, _drop(call, state))


def _drop(call: Call, state: Consulting) -> Release | StopRinging:
    return Release(state.picker, Outcome.ANSWERED) if state.picker else StopRinging(call.id, state.attempt)


@on(Consulting, LegHungUp)
def _one_left(call: Call, state: Consulting, event: LegHungUp, directory: Directory) -> Step:
    if event.leg == call.leg:
        call, commands = leave(call, event, state.transferor.leg)
        return call, (*commands, _drop(call, state))
    if event.leg == state.transferor.leg:
        return _hand_over(call, state, directory)
    if state.picker and event.leg == state.picker:
        return _not_there(call, state, Outcome.CANCELLED, event.at, directory)
    return _device_refused(call, state, event)


def _device_refused(call: Call, state: Consulting | HandedOver, event: LegHungUp) -> Step:
    """One device of several: the others may still ring."""
    if event.attempt != state.attempt:
        return call, ()
    return replace(call, state=replace(state, refusal=best(state.refusal, event.outcome).value)), ()


@on(Consulting, CommandFailed)
def _not_picked_up(call: Call, state: Consulting, event: CommandFailed, directory: Directory) -> Step:
    """The picker's phone was gone before we could answer it. (A ring that fails is heard of as such.)"""
    if not state.picker or event.leg != state.picker:
        return call, ()
    return _not_there(call, state, Outcome.FAILED, event.at, directory)


# --- the transferor put down while it rang --------------------------------------------------------------------------


def _hand_over(call: Call, state: Consulting, directory: Directory) -> Step:
    call, account = replace(call, record=call.record.hand_over()), state.transferor.login
    if state.picker:  # whose phone is answered at this moment
        return join(call, Party(state.picker, state.login), account)
    handed = HandedOver(account, state.login, state.attempt, state.refusal)
    return lead(call, handed, RingingTone(TONE_SECONDS), rescue=rescue(call, account, directory, _target(call)))


@on(HandedOver, LegAnswered)
def _answered_for_the_party(call: Call, state: HandedOver, event: LegAnswered, _: Directory) -> Step:
    if event.step != state.attempt:
        return call, ()
    return join(call, Party(event.leg, state.login), state.back)


@on(HandedOver, RingFailed)
def _nobody_there(call: Call, state: HandedOver, event: RingFailed, directory: Directory) -> Step:
    if event.step != state.attempt:
        return call, ()
    return _sent_back(call, state, best(state.refusal, event.outcome), event.at, directory)


@on(HandedOver, StepDone)
def _rang_too_long(call: Call, state: HandedOver, event: StepDone, directory: Directory) -> Step:
    if event.leg != call.leg or event.step != call.led:
        return call, ()
    call, commands = _sent_back(call, state, Outcome.NO_ANSWER, event.at, directory)
    return call, (*commands, StopRinging(call.id, state.attempt))


def _sent_back(call: Call, state: HandedOver, outcome: Outcome, at: float, directory: Directory) -> Step:
    return return_to(replace(call, record=call.record.close(outcome, at)), state.back, at, directory, _target(call))


def _target(call: Call) -> str:
    return call.record.parts[-1].number if call.record.parts else ""


@on(HandedOver, LegHungUp)
def _party_left(call: Call, state: HandedOver, event: LegHungUp, _: Directory) -> Step:
    if event.leg != call.leg:
        return _device_refused(call, state, event)
    call, commands = leave(call, event)
    return call, (*commands, StopRinging(call.id, state.attempt))
