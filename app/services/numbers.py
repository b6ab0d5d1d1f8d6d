"""Internal numbers: who can be dialled, and where each number leads."""

from __future__ import annotations  # peewee's classes are generic for the type checker only

from collections.abc import Sequence
from dataclasses import dataclass

from peewee import ModelSelect

from app.core import numbering
from app.services import rules
from app.services.actor import Actor
from app.services.call_settings import leads_to
from app.services.changes import changing
from app.services.errors import DomainError, NotFound, is_id, refuse
from app.store import Database
from app.store.models import Extension, SipAccount


@dataclass(frozen=True)
class Notice:
    """Something worth knowing that is not wrong. ``code`` is ``waits-for`` or ``delays``; ``numbers`` are the others."""

    code: str
    numbers: tuple[str, ...]


class Numbers:
    """The internal numbers of one tenant at a time. Every row returned has its ``account`` loaded."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self, tenant: int) -> Sequence[Extension]:
        """Every number of the tenant, in dialling order (two digits before three)."""
        with self._database.reading():
            return sorted(_rows(tenant), key=lambda row: (len(row.number), row.number))

    def get(self, tenant: int, extension: int) -> Extension:
        """One number. Raises NotFound."""
        with self._database.reading():
            return found(tenant, extension)

    def create(self, actor: Actor, tenant: int, number: str, name: str, login: str) -> Extension:
        """A new number that leads to the account with this login."""
        with changing(self._database, actor, tenant) as change:
            account, unknown = _account(tenant, login)
            refuse(rules.number(number) or number_free(tenant, number), rules.name(name), unknown)
            row = Extension.create(tenant=tenant, number=number, name=rules.tidy(name), account=account)
            change.note("number-created", f"{number} {row.name}", tenant)
            return row

    def change(
        self,
        actor: Actor,
        tenant: int,
        extension: int,
        *,
        number: str | None = None,
        name: str | None = None,
        login: str | None = None,
    ) -> Extension:
        """Change what is given; None leaves it as it is."""
        with changing(self._database, actor, tenant) as change:
            row = found(tenant, extension)
            number, name = row.number if number is None else number, row.name if name is None else name
            login = row.account.login if login is None else login
            chosen, unknown = _account(tenant, login)
            refuse(rules.number(number) or number_free(tenant, number, row.id), rules.name(name), unknown)
            row.number, row.name = number, rules.tidy(name)
            if chosen is not None:
                row.account = chosen
            row.save()
            change.note("number-changed", f"{number} {row.name}", tenant)
            return row

    def delete(self, actor: Actor, tenant: int, extension: int) -> None:
        """Delete the number. Whoever dials it afterwards hears that there is no such number.

        Refused while callers whose transfer failed are led to it: they would be lost.
        """
        with changing(self._database, actor, tenant) as change:
            row = found(tenant, extension)
            refuse(DomainError("number-is-fallback", number=row.number) if leads_to(row) else None)
            row.delete_instance()
            change.note("number-deleted", f"{row.number} {row.name}", tenant)

    def warnings(self, tenant: int, number: str) -> Sequence[Notice]:
        """What dialling ``number`` will be like beside the tenant's others: ``waits-for`` longer ones, ``delays`` shorter."""
        with self._database.reading():
            others = [row.number for row in Extension.select(Extension.number).where(Extension.tenant == tenant)]
        found = {"waits-for": numbering.waits_for(number, others), "delays": numbering.delayed_by(number, others)}
        return [Notice(code, tuple(numbers)) for code, numbers in found.items() if numbers]

    def free(self, tenant: int, digits: int = 2) -> str | None:
        """A number to suggest: after the highest in use, else the lowest free from 20 (200), that delays and waits for nobody.

        None when every number of that length is taken or would wait.
        """
        with self._database.reading():
            taken = {row.number for row in Extension.select(Extension.number).where(Extension.tenant == tenant)}
        first, end = 2 * 10 ** (digits - 1), 10**digits
        last = max((int(number) for number in taken if len(number) == digits), default=first)
        for candidate in [*range(last + 1, end), *range(first + 1, end), *range(first // 2, first + 1)]:
            number = f"{candidate:0{digits}}"
            clash = numbering.waits_for(number, taken) or numbering.delayed_by(number, taken)
            if numbering.is_assignable(number) and number not in taken and not clash:
                return number
        return None


def found(tenant: int, extension: int) -> Extension:
    """The number's row. Raises NotFound, also for another tenant's."""
    row: Extension | None = _rows(tenant).where(Extension.id == extension).first() if is_id(extension) else None
    if row is None:
        raise NotFound
    return row


def number_free(tenant: int, number: str, except_for: int | None = None) -> DomainError | None:
    """Whether the tenant has not given this number to somebody else."""
    other = Extension.get_or_none(Extension.tenant == tenant, Extension.number == number)
    if other is None or other.id == except_for:
        return None
    return DomainError("number-taken", "number", number=number, name=other.name)


def _rows(tenant: int) -> ModelSelect[Extension]:
    return Extension.select(Extension, SipAccount).join(SipAccount).where(Extension.tenant == tenant)


def _account(tenant: int, login: str) -> tuple[SipAccount | None, DomainError | None]:
    """The tenant's account with this login, or why there is none."""
    well_formed = rules.login(login) is None
    account = SipAccount.get_or_none(SipAccount.tenant == tenant, SipAccount.login == login) if well_formed else None
    return account, None if account else DomainError("account-unknown", "login", login=login)
