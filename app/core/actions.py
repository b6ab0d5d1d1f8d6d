"""What a script is made of, one thing after another, and what is said in it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from app.core.directory import Sound
from app.core.outcome import Outcome


class Prompt(StrEnum):
    """What is said to a caller; each is a recorded sentence per language."""

    NO_SUCH_NUMBER = "no-such-number"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    NOT_REGISTERED = "not-registered"
    DECLINED = "declined"
    NOT_ALLOWED = "not-allowed"
    FAILED = "failed"
    TRANSFER_FAILED = "transfer-failed"
    NOTHING_TO_PICK_UP = "nothing-to-pick-up"
    PICKED_UP_BY = "picked-up-by"  # a number follows
    NO_LINE = "no-line"
    OVER_LIMIT = "over-limit"
    WRONG_CHOICE = "wrong-choice"
    PRESS_ONE = "press-one"  # to take a call that comes to a telephone outside
    PLACE = "place"  # «numer w kolejce»; a number follows
    PATIENCE = "patience"  # thanks for waiting
    CALL_BACK = "call-back"  # we shall call you back; you may hang up
    NO_CALL_BACK = "no-call-back"  # nobody knows your number, or may call it
    SIGNED_IN = "signed-in"
    SIGNED_OUT = "signed-out"
    PAUSED = "paused"
    RESUMED = "resumed"
    NO_AGENT = "no-agent"  # whoever signs in is no agent of that queue, or of any


class Keys(StrEnum):
    """Which keys of a leg we listen for. The others reach the other party, if there is one."""

    TALK = "talk"  # # and **
    KEYPAD = "keypad"  # every digit, * and #
    CONSULT = "consult"  # *
    NONE = "none"  # all of them reach the other party


TRANSFER_KEYS = ("#", "**")
"""Those that begin a transfer in a talk. From the first of them on the switch keeps the digits for us, before it is told to."""


@dataclass(frozen=True)
class Present:
    """Who the next called phone shall see. ``name`` may hold any text a person typed."""

    number: str
    name: str


@dataclass(frozen=True)
class Connect:
    """Ring every device of these accounts for ``seconds`` and talk to the first that answers; then the leg ends too.

    Only when nobody answers does the script go on, with the reason in ``StepDone.result``.
    """

    logins: tuple[str, ...]
    seconds: int


@dataclass(frozen=True)
class Outside:
    """A telephone outside, and the way to it. ``number`` is E.164; ``gateway`` the switch's name of the trunk.

    ``shown`` is the E.164 number presented; ``original`` that of whoever is really calling, for a trunk that passes it (then it
    is presented, and ``shown`` says in Diversion who forwards), else empty. ``diverted``: a forwarded or transferred call, so
    that Diversion names ``shown``. ``confirm`` is the language in which whoever answers is asked to press 1 to take the call,
    empty for a call that somebody dialled himself. ``longest`` is in seconds, after which the talk ends; None for no limit.
    """

    number: str
    gateway: str
    shown: str
    original: str = ""
    diverted: bool = False
    confirm: str = ""
    longest: int | None = None


@dataclass(frozen=True)
class ConnectOutside:
    """As Connect, to a telephone outside; NO_LINE in ``StepDone.result`` says that another trunk may be tried.

    With ``confirm``, nobody is connected (nor the caller answered) before 1 was pressed; who does not, has not answered.
    """

    to: Outside
    seconds: int


@dataclass(frozen=True)
class Play:
    """Play a recording, to a leg that is answered."""

    sound: Sound


@dataclass(frozen=True)
class Enqueue:
    """Wait in a queue, with its music, until an agent has answered; talk to him, and leave with him, as with Connect.

    Before that only its ``longest`` wait (the switch's own setting of the queue), the lack of agents, or another script end the
    wait; then ``StepDone.result`` is NO_ANSWER, NOT_REGISTERED or None. ``number`` and ``name`` are the caller's as the agents
    shall see them; the switch adds how long he has waited. ``ahead`` seconds count as waited already. What an agent is told
    before he has the caller is ``told``, empty for nothing.
    """

    queue: int
    number: str
    name: str
    language: str
    music: Sound | None = None
    told: Sound | None = None
    ahead: int = 0


@dataclass(frozen=True)
class SayWait:
    """Say how long it will take, or has taken, in words: «około pięciu minut»."""

    seconds: int
    language: str


@dataclass(frozen=True)
class Say:
    """Play a prompt without answering, so that the caller pays nothing for a refusal."""

    prompt: Prompt
    language: str


@dataclass(frozen=True)
class SayNumber:
    """Read a number out, digit by digit."""

    number: str
    language: str


@dataclass(frozen=True)
class HangUp:
    """End the leg with the cause that belongs to ``outcome``."""

    outcome: Outcome


@dataclass(frozen=True)
class Music:
    """Play music for ``seconds``."""

    seconds: int


@dataclass(frozen=True)
class Silence:
    """Play nothing for ``seconds``, and keep the leg busy with it."""

    seconds: int


@dataclass(frozen=True)
class DialTone:
    """Play the dial tone for ``seconds``."""

    seconds: int


@dataclass(frozen=True)
class RingingTone:
    """Play the ringing tone for ``seconds``, while somebody is rung by other means than this script."""

    seconds: int


@dataclass(frozen=True)
class BindKeys:
    """Make the leg's keys known to the switch, in all modes; those of a talk are listened for first.

    Legs that were called have this done when they answer.
    """


@dataclass(frozen=True)
class Listen:
    """Listen for these keys from now on; they must have been bound."""

    keys: Keys


@dataclass(frozen=True)
class Answer:
    """Answer the leg."""


@dataclass(frozen=True)
class Intercept:
    """Answer this leg and talk to ``leg``, which somebody else is being rung for.

    Before that, all phones that ring for its call are told that somebody has taken it, and ring no more: if ``leg`` is not
    taken after all, it waits for us. It is taken only if nobody talks to it; else the script goes on, and this leg is not
    answered. ``unanswered``: ``leg`` itself was not answered before, and is not to be taken if it is by now. Afterwards each
    leg waits for us when the other leaves; so from here on ``leg`` reports the step of this script, whether it is taken or not.
    """

    leg: str
    unanswered: bool


@dataclass(frozen=True)
class Remember:
    """Write the note to the leg, at this place of the script."""

    note: str


Action: TypeAlias = (
    Present
    | Connect
    | ConnectOutside
    | Enqueue
    | Play
    | SayWait
    | Say
    | SayNumber
    | HangUp
    | Music
    | Silence
    | DialTone
    | RingingTone
    | BindKeys
    | Listen
    | Answer
    | Intercept
    | Remember
)
