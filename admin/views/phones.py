"""Phones: the SIP accounts, who is signed in on them, and how to set one up."""

from collections.abc import Iterable

import segno
from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import LazyString, gettext
from markupsafe import Markup
from wtforms.fields.choices import SelectChoice

from admin.base import EVERYBODY, MANAGERS, managers_only, saved, show
from admin.figures import grouped
from admin.forms import PhoneForm, PresentsForm, ReplacementForm
from admin.identity import actor, person
from admin.once import SeenOnce
from admin.views.leading import LeadingView, unfolding
from app.config import Settings
from app.services import Services
from app.services.accounts import NewAccount
from app.services.errors import DomainError
from app.services.phones import Device

SIP_PORT = 5060


class PhonesView(LeadingView):
    """Everybody sees which phones are there; owners and operators add, rename and delete them."""

    roles = EVERYBODY
    icon = "phone"

    def __init__(self, services: Services, name: str | LazyString, endpoint: str, url: str, settings: Settings) -> None:
        super().__init__(services, name, endpoint, url)
        self._settings = settings
        self._passwords: SeenOnce[NewAccount] = SeenOnce()

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """Every phone and what it does now."""
        return self.render("phones.html", **self._list())

    @expose("/now")
    def now(self) -> ResponseReturnValue:
        """The list alone, for a page that is open."""
        return self.render("phones_now.html", **self._list())

    @expose("/new")
    @managers_only
    def new(self) -> ResponseReturnValue:
        """Ask for the name; everything else is made up."""
        return self.render("phone_new.html", form=PhoneForm())

    @expose("/new", methods=["POST"])
    @managers_only
    def create(self) -> ResponseReturnValue:
        """Make the account and show its password, once."""
        form = PhoneForm()
        try:
            made = self.services.accounts.create(actor(), self.tenant, form.name.data)
        except DomainError as error:
            show(error, form)
            return self.render("phone_new.html", form=form), 422
        return self._show_password(made)

    @expose("/<int:phone>")
    @managers_only
    def detail(self, phone: int) -> ResponseReturnValue:
        """One phone: how to set it up, its devices, its numbers."""
        account = self.services.accounts.get(self.tenant, phone)
        return self._page(phone, PhoneForm(name=account.name), self._presents(phone))

    @expose("/<int:phone>", methods=["POST"])
    @managers_only
    def rename(self, phone: int) -> ResponseReturnValue:
        """Give it another name."""
        form = PhoneForm()
        try:
            self.services.accounts.rename(actor(), self.tenant, phone, form.name.data)
        except DomainError as error:
            show(error, form)
            return self._page(phone, form, self._presents(phone)), 422
        saved(gettext("Saved. Other phones show the new name from the next call on."))
        return redirect(url_for(".detail", phone=phone))

    @expose("/<int:phone>/presents", methods=["POST"])
    @managers_only
    def present(self, phone: int) -> ResponseReturnValue:
        """Choose the number its calls to outside show."""
        form = PresentsForm()
        try:
            account = self.services.accounts.present(actor(), self.tenant, phone, form.presents.data or "")
        except DomainError as error:
            show(error, form)
            return self._page(phone, PhoneForm(name=self.services.accounts.get(self.tenant, phone).name), form), 422
        saved(gettext("Saved. Calls from “%(name)s” to outside show it from now on.", name=account.name))
        return redirect(url_for(".detail", phone=phone))

    @expose("/<int:phone>/password")
    @managers_only
    def password(self, phone: int) -> ResponseReturnValue:
        """The new password, on the first look only; afterwards how to get another."""
        account = self.services.accounts.get(self.tenant, phone)
        made = self._passwords.take((actor().user_id, account.id), request.args.get("key", ""))
        code = _code(f"sip:{made.login}:{made.password}@{self.server}") if made else None
        return self.render("phone_password.html", phone=account, made=made, code=code, server=self.server, local=self._local)

    @expose("/<int:phone>/renew")
    @managers_only
    def renewal(self, phone: int) -> ResponseReturnValue:
        """What a new password would mean."""
        return self.render("phone_renew.html", phone=self.services.accounts.get(self.tenant, phone))

    @expose("/<int:phone>/renew", methods=["POST"])
    @managers_only
    def renew(self, phone: int) -> ResponseReturnValue:
        """Make a new password and show it, once."""
        return self._show_password(self.services.accounts.renew_password(actor(), self.tenant, phone))

    @expose("/<int:phone>/delete")
    @managers_only
    def consequence(self, phone: int) -> ResponseReturnValue:
        """What deleting it would mean, and what to put in its place."""
        return self._deletion(phone, ReplacementForm())

    @expose("/<int:phone>/delete", methods=["POST"])
    @managers_only
    def delete(self, phone: int) -> ResponseReturnValue:
        """Delete it; whatever led to it leads to what was chosen."""
        account, form = self.services.accounts.get(self.tenant, phone), ReplacementForm()
        if unfolding():
            return self._deletion(phone, form)
        try:
            self.services.accounts.delete(actor(), self.tenant, phone, form.replace_with.data)
        except DomainError as error:
            show(error, form)
            return self._deletion(phone, form), 422
        saved(gettext("The phone “%(name)s” has been deleted.", name=account.name))
        return redirect(url_for(".index"))

    @property
    def server(self) -> str:
        """What to type into a phone as its server."""
        port = self._settings.sip_port
        return self._settings.sip_domain if port == SIP_PORT else f"{self._settings.sip_domain}:{port}"

    @property
    def _local(self) -> bool:
        return self._settings.sip_ip.startswith("127.")

    def _show_password(self, made: NewAccount) -> ResponseReturnValue:
        key = self._passwords.keep((actor().user_id, made.account.id), made)
        return redirect(url_for(".password", phone=made.account.id, key=key))

    def _list(self) -> dict[str, object]:
        user = person()
        return {
            "phones": self.services.phones.state(self.tenant),
            "devices": _by_login(self.services.phones.registered(self.tenant)),
            "manages": user is not None and user.role in MANAGERS,
        }

    def _presents(self, phone: int) -> PresentsForm:
        shown = self.services.accounts.get(self.tenant, phone).presents_id
        number = next((city.number for city in self.services.cities.list(self.tenant) if city.id == shown), "")
        return PresentsForm(presents=number)

    def _page(self, phone: int, form: PhoneForm, presents: PresentsForm) -> str:
        account = self.services.accounts.get(self.tenant, phone)
        cities = self.services.cities.list(self.tenant)
        main = next((grouped(city.number) for city in cities if city.main), gettext("none"))
        presents.presents.choices = [
            SelectChoice("", gettext("the main number: %(number)s", number=main)),
            *(SelectChoice(city.number, f"{grouped(city.number)} {city.name}") for city in cities),
        ]
        return self.render(
            "phone.html",
            phone=account,
            form=form,
            presents=presents,
            cities=cities,
            uses=self.services.accounts.used_by(self.tenant, phone),
            devices=[device for device in self.services.phones.registered(self.tenant) if device.login == account.login],
            server=self.server,
            local=self._local,
        )

    def _deletion(self, phone: int, form: ReplacementForm) -> str:
        account = self.services.accounts.get(self.tenant, phone)
        uses = self.services.accounts.used_by(self.tenant, phone)
        choices = self.choices_but("account", account.login)
        return self.render("phone_delete.html", phone=account, uses=uses, form=form, choices=choices)


def _by_login(devices: Iterable[Device]) -> dict[str, list[Device]]:
    found: dict[str, list[Device]] = {}
    for device in devices:
        found.setdefault(device.login, []).append(device)
    return found


def _code(text: str) -> Markup:
    """A QR code as a picture in the page itself, so that the password is in no address and in no cache."""
    return Markup(segno.make(text, error="m").svg_inline(border=2, omitsize=True))  # noqa: S704 - drawn by segno, holds no markup of ours
