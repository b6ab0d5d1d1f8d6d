"""One order at a time for a leg that is being led somewhere else.

The switch only notes a transfer on the leg; the leg's own thread looks there a moment later. Whatever else moves the leg in
just that moment is lost: the thread has read the first note, and then writes over the sign that there is a second one, or
falls asleep upon it for good (``switch_core_state_machine.c`` switch_core_standard_on_routing and switch_core_session_run;
``switch_channel.c`` set_state, which does nothing where the state is ROUTING already) [tried: a phone that sends ``**23`` in
one burst]. So a leg that is led by a transfer says when it has begun (``scripts.py``), and until then whatever else would
move it waits here.
"""

import logging
from collections.abc import Callable, Mapping
from functools import partial

from app.core.commands import Join, Release, Script, Separate, SwitchCommand
from freeswitch.headers import step_of
from freeswitch.scripts import BEGUN

log = logging.getLogger(__name__)

Later = Callable[[float, Callable[[], None]], object]
"""Call the second after so many seconds."""


class Turns:
    """Hands orders on to ``send``, each when its legs can take it. After ``patience`` seconds a leg is waited for no more."""

    def __init__(self, send: Callable[[SwitchCommand], None], later: Later, patience: float) -> None:
        self._send = send
        self._later = later
        self._patience = patience
        self._led: dict[str, int] = {}  # leg -> the step of the script that it has been told to begin
        self._waiting: list[SwitchCommand] = []

    def take(self, command: SwitchCommand) -> None:
        """Give an order, now or soon. A script that waits is dropped for what would end it: the leg's next one, or its end."""
        legs = _moved_by(command)
        if isinstance(command, Script | Release):
            self._waiting = [one for one in self._waiting if not (isinstance(one, Script) and one.leg == command.leg)]
        if self._is_kept(legs, self._waiting):
            self._waiting.append(command)
        else:
            self._give(command)

    def hears(self, event: Mapping[str, str]) -> bool:
        """Whether ``event`` only says that a leg has begun its script, and so is nothing that happened in a call."""
        leg = event.get("Unique-ID", "")
        if event.get("Event-Subclass") == BEGUN:
            self._is_free(leg, step_of(event))
            return True
        if event.get("Event-Name") == "CHANNEL_HANGUP":
            self._is_free(leg, self._led.get(leg, 0))
        return False

    def refused(self, command: SwitchCommand) -> None:
        """The switch has not carried out ``command``."""
        for leg, step in _transferred_by(command).items():
            self._is_free(leg, step)

    def end(self) -> None:
        """Hand on whatever waits; nobody will say any more that it has begun."""
        waiting, self._waiting, self._led = self._waiting, [], {}
        for command in waiting:
            self._send(command)

    def _give(self, command: SwitchCommand) -> None:
        for leg, step in _transferred_by(command).items():
            self._led[leg] = step
            self._later(self._patience, partial(self._is_late, leg, step))
        self._send(command)

    def _is_kept(self, legs: tuple[str, ...], before: list[SwitchCommand]) -> bool:
        waited_for = {leg for one in before for leg in _moved_by(one)}
        return any(leg in self._led or leg in waited_for for leg in legs)

    def _is_late(self, leg: str, step: int) -> None:
        if self._led.get(leg) == step:
            log.warning("leg %s has not begun step %d within %g s", leg, step, self._patience)
            self._is_free(leg, step)

    def _is_free(self, leg: str, step: int) -> None:
        if self._led.get(leg) != step:
            return
        del self._led[leg]
        waiting, self._waiting = self._waiting, []
        for command in waiting:
            self.take(command)


def _moved_by(command: SwitchCommand) -> tuple[str, ...]:
    """The legs that are taken out of what they do."""
    if isinstance(command, Script):
        return (command.leg,)
    if isinstance(command, Separate):
        return command.first.leg, command.second.leg
    return (command.leg, command.other) if isinstance(command, Join) else ()


def _transferred_by(command: SwitchCommand) -> dict[str, int]:
    """The legs that will say that they have begun, each with its step."""
    if isinstance(command, Separate):
        return {script.leg: script.step for script in (command.first, command.second)}
    return {command.leg: command.step} if isinstance(command, Script) and command.firm else {}
