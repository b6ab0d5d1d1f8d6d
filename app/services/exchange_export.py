"""The tables as an exchange file's values: everything but passwords. Recordings lie beside it, or are left out."""

from collections.abc import Mapping, Sequence

from app.core.hours import Schedule
from app.services.call_settings import settings_of
from app.services.cities import CityNumber, cities_of
from app.services.exchange_destinations import choice_written, written
from app.services.exchange_files import Shelf
from app.services.exchange_queues import queue_written, recording_written
from app.services.exchange_values import DAYS, hour
from app.services.menus import Menu, menus_of
from app.services.messages import messages_of
from app.services.numbers import Number, numbers_of
from app.services.queues import queues_of
from app.services.schedules import schedules_of
from app.services.trunks import settings_of as trunk_settings
from app.store.models import City, SipAccount, Tenant, Trunk


def trunks() -> list[dict[str, object]]:
    """Every trunk, in the order in which they are tried."""
    settings = [trunk_settings(row) for row in Trunk.select().order_by(Trunk.priority, Trunk.name_key)]
    return [
        {
            "name": trunk.name,
            "proxy": trunk.proxy,
            "username": trunk.username,
            "register": trunk.register,
            "priority": trunk.priority,
            "passes_original": trunk.passes_original,
            "enabled": trunk.enabled,
        }
        for trunk in settings
    ]


def tenant(row: Tenant, shelf: Shelf) -> dict[str, object]:
    """One tenant with all it has; empty lists are left out, but for those that every tenant has. Recordings go on ``shelf``."""
    cities = cities_of(row.id)
    main = next((city.number for city in cities if city.main), None)
    parts: Mapping[str, object] = {
        "name": row.name,
        "language": row.language,
        "main_number": main,
        "settings": _settings(row),
        "accounts": _accounts(row),
        "cities": [_number(city) for city in cities],
        "queues": [queue_written(queue, shelf) for queue in queues_of(row.id)],
        "menus": [_menu(menu, shelf) for menu in menus_of(row.id)],
        "messages": [{"name": message.name, **recording_written(message.sound, shelf)} for message in messages_of(row.id)],
        "schedules": [_schedule(hours.schedule) for hours in schedules_of(row.id)],
        "extensions": [_number(number) for number in numbers_of(row.id)],
    }
    return {key: value for key, value in parts.items() if value or key in ("accounts", "extensions")}


def _settings(row: Tenant) -> dict[str, object]:
    settings = settings_of(row)
    limits = settings.limits
    written_settings: dict[str, object] = {
        "time_zone": row.time_zone,
        "ring_seconds": settings.ring_seconds,
        "digit_timeout": settings.digit_timeout,
        "keys_on_internal_calls": settings.keys_on_internal_calls,
    }
    if settings.transfer_fallback:
        written_settings["transfer_fallback"] = written(settings.transfer_fallback)
    written_settings["limits"] = {
        "countries": sorted(limits.countries),
        "premium": limits.premium,
        "calls_at_once": limits.calls_at_once,
        "minutes_per_day": limits.minutes_per_day,
        "longest_call": limits.longest_call,
    }
    return written_settings


def _accounts(row: Tenant) -> Sequence[dict[str, object]]:
    accounts = SipAccount.select(SipAccount, City).left_outer_join(City).where(SipAccount.tenant == row)
    return [
        {"login": account.login, "name": account.name, **({"presents": account.presents.number} if account.presents else {})}
        for account in sorted(accounts, key=lambda account: account.login)
    ]


def _number(number: Number | CityNumber) -> dict[str, object]:
    return {"number": number.number, "name": number.name, "to": written(number.to)}


def _menu(menu: Menu, shelf: Shelf) -> dict[str, object]:
    settings = menu.settings
    return {
        "name": settings.name,
        **recording_written(menu.greeting, shelf),
        "keys": {key: written(to) for key, to in settings.keys.items()},
        "dial_internal": settings.dial_internal,
        "no_choice": choice_written(settings.no_choice),
        "wrong_choice": choice_written(settings.wrong_choice),
    }


def _schedule(schedule: Schedule) -> dict[str, object]:
    optional = {"holidays": schedule.holidays.lower(), "closed_on": sorted(schedule.closed_on)}
    return {
        "name": schedule.name,
        "days": [DAYS[day] for day in sorted(schedule.days)],
        "from": hour(schedule.opens),
        "to": hour(schedule.closes),
        **{key: value for key, value in optional.items() if value},
    }
