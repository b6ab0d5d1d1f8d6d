"""Rows of the table ``destination`` -> `app.core.destinations`, for the directory and for people."""

from __future__ import annotations  # peewee's classes are generic for the type checker only

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from peewee import JOIN, ForeignKeyField, ModelSelect

from app.core.destinations import (
    Destination,
    ToAccount,
    ToCity,
    ToExtension,
    ToExternal,
    ToHangUp,
    ToHours,
    ToMenu,
    ToMessage,
    ToQueue,
    ToRing,
)
from app.core.outcome import Outcome
from app.store import models
from app.store.database import once, tuples

FEW = 100
"""More tenants than these are read as all: a longer list of ids would be slower than the rows it saves."""


@dataclass(frozen=True)
class Led:
    """Where everything leads, by the id of what has the destination; a menu's by branch (its keys and its two choices), and a
    queue's."""

    extensions: dict[int, Destination] = field(default_factory=dict)
    cities: dict[int, Destination] = field(default_factory=dict)
    menus: dict[int, dict[str, Destination]] = field(default_factory=dict)
    queues: dict[int, dict[str, Destination]] = field(default_factory=dict)
    fallbacks: dict[int, Destination] = field(default_factory=dict)  # by tenant


def read(tenants: Collection[int] | None = None) -> Led:
    """Where everything of these tenants leads, or of all; two queries, within a connection."""
    return once(_read, None if tenants is None else tuple(tenants))


def _read(tenants: tuple[int, ...] | None) -> Led:
    rows = {row.id: row for row in _rows(tenants)}
    members: dict[int, list[str]] = {}
    for destination, login in tuples(_members(tenants)):
        members.setdefault(destination, []).append(login)
    branches: dict[int, dict[str, Any]] = {}
    for row in rows.values():
        if row.parent is not None:
            branches.setdefault(row.parent, {})[row.branch] = row
    reader = _Reader(branches, members)
    led = Led()
    for row in rows.values():
        if row.of_extension is not None:
            led.extensions[row.of_extension] = reader.value(row)
        elif row.of_city is not None:
            led.cities[row.of_city] = reader.value(row)
        elif row.of_menu is not None:
            led.menus.setdefault(row.of_menu, {})[row.branch] = reader.value(row)
        elif row.of_queue is not None:
            led.queues.setdefault(row.of_queue, {})[row.branch] = reader.value(row)
        elif row.of_tenant is not None:
            led.fallbacks[row.of_tenant] = reader.value(row)
    return led


def of_tenants(query: ModelSelect[Any], tenant: ForeignKeyField[Any], tenants: Collection[int] | None) -> ModelSelect[Any]:
    """The query, for these tenants only: after a change it is one of them. None, or more than a few, are all of them."""
    return query.where(tenant.in_(list(tenants))) if tenants is not None and len(tenants) <= FEW else query


@dataclass(frozen=True)
class _Reader:
    """Builds values; a destination has no more levels than were allowed when it was saved."""

    branches: Mapping[int, Mapping[str, Any]]
    members: Mapping[int, list[str]]

    def value(self, row: Any) -> Destination:
        if row.kind == "ring":
            return self._ring(row)
        if row.kind == "hours":
            led = self._led(row)
            return ToHours(row.schedule, led["open"], led["closed"])
        if row.kind == "hangup":
            return ToHangUp(Outcome(row.outcome))
        name, make = _NAMED[row.kind]
        to: Destination = make(getattr(row, name))
        return to

    def _ring(self, row: Any) -> ToRing:
        return ToRing(tuple(self.members.get(row.id, ())), row.together, row.seconds, **self._led(row))

    def _led(self, row: Any) -> dict[str, Destination]:
        return {branch: self.value(child) for branch, child in self.branches.get(row.id, {}).items()}


_NAMED: Mapping[str, tuple[str, Any]] = {
    "account": ("login", ToAccount),
    "extension": ("extension", ToExtension),
    "city": ("city", ToCity),
    "external": ("external", ToExternal),
    "ivr": ("menu", ToMenu),
    "message": ("message", ToMessage),
    "queue": ("queue", ToQueue),
}
"""Kind -> the column of `_rows` that names where it leads, and what is made of it."""


def _rows(tenants: Collection[int] | None) -> Iterable[Any]:
    """Every destination with the names of what it leads to instead of their ids."""
    row, extension, city = models.Destination, models.Extension.alias(), models.City.alias()
    query = row.select(
        *(row.id, row.of_extension, row.of_city, row.of_menu, row.of_queue, row.of_tenant, row.parent, row.branch),
        *(row.kind, row.external, row.seconds, row.together, row.outcome),
        models.SipAccount.login,
        extension.number.alias("extension"),
        city.number.alias("city"),
        models.Menu.name.alias("menu"),
        models.Message.name.alias("message"),
        models.Queue.name.alias("queue"),
        models.Schedule.name.alias("schedule"),
    )
    for target, key in (
        (models.SipAccount, row.account),
        (extension, row.extension),
        (city, row.city),
        (models.Menu, row.menu),
        (models.Message, row.message),
        (models.Queue, row.queue),
        (models.Schedule, row.schedule),
    ):
        query = query.join_from(row, target, JOIN.LEFT_OUTER, on=(key == target.id))
    rows: Iterable[Any] = of_tenants(query, row.tenant, tenants).namedtuples()
    return rows


def _members(tenants: Collection[int] | None) -> ModelSelect[Any]:
    member, row, account = models.RingMember, models.Destination, models.SipAccount
    query = member.select(member.destination, account.login).join(row).switch(member).join(account)
    return of_tenants(query, row.tenant, tenants).order_by(member.destination, member.position)
