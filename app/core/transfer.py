"""From the key to the number: the transferor dials, and the other party hears music and never the digits.

`#` sends the party on at once, `**` asks the target first (consult.py). What the digits mean is routing's business.
"""

from dataclasses import replace

from app.core import numbering, places, routing
from app.core.actions import TRANSFER_KEYS, DialTone, Keys, Listen, Silence
from app.core.commands import CancelTimer, Release, Separate, SetTimer, SwitchKeys
from app.core.consult import Asked, consult
from app.core.directory import Directory, Tenant
from app.core.events import CommandFailed, ControlResumed, KeyPressed, LegHungUp, LegsJoined, StepDone, TimerFired
from app.core.excusing import excuse
from app.core.joining import back
from app.core.moves import aside, leave, partner, reason, tenant_of
from app.core.outcome import Outcome
from app.core.party import may_transfer
from app.core.plain import keys_of_the_caller
from app.core.returning import keep_aside, put_aside, return_to
from app.core.routing import Plan, Way
from app.core.states import Call, Collecting, Sending, Talking
from app.core.table import Step, on
from app.core.walk import follow, stopped, warning

TIMER = "digits"
NO_DIGIT_SECONDS = 10.0
REASON_SECONDS = 4.0  # about as long as the longest of them takes to say
DIAL_TONE_SECONDS = 20  # longer than we wait for a digit; then the leg is parked, and left there it ends
SILENCE_SECONDS = 60  # while he dials; he is never waited for that long
TRIES = 3
LONGEST = 20  # digits; no number on earth has more than 15 and two or three before it


@on(Talking, KeyPressed)
def _asked(call: Call, state: Talking, event: KeyPressed, directory: Directory) -> Step:
    sides = {call.leg: (call.party, state.other), state.other.leg: (state.other, call.party)}.get(event.leg)
    if sides is None or event.keys not in TRANSFER_KEYS:
        return call, ()
    transferor, customer = sides
    if not may_transfer(transferor, customer, tenant_of(call, directory)):
        return call, ()
    call, dialling = aside(replace(call, party=customer), transferor.leg, Listen(Keys.KEYPAD), DialTone(DIAL_TONE_SECONDS))
    collecting = Collecting(transferor, event.keys == "**", dialling.step)
    call, music = put_aside(call, collecting, transferor.login, event.at, directory)
    return call, (Separate(dialling, music), SetTimer(call.id, TIMER, 0, NO_DIGIT_SECONDS))


@on(Talking, ControlResumed)
def _key_unheard(call: Call, state: Talking, _: ControlResumed, directory: Directory) -> Step:
    """Somebody may have pressed one, and it began nothing."""
    sides, tenant = ((call.party, state.other), (state.other, call.party)), tenant_of(call, directory)
    have_keys = [who for who, with_whom in sides if who.received and may_transfer(who, with_whom, tenant)]
    again = [SwitchKeys(who.leg, Keys.TALK) for who in have_keys]
    return call, (*again, *keys_of_the_caller(call, state.other, directory))


@on(Collecting, KeyPressed)
def _key(call: Call, state: Collecting, event: KeyPressed, directory: Directory) -> Step:
    if event.leg != state.transferor.leg:
        return call, ()
    if event.keys == "*":
        return _no_more_keys(back(call, state.transferor, event.at))
    if event.keys == "#":
        return _dialled(call, state, event.at, directory)
    state = replace(state, digits=state.digits + event.keys, heard=state.heard + 1)
    tenant = tenant_of(call, directory)
    if tenant is None or len(state.digits) > LONGEST or _is_complete(state.digits, tenant):
        return _dialled(call, state, event.at, directory)
    timer = SetTimer(call.id, TIMER, state.heard, tenant.digit_timeout)
    if len(state.digits) > 1:
        return replace(call, state=state), (timer,)
    call, silence = aside(call, state.transferor.leg, Silence(SILENCE_SECONDS))  # the first digit ends the dial tone
    return replace(call, state=replace(state, script=silence.step)), (silence, timer)


def _is_complete(digits: str, tenant: Tenant) -> bool:
    """An emergency number is no target, so its `#` is waited for as that of any other wrong number."""
    return numbering.is_complete(digits, tenant.extensions) and not numbering.is_reserved(digits)


@on(Collecting, TimerFired)
def _no_more_digits(call: Call, state: Collecting, event: TimerFired, directory: Directory) -> Step:
    if (event.name, event.number) != (TIMER, state.heard):
        return call, ()  # a key was faster
    return _dialled(call, state, event.at, directory)


def _dialled(call: Call, state: Collecting, at: float, directory: Directory) -> Step:
    way, plan = where_to(call, state.digits, at, directory)
    if isinstance(plan, routing.Refuse):
        call, commands = _wrong(_interrupted(call, state, plan, at), state, plan.outcome, directory)
        return call, (*warning(plan), *commands)
    if state.consult and isinstance(plan, Asked):  # nobody can talk to a menu
        return _no_more_keys(consult(call, state.transferor, way, plan, at, directory))
    call, commands = send(call, state.transferor.login, state.digits, way, plan, at, directory)
    return _no_more_keys((call, (*commands, Release(state.transferor.leg, Outcome.ANSWERED))))


