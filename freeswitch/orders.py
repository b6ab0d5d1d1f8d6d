"""The core's commands -> Event Socket requests. Pure: one table, golden text in the tests."""

from collections.abc import Callable
from typing import Any

from app.core.actions import Intercept
from app.core.commands import (
    Adopt,
    Join,
    KeepPlace,
    KeepTogether,
    Note,
    Release,
    RescanTrunks,
    Ring,
    RingOutside,
    Script,
    Separate,
    ServeQueues,
    Show,
    StopPhones,
    StopRinging,
    SwitchCommand,
    SwitchKeys,
    Tell,
)
from app.core.events import CommandFailed, Event, RingFailed, Role
from app.core.numbering import EMERGENCY
from app.core.outcome import Outcome
from freeswitch.agents import OFFERED
from freeswitch.causes import cause_of
from freeswitch.outside import GATEWAY, dial_string, patience
from freeswitch.plain import plain
from freeswitch.scripts import (
    BIND_AND_PARK,
    KEYS,
    RINGS,
    as_headers,
    as_inline,
    devices,
    ring_mark,
    whose,
    words,
)
from freeswitch.waiting import GUARD, JOINED, NOT_OFFERED, SILENT_DISPLAY, TAKEN, told
from freeswitch.wire import Request

STAYS = (
    f"park_after_bridge=true;{GUARD};hangup_after_bridge=false;"
    "uuid_bridge_park_on_cancel=true;uuid_bridge_continue_on_cancel=false"
)
"""On both legs of a pair: when the other leaves, even before they are one, this one waits for us (``switch_ivr_bridge.c``)."""

LEAVES = "park_after_bridge=false;hangup_after_bridge=true"
"""On both legs of a pair: when the other leaves, so does this one, whether anybody watches or not."""


def to_requests(command: SwitchCommand, domain: str) -> tuple[Request, ...]:
    """The requests that carry out ``command``, in order; ``domain`` is the one all accounts register in."""
    return _ORDERS[type(command)](command, domain)


def failure(command: SwitchCommand, reason: str, at: float) -> Event | None:
    """What it means to a call that the switch refused ``command``, or that it got lost; None where a call need not know.

    A leg that is gone reports its own end; so whatever only describes a leg may fail without a word.
    """
    if isinstance(command, Script | Join):
        return CommandFailed(leg=command.leg, at=at, call=command.call, step=command.step, reason=reason)
    if isinstance(command, Separate):
        return failure(command.first, reason, at)
    if isinstance(command, KeepPlace):
        return failure(command.script, reason, at)
    if isinstance(command, Ring | RingOutside):
        return RingFailed(leg=command.call, at=at, call=command.call, step=command.step, outcome=Outcome.FAILED)
    if isinstance(command, Release):
        return CommandFailed(leg=command.leg, at=at, step=0, reason=reason)
    return None


def attempt_name(call: str, step: int) -> str:
    """What the legs of one ``Ring`` are known by, and the job that rings them."""
    return f"{call}.{step}"


def _script(script: Script, domain: str) -> tuple[Request, ...]:
    """xferext is the quicker way, but it only leads a leg that has called us, and only where that leg is settled. A transfer to
    an inline dialplan leads any leg, wherever it is (``switch_ivr_originate.c``: originate has a state handler of its own).
    """
    if script.firm:
        lead = Request(f"api uuid_transfer {script.leg} '{as_inline(script, domain)}' inline")
    else:
        lead = Request(f"sendmsg {script.leg}", as_headers(script, domain))
    return (*_taken(script), lead)


def _taken(script: Script) -> tuple[Request, ...]:
    """Whoever is taken by an intercept waits for us when the taker leaves, as the taker does. Before that, whatever rings is
    told that the call is taken: the intercept itself would say so to one device only, and to the others of the account that the
    caller has given up, a missed call (``switch_ivr_bridge.c`` switch_ivr_intercept_session, ``mod_sofia.c`` sofia_on_hangup).
    LOSE_RACE says the same to an agent's telephone, and to his queue that he has not missed anything (mod_callcenter.c). No
    other agent is rung meanwhile; a second later one may be, if the intercept came to nothing.
    """
    taken = [action.leg for action in script.actions if isinstance(action, Intercept)]
    stays = [
        request
        for leg in taken
        for request in (
            _variables(leg, f"pbx_step={script.step};{STAYS};{TAKEN}={NOT_OFFERED}"),
            Request(f"api sched_api +1 none uuid_setvar {leg} {TAKEN}"),
        )
    ]
    return *stays, *(request for _ in taken for request in _phones_told(script.call))


