"""The panel put together: its pages, its guards, and what every template may use."""

import hashlib
import time
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, request, url_for
from flask_admin import Admin
from flask_admin.theme import Theme
from flask_babel import get_locale
from flask_babel import lazy_gettext as _

from admin import addresses, calls, errors, figures, identity, language, phrases, queue_words, security, words
from admin.destinations.draft import Draft
from admin.live import Feed
from admin.ports import VirtualPhones
from admin.views import door, live
from admin.views.account import AccountView
from admin.views.call_backs import CallBacksView
from admin.views.cities import CitiesView
from admin.views.history import HistoryView
from admin.views.home import HomeView
from admin.views.menus import MenusView
from admin.views.messages import MessagesView
from admin.views.numbers import NumbersView
from admin.views.outside import OutsideView
from admin.views.phones import PhonesView
from admin.views.queue_statistics import QueueStatisticsView
from admin.views.queues import QueuesView
from admin.views.schedules import SchedulesView
from admin.views.services import ServicesView
from admin.views.settings import SettingsView
from admin.views.system import SystemView
from admin.views.tenants import TenantsView
from admin.views.trunks import TrunksView
from admin.views.users import OperatorsView, UsersView
from admin.views.virtual import VirtualPhonesView
from app.config import Settings
from app.services import Services

STATIC = Path(__file__).parent / "static"


def build(
    services: Services, settings: Settings, blueprints: Iterable[Blueprint], virtual_phones: VirtualPhones | None
) -> Flask:
    """The application; see `admin.create_app`."""
    app = Flask("admin")
    app.extensions["services"] = services
    addresses.install(app)
    security.configure(app, settings)
    forgery = security.forgery_protection(app)
    identity.install(app, services)
    language.install(app, _language, lambda: _time_zone(services))
    errors.install(app)
    app.register_blueprint(door.blueprint(services, security.limiter(app)))
    feed = app.extensions["live"] = Feed(live.look(services, virtual_phones))
    app.register_blueprint(live.blueprint(services, feed))
    for blueprint in blueprints:
        forgery.exempt(blueprint)
        app.register_blueprint(blueprint)
    panel = _panel(app, services, settings, virtual_phones)
    _furnish(app, services, panel)
    return app


def _panel(app: Flask, services: Services, settings: Settings, virtual_phones: VirtualPhones | None) -> Admin:
    home = HomeView(services, _("Home"), "home", "/")
    theme = Theme(folder="bootstrap4", base_template="layout.html")
    panel = Admin(app, name="Centralka", index_view=home, theme=theme, static_url_path="/static")
    panel.add_view(NumbersView(services, _("Internal numbers"), "numbers", "/numbers"))
    panel.add_view(PhonesView(services, _("Phones"), "phones", "/phones", settings))
    panel.add_view(CitiesView(services, _("City numbers"), "cities", "/cities"))
    panel.add_view(QueuesView(services, _("Queues"), "queues", "/queues"))
    panel.add_view(QueueStatisticsView(services, _("Statistics"), "queue_statistics", "/queues/statistics"))
    panel.add_view(CallBacksView(services, _("To call back"), "call_backs", "/queues/call-back"))
    panel.add_view(MenusView(services, _("Greetings and menus"), "menus", "/menus"))
    panel.add_view(MessagesView(services, _("Messages"), "messages", "/messages"))
    panel.add_view(SchedulesView(services, _("Opening hours"), "schedules", "/schedules"))
    panel.add_view(HistoryView(services, _("History"), "history", "/history"))
    if virtual_phones is not None:
        panel.add_view(VirtualPhonesView(services, _("Virtual phones"), "virtual", "/virtual-phones", virtual_phones))
    panel.add_view(ServicesView(services, _("My services"), "services", "/services"))
    panel.add_view(SettingsView(services, _("Settings"), "settings", "/settings"))
    panel.add_view(OutsideView(services, _("Calls to outside"), "outside", "/settings/outside"))
    panel.add_view(UsersView(services, _("People"), "users", "/settings/people"))
    panel.add_view(AccountView(services, _("Your account"), "account", "/account"))
    panel.add_view(TenantsView(services, _("Tenants"), "tenants", "/tenants"))
    panel.add_view(TrunksView(services, _("Trunks"), "trunks", "/trunks"))
    panel.add_view(OperatorsView(services, _("Operators"), "operators", "/operators"))
    panel.add_view(SystemView(services, _("System"), "system", "/system"))
    return panel


def _language() -> str | None:
    user = identity.person()
    return user.language if user else None


def _time_zone(services: Services) -> str:
    tenant = identity.working_tenant(services)
    return tenant.time_zone if tenant else "Europe/Warsaw"


def _furnish(app: Flask, services: Services, panel: Admin) -> None:
    """What every template may use."""
    app.jinja_env.filters.update(
        duration=figures.duration,
        address=figures.address,
        grouped=figures.grouped,
        unbroken=figures.unbroken,
        clock=figures.clock,
        moment=figures.moment,
        day_name=figures.day_name,
    )
    app.jinja_env.globals.update(
        asset=_asset, words=words, queue_words=queue_words, phrases=phrases, calls=calls, new_draft=Draft
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    @app.context_processor
    def surroundings() -> dict[str, Any]:
        user = identity.person()
        tenant = identity.working_tenant(services) if user else None
        return {
            "language": str(get_locale()),
            "languages": language.LANGUAGES,
            "me": user,
            "tenant": tenant,
            "visiting": tenant is not None and user is not None and user.tenant_id is None,
            "navigation": _navigation(panel),
            "trouble": phrases.trouble(services.health.now()) if tenant else None,
            "now": time.time(),
        }


def _navigation(panel: Admin) -> list[dict[str, Any]]:
    here = next((view for view in panel._views if view.endpoint == request.blueprint), None)
    view = getattr(here, "belongs_to", "") or request.blueprint
    entries = []
    for item in panel.menu():
        if not (item.is_accessible() and item.is_visible()):
            continue
        owner = item._view  # flask-admin hands out its menu entries without the page they belong to
        entries.append(
            {
                "name": item.name,
                "short": owner.short or item.name,
                "url": item.get_url(),
                "icon": owner.icon,
                "active": view == owner.endpoint,
                "starts_group": owner.starts_group,
            }
        )
    return entries


def _asset(name: str) -> str:
    return url_for("static", filename=name, v=_fingerprint(name))


@cache
def _fingerprint(name: str) -> str:
    """Changes with the file, so that browsers may keep it for a year."""
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