def _interrupted(call: Call, state: Collecting, plan: routing.Refuse, at: float) -> Call:
    """With what a limit has stopped between two lines of the talk, in the call log, and the second of these goes on.

    So it is told like a transfer, or a consultation, that came to nothing; and to whatever comes next, another try or the way
    back, the transferor's talk is the last line and open, as after any wrong number.
    """
    if plan.limit is None:
        return call
    closed = call.record.close(Outcome.CONSULTED if state.consult else Outcome.TRANSFERRED, at)
    call = stopped(replace(call, record=closed), plan, state.transferor.login, at)
    return replace(call, record=call.record.resume(at))


def where_to(call: Call, dialled: str, at: float, directory: Directory) -> tuple[Way, Plan]:
    """What somebody who transfers has dialled, and what it comes to. No emergency number is ever the target of a transfer."""
    tenant = tenant_of(call, directory)
    place = places.of_dialled(dialled, tenant) if tenant else ""
    if tenant is None or not place:
        return Way(""), routing.Refuse(Outcome.NO_SUCH_NUMBER)
    return routing.resolve(Way(place), tenant, directory, at)


def _wrong(call: Call, state: Collecting, outcome: Outcome, directory: Directory) -> Step:
    if state.tries == TRIES:
        return _no_more_keys(excuse(call, state.transferor, outcome, directory))
    return _dial_again(call, replace(state, tries=state.tries + 1), directory, outcome)


def _dial_again(call: Call, state: Collecting, directory: Directory, outcome: Outcome | None = None) -> Step:
    said = (reason(call, outcome, directory),) if outcome else ()
    call, dialling = aside(call, state.transferor.leg, Listen(Keys.KEYPAD), *said, DialTone(DIAL_TONE_SECONDS))
    state = replace(state, script=dialling.step, digits="", heard=state.heard + 1)
    timer = SetTimer(call.id, TIMER, state.heard, NO_DIGIT_SECONDS + (REASON_SECONDS if outcome else 0))
    return replace(call, state=state), (dialling, timer)


def send(call: Call, sender: str, dialled: str, way: Way, plan: Plan, at: float, directory: Directory) -> Step:
    """Send the party on to where ``plan`` leads; ``sender`` is the account that gets it back if nobody is there."""
    call = replace(call, record=call.record.close(Outcome.TRANSFERRED, at))
    return follow(call, Sending(way, sender, dialled), plan, at, directory)


def send_back(call: Call, sender: str, dialled: str, plan: routing.Refuse, at: float, directory: Directory) -> Step:
    """The account ``sender`` has left the party to a number that it cannot be sent to, and gets it back."""
    closed = replace(call, record=call.record.close(Outcome.TRANSFERRED, at))
    call, commands = return_to(stopped(closed, plan, sender, at), sender, at, directory, dialled)
    return call, (*warning(plan), *commands)


@on(Collecting, LegHungUp)
def _one_left(call: Call, state: Collecting, event: LegHungUp, directory: Directory) -> Step:
    """A transferor who puts down after the last digit has said enough; one who has not gets the party back."""
    if event.leg == call.leg:
        return _no_more_keys(leave(call, event, state.transferor.leg))
    if event.leg != state.transferor.leg:
        return call, ()
    way, plan = where_to(call, state.digits, event.at, directory)
    if isinstance(plan, routing.Refuse):
        return _no_more_keys(send_back(call, state.transferor.login, "", plan, event.at, directory))
    return _no_more_keys(send(call, state.transferor.login, state.digits, way, plan, event.at, directory))


@on(Collecting, StepDone)
def _music_over(call: Call, state: Collecting, event: StepDone, directory: Directory) -> Step:
    if event.leg != call.leg or event.step != call.led:
        return call, ()
    return keep_aside(call, state.transferor.login, event.at, directory)


@on(Collecting, CommandFailed)
def _not_parted(call: Call, state: Collecting, event: CommandFailed, _: Directory) -> Step:
    if event.step != state.script:
        return call, ()
    return _no_more_keys(back(call, state.transferor, event.at))


@on(Collecting, LegsJoined)
def _still_together(call: Call, state: Collecting, event: LegsJoined, _: Directory) -> Step:
    """A controller that died between writing the note and parting the two left them talking."""
    if partner(event, call.leg) != state.transferor.leg:
        return call, ()
    return _no_more_keys((replace(call, state=Talking(state.transferor)), ()))


@on(Collecting, ControlResumed)
def _digits_unheard(call: Call, state: Collecting, _: ControlResumed, directory: Directory) -> Step:
    """Digits may have been lost, so none counts: the dial tone says so."""
    return _dial_again(call, state, directory)


def _no_more_keys(step: Step) -> Step:
    call, commands = step
    return call, (CancelTimer(call.id, TIMER), *commands)
