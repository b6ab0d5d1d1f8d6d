"""The way into a menu: it answers, greets, and listens for keys."""

from dataclasses import replace

from app.core.actions import Action, Answer, BindKeys, Keys, Listen, Play, Silence
from app.core.directory import Menu
from app.core.moves import lead
from app.core.record import Part
from app.core.states import Asking, Call, Led
from app.core.table import Step

NO_KEY_SECONDS = 5
"""For so long after its end a greeting is waited upon; then nothing was chosen."""


def enter(call: Call, led: Led, menu: Menu, at: float, rescue: tuple[Action, ...]) -> Step:
    """Let the party choose. The log says how long it did; a menu is nobody, so the call itself is not answered by that."""
    call = replace(call, record=call.record.begin(Part("", menu.name, "", at, at)))
    return greet(call, Asking(led), menu, rescue, Answer(), BindKeys())


def greet(call: Call, state: Asking, menu: Menu, rescue: tuple[Action, ...], *first: Action) -> Step:
    """The greeting, from its beginning. Keys end it; so does whoever presses none, a moment after its end."""
    state = replace(state, digits="", heard=state.heard + 1)
    return lead(call, state, *first, Listen(Keys.KEYPAD), Play(menu.greeting), Silence(NO_KEY_SECONDS), rescue=rescue)
