"""What a switch reports of a caller's leg when it has ended, whether or not a controller watched."""

from dataclasses import dataclass

from app.core.outcome import EndedBy, Outcome


@dataclass(frozen=True)
class LegReport:
    """A leg and its end. Times are seconds since the epoch; ``answered`` is None if it never was.

    ``call`` is the call it was led for, None for a leg that nobody has led. ``login`` is the account that has proved itself by
    its password, empty for anybody else's leg; ``dialled`` is what it dialled first. ``cause`` is the switch's word.

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
