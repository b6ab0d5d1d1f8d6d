"""Home: does everything work now, and what is the next step if something is not set up."""

import time
from dataclasses import dataclass
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext

from admin import figures
from admin.base import EVERYBODY, MANAGERS, managers_only, saved
from admin.identity import actor, person
from admin.views.leading import LeadingView
from admin.views.live import read_anew
from app.services import Services
from app.services.phones import PhoneStatus


@dataclass(frozen=True)
class Steps:
    """How far the tenant is: each step is worth doing only after the one before."""

    phone: bool
    signed_in: bool
    number: bool
    called: bool

    @property
    def done(self) -> bool:
        """Whether there is nothing left to set up."""
        return self.phone and self.signed_in and self.number and self.called


class HomeView(LeadingView):
    """The first page. Its changing part is fetched again by itself."""

    roles = EVERYBODY
    icon = "home"

    def __init__(self, services: Services, *where: Any) -> None:
        super().__init__(services, *where)
        # The list is long to read, and the page is fetched anew with every call. An hour later it may be shorter by itself.
        self._to_call_back = read_anew(
            lambda tenant: (services.call_backs.mark(tenant), int(time.time() / 3600)),
            lambda tenant: len(services.call_backs.list(tenant)),
        )

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The whole page."""
        return self.render("home.html", **self._now())

    @expose("/home/now")
    def now(self) -> ResponseReturnValue:
        """Its changing part."""
        return self.render("home_now.html", **self._now())

    @expose("/home/looked-at", methods=["POST"])
    @managers_only
    def look_at(self) -> ResponseReturnValue:
        """Somebody has looked at the calls that the limits have stopped."""
        self.services.refusals.look_at(actor(), self.tenant, request.form.get("until", 0.0, type=float))
        saved(gettext("Hidden. The calls stay in the history."))
        return redirect(url_for(".index"))

    def _now(self) -> dict[str, object]:
        phones = [*self.things.phones.values()]
        offline = {phone.login for phone in phones if phone.status is PhoneStatus.OFFLINE}
        steps = Steps(
            phone=bool(phones),
            signed_in=len(offline) < len(phones),
            number=bool(self.things.numbers),
            called=self.services.history.page(self.tenant, per_page=1).total > 0,
        )
        user = person()
        manages = user is not None and user.role in MANAGERS
        return {
            "phones": phones,
            "online": len(phones) - len(offline),
            "unanswered": [row for row in self.things.numbers.values() if not self.things.answers[row.number]],
            "map": self.map(hops=0),
            "missed": self.services.history.missed_today(self.tenant),
            "today": figures.day(time.time()),
            "to_call_back": self._to_call_back(self.tenant) if self.things.queues else None,
            "living": self.services.history.live(self.tenant),
            "health": self.services.health.now(),
            "steps": steps,
            "manages": manages,
            "alert": self.services.refusals.of(self.tenant, for_provider=actor().for_provider) if manages else None,
        }
