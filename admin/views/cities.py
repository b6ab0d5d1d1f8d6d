"""City numbers: the public numbers of the company, and where each leads. The operator gives and takes them."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext, lazy_gettext

from admin.base import MANAGERS, operators_only, saved, show
from admin.figures import grouped
from admin.forms import CityForm, NamedWayForm, ReplacementForm
from admin.identity import actor
from admin.views.leading import LeadingView, unfolding
from app.services.errors import DomainError


class CitiesView(LeadingView):
    """The owner changes the name and where it leads; which numbers there are is between the provider and the customer."""

    roles = MANAGERS
    icon = "city"
    short = lazy_gettext("City")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """All of them, with the way of a call drawn."""
        return self.render("cities.html", **self._list())

    @expose("/now")
    def now(self) -> ResponseReturnValue:
        """The list alone, for a page that is open."""
        return self.render("cities_now.html", **self._list())

    @expose("/new")
    @operators_only
    def new(self) -> ResponseReturnValue:
        """An empty form."""
        return self._page(None, CityForm())

    @expose("/new", methods=["POST"])
    @operators_only
    def create(self) -> ResponseReturnValue:
        """Give the tenant a number."""
        form = CityForm()
        if unfolding():
            return self._page(None, form)
        try:
            row = self.services.cities.create(actor(), self.tenant, form.number.data, form.name.data, form.to.data)
        except DomainError as error:
            show(error, form)
            return self._page(None, form), 422
        saved(gettext("Saved. Call %(number)s from outside to try it.", number=grouped(row.number)), self.if_nobody(row.to))
        return redirect(url_for(".index"))

    @expose("/<int:number>")
    def edit(self, number: int) -> ResponseReturnValue:
        """Its name and where it leads."""
        row = self.services.cities.get(self.tenant, number)
        return self._page(number, NamedWayForm(name=row.name, to=row.to))

    @expose("/<int:number>", methods=["POST"])
    def change(self, number: int) -> ResponseReturnValue:
        """Store them."""
        form = NamedWayForm()
        if unfolding():
            return self._page(number, form)
        try:
            row = self.services.cities.change(actor(), self.tenant, number, name=form.name.data, to=form.to.data)
        except DomainError as error:
            show(error, form)
            return self._page(number, form), 422
        saved(gettext("Saved. Call %(number)s from outside to try it.", number=grouped(row.number)), self.if_nobody(row.to))
        return redirect(url_for(".index"))

    @expose("/<int:number>/main", methods=["POST"])
    def make_main(self, number: int) -> ResponseReturnValue:
        """Let it be the one that is shown outside."""
        row = self.services.cities.get(self.tenant, number)
        self.services.cities.make_main(actor(), self.tenant, number)
        saved(gettext("Calls to outside show %(number)s from now on.", number=grouped(row.number)))
        return redirect(url_for(".index"))

    @expose("/<int:number>/delete")
    @operators_only
    def consequence(self, number: int) -> ResponseReturnValue:
        """What taking it away would mean."""
        return self._deletion(number, ReplacementForm())

    @expose("/<int:number>/delete", methods=["POST"])
    @operators_only
    def delete(self, number: int) -> ResponseReturnValue:
        """Take it from the tenant."""
        row, form = self.services.cities.get(self.tenant, number), ReplacementForm()
        if unfolding():
            return self._deletion(number, form)
        try:
            self.services.cities.delete(actor(), self.tenant, number, form.replace_with.data)
        except DomainError as error:
            show(error, form)
            return self._deletion(number, form), 422
        saved(gettext("The number %(number)s has been taken away.", number=grouped(row.number)))
        return redirect(url_for(".index"))

    def _list(self) -> dict[str, object]:
        return {"rows": self.things.cities.values(), "things": self.things, "map": self.map(hops=3)}

    def _page(self, number: int | None, form: CityForm | NamedWayForm) -> str:
        row = None if number is None else self.services.cities.get(self.tenant, number)
        return self.render("city.html", row=row, form=form, choices=self.things.choices())

    def _deletion(self, number: int, form: ReplacementForm) -> str:
        row = self.services.cities.get(self.tenant, number)
        uses = self.services.cities.used_by(self.tenant, number)
        heir = next((city for city in self.services.cities.list(self.tenant) if city.id != number), None)
        presenting = [use for use in uses if use.kind == "account"]
        choices = self.choices_but("city", row.number)
        return self.render(
            "city_delete.html",
            row=row,
            form=form,
            uses=uses,
            presenting=presenting,
            heir=heir,
            choices=choices,
        )
