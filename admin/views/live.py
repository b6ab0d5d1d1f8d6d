"""The stream that tells an open page to look again, and the strip that every page shows when the exchange is away."""

import time
from collections.abc import Callable, Mapping

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue

from admin.base import OPERATORS
from admin.identity import person, working_tenant
from admin.live import Feed, Look, stream
from admin.ports import VirtualPhones
from app.services import Services

PROVIDER = 0
"""In the place of a tenant: an operator who works in none."""


def look(services: Services, virtual_phones: VirtualPhones | None) -> Look:
    """What a tenant's pages show that changes by itself, and the provider's own."""
    call_backs = read_anew(lambda of: services.call_backs.mark(of), lambda of: services.call_backs.lists(of))

    def topics(tenant: int) -> Mapping[str, object]:
        health = services.health.now()
        seen: dict[str, object] = {
            "health": (health.good, health.controller_alive, health.switches),
            "trunks": services.trunks.list(),
        }
        if tenant == PROVIDER:
            return seen | {"alerts": services.refusals.counts()}
        phones = services.phones.state(tenant)
        seen |= {
            "phones": phones,
            "devices": services.phones.registered(tenant),
            "calls": services.history.live(tenant),
            "alerts": services.refusals.newest(tenant),
            "queues": services.queue_board.now(tenant),
            "call-backs": call_backs(tenant),
        }
        if virtual_phones is not None:
            seen["virtual"] = _virtual(virtual_phones, {phone.login for phone in phones})
        return seen

    return topics


def read_anew(mark: Callable[[int], object], read: Callable[[int], object]) -> Callable[[int], object]:
    """What ``read`` says of a tenant, asked again only when ``mark``, which costs less, has become another."""
    kept: dict[int, tuple[object, object]] = {}

    def latest(tenant: int) -> object:
        now = mark(tenant)  # first: what changes from here on changes the next mark
        if tenant not in kept or kept[tenant][0] != now:
            kept[tenant] = now, read(tenant)
        return kept[tenant][1]

    return latest


def _virtual(phones: VirtualPhones, logins: set[str]) -> object:
    try:
        return [phone for phone in phones.list() if phone.login in logins]
    except phones.refusal:
        return None


def blueprint(services: Services, feed: Feed, now: Callable[[], float] = time.time) -> Blueprint:
    """For whoever is signed in."""
    live = Blueprint("live", __name__, url_prefix="/live")

    @live.get("/events")
    def events() -> ResponseReturnValue:
        user, tenant = person(), working_tenant(services)
        if user is None or (tenant is None and user.role not in OPERATORS):
            abort(403)
        if not feed.has_room(user.id):
            abort(429)
        headers = {"X-Accel-Buffering": "no"}  # a proxy before us must not collect events
        watched = tenant.id if tenant else PROVIDER
        return Response(stream(feed, watched, now, user.id), mimetype="text/event-stream", headers=headers)

    @live.get("/banner")
    def banner() -> ResponseReturnValue:
        if person() is None:
            abort(403)
        return render_template("banner.html")

    return live
