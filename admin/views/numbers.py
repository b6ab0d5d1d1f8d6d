"""Internal numbers: what people dial within the company, and where each number leads."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext, lazy_gettext

from admin import phrases
from admin.addresses import row_id
from admin.base import MANAGERS, saved, show
from admin.forms import NumberForm, ReplacementForm
from admin.identity import actor
from admin.views.leading import LeadingView, unfolding
from app.core.destinations import ToAccount
from app.services.errors import DomainError
from app.services.numbers import Number

NEW = 0  # the form that stands open for a number that does not exist yet


class NumbersView(LeadingView):
    """Number, name and where it leads, in one list; a row turns into a form where it stands."""

    roles = MANAGERS
    icon = "numbers"
    short = lazy_gettext("Numbers")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The list, with the row named by ``?edit=`` or a new one (``?add``) open."""
        if "add" in request.args:
            return self._page(NEW, self._new_form())
        edited = row_id(request.args.get("edit"))
        if edited is None:
            return self._page(None, None)
        row = self.services.numbers.get(self.tenant, edited)
        return self._page(row.id, NumberForm(number=row.number, name=row.name, to=row.to))

    @expose("/now")
    def now(self) -> ResponseReturnValue:
        """The list alone, for a page that is open."""
        return self.render("numbers_now.html", opened=None, **self._list())

    @expose("/", methods=["POST"])
    def create(self) -> ResponseReturnValue:
        """Give a new number."""
        form = NumberForm()
        if unfolding():
            return self._page(NEW, form)
        try:
            row = self.services.numbers.create(actor(), self.tenant, form.number.data, form.name.data, form.to.data)
        except DomainError as error:
            show(error, form)
            return self._page(NEW, form), 422
        return self._saved(row)

    @expose("/<int:number>", methods=["POST"])
    def change(self, number: int) -> ResponseReturnValue:
        """Change a number, its name or where it leads."""
        form = NumberForm()
        if unfolding():
            return self._page(number, form)
        try:
            row = self.services.numbers.change(
                actor(), self.tenant, number, number=form.number.data, name=form.name.data, to=form.to.data
            )
        except DomainError as error:
            show(error, form)
            return self._page(number, form), 422
        return self._saved(row)

    @expose("/<int:number>/delete")
    def consequence(self, number: int) -> ResponseReturnValue:
        """What deleting it would mean, and what to put in its place."""
        return self._deletion(number, ReplacementForm())

    @expose("/<int:number>/delete", methods=["POST"])
    def delete(self, number: int) -> ResponseReturnValue:
        """Delete it; whatever led to it leads to what was chosen."""
        row, form = self.services.numbers.get(self.tenant, number), ReplacementForm()
        if unfolding():
            return self._deletion(number, form)
        try:
            self.services.numbers.delete(actor(), self.tenant, number, form.replace_with.data)
        except DomainError as error:
            show(error, form)
            return self._deletion(number, form), 422
        saved(gettext("Number %(number)s has been deleted.", number=row.number))
        return redirect(url_for(".index"))

    def _new_form(self) -> NumberForm:
        """With a free number, and the phone one comes from."""
        login = request.args.get("phone")
        form = NumberForm(number=self.services.numbers.free(self.tenant), to=ToAccount(login) if login else None)
        form.number.is_suggestion = True
        return form

    def _saved(self, row: Number) -> ResponseReturnValue:
        notices = phrases.waiting(row.number, self.services.numbers.warnings(self.tenant, row.number))
        saved(gettext("Saved. Dial %(number)s to try it.", number=row.number), [*notices, *self.if_nobody(row.to)])
        return redirect(url_for(".index"))

    def _list(self) -> dict[str, object]:
        return {"rows": self.things.numbers.values(), "things": self.things, "map": self.map(hops=0)}

    def _page(self, opened: int | None, form: NumberForm | None) -> str:
        if form is not None and not form.errors:
            form.number.takes_focus = True  # a form one has just opened waits for typing in its first field
        return self.render("numbers.html", opened=opened, form=form, **self._list())

    def _deletion(self, number: int, form: ReplacementForm) -> str:
        row = self.services.numbers.get(self.tenant, number)
        uses = self.services.numbers.used_by(self.tenant, number)
        choices = self.choices_but("extension", row.number)
        return self.render("number_delete.html", row=row, form=form, uses=uses, choices=choices)
