"""A state as a few words of ASCII on a leg, and back: what a restarted controller goes on from.

``collecting/1f0a…:102:1:/1/7//1/0`` is the name of a state and its fields in order. A phone in it is
``leg:login:received:number``, a way ``place:turn:hops:reason``, and a state within it the same with commas.
"""

from dataclasses import fields, replace

from app.core.party import Party
from app.core.routing import Way
from app.core.states import (
    Aside,
    Asking,
    Awaiting,
    Collecting,
    Conferring,
    Consulting,
    Diverting,
    Excusing,
    HandedOver,
    Inheriting,
    Joining,
    Led,
    PickingUp,
    Referring,
    Returning,
    Ringing,
    Sending,
    State,
    Talking,
    Waiting,
)

_KEPT = (
    Ringing, Asking, Waiting, Aside, Collecting, Excusing, Consulting, Conferring, Inheriting, Joining, HandedOver, Sending,
    Returning, Diverting, Referring, Awaiting, Talking,
)  # fmt: skip
_NAMES: dict[str, type] = {state.__name__.lower(): state for state in _KEPT}


def remember(state: State) -> str:
    """The note for ``state``; empty where the legs themselves tell enough."""
    if isinstance(state, PickingUp):
        return remember(state.before.state)
    if isinstance(state, Awaiting):  # whoever wants to take the party asks the next controller again
        state = replace(state, picker="", login="")
    if not isinstance(state, _KEPT) or (isinstance(state, Talking) and not state.ours):
        return ""
    if isinstance(state, Ringing) and state.way == Way(state.way.place):  # which is where the dialled number leads
        return ""
    return _written(state)


def recall(note: str) -> State | None:
    """The state in a note; None for an empty or unintelligible one (an older or newer controller's)."""
    name, *values = note.split("/")
    kind = _NAMES.get(name)
    if kind is None or len(values) != len(fields(kind)):
        return None
    try:
        state: State = kind(*(_value(str(field.type), text) for field, text in zip(fields(kind), values, strict=True)))
    except ValueError:
        return None
    return state


def _written(state: State) -> str:
    return "/".join([type(state).__name__.lower(), *(_text(getattr(state, field.name)) for field in fields(state))])


def _text(value: Party | Way | Led | str | int) -> str:
    if isinstance(value, Party):
        return f"{value.leg}:{value.login}:{value.received:d}:{value.number}"
    if isinstance(value, Way):
        return f"{value.place}:{value.turn}:{value.hops}:{value.reason}"
    if isinstance(value, Ringing | Sending | Diverting):
        return _written(value).replace("/", ",")
    return str(int(value)) if isinstance(value, int) else value


def _value(kind: str, text: str) -> Party | Way | State | str | int:
    if "Party" in kind:
        leg, login, received, number = text.split(":")
        return Party(leg, login, received == "1", number)
    if "Ringing" in kind:
        return _led(text)
    if "Way" in kind:
        place, turn, hops, reason = text.split(":")
        return Way(place, int(turn), int(hops), reason)
    if "bool" in kind:
        return text == "1"
    return int(text) if "int" in kind else text


def _led(text: str) -> State:
    state = recall(text.replace(",", "/"))
    if not isinstance(state, Ringing | Sending | Diverting):
        raise ValueError(text)
    return state
