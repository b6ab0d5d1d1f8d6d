"""The call-back list: callers whom a queue has lost, until somebody has talked with them."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose

from admin.base import EVERYBODY, MANAGERS, TenantView
from admin.identity import actor, person

SHOWN = 100  # nobody reads further down, and a page of thousands would take seconds


class CallBacksView(TenantView):
    """One list for everybody in the company: whoever has called somebody ticks him off, the receptionist as well."""

    roles = EVERYBODY
    icon = "history"
    in_menu = False
    belongs_to = "queues"

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """Those who should be called, newest first."""
        return self.render("call_backs.html", **self._list())

    @expose("/now")
    def now(self) -> ResponseReturnValue:
        """The list alone, for a page that is open."""
        return self.render("call_backs_now.html", **self._list())

    @expose("/done", methods=["POST"])
    def done(self) -> ResponseReturnValue:
        """Take a number off the list. NotFound if it is not on it, perhaps because somebody was faster."""
        self.services.call_backs.be_done(actor(), self.tenant, request.form.get("number", ""))
        return self.now() if request.headers.get("X-Requested-With") == "live" else redirect(url_for(".index"))

    def _list(self) -> dict[str, object]:
        waiting, done = self.services.call_backs.lists(self.tenant)
        older = max(0, len(waiting) - SHOWN)
        return {"waiting": waiting[:SHOWN], "older": older, "done": done[:20], "manages": manages()}


def manages() -> bool:
    """Whether whoever looks may change things."""
    user = person()
    return user is not None and user.role in MANAGERS
