"""Internal numbers, and where each leads."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.destinations import Destination
from app.services import rules, uses
from app.services.actor import Actor
from app.services.book import Book
from app.services.changes import changing
from app.services.destinations import problems, store
from app.services.errors import DomainError, Use, refuse
from app.services.plan import Notice, NumberPlan
from app.services.rows import found
from app.store import Database, destinations
from app.store.database import once
from app.store.models import Extension


@dataclass(frozen=True)
class Number:
    """One internal number of a tenant and where it leads."""

    id: int
    number: str
    name: str
    to: Destination


class Numbers:
    """The internal numbers of one tenant at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self, tenant: int) -> Sequence[Number]:
        """Every number of the tenant, in dialling order (two digits before three)."""
        with self._database.reading():
            return numbers_of(tenant)

    def get(self, tenant: int, extension: int) -> Number:
        """One number. Raises NotFound."""
        with self._database.reading():
            return _number(found(Extension, tenant, extension))

    def create(self, actor: Actor, tenant: int, number: str, name: str, to: Destination | None) -> Number:
        """A new number that leads ``to``."""
        with changing(self._database, actor, tenant) as change:
            book = Book.of(tenant)
            refuse(rules.number(number) or number_free(tenant, number), rules.name(name), *problems(book, to))
            row = Extension.create(tenant=tenant, number=number, name=rules.tidy(name))
            store(book, to, of_extension=row.id)
            uses.refuse_loops(tenant, "to")
            change.note("number-created", f"{number} {row.name}", tenant)
            return _number(row)

    def change(
        self,
        actor: Actor,
        tenant: int,
        extension: int,
        *,
        number: str | None = None,
        name: str | None = None,
        to: Destination | None = None,
    ) -> Number:
        """Change what is given; None leaves it as it is."""
        with changing(self._database, actor, tenant) as change:
            row = found(Extension, tenant, extension)
            number, name = row.number if number is None else number, row.name if name is None else name
            book = Book.of(tenant)
            wrong = problems(book, to) if to else ()
            refuse(rules.number(number) or number_free(tenant, number, row.id), rules.name(name), *wrong)
            row.number, row.name = number, rules.tidy(name)
            row.save()
            if to:
                store(book, to, of_extension=row.id)
                uses.refuse_loops(tenant, "to")
            change.note("number-changed", f"{number} {row.name}", tenant)
            return _number(row)

    def used_by(self, tenant: int, extension: int) -> Sequence[Use]:
        """Who leads to the number. Raises NotFound."""
        with self._database.reading():
            return uses.of(tenant, "extension", found(Extension, tenant, extension).number)

    def delete(self, actor: Actor, tenant: int, extension: int, replace_with: Destination | None = None) -> None:
        """Delete the number. Whoever dials it afterwards hears that there is no such number.

        Whatever leads to it leads to ``replace_with`` from then on; without that it is refused (InUse).
        """
        with changing(self._database, actor, tenant) as change:
            row = found(Extension, tenant, extension)
            uses.clear(tenant, "extension", row.number, replace_with)
            row.delete_instance()
            change.note("number-deleted", f"{row.number} {row.name}", tenant)

    def warnings(self, tenant: int, number: str) -> Sequence[Notice]:
        """What dialling ``number`` will be like beside the tenant's others: ``waits-for`` longer ones, ``delays`` shorter."""
        with self._database.reading():
            return plan_of(tenant).notices(number)

    def free(self, tenant: int, digits: int = 2) -> str | None:
        """A number to suggest: after the highest in use, else the lowest free from 20 (200), that delays and waits for nobody.

        None when every number of that length is taken or would wait.
        """
        with self._database.reading():
            return plan_of(tenant).free(digits)


def plan_of(tenant: int) -> NumberPlan:
    """The numbers the tenant has given."""
    return NumberPlan([row.number for row in Extension.select(Extension.number).where(Extension.tenant == tenant)])


def numbers_of(tenant: int) -> list[Number]:
    """Every number of the tenant, in dialling order."""
    return once(_numbers_of, tenant)


def _numbers_of(tenant: int) -> list[Number]:
    rows = sorted(Extension.select().where(Extension.tenant == tenant), key=lambda row: (len(row.number), row.number))
    led = destinations.read([tenant]).extensions
    return [Number(row.id, row.number, row.name, led[row.id]) for row in rows]


def number_free(tenant: int, number: str, except_for: int | None = None) -> DomainError | None:
    """Whether the tenant has not given this number to somebody else."""
    other = Extension.get_or_none(Extension.tenant == tenant, Extension.number == number)
    if other is None or other.id == except_for:
        return None
    return DomainError("number-taken", "number", number=number, name=other.name)


def _number(row: Extension) -> Number:
    return Number(row.id, row.number, row.name, destinations.read([row.tenant_id]).extensions[row.id])
