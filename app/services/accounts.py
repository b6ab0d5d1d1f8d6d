"""SIP accounts: what phones sign in with."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.core.destinations import Destination
from app.services import rules, uses
from app.services.actor import Actor
from app.services.changes import Changing, changing
from app.services.errors import DomainError, Use, refuse
from app.services.rows import found
from app.store import Database
from app.store.models import City, SipAccount

ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without what is mistaken for another: 0O 1lI o
PASSWORD_LENGTH = 16
LOGIN_DIGITS = 6


@dataclass(frozen=True)
class NewAccount:
    """An account and, this once, its password: it is stored nowhere."""

    account: SipAccount
    login: str
    password: str = field(repr=False)


class Accounts:
    """The accounts of one tenant at a time."""

    def __init__(self, database: Database, sip_domain: str) -> None:
        self._database = database
        self._sip_domain = sip_domain

    def list(self, tenant: int) -> Sequence[SipAccount]:
        """Every account of the tenant, by name."""
        with self._database.reading():
            rows = SipAccount.select().where(SipAccount.tenant == tenant)
            return sorted(rows, key=lambda row: (rules.key(row.name), row.login))

    def strangers(self) -> int:
        """How many accounts, over all tenants, have a password that was made for another SIP domain: they cannot sign in."""
        with self._database.reading():
            return SipAccount.select().where(SipAccount.realm != self._sip_domain).count()

    def get(self, tenant: int, account: int) -> SipAccount:
        """One account. Raises NotFound."""
        with self._database.reading():
            return found(SipAccount, tenant, account)

    def create(self, actor: Actor, tenant: int, name: str, login: str | None = None, password: str | None = None) -> NewAccount:
        """A new account; login and password are made up unless given."""
        with changing(self._database, actor, tenant) as change:
            login, password = login or unused_login(), password or made_up_password()
            refuse(rules.name(name), rules.login(login) or login_free(login), rules.sip_password(password))
            row = SipAccount.create(
                tenant=tenant,
                login=login,
                name=rules.tidy(name),
                a1_hash=a1_hash(login, self._sip_domain, password),
                realm=self._sip_domain,
                version=change.revision,
            )
            change.note("account-created", f"{login} {row.name}", tenant)
            return NewAccount(row, login, password)

    def rename(self, actor: Actor, tenant: int, account: int, name: str) -> SipAccount:
        """Give the account another name."""
        with changing(self._database, actor, tenant) as change:
            row = found(SipAccount, tenant, account)
            refuse(rules.name(name))
            row.name = rules.tidy(name)
            row.save(only=[SipAccount.name])
            change.note("account-renamed", f"{row.login} {row.name}", tenant)
            return row

    def renew_password(self, actor: Actor, tenant: int, account: int) -> NewAccount:
        """Make up a new password. Phones that know the old one are refused at their next registration or call."""
        with changing(self._database, actor, tenant) as change:
            row = found(SipAccount, tenant, account)
            password = made_up_password()
            set_password(row, password, self._sip_domain, change)
            change.note("account-password-renewed", f"{row.login} {row.name}", tenant)
            return NewAccount(row, row.login, password)

    def present(self, actor: Actor, tenant: int, account: int, city: str) -> SipAccount:
        """Show this city number of the tenant on the account's calls to outside; empty: the tenant's main one."""
        with changing(self._database, actor, tenant) as change:
            row = found(SipAccount, tenant, account)
            shown = City.get_or_none(City.tenant == tenant, City.number == city) if city else None
            refuse(DomainError("city-unknown", "presents", number=city) if city and shown is None else None)
            row.presents = shown
            row.save(only=[SipAccount.presents])
            change.note("account-presents", f"{row.login} {row.name} {city}".rstrip(), tenant)
            return row

    def used_by(self, tenant: int, account: int) -> Sequence[Use]:
        """Who leads to the account. Raises NotFound."""
        with self._database.reading():
            return uses.of(tenant, "account", found(SipAccount, tenant, account).login)

    def delete(self, actor: Actor, tenant: int, account: int, replace_with: Destination | None = None) -> None:
        """Delete the account. Whatever leads to it leads to ``replace_with`` from then on; without that it is refused (InUse).

        In a ring plan only another account can take its place.
        """
        with changing(self._database, actor, tenant) as change:
            row = found(SipAccount, tenant, account)
            uses.clear(tenant, "account", row.login, replace_with)
            row.delete_instance()
            change.note("account-deleted", f"{row.login} {row.name}", tenant)


def login_free(login: str) -> DomainError | None:
    """Whether nobody in the installation has this login."""
    taken = SipAccount.select().where(SipAccount.login == login).exists()
    return DomainError("login-taken", "login", login=login) if taken else None


def set_password(account: SipAccount, password: str, realm: str, change: Changing) -> None:
    """Store the password's hash; the version grows, so that the switch forgets the old one."""
    account.a1_hash = a1_hash(account.login, realm, password)
    account.realm, account.version = realm, change.revision
    account.save(only=[SipAccount.a1_hash, SipAccount.realm, SipAccount.version])


def a1_hash(login: str, realm: str, password: str) -> str:
    """What digest authentication needs instead of the password (RFC 2617, 3.2.2.2)."""
    return hashlib.md5(f"{login}:{realm}:{password}".encode(), usedforsecurity=False).hexdigest()


def made_up_password() -> str:
    """Sixteen characters that nobody misreads: 92 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(PASSWORD_LENGTH))


def unused_login() -> str:
    """Six digits that no account has. Random, so that nobody can guess the neighbours'."""
    while True:
        login = str(secrets.randbelow(9 * 10 ** (LOGIN_DIGITS - 1)) + 10 ** (LOGIN_DIGITS - 1))
        if login_free(login) is None:
            return login
