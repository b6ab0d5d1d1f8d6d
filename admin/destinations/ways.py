"""The way of a call, for drawing: where it comes to first, and from there where to, and when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from flask import url_for
from flask_babel import gettext, ngettext

from admin import words
from admin.destinations.things import Things
from admin.figures import duration, grouped
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
from app.core.directory import Choice
from app.core.outcome import Outcome
from app.services.cities import CityNumber
from app.services.menus import MenuSettings
from app.services.numbers import Number
from app.services.queue_settings import QueueSettings

Numbered: TypeAlias = ToExtension | ToCity


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

    ``hops``: so many numbers and menus are followed to where they lead in turn; after that, and where one comes again in the
    same picture, they are only named.
    """

    def __init__(self, things: Things, hops: int) -> None:
        self._things = things
        self._hops = hops

    def way(self, destination: Destination) -> Stop:
        """Where ``destination`` leads."""
        return _Picture(self._things).stop(destination, self._hops)

    def keys(self, menu: MenuSettings) -> list[Turn]:
        """Where a menu's keys lead, and who chooses nothing or something that is not there."""
        return _Picture(self._things).keys(menu, self._hops)

    def words(self, destination: Destination) -> str:
        """The first stop alone, in words."""
        return _Picture(self._things).stop(destination, 0).name


class _Picture:
    """One picture, being drawn."""

    def __init__(self, things: Things) -> None:
        self._things = things
        self._followed: set[Destination] = set()

    def stop(self, to: Destination, hops: int) -> Stop:
        """What a call comes to, and what follows."""
        match to:
            case ToAccount():
                return Stop("phone", self._person(to.login), _seconds(self._things.ring_seconds))
            case ToRing():
                return self._ring(to, hops)
            case ToExternal():
                return Stop("outside", _unbroken(to.number), gettext("presses 1 to take the call"))
            case ToHours():
                return self._hours(to, hops)
            case ToMessage():
                return Stop("message", gettext("message “%(name)s”", name=to.name), address=url_for("messages.index"))
            case ToHangUp():
                return Stop("hangup", gettext("busy tone") if to.outcome is Outcome.BUSY else gettext("end of the call"))
            case ToMenu():
                return self._menu(to, hops)
            case ToQueue():
                return self._queue(to, hops)
            case ToCity():
                return self._number(to, self._things.cities.get(to.number), "city", url_for("cities.index"), hops)
            case ToExtension():
                return self._number(to, self._things.numbers.get(to.number), "numbers", url_for("numbers.index"), hops)

    def _menu(self, to: ToMenu, hops: int) -> Stop:
        menu = self._things.menus.get(to.name)
        turns = self.keys(menu.settings, hops - 1) if menu and self._follows(to, hops) else []
        return Stop("menu", gettext("menu “%(name)s”", name=to.name), "", url_for("menus.index"), turns)

    def _queue(self, to: ToQueue, hops: int) -> Stop:
        queue = self._things.queues.get(to.name)
        name = gettext("queue “%(name)s”", name=to.name)
        if queue is None:
            return Stop("queue", name, address=url_for("queues.index"))
        turns = self.leaving(queue.settings, hops - 1) if self._follows(to, hops) else []
        agents = ngettext("%(num)s agent", "%(num)s agents", len(queue.settings.agents))
        return Stop("queue", name, agents, url_for("queues.detail", number=queue.id), turns)

    def leaving(self, queue: QueueSettings, hops: int) -> list[Turn]:
        """Where callers go who leave a queue without having been answered."""
        keys = [Turn(key, self.stop(to, hops), key=True) for key, to in queue.keys.items()]
        limit = queue.max_wait
        longest = words.WHEN["no_agents"] if limit is None else gettext("after %(time)s", time=duration(limit))
        branches = [(words.WHEN[branch], getattr(queue, branch)) for branch in ("no_agents", "full")]
        return [*self._turns([(longest, queue.overflow), *branches], hops), *keys]

    def _number(self, to: Numbered, number: Number | CityNumber | None, icon: str, page: str, hops: int) -> Stop:
        turns = [Turn("", self.stop(number.to, hops - 1))] if number and self._follows(to, hops) else []
        return Stop(icon, f"{_unbroken(to.number)} {number.name if number else ''}".strip(), "", page, turns)

    def _follows(self, to: Destination, hops: int) -> bool:
        """Whether its own way is drawn here; a second time it would only take room."""
        new = to not in self._followed
        self._followed.add(to)
        return hops > 0 and new

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
        """A menu's keys and choices."""
        keys = [Turn(key, self.stop(to, hops), key=True) for key, to in menu.keys.items()]
        choices = [(gettext("no choice"), menu.no_choice), (gettext("wrong choice"), menu.wrong_choice)]
        return [*keys, *self._turns([(_times(when, choice), choice.then) for when, choice in choices], hops)]

    def _turns(self, branches: Iterable[tuple[object, Destination | None]], hops: int) -> list[Turn]:
        """One turn for each place; conditions that lead to the same one stand together."""
        found: dict[Destination, list[str]] = {}
        for when, to in branches:
            if to is not None:
                found.setdefault(to, []).append(str(when))
        return [Turn(", ".join(when), self.stop(to, hops)) for to, when in found.items()]

    def _person(self, login: str) -> str:
        account = self._things.phones.get(login)
        return f"{account.name} ({login})" if account else login


def _unbroken(number: str) -> str:
    return grouped(number).replace(" ", "\u00a0")


def _seconds(count: int) -> str:
    return f"{count}\u00a0s"


def _times(when: str, choice: Choice) -> str:
    return f"{when} ({choice.repeat + 1}×)" if choice.repeat else when
