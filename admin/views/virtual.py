"""Virtual phones: the tenant's accounts as telephones in the browser; only where the simulator is the switch."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import LazyString, gettext, lazy_gettext

from admin import calls, phrases
from admin.base import EVERYBODY, TenantView
from admin.outside_phones import OutsidePhones
from admin.ports import VirtualPhone, VirtualPhones
from admin.problems import PROBLEMS
from app.core import numbering
from app.core.destinations import ToExternal
from app.core.record import Record
from app.services import Services
from app.services.phones import PhoneState, PhoneStatus

NUMBERS_AT_HAND = 6

People: TypeAlias = Mapping[str, str]  # login -> who that is


@dataclass(frozen=True)
class Set:
    """One telephone to use: that of an account of the tenant, or one ``outside``. ``phone`` is None before it is switched on.

    ``number`` is an account's internal number. ``has_keys``: whether it can transfer this call. ``asks``: whether it may be
    consulting somebody; ``queues``: whether it stands in a queue. ``numbers``: whom it could transfer to, whose ringing phone
    it could answer for, or whom it could call.
    """

    login: str
    name: str
    number: str
    phone: VirtualPhone | None
    heard: str
    numbers: Sequence[str]
    has_keys: bool = False
    asks: bool = False
    queues: bool = False
    outside: bool = False

    @property
    def state(self) -> str:
        """``off``, ``idle``, ``dialling``, ``ringing`` or ``talking``."""
        if self.phone is None or (not self.phone.registered and self.phone.state == "idle"):
            return "off"
        return self.phone.state

    @property
    def next(self) -> str:
        """What can be done in a call: ``wait``, also in a ``queue``, ``dial`` a number, go ``back``, ``transfer``, nothing."""
        hears = phrases.sound_of(self.phone.hears) if self.phone else ""
        if self.queues:
            return "queue"
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
        self._outside = OutsidePhones()
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
        """Let one of the telephones the tenant may use do something."""
        used = next((one for one in self._sets() or () if one.login == login), None)
        if used is None or order not in self._orders:
            abort(404)
        if used.outside and order == "unregister":
            self._outside.leave(login)
        elif used.outside:
            self._outside.take(self.tenant, login)
        return self._carry_out(order, login, request.form.get("digits", "").strip())

    @expose("/outside", methods=["POST"])
    def outside(self) -> ResponseReturnValue:
        """Switch a telephone outside on."""
        number = numbering.as_city(request.form.get("number", ""))
        if not number:
            return self._answer(str(PROBLEMS["telephone-format"]))
        try:
            phones = self._phones.list()
        except self._phones.refusal:
            return self._answer(None)
        if number not in self._outside.shown(self.tenant, phones, [number], self.services.history.live(self.tenant)):
            return self._answer(gettext("Somebody else is using this telephone now. Take another number."))
        self._outside.take(self.tenant, number)
        return self._carry_out("register", number, "")

    def _carry_out(self, order: str, login: str, digits: str) -> ResponseReturnValue:
        try:
            self._orders[order](login, digits)
        except self._phones.refusal:
            return self._answer(gettext("The phone could not do that. Perhaps the call was over already."))
        return self._answer(None)

    def _answer(self, problem: str | None) -> ResponseReturnValue:
        if request.headers.get("X-Requested-With") == "live":
            return self.render("virtual_now.html", sets=self._sets(), problem=problem)
        if problem:
            flash(problem, "bad")
        return redirect(url_for(".index"))

    def _sets(self) -> list[Set] | None:
        """None when nobody answers for the telephones."""
        try:
            phones = self._phones.list()
        except self._phones.refusal:
            return None
        accounts, living = self.services.phones.state(self.tenant), self.services.history.live(self.tenant)
        people = {account.login: phrases.who(account.number, account.name) for account in accounts}
        return [*self._inside(phones, accounts, living, people), *self._world(phones, living, people)]

    def _inside(
        self, phones: Sequence[VirtualPhone], accounts: Sequence[PhoneState], living: Sequence[Record], people: People
    ) -> Iterator[Set]:
        first_devices = {phone.login: phone for phone in reversed(phones)}
        callers_have_keys = self.services.tenants.settings(self.tenant).keys_on_internal_calls
        asking = calls.askers(living)
        waiting = {call.caller_login for call in living if call.visit}
        for account in accounts:
            phone = first_devices.get(account.login)
            in_call = phone is not None and phone.state == "talking"
            yield Set(
                account.login,
                account.name,
                account.number,
                phone,
                phrases.heard(phone.hears, people) if phone else "",
                _numbers(account, accounts, in_call),
                has_keys=callers_have_keys or not account.outgoing,
                asks=account.login in asking,
                queues=in_call and account.login in waiting,
            )

    def _world(self, phones: Sequence[VirtualPhone], living: Sequence[Record], people: People) -> Iterator[Set]:
        rows = self.services.numbering.rows(self.tenant)
        led_to = {row.to.number for row in rows if isinstance(row.to, ToExternal)}
        cities = [city.number for city in self.services.cities.list(self.tenant)][:NUMBERS_AT_HAND]
        waiting = {call.caller_number for call in living if call.visit and not call.caller_login}
        for number, phone in self._outside.shown(self.tenant, phones, led_to, living).items():
            heard = phrases.heard(phone.hears, people) if phone else ""
            queues = phone is not None and phone.state == "talking" and number in waiting
            yield Set(number, phrases.who(number, ""), "", phone, heard, cities, queues=queues, outside=True)


def _numbers(own: PhoneState, accounts: Sequence[PhoneState], in_call: bool) -> list[str]:
    """The numbers of the others: in a call all of them, else those that ring."""
    others = [other for other in accounts if other.number and other.login != own.login]
    if not in_call:
        others = [other for other in others if other.status is PhoneStatus.RINGS and not other.outgoing]
    return sorted((other.number for other in others), key=lambda number: (len(number), number))[:NUMBERS_AT_HAND]
