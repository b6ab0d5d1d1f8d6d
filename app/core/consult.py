"""A conditional transfer: the transferor hears the target ring and talks to it, and has the party back at any time.

The target is rung on its own, not by the transferor's leg, so that it rings on when he puts down. Of a ring plan only the
accounts are asked, of a queue the agents who are free: where they lead when nobody is there is for callers, and the transferor
is told the reason instead. Who puts down while a queue's agents ring has sent his caller into the queue.
"""

from dataclasses import replace
from typing import TypeAlias

from app.core import presenting, routing
from app.core.actions import Keys, Listen, RingingTone
from app.core.commands import Release, Ring, RingOutside, StopRinging
from app.core.confer import confer
from app.core.directory import Directory
from app.core.events import CommandFailed, KeyPressed, LegAnswered, LegHungUp, RingFailed, StepDone
from app.core.excusing import excuse
from app.core.joining import back, join
from app.core.moves import aside, lead, leave, tenant_of
from app.core.outcome import Outcome
from app.core.party import Party, display
from app.core.queueing import as_ring, free_agents
from app.core.returning import keep_aside, rescue
from app.core.routing import Dial, Plan, Wait, Way
from app.core.states import Call, Consulting, HandedOver, Sending
from app.core.table import Step, on
from app.core.walk import another_trunk, combined, failed, none_to_ring, onward, part, turns

Asked: TypeAlias = routing.Ring | Dial | Wait
"""The plans that can be asked: there is somebody to talk to."""

CONSULT_SECONDS = 20  # which several steps share
TONE_SECONDS = 30  # longer than it may ring


def consult(call: Call, transferor: Party, way: Way, plan: Asked, at: float, directory: Directory) -> Step:
    """Ring where ``plan`` leads, for the transferor; the target sees him."""
    call, asked = replace(call, record=call.record.close(Outcome.CONSULTED, at)), ""
    if isinstance(plan, Wait):
        asked = "+".join(free_agents(plan, at, directory))
        if not asked:
            return excuse(call, transferor, Outcome.BUSY, directory)
        plan = as_ring(plan, asked)
    if not turns(plan):
        return excuse(call, transferor, none_to_ring(plan), directory)
    begun = replace(call, record=call.record.begin(part(plan, way, at)))
    return _ring(begun, transferor, way, plan, directory, asked)


def _ring(call: Call, transferor: Party, way: Way, plan: routing.Ring | Dial, directory: Directory, asked: str = "") -> Step:
    call, listening = aside(call, transferor.leg, Listen(Keys.CONSULT), RingingTone(TONE_SECONDS))
    if isinstance(plan, Dial):
        to = presenting.outside(plan, way.turn, transferor.login)
        ring: Ring | RingOutside = RingOutside(call.id, call.step, to, CONSULT_SECONDS)
    else:
        shown, seconds = display(transferor, call.record, directory), CONSULT_SECONDS // turns(plan)
        ring = Ring(call.id, call.step, plan.steps[way.turn], seconds, shown.number, shown.name)
    return replace(call, state=Consulting(transferor, way, call.step, asked=asked)), (listening, ring)


# --- the target rings -----------------------------------------------------------------------------------------------


@on(Consulting, LegAnswered)
def _answered(call: Call, state: Consulting, event: LegAnswered, _: Directory) -> Step:
    if event.step != state.attempt:
        return call, ()
    return confer(call, state.transferor, _target(call, event))


def _target(call: Call, event: LegAnswered) -> Party:
    part = call.record.parts[-1] if call.record.parts else None
    outside = part is not None and part.is_outside and not event.login
    return Party(event.leg, event.login or (part.login if part else ""), number=part.number if part and outside else "")


@on(Consulting, RingFailed)
def _not_reached(call: Call, state: Consulting, event: RingFailed, directory: Directory) -> Step:
    if event.step != state.attempt:
        return call, ()
    plan, way = _plan(call, state, directory), state.way
    following = replace(way, turn=way.turn + 1)
    if isinstance(plan, Dial) and another_trunk(plan, way, event.outcome):
        return _ring(call, state.transferor, following, plan, directory)
    reason = combined(plan, way, event.outcome)
    if not isinstance(plan, routing.Ring) or following.turn >= turns(plan):
        return _not_there(call, state, reason, event.at, directory)
    following = replace(following, reason=reason.value)
    record = call.record.close(event.outcome, event.at).begin(part(plan, following, event.at))
    return _ring(replace(call, record=record), state.transferor, following, plan, directory, state.asked)


