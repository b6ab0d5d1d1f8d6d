"""A state as a few words of ASCII on a leg, and back: what a restarted controller goes on from.

``collecting/1f0a…:102:1/1/7//1/0`` is the name of a state and its fields in order. A phone in it is ``leg:login:received``.
"""

from dataclasses import fields

from app.core.party import Party
from app.core.states import (
    Aside,
    Awaiting,
    Collecting,
    Conferring,
    Consulting,
    Diverting,
    Excusing,
    HandedOver,
    Inheriting,
    Joining,
    PickingUp,
    Referring,
    Returning,
    Sending,
    State,
    Talking,
)

_KEPT = (
    Aside, Collecting, Excusing, Consulting, Conferring, Inheriting, Joining, HandedOver, Sending, Returning, Diverting,
    Referring, Awaiting, Talking,
)  # fmt: skip
_NAMES: dict[str, type] = {state.__name__.lower(): state for state in _KEPT}


def remember(state: State) -> str:
    """The note for ``state``; empty where the legs themselves tell enough."""
    if isinstance(state, PickingUp):
        return remember(state.before.state)
    if not isinstance(state, _KEPT) or (isinstance(state, Talking) and not state.ours):
        return ""
    return "/".join([type(state).__name__.lower(), *(_text(getattr(state, field.name)) for field in fields(state))])


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


def _text(value: Party | str | int) -> str:
    if isinstance(value, Party):
        return f"{value.leg}:{value.login}:{value.received:d}"
    return str(int(value)) if isinstance(value, int) else value


def _value(kind: str, text: str) -> Party | str | int:
    if "Party" in kind:
        leg, login, received = text.split(":")
        return Party(leg, login, received == "1")
    if "bool" in kind:
        return text == "1"
    return int(text) if "int" in kind else text
