"""Menus: a greeting, and where each key leads."""

from collections.abc import Sequence

from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import lazy_gettext

from admin.base import MANAGERS
from admin.destinations.choices import Choices
from admin.forms import MenuForm, ReplacementForm, whole_number
from admin.identity import actor
from admin.views.things import ThingsView
from app.core.destinations import ToHangUp
from app.core.directory import Choice
from app.services.audio import Spoken
from app.services.errors import Use
from app.services.menus import KEYS, Menu, MenuSettings

CHOICES = ("no_choice", "wrong_choice")


class MenusView(ThingsView):
    """«Greetings and menus»; messages and opening hours are beside it in tabs."""

    roles = MANAGERS
    icon = "menu"
    short = lazy_gettext("Menus")
    form, page, deletion = MenuForm, "menu.html", "menu_delete.html"
    made = lazy_gettext("Saved. Now let a city number lead to the menu, and call it.")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """All of them, with the greeting to listen to and the keys drawn."""
        return self.render("menus.html", rows=self.services.menus.list(self.tenant), map=self.map(hops=0))

    def found(self, number: int) -> Menu:
        return self.services.menus.get(self.tenant, number)

    def name_of(self, row: Menu) -> str:
        return row.settings.name

    def blank(self) -> MenuForm:
        """Twice the greeting, then the end."""
        return _form(MenuSettings("", {}, Choice(1, ToHangUp()), Choice(1, ToHangUp())))

    def filled(self, row: Menu) -> MenuForm:
        return _form(row.settings, row.greeting.text)

    def more(self, _form: object) -> dict[str, object]:
        return {"keys": KEYS, "choices": self.things.choices()}

    def keep(self, number: int | None, form: MenuForm) -> None:
        """Speak or convert the greeting, if it is new, and store the menu."""
        menus = self.services.menus
        if number is None:
            menus.create(actor(), self.tenant, _settings(form), form.recording(None) or Spoken(""))
        else:
            greeting = form.recording(self.found(number).greeting)
            menus.change(actor(), self.tenant, number, _settings(form), greeting)

    def uses(self, number: int) -> Sequence[Use]:
        return self.services.menus.used_by(self.tenant, number)

    def offer(self, row: Menu, _form: object) -> Choices:
        return self.choices_but("menu", row.settings.name)

    def remove(self, number: int, form: ReplacementForm) -> None:
        self.services.menus.delete(actor(), self.tenant, number, form.replace_with.data)


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
