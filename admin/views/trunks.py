"""Trunks: the ways to the outside world, in the order they are tried."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext
from flask_wtf import FlaskForm

from admin.base import OPERATORS, PanelView, saved, show
from admin.forms import TrunkForm, whole_number
from admin.identity import actor
from app.services.errors import DomainError
from app.services.trunks import TrunkSettings


class TrunksView(PanelView):
    """For operators: every tenant's calls go over them. Their passwords are never shown again."""

    roles = OPERATORS
    icon = "trunk"

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """All of them and whether calls can go over them."""
        return self.render("trunks.html", **self._list())

    @expose("/now")
    def now(self) -> ResponseReturnValue:
        """The list alone, for a page that is open."""
        return self.render("trunks_now.html", **self._list())

    @expose("/new")
    def new(self) -> ResponseReturnValue:
        """An empty form, to be tried after all the others."""
        last = max((trunk.settings.priority for trunk in self.services.trunks.list()), default=0)
        return self._page(None, TrunkForm(priority=str(last + 1), enabled=True))

    @expose("/new", methods=["POST"])
    def create(self) -> ResponseReturnValue:
        """Make a trunk."""
        form = TrunkForm()
        try:
            self.services.trunks.create(actor(), _settings(form))
        except DomainError as error:
            show(error, form)
            return self._page(None, form), 422
        saved(gettext("Saved. The switch takes the trunk up within seconds; its state appears here."))
        return redirect(url_for(".index"))

    @expose("/<int:number>")
    def edit(self, number: int) -> ResponseReturnValue:
        """One of them; the field of its password is empty."""
        now = self.services.trunks.get(number).settings
        return self._page(number, TrunkForm(**{**vars(now), "password": "", "priority": str(now.priority)}))

    @expose("/<int:number>", methods=["POST"])
    def change(self, number: int) -> ResponseReturnValue:
        """Store it; an empty password leaves the one there is."""
        form = TrunkForm()
        try:
            self.services.trunks.change(actor(), number, _settings(form))
        except DomainError as error:
            show(error, form)
            return self._page(number, form), 422
        saved(gettext("Saved. Calls that are going on are not affected."))
        return redirect(url_for(".index"))

    @expose("/<int:number>/delete")
    def consequence(self, number: int) -> ResponseReturnValue:
        """What deleting it would mean."""
        return self._deletion(number, FlaskForm())

    @expose("/<int:number>/delete", methods=["POST"])
    def delete(self, number: int) -> ResponseReturnValue:
        """Delete it."""
        name = self.services.trunks.get(number).settings.name
        self.services.trunks.delete(actor(), number)
        saved(gettext("The trunk “%(name)s” has been deleted.", name=name))
        return redirect(url_for(".index"))

    def _list(self) -> dict[str, object]:
        return {"trunks": self.services.trunks.list(), "known": self.services.health.now().controller_alive}

    def _page(self, number: int | None, form: TrunkForm) -> str:
        trunk = None if number is None else self.services.trunks.get(number)
        return self.render("trunk.html", trunk=trunk, form=form)

    def _deletion(self, number: int, form: FlaskForm) -> str:
        trunk = self.services.trunks.get(number)
        others = [other for other in self.services.trunks.list() if other.id != number and other.settings.enabled]
        return self.render("trunk_delete.html", trunk=trunk, form=form, others=others)


def _settings(form: TrunkForm) -> TrunkSettings:
    return TrunkSettings(
        name=form.name.data,
        proxy=form.proxy.data,
        username=form.username.data,
        password=form.password.data or None,
        register=form.register.data,
        priority=whole_number(form.priority.data),
        passes_original=form.passes_original.data,
        enabled=form.enabled.data,
    )
