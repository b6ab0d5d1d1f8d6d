"""System: whether the controller and the switches are there, and whom the limits have stopped; for operators."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext

from admin.base import OPERATORS, PanelView, saved
from admin.identity import actor


class SystemView(PanelView):
    """The one page where the machinery is named."""

    roles = OPERATORS
    icon = "system"

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The whole page."""
        return self.render("system.html", **self._now())

    @expose("/now")
    def now(self) -> ResponseReturnValue:
        """What changes of it, for a page that is open."""
        return self.render("system_now.html", **self._now())

    @expose("/looked-at/<int:number>", methods=["POST"])
    def look_at(self, number: int) -> ResponseReturnValue:
        """An operator has looked at the calls that this tenant's limits have stopped."""
        self.services.refusals.look_at(actor(), number, request.form.get("until", 0.0, type=float))
        saved(gettext("Hidden. The calls stay in the tenant's history."))
        return redirect(url_for(".index"))

    def _now(self) -> dict[str, object]:
        health = self.services.health.now()
        # What a dead controller last said of the trunks is no news.
        down = [trunk for trunk in self.services.trunks.list() if trunk.settings.enabled and trunk.up is False]
        lacking = down if health.controller_alive else []
        return {"health": health, "lacking": lacking, "alerts": self.services.refusals.everywhere()}