def _plan(call: Call, state: Consulting | HandedOver, directory: Directory) -> Plan:
    plan = routing.plan_at(state.way.place, tenant_of(call, directory), directory)
    return as_ring(plan, state.asked) if isinstance(plan, Wait) and isinstance(state, Consulting) else plan


def _not_there(call: Call, state: Consulting, outcome: Outcome, at: float, directory: Directory) -> Step:
    return excuse(replace(call, record=call.record.close(outcome, at)), state.transferor, outcome, directory)


@on(Consulting, StepDone)
def _one_waits(call: Call, state: Consulting, event: StepDone, directory: Directory) -> Step:
    if event.leg == call.leg and event.step == call.led:
        return keep_aside(call, state.transferor.login, event.at, directory)
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
        return _hand_over(call, state, event.at, directory)
    if state.picker and event.leg == state.picker:
        return _not_there(call, state, Outcome.CANCELLED, event.at, directory)
    return _device_refused(call, state, event, directory)


def _device_refused(call: Call, state: Consulting | HandedOver, event: LegHungUp, directory: Directory) -> Step:
    """One device of several: the others may still ring."""
    if event.attempt != state.attempt:
        return call, ()
    reason = combined(_plan(call, state, directory), state.way, event.outcome)
    return replace(call, state=replace(state, way=replace(state.way, reason=reason.value))), ()


@on(Consulting, CommandFailed)
def _not_picked_up(call: Call, state: Consulting, event: CommandFailed, directory: Directory) -> Step:
    """The picker's phone was gone before we could answer it. (A ring that fails is heard of as such.)"""
    if not state.picker or event.leg != state.picker:
        return call, ()
    return _not_there(call, state, Outcome.FAILED, event.at, directory)


# --- the transferor put down while it rang --------------------------------------------------------------------------


def _hand_over(call: Call, state: Consulting, at: float, directory: Directory) -> Step:
    call, account = replace(call, record=call.record.hand_over()), state.transferor.login
    if state.picker:  # whose phone is answered at this moment
        return join(call, Party(state.picker, state.login), account)
    if state.asked:
        return _into_the_queue(call, state, at, directory)
    handed, way_back = HandedOver(account, state.way, state.attempt), rescue(call, account, at, directory, _number(call))
    return lead(call, handed, RingingTone(TONE_SECONDS), rescue=way_back)


def _into_the_queue(call: Call, state: Consulting, at: float, directory: Directory) -> Step:
    """Its agents are rung for the party from now on, and for no longer than it waits."""
    target, call = _number(call), replace(call, record=call.record.close(Outcome.CANCELLED, at))
    call, commands = onward(
        call, Sending(Way(state.way.place, hops=state.way.hops), state.transferor.login, target), at, directory
    )
    return call, (StopRinging(call.id, state.attempt), *commands)


@on(HandedOver, LegAnswered)
def _answered_for_the_party(call: Call, state: HandedOver, event: LegAnswered, _: Directory) -> Step:
    if event.step != state.attempt:
        return call, ()
    return join(call, _target(call, event), state.back)


@on(HandedOver, RingFailed)
def _nobody_there(call: Call, state: HandedOver, event: RingFailed, directory: Directory) -> Step:
    if event.step != state.attempt:
        return call, ()
    return _send_on(call, state, event.outcome, event.at, directory)


@on(HandedOver, StepDone)
def _rang_too_long(call: Call, state: HandedOver, event: StepDone, directory: Directory) -> Step:
    if event.leg != call.leg or event.step != call.led:
        return call, ()
    call, commands = _send_on(call, state, Outcome.NO_ANSWER, event.at, directory)
    return call, (*commands, StopRinging(call.id, state.attempt))


def _send_on(call: Call, state: HandedOver, outcome: Outcome, at: float, directory: Directory) -> Step:
    """From here it is an unconditional transfer, at the same turn of its way."""
    return failed(call, Sending(state.way, state.back, _number(call)), outcome, at, directory)


def _number(call: Call) -> str:
    return call.record.parts[-1].number if call.record.parts else ""


@on(HandedOver, LegHungUp)
def _party_left(call: Call, state: HandedOver, event: LegHungUp, directory: Directory) -> Step:
    if event.leg != call.leg:
        return _device_refused(call, state, event, directory)
    call, commands = leave(call, event)
    return call, (*commands, StopRinging(call.id, state.attempt))
