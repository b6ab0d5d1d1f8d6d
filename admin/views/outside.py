"""Calls to outside: what the company may spend, and the number it shows there. A part of the settings.

An owner finds only what he may choose: nothing that would raise a limit.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import get_locale, gettext
from wtforms.fields.choices import SelectChoice

from admin.addresses import row_id
from admin.base import MANAGERS, TenantView, saved, show
from admin.figures import grouped
from admin.forms import LimitsForm, MainNumberForm, whole_number
from admin.identity import actor
from app.core.directory import Limits
from app.services.errors import DomainError
from app.services.limits import COUNTRIES

_PLAIN = str.maketrans("ŁłŚśŻżŹźĆćÓó", "LlSsZzZzCcOo")  # as Poles look things up: «Łotwa» among L


class OutsideView(TenantView):
    """The limits protect against a bill that nobody expects; emergency numbers pass all of them."""

    roles = MANAGERS
    in_menu = False
    belongs_to = "settings"

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """What holds now."""
        return self._page(self._limits_form())

    @expose("/", methods=["POST"])
    def change(self) -> ResponseReturnValue:
        """Store the limits."""
        form = LimitsForm()
        wanted = replace(self.services.tenants.settings(self.tenant), limits=_limits(form))
        try:
            self.services.tenants.change_settings(actor(), self.tenant, wanted)
        except DomainError as error:
            show(error, form)
            return self._page(form), 422
        saved(gettext("Saved. It counts from the next call on."))
        return redirect(url_for(".index"))

    @expose("/main", methods=["POST"])
    def change_main(self) -> ResponseReturnValue:
        """Choose the number that is shown outside."""
        number = row_id(MainNumberForm().main_number.data) or 0
        row = self.services.cities.get(self.tenant, number)
        self.services.cities.make_main(actor(), self.tenant, number)
        saved(gettext("Calls to outside show %(number)s from now on.", number=grouped(row.number)))
        return redirect(url_for(".index"))

    def _limits_form(self) -> LimitsForm:
        limits = self.services.tenants.settings(self.tenant).limits
        return LimitsForm(
            calls_at_once=_text(limits.calls_at_once),
            minutes_per_day=_text(limits.minutes_per_day),
            longest_call=_text(limits.longest_call),
            premium=limits.premium,
            countries=sorted(limits.countries),
        )

    def _page(self, form: LimitsForm) -> str:
        now, free = self.services.tenants.settings(self.tenant).limits, actor().for_provider
        cities = self.services.cities.list(self.tenant)
        main = MainNumberForm(formdata=None, main_number=next((str(city.id) for city in cities if city.main), None))
        main.main_number.choices = [SelectChoice(str(city.id), f"{grouped(city.number)} {city.name}") for city in cities]
        form.countries.choices = _offered(form.countries.data or (), COUNTRIES if free else now.countries)
        if not (free or now.premium):
            form.premium.render_kw = {"disabled": True}
        return self.render("settings_outside.html", form=form, main=main, cities=cities, now=now, free=free)


def _offered(chosen: Sequence[str], countries: Collection[str]) -> list[SelectChoice]:
    """The countries by name, the chosen ones first."""
    names: Mapping[str, str] = get_locale().territories
    found = [(code not in chosen, names.get(code, code).translate(_PLAIN).casefold(), code) for code in countries]
    return [SelectChoice(code, names.get(code, code)) for _, _, code in sorted(found)]


def _limits(form: LimitsForm) -> Limits:
    return Limits(
        frozenset(form.countries.data or ()),
        form.premium.data,
        _limit(form.calls_at_once.data),
        _limit(form.minutes_per_day.data),
        _limit(form.longest_call.data),
    )


def _text(limit: int | None) -> str:
    return "" if limit is None else str(limit)


def _limit(text: str) -> int | None:
    return whole_number(text) if text else None
