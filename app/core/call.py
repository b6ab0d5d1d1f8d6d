"""A call and what becomes of it: the way into the core.

Each subject keeps its own transitions beside this file; importing them here fills the table.
"""

from app.core import (
    awaiting,
    confer,
    consult,
    excusing,
    joining,
    leading,
    menu,
    numbering,
    plain,
    refer,
    routing,
    taking,
    transfer,
    waiting,
)
from app.core.actions import TRANSFER_KEYS, HangUp, Keys, Prompt, Say
from app.core.beginning import from_a_phone, from_outside
from app.core.commands import Command, Note, Release, Script, SwitchKeys, Write
from app.core.directory import Directory
from app.core.events import (
    AgentAnswered,
    CallArrived,
    CallCameIn,
    CallEvent,
    CallReferred,
    KeyPressed,
    LegAnswered,
    PickupMissed,
    StepDone,
)
from app.core.legs import legs_of
from app.core.moves import chooses
from app.core.outcome import Outcome
from app.core.party import Party
from app.core.remember import remember
from app.core.states import (
    Aside,
    Asking,
    Call,
    Collecting,
    Conferring,
    Consulting,
    Ended,
    Excusing,
    New,
    PickingUp,
    Refusing,
    Returning,
    Ringing,
    State,
    Talking,
    Waiting,
)
from app.core.table import TRANSITIONS, Step

__all__ = ["SUBJECTS", "Call", "Ended", "New", "Refusing", "Ringing", "State", "Step", "Talking", "new", "step"]

SUBJECTS = (plain, leading, menu, waiting, transfer, consult, confer, excusing, joining, taking, refer, awaiting)


def new(event: CallArrived | CallCameIn, directory: Directory) -> Call:
    """The call that begins with ``event``; it has still to be given that event."""
    if isinstance(event, CallCameIn):
        record = from_outside(event.leg, event.number, event.name, event.dialled, event.at, directory)
    else:
        record = from_a_phone(event.leg, event.login, event.dialled, event.at, directory)
    logged = record.tenant != routing.NOBODY and not isinstance(event, PickupMissed) and not numbering.attends(event.dialled)
    return Call(event.leg, Party(event.leg, record.caller_login, received=False), New(), record, logged=logged)


def step(call: Call, event: CallEvent, directory: Directory) -> Step:
    """What becomes of ``call`` by ``event``, and what is to be done about it. Never raises for any order of events.

    What must be written down, into the call log and onto the party's leg, comes before what is to be done.
    """
    if isinstance(call.state, Ended):
        return call, ()
    transition = TRANSITIONS.get((type(call.state), type(event)))
    if transition is None and isinstance(event, CallReferred):
        return step(call, StepDone(leg=event.leg, at=event.at, call=event.call, step=event.step), directory)
    changed, commands = transition(call, call.state, event, directory) if transition else (call, ())
    return changed, (*_written(call, changed), *commands, *_stray(changed, event, commands), *_unheeded(call, changed, event))


def after_a_bug(call: Call, directory: Directory) -> tuple[Command, ...]:
    """What is done where ``step`` has raised all the same, which is a bug of ours.

    Who talks goes on talking, who is put aside is led back by the switch, who is in a queue waits there; who is led is told.
    """
    if not isinstance(call.state, New | Ringing | Asking | Refusing):
        return ()
    tenant = directory.tenants.get(call.record.tenant)
    excuse = Say(Prompt.FAILED, tenant.language if tenant else "pl")
    return (Script(call.leg, call.id, call.step + 1, (excuse, HangUp(Outcome.FAILED))),)


def _stray(call: Call, event: CallEvent, commands: tuple[Command, ...]) -> tuple[Command, ...]:
    """A leg that waits for us though the call has no place for it: an answer that crossed its cancelling, for instance.

    Or an agent who has answered a party that has just left the queue: they will be no pair any more, and nobody else tells him.
    While the party is picked up out of the queue, the switch decides who has it; on its way back it may have led it into one by
    itself.
    """
    if isinstance(event, AgentAnswered):
        state = call.state.before.state if isinstance(call.state, PickingUp) else call.state
        undecided = event.other in legs_of(call) or isinstance(state, Waiting | Returning)
        return () if undecided else (Release(event.other, Outcome.ELSEWHERE),)
    if not isinstance(event, StepDone | LegAnswered) or event.leg in legs_of(call):
        return ()
    if any(isinstance(command, Script) and command.leg == event.leg for command in commands):
        return ()
    return (Release(event.leg, Outcome.ELSEWHERE),)


def _unheeded(call: Call, changed: Call, event: CallEvent) -> tuple[Command, ...]:
    """With the first key of a transfer the switch keeps the digits for us; where none has begun, they are the talk's again."""
    if changed is not call or not isinstance(event, KeyPressed) or event.keys not in TRANSFER_KEYS:
        return ()
    if event.leg == call.leg and chooses(call.state):
        return ()
    dials = isinstance(call.state, Collecting | Excusing | Consulting | Conferring) and call.state.transferor.leg == event.leg
    return () if dials else (SwitchKeys(event.leg, _keys_of(call, event.leg)),)


def _keys_of(call: Call, leg: str) -> Keys:
    """Nobody outside has any, and those of a menu that he has left are not to be taken for some."""
    others = (getattr(call.state, name, None) for name in ("other", "transferor", "target"))
    ours = [party.leg for party in (call.party, *others) if isinstance(party, Party) and party.login]
    return Keys.TALK if leg in ours else Keys.NONE


def _written(call: Call, changed: Call) -> tuple[Command, ...]:
    commands: list[Command] = []
    if changed.logged and (changed.record != call.record or isinstance(call.state, New)):
        commands.append(Write(changed.record))
    if isinstance(changed.state, Ended):
        return tuple(commands)
    if isinstance(changed.state, Aside):
        return (*commands, Note(changed.state.one, remember(changed.state))) if changed.state != call.state else tuple(commands)
    old, note = remember(call.state), remember(changed.state)
    if changed.leg != call.leg and old:
        commands.append(Note(call.leg, ""))
    if note != (old if changed.leg == call.leg else ""):
        commands.append(Note(changed.leg, note))
    return tuple(commands)
