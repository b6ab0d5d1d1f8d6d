"""What is wanted: orders to the switch and to the journal, as values.

A *script* is the way a leg is led: a few actions that the switch runs by itself, one after another, and at whose end the
leg waits for us again, for a limited time. So a leg is never without something to do, even when nobody is left to tell it.
A script may have a *rescue*, which the switch goes on with when we do not send the next script soon: so that a caller who was
put aside is led back to somebody even then.
"""

from dataclasses import dataclass
from typing import TypeAlias

from app.core.actions import Action, Keys, Outside
from app.core.outcome import Outcome
from app.core.queues import Duty, PauseReason, Strategy
from app.core.record import Record


@dataclass(frozen=True)
class Script:
    """Let ``leg`` of ``call`` run ``actions``; afterwards it waits, and ``StepDone`` with this ``step`` says so.

    Steps of one call are numbered from 1; both values are written to the leg before the first action.
    """

    leg: str
    call: str
    step: int
    actions: tuple[Action, ...]
    rescue: tuple[Action, ...] = ()  # ends with HangUp
    firm: bool = False  # the leg may be anywhere, even half way to a partner, or be told to go to one right afterwards


@dataclass(frozen=True)
class Separate:
    """Part two legs that talk: each runs its script at once, and neither is ended by it. A failure names ``first``."""

    first: Script
    second: Script


@dataclass(frozen=True)
class Join:
    """Let two legs of a call talk. When one of them leaves, the other waits for us, as at the end of a script.

    If ``other`` leaves before they are one, ``leg`` waits for us as well; the contrary may leave ``other`` in limbo, so ``leg``
    is the more precious. Until LegsJoined neither may be led. A failure names ``leg`` and ``step``.
    """

    leg: str
    other: str
    call: str
    step: int


@dataclass(frozen=True)
class Ring:
    """Ring every device of these accounts for ``seconds``; the leg that answers waits for us: LegAnswered, else RingFailed.

    It does not hang on any other leg. ``number`` and ``name`` are what it shows.
    """

    call: str
    step: int
    logins: tuple[str, ...]
    seconds: int
    number: str
    name: str


@dataclass(frozen=True)
class RingOutside:
    """As Ring, a telephone outside: its leg is LegAnswered when it took the call, by 1 where ``to`` asks for that.

    RingFailed with NO_LINE says that another trunk may be tried.
    """

    call: str
    step: int
    to: Outside
    seconds: int


@dataclass(frozen=True)
class StopRinging:
    """End every leg of a ``Ring`` or ``RingOutside``, whether it rings or was answered just now.

    ``taken``: somebody else has taken it, so a phone that rang shall not count it as missed.
    """

    call: str
    step: int
    taken: bool = False


@dataclass(frozen=True)
class StopPhones:
    """End whatever a script of ``call`` rings: somebody else has taken it, so no phone shall count it as missed."""

    call: str


@dataclass(frozen=True)
class SwitchKeys:
    """Listen for these keys on a leg that talks."""

    leg: str
    keys: Keys
    bind: bool = False  # its keys may not be known yet: it has dialled, or was joined in the moment of its answer


@dataclass(frozen=True)
class KeepTogether:
    """From now on these two, who were joined, end together by themselves."""

    leg: str
    other: str


@dataclass(frozen=True)
class Adopt:
    """A leg of another call belongs to ``call`` from now on."""

    leg: str
    call: str


@dataclass(frozen=True)
class Show:
    """Change what the display of a leg that talks shows."""

    leg: str
    number: str
    name: str


@dataclass(frozen=True)
class Note:
    """Write down on a leg what a later controller must know to go on: a few words of ASCII, empty to forget."""

    leg: str
    text: str


@dataclass(frozen=True)
class Release:
    """End a leg now, whatever it does."""

    leg: str
    outcome: Outcome


@dataclass(frozen=True)
class ForgetAccount:
    """Drop what the switch has cached of an account, because its password changed or it is gone."""

    login: str


@dataclass(frozen=True)
class Tell:
    """Play something to a leg that waits in a queue, over the music, which goes on afterwards."""

    leg: str
    said: tuple[Action, ...]


@dataclass(frozen=True)
class KeepPlace:
    """Let somebody stand in a queue for a caller who will be called back: a leg without a telephone, named ``call`` and of a
    call of its own, which runs ``script`` (a failure names its leg and step). When an agent has answered it, they are
    LegsJoined. ``record`` is the new call's, ``note`` what stands on its leg."""

    call: str
    script: Script
    note: str
    record: Record


@dataclass(frozen=True)
class OnDuty:
    """One whom a queue may ring, as the switch has to know him. ``key`` as in `app.core.queues.Agent`.

    ``outside`` are the ways to his telephone, one for each trunk, first to last; empty for the account whose login is ``key``.
    """

    tenant: int
    key: str
    outside: tuple[Outside, ...] = ()


@dataclass(frozen=True)
class Line:
    """One queue as the switch has to know it. ``agents`` are the keys of those on duty, in order."""

    queue: int
    tenant: int
    strategy: Strategy
    ring: int
    retry: int
    wrap_up: int
    max_wait: int | None
    agents: tuple[str, ...]


@dataclass(frozen=True)
class ServeQueues:
    """This is how all queues shall be now. The switch is compared with it, and made equal, until it is told otherwise.

    ``busy`` are the logins that are on the telephone, or rung, for other reasons than a queue: they are not rung by one.
    """

    lines: tuple[Line, ...]
    agents: tuple[OnDuty, ...]
    busy: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Attend:
    """Write down an agent's sign-in or pause in a queue; it holds with the next directory. ``until``: when a pause ends."""

    tenant: int
    queue: int
    agent: str
    duty: Duty
    at: float
    reason: PauseReason = PauseReason.OWN
    until: float | None = None


@dataclass(frozen=True)
class RescanTrunks:
    """Let the switch ask anew which trunks there are, because one was changed; calls over the others go on.

    ``emergency`` are the gateways, first to last, over which a phone reaches emergency numbers even when nobody leads it.
    """

    emergency: tuple[str, ...]


@dataclass(frozen=True)
class Write:
    """Put the call's record into the call log, over any earlier one of the same call."""

    record: Record


@dataclass(frozen=True)
class Warn:
    """Say in the operator's log, as a warning, what somebody should look at. ``text`` is for people."""

    text: str


@dataclass(frozen=True)
class SetTimer:
    """TimerFired with this ``number`` after ``seconds``, in place of the call's earlier timer of that name."""

    call: str
    name: str
    number: int
    seconds: float


@dataclass(frozen=True)
class CancelTimer:
    """No TimerFired of that name for this call, unless one is under way already."""

    call: str
    name: str


SwitchCommand: TypeAlias = (
    Script
    | Separate
    | Join
    | KeepTogether
    | Ring
    | RingOutside
    | StopRinging
    | StopPhones
    | SwitchKeys
    | Show
    | Note
    | Adopt
    | Release
    | Tell
    | KeepPlace
    | ServeQueues
    | ForgetAccount
    | RescanTrunks
)
TimerCommand: TypeAlias = SetTimer | CancelTimer
Command: TypeAlias = SwitchCommand | TimerCommand | Write | Warn | Attend
