"""The one screen as a form: what a browser sends of it, and what stands in it.

Rows are sent as ``rows.0.to`` (``account:100101``), ``rows.0.was``, ``rows.0.number``, ``rows.0.name``; a number outside that
is new has ``rows.9.outside`` in the place of what follows the colon.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from flask_babel import gettext

from admin import phrases, problems
from app.core import numbering
from app.core.destinations import ToAccount, ToCity, ToExternal, ToQueue
from app.services.errors import DomainError, InUse
from app.services.numbering import Row
from app.services.plan import Notice

Target: TypeAlias = ToAccount | ToCity | ToExternal | ToQueue

KINDS: Mapping[str, type[Target]] = {"account": ToAccount, "city": ToCity, "queue": ToQueue, "external": ToExternal}
NEW_ROWS = 3  # empty rows for numbers outside that stand ready


@dataclass
class Line:
    """One row of the screen, with what is wrong with it and what is worth knowing; ``suggestion`` is a free number."""

    kind: str
    which: str  # a login, a telephone number, or a queue's name
    row: Row
    suggestion: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        """Whether the number outside itself can be typed."""
        return self.kind == "external" and not self.row.label and not self.row.was

    @property
    def is_blank(self) -> bool:
        """Whether nothing has been typed into it."""
        return self.is_new and not (self.which or self.row.number or self.row.name)


def lines(rows: Iterable[Row]) -> list[Line]:
    """What stands on the screen for ``rows``."""
    return [_line(row) for row in rows]


def _line(row: Row) -> Line:
    kind = next(kind for kind, made in KINDS.items() if isinstance(row.to, made))
    (which,) = vars(row.to).values()
    return Line(kind, which, row)


def blank(count: int = NEW_ROWS) -> list[Line]:
    """Empty rows for numbers outside."""
    return [Line("external", "", Row(ToExternal(""))) for _ in range(count)]


def fill(found: Iterable[Line]) -> None:
    """Type the suggestions into the rows that have no number."""
    for line in found:
        if line.suggestion and not line.is_blank:
            line.row = replace(line.row, number=line.suggestion)


def typed(form: Mapping[str, str], labels: Mapping[Target, str]) -> list[Line]:
    """What somebody typed, without the rows left blank."""
    found = (_typed(form, f"rows.{index}", labels) for index in _indices(form))
    return [line for line in found if line is not None and not line.is_blank]


def _indices(form: Mapping[str, str]) -> Iterator[int]:
    index = 0
    while f"rows.{index}.to" in form:
        yield index
        index += 1


def _typed(form: Mapping[str, str], name: str, labels: Mapping[Target, str]) -> Line | None:
    kind, _, which = form[f"{name}.to"].partition(":")
    if kind not in KINDS:
        return None
    which = form.get(f"{name}.outside", which).strip()
    to = KINDS[kind](numbering.as_city(which) or which if kind == "external" else which)
    number, called = (form.get(f"{name}.{part}", "").strip() for part in ("number", "name"))
    return Line(kind, which, Row(to, number, called, form.get(f"{name}.was", ""), labels.get(to, "")))


def mark(found: Sequence[Line], error: DomainError) -> None:
    """Put each thing that is wrong into its row; those about the number outside come as ``rows.3.to.external``."""
    for problem in error.errors:
        _, index, part, *_ = (problem.field or "").split(".")
        line = found[int(index)]
        line.errors.setdefault(part, _sentence(problem))


def _sentence(error: DomainError) -> str:
    if isinstance(error, InUse):
        users = ", ".join(phrases.use(use) for use in error.users)
        return gettext("Still used by: %(users)s. Change that first, or keep the number.", users=users)
    return problems.sentence(error)


def note(found: Sequence[Line], notices: Mapping[int, Sequence[Notice]]) -> None:
    """Say in each row what dialling its number will be like."""
    for index, told in notices.items():
        found[index].notices = phrases.waiting(found[index].row.number, told)
