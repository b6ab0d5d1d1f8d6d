"""Rows -> `app.core.directory.Directory`, and a source that keeps the newest one at hand."""

from __future__ import annotations  # peewee's classes are generic for the type checker only

import logging
from collections.abc import Callable, Collection, Iterable
from typing import Any

import gevent
from peewee import JOIN, ForeignKeyField, ModelSelect, fn

from app.core.directory import Account, Directory, Extension, Tenant, ToAccount
from app.store import models
from app.store.database import AWAY, Database, tuples

log = logging.getLogger(__name__)

POLL_SECONDS = 0.25
FEW = 100


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
        fresh = _tenants(read_again if len(read_again) <= FEW else tenants)
    return Directory(revision, {row.id: fresh.get(row.id) or known[row.id] for row in tenants})


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
    """These tenants with all they have."""
    chosen = {row.id: row for row in rows}
    accounts: dict[int, dict[str, Account]] = {tenant: {} for tenant in chosen}
    extensions: dict[int, dict[str, Extension]] = {tenant: {} for tenant in chosen}
    account, extension = models.SipAccount, models.Extension
    query = account.select(account.tenant, account.login, account.name, account.version)
    for tenant, login, name, version in tuples(_of(chosen, query, account.tenant)):
        accounts[tenant][login] = Account(login, tenant, name, version)
    numbers = extension.select(extension.tenant, extension.number, extension.name, account.login).join(account)
    for tenant, number, name, login in tuples(_of(chosen, numbers, extension.tenant)):
        extensions[tenant][number] = Extension(number, name, ToAccount(login))
    fallbacks = {
        tenant: ToAccount(login) for tenant, login in tuples(_of(chosen, _fallbacks(), models.TransferFallback.tenant))
    }
    return {
        tenant: Tenant(
            tenant,
            row.name,
            row.language,
            accounts[tenant],
            extensions[tenant],
            row.ring_seconds,
            row.digit_timeout,
            row.keys_on_internal_calls,
            fallbacks.get(tenant),
        )
        for tenant, row in chosen.items()
    }


def _fallbacks() -> ModelSelect[Any]:
    """Tenant, and the login its fallback leads to, directly or by an internal number."""
    fallback, extension, account = models.TransferFallback, models.Extension, models.SipAccount
    led_to = fn.COALESCE(fallback.account, extension.account)
    query = fallback.select(fallback.tenant, account.login).join(extension, JOIN.LEFT_OUTER)
    return query.join_from(fallback, account, on=(account.id == led_to))


def _of(chosen: Collection[int], query: ModelSelect[Any], tenant: ForeignKeyField[Any]) -> ModelSelect[Any]:
    """The query, for these tenants only: after a change it is one of them. More than a few are all of them."""
    return query.where(tenant.in_(list(chosen))) if len(chosen) <= FEW else query
