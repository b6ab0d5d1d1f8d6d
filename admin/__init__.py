"""The panel: what people see of the exchange. Everything it reads and writes goes through `app.services`."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Blueprint, Flask

    from admin.ports import VirtualPhones
    from app.config import Settings
    from app.services import Services


def create_app(
    services: "Services",
    settings: "Settings",
    *,
    blueprints: "Iterable[Blueprint]" = (),
    virtual_phones: "VirtualPhones | None" = None,
) -> "Flask":
    """The panel as a WSGI application.

    ``blueprints`` are the doors for machines: they prove who they are in their own way, so they need no session and no form
    token. ``virtual_phones``: the simulator's, when there is one; they get a page of their own.
    """
    # Here and not above: `python -m admin` reads this file before it can patch the standard library for gevent, and nothing
    # that opens connections may be imported before that.
    from admin.panel import build

    return build(services, settings, blueprints, virtual_phones)
