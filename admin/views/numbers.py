"""Internal numbers: the one screen of the service."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms.fields.choices import SelectChoice

from admin import phrases, words
from admin.addresses import row_id
from admin.base import MANAGERS, TenantView, saved, show
from admin.forms import NumberForm
from admin.identity import actor
from app.services.call_settings import Fallback
from app.services.errors import DomainError
from app.services.models import Extension
from app.services.phones import PhoneState, PhoneStatus

NEW = 0  # the form that stands open for a number that does not exist yet


class NumbersView(TenantView):
    """Number, name and where it leads, in one list; a row turns into a form where it stands."""

    roles = MANAGERS
    icon = "numbers"
    short = lazy_gettext("Numbers")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The list, with the row named by ``?edit=`` or a new one (``?add``) open."""
        if "add" in request.args:
            form = NumberForm(number=self.services.numbers.free(self.tenant), login=request.args.get("phone"))
            form.number.is_suggestion = True
            return self._page(NEW, form)
        edited = row_id(request.args.get("edit"))
        if edited is None:
            return self._page(None, None)
        row = self.services.numbers.get(self.tenant, edited)
        return self._page(row.id, NumberForm(number=row.number, name=row.name, login=row.account.login))

    @expose("/", methods=["POST"])
    def create(self) -> ResponseReturnValue:
        """Give a new number."""
        form = NumberForm()
        try:
            row = self.services.numbers.create(actor(), self.tenant, form.number.data, form.name.data, form.login.data or "")
        except DomainError as error:
            show(error, form)
            return self._page(NEW, form), 422
        return self._saved(row)

    @expose("/<int:number>", methods=["POST"])
    def change(self, number: int) -> ResponseReturnValue:
        """Change a number, its name or where it leads."""
        form = NumberForm()
        try:
            row = self.services.numbers.change(
                actor(), self.tenant, number, number=form.number.data, name=form.name.data, login=form.login.data or ""
            )
        except DomainError as error:
            show(error, form)
            return self._page(number, form), 422
        return self._saved(row)

    @expose("/<int:number>/delete")
    def consequence(self, number: int) -> ResponseReturnValue:
        """What deleting it would mean."""
        return self._deletion(number, FlaskForm())

    @expose("/<int:number>/delete", methods=["POST"])
    def delete(self, number: int) -> ResponseReturnValue:
        """Delete it."""
        row, form = self.services.numbers.get(self.tenant, number), FlaskForm()
        try:
            self.services.numbers.delete(actor(), self.tenant, number)
        except DomainError as error:
            show(error, form)
            return self._deletion(number, form), 422
        saved(gettext("Number %(number)s has been deleted.", number=row.number))
        return redirect(url_for(".index"))

    def _deletion(self, number: int, form: FlaskForm) -> str:
        row = self.services.numbers.get(self.tenant, number)
        held = self.services.tenants.settings(self.tenant).transfer_fallback == Fallback("extension", row.number)
        return self.render("number_delete.html", row=row, form=form, held=held)

    def _saved(self, row: Extension) -> ResponseReturnValue:
        states = {state.login: state for state in self.services.phones.state(self.tenant)}
        notices = phrases.waiting(row.number, self.services.numbers.warnings(self.tenant, row.number))
        if states[row.account.login].status is PhoneStatus.OFFLINE:
            notices.append(gettext("No phone is signed in on “%(name)s”, so nobody would answer now.", name=row.account.name))
        saved(gettext("Saved. Dial %(number)s to try it.", number=row.number), notices)
        return redirect(url_for(".index"))

    def _page(self, opened: int | None, form: NumberForm | None) -> str:
        states = {state.login: state for state in self.services.phones.state(self.tenant)}
        if form is not None:
            form.login.choices = [SelectChoice(state.login, _label(state)) for state in states.values()]
            _focus_first(form)
        rows = self.services.numbers.list(self.tenant)
        return self.render("numbers.html", rows=rows, states=states, opened=opened, form=form)


def _label(state: PhoneState) -> str:
    """A phone in the list of choices; its login tells apart two with the same name."""
    label = f"{state.name} · {state.login}"
    return f"{label} · {words.STATES[state.status]}" if state.status is PhoneStatus.OFFLINE else label


def _focus_first(form: NumberForm) -> None:
    """A form one has just opened waits for typing in its first field."""
    if not form.errors:
        form.number.takes_focus = True
