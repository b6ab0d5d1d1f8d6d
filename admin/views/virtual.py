"""Virtual phones: the tenant's accounts as telephones in the browser; only where the simulator is the switch."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import LazyString, gettext, lazy_gettext

from admin import calls, phrases
from admin.base import EVERYBODY, TenantView
from admin.ports import VirtualPhone, VirtualPhones
from app.services import Services
from app.services.phones import PhoneState, PhoneStatus

NUMBERS_AT_HAND = 6


@dataclass(frozen=True)
class Set:
    """One account of the tenant, and its telephone if it has been signed in once.

    ``has_keys``: whether it can transfer this call. ``asks``: whether it may be consulting somebody. ``numbers``: whom it could
    transfer to, or whose ringing phone it could answer for.
    """

    account: PhoneState
    phone: VirtualPhone | None
    heard: str
    has_keys: bool
    asks: bool
    numbers: Sequence[str]

    @property
    def state(self) -> str:
        """``off``, ``idle``, ``dialling``, ``ringing`` or ``talking``."""
        if self.phone is None or (not self.phone.registered and self.phone.state == "idle"):
            return "off"
        return self.phone.state

    @property
    def next(self) -> str:
        """What can be done with the keys in a call: ``wait``, ``dial`` a number, go ``back``, ``transfer``, or nothing."""
        hears = phrases.sound_of(self.phone.hears) if self.phone else ""
        if hears == "music":
            return "wait"
        if not self.has_keys:
            return ""
        if hears in ("tone", "silence"):
            return "dial"
        if self.asks or hears == "ringback":
            return "back"
        return "transfer" if hears == "peer" else ""


class VirtualPhonesView(TenantView):
    """Try it out without a telephone."""

    roles = EVERYBODY
    icon = "virtual"
    short = lazy_gettext("Try out")

    def __init__(self, services: Services, name: str | LazyString, endpoint: str, url: str, phones: VirtualPhones) -> None:
        super().__init__(services, name, endpoint, url)
        self._phones = phones
        self._orders: Mapping[str, Callable[[str, str], object]] = {
            "register": lambda login, _: phones.register(login),
            "unregister": lambda login, _: phones.unregister(login),
            "dial": phones.dial,
            "answer": lambda login, _: phones.answer(login),
            "decline": lambda login, _: phones.decline(login),
            "hang-up": lambda login, _: phones.hang_up(login),
            "hold": lambda login, _: phones.hold(login),
            "resume": lambda login, _: phones.resume(login),
            "press": phones.press,
        }

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """All of them."""
        return self.render("virtual.html", sets=self._sets())

    @expose("/now")
    def now(self) -> ResponseReturnValue:
        """The telephones alone, for a page that is open."""
        return self.render("virtual_now.html", sets=self._sets())

    @expose("/<login>/<order>", methods=["POST"])
    def do(self, login: str, order: str) -> ResponseReturnValue:
        """Let one of the tenant's telephones do something."""
        if order not in self._orders or login not in {state.login for state in self.services.phones.state(self.tenant)}:
            abort(404)
        digits = request.form.get("digits", "").strip()
        problem = None
        try:
            self._orders[order](login, digits)
        except self._phones.refusal:
            problem = gettext("The phone could not do that. Perhaps the call was over already.")
        if request.headers.get("X-Requested-With") == "live":
            return self.render("virtual_now.html", sets=self._sets(), problem=problem)
        if problem:
            flash(problem, "bad")
        return redirect(url_for(".index"))

    def _sets(self) -> list[Set] | None:
        """None when nobody answers for the telephones."""
        accounts = self.services.phones.state(self.tenant)
        try:
            first_devices = {phone.login: phone for phone in reversed(self._phones.list())}
        except self._phones.refusal:
            return None
        people = {account.login: phrases.who(account.number, account.name) for account in accounts}
        callers_have_keys = self.services.tenants.settings(self.tenant).keys_on_internal_calls
        asking = calls.askers(self.services.history.live(self.tenant))
        return [
            Set(
                account,
                phone := first_devices.get(account.login),
                phrases.heard(phone.hears, people) if phone else "",
                has_keys=callers_have_keys or not account.outgoing,
                asks=account.login in asking,
                numbers=_numbers(account, accounts, in_call=phone is not None and phone.state == "talking"),
            )
            for account in accounts
        ]


def _numbers(own: PhoneState, accounts: Sequence[PhoneState], in_call: bool) -> list[str]:
    """The numbers of the others: in a call all of them, else those that ring."""
    others = [other for other in accounts if other.number and other.login != own.login]
    if not in_call:
        others = [other for other in others if other.status is PhoneStatus.RINGS and not other.outgoing]
    return sorted((other.number for other in others), key=lambda number: (len(number), number))[:NUMBERS_AT_HAND]
