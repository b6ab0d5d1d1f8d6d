"""System: whether the controller and the switches are there; for operators."""

from flask.typing import ResponseReturnValue
from flask_admin import expose

from admin.base import OPERATORS, PanelView


class SystemView(PanelView):
    """The one page where the machinery is named."""

    roles = OPERATORS
    icon = "system"

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """Everything at this moment."""
        return self.render("system.html", health=self.services.health.now())
