"""Where a number leads, as people say it: what a destination names, what is wrong with one, and how it is stored.

A path in a destination is the way through the exchange file: ``("ring", "busy", "account")``. A form finds its field by
it, with dots between: ``to.ring.busy.account``.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any, TypeAlias

from peewee import chunked

from app.core import numbering
from app.core.destinations import (
    MOST_ACCOUNTS,
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
from app.services import rules
from app.services.book import Book
from app.services.errors import DomainError
from app.store import models

KINDS: Mapping[type[Destination], str] = {
    ToAccount: "account",
    ToRing: "ring",
    ToExtension: "extension",
    ToCity: "city",
    ToExternal: "external",
    ToQueue: "queue",
    ToMenu: "ivr",
    ToHours: "hours",
    ToMessage: "message",
    ToHangUp: "hangup",
}
"""What a kind is called in the exchange file and in the database."""

RING_SECONDS = range(1, 121)
MOST_LEVELS = 8
"""So many destinations may stand one in another."""

ROWS_AT_ONCE = 100

HANG_UPS = {Outcome.ANSWERED: "normal", Outcome.BUSY: "busy"}

Path: TypeAlias = tuple[str, ...]


def branches(to: Destination) -> Mapping[str, Destination]:
    """The destinations that stand in this one, by what they are for."""
    if isinstance(to, ToRing):
        found = {"no_answer": to.no_answer, "busy": to.busy, "unavailable": to.unavailable}
        return {branch: inner for branch, inner in found.items() if inner is not None}
    return {"open": to.open, "closed": to.closed} if isinstance(to, ToHours) else {}


def named(to: Destination) -> Iterator[tuple[str, str]]:
    """Everything the destination and those in it name: kind and login, number or name. ``hours`` is a schedule."""
    if isinstance(to, ToRing):
        yield from (("account", login) for login in to.logins)
    elif not isinstance(to, ToHangUp):
        yield KINDS[type(to)], getattr(to, fields(to)[0].name)
    for inner in branches(to).values():
        yield from named(inner)


def replaced(to: Destination, kind: str, name: str, by: Destination) -> Destination:
    """The destination with ``by`` wherever it leads to what ``kind`` and ``name`` say.

    A ring plan that rings such an account rings the account of ``by`` instead; ValueError if ``by`` is no account.
    """
    if not isinstance(to, ToRing | ToHours):
        return by if (kind, name) in named(to) else to
    changed: dict[str, Any] = {branch: replaced(inner, kind, name, by) for branch, inner in branches(to).items()}
    if isinstance(to, ToRing) and kind == "account" and name in to.logins:
        if not isinstance(by, ToAccount):
            raise ValueError("only an account can be rung in another's place")
        changed["logins"] = tuple(dict.fromkeys(by.login if login == name else login for login in to.logins))
    return replace(to, **changed)


def by_hours(to: Destination, schedule: str, decided: Callable[[ToHours], Destination]) -> Destination:
    """The destination with what is ``decided`` wherever opening hours of this name stand in it, or it is them."""
    changed: dict[str, Any] = {branch: by_hours(inner, schedule, decided) for branch, inner in branches(to).items()}
    to = replace(to, **changed) if changed else to
    return decided(to) if isinstance(to, ToHours) and to.schedule == schedule else to


def problems(book: Book, to: Destination | None, field: str = "to") -> list[DomainError]:
    """What is wrong with it in the tenant of ``book``, each error with the dotted path as its field. None is missing."""
    if to is None:
        return [DomainError("destination-missing", field)]
    found = []
    for path, error in faults(book, to):
        error.field = ".".join((field, *path))
        found.append(error)
    return found


def faults(book: Book, to: Destination, level: int = 1) -> Iterator[tuple[Path, DomainError]]:
    """What is wrong with a destination and those in it, each error with its path."""
    kind = KINDS[type(to)]
    if level > MOST_LEVELS:
        yield (kind,), DomainError("destination-too-deep", limit=MOST_LEVELS)
        return
    if isinstance(to, ToRing):
        yield from ((("ring", *path), error) for path, error in _ring_faults(book, to))
    elif isinstance(to, ToHours):
        if to.schedule not in book.schedules:
            yield ("hours", "schedule"), DomainError("schedule-unknown", name=to.schedule)
    elif isinstance(to, ToExternal):
        if not numbering.as_city(to.number):
            yield ("external",), DomainError("telephone-format")
    elif isinstance(to, ToHangUp):
        if to.outcome not in HANG_UPS:
            yield ("hangup",), DomainError("hang-up-unknown")
    else:
        ((_, name),) = named(to)
        if name not in book.ids(kind):
            yield (kind,), _unknown(kind, name)
    for branch, inner in branches(to).items():
        yield from (((kind, branch, *path), error) for path, error in faults(book, inner, level + 1))


def _ring_faults(book: Book, to: ToRing) -> Iterator[tuple[Path, DomainError]]:
    for login in to.logins:
        if login not in book.accounts:
            yield ("accounts",), _unknown("account", login)
    if not 1 <= len(to.logins) <= MOST_ACCOUNTS:
        yield ("accounts",), DomainError("ring-accounts", maximum=MOST_ACCOUNTS)
    if len(set(to.logins)) < len(to.logins):
        yield ("accounts",), DomainError("ring-twice")
    if to.seconds not in RING_SECONDS:
        yield ("seconds",), DomainError("ring-seconds-range", minimum=RING_SECONDS[0], maximum=RING_SECONDS[-1])


def _unknown(kind: str, name: str) -> DomainError:
    """An error for each kind of thing that a destination may name."""
    if kind == "account":
        return DomainError("account-unknown", login=name)
    if kind in ("extension", "city"):
        return DomainError("number-unknown" if kind == "extension" else "city-unknown", number=name)
    code = {"ivr": "menu-unknown", "queue": "queue-unknown"}.get(kind, "message-unknown")
    return DomainError(code, name=rules.tidy(name)[: rules.NAME_LIMIT])


def store(book: Book, to: Destination | None, **owner: object) -> None:
    """Let ``owner`` (``of_extension=…``, or ``of_menu=…, branch=…``) lead there and nowhere else, or nowhere at all.

    It must be faultless. A telephone number is stored in E.164, however it was typed.
    """
    condition = [getattr(models.Destination, column) == value for column, value in owner.items()]
    models.Destination.delete().where(*condition).execute()
    if to is not None:
        _insert(book, to, owner)


def store_plain(book: Book, led: Mapping[int, Destination]) -> None:
    """Let many internal numbers (by row) lead to an account, a city number, a queue or outside, in few queries."""
    table = models.Destination
    for some in chunked(led.items(), ROWS_AT_ONCE):
        table.delete().where(table.of_extension.in_([extension for extension, _ in some])).execute()
        blank = {"tenant": book.tenant, "account": None, "city": None, "queue": None, "external": ""}
        table.insert_many([{**blank, "of_extension": extension, **_columns(book, to)} for extension, to in some]).execute()


def _insert(book: Book, to: Destination, owner: Mapping[str, object]) -> None:
    id_ = models.Destination.insert(tenant=book.tenant, **owner, **_columns(book, to)).execute()
    if isinstance(to, ToRing):
        rows = [(id_, position, book.accounts[login]) for position, login in enumerate(to.logins)]
        member = models.RingMember
        member.insert_many(rows, [member.destination, member.position, member.account]).execute()
    for branch, inner in branches(to).items():
        _insert(book, inner, {"parent": id_, "branch": branch})


def _columns(book: Book, to: Destination) -> dict[str, object]:
    kind = KINDS[type(to)]
    if isinstance(to, ToRing):
        return {"kind": kind, "seconds": to.seconds, "together": to.together}
    if isinstance(to, ToHangUp):
        return {"kind": kind, "outcome": to.outcome.value}
    if isinstance(to, ToExternal):
        return {"kind": kind, "external": numbering.as_city(to.number)}
    if isinstance(to, ToHours):
        return {"kind": kind, "schedule": book.schedules[to.schedule]}
    ((_, name),) = named(to)
    return {"kind": kind, "menu" if kind == "ivr" else kind: book.ids(kind)[name]}
