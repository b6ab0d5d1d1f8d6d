"""Schedules: when an office is open."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeAlias

import holidays

from app.core.destinations import Destination, ToHours
from app.core.hours import DAY, Schedule
from app.services import rules, uses
from app.services.actor import Actor
from app.services.book import Book
from app.services.changes import changing
from app.services.destinations import by_hours
from app.services.errors import DomainError, Use, refuse
from app.services.rows import found, name_free
from app.store import Database, models
from app.store.models import DayOff
from app.store.parts import Parts

COUNTRIES = frozenset(holidays.list_supported_countries(include_aliases=False))
"""The countries (ISO 3166) whose public holidays are known."""

MOST_DAYS_OFF = 400


@dataclass(frozen=True)
class OpeningHours:
    """A schedule of a tenant."""

    id: int
    schedule: Schedule


class Always(StrEnum):
    """In the place of a schedule: every call goes where it went while open, or while closed."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True)
class OtherHours:
    """In the place of a schedule: the one of this name, with the same two ways."""

    name: str


Instead: TypeAlias = Always | OtherHours


class Schedules:
    """The schedules of one tenant at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self, tenant: int) -> Sequence[OpeningHours]:
        """Every schedule of the tenant, by name."""
        with self._database.reading():
            return schedules_of(tenant)

    def get(self, tenant: int, schedule: int) -> OpeningHours:
        """One schedule. Raises NotFound."""
        with self._database.reading():
            row = found(models.Schedule, tenant, schedule)
            return next(hours for hours in schedules_of(tenant) if hours.id == row.id)

    def create(self, actor: Actor, tenant: int, schedule: Schedule) -> OpeningHours:
        """A new schedule."""
        with changing(self._database, actor, tenant) as change:
            refuse(*problems(schedule), name_free(models.Schedule, tenant, schedule.name))
            id_ = store(tenant, schedule, None)
            change.note("schedule-created", rules.tidy(schedule.name), tenant)
            return OpeningHours(id_, tidied(schedule))

    def change(self, actor: Actor, tenant: int, schedule: int, new: Schedule) -> OpeningHours:
        """Make it as ``new`` says."""
        with changing(self._database, actor, tenant) as change:
            row = found(models.Schedule, tenant, schedule)
            refuse(*problems(new), name_free(models.Schedule, tenant, new.name, row.id))
            store(tenant, new, row.id)
            change.note("schedule-changed", rules.tidy(new.name), tenant)
            return OpeningHours(row.id, tidied(new))

    def used_by(self, tenant: int, schedule: int) -> Sequence[Use]:
        """Whose way it decides. Raises NotFound."""
        with self._database.reading():
            return uses.of(tenant, "hours", found(models.Schedule, tenant, schedule).name)

    def delete(self, actor: Actor, tenant: int, schedule: int, instead: Instead | None = None) -> None:
        """Delete it. Wherever it decided about a way, ``instead`` does; without that it is refused (InUse)."""
        with changing(self._database, actor, tenant) as change:
            row = found(models.Schedule, tenant, schedule)
            _replace(tenant, row.name, instead)
            row.delete_instance()
            change.note("schedule-deleted", row.name, tenant)


def schedules_of(tenant: int) -> list[OpeningHours]:
    """Every schedule of the tenant, by name."""
    values = Parts([tenant]).schedules()[tenant]
    rows = models.Schedule.select().where(models.Schedule.tenant == tenant).order_by(models.Schedule.name_key)
    return [OpeningHours(row.id, values[row.name]) for row in rows]


def problems(schedule: Schedule) -> Iterator[DomainError]:
    """What is wrong with the values by themselves."""
    if bad_name := rules.name(schedule.name):
        yield bad_name
    if not schedule.days or not schedule.days <= frozenset(range(7)):
        yield DomainError("days-missing", "days")
    if schedule.opens not in range(DAY):
        yield DomainError("hour-unknown", "opens")
    if schedule.closes not in range(DAY + 1):
        yield DomainError("hour-unknown", "closes")
    if schedule.holidays and schedule.holidays.upper() not in COUNTRIES:
        yield DomainError("holidays-unknown", "holidays", country=schedule.holidays[:10])
    if wrong := sorted(day for day in schedule.closed_on if not _is_day(day)):
        yield DomainError("day-format", "closed_on", day=wrong[0][:20])
    if len(schedule.closed_on) > MOST_DAYS_OFF:
        yield DomainError("days-off-too-many", "closed_on", limit=MOST_DAYS_OFF)


def tidied(schedule: Schedule) -> Schedule:
    """As it is stored."""
    return replace(schedule, name=rules.tidy(schedule.name), holidays=schedule.holidays.upper())


def store(tenant: int, schedule: Schedule, row: int | None) -> int:
    """Write it into ``row``, or a new one; the row's id. It must be faultless."""
    schedule = tidied(schedule)
    columns = {
        "name": schedule.name,
        "name_key": rules.key(schedule.name),
        "days": "".join(str(day) for day in sorted(schedule.days)),
        "opens": schedule.opens,
        "closes": schedule.closes,
        "holidays": schedule.holidays,
    }
    if row is None:
        row = models.Schedule.insert(tenant=tenant, **columns).execute()
    else:
        models.Schedule.update(**columns).where(models.Schedule.id == row).execute()
        DayOff.delete().where(DayOff.schedule == row).execute()
    if schedule.closed_on:
        DayOff.insert_many([(row, day) for day in sorted(schedule.closed_on)], [DayOff.schedule, DayOff.day]).execute()
    return row


def _replace(tenant: int, name: str, instead: Instead | None) -> None:
    """Let ``instead`` decide wherever the schedule ``name`` does. No loop can come of it: both ways were there before."""
    if instead is None:
        uses.clear(tenant, "hours", name, None)
        return
    if isinstance(instead, OtherHours):
        if instead.name == name:
            raise DomainError("replacement-is-itself", "replace_with")
        if instead.name not in Book.of(tenant).schedules:
            raise DomainError("schedule-unknown", "replace_with", name=instead.name[: rules.NAME_LIMIT])

    def decided(hours: ToHours) -> Destination:
        if isinstance(instead, OtherHours):
            return replace(hours, schedule=instead.name)
        return hours.open if instead is Always.OPEN else hours.closed

    uses.lead_otherwise(tenant, "hours", name, lambda to: by_hours(to, name, decided))


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
