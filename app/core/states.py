"""A call and the states it can be in; each state carries just what is true in it.

In all of them ``Call.party`` is the one who must not be lost: the caller at first, and whoever is transferred from then on.
"""

from dataclasses import dataclass
from typing import TypeAlias

from app.core.events import LegsJoined, RingFailed, StepDone
from app.core.outcome import Outcome
from app.core.party import Party
from app.core.record import Record
from app.core.routing import Way


@dataclass(frozen=True)
class New:
    """The caller's leg waits; nobody has looked at it."""


@dataclass(frozen=True)
class Ringing:
    """A script rings somebody for the caller, at the present turn of his ``way``."""

    way: Way


@dataclass(frozen=True)
class Talking:
    """The party and ``other`` hear each other. ``ours``: we joined them, which the legs alone would not tell."""

    other: Party
    ours: bool = False


@dataclass(frozen=True)
class Refusing:
    """The party is being told why it goes no further, and then leaves."""

    outcome: Outcome


@dataclass(frozen=True)
class Collecting:
    """The transferor dials; the party hears music. ``heard`` counts the keys and tries, which number the timer."""

    transferor: Party
    consult: bool
    script: int  # what the transferor's leg runs
    digits: str = ""
    tries: int = 1
    heard: int = 0


@dataclass(frozen=True)
class Excusing:
    """The transferor is told why his transfer came to nothing, before he has the party back."""

    transferor: Party
    script: int


@dataclass(frozen=True)
class Consulting:
    """A target rings for the transferor. ``attempt`` numbers the Ring, and the script of the transferor's leg.

    ``picker`` is the leg of somebody who takes the target's place, if any, and ``login`` his account; then ``attempt`` numbers
    its script. ``asked`` are the agents that were free when a queue was asked: their accounts, in order, with ``+`` between.
    """

    transferor: Party
    way: Way
    attempt: int
    picker: str = ""
    login: str = ""
    asked: str = ""


@dataclass(frozen=True)
class Conferring:
    """The transferor talks to the target; the party hears music. ``step`` numbers the Join.

    While they are not ``joined`` yet neither can be led, so who wants the party ``back`` gets it a moment later. ``alone``: the
    target has left, and the transferor's leg will wait in a moment. ``refused``: the switch could not join them, because one of
    them had left; which one will be heard in a moment.
    """

    transferor: Party
    target: Party
    step: int
    joined: bool = False
    back: bool = False
    alone: bool = False
    refused: bool = False


@dataclass(frozen=True)
class Inheriting:
    """The transferor has left the target, whose leg will wait in a moment and then gets the party."""

    target: Party
    back: str
    step: int


@dataclass(frozen=True)
class Joining:
    """The party and ``other`` have been told to the switch as a pair. ``back`` is who gets the party if that fails.

    ``alone``: the other has left before they were one, and the party's leg will wait in a moment.
    """

    other: Party
    back: str
    alone: bool = False


@dataclass(frozen=True)
class HandedOver:
    """The transferor left while the target rang: now it rings for the party."""

    back: str
    way: Way
    attempt: int


@dataclass(frozen=True)
class Sending:
    """A script rings somebody for the party. ``back`` is the account that sent it on, ``target`` the number it was sent to."""

    way: Way
    back: str
    target: str


@dataclass(frozen=True)
class Returning:
    """A script rings the account that sent the party on."""

    back: str


@dataclass(frozen=True)
class Diverting:
    """A script rings whom the tenant has named for callers nobody wanted back."""

    way: Way


Led: TypeAlias = Ringing | Sending | Diverting
"""The party is led along a way. Which of them it is says what becomes of it where the way ends."""


@dataclass(frozen=True)
class Asking:
    """The party is in a menu, on its ``led`` way. ``heard`` numbers the timer; the others count, and collect, its choices."""

    led: Led
    digits: str = ""
    silent: int = 0
    wrong: int = 0
    heard: int = 0


@dataclass(frozen=True)
class Waiting:
    """The party waits in a ``queue`` (its id) since ``since``, on its ``led`` way. ``heard`` numbers the timer of its place.

    ``keys``: those are listened for. ``answered`` is the leg of the ``agent`` (his key) who has answered it and does not talk
    to it yet, if any; ``lost`` is the last agent's leg that has ended. ``wanted``: the party only stands in for whoever is at
    this place and will be called back.
    """

    led: Led
    queue: int
    since: int
    heard: int = 0
    keys: bool = False
    answered: str = ""
    agent: str = ""
    lost: str = ""
    wanted: str = ""


@dataclass(frozen=True)
class Referring:
    """The phone of ``back`` has sent the party on by its own key; where to will be heard next."""

    back: str


@dataclass(frozen=True)
class Awaiting:
    """The phone of `back` has called the target itself and left while it rang; who answers there gets the party.

    It rings for ``own``, the phone's second leg. ``left``: which has been heard to end. ``picker`` is the leg of somebody who
    takes the party instead, if any, and ``login`` his account, which stays when he leaves: then nobody rings any more.
    """

    back: str
    target: str  # number
    way: Way
    own: str
    left: bool = False
    picker: str = ""
    login: str = ""


@dataclass(frozen=True)
class PickingUp:
    """The switch is bringing the party to ``picker``. ``before`` is the call as it rang, should that fail.

    ``missed`` is what the rung phone, or the end of its ringing, has made of that call meanwhile. Where the picker does not get
    it, there is none any more, and that is still to be heard.
    """

    picker: Party | None
    script: int
    before: "Call"
    missed: LegsJoined | StepDone | RingFailed | None = None


@dataclass(frozen=True)
class Aside:
    """The party has left; the transferor and the target go on talking, which is no customer's call."""

    one: str
    other: str


@dataclass(frozen=True)
class Ended:
    """Nothing more will happen."""


State: TypeAlias = (
    New
    | Ringing
    | Talking
    | Refusing
    | Collecting
    | Excusing
    | Consulting
    | Conferring
    | Inheriting
    | Joining
    | HandedOver
    | Sending
    | Returning
    | Diverting
    | Asking
    | Waiting
    | Referring
    | Awaiting
    | PickingUp
    | Aside
    | Ended
)


@dataclass(frozen=True)
class Call:
    """One customer's call. ``id`` is the leg it began with, which names the call for as long as anybody remembers it."""

    id: str
    party: Party
    state: State
    record: Record
    step: int = 0  # the last number given to a script or an attempt to ring
    led: int = 0  # the number of the script that the party's leg runs
    marked: int = 0  # the number it ran under before, when an intercept that came to nothing has changed that
    logged: bool = True  # whether the call log knows of it

    @property
    def leg(self) -> str:
        """The leg of the party that must not be lost."""
        return self.party.leg

    def runs(self, step: int) -> bool:
        """Whether what the party's leg reports under this number is about its present script."""
        return step > 0 and step in (self.led, self.marked)
