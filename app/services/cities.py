"""City numbers: the public numbers a tenant has, and where each leads."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core import numbering
from app.core.destinations import Destination
from app.services import rules, uses
from app.services.actor import Actor
from app.services.book import Book
from app.services.changes import changing
from app.services.destinations import problems, store
from app.services.errors import DomainError, Use, refuse
from app.services.rows import found
from app.store import Database, destinations
from app.store.models import City


@dataclass(frozen=True)
class CityNumber:
    """A public number (E.164) and where it leads. The ``main`` one is shown outside by accounts that present no other."""

    id: int
    number: str
    name: str
    to: Destination
    main: bool


class Cities:
    """The city numbers of one tenant at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self, tenant: int) -> Sequence[CityNumber]:
        """Every city number of the tenant, in order."""
        with self._database.reading():
            return cities_of(tenant)

    def get(self, tenant: int, city: int) -> CityNumber:
        """One city number. Raises NotFound."""
        with self._database.reading():
            return _city(found(City, tenant, city))

    def create(self, actor: Actor, tenant: int, number: str, name: str, to: Destination | None) -> CityNumber:
        """Give the tenant a number, as people write it or in E.164. Its first one becomes the main one."""
        with changing(self._database, actor, tenant) as change:
            book, e164 = Book.of(tenant), numbering.as_city(number)
            refuse(rules.telephone(number) or city_free(e164), rules.name(name), *problems(book, to))
            row = City.create(tenant=tenant, number=e164, name=rules.tidy(name), main=not book.cities)
            store(book, to, of_city=row.id)
            uses.refuse_loops(tenant, "to")
            change.note("city-created", f"{e164} {row.name}", tenant)
            return _city(row)

    def change(
        self,
        actor: Actor,
        tenant: int,
        city: int,
        *,
        number: str | None = None,
        name: str | None = None,
        to: Destination | None = None,
    ) -> CityNumber:
        """Change what is given; None leaves it as it is. Who leads to the number, or presents it, does so to the new one."""
        with changing(self._database, actor, tenant) as change:
            row = found(City, tenant, city)
            number, name = row.number if number is None else number, row.name if name is None else name
            book, e164 = Book.of(tenant), numbering.as_city(number)
            wrong = problems(book, to) if to else ()
            refuse(rules.telephone(number) or city_free(e164, row.id), rules.name(name), *wrong)
            row.number, row.name = e164, rules.tidy(name)
            row.save()
            if to:
                store(book, to, of_city=row.id)
                uses.refuse_loops(tenant, "to")
            change.note("city-changed", f"{e164} {row.name}", tenant)
            return _city(row)

    def make_main(self, actor: Actor, tenant: int, city: int) -> None:
        """Let this one be shown outside by accounts that present no other."""
        with changing(self._database, actor, tenant) as change:
            row = found(City, tenant, city)
            set_main(tenant, row.number)
            change.note("city-main", f"{row.number} {row.name}", tenant)

    def used_by(self, tenant: int, city: int) -> Sequence[Use]:
        """Who leads to the number or presents it. Raises NotFound."""
        with self._database.reading():
            return uses.of(tenant, "city", found(City, tenant, city).number)

    def delete(self, actor: Actor, tenant: int, city: int, replace_with: Destination | None = None) -> None:
        """Take the number from the tenant. Whatever leads to it leads to ``replace_with``; without that it is refused (InUse),
        as it is while an account presents it. If it was the main one, the lowest of the others is."""
        with changing(self._database, actor, tenant) as change:
            row = found(City, tenant, city)
            uses.clear(tenant, "city", row.number, replace_with)
            row.delete_instance()
            heir = City.select().where(City.tenant == tenant).order_by(City.number).first()
            if row.main and heir:
                set_main(tenant, heir.number)
            change.note("city-deleted", f"{row.number} {row.name}", tenant)


def cities_of(tenant: int) -> list[CityNumber]:
    """Every city number of the tenant, in order."""
    led = destinations.read([tenant]).cities
    rows = City.select().where(City.tenant == tenant).order_by(City.number)
    return [CityNumber(row.id, row.number, row.name, led[row.id], row.main) for row in rows]


def city_free(number: str, except_for: int | None = None) -> DomainError | None:
    """Whether nobody in the installation has this number (E.164)."""
    other = City.get_or_none(City.number == number)
    return DomainError("city-taken", "number", number=number) if other and other.id != except_for else None


def set_main(tenant: int, number: str) -> None:
    """Let the tenant's ``number`` (E.164) be its main one; empty: none is."""
    City.update(main=City.number == number).where(City.tenant == tenant).execute()


def _city(row: City) -> CityNumber:
    return CityNumber(row.id, row.number, row.name, destinations.read([row.tenant_id]).cities[row.id], row.main)
