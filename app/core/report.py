"""What a switch reports of a caller's leg when it has ended, whether or not a controller watched."""

from dataclasses import dataclass, replace

from app.core.outcome import EndedBy, Outcome
from app.core.queueing import REASONS
from app.core.record import Part, Record

_TALKED = (Outcome.ANSWERED, Outcome.PICKED_UP)
_WHY = {outcome: why for why, outcome in REASONS.items()}


@dataclass(frozen=True)
class LastWait:
    """How a leg's last wait in a queue ended, unless somebody has led it on since.

    ``result`` is ANSWERED, ``agent`` having talked to it up to the end; NO_ANSWER after the longest wait; NOT_REGISTERED when
    nobody was on duty for too long; ABANDONED. PICKED_UP is told by the leg of whoever took the caller, whose account is
    ``agent``; he does not know from which ``queue`` (its id), which is 0 then. ``at``, seconds since the epoch, may be a whole
    second, and so up to one too early.
    """

    result: Outcome
    at: float
    queue: int = 0
    agent: str = ""

    def ends(self, record: Record) -> bool:
        """Whether it ended the stay of the record that has no end yet: in this queue, and no earlier one.

        Who only stood in for somebody was not answered for him, although an agent may have heard its silence.
        """
        visit = record.visit
        if visit is None or self.queue not in (0, visit.queue) or (record.stands_in and self.result in _TALKED):
            return False
        return int(self.at) >= int(record.parts[visit.place].started)

    def close(self, record: Record, partner: Part) -> Record:
        """The record, whose stay it `ends`, after that; a talk, with ``partner``, is still open."""
        at = max(self.at, record.parts[-1].started)
        if self.result in _TALKED:
            closed = record.close(self.result, at, self.agent if self.result is Outcome.ANSWERED else "")
            return closed.begin(replace(partner, started=at)).answer(at)
        why = _WHY.get(self.result, "")
        return replace(record.close(Outcome.OVERFLOWED if why else Outcome.ABANDONED, at, why=why), outcome=self.result)


@dataclass(frozen=True)
class LegReport:
    """A leg and its end. Times are seconds since the epoch; ``answered`` is None if it never was.

    ``call`` is the call it was led for, None for a leg that nobody has led. ``login`` is the account that has proved itself by
    its password, empty for anybody else's leg; ``dialled`` is what it dialled first. ``cause`` is the switch's word.

    Whom his agent has left while nobody was there to let him go hears nothing more, and his leg ends some seconds later:
    ``ended`` is the end of that talk.

    A call from outside has come over ``trunk``, from ``number`` and ``name`` as far as the operator tells; else all are empty.
    """

    leg: str
    call: str | None
    login: str
    dialled: str
    started: float
    answered: float | None
    ended: float
    cause: str
    outcome: Outcome
    ended_by: EndedBy
    trunk: str = ""
    number: str = ""
    name: str = ""
    wait: LastWait | None = None
