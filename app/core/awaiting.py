"""A phone's own transfer key, pressed while the target still rings (REFER with Replaces, RFC 3891).

The target rings for a leg that the phone has left and that the switch keeps, hung up, for just that: who answers is joined with
the party; if nobody does, the party waits for us (``sofia.c`` sofia_handle_sip_i_refer, ``switch_ivr_originate.c``). So it is
heard of that leg's end twice, when the phone has left it and when nothing rings for it any more.
"""

from dataclasses import replace

from app.core import routing
from app.core.actions import Keys, RingingTone
from app.core.commands import Adopt, Command, SetTimer, StopPhones, SwitchKeys
from app.core.directory import Directory
from app.core.events import CallPickedUp, CallReferredEarly, CommandFailed, LegHungUp, LegsJoined, StepDone, TimerFired
from app.core.joining import introduce
from app.core.moves import aside, lead, leave, partner, tenant_of
from app.core.outcome import Outcome
from app.core.party import Party, may_transfer
from app.core.record import Part
from app.core.refer import TIMER, left_by
from app.core.returning import rescue, return_to
from app.core.states import Awaiting, Call, Referring, Sending, Talking
from app.core.table import Step, on
from app.core.taking import take, too_late
from app.core.transfer import where_to
from app.core.walk import again, combined, part, turns

LONGEST_RINGING = 120  # of a call that a phone has made itself; the switch ends it sooner
NEWS_SECONDS = 1.0  # in which it is heard what has become of the party when nothing rings any more
_REFUSALS = (Outcome.BUSY, Outcome.DECLINED, Outcome.NO_ANSWER)


@on(Talking, CallReferredEarly)
def _referred(call: Call, state: Talking, event: CallReferredEarly, directory: Directory) -> Step:
    """The phone's own leg is not gone yet."""
    if event.leg not in (call.leg, state.other.leg):
        return call, ()
    left, gone = left_by(call, state, event.leg)
    tenant = tenant_of(call, directory)
    if tenant is None or gone.login not in tenant.accounts:
        return call, ()
    return _await(replace(call, party=left), gone.login, event, directory)


@on(Referring, CallReferredEarly)
def _was_early(call: Call, state: Referring, event: CallReferredEarly, directory: Directory) -> Step:
    return _await(call, state.back, event, directory) if event.leg == call.leg else (call, ())


def _await(call: Call, sender: str, event: CallReferredEarly, directory: Directory) -> Step:
    """A number that means nothing by now is no reason to part the party from who rings there."""
    way, plan = where_to(call, event.dialled, event.at, directory)
    begun = Part(event.dialled, "", "", event.at)
    if isinstance(plan, routing.Ring | routing.Dial) and turns(plan):
        begun = part(plan, way, event.at)
    call = replace(call, record=call.record.close(Outcome.TRANSFERRED, event.at).begin(begun))
    way_back = rescue(call, sender, event.at, directory, begun.number)
    return lead(call, Awaiting(sender, begun.number, way, event.own), RingingTone(LONGEST_RINGING), rescue=way_back)


@on(Awaiting, LegHungUp)
def _one_left(call: Call, state: Awaiting, event: LegHungUp, directory: Directory) -> Step:
    if event.leg == call.leg:
        return leave(call, event, *filter(None, [state.picker]))
    if event.leg == state.own:
        return _nothing_rings(call) if state.left else (replace(call, state=replace(state, left=True)), ())
    if event.leg == state.picker:
        return replace(call, state=replace(state, picker="")), ()
    if event.outcome not in _REFUSALS:
        return call, ()
    plan = routing.plan_at(state.way.place, tenant_of(call, directory), directory)
    reason = combined(plan, state.way, event.outcome)
    return replace(call, state=replace(state, way=replace(state.way, reason=reason.value))), ()


def _nothing_rings(call: Call) -> Step:
    """What has become of the party is heard in a moment. Nothing is, where our script met the switch's own leading of it: then
    the switch waits for five seconds, and only afterwards ends that leg (``switch_channel.c`` switch_channel_restart) [tried].
    """
    return call, (SetTimer(call.id, TIMER, call.step, NEWS_SECONDS),)


@on(Awaiting, TimerFired)
def _no_news(call: Call, state: Awaiting, event: TimerFired, directory: Directory) -> Step:
    if (event.name, event.number) != (TIMER, call.step):
        return call, ()
    return _nobody_there(call, state, event.at, directory)


@on(Awaiting, LegsJoined)
def _target_answered(call: Call, state: Awaiting, event: LegsJoined, directory: Directory) -> Step:
    """The switch joins them in the moment of the answer, when the target's leg may not have bound all of its keys."""
    leg = partner(event, call.leg)
    if leg is None:
        return call, ()
    rung = call.record.parts[-1]
    login = (event.login if event.leg == leg else event.other_login) or rung.login
    target = Party(leg, login, number=rung.number if rung.is_outside and not login else "")
    call = replace(call, state=Talking(target, ours=True), record=call.record.answer(event.at, login))
    has_keys = may_transfer(target, call.party, tenant_of(call, directory))
    keys = (SwitchKeys(leg, Keys.TALK, bind=True),) if has_keys else ()
    call, told = _tell_the_picker(call, state.picker, directory)
    return call, (Adopt(leg, call.id), *introduce(call, call.party, target, directory), *keys, *told)


@on(Awaiting, StepDone)
def _party_waits(call: Call, state: Awaiting, event: StepDone, directory: Directory) -> Step:
    if event.leg != call.leg or not call.runs(event.step):
        return call, ()
    return _nobody_there(call, state, event.at, directory)


def _nobody_there(call: Call, state: Awaiting, at: float, directory: Directory) -> Step:
    if state.login:
        return _give(call, state, at, directory)
    call = replace(call, record=call.record.close(Outcome(state.way.reason or Outcome.NO_ANSWER), at))
    return return_to(call, state.back, at, directory, state.target)


@on(Awaiting, CommandFailed)
def _not_led(call: Call, state: Awaiting, event: CommandFailed, directory: Directory) -> Step:
    if event.leg != call.leg or not call.runs(event.step):
        return call, ()
    call = replace(call, record=call.record.close(Outcome.FAILED, event.at))
    return return_to(call, state.back, event.at, directory, state.target)


# --- somebody else takes the party ----------------------------------------------------------------------------------


@on(Awaiting, CallPickedUp)
def _picked_up(call: Call, state: Awaiting, event: CallPickedUp, _: Directory) -> Step:
    """First nobody rings any more. The switch then leads the party where it waits for us, and only there it can be taken."""
    call = replace(call, state=replace(state, picker=event.leg, login=event.login), step=call.step + 1)
    return call, (StopPhones(state.own), SetTimer(call.id, TIMER, call.step, NEWS_SECONDS))


def _give(call: Call, state: Awaiting, at: float, directory: Directory) -> Step:
    """The party waits. If the picker has left meanwhile, the target rings again."""
    if not state.picker:
        return again(call, Sending(state.way, state.back, state.target), at, directory)
    before = replace(call, state=replace(state, picker="", login=""))
    return take(before, Party(state.picker, state.login))


def _tell_the_picker(call: Call, picker: str, directory: Directory) -> tuple[Call, tuple[Command, ...]]:
    """He was slower than the target."""
    if not picker:
        return call, ()
    call, script = aside(call, picker, *too_late(call, True, directory))
    return call, (script,)
