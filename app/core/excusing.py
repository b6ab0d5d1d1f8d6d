"""The transferor is told why his transfer came to nothing, and then has the party back."""

from dataclasses import replace

from app.core.directory import Directory
from app.core.events import CommandFailed, KeyPressed, LegHungUp, StepDone
from app.core.joining import back
from app.core.moves import aside, leave, reason
from app.core.outcome import Outcome
from app.core.party import Party
from app.core.returning import keep_aside, return_to
from app.core.states import Call, Excusing
from app.core.table import Step, on


def excuse(call: Call, transferor: Party, outcome: Outcome, directory: Directory) -> Step:
    """Begin to tell him."""
    call, telling = aside(call, transferor.leg, reason(call, outcome, directory))
    return replace(call, state=Excusing(transferor, telling.step)), (telling,)


@on(Excusing, StepDone)
def _told(call: Call, state: Excusing, event: StepDone, directory: Directory) -> Step:
    if (event.leg, event.step) == (state.transferor.leg, state.script):
        return back(call, state.transferor, event.at)
    if (event.leg, event.step) == (call.leg, call.led):
        return keep_aside(call, state.transferor.login, event.at, directory)
    return call, ()


@on(Excusing, KeyPressed)
def _heard_enough(call: Call, state: Excusing, event: KeyPressed, _: Directory) -> Step:
    if event.leg != state.transferor.leg or event.keys != "*":
        return call, ()
    return back(call, state.transferor, event.at)


@on(Excusing, CommandFailed)
def _not_told(call: Call, state: Excusing, event: CommandFailed, _: Directory) -> Step:
    if event.leg != state.transferor.leg or event.step != state.script:
        return call, ()
    return back(call, state.transferor, event.at)


@on(Excusing, LegHungUp)
def _one_left(call: Call, state: Excusing, event: LegHungUp, directory: Directory) -> Step:
    if event.leg == call.leg:
        return leave(call, event, state.transferor.leg)
    if event.leg != state.transferor.leg:
        return call, ()
    return return_to(call, state.transferor.login, event.at, directory)
