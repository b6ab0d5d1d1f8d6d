"""Tenants: the provider's customers, and the way into one of them."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext, ngettext

from admin.base import OPERATORS, PanelView, saved, show
from admin.forms import DeleteTenantForm, TenantForm
from admin.identity import actor, enter
from app.services import Services
from app.services.errors import DomainError
from app.services.models import Tenant


def voices(services: Services, row: Tenant, before: str) -> list[str]:
    """What to look at when a tenant's language has changed: its texts stay as they were written."""
    count = 0 if row.language == before else services.sounds.spoken(row.id)
    if not count:
        return []
    said = ngettext(
        "%(num)s text is spoken by another voice now. Is it written in its language?",
        "%(num)s texts are spoken by another voice now. Are they written in its language?",
        count,
    )
    return [said]


class TenantsView(PanelView):
    """For operators. Entering a tenant shows its panel as its owner sees it."""

    roles = OPERATORS
    icon = "tenants"
    starts_group = True

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """Every tenant, and whose calls the limits have stopped."""
        return self.render("tenants.html", rows=self.services.tenants.list(), stopped=self.services.refusals.counts())

    @expose("/new")
    def new(self) -> ResponseReturnValue:
        """An empty form."""
        return self.render("tenant.html", row=None, form=TenantForm(language="pl", time_zone="Europe/Warsaw"))

    @expose("/new", methods=["POST"])
    def create(self) -> ResponseReturnValue:
        """Make a tenant and go right into it: the next thing is its first phone."""
        form = TenantForm()
        try:
            row = self.services.tenants.create(actor(), form.name.data, form.language.data or "", form.time_zone.data)
        except DomainError as error:
            show(error, form)
            return self.render("tenant.html", row=None, form=form), 422
        enter(row.id)
        saved(gettext("The tenant “%(name)s” has been created. You are in its panel now.", name=row.name))
        return redirect(url_for("home.index"))

    @expose("/<int:number>")
    def edit(self, number: int) -> ResponseReturnValue:
        """Name, language and time zone of one."""
        row = self.services.tenants.get(number)
        form = TenantForm(name=row.name, language=row.language, time_zone=row.time_zone)
        return self.render("tenant.html", row=row, form=form)

    @expose("/<int:number>", methods=["POST"])
    def change(self, number: int) -> ResponseReturnValue:
        """Store them."""
        form, before = TenantForm(), self.services.tenants.get(number).language
        try:
            row = self.services.tenants.change(
                actor(), number, name=form.name.data, language=form.language.data or "", time_zone=form.time_zone.data
            )
        except DomainError as error:
            show(error, form)
            return self.render("tenant.html", row=self.services.tenants.get(number), form=form), 422
        saved(gettext("Saved."), voices(self.services, row, before))
        return redirect(url_for(".index"))

    @expose("/<int:number>/enter", methods=["POST"])
    def enter(self, number: int) -> ResponseReturnValue:
        """Work as this tenant."""
        enter(self.services.tenants.get(number).id)
        return redirect(url_for("home.index"))

    @expose("/leave", methods=["POST"])
    def leave(self) -> ResponseReturnValue:
        """Be the provider again."""
        enter(None)
        return redirect(url_for(".index"))

    @expose("/<int:number>/delete")
    def consequence(self, number: int) -> ResponseReturnValue:
        """What deleting it would mean."""
        return self._deletion(number, DeleteTenantForm())

    @expose("/<int:number>/delete", methods=["POST"])
    def delete(self, number: int) -> ResponseReturnValue:
        """Delete it, once its name has been typed."""
        form = DeleteTenantForm()
        name = self.services.tenants.get(number).name
        try:
            self.services.tenants.delete(actor(), number, form.typed_name.data)
        except DomainError as error:
            show(error, form)
            return self._deletion(number, form), 422
        enter(None)
        saved(gettext("The tenant “%(name)s” has been deleted.", name=name))
        return redirect(url_for(".index"))

    def _deletion(self, number: int, form: DeleteTenantForm) -> str:
        row = self.services.tenants.get(number)
        return self.render("tenant_delete.html", row=row, form=form, counts=self.services.tenants.consequences(number))
