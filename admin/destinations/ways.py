"""The way of a call, for drawing: where it comes to first, and from there where to, and when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext

from admin import words
from admin.destinations.reach import Reach
from admin.destinations.things import Things
from admin.figures import grouped
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
    ToRing,
)
from app.core.directory import Choice
from app.core.outcome import Outcome
from app.services.menus import MenuSettings


@dataclass(frozen=True)
class Stop:
    """One place a call comes to: an icon, what it is called, a remark, the page about it, and where it goes from there."""

    icon: str
    name: str
    note: str = ""
    address: str = ""
    turns: Sequence["Turn"] = ()


@dataclass(frozen=True)
class Turn:
    """``when`` a call goes on to a stop, in words; empty: always. ``key``: that is a key of a menu."""

    when: str
    to: Stop
    key: bool = False


class Map:
    """The ways of one tenant's calls.

    ``hops``: so many numbers and menus are followed to where they lead in turn; after that they are only named.
    """

    def __init__(self, things: Things, hops: int) -> None:
        self._things = things
        self._hops = hops

    def way(self, destination: Destination, hops: int | None = None) -> Stop:
        """Where ``destination`` leads."""
        left = self._hops if hops is None else hops
        match destination:
            case ToAccount():
                return Stop("phone", self._person(destination.login), _seconds(self._things.ring_seconds))
            case ToRing():
                return self._ring(destination, left)
            case ToExternal():
                return Stop("outside", grouped(destination.number), gettext("presses 1 to take the call"))
            case ToHours():
                return self._hours(destination, left)
            case ToMessage():
                return Stop("message", gettext("message “%(name)s”", name=destination.name), address=url_for("messages.index"))
            case ToHangUp():
                return Stop(
                    "hangup", gettext("busy tone") if destination.outcome is Outcome.BUSY else gettext("end of the call")
                )
            case _:
                return self._named(destination, left)

    def words(self, destination: Destination) -> str:
        """The first stop alone, in words."""
        return self.way(destination, 0).name

    def answer(self, destination: Destination) -> Reach:
        """Who would answer there now."""
        return self._things.reach(destination)

    def _named(self, destination: ToExtension | ToCity | ToMenu, hops: int) -> Stop:
        """Something with a name of its own and a way of its own from there."""
        if isinstance(destination, ToMenu):
            menu = self._things.menus.get(destination.name)
            turns = self.keys(menu.settings, hops - 1) if menu and hops else []
            return Stop("menu", gettext("menu “%(name)s”", name=destination.name), "", url_for("menus.index"), turns)
        if isinstance(destination, ToCity):
            numbers, icon, address = self._things.cities, "city", url_for("cities.index")
        else:
            numbers, icon, address = self._things.numbers, "numbers", url_for("numbers.index")
        number = numbers.get(destination.number)
        turns = [Turn("", self.way(number.to, hops - 1))] if number and hops else []
        name = f"{grouped(destination.number)} {number.name}" if number else grouped(destination.number)
        return Stop(icon, name, "", address, turns)

    def _ring(self, ring: ToRing, hops: int) -> Stop:
        several = len(ring.logins) > 1
        order = str(words.ORDERS["together" if ring.together else "in-order"]) if several else ""
        people = ", ".join(self._person(login) for login in ring.logins)
        branches = [(words.WHEN[branch], getattr(ring, branch)) for branch in ("no_answer", "busy", "unavailable")]
        note = ", ".join(filter(None, (order, _seconds(ring.seconds))))
        return Stop("ring" if several else "phone", people, note, "", self._turns(branches, hops))

    def _hours(self, hours: ToHours, hops: int) -> Stop:
        name = gettext("hours “%(name)s”", name=hours.schedule)
        branches = [(words.WHEN["open"], hours.open), (words.WHEN["closed"], hours.closed)]
        return Stop("history", name, "", url_for("schedules.index"), self._turns(branches, hops))

    def keys(self, menu: MenuSettings, hops: int) -> list[Turn]:
        """Where a menu's keys lead, and who chooses nothing or something that is not there."""
        keys = [Turn(key, self.way(to, hops), key=True) for key, to in menu.keys.items()]
        choices = [(gettext("no choice"), menu.no_choice), (gettext("wrong choice"), menu.wrong_choice)]
        return [*keys, *self._turns([(_times(when, choice), choice.then) for when, choice in choices], hops)]

    def _turns(self, branches: Iterable[tuple[object, Destination | None]], hops: int) -> list[Turn]:
        """One turn for each place; conditions that lead to the same one stand together."""
        found: dict[Destination, list[str]] = {}
        for when, to in branches:
            if to is not None:
                found.setdefault(to, []).append(str(when))
        return [Turn(", ".join(when), self.way(to, hops)) for to, when in found.items()]

    def _person(self, login: str) -> str:
        account = self._things.phones.get(login)
        return f"{account.name} ({login})" if account else login


def _seconds(count: int) -> str:
    return f"{count}\u00a0s"


def _times(when: str, choice: Choice) -> str:
    return f"{when} ({choice.repeat + 1}×)" if choice.repeat else when
