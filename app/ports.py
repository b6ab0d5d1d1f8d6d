"""What the engine's surroundings must offer. Each has one real implementation and one ten-line double in the tests."""

from collections.abc import Callable, Collection, Mapping
from typing import Protocol, TypeAlias

from app.core.commands import Attend, SwitchCommand
from app.core.directory import Directory
from app.core.events import Event, PhoneEvent, TrunkChanged
from app.core.record import Record

Mailbox: TypeAlias = Callable[[Event], None]


class Switch(Protocol):
    """Takes orders. Never blocks and never raises for what the switch does: that comes back as an event."""

    def send(self, command: SwitchCommand) -> None: ...


class Timers(Protocol):
    """Wakes the engine later. A timer belongs to a call and has a name; none of this waits."""

    def set(self, call: str, name: str, seconds: float, fire: Callable[[], None]) -> None:
        """Call ``fire`` after ``seconds``, in place of the call's earlier timer of that name."""
        ...

    def cancel(self, call: str, name: str) -> None: ...

    def forget(self, call: str) -> None:
        """Cancel every timer of the call."""
        ...


class Journal(Protocol):
    """The call log's writer. ``write`` and ``settle`` return at once; the writing happens elsewhere, in order."""

    def write(self, record: Record) -> None: ...

    def unfinished(self) -> Mapping[str, Record]:
        """Every record without an end, by call: what an earlier controller left behind. Reads the database at once."""
        ...

    def talked_outside(self, since: Mapping[int, float]) -> Mapping[int, float]:
        """How many seconds each of these tenants (its id) has talked to outside since its moment, in calls that are over.

        Those are the parts for which ``Part.is_outside`` holds. Reads the database at once; who is left out has not talked.
        """
        ...

    def settle(self, living: Collection[str], at: float) -> None:
        """Close every open record whose call is not among ``living``, with the end the switch reported for it."""
        ...


class Presence(Protocol):
    """Which phones are registered, and whether a switch and its trunks are there, written down for the panel."""

    def note(self, event: PhoneEvent) -> None: ...

    def trunk(self, event: TrunkChanged) -> None: ...

    def switch(self, name: str, connected: bool, at: float, detail: str) -> None: ...


class Roster(Protocol):
    """Which agents are on duty, written down; the next directory says so."""

    def attend(self, command: Attend) -> None:
        """Write down what an agent has said, or what was decided for him. Returns at once."""
        ...


class Source(Protocol):
    """Where the current directory comes from."""

    def current(self) -> Directory: ...
