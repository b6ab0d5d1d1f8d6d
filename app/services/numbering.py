"""The one screen: everything that can have an internal number, with the number and the name typed beside it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from peewee import chunked

from app.core.destinations import Destination, ToAccount, ToCity, ToExternal, ToQueue
from app.core.numbering import as_city, shown
from app.services import agents, rules, uses
from app.services.actor import Actor
from app.services.book import Book
from app.services.changes import changing
from app.services.destinations import named, problems, store_plain
from app.services.errors import DomainError, InUse, refuse
from app.services.numbers import Number, numbers_of, plan_of
from app.services.plan import Notice, NumberPlan
from app.store import Database
from app.store.models import City, Extension, Queue, SipAccount

ROWS_AT_ONCE = 100

Target: TypeAlias = ToAccount | ToCity | ToExternal | ToQueue


@dataclass(frozen=True)
class Row:
    """A phone, a city number, a queue or an external number, and the internal number it has or shall have.

    ``label`` is what it is called by itself, and its name where none is typed. ``number`` is empty for none. ``was`` is the
    number it had when it was read, empty for none: what tells two numbers of the same phone apart, and whether somebody has
    changed it meanwhile.
    """

    to: Target
    number: str = ""
    name: str = ""
    was: str = ""
    label: str = field(default="", compare=False)


@dataclass(frozen=True)
class Checked:
    """What saving would come to. The field of an error is ``rows.3.number``; ``notices`` are by row."""

    errors: Sequence[DomainError]
    notices: Mapping[int, Sequence[Notice]]


class Numbering:
    """The numbers of one tenant, saved together."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def rows(self, tenant: int) -> Sequence[Row]:
        """The tenant's phones by name, its city numbers, its queues by name, and the external numbers it uses. One that has no
        internal number has one row, one that has several has a row for each."""
        with self._database.reading():
            given: dict[Destination, list[Number]] = {}
            for number in numbers_of(tenant):
                given.setdefault(number.to, []).append(number)
            candidates = list(_candidates(tenant))
        return [row for to, label in candidates for row in _rows(to, label, given.get(to, ()))]

    def check(self, tenant: int, rows: Sequence[Row]) -> Checked:
        """What would be wrong with these rows, and what worth knowing; nothing is saved."""
        with self._database.reading():
            work = _Work.of(tenant, rows)
            return Checked(work.errors(), work.notices())

    def suggest(self, tenant: int, typed: Iterable[str], count: int, digits: int = 2) -> Sequence[str]:
        """Free numbers, ``count`` of them if there are as many, that delay nobody, also beside those that are ``typed``."""
        with self._database.reading():
            plan = plan_of(tenant)
        for number in typed:
            plan.add(number)
        found: list[str] = []
        while len(found) < count and (free := plan.free(digits)) is not None:
            plan.add(free)
            found.append(free)
        return found

    def save(self, actor: Actor, tenant: int, rows: Sequence[Row]) -> None:
        """Store all of them, or none. Numbers the rows say nothing of stay as they are.

        A number that exists before and afterwards stays the same number, whoever has it; so what leads to it still does.
        """
        with changing(self._database, actor, tenant) as change:
            work = _Work.of(tenant, rows)
            refuse(*work.errors())
            change.notes(work.carry_out(), tenant)
            uses.refuse_loops(tenant, "rows")