def _phones_told(call: str) -> tuple[Request, ...]:
    ends = (f"{cause_of(Outcome.ELSEWHERE)} {RINGS}", f"LOSE_RACE {OFFERED}")
    return tuple(Request(f"api hupall {end} {call}") for end in ends)


def _variables(leg: str, assignments: str) -> Request:
    return Request(f"api uuid_setvar_multi {leg} {assignments}")


def _separate(command: Separate, domain: str) -> tuple[Request, ...]:
    """One command for both (``mod_commands.c`` dual_transfer_function). It leads the second leg first, and in rare cases the
    first one sees its partner leave before it is led itself; so both are told to stay (``switch_ivr_bridge.c``)."""
    first, second = (as_inline(script, domain) for script in (command.first, command.second))
    return (
        *(_variables(script.leg, STAYS) for script in (command.first, command.second)),
        Request(f"api uuid_dual_transfer {command.first.leg} '{first}/inline' '{second}/inline'"),
    )


def _join(command: Join, _: str) -> tuple[Request, ...]:
    """The more precious leg first: if the other dies within the 40 ms this takes, the first one is parked, over whatever it is
    told meanwhile (``switch_ivr_bridge.c`` uuid_bridge_on_soft_execute); the contrary leaves the second in limbo."""
    marks = f"pbx_call={command.call};pbx_step={command.step};{SILENT_DISPLAY};{STAYS};{JOINED}={NOT_OFFERED}"
    return (
        _variables(command.leg, marks),
        _variables(command.other, marks),
        Request(f"api uuid_bridge {command.leg} {command.other}"),
    )


def _keep_together(command: KeepTogether, _: str) -> tuple[Request, ...]:
    return _variables(command.leg, LEAVES), _variables(command.other, LEAVES)


def _ring(command: Ring, domain: str) -> tuple[Request, ...]:
    """The leg hangs on nobody: it parks when it is answered. Its answer is its first park, its failure the end of the job.

    Its keys are bound by the leg itself before it parks. What ``execute_on_answer`` does is done by another thread, which
    stops half way if the leg is being joined by then (``switch_core_session.c`` switch_core_session_execute_exten) [tried].
    """
    shown = (f"origination_caller_id_number={plain(command.number)}", f"origination_caller_id_name='{plain(command.name)}'")
    keys = f"execute_on_ring='{ring_mark(command.call)}';execute_on_answer='unset {RINGS}'"
    variables = (*_rung(command), *whose(command.logins), "app_disable_expand_variables=true", "ignore_early_media=true")
    dial = f"{{^^;{';'.join((*variables, f'originate_timeout={command.seconds}', keys, *shown))}}}"
    return _originate(command, dial + devices(command.logins, domain), f"'&execute_extension({BIND_AND_PARK})'")


def _ring_outside(command: RingOutside, domain: str) -> tuple[Request, ...]:
    """As `_ring`; the leg does not park before 1 was pressed, where that is asked for."""
    marks = (*_rung(command), f"originate_timeout={patience(command.to, command.seconds)}")
    return _originate(command, dial_string(command.to, command.seconds, marks, domain, quote="'"), "&park()")


def _rung(command: Ring | RingOutside) -> tuple[str, ...]:
    """What stands on every leg that is rung for a consultation."""
    name = attempt_name(command.call, command.step)
    marks = (f"pbx_call={command.call}", f"pbx_step={command.step}", f"pbx_role={Role.TARGET.value}", f"pbx_attempt={name}")
    return (*marks, SILENT_DISPLAY, GUARD)


def _originate(command: Ring | RingOutside, dial: str, then: str) -> tuple[Request, ...]:
    job = (("Job-UUID", attempt_name(command.call, command.step)),)
    return (Request(f"bgapi originate {dial} {then}", job),)


