"""What the switch asks the panel's process, and what it tells it."""

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.core.report import LegReport
from app.services import rules
from app.services.phones import own_numbers
from app.services.vault import Vault
from app.store import Database, calllog
from app.store.database import tuples
from app.store.models import City, SipAccount, Tenant, Trunk
from app.store.snapshot import gateway

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Entry:
    """An account as the switch needs it. ``number`` is empty when no internal number leads to it.

    ``presents`` is the city number (E.164) its emergency calls show: its own, else the tenant's main one, else empty.
    """

    login: str
    a1_hash: str = field(repr=False)
    tenant: str
    number: str
    name: str
    presents: str = ""


@dataclass(frozen=True)
class Gateway:
    """A trunk as the switch needs it. ``name`` is the switch's for it, ``proxy`` a host or ``host:port``.

    ``register``: the switch signs in there as ``username``. Disabled ones are listed so that the switch can drop them.
    """

    name: str
    proxy: str
    username: str
    password: str = field(repr=False)
    register: bool
    priority: int
    enabled: bool


class Lookup:
    """For the switch alone: the one place where no tenant is given, because the switch serves them all."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    def directory_entry(self, login: str) -> Entry | None:
        """The account with this login, or None. Whatever a stranger's phone calls itself may be asked."""
        if rules.login(login) is not None:
            return None
        with self._database.reading():
            account = SipAccount.select(SipAccount, Tenant).join(Tenant).where(SipAccount.login == login).first()
            if account is None:
                return None
            number = own_numbers(account.tenant_id).get(account.id, "")
            return Entry(account.login, account.a1_hash, account.tenant.name, number, account.name, _presented(account))

    def directory_entries(self) -> tuple[Entry, ...]:
        """Every account there is, without its internal number."""
        shown = City.alias()
        main = (shown.tenant == SipAccount.tenant) & shown.main & SipAccount.presents.is_null()
        query = SipAccount.select(SipAccount.login, SipAccount.a1_hash, Tenant.name, SipAccount.name, shown.number)
        query = query.join(Tenant).switch(SipAccount).left_outer_join(shown, on=(shown.id == SipAccount.presents) | main)
        with self._database.reading():
            return tuple(Entry(login, a1, tenant, "", name, own or "") for login, a1, tenant, name, own in tuples(query))

    def gateways(self) -> tuple[Gateway, ...]:
        """Every trunk, in the order in which they are tried. One whose password cannot be read is left out, with an error in
        the log."""
        with self._database.reading():
            return tuple(self._gateways(list(Trunk.select().order_by(Trunk.priority, Trunk.name_key))))

    def _gateways(self, rows: list[Trunk]) -> Iterator[Gateway]:
        for row in rows:
            password = self._vault.open(row.password) if row.password else ""
            if password is None:
                log.error("trunk %s: SECRET_KEY is not the one its password was kept with; type the password again", row.name)
                continue
            name = gateway(row.id)
            yield Gateway(name, row.proxy, row.username, password, row.register, row.priority, row.enabled)

    def leg_ended(self, report: LegReport) -> None:
        """Keep what the switch says of a caller's leg, for a controller that did not see it. A second report changes nothing.

        A call that was closed without knowledge of its end gets it now; one that no controller wrote down is written down.
        """
        with self._database.writing():
            calllog.report(report, time.time())


def _presented(account: SipAccount) -> str:
    own = City.id == account.presents_id if account.presents_id else (City.tenant == account.tenant_id) & City.main
    shown = City.select(City.number).where(own).first()
    return shown.number if shown else ""
