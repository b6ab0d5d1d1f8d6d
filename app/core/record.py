"""The call log's record of one customer's call, whatever happened to it on its way."""

from dataclasses import dataclass, replace

from app.core.numbering import MAX_DIGITS
from app.core.outcome import EndedBy, Limit, Outcome


@dataclass(frozen=True)
class Stop:
    """Which of the tenant's limits has kept a part of a call from going outside.

    ``sender`` is the account that wanted it there: it dialled, or sent the party on; empty where that was nobody of the
    tenant's, but somebody outside whom his way has led there.
    """

    limit: Limit
    sender: str


STANDS_IN = "-back"
"""How the id ends of a call that keeps somebody's place in a queue (`app.core.calling_back`); before it, his own call's."""


@dataclass(frozen=True)
class Part:
    """One stretch of a call: somebody was rung, and perhaps talked to. Times are seconds since the epoch.

    ``number`` is the internal number, or the public one of a telephone outside; empty for a menu, a message, and the ring plan
    of a city number. ``login`` is empty for those and outside, and for a ring plan's accounts until one of them answers.
    With a ``stop`` nobody was rung: the number outside was not called (OVER_LIMIT), and the part is over as soon as it begins.
    """

    number: str
    name: str
    login: str
    started: float
    answered: float | None = None
    ended: float | None = None
    outcome: Outcome | None = None
    stop: Stop | None = None

    @property
    def is_outside(self) -> bool:
        """Whether it went to a telephone outside. Menus and ring plans have no login either, but at most an internal number."""
        return not self.login and len(self.number) > MAX_DIGITS and self.stop is None


@dataclass(frozen=True)
class Offer:
    """One attempt of a queue to give a caller to an agent. ``outcome`` None: he is being rung."""

    agent: str
    started: float
    ended: float | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True)
class Visit:
    """A stay in a queue: it is the part at ``place`` of the record, which says since when and how long.

    ANSWERED by ``agent``, ABANDONED, PICKED_UP, OVERFLOWED (``why``: ``max-wait``, ``no-agents``, ``full``, ``key``, ``gone``:
    somebody has deleted the queue, ``failed``: the switch) or CALL_BACK; None while it lasts. Of whoever stands in for somebody
    it is ELSEWHERE if that one was talked to in another call meanwhile. Whoever finds a queue full or without agents has been
    there as well, for no time. The talk with the agent, or with whoever picked the caller up, is the part after it.
    """

    queue: int
    name: str
    place: int
    outcome: Outcome | None = None
    agent: str = ""
    why: str = ""
    offers: tuple[Offer, ...] = ()

    def offer(self, agent: str, at: float) -> "Visit":
        """An agent is rung from now on."""
        return replace(self, offers=(*self.offered(agent, Outcome.NO_ANSWER, at).offers, Offer(agent, at)))

    def offered(self, agent: str, outcome: Outcome, at: float) -> "Visit":
        """That agent is rung no more; nothing changes if he was not."""
        return replace(self, offers=tuple(_over(one, outcome, at) if one.agent == agent else one for one in self.offers))

    def _taken(self, agent: str, at: float) -> "Visit":
        """He has answered. If nobody watched when he was rung, he was rung all the same."""
        rung = any(offer.agent == agent and offer.ended is None for offer in self.offers)
        known = self if rung or not agent else replace(self, offers=(*self.offers, Offer(agent, at)))
        return known.offered(agent, Outcome.ANSWERED, at)

    def named(self, agent: str, at: float) -> "Visit":
        """Who has answered is known only now that it is over. If he was rung, it looked as if he was not needed."""
        mine = [place for place, offer in enumerate(self.offers) if offer.agent == agent] or [len(self.offers)]
        offer = self.offers[mine[-1]] if mine[-1] < len(self.offers) else Offer(agent, at, at)
        offers = (*self.offers[: mine[-1]], replace(offer, outcome=Outcome.ANSWERED), *self.offers[mine[-1] + 1 :])
        return replace(self, agent=agent, offers=offers)

    def leave(self, outcome: Outcome, at: float, agent: str, why: str) -> "Visit":
        """It is over. Whoever was still rung was not needed any more, unless it was he who answered."""
        left = self if outcome is not Outcome.ANSWERED else self._taken(agent, at)
        rest = Outcome.ELSEWHERE if outcome in (Outcome.ANSWERED, Outcome.PICKED_UP) else Outcome.CANCELLED
        offers = tuple(_not_needed(one, rest, at) for one in left.offers)
        return replace(self, outcome=outcome, agent=agent, why=why, offers=offers)


_OF_VISITS = (Outcome.ANSWERED, Outcome.PICKED_UP, Outcome.OVERFLOWED, Outcome.CALL_BACK)


def _over(offer: Offer, outcome: Outcome, at: float) -> Offer:
    return offer if offer.ended is not None else replace(offer, ended=at, outcome=outcome)


