"""Which legs of a call are ours to lead."""

from app.core.states import (
    Aside,
    Awaiting,
    Call,
    Collecting,
    Conferring,
    Consulting,
    Excusing,
    Inheriting,
    Joining,
    PickingUp,
    Talking,
    Waiting,
)


def legs_of(call: Call) -> tuple[str, ...]:
    """The legs we lead, the party's first. Those that a script rings are the script's business."""
    state = call.state
    others: tuple[str, ...] = ()
    if isinstance(state, Collecting | Excusing):
        others = (state.transferor.leg,)
    elif isinstance(state, Consulting):
        others = (state.transferor.leg, state.picker)
    elif isinstance(state, Conferring):
        others = (state.transferor.leg, state.target.leg)
    elif isinstance(state, Inheriting):
        others = (state.target.leg,)
    elif isinstance(state, Joining | Talking):
        others = (state.other.leg,)
    elif isinstance(state, Waiting):
        others = (state.answered,)
    elif isinstance(state, PickingUp):
        others = (state.picker.leg,) if state.picker else ()
    elif isinstance(state, Awaiting):
        others = (state.picker,)
    elif isinstance(state, Aside):
        return (state.one, state.other)
    return (call.leg, *filter(None, others))
