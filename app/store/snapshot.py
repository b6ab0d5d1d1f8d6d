"""Rows -> `app.core.directory.Directory`, and a source that keeps the newest one at hand."""

from __future__ import annotations  # peewee's classes are generic for the type checker only

import logging
from collections.abc import Callable, Iterable

import gevent

from app.core.directory import Directory, Limits, Tenant, Trunk
from app.store import destinations, models
from app.store.database import AWAY, Database
from app.store.parts import Parts

log = logging.getLogger(__name__)

POLL_SECONDS = 0.25


def read(database: Database, old: Directory | None = None) -> Directory:
    """The directory as it is now. Tenants that have not changed since ``old`` are taken from there, so that one change costs
    one tenant's rows however many there are; ``old`` itself when nothing changed."""
    with database.snapshot():
        revision = models.Revision.get_by_id(1).value
        if old is not None and old.revision == revision:
            return old
        tenants = list(models.Tenant.select())
        known = old.tenants if old else {}
        unchanged = {row.id for row in tenants if old and row.id in known and row.revision <= old.revision}
        read_again = [row for row in tenants if row.id not in unchanged]
        fresh = _tenants(read_again if len(read_again) <= destinations.FEW else tenants)
        trunks = _trunks()
    return Directory(revision, {row.id: fresh.get(row.id) or known[row.id] for row in tenants}, trunks)


def of_tenant(tenant: int) -> Directory:
    """The trunks and this tenant alone, if there is such a one, within a connection."""
    rows = list(models.Tenant.select().where(models.Tenant.id == tenant))
    return Directory(models.Revision.get_by_id(1).value, _tenants(rows), _trunks())


class DirectorySource:
    """Satisfies `app.ports.Source`: the directory as of the last look, which is never longer ago than POLL_SECONDS."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._directory = read(database)
        self._away = False
        self._greenlet: gevent.Greenlet | None = None

    def current(self) -> Directory:
        """The newest directory known."""
        return self._directory

    def watch(self, on_change: Callable[[Directory], None]) -> None:
        """Begin to look for changes, and hand each new directory to ``on_change``. Returns at once."""
        if self._greenlet is None:
            self._greenlet = gevent.spawn(self._watch, on_change)

    def stop(self) -> None:
        """Look no more."""
        if self._greenlet is not None:
            self._greenlet.kill()
            self._greenlet = None

    def look(self) -> bool:
        """Look once; whether there is a new directory. While the database is away, the last one goes on to hold."""
        try:
            new = read(self._database, self._directory)
        except AWAY as error:
            if not self._away:
                log.error(
                    "directory: the database does not answer, going on with revision %d: %s", self._directory.revision, error
                )
            self._away = True
            return False
        if self._away:
            log.warning("directory: the database answers again")
            self._away = False
        changed = new is not self._directory
        self._directory = new
        return changed

    def _watch(self, on_change: Callable[[Directory], None]) -> None:
        while True:
            try:
                if self.look():
                    on_change(self._directory)
            except Exception:  # a bug of ours; changes must go on being seen
                log.exception("directory: cannot take over a change")
            gevent.sleep(POLL_SECONDS)


def _tenants(rows: Iterable[models.Tenant]) -> dict[int, Tenant]:
    """These tenants with all they have, in a dozen queries however many they are."""
    chosen = {row.id: row for row in rows}
    led, parts = destinations.read(chosen), Parts(chosen)
    accounts = parts.accounts()
    extensions = parts.extensions(led)
    cities = parts.cities(led)
    menus = parts.menus(led)
    messages = parts.messages()
    schedules = parts.schedules()
    queues = parts.queues(led)
    return {
        id_: Tenant(
            id_,
            row.name,
            row.language,
            accounts[id_],
            extensions[id_],
            row.ring_seconds,
            row.digit_timeout,
            row.keys_on_internal_calls,
            led.fallbacks.get(id_),
            row.time_zone,
            parts.main_numbers.get(id_, ""),
            cities[id_],
            menus[id_],
            messages[id_],
            schedules[id_],
            limits(row),
            queues[id_],
        )
        for id_, row in chosen.items()
    }


def limits(tenant: models.Tenant) -> Limits:
    """What a tenant may do outside."""
    countries = frozenset(tenant.countries.split())
    return Limits(countries, tenant.premium, tenant.calls_at_once, tenant.minutes_per_day, tenant.longest_call)


def _trunks() -> tuple[Trunk, ...]:
    """Those in use, in the order in which they are tried."""
    trunk = models.Trunk
    rows = trunk.select().where(trunk.enabled).order_by(trunk.priority, trunk.name_key)
    return tuple(Trunk(row.name, gateway(row.id), row.priority, row.passes_original, row.version) for row in rows)


def gateway(trunk: int) -> str:
    """The switch's name of a trunk: it stays when the trunk is renamed, and holds nothing a person has typed."""
    return f"trunk-{trunk}"
