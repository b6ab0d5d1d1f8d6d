"""A phone's own transfer key (REFER, RFC 3515; with Replaces, RFC 3891).

Blind: the switch takes the phone out, and the party waits with the number the phone named; from there it is an unconditional
transfer. Attended: the phone has called the target itself, a call of its own; the switch joins the two far ends, so that one
call takes over the other's target, and the other is over. The same while the target still rings: ``awaiting.py``.
"""

from collections.abc import Iterable
from dataclasses import replace

from app.core import numbering, routing
from app.core.commands import Adopt, SetTimer
from app.core.directory import Directory
from app.core.events import (
    CallEvent,
    CallMerged,
    CallReferred,
    CallReferredEarly,
    ControlResumed,
    LegHungUp,
    LegsJoined,
    StepDone,
    TimerFired,
)
from app.core.joining import introduce
from app.core.moves import finish, leave, partner, side, tenant_of
from app.core.outcome import EndedBy, Outcome
from app.core.party import Party, display
from app.core.record import Part
from app.core.returning import return_to
from app.core.states import Call, Referring, Ringing, Talking
from app.core.table import Step, on
from app.core.transfer import send, send_back, where_to

TIMER = "refer"
PATIENCE_SECONDS = 3.0  # between a phone's leaving and its party's turning up somewhere


@on(Talking, LegHungUp)
def _one_left(call: Call, state: Talking, event: LegHungUp, directory: Directory) -> Step:
    """The switch ends the other one by itself, or leads it where the phone wanted it."""
    if event.leg not in (call.leg, state.other.leg):
        return call, ()
    gone, left = (call.party, state.other) if event.leg == call.leg else (state.other, call.party)
    tenant = tenant_of(call, directory)
    if event.outcome is not Outcome.TRANSFERRED or tenant is None or gone.login not in tenant.accounts:
        return finish(call, Outcome.ANSWERED, side(call, event), event.at)
    changed = replace(call, party=left, state=Referring(gone.login))
    return changed, (SetTimer(call.id, TIMER, call.step, PATIENCE_SECONDS),)


@on(Talking, CallReferred)
def _referred_by_the_calling_phone(call: Call, state: Talking, event: CallReferred, directory: Directory) -> Step:
    """The party turns up before its partner is heard to have left."""
    if event.leg not in (call.leg, state.other.leg):
        return call, ()
    left, gone = left_by(call, state, event.leg)
    tenant = tenant_of(call, directory)
    if tenant is None or gone.login not in tenant.accounts:
        return finish(call, Outcome.ANSWERED, EndedBy.SYSTEM, event.at)
    return _send(replace(call, party=left), gone.login, event.dialled, event.at, directory)


def left_by(call: Call, state: Talking, leg: str) -> tuple[Party, Party]:
    """(the party that was sent on, which is on ``leg``; the one who did it)."""
    return (call.party, state.other) if leg == call.leg else (state.other, call.party)


@on(Ringing, CallReferred)
def _referred_while_nobody_watched(call: Call, _: Ringing, event: CallReferred, directory: Directory) -> Step:
    """A call found again: who talked to whom can only be told from what was written down."""
    tenant, parts = tenant_of(call, directory), call.record.parts
    sender = call.record.caller_login if call.party.received else parts[-1].login if parts else ""
    if event.leg != call.leg or call.record.answered is None or tenant is None or sender not in tenant.accounts:
        return call, ()
    return _send(call, sender, event.dialled, event.at, directory)


@on(Referring, CallReferred)
def _referred(call: Call, state: Referring, event: CallReferred, directory: Directory) -> Step:
    return _send(call, state.back, event.dialled, event.at, directory) if event.leg == call.leg else (call, ())


def _send(call: Call, sender: str, dialled: str, at: float, directory: Directory) -> Step:
    way, plan = where_to(call, dialled, at, directory)
    if isinstance(plan, routing.Refuse):
        return send_back(call, sender, dialled, plan, at, directory)
    return send(call, sender, dialled, way, plan, at, directory)


@on(Referring, StepDone)
def _target_not_asked_yet(call: Call, state: Referring, event: StepDone, directory: Directory) -> Step:
    """The phone pressed the key while its target still rang; the switch has cancelled that."""
    return return_to(call, state.back, event.at, directory) if event.leg == call.leg else (call, ())


@on(Referring, ControlResumed)
def _patience_again(call: Call, _: Referring, __: ControlResumed, ___: Directory) -> Step:
    return call, (SetTimer(call.id, TIMER, call.step, PATIENCE_SECONDS),)


@on(Referring, TimerFired)
def _nowhere(call: Call, state: Referring, event: TimerFired, directory: Directory) -> Step:
    return return_to(call, state.back, event.at, directory) if event.name == TIMER else (call, ())


@on(Referring, LegHungUp)
def _party_left(call: Call, _: Referring, event: LegHungUp, __: Directory) -> Step:
    return leave(call, event) if event.leg == call.leg else (call, ())


# --- attended -------------------------------------------------------------------------------------------------------


def merged(event: CallEvent, calls: Iterable[Call]) -> tuple[CallEvent, ...]:
    """What a joining of two calls' far ends means to each of them. Any other event comes back as it is.

    A phone needs but the Call-ID of a call to name it (RFC 3891), and the switch asks no more. Where that is another tenant's,
    nobody is joined: each end is led back to where it was sent from.
    """
    if isinstance(event, CallReferredEarly):
        return event, CallMerged(leg=event.own, at=event.at, call=event.own, into=event.call)
    if not isinstance(event, LegsJoined):
        return (event,)
    known = {call.id: call for call in calls}
    for call in known.values():
        if isinstance(call.state, Referring) and call.id != event.call and (target := partner(event, call.leg)):
            into = known.get(event.call)
            if into is not None and into.record.tenant != call.record.tenant:
                return tuple(
                    TimerFired(leg=one.leg, at=event.at, call=one.id, name=TIMER, number=one.step) for one in (call, into)
                )
            over = CallMerged(leg=call.leg, at=event.at, call=call.id, into=event.call)
            who = call.party
            number = numbering.as_city(call.record.caller_number) if call.leg == call.id else who.number
            joined = LegsJoined(leg=call.leg, at=event.at, call=event.call, other=target, login=who.login, number=number)
            return over, joined
    return (event,)


@on(Ringing, CallMerged)
def _rings_for_another(call: Call, _: Ringing, event: CallMerged, __: Directory) -> Step:
    return finish(call, Outcome.CANCELLED, EndedBy.CALLER, event.at)


@on(Referring, CallMerged)
def _target_taken_over(call: Call, _: Referring, event: CallMerged, __: Directory) -> Step:
    call, _nothing = finish(call, Outcome.ANSWERED, EndedBy.SYSTEM, event.at)
    return call, (Adopt(event.leg, event.into),)


@on(Referring, LegsJoined)
def _target_joined(call: Call, _: Referring, event: LegsJoined, directory: Directory) -> Step:
    leg = partner(event, call.leg)
    if leg is None:
        return call, ()
    target = Party(leg, event.login, number="" if event.login else event.number) if event.leg == leg else Party(leg)
    who = display(target, call.record, directory)
    record = call.record.close(Outcome.TRANSFERRED, event.at).begin(
        Part(who.number, who.name, target.login, event.at, event.at)
    )
    call = replace(call, state=Talking(target, ours=True), record=record)
    return call, introduce(call, call.party, target, directory)
