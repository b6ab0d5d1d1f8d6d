"""What tenants consist of, read for the directory: one query per kind of thing, over all the tenants asked for."""

from __future__ import annotations  # peewee's classes are generic for the type checker only

from collections.abc import Collection, Iterable
from typing import Any

from peewee import ForeignKeyField, ModelSelect

from app.core.directory import Account, Choice, City, Extension, Menu, Message, Sound
from app.core.hours import Schedule
from app.core.queues import Agent, Queue, Strategy
from app.store import models
from app.store.database import tuples
from app.store.destinations import Led, of_tenants
from app.store.roster import pause_of


class Parts:
    """The things of the ``tenants``, each method by tenant and key. ``main_numbers`` is there after `cities`."""

    def __init__(self, tenants: Collection[int]) -> None:
        self._tenants = tenants
        self.main_numbers: dict[int, str] = {}

    def accounts(self) -> dict[int, dict[str, Account]]:
        """By login."""
        row, city = models.SipAccount, models.City
        query = row.select(row.tenant, row.login, row.name, row.version, city.number).left_outer_join(city)
        found: dict[int, dict[str, Account]] = self._empty()
        for tenant, login, name, version, presents in self._tuples(query, row.tenant):
            found[tenant][login] = Account(login, tenant, name, version, presents or "")
        return found

    def extensions(self, led: Led) -> dict[int, dict[str, Extension]]:
        """By number."""
        row = models.Extension
        found: dict[int, dict[str, Extension]] = self._empty()
        for id_, tenant, number, name in self._tuples(row.select(row.id, row.tenant, row.number, row.name), row.tenant):
            found[tenant][number] = Extension(number, name, led.extensions[id_])
        return found

    def cities(self, led: Led) -> dict[int, dict[str, City]]:
        """By number."""
        row = models.City
        found: dict[int, dict[str, City]] = self._empty()
        query = row.select(row.id, row.tenant, row.number, row.name, row.main)
        for id_, tenant, number, name, main in self._tuples(query, row.tenant):
            found[tenant][number] = City(number, name, led.cities[id_])
            if main:
                self.main_numbers[tenant] = number
        return found

    def messages(self) -> dict[int, dict[str, Message]]:
        """By name."""
        row, sound = models.Message, models.Sound
        query = row.select(row.tenant, row.name, sound.id, sound.version, sound.seconds).join(sound)
        found: dict[int, dict[str, Message]] = self._empty()
        for tenant, name, *recording in self._tuples(query, row.tenant):
            found[tenant][name] = Message(name, Sound(*recording))
        return found

    def menus(self, led: Led) -> dict[int, dict[str, Menu]]:
        """By name."""
        row, sound = models.Menu, models.Sound
        query = row.select(
            *(row.id, row.tenant, row.name, row.dial_internal, row.no_choice_repeat, row.wrong_choice_repeat),
            *(sound.id, sound.version, sound.seconds),
        ).join(sound)
        found: dict[int, dict[str, Menu]] = self._empty()
        for id_, tenant, name, dial_internal, none, wrong, *recording in self._tuples(query, row.tenant):
            branches = led.menus[id_]
            keys = {key: to for key, to in branches.items() if key not in (models.NO_CHOICE, models.WRONG_CHOICE)}
            no_choice = Choice(none, branches[models.NO_CHOICE])
            wrong_choice = Choice(wrong, branches[models.WRONG_CHOICE])
            found[tenant][name] = Menu(name, Sound(*recording), keys, no_choice, wrong_choice, dial_internal)
        return found

    def queues(self, led: Led) -> dict[int, dict[str, Queue]]:
        """By name."""
        row, sounds, agents = models.Queue, self._queue_sounds(), self._agents()
        query = row.select(
            *(row.id, row.tenant, row.name, row.strategy, row.ring, row.retry, row.wrap_up, row.max_wait, row.max_waiting),
            *(row.announce_every, row.misses, row.miss_pause, row.call_back, row.greeting, row.music, row.called),
        )
        found: dict[int, dict[str, Queue]] = self._empty()
        for one in of_tenants(query, row.tenant, self._tenants).namedtuples():
            keys = dict(led.queues.get(one.id, {}))
            found[one.tenant][one.name] = Queue(
                one.id,
                one.name,
                Strategy(one.strategy),
                tuple(agents.get(one.id, ())),
                one.ring,
                one.retry,
                one.wrap_up,
                one.max_wait,
                one.max_waiting,
                keys.pop(models.OVERFLOW, None),
                keys.pop(models.NO_AGENTS, None),
                keys.pop(models.FULL, None),
                sounds.get(one.greeting),
                sounds.get(one.music),
                one.announce_every,
                sounds.get(one.called),
                one.misses,
                one.miss_pause,
                keys,
                one.call_back,
            )
        return found

    def _agents(self) -> dict[int, list[Agent]]:
        """By queue, in its order."""
        row, account = models.QueueAgent, models.SipAccount
        columns = (row.queue, account.login, row.external, row.signed_in, row.pause_reason, row.pause_since, row.pause_until)
        query = row.select(*columns).join(models.Queue).switch(row).left_outer_join(account).order_by(row.queue, row.position)
        found: dict[int, list[Agent]] = {}
        for queue, login, external, signed_in, *pause in self._tuples(query, models.Queue.tenant):
            found.setdefault(queue, []).append(Agent(login or "", external or "", signed_in, pause_of(*pause)))
        return found

    def _queue_sounds(self) -> dict[int, Sound]:
        """The recordings of queues, by id."""
        row, sound = models.Queue, models.Sound
        used = (sound.id == row.greeting) | (sound.id == row.music) | (sound.id == row.called)
        query = sound.select(sound.id, sound.version, sound.seconds).join(row, on=used)
        return {id_: Sound(id_, *rest) for id_, *rest in self._tuples(query, row.tenant)}

    def schedules(self) -> dict[int, dict[str, Schedule]]:
        """By name."""
        row, off = models.Schedule, models.DayOff
        closed: dict[int, set[str]] = {}
        for schedule, day in self._tuples(off.select(off.schedule, off.day).join(row), row.tenant):
            closed.setdefault(schedule, set()).add(day)
        found: dict[int, dict[str, Schedule]] = self._empty()
        query = row.select(row.id, row.tenant, row.name, row.days, row.opens, row.closes, row.holidays)
        for id_, tenant, name, days, opens, closes, holidays in self._tuples(query, row.tenant):
            closed_on = frozenset(closed.get(id_, ()))
            found[tenant][name] = Schedule(name, frozenset(map(int, days)), opens, closes, holidays, closed_on)
        return found

    def _empty(self) -> dict[int, Any]:
        return {tenant: {} for tenant in self._tenants}

    def _tuples(self, query: ModelSelect[Any], tenant: ForeignKeyField[Any]) -> Iterable[tuple[Any, ...]]:
        return tuples(of_tenants(query, tenant, self._tenants))