def _stop_ringing(command: StopRinging, _: str) -> tuple[Request, ...]:
    cause = cause_of(Outcome.ELSEWHERE) if command.taken else "ORIGINATOR_CANCEL"
    return (Request(f"api hupall {cause} pbx_attempt {attempt_name(command.call, command.step)}"),)


def _stop_phones(command: StopPhones, _: str) -> tuple[Request, ...]:
    return _phones_told(command.call)


def _switch_keys(command: SwitchKeys, _: str) -> tuple[Request, ...]:
    bind = (_execute(command.leg, "execute_extension", KEYS),) if command.bind else ()
    return (*bind, _execute(command.leg, "digit_action_set_realm", command.keys.value))


def _execute(leg: str, application: str, argument: str, *more: tuple[str, str]) -> Request:
    headers = ("call-command", "execute"), ("execute-app-name", application), ("execute-app-arg", argument)
    return Request(f"sendmsg {leg}", (*headers, *more))


def _tell(command: Tell, _: str) -> tuple[Request, ...]:
    """One after another: without the lock each would interrupt the one before, as the first interrupts the music, which goes on
    afterwards [tried]. By way of the dialplan, which plays nothing to whom an agent has by now (``sounds.xml``)."""
    sounds = [said for action in command.said for said in told(words(action))]
    return tuple(_execute(command.leg, "execute_extension", sound, ("event-lock", "true")) for sound in sounds)


def _keep_place(command: KeepPlace, domain: str) -> tuple[Request, ...]:
    """A leg of mod_loopback's that hears nothing and says nothing, answered by itself. Its script is given at once: nobody else
    leads it before. It is a caller, although it is we who made it."""
    variables = (
        f"origination_uuid={command.call}",
        f"pbx_call={command.call}",
        f"pbx_role={Role.CALLER.value}",
        *((f"pbx_note='{command.note}'",) if command.note else ()),
        "app_disable_expand_variables=true",
        "null_enable_auto_answer=true",
    )
    job = (("Job-UUID", attempt_name(command.call, command.script.step)),)
    inline = as_inline(command.script, domain)
    return (Request(f"bgapi originate {{^^;{';'.join(variables)}}}null/place '{inline}' inline", job),)


def _show(command: Show, _: str) -> tuple[Request, ...]:
    return (
        Request(f"api uuid_setvar {command.leg} ignore_display_updates false"),
        Request(f"api uuid_display {command.leg} {plain(command.name)}|{plain(command.number)}"),
        Request(f"api uuid_setvar {command.leg} ignore_display_updates true"),
    )


def _note(command: Note, _: str) -> tuple[Request, ...]:
    return (Request(f"api uuid_setvar {command.leg} pbx_note {command.text}".rstrip()),)


def _adopt(command: Adopt, _: str) -> tuple[Request, ...]:
    return (Request(f"api uuid_setvar {command.leg} pbx_call {command.call}"),)


def _release(command: Release, _: str) -> tuple[Request, ...]:
    return (Request(f"api uuid_kill {command.leg} {cause_of(command.outcome)}"),)


def _rescan(command: RescanTrunks, _: str) -> tuple[Request, ...]:
    """The ways for emergency numbers (``conf/dialplan/phones.xml``); the gateways themselves are ``trunks.py``'s.

    One variable for each number, because the switch lets no variable's value name another (``switch_core.c``
    switch_core_set_variable turns the dollar into a per cent sign [tried]).
    """
    return tuple(Request(f"api global_setvar emergency_{number}={_way(number, command)}") for number in sorted(EMERGENCY))


def _way(number: str, command: RescanTrunks) -> str:
    return "|".join(f"{GATEWAY}{gateway}/{number}" for gateway in command.emergency)


_ORDERS: dict[type, Callable[[Any, str], tuple[Request, ...]]] = {
    Script: _script,
    Separate: _separate,
    Join: _join,
    KeepTogether: _keep_together,
    Ring: _ring,
    RingOutside: _ring_outside,
    RescanTrunks: _rescan,
    StopRinging: _stop_ringing,
    StopPhones: _stop_phones,
    SwitchKeys: _switch_keys,
    Show: _show,
    Note: _note,
    Adopt: _adopt,
    Release: _release,
    Tell: _tell,
    KeepPlace: _keep_place,
    ServeQueues: lambda *_: (),  # compared with what the switch has, and made so: `serving.py`
}
