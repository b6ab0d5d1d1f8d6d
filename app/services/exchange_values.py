"""Parts of an exchange file as the values the services work with."""

import re

from app.core import numbering
from app.core.destinations import Destination
from app.core.hours import Schedule
from app.services import rules
from app.services.book import Book
from app.services.exchange_schema import MenuPart, SchedulePart, TenantPart, TrunkPart
from app.services.loops import Ways
from app.services.menus import MenuSettings
from app.services.trunks import TrunkSettings

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NO_HOUR = -1
"""What is no hour, and refused as one."""

_HOUR = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])")


def book_of(part: TenantPart) -> Book:
    """What a tenant of the file has, by name; nothing of it has an id yet."""
    return Book(
        0,
        {account.login: 0 for account in part.accounts},
        {extension.number: 0 for extension in part.extensions},
        {public(city.number): 0 for city in part.cities},
        {rules.tidy(menu.name): 0 for menu in part.menus},
        {rules.tidy(message.name): 0 for message in part.messages},
        {rules.tidy(schedule.name): 0 for schedule in part.schedules},
        {rules.tidy(queue.name): 0 for queue in part.queues},
    )


def ways_of(part: TenantPart) -> Ways:
    """Where everything of a tenant of the file leads by itself."""
    menus, queues = [menu_of(menu) for menu in part.menus], [queue.settings for queue in part.queues]
    return Ways(
        {extension.number: extension.to.value for extension in part.extensions},
        {public(city.number): city.to.value for city in part.cities},
        {menu.name: (menu.no_choice.then, menu.wrong_choice.then) for menu in menus},
        {queue.name: tuple(to for to in (queue.overflow, queue.no_agents, queue.full) if to) for queue in queues},
    )


def fallback_of(part: TenantPart) -> Destination | None:
    """Where callers go whom nobody takes back."""
    return part.settings.calls.transfer_fallback


def public(number: str) -> str:
    """E.164 of a public number as the file has it, or what stands there if it is none."""
    return numbering.as_city(number) or number


def menu_of(part: MenuPart) -> MenuSettings:
    """A menu without its greeting."""
    keys = {key: to.value for key, to in part.keys.items()}
    return MenuSettings(rules.tidy(part.name), keys, part.no_choice.value, part.wrong_choice.value, part.dial_internal)


def schedule_of(part: SchedulePart) -> Schedule:
    """Opening hours."""
    days = frozenset(DAYS.index(day) for day in part.days)
    closed_on = frozenset(part.closed_on)
    return Schedule(rules.tidy(part.name), days, _minutes(part.from_), _minutes(part.to), part.holidays.upper(), closed_on)


def trunk_of(part: TrunkPart, place: int) -> TrunkSettings:
    """The trunk that stands in ``place`` of the file, counted from 1: its priority unless it has one."""
    priority = place if part.priority is None else part.priority
    return TrunkSettings(
        part.name,
        part.proxy,
        part.username,
        part.password,
        part.register_,
        priority,
        part.passes_original,
        part.enabled,
    )


def hour(minutes: int) -> str:
    """Minutes since midnight as the file has them."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _minutes(text: str) -> int:
    match = _HOUR.fullmatch(text)
    return int(match[1]) * 60 + int(match[2]) if match else NO_HOUR
