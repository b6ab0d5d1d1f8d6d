"""What happened: facts from the switch, from a timer, from a lost connection.

All frozen, all in the past tense. ``leg`` is the switch's id of the channel concerned; ``at`` is seconds since the epoch,
by the clock of whoever saw it first, so that the core needs no clock of its own.
"""

from dataclasses import dataclass
from typing import TypeAlias

from app.core.outcome import Outcome
from app.core.presence import PhoneEvent as PhoneEvent
from app.core.presence import PhoneRegistered as PhoneRegistered
from app.core.presence import PhonesCounted as PhonesCounted
from app.core.presence import PhoneUnregistered as PhoneUnregistered
from app.core.presence import Registration as Registration
from app.core.presence import TrunkChanged as TrunkChanged
from app.core.stock import FoundLeg as FoundLeg
from app.core.stock import Role as Role
from app.core.stock import SwitchFound as SwitchFound
from app.core.stock import SwitchLost as SwitchLost


@dataclass(frozen=True, kw_only=True)
class LegEvent:
    """The common part: one leg, one moment. ``call`` is the call the leg says it belongs to; empty while it is nobody's."""

    leg: str
    at: float
    call: str = ""


@dataclass(frozen=True, kw_only=True)
class CallArrived(LegEvent):
    """A phone dialled something and waits for us. ``login`` is the account the switch authenticated, empty for none."""

    login: str
    dialled: str


@dataclass(frozen=True, kw_only=True)
class CallCameIn(LegEvent):
    """Somebody outside dialled one of our numbers and waits for us. All as the ``trunk`` (its name) has delivered it.

    ``number`` and ``name`` are the caller's, empty where he withholds them; ``dialled`` is the user part of the request.
    """

    trunk: str
    number: str
    name: str
    dialled: str


@dataclass(frozen=True, kw_only=True)
class LegsJoined(LegEvent):
    """``leg`` and ``other`` hear each other now.

    ``login`` is the account of ``leg`` and ``step`` the number of what was last ordered of it; empty and 0 where unknown.
    ``other_login`` is the account of ``other``: of several that were rung, the one that answered. ``number`` is that of
    ``leg`` where it is a telephone outside and we know it, which the switch need not.
    """

    other: str
    login: str = ""
    step: int = 0
    other_login: str = ""
    number: str = ""


@dataclass(frozen=True, kw_only=True)
class StepDone(LegEvent):
    """The leg has run the script numbered ``step`` to its end and waits for the next.

    ``result`` says how its attempt to connect went: None when it made none or the connection stood and was then released;
    ANSWERED for a wait in a queue that ended with a talk, with ``agent`` (his key).
    """

    step: int
    result: Outcome | None = None
    agent: str = ""


@dataclass(frozen=True, kw_only=True)
class LegHungUp(LegEvent):
    """The leg is gone. ``outcome`` is the switch's reason in our words; ``by_phone`` whether the phone itself ended it.

    ``attempt`` numbers the ``Ring`` it belonged to, 0 for none.
    """

    outcome: Outcome
    by_phone: bool = False
    attempt: int = 0


@dataclass(frozen=True, kw_only=True)
class CommandFailed(LegEvent):
    """The switch refused a command, or did not answer in time. ``reason`` is for the log, never for a person.

    ``step`` is the failed script's number, 0 for any other command.
    """

    step: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class KeyPressed(LegEvent):
    """One of the keys we listen for: a digit, ``*``, ``#`` or ``**``. The other party did not hear it."""

    keys: str


@dataclass(frozen=True, kw_only=True)
class LegAnswered(LegEvent):
    """A phone that was rung by the ``Ring`` numbered ``step`` was answered, and waits. ``login`` is empty for one outside."""

    step: int
    login: str = ""


@dataclass(frozen=True, kw_only=True)
class RingFailed(LegEvent):
    """Nobody answered the ``Ring`` numbered ``step``, and nothing of it rings any more. ``leg`` is the call's id.

    ``outcome`` is one device's reason; LegHungUp of the others may have told a better one.
    """

    step: int
    outcome: Outcome


