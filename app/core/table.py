"""The table of transitions, by *(state, event)*; no entry means: unchanged, nothing sent.

So a late or doubled event is harmless by construction, and the end state, which has no entries, stays the end.
"""

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

from app.core.commands import Command
from app.core.directory import Directory
from app.core.states import Call

Step: TypeAlias = tuple[Call, tuple[Command, ...]]
"""What becomes of a call, and what is to be told to the switch; writing it down is seen to by ``call.step``."""

_Transition: TypeAlias = Callable[[Call, Any, Any, Directory], Step]
_F = TypeVar("_F", bound=_Transition)
TRANSITIONS: dict[tuple[type, type], _Transition] = {}


def on(state: type, event: type) -> Callable[[_F], _F]:
    """Enter a function into the table of transitions. Raises ValueError for a second one at the same place."""

    def enter(transition: _F) -> _F:
        if (state, event) in TRANSITIONS:
            raise ValueError(f"{state.__name__} has two transitions on {event.__name__}")
        TRANSITIONS[state, event] = transition
        return transition

    return enter
