"""A menu: the party presses a key, or dials an internal number, and goes on there."""

from dataclasses import replace

from app.core import numbering, places
from app.core.actions import Action, Prompt, Say, Silence
from app.core.asking import greet
from app.core.commands import CancelTimer, SetTimer
from app.core.directory import Directory, Menu, Tenant
from app.core.events import CommandFailed, ControlResumed, KeyPressed, LegHungUp, StepDone, TimerFired
from app.core.moves import language_of, lead, leave, tenant_of
from app.core.outcome import Outcome
from app.core.routing import Way
from app.core.states import Asking, Call
from app.core.table import Step, on
from app.core.walk import failed, onward, rescue_of

TIMER = "menu"
SILENCE_SECONDS = 60  # while digits come; the party is never waited for that long


def _here(call: Call, state: Asking, directory: Directory) -> tuple[Tenant, Menu] | None:
    """The menu as it is now; None if somebody has deleted it."""
    tenant = tenant_of(call, directory)
    menus = tenant.menus.values() if tenant else ()
    menu = next((menu for menu in menus if places.of_menu(menu.name) == state.led.way.place), None)
    return (tenant, menu) if tenant and menu else None


@on(Asking, KeyPressed)
def _key(call: Call, state: Asking, event: KeyPressed, directory: Directory) -> Step:
    found = _here(call, state, directory)
    if event.leg != call.leg or found is None:
        return call, ()
    tenant, menu = found
    if event.keys == "#" and state.digits:
        return _chosen(call, state, event.at, directory)
    state = replace(state, digits=state.digits + event.keys, heard=state.heard + 1)
    if not menu.dial_internal or not numbering.waits_for(state.digits, tenant.extensions):
        return _chosen(call, state, event.at, directory)
    timer = SetTimer(call.id, TIMER, state.heard, tenant.digit_timeout)
    if len(state.digits) > 1:
        return replace(call, state=state), (timer,)
    call, commands = lead(call, state, Silence(SILENCE_SECONDS), rescue=rescue_of(call, state.led, event.at, directory))
    return call, (*commands, timer)  # the first digit ends the greeting


@on(Asking, TimerFired)
def _no_more_digits(call: Call, state: Asking, event: TimerFired, directory: Directory) -> Step:
    if (event.name, event.number) != (TIMER, state.heard):
        return call, ()  # a key was faster
    return _chosen(call, state, event.at, directory)


def _chosen(call: Call, state: Asking, at: float, directory: Directory) -> Step:
    """What was pressed is all that was meant. A person has chosen, so the hops of machines are counted anew."""
    found = _here(call, state, directory)
    if found is None:
        return _go_on(call, state, state.led.way, at, directory)
    tenant, menu = found
    if menu.dial_internal and state.digits in tenant.extensions:
        return _go_on(call, state, Way(state.digits, hops=1), at, directory)
    if state.digits in menu.keys:
        return _go_on(call, state, Way(places.inside(state.led.way.place, state.digits), hops=1), at, directory)
    wrong = replace(state, wrong=state.wrong + 1)
    if wrong.wrong > menu.wrong_choice.repeat:
        return _go_on(call, state, state.led.way.to(places.inside(state.led.way.place, places.WRONG_CHOICE)), at, directory)
    return _greet(call, wrong, menu, at, directory, Say(Prompt.WRONG_CHOICE, language_of(call, directory)))


@on(Asking, StepDone)
def _silent(call: Call, state: Asking, event: StepDone, directory: Directory) -> Step:
    """The greeting is over, and nobody has pressed anything."""
    if event.leg != call.leg or not call.runs(event.step):
        return call, ()
    found = _here(call, state, directory)
    if state.digits or found is None:
        return _chosen(call, state, event.at, directory)
    _, menu = found
    silent = replace(state, silent=state.silent + 1)
    if silent.silent > menu.no_choice.repeat:
        return _go_on(call, state, state.led.way.to(places.inside(state.led.way.place, places.NO_CHOICE)), event.at, directory)
    return _greet(call, silent, menu, event.at, directory)


@on(Asking, ControlResumed)
def _keys_unheard(call: Call, state: Asking, event: ControlResumed, directory: Directory) -> Step:
    """Keys may have been lost, so none counts: the greeting says so."""
    found = _here(call, state, directory)
    return _greet(call, state, found[1], event.at, directory) if found else _chosen(call, state, event.at, directory)


def _greet(call: Call, state: Asking, menu: Menu, at: float, directory: Directory, *said: Action) -> Step:
    call, commands = greet(call, state, menu, rescue_of(call, state.led, at, directory), *said)
    return call, (CancelTimer(call.id, TIMER), *commands)


def _go_on(call: Call, state: Asking, way: Way, at: float, directory: Directory) -> Step:
    closed = replace(call, record=call.record.close(Outcome.ANSWERED, at))
    call, commands = onward(closed, replace(state.led, way=way), at, directory)
    return call, (CancelTimer(call.id, TIMER), *commands)


@on(Asking, LegHungUp)
def _left(call: Call, _: Asking, event: LegHungUp, __: Directory) -> Step:
    return leave(call, event) if event.leg == call.leg else (call, ())


@on(Asking, CommandFailed)
def _not_obeyed(call: Call, state: Asking, event: CommandFailed, directory: Directory) -> Step:
    return failed(call, state.led, Outcome.FAILED, event.at, directory) if call.runs(event.step) else (call, ())