@dataclass(frozen=True, kw_only=True)
class AgentRung(LegEvent):
    """A queue has begun to ring an agent (his key) for ``leg``, which waits there."""

    agent: str


@dataclass(frozen=True, kw_only=True)
class AgentMissed(LegEvent):
    """An agent whom the queue rang since ``since`` has not taken ``leg``. ELSEWHERE: another has; CANCELLED: it has left.

    ``other`` is the leg on which he had answered, if he had, and left before they were joined. Then a queue that rings all its
    agents at once takes ``leg`` for served, and rings nobody for it any more before it enters anew.
    """

    agent: str
    outcome: Outcome
    since: float
    other: str = ""


@dataclass(frozen=True, kw_only=True)
class AgentAnswered(LegEvent):
    """An agent has answered, on the leg ``other``; perhaps he is told something before LegsJoined. ``since`` as above."""

    agent: str
    other: str
    since: float


@dataclass(frozen=True, kw_only=True)
class PlaceCounted(LegEvent):
    """It is time to tell ``leg`` where in the queue it stands (1 is next) and how many seconds it will probably take yet."""

    place: int
    seconds: int
    number: int  # of the timer


@dataclass(frozen=True, kw_only=True)
class QueueClosed(LegEvent):
    """The queue in which ``leg`` waits has been deleted: nobody will be rung for it any more."""


@dataclass(frozen=True, kw_only=True)
class CallerReached(LegEvent):
    """Somebody has begun to talk, in another call, with the caller for whom ``leg`` keeps a place in a queue."""


@dataclass(frozen=True, kw_only=True)
class TimerFired(LegEvent):
    """Time is up. ``number`` is the one the timer was set with: one that was set anew meanwhile has another."""

    name: str
    number: int


@dataclass(frozen=True, kw_only=True)
class CallPickedUp(LegEvent):
    """The owner of ``login`` dialled for this ringing call on ``leg``, and it was decided that he gets it."""

    login: str


@dataclass(frozen=True, kw_only=True)
class PickupMissed(CallArrived):
    """Somebody dialled for a ringing call and does not get it. ``winner`` is the number of who was faster, empty for nobody."""

    winner: str = ""


@dataclass(frozen=True, kw_only=True)
class CallReferred(LegEvent):
    """By its own transfer key, the phone that talked to ``leg`` sent it on; the leg waits. ``dialled`` says where to.

    Where that means nothing, it is a leg that waits as after the order numbered ``step``.
    """

    dialled: str
    step: int


@dataclass(frozen=True, kw_only=True)
class CallReferredEarly(LegEvent):
    """By its own transfer key, the phone that talked to ``leg`` sent it to the one it had called itself, who still rings.

    As soon as that one answers, the switch joins the two; else ``leg`` waits for us. ``dialled`` is what the phone had called,
    ``own`` its leg of that second call, which is over.
    """

    dialled: str
    own: str


@dataclass(frozen=True, kw_only=True)
class CallMerged(LegEvent):
    """A phone has joined the far ends of two calls of its own; this call's ``leg`` goes on in the call ``into``."""

    into: str


@dataclass(frozen=True, kw_only=True)
class ControlResumed(LegEvent):
    """We lead the call again after a time in which keys and timers went unheard."""


CallEvent: TypeAlias = (
    CallArrived
    | CallCameIn
    | LegsJoined
    | StepDone
    | LegHungUp
    | CommandFailed
    | KeyPressed
    | LegAnswered
    | RingFailed
    | AgentRung
    | AgentMissed
    | AgentAnswered
    | PlaceCounted
    | QueueClosed
    | CallerReached
    | TimerFired
    | CallPickedUp
    | PickupMissed
    | CallReferred
    | CallReferredEarly
    | CallMerged
    | ControlResumed
)
Event: TypeAlias = CallEvent | SwitchFound | SwitchLost | PhoneEvent | TrunkChanged
