"""Who leads where: what holds a thing in place, and how something else is put there instead."""

from __future__ import annotations  # peewee's classes are generic for the type checker only

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from app.core.destinations import Destination, ToAccount, ToExternal
from app.services import agents, loops
from app.services.book import Book
from app.services.destinations import named, problems, replaced, store
from app.services.errors import DomainError, InUse, Use, refuse
from app.store import destinations
from app.store.database import tuples
from app.store.models import FULL, NO_AGENTS, NO_CHOICE, OVERFLOW, WRONG_CHOICE, City, Extension, Menu, Queue, SipAccount


@dataclass(frozen=True)
class Led:
    """One way: from whom, and to where. ``owner`` names it to the store, ``use`` to people."""

    use: Use
    owner: dict[str, object] = field(compare=False)
    to: Destination


class Map:
    """Every way there is in a tenant, read at once."""

    def __init__(self, tenant: int) -> None:
        self._tenant = tenant
        self._led = destinations.read([tenant])

    def ways(self) -> Iterator[Led]:
        """All of them: internal numbers, city numbers, menus, queues, the transfer fallback."""
        extensions = {row.id: row for row in Extension.select().where(Extension.tenant == self._tenant)}
        cities = {row.id: row for row in City.select().where(City.tenant == self._tenant)}
        menus = {row.id: row for row in Menu.select().where(Menu.tenant == self._tenant)}
        for id_, to in self._led.extensions.items():
            yield Led(Use("extension", extensions[id_].name, extensions[id_].number, id_), {"of_extension": id_}, to)
        for id_, to in self._led.cities.items():
            yield Led(Use("city", cities[id_].name, cities[id_].number, id_), {"of_city": id_}, to)
        for id_, branches in self._led.menus.items():
            for branch, to in branches.items():
                yield Led(Use("menu", menus[id_].name, id=id_), {"of_menu": id_, "branch": branch}, to)
        queues = dict(tuples(Queue.select(Queue.id, Queue.name).where(Queue.tenant == self._tenant)))
        for id_, branches in self._led.queues.items():
            for branch, to in branches.items():
                yield Led(Use("queue", queues[id_], id=id_), {"of_queue": id_, "branch": branch}, to)
        for id_, to in self._led.fallbacks.items():
            yield Led(Use("fallback"), {"of_tenant": id_}, to)

    def naming(self, kind: str, name: str) -> list[Led]:
        """The ways that lead to what a destination of ``kind`` calls ``name``."""
        return [led for led in self.ways() if (kind, name) in named(led.to)]


def of(tenant: int, kind: str, name: str) -> Sequence[Use]:
    """Who leads to a thing, each once, in dialling order: internal numbers, city numbers, menus, queues (also those whose agent
    it is), the fallback; for a city number also the accounts that present it. Within a connection."""
    uses = {*(led.use for led in Map(tenant).naming(kind, name)), *agents.queues_of(tenant, kind, name)}
    ordered = sorted(uses, key=lambda use: (_ORDER[use.kind], len(use.number), use.number, use.name))
    return [*ordered, *(_presenters(tenant, name) if kind == "city" else ())]


def of_extensions(tenant: int) -> dict[str, list[Use]]:
    """Who leads to each internal number that anything leads to."""
    users: dict[str, list[Use]] = {}
    for led in Map(tenant).ways():
        for kind, name in set(named(led.to)):
            if kind == "extension":
                users.setdefault(name, []).append(led.use)
    return users


def clear(tenant: int, kind: str, name: str, replacement: Destination | None) -> None:
    """Let nobody lead to a thing any more, who leads to ``replacement`` instead. Raises InUse where there is none."""
    if replacement is None:
        if uses := of(tenant, kind, name):
            raise InUse(uses)
        return
    field_ = "replace_with"
    itself = [DomainError("replacement-is-itself", field_)] if (kind, name) in named(replacement) else []
    refuse(*(itself or problems(Book.of(tenant), replacement, field_)))
    if kind == "city" and (presenters := _presenters(tenant, name)):
        raise InUse(presenters)
    lead_otherwise(tenant, kind, name, lambda to: replaced(to, kind, name, replacement))
    if answers := agents.queues_of(tenant, kind, name):
        if not isinstance(replacement, ToAccount | ToExternal):
            raise DomainError("replacement-not-agent", field_, name=answers[0].name)
        agents.put_in_place(Book.of(tenant), kind, name, replacement)
    refuse_loops(tenant, field_)


def lead_otherwise(tenant: int, kind: str, name: str, changed: Callable[[Destination], Destination]) -> None:
    """Let every way that leads to a thing be what ``changed`` makes of it; a ValueError of its is refused, naming the way."""
    book = Book.of(tenant)
    for led in Map(tenant).naming(kind, name):
        try:
            to = changed(led.to)
        except ValueError:
            raise DomainError("replacement-not-account", "replace_with", name=led.use.number or led.use.name) from None
        store(book, to, **led.owner)


def refuse_loops(tenant: int, field: str | None = None) -> None:
    """Raise DomainError if what is stored now leads in a circle, naming what is on it."""
    if circle := loops.find(ways(tenant)):
        raise loop(circle, field)


def loop(circle: Sequence[loops.Node], field: str | None) -> DomainError:
    """The error that names a circle as a caller would go round in it."""
    return DomainError("destination-loop", field, path=" → ".join(name for _, name in (*circle, circle[0])))


def ways(tenant: int) -> loops.Ways:
    """Where everything of the tenant leads by itself, as stored now."""
    extensions: dict[str, Destination] = {}
    cities: dict[str, Destination] = {}
    menus: dict[str, list[Destination]] = {}
    queues: dict[str, list[Destination]] = {}
    for led in Map(tenant).ways():
        if led.use.kind == "extension":
            extensions[led.use.number] = led.to
        elif led.use.kind == "city":
            cities[led.use.number] = led.to
        elif led.owner.get("branch") in (NO_CHOICE, WRONG_CHOICE):
            menus.setdefault(led.use.name, []).append(led.to)
        elif led.owner.get("branch") in (OVERFLOW, NO_AGENTS, FULL):
            queues.setdefault(led.use.name, []).append(led.to)
    return loops.Ways(extensions, cities, menus, queues)


_ORDER = {"extension": 0, "city": 1, "menu": 2, "queue": 3, "fallback": 4}


def _presenters(tenant: int, number: str) -> list[Use]:
    rows = SipAccount.select().join(City).where(SipAccount.tenant == tenant, City.number == number)
    return [Use("account", row.name, row.login, row.id) for row in rows.order_by(SipAccount.login)]
