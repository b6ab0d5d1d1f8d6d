"""Import and export: tenants as a file that a person can read, compare and keep."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import yaml

from app.services import exchange_text, rules
from app.services.actor import Actor
from app.services.call_settings import settings_of
from app.services.changes import changing
from app.services.destinations import named
from app.services.errors import DomainError, NotFound
from app.services.exchange_import import Import
from app.services.exchange_schema import FilePart, understand
from app.services.numbers import numbers_of
from app.store import Database
from app.store.models import SipAccount, Tenant


@dataclass(frozen=True)
class Line:
    """What an import did with one tenant; a count is of what the tenant has now."""

    tenant: str
    verb: str  # «created», «changed», «unchanged»
    accounts: int
    extensions: int

    def __str__(self) -> str:
        return f"{self.tenant}: {self.verb}, {self.accounts} accounts, {self.extensions} internal numbers"


@dataclass(frozen=True)
class Report:
    """What an import did, tenant by tenant."""

    lines: tuple[Line, ...]

    def __str__(self) -> str:
        return "\n".join(str(line) for line in self.lines) or "nothing to import"


class Exchange:
    """For the operator and the command line: whole tenants in and out."""

    def __init__(self, database: Database, sip_domain: str) -> None:
        self._database = database
        self._sip_domain = sip_domain

    def import_text(self, text: str, actor: Actor, only: int | None = None) -> Report:
        """Make the tenants of the file as the file says: what it does not mention of them is deleted, other tenants stay.

        All or nothing, and the same file again changes nothing. An account without a password keeps the one it has. ``only``:
        the one tenant that may be in the file. Raises Problems, each naming its place and line.
        """
        parsed = exchange_text.parse(text)
        file = understand(parsed)
        with changing(self._database, actor, only) as change:
            if only is not None:
                exchange_text.refuse_all(_others(file, parsed, Tenant.get_by_id(only)))
            work = Import(change, parsed, self._sip_domain)
            verbs = work.run(file)
        counted = zip(file.tenants, verbs, strict=True)
        return Report(
            tuple(Line(rules.tidy(part.name), verb, len(part.accounts), len(part.extensions)) for part, verb in counted)
        )

    def export(self, tenant: str | None = None) -> str:
        """The tenant of this name, or all, as YAML without passwords. Raises NotFound. The same state gives the same text."""
        with self._database.snapshot():
            query = Tenant.select().order_by(Tenant.name_key)
            rows = list(query if tenant is None else query.where(Tenant.name_key == rules.key(tenant)))
            if tenant is not None and not rows:
                raise NotFound(f"The tenant {tenant}")
            values = {"tenants": [_tenant(row) for row in rows]}
        return yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=120)


def _others(file: FilePart, parsed: exchange_text.Parsed, tenant: Tenant) -> list[DomainError]:
    """An error for each tenant of the file that is another one."""
    return [
        DomainError("file-other-tenant", place=parsed.place(("tenants", index, "name")), name=tenant.name)
        for index, part in enumerate(file.tenants)
        if rules.key(part.name) != tenant.name_key
    ]


def _tenant(row: Tenant) -> dict[str, object]:
    return {
        "name": row.name,
        "language": row.language,
        "settings": _settings(row),
        "accounts": _accounts(row),
        "extensions": _extensions(row),
    }


def _settings(tenant: Tenant) -> dict[str, object]:
    settings = settings_of(tenant)
    fallback = settings.transfer_fallback
    values = asdict(replace(settings, transfer_fallback=None))
    values["transfer_fallback"] = dict(named(fallback)) if fallback else None
    del values["limits"]
    return {"time_zone": tenant.time_zone} | {key: value for key, value in values.items() if value is not None}


def _accounts(tenant: Tenant) -> Sequence[dict[str, object]]:
    rows = SipAccount.select().where(SipAccount.tenant == tenant)
    return [{"login": row.login, "name": row.name} for row in sorted(rows, key=lambda row: row.login)]


def _extensions(tenant: Tenant) -> Sequence[dict[str, object]]:
    return [{"number": row.number, "name": row.name, "to": dict(named(row.to))} for row in numbers_of(tenant.id)]
