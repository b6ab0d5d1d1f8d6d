"""What a phone's display shall show is told twice.

When two legs are joined, each tells the other's phone by itself whom it has, as soon as both have media, and while the phone
has not answered that, whatever else it shall show is dropped without a word (``switch_ivr_bridge.c`` send_display;
``mod_sofia.c``, SWITCH_MESSAGE_INDICATE_DISPLAY, TFLAG_UPDATING_DISPLAY). The switch's own word is kept back by a variable,
which is lifted for ours: on a busy machine the two may meet there. So ours is said once more when that is over; a phone that
has shown it already is not told again, for the switch remembers what it has told it.
"""

from collections.abc import Callable, Mapping
from functools import partial

from app.core.commands import Show
from freeswitch.turns import Later


class Displays:
    """Hands what shall be shown on to ``send``, now and once more after ``pause`` seconds, if nothing newer is."""

    def __init__(self, send: Callable[[Show], None], later: Later, pause: float) -> None:
        self._send = send
        self._later = later
        self._pause = pause
        self._shown: dict[str, Show] = {}  # leg -> what will be told it once more

    def take(self, command: Show) -> None:
        """Show it."""
        self._shown[command.leg] = command
        self._later(self._pause, partial(self._again, command))
        self._send(command)

    def hears(self, event: Mapping[str, str]) -> None:
        """A leg that has gone is told nothing more."""
        if event.get("Event-Name") == "CHANNEL_HANGUP":
            self._shown.pop(event.get("Unique-ID", ""), None)

    def refused(self, command: Show) -> None:
        """The switch has no such leg."""
        self._shown.pop(command.leg, None)

    def end(self) -> None:
        """The connection is lost; whoever finds the legs again shows what is true then."""
        self._shown.clear()

    def _again(self, command: Show) -> None:
        if self._shown.get(command.leg) is command:
            del self._shown[command.leg]
            self._send(command)
