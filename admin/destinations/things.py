"""What a tenant has that calls can be led to, asked of the services once for a page."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext

from admin import words
from admin.destinations.choices import Choice, Choices
from admin.destinations.reach import Present, Reach
from admin.figures import grouped
from app.core.destinations import Destination, ToCity, ToExtension
from app.core.hours import is_open
from app.services import Services
from app.services.cities import CityNumber
from app.services.menus import Menu
from app.services.messages import Message
from app.services.numbers import Number
from app.services.phones import PhoneState, PhoneStatus
from app.services.schedules import OpeningHours


@dataclass(frozen=True)
class Things:
    """By login, number or name, in the order in which people look for them."""

    phones: Mapping[str, PhoneState]
    numbers: Mapping[str, Number]
    cities: Mapping[str, CityNumber]
    menus: Mapping[str, Menu]
    messages: Mapping[str, Message]
    schedules: Mapping[str, OpeningHours]
    ring_seconds: int
    present: Present

    def choices(self) -> Choices:
        """What a destination can be, in words."""
        return Choices(
            {
                "account": [_phone(state) for state in self.phones.values()],
                "extension": [self._number(number, ToExtension) for number in self.numbers.values()],
                "city": [self._number(city, ToCity) for city in self.cities.values()],
                "menu": [Choice(name, name) for name in self.menus],
                "message": [Choice(name, name) for name in self.messages],
                "hours": [Choice(name, name) for name in self.schedules],
            }
        )

    def reach(self, destination: Destination) -> Reach:
        """Who would answer there now."""
        return self.present.reach(destination)

    def _number(self, number: Number | CityNumber, kind: type[ToExtension] | type[ToCity]) -> Choice:
        silent = not self.reach(kind(number.number))
        name = f"{grouped(number.number)} {number.name}"
        return Choice(number.number, f"{name} · {gettext('nobody answers now')}" if silent else name, silent)


def of(services: Services, tenant: int) -> Things:
    """All of it."""
    phones = services.phones.state(tenant)
    numbers, cities = services.numbers.list(tenant), services.cities.list(tenant)
    schedules = services.schedules.list(tenant)
    zone, now = services.tenants.get(tenant).time_zone, time.time()
    return Things(
        phones={state.login: state for state in phones},
        numbers={number.number: number for number in numbers},
        cities={city.number: city for city in cities},
        menus={menu.settings.name: menu for menu in services.menus.list(tenant)},
        messages={message.name: message for message in services.messages.list(tenant)},
        schedules={hours.schedule.name: hours for hours in schedules},
        ring_seconds=services.tenants.settings(tenant).ring_seconds,
        present=Present(
            signed_in={state.login: state.name for state in phones if state.status is not PhoneStatus.OFFLINE},
            open_now=frozenset(hours.schedule.name for hours in schedules if is_open(hours.schedule, now, zone)),
            numbers={number.number: number.to for number in numbers},
            cities={city.number: city.to for city in cities},
        ),
    )


def _phone(state: PhoneState) -> Choice:
    """Its login tells apart two with the same name."""
    silent = state.status is PhoneStatus.OFFLINE
    label = f"{state.name} · {state.login}"
    return Choice(state.login, f"{label} · {words.STATES[state.status]}" if silent else label, silent)
