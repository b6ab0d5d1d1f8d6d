"""Import and export: tenants as a file that a person can read, compare and keep."""

from dataclasses import dataclass

import yaml

from app.services import exchange_export, exchange_text, limits, rules
from app.services.actor import Actor
from app.services.changes import changing
from app.services.errors import DomainError, NotFound
from app.services.exchange_check import Check
from app.services.exchange_files import FILE, Files, Put, Shelf
from app.services.exchange_import import Import
from app.services.exchange_schema import FilePart, understand
from app.services.exchange_sounds import Recordings
from app.services.exchange_text import Path
from app.services.exchange_values import public
from app.services.trunks import Trunks
from app.store import Database, snapshot
from app.store.models import City, Sound, Tenant


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
    """What an import did, tenant by tenant; ``trunks`` is how many there are now, None if the file says nothing of them."""

    lines: tuple[Line, ...]
    trunks: int | None = None

    def __str__(self) -> str:
        trunks = [] if self.trunks is None else [f"trunks: {self.trunks}"]
        return "\n".join([*trunks, *map(str, self.lines)]) or "nothing to import"


class Exchange:
    """For the operator and the command line: whole tenants in and out."""

    def __init__(self, database: Database, sip_domain: str, trunks: Trunks) -> None:
        self._database = database
        self._sip_domain = sip_domain
        self._trunks = trunks

    def import_text(self, text: str, actor: Actor, only: int | None = None, files: Files | None = None) -> Report:
        """Make the tenants of the file as the file says: what it does not mention of them is deleted, other tenants stay.

        All or nothing, and the same file again changes nothing. An account or trunk without a password keeps the one it has.
        ``only``: the one tenant that may be in the file, and nothing that is not a tenant's; of its public numbers and limits
        an owner changes nothing that is the provider's. ``files``: where the recordings
        are that the file names; without it, whoever has one of that name keeps it. Raises Problems, each naming its place and
        line.
        """
        parsed = exchange_text.parse(text, None if only is None else exchange_text.MOST_PARTS)
        file = understand(parsed)
        exchange_text.refuse_all(list(Check(parsed).run(file)))
        if only is not None:
            self._refuse_others(file, parsed, only)
        recordings = Recordings(self._database, parsed, files).make(file)
        with changing(self._database, actor, only) as change:
            if only is not None and not actor.for_provider:
                exchange_text.refuse_all(_cities_given_or_taken(file, parsed, only) + _limits_raised(file, parsed, only))
            work = Import(change, parsed, self._sip_domain, recordings)
            verbs = work.run(file)
            if file.trunks is not None:
                work.trunks(file.trunks, self._trunks)
        counted = zip(file.tenants, verbs, strict=True)
        lines = tuple(Line(rules.tidy(part.name), verb, len(part.accounts), len(part.extensions)) for part, verb in counted)
        return Report(lines, None if file.trunks is None else len(file.trunks))

    def export(self, tenant: str | None = None) -> str:
        """The tenant of this name, or all and the trunks, as YAML without passwords and without recordings. Raises NotFound.

        The same state gives the same text.
        """
        with self._database.snapshot():
            return _written(tenant, Shelf())

    def export_files(self, put: Put, tenant: str | None = None) -> None:
        """The same text as a file, and beside it every recording it names. Raises NotFound, and what ``put`` raises."""
        with self._database.snapshot():
            shelf = Shelf()
            put(FILE, _written(tenant, shelf).encode())
            for name, sound in shelf.sounds.items():
                put(name, bytes(Sound.get_by_id(sound).content))

    def _refuse_others(self, file: FilePart, parsed: exchange_text.Parsed, only: int) -> None:
        """Raise an error for everything in the file that is not the tenant ``only``."""
        with self._database.reading():
            tenant = Tenant.get_or_none(Tenant.id == only)
        if tenant is None:
            raise NotFound
        trunks = [] if file.trunks is None else [DomainError("file-operators", place=parsed.place(("trunks",)))]
        others = [
            DomainError("file-other-tenant", place=parsed.place(("tenants", index, "name")), name=tenant.name)
            for index, part in enumerate(file.tenants)
            if rules.key(part.name) != tenant.name_key
        ]
        exchange_text.refuse_all(trunks + others)


def _written(tenant: str | None, shelf: Shelf) -> str:
    query = Tenant.select().order_by(Tenant.name_key)
    rows = list(query if tenant is None else query.where(Tenant.name_key == rules.key(tenant)))
    if tenant is not None and not rows:
        raise NotFound(f"The tenant {tenant}")
    trunks = exchange_export.trunks() if tenant is None else []
    values: dict[str, object] = {"trunks": trunks} if trunks else {}
    values["tenants"] = [exchange_export.tenant(row, shelf) for row in rows]
    return yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=120)


def _cities_given_or_taken(file: FilePart, parsed: exchange_text.Parsed, only: int) -> list[DomainError]:
    """An error for each public number the file would give the tenant, and one if it takes any away: operators do that."""
    has = {row.number for row in City.select(City.number).where(City.tenant == only)}
    wanted = [public(city.number) for part in file.tenants for city in part.cities]
    given: list[Path] = [("tenants", 0, "cities", index, "number") for index, number in enumerate(wanted) if number not in has]
    taken: list[Path] = [("tenants", 0, "cities")] if has - set(wanted) else []
    return [DomainError("file-operators", place=parsed.place(path)) for path in given + taken]


def _limits_raised(file: FilePart, parsed: exchange_text.Parsed, only: int) -> list[DomainError]:
    """An error for each limit that the file would raise: operators do that, too."""
    now = snapshot.limits(Tenant.get_by_id(only))
    fields = [error.field or "" for part in file.tenants for error in limits.raised(now, part.settings.calls.limits)]
    paths: list[Path] = [("tenants", 0, "settings", *field.split(".")) for field in dict.fromkeys(fields)]
    return [DomainError("file-operators", place=parsed.place(path)) for path in paths]
