"""The call log's record of one customer's call, whatever happened to it on its way."""

from dataclasses import dataclass, replace

from app.core.outcome import EndedBy, Outcome


@dataclass(frozen=True)
class Part:
    """One stretch of a call: somebody was rung, and perhaps talked to. Times are seconds since the epoch."""

    number: str
    name: str
    login: str
    started: float
    answered: float | None = None
    ended: float | None = None
    outcome: Outcome | None = None


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

    @property
    def rung(self) -> Part | None:
        """Who is being rung at this moment."""
        last = self.parts[-1] if self.parts else None
        return last if last and last.answered is None and last.ended is None else None

    def begin(self, part: Part) -> "Record":
        """With a further part; an open one must have been closed."""
        return replace(self, parts=(*self.parts, part))

    def answer(self, at: float) -> "Record":
        """The last part has been answered, and with it the call; what was answered before keeps its time."""
        if not self.parts:
            return replace(self, answered=self.answered or at)
        last = replace(self.parts[-1], answered=self.parts[-1].answered or at)
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

    def close(self, outcome: Outcome, at: float) -> "Record":
        """The last part is over, if it was not already."""
        if not self.parts or self.parts[-1].ended is not None:
            return self
        return replace(self, parts=(*self.parts[:-1], replace(self.parts[-1], ended=at, outcome=outcome)))

    def end(self, outcome: Outcome, by: EndedBy, at: float) -> "Record":
        """The call is over. Where somebody talked, it was answered; ``outcome`` says what became of it elsewhere."""
        talking = self.parts and self.parts[-1].answered is not None
        closed = self.close(Outcome.ANSWERED if talking else outcome, at)
        return replace(closed, ended=at, outcome=Outcome.ANSWERED if self.answered else outcome, ended_by=by)
