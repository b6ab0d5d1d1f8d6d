"""A call told to people: its way as one sentence, and what is going on in it now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext

from admin import words
from admin.phrases import who
from admin.words import Result
from app.core.outcome import Outcome
from app.core.record import Part, Record, Visit

# Compared by value: a controller of a newer version may already write what this panel's core does not name yet.
TRANSFERRED, CONSULTED, PICKED_UP = "transferred", "consulted", "picked-up"
HAS_A_SEQUEL = (TRANSFERRED, CONSULTED, PICKED_UP)


class Way(StrEnum):
    """How a call came to somebody."""

    DIALLED = "dialled"
    CONSULTED = "consulted"  # asked by the one who talked, while the other party waits
    TRANSFERRED = "transferred"
    PICKED_UP = "picked-up"
    BACK = "back"  # to whoever had sent the call on, or had asked
    INSTEAD = "instead"  # nobody took the caller back, so it went where the tenant says


@dataclass(frozen=True)
class Stretch:
    """One arrow of a call's sentence: to whom, how it came there, and what came of it.

    ``result`` is None where the next arrow says it, and as long as there is none. ``talked`` is in seconds, None as long as
    nobody talked or they still talk; of a queue it is how long the caller waited there.
    """

    way: Way
    whom: str
    result: Result | None
    talked: float | None


@dataclass(frozen=True)
class Now:
    """What goes on in a living call, ``since`` when (seconds since the epoch). ``icon`` and ``tone`` as of a Result."""

    icon: str
    tone: str
    word: str
    since: float


def stretches(call: Record) -> Sequence[Stretch]:
    """The call's way, an arrow each. A call that reached nobody has one: what was dialled."""
    parts = _visible(call)
    if not parts:
        return [Stretch(Way.DIALLED, who(call.dialled, "") or gettext("nothing"), _result(call.outcome), None)]
    return [_stretch(call, parts[: place + 1], place + 1 == len(parts)) for place in range(len(parts))]


def _visible(call: Record) -> Sequence[Part]:
    """Of several phones that rang at once only the one that counts is told."""
    return [part for part in call.parts if part.outcome is not Outcome.ELSEWHERE or _visit(call, part)]


def _stretch(call: Record, so_far: Sequence[Part], is_last: bool) -> Stretch:
    part = so_far[-1]
    if visit := _visit(call, part):
        return _waited(call, so_far, visit)
    whom = who(part.number or part.login, part.name)
    if part.answered is not None:
        end = part.ended if part.ended is not None else call.ended
        return Stretch(_way(call, so_far), whom, None, None if end is None else end - part.answered)
    told_next = part.outcome in HAS_A_SEQUEL and not is_last
    return Stretch(_way(call, so_far), whom, None if told_next else _result(part.outcome or call.outcome), None)


def _visit(call: Record, part: Part | None) -> Visit | None:
    """The stay in a queue that a part of the call is, if it is one."""
    return next((visit for visit in call.visits if call.parts[visit.place] is part), None)


def _waited(call: Record, so_far: Sequence[Part], visit: Visit) -> Stretch:
    """A stay in a queue: how long, and what came of it unless the next arrow says it."""
    part = so_far[-1]
    answered = visit.outcome in (Outcome.ANSWERED, Outcome.PICKED_UP)
    waited = part.ended - part.started if part.ended is not None else None
    whom = gettext("queue %(name)s", name=who(part.number, visit.name))
    result = words.REACHED if visit.outcome is Outcome.ELSEWHERE else _result(visit.outcome)
    return Stretch(_way(call, so_far), whom, None if answered else result, waited)


def _way(call: Record, so_far: Sequence[Part]) -> Way:
    """How the call came to the last of these parts, told from what became of those before."""
    *before, part = so_far
    if not before:
        return Way.DIALLED
    if before[-1].outcome == PICKED_UP:
        return Way.PICKED_UP
    if _visit(call, before[-1]):
        return Way.DIALLED
    senders = [other for other in before if other.outcome in (TRANSFERRED, CONSULTED)]
    if not senders:
        return Way.DIALLED
    if _is_same(part, senders[-1]) or (part.login and part.login == call.caller_login):
        return Way.BACK
    if before[-1].outcome == CONSULTED:
        return Way.CONSULTED
    return Way.TRANSFERRED if before[-1].outcome == TRANSFERRED else Way.INSTEAD


def _is_same(part: Part, other: Part) -> bool:
    """Whether both are about the same person. Somebody outside has no login, and neither has a ring plan."""
    return part.login == other.login if part.login or other.login else part.number == other.number


def _result(outcome: Outcome | None) -> Result | None:
    return words.OUTCOMES[outcome] if outcome else None


def ending(call: Record) -> str:
    """How an answered call ended: with nobody after a transfer, else who put down where a person did."""
    if call.answered is None or call.ended is None or call.ended_by is None:
        return ""
    if call.ended_by in words.ENDINGS:
        return str(words.ENDINGS[call.ended_by])
    parts = _visible(call)
    return gettext("nobody was left to talk to") if parts and parts[-1].answered is None else ""


def now(call: Record) -> Now:
    """What goes on in a living call: who rings, who talks, who waits."""
    parts = _visible(call)
    last = parts[-1] if parts else None
    if last is None or last.ended is not None:
        began = max([call.started, *(part.ended for part in parts if part.ended)])
        return Now(
            "waits",
            "busy",
            gettext("waits with music") if call.answered is not None else gettext("hears an announcement"),
            began,
        )
    whom = who(last.number or last.login, last.name)
    if visit := _visit(call, last):
        return Now("waits", "busy", gettext("waits in the queue “%(name)s”", name=visit.name), last.started)
    if _is_consultation(call, parts):
        asked = gettext("%(whom)s is being consulted, the other party waits with music", whom=whom)
        rung = gettext("%(whom)s rings to be consulted, the other party waits with music", whom=whom)
        return Now("waits", "busy", rung if last.answered is None else asked, last.answered or last.started)
    if last.answered is not None:
        return Now("talks", "talk", gettext("talks"), last.answered)
    return Now("rings", "busy", _ringing(_way(call, parts), whom, call.answered is not None), last.started)


def askers(living: Iterable[Record]) -> frozenset[str]:
    """The logins of those who may be consulting somebody now; the party that waits is among them, and hears music."""
    asking = [call for call in living if _is_consultation(call, _visible(call)) and _visible(call)[-1].ended is None]
    who_asked = [part.login for call in asking for part in call.parts if part.outcome == CONSULTED]
    return frozenset([*who_asked, *(call.caller_login for call in asking)])


def _is_consultation(call: Record, parts: Sequence[Part]) -> bool:
    """Also when somebody else has picked up the phone of the one who was to be asked."""
    rest = list(parts)
    if not rest:
        return False
    while _way(call, rest) is Way.PICKED_UP:
        rest.pop()
    return _way(call, rest) is Way.CONSULTED


def _ringing(way: Way, whom: str, answered: bool) -> str:
    if way is Way.BACK:
        return gettext("comes back, %(whom)s rings", whom=whom)
    return gettext("is being sent on, %(whom)s rings", whom=whom) if answered else gettext("rings")
