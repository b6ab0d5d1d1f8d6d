"""Menus: a greeting, and where each key leads."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext, lazy_gettext

from admin.base import MANAGERS, saved, show
from admin.forms import MenuForm, ReplacementForm, whole_number
from admin.identity import actor
from admin.views.leading import LeadingView, unfolding
from app.core.destinations import ToHangUp
from app.core.directory import Choice
from app.services.audio import Spoken
from app.services.errors import DomainError
from app.services.menus import KEYS, MenuSettings

CHOICES = ("no_choice", "wrong_choice")


class MenusView(LeadingView):
    """«Greetings and menus»; messages and opening hours are beside it in tabs."""

    roles = MANAGERS
    icon = "menu"
    short = lazy_gettext("Menus")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """All of them, with the greeting to listen to and the keys drawn."""
        return self.render("menus.html", rows=self.services.menus.list(self.tenant), map=self.map(hops=0))

    @expose("/new")
    def new(self) -> ResponseReturnValue:
        """An empty form: twice the greeting, then the end."""
        return self._page(None, _form(MenuSettings("", {}, Choice(1, ToHangUp()), Choice(1, ToHangUp()))))

    @expose("/new", methods=["POST"])
    def create(self) -> ResponseReturnValue:
        """Speak or convert the greeting, and keep the menu."""
        form = MenuForm()
        if unfolding():
            return self._page(None, form)
        try:
            self.services.menus.create(actor(), self.tenant, _settings(form), form.recording(None) or Spoken(""))
        except DomainError as error:
            show(error, form)
            return self._page(None, form), 422
        saved(gettext("Saved. Now let a city number lead to the menu, and call it."))
        return redirect(url_for(".index"))

    @expose("/<int:number>")
    def edit(self, number: int) -> ResponseReturnValue:
        """One of them."""
        row = self.services.menus.get(self.tenant, number)
        return self._page(number, _form(row.settings, row.greeting.text))

    @expose("/<int:number>", methods=["POST"])
    def change(self, number: int) -> ResponseReturnValue:
        """Store it, and a new greeting if there is one."""
        form = MenuForm()
        if unfolding():
            return self._page(number, form)
        try:
            before = self.services.menus.get(self.tenant, number)
            greeting = form.recording(before.greeting)
            self.services.menus.change(actor(), self.tenant, number, _settings(form), greeting)
        except DomainError as error:
            show(error, form)
            return self._page(number, form), 422
        saved(gettext("Saved. It counts from the next call on."))
        return redirect(url_for(".index"))

    @expose("/<int:number>/delete")
    def consequence(self, number: int) -> ResponseReturnValue:
        """Who leads to it."""
        return self._deletion(number, ReplacementForm())

    @expose("/<int:number>/delete", methods=["POST"])
    def delete(self, number: int) -> ResponseReturnValue:
        """Delete it; whatever led to it leads to what was chosen."""
        name, form = self.services.menus.get(self.tenant, number).settings.name, ReplacementForm()
        if unfolding():
            return self._deletion(number, form)
        try:
            self.services.menus.delete(actor(), self.tenant, number, form.replace_with.data)
        except DomainError as error:
            show(error, form)
            return self._deletion(number, form), 422
        saved(gettext("“%(name)s” has been deleted.", name=name))
        return redirect(url_for(".index"))

    def _page(self, number: int | None, form: MenuForm) -> str:
        row = None if number is None else self.services.menus.get(self.tenant, number)
        return self.render("menu.html", row=row, form=form, keys=KEYS, choices=self.things.choices())

    def _deletion(self, number: int, form: ReplacementForm) -> str:
        row = self.services.menus.get(self.tenant, number)
        uses = self.services.menus.used_by(self.tenant, number)
        choices = self.choices_but("menu", row.settings.name)
        return self.render("menu_delete.html", row=row, form=form, uses=uses, choices=choices)


def _form(settings: MenuSettings, text: str = "") -> MenuForm:
    """The form that shows ``settings`` and the greeting's text."""
    values: dict[str, object] = {f"keys.{key}": to for key, to in settings.keys.items()}
    for name in CHOICES:
        choice: Choice = getattr(settings, name)
        values |= {f"{name}.repeat": str(choice.repeat), f"{name}.then": choice.then}
    return MenuForm(name=settings.name, dial_internal=settings.dial_internal, text=text, **values)


def _settings(form: MenuForm) -> MenuSettings:
    keys = {key: form[f"keys.{key}"].data for key in KEYS}
    none, wrong = (Choice(whole_number(form[f"{name}.repeat"].data), form[f"{name}.then"].data) for name in CHOICES)
    return MenuSettings(form.name.data, {key: to for key, to in keys.items() if to}, none, wrong, form.dial_internal.data)