@dataclass
class _Work:
    """Rows beside what is stored."""

    book: Book
    rows: Sequence[Row]
    stored: Mapping[str, Number]  # by number
    labels: Mapping[Destination, str]

    @classmethod
    def of(cls, tenant: int, rows: Sequence[Row]) -> "_Work":
        stored = {number.number: number for number in numbers_of(tenant)}
        return cls(Book.of(tenant), [_tidied(row) for row in rows], stored, dict(_candidates(tenant)))

    def errors(self) -> list[DomainError]:
        """Everything that is wrong, in the order of the rows."""
        found: list[DomainError] = []
        was: set[str] = set()
        taken = {number.number: number.name for number in self.stored.values() if number.number not in self._read()}
        for index, row in enumerate(self.rows):
            place = f"rows.{index}"
            found += self._stale(place, row, was)
            if row.number:
                found += self._wrong(place, row, taken)
                taken.setdefault(row.number, self._name(row))
        return [*found, *self._lost()]

    def notices(self) -> dict[int, list[Notice]]:
        """What dialling each row's number will be like."""
        plan = NumberPlan(self._final())
        told = {index: plan.notices(row.number) for index, row in enumerate(self.rows) if row.number}
        return {index: notices for index, notices in told.items() if notices}

    def carry_out(self) -> list[tuple[str, str]]:
        """Store it; what was done, for the change log."""
        gone = self._gone()
        moved = {row.number: gone.pop(row.was) for row in self.rows if row.was in gone and self._is_new(row.number)}
        for ids in chunked([number.id for number in gone.values()], ROWS_AT_ONCE):
            Extension.delete().where(Extension.id.in_(ids)).execute()
        made = self._make([row for row in self.rows if self._is_new(row.number) and row.number not in moved])
        led, done = made, [("number-deleted", f"{number.number} {number.name}") for number in gone.values()]
        for row in self.rows:
            if not row.number:
                continue
            before, name = moved.get(row.number) or self.stored.get(row.number), self._name(row)
            if before is None:
                done.append(("number-created", f"{row.number} {name}"))
            elif (before.number, before.name, before.to) != (row.number, name, row.to):
                Extension.update(number=row.number, name=name).where(Extension.id == before.id).execute()
                done.append(("number-changed", f"{row.number} {name}"))
                if before.to != row.to:
                    led[before.id] = row.to
        store_plain(self.book, led)
        return done

    def _read(self) -> set[str]:
        """The stored numbers that the rows are about."""
        return {row.was for row in self.rows if row.was}

    def _final(self) -> set[str]:
        """The numbers there will be."""
        return (set(self.stored) - self._read()) | {row.number for row in self.rows if row.number}

    def _gone(self) -> dict[str, Number]:
        final = self._final()
        return {number: stored for number, stored in self.stored.items() if number not in final}

    def _is_new(self, number: str) -> bool:
        return bool(number) and number not in self.stored

    def _name(self, row: Row) -> str:
        """As it is stored: without a name typed, what it is called anyway."""
        label = shown(row.to.number) if isinstance(row.to, ToExternal) else self.labels.get(row.to, "")
        return rules.tidy(row.name) or label

    def _stale(self, place: str, row: Row, seen: set[str]) -> Iterator[DomainError]:
        """An error if what the row was made of is no longer so, or stands in two rows."""
        stored = self.stored.get(row.was)
        if row.was and (stored is None or stored.to != row.to or row.was in seen):
            yield DomainError("number-changed", f"{place}.number", number=row.was)
        seen.add(row.was)

    def _wrong(self, place: str, row: Row, taken: Mapping[str, str]) -> Iterator[DomainError]:
        wrong = rules.number(row.number)
        if wrong is None and row.number in taken:
            wrong = DomainError("number-taken", number=row.number, name=taken[row.number])
        if wrong is not None:
            wrong.field = f"{place}.number"
            yield wrong
        if bad_name := rules.name(self._name(row), f"{place}.name"):
            yield bad_name
        yield from problems(self.book, row.to, f"{place}.to")

    def _lost(self) -> Iterator[DomainError]:
        """An error for each number that would vanish although something leads to it; one that is only renumbered does not."""
        moved = {row.was for row in self.rows if self._is_new(row.number)}
        places = {row.was: index for index, row in enumerate(self.rows)}
        gone = [number for number in self._gone() if number not in moved]
        if not gone:
            return
        users = uses.of_extensions(self.book.tenant)
        for number in gone:
            if number in users:
                error = InUse(users[number])
                error.field = f"rows.{places[number]}.number"
                yield error

    def _make(self, rows: Sequence[Row]) -> dict[int, Destination]:
        """New numbers, and where they shall lead, by row."""
        columns = [{"tenant": self.book.tenant, "number": row.number, "name": self._name(row)} for row in rows]
        for some in chunked(columns, ROWS_AT_ONCE):
            Extension.insert_many(some).execute()
        ids = {row.number: row.id for row in Extension.select().where(Extension.tenant == self.book.tenant)} if rows else {}
        return {ids[row.number]: row.to for row in rows}


def _tidied(row: Row) -> Row:
    """An external number as somebody typed it becomes E.164, where it is one."""
    e164 = as_city(row.to.number) if isinstance(row.to, ToExternal) else ""
    return replace(row, to=ToExternal(e164)) if e164 else row


def _candidates(tenant: int) -> Iterator[tuple[Target, str]]:
    """Everything that can have an internal number, and what it is called."""
    accounts = SipAccount.select().where(SipAccount.tenant == tenant)
    for account in sorted(accounts, key=lambda row: (rules.key(row.name), row.login)):
        yield ToAccount(account.login), account.name
    for city in City.select().where(City.tenant == tenant).order_by(City.number):
        yield ToCity(city.number), city.name
    for queue in Queue.select().where(Queue.tenant == tenant).order_by(Queue.name_key):
        yield ToQueue(queue.name), queue.name
    for number in sorted(_externals(tenant)):
        yield ToExternal(number), shown(number)


def _externals(tenant: int) -> set[str]:
    """Every external number (E.164) that anything of the tenant leads to, or that answers a queue's calls."""
    led_to = {name for led in uses.Map(tenant).ways() for kind, name in named(led.to) if kind == "external"}
    return led_to | agents.outside(tenant)


def _rows(to: Target, label: str, numbers: Sequence[Number]) -> list[Row]:
    if not numbers:
        return [Row(to, label=label)]
    return [Row(to, number.number, number.name, number.number, label) for number in numbers]
