"""What the pages of one kind of thing share: making, changing and deleting one, each step on a page of its own."""

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import LazyString, gettext
from flask_wtf import FlaskForm

from admin.base import saved, show
from admin.forms import ReplacementForm
from admin.views.leading import LeadingView, unfolding
from app.services.errors import DomainError, Use


class ThingsView(LeadingView):
    """Things of one kind, by the number of their row. A page says of its own kind what is below the line.

    ``form`` and ``page`` make and change one, ``replacement`` and ``deletion`` ask before it is deleted; ``made`` says what to
    do with a new one.
    """

    form: ClassVar[type[FlaskForm]]
    page: str
    replacement: ClassVar[type[FlaskForm]] = ReplacementForm
    deletion: str
    made: LazyString

    @expose("/new")
    def new(self) -> ResponseReturnValue:
        """The form of one that does not exist yet."""
        return self._page(None, self.blank())

    @expose("/new", methods=["POST"])
    def create(self) -> ResponseReturnValue:
        """Make it."""
        return self._store(None, str(self.made))

    @expose("/<int:number>")
    def edit(self, number: int) -> ResponseReturnValue:
        """One of them."""
        return self._page(number, self.filled(self.found(number)))

    @expose("/<int:number>", methods=["POST"])
    def change(self, number: int) -> ResponseReturnValue:
        """Store it."""
        return self._store(number, gettext("Saved. It counts from the next call on."))

    @expose("/<int:number>/delete")
    def consequence(self, number: int) -> ResponseReturnValue:
        """Who uses it, and what shall take its place."""
        return self._deletion(number, self.replacement())

    @expose("/<int:number>/delete", methods=["POST"])
    def delete(self, number: int) -> ResponseReturnValue:
        """Delete it; whatever led to it leads to what was chosen."""
        name, form = self.name_of(self.found(number)), self.replacement()
        if unfolding():
            return self._deletion(number, form)
        try:
            self.remove(number, form)
        except DomainError as error:
            show(error, form)
            return self._deletion(number, form), 422
        saved(gettext("“%(name)s” has been deleted.", name=name))
        return redirect(url_for(".index"))

    def _store(self, number: int | None, said: str) -> ResponseReturnValue:
        form = self.form()
        if unfolding():
            return self._page(number, form)
        try:
            self.keep(number, form)
        except DomainError as error:
            show(error, form)
            return self._page(number, form), 422
        saved(said)
        return redirect(url_for(".index"))

    def _page(self, number: int | None, form: FlaskForm) -> str:
        row = None if number is None else self.found(number)
        return self.render(self.page, row=row, form=form, **self.more(form))

    def _deletion(self, number: int, form: FlaskForm) -> str:
        row = self.found(number)
        choices = self.offer(row, form)
        return self.render(self.deletion, row=row, form=form, uses=self.uses(number), choices=choices)

    # --- what each kind says of itself -------------------------------------------------------------------------------

    def found(self, number: int) -> Any:
        """One of the tenant's. Raises NotFound."""
        raise NotImplementedError

    def name_of(self, row: Any) -> str:
        """What people call it."""
        raise NotImplementedError

    def blank(self) -> FlaskForm:
        """The form of a new one."""
        return self.form()

    def filled(self, row: Any) -> FlaskForm:
        """The form that shows it."""
        raise NotImplementedError

    def more(self, _form: FlaskForm) -> dict[str, object]:
        """What else its page shows."""
        return {}

    def keep(self, number: int | None, form: Any) -> None:
        """Store what was typed as a new one, or in the place of ``number``. Raises DomainError."""
        raise NotImplementedError

    def uses(self, number: int) -> Sequence[Use]:
        """Who uses it."""
        raise NotImplementedError

    def offer(self, row: Any, form: Any) -> object:
        """What can take its place, for the form's templates."""
        raise NotImplementedError

    def remove(self, number: int, form: Any) -> None:
        """Delete it, with what was chosen to take its place. Raises DomainError."""
        raise NotImplementedError
