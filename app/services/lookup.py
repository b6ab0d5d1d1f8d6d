"""What the switch asks the panel's process, and what it tells it."""

import time
from dataclasses import dataclass, field

from app.core.report import LegReport
from app.services import rules
from app.services.phones import own_numbers
from app.store import Database, calllog
from app.store.models import SipAccount, Tenant


@dataclass(frozen=True)
class Entry:
    """An account as the switch needs it. ``number`` is empty when no internal number leads to it."""

    login: str
    a1_hash: str = field(repr=False)
    tenant: str
    number: str
    name: str


class Lookup:
    """For the switch alone: the one place where no tenant is given, because the switch serves them all."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def directory_entry(self, login: str) -> Entry | None:
        """The account with this login, or None. Whatever a stranger's phone calls itself may be asked."""
        if rules.login(login) is not None:
            return None
        with self._database.reading():
            account = SipAccount.select(SipAccount, Tenant).join(Tenant).where(SipAccount.login == login).first()
            if account is None:
                return None
            number = own_numbers(account.tenant_id).get(account.id, "")
            return Entry(account.login, account.a1_hash, account.tenant.name, number, account.name)

    def leg_ended(self, report: LegReport) -> None:
        """Keep what the switch says of a caller's leg, for a controller that did not see it. A second report changes nothing.

        A call that was closed without knowledge of its end gets it now; one that no controller wrote down is written down.
        """
        with self._database.writing():
            calllog.report(report, time.time())
