"""My services: the virtual exchange, and the one screen on which everything is given its internal number."""

from collections.abc import Sequence

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext, lazy_gettext

from admin import numbering_form
from admin.base import MANAGERS, saved
from admin.identity import actor
from admin.numbering_form import Line
from admin.views.leading import LeadingView
from app.core import numbering
from app.services.errors import DomainError


class ServicesView(LeadingView):
    """What the customer has of the provider."""

    roles = MANAGERS
    icon = "services"
    short = lazy_gettext("Services")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """Each service, on or off."""
        return self.render("services.html", numbers=self.services.numbers.list(self.tenant))

    @expose("/numbering")
    def numbering(self) -> ResponseReturnValue:
        """The one screen. ``?suggest`` types free numbers into the empty fields; nothing is saved by that."""
        lines = numbering_form.lines(self.services.numbering.rows(self.tenant))
        self._notice(lines)
        return self._page(lines)

    @expose("/numbering", methods=["POST"])
    def save(self) -> ResponseReturnValue:
        """Store all of it, or nothing."""
        before = self.services.numbering.rows(self.tenant)
        lines = numbering_form.typed(request.form, {row.to: row.label for row in before})
        try:
            self.services.numbering.save(actor(), self.tenant, [line.row for line in lines])
        except DomainError as error:
            self._notice(lines)
            numbering_form.mark(lines, error)
            return self._page(lines, wrong=True), 422
        self._tell(lines, {(row.to, row.number, row.name) for row in before})
        return redirect(url_for(".numbering"))

    def _tell(self, lines: Sequence[Line], before: set[object]) -> None:
        """What to try: the first number that is new or has changed, else the first there is."""
        numbers = [line.row.number for line in lines if line.row.number]
        changed = [
            line.row.number for line in lines if line.row.number and (line.row.to, line.row.number, line.row.name) not in before
        ]
        number = next(iter((*changed, *numbers)), None)
        saved(gettext("Saved. Dial %(number)s.", number=number) if number else gettext("Saved."))

    def _notice(self, lines: Sequence[Line]) -> None:
        numbering_form.note(lines, self.services.numbering.check(self.tenant, [line.row for line in lines]).notices)

    def _page(self, lines: Sequence[Line], wrong: bool = False) -> str:
        lines = [*lines, *numbering_form.blank()]
        self._suggest(lines)
        if "suggest" in request.args:
            numbering_form.fill(lines)
        shown = {line.row.was or line.row.number for line in lines}
        others = [number for number in self.services.numbers.list(self.tenant) if number.number not in shown]
        return self.render(
            "numbering.html",
            lines=lines,
            others=others,
            map=self.map(hops=0) if others else None,
            wrong=wrong,
            reserved=sorted(numbering.RESERVED),
        )

    def _suggest(self, lines: Sequence[Line]) -> None:
        """Two digits as long as there are some, then three. With ``?suggest`` they are typed in."""
        empty = [line for line in lines if not line.row.number]
        typed = {line.row.number for line in lines if line.row.number}
        found: list[str] = []
        for digits in (numbering.MIN_DIGITS, numbering.MAX_DIGITS):
            left = len(empty) - len(found)
            found += self.services.numbering.suggest(self.tenant, [*typed, *found], left, digits)
        for line, number in zip(empty, found, strict=False):
            line.suggestion = number