def _not_needed(offer: Offer, outcome: Outcome, at: float) -> Offer:
    """Of one that was cancelled before, while the caller still waited, it is only known now why."""
    cancelled = offer.outcome is Outcome.CANCELLED
    return replace(offer, outcome=outcome) if cancelled else _over(offer, outcome, at)


@dataclass(frozen=True)
class Record:
    """One call. ``ended`` is None as long as it lives; ``outcome`` is None until it is decided."""

    call: str
    tenant: int
    caller_number: str
    caller_name: str
    caller_login: str
    dialled: str
    started: float
    answered: float | None = None
    ended: float | None = None
    outcome: Outcome | None = None
    ended_by: EndedBy | None = None
    parts: tuple[Part, ...] = ()
    visits: tuple[Visit, ...] = ()

    @property
    def stands_in(self) -> bool:
        """Whether nobody calls, but a place is kept of somebody who asked to be called back."""
        return self.call.endswith(STANDS_IN)

    @property
    def leg_answered(self) -> bool:
        """Whether anybody or anything has answered the caller, if only a menu, or a queue in which he has waited."""
        waited = {visit.place for visit in self.visits}
        return any(
            part.answered is not None or (place in waited and part.ended != part.started)
            for place, part in enumerate(self.parts)
        )

    @property
    def visit(self) -> Visit | None:
        """The stay in a queue that lasts at this moment."""
        return self.visits[-1] if self.visits and self.visits[-1].outcome is None else None

    @property
    def rung(self) -> Part | None:
        """Who is being rung at this moment."""
        last = self.parts[-1] if self.parts else None
        return last if last and last.answered is None and last.ended is None else None

    def begin(self, part: Part) -> "Record":
        """With a further part; an open one must have been closed."""
        return replace(self, parts=(*self.parts, part))

    def wait(self, part: Part, queue: int, name: str) -> "Record":
        """With a further part, which is a stay in a queue."""
        begun = self.begin(part)
        return replace(begun, visits=(*self.visits, Visit(queue, name, len(self.parts))))

    def during(self, visit: Visit) -> "Record":
        """With this in place of the last stay in a queue."""
        return replace(self, visits=(*self.visits[:-1], visit))

    def answer(self, at: float, login: str = "") -> "Record":
        """The last part has been answered, by the account ``login`` if several rang, and with it the call.

        What was answered before keeps its time. Whoever answers after a stop is not the number that was stopped.
        """
        if not self.parts:
            return replace(self, answered=self.answered or at)
        last = self.parts[-1]
        if last.stop is not None:
            return self.begin(Part("", "", login, at)).answer(at)
        last = replace(last, answered=last.answered or at, login=last.login or login)
        return replace(self, answered=self.answered or at, parts=(*self.parts[:-1], last))

    def resume(self, at: float) -> "Record":
        """Whoever was put aside for a consultation is talked to again."""
        if self.parts and self.parts[-1].ended is None:
            return self
        aside = [part for part in self.parts if part.outcome in (Outcome.CONSULTED, Outcome.TRANSFERRED)]
        if not aside:
            return self
        return self.begin(replace(aside[-1], started=at, answered=at, ended=None, outcome=None))

    def hand_over(self) -> "Record":
        """Whoever asked somebody else leaves the party to him: what was a consultation has become a transfer."""
        asked = max((place for place, part in enumerate(self.parts) if part.outcome is Outcome.CONSULTED), default=None)
        if asked is None:
            return self
        sent = replace(self.parts[asked], outcome=Outcome.TRANSFERRED)
        return replace(self, parts=(*self.parts[:asked], sent, *self.parts[asked + 1 :]))

    def close(self, outcome: Outcome, at: float, agent: str = "", why: str = "") -> "Record":
        """The last part is over, if it was not already; a stay in a queue ends by ``agent``, or for the reason ``why``.

        Whoever waits there and does not leave in one of the ways of a `Visit` has given up, as far as the queue knows.
        """
        if not self.parts or self.parts[-1].ended is not None:
            return self
        if self.visit is None:
            return replace(self, parts=(*self.parts[:-1], replace(self.parts[-1], ended=at, outcome=outcome)))
        known = outcome in _OF_VISITS or (self.stands_in and outcome is Outcome.ELSEWHERE)
        outcome = outcome if known else Outcome.ABANDONED
        left = self.during(self.visit.leave(outcome, at, agent, why))
        return replace(left, parts=(*self.parts[:-1], replace(self.parts[-1], ended=at, outcome=outcome)))

    def end(self, outcome: Outcome, by: EndedBy, at: float) -> "Record":
        """The call is over. Where somebody talked, it was answered; ``outcome`` says what became of it elsewhere.

        Whoever cancels it in a queue has given up there.
        """
        if self.visit is not None and outcome is Outcome.CANCELLED:
            outcome = Outcome.ABANDONED
        talking = self.parts and self.parts[-1].answered is not None
        closed = self.close(Outcome.ANSWERED if talking else outcome, at)
        return replace(closed, ended=at, outcome=Outcome.ANSWERED if self.answered else outcome, ended_by=by)
