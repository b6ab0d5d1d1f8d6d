"""Bringing the tables to what an exchange file says, inside one transaction."""

import time
from collections.abc import Mapping

from peewee import chunked

from app.core.destinations import Destination, ToAccount
from app.services import call_settings, rules
from app.services.accounts import a1_hash
from app.services.book import Book
from app.services.changes import Changing
from app.services.destinations import named, store
from app.services.errors import DomainError
from app.services.exchange_schema import AccountPart, ExtensionPart, FilePart, TenantPart
from app.services.exchange_text import Parsed, Path, refuse_all
from app.store import destinations
from app.store.models import Extension, SipAccount, Tenant

LOGINS_AT_ONCE = 500


class Import:
    """One import. Nothing of it stays if `run` raises, because its caller's transaction ends with it.

    First everything is deleted that must go, in all tenants, then everything is made: so a login can move from one tenant to
    another within a file.
    """

    def __init__(self, change: Changing, parsed: Parsed, sip_domain: str) -> None:
        self._change = change
        self._parsed = parsed
        self._sip_domain = sip_domain
        self._problems: list[DomainError] = []
        self._logins: set[str] = set()
        self._touched: set[int] = set()
        self._fallbacks: dict[int, Destination | None] = {}  # tenant -> what it had before

    def run(self, file: FilePart) -> list[str]:
        """Do it; what became of each tenant: created, changed or unchanged. Raises Problems."""
        self._check(file)
        refuse_all(self._problems)
        existing = {row.name_key: row for row in Tenant.select()}
        known = [existing.get(rules.key(part.name)) for part in file.tenants]
        for part, tenant in zip(file.tenants, known, strict=True):
            if tenant is not None:
                self._clear(tenant, part)
        verbs = [self._tenant(index, part, known[index]) for index, part in enumerate(file.tenants)]
        refuse_all(self._problems)
        return verbs

    # --- what can be judged by the file alone ---

    def _check(self, file: FilePart) -> None:
        names: set[str] = set()
        for index, part in enumerate(file.tenants):
            path: Path = ("tenants", index)
            self._rule((*path, "name"), rules.name(part.name))
            self._rule((*path, "language"), rules.language(part.language))
            self._rule((*path, "settings", "time_zone"), rules.time_zone(part.settings.time_zone))
            self._once((*path, "name"), rules.key(part.name), part.name, names)
            for number, account in enumerate(part.accounts):
                self._check_account((*path, "accounts", number), account)
            self._check_extensions(path, part)
            self._check_settings((*path, "settings"), part)

    def _check_account(self, path: Path, account: AccountPart) -> None:
        self._rule((*path, "login"), rules.login(account.login))
        self._rule((*path, "name"), rules.name(account.name))
        if account.password is not None:
            self._rule((*path, "password"), rules.sip_password(account.password))
        self._once((*path, "login"), account.login, account.login, self._logins)

    def _check_extensions(self, path: Path, part: TenantPart) -> None:
        logins = {account.login for account in part.accounts}
        numbers: set[str] = set()
        for index, extension in enumerate(part.extensions):
            here: Path = (*path, "extensions", index)
            self._rule((*here, "number"), rules.number(extension.number))
            self._rule((*here, "name"), rules.name(extension.name))
            self._once((*here, "number"), extension.number, extension.number, numbers)
            login = extension.to.account
            if login not in logins:
                self._rule((*here, "to", "account"), DomainError("account-unknown", login=login))

    def _check_settings(self, path: Path, part: TenantPart) -> None:
        settings = part.settings.calls
        for problem in call_settings.problems(settings):
            self._rule((*path, problem.field or ""), problem)
        known = {
            "extension": {extension.number for extension in part.extensions},
            "account": {account.login for account in part.accounts},
        }
        fallback = settings.transfer_fallback
        for kind, value in named(fallback) if fallback else ():
            if value not in known[kind]:
                unknown = DomainError("account-unknown", login=value)
                self._rule((*path, "transfer_fallback", kind), unknown)

    def _rule(self, path: Path, found: DomainError | None) -> None:
        if found is not None:
            self._problems.append(DomainError("file-value", place=self._parsed.place(path), reason=found))

    def _once(self, path: Path, key: str, shown: str, seen: set[str]) -> None:
        if key in seen:
            self._problems.append(DomainError("file-repeated", place=self._parsed.place(path), value=shown))
        seen.add(key)

    # --- what the tables must become ---

    def _clear(self, tenant: Tenant, part: TenantPart) -> None:
        """Delete what the file no longer has. Numbers that stay may lose their account here: they go and come again."""
        led = destinations.read([tenant.id])
        self._fallbacks[tenant.id] = led.fallbacks.get(tenant.id)
        store(Book.of(tenant.id), None, of_tenant=tenant.id)  # it would hold what it leads to
        logins = {account.login for account in part.accounts}
        wanted = {extension.number: extension for extension in part.extensions}
        for row in Extension.select().where(Extension.tenant == tenant):
            if row.number not in wanted or led.extensions[row.id] != ToAccount(wanted[row.number].to.account):
                row.delete_instance()
                self._touched.add(tenant.id)
        for account in SipAccount.select().where(SipAccount.tenant == tenant):
            if account.login not in logins:
                account.delete_instance()
                self._touched.add(tenant.id)

    def _tenant(self, index: int, part: TenantPart, row: Tenant | None) -> str:
        columns = _columns(part)
        verb = "unchanged"
        if row is None:
            row, verb = Tenant.create(**columns, name_key=rules.key(part.name), created=time.time()), "created"
            self._touched.add(row.id)
        elif _differs(row, columns):
            Tenant.update(**columns).where(Tenant.id == row.id).execute()
            self._touched.add(row.id)
        self._accounts(row, part, ("tenants", index, "accounts"))
        if not self._problems:
            self._extensions(row, part.extensions)
            self._fallback(row, part.settings.calls.transfer_fallback)
        if row.id in self._touched:
            self._change.note("tenant-imported", rules.tidy(part.name), row.id)
            verb = "changed" if verb == "unchanged" else verb
        return verb

    def _accounts(self, tenant: Tenant, part: TenantPart, path: Path) -> dict[str, SipAccount]:
        existing: dict[str, SipAccount] = {}
        for logins in chunked([account.login for account in part.accounts], LOGINS_AT_ONCE):
            existing.update({row.login: row for row in SipAccount.select().where(SipAccount.login.in_(logins))})
        rows: dict[str, SipAccount] = {}
        for index, account in enumerate(part.accounts):
            row = existing.get(account.login)
            if row is None and account.password is None:
                self._rule((*path, index, "password"), DomainError("password-missing"))
            elif row is not None and row.tenant_id != tenant.id:
                self._rule((*path, index, "login"), DomainError("login-taken", login=account.login))
            else:
                rows[account.login] = self._account(tenant, account, row)
        return rows

    def _account(self, tenant: Tenant, part: AccountPart, row: SipAccount | None) -> SipAccount:
        columns: dict[str, object] = {"name": rules.tidy(part.name)}
        if part.password is not None:
            columns["a1_hash"] = a1_hash(part.login, self._sip_domain, part.password)
        if row is not None and not _differs(row, columns):
            return row
        self._touched.add(tenant.id)
        if "a1_hash" in columns and (row is None or row.a1_hash != columns["a1_hash"]):
            columns |= {"realm": self._sip_domain, "version": self._change.revision}
        if row is None:
            return SipAccount.create(tenant=tenant, login=part.login, **columns)
        SipAccount.update(**columns).where(SipAccount.id == row.id).execute()
        return row

    def _extensions(self, tenant: Tenant, parts: list[ExtensionPart]) -> None:
        book = Book.of(tenant.id)
        existing = {row.number: row for row in Extension.select().where(Extension.tenant == tenant)}
        for part in parts:
            columns = {"name": rules.tidy(part.name)}
            row = existing.get(part.number)
            if row is not None and not _differs(row, columns):
                continue
            self._touched.add(tenant.id)
            if row is None:
                row = Extension.create(tenant=tenant, number=part.number, **columns)
                store(book, ToAccount(part.to.account), of_extension=row.id)
            else:
                Extension.update(**columns).where(Extension.id == row.id).execute()

    def _fallback(self, tenant: Tenant, fallback: Destination | None) -> None:
        store(Book.of(tenant.id), fallback, of_tenant=tenant.id)
        if fallback != self._fallbacks.get(tenant.id):
            self._touched.add(tenant.id)


def _columns(part: TenantPart) -> dict[str, object]:
    """A tenant's own columns, as the file has them."""
    settings = part.settings
    return {
        "name": rules.tidy(part.name),
        "language": part.language,
        "time_zone": settings.time_zone,
        "ring_seconds": settings.ring_seconds,
        "digit_timeout": settings.digit_timeout,
        "keys_on_internal_calls": settings.keys_on_internal_calls,
    }


def _differs(row: Tenant | SipAccount | Extension, columns: Mapping[str, object]) -> bool:
    return any(getattr(row, name) != value for name, value in columns.items())
