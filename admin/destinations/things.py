"""What a tenant has that calls can be led to, asked of the services once for a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext

from admin import words
from admin.destinations.choices import Choice, Choices
from admin.figures import grouped
from app.services import Services
from app.services.answering import Answerer
from app.services.cities import CityNumber
from app.services.menus import Menu
from app.services.messages import Message
from app.services.numbers import Number
from app.services.phones import PhoneState, PhoneStatus
from app.services.queue_board import QueueNow
from app.services.queues import Queue
from app.services.schedules import OpeningHours


@dataclass(frozen=True)
class Things:
    """By login, number or name, in the order in which people look for them."""

    phones: Mapping[str, PhoneState]
    numbers: Mapping[str, Number]
    cities: Mapping[str, CityNumber]
    queues: Mapping[str, Queue]
    menus: Mapping[str, Menu]
    messages: Mapping[str, Message]
    schedules: Mapping[str, OpeningHours]
    ring_seconds: int
    answers: Mapping[str, Sequence[Answerer]]  # who would answer now, by internal number and by city number
    attended: Mapping[str, QueueNow]  # the queues and their agents at this moment, by name

    def choices(self) -> Choices:
        """What a destination can be, in words."""
        return Choices(
            {
                "account": [_phone(state) for state in self.phones.values()],
                "extension": [self._number(number) for number in self.numbers.values()],
                "city": [self._number(city) for city in self.cities.values()],
                "queue": [self._queue(name) for name in self.queues],
                "menu": [Choice(name, name) for name in self.menus],
                "message": [Choice(name, name) for name in self.messages],
                "hours": [Choice(name, name) for name in self.schedules],
            }
        )

    def _queue(self, name: str) -> Choice:
        queue = self.attended.get(name)
        agents = queue.agents if queue else ()
        silent = not any(agent.takes_calls and agent.status is not PhoneStatus.OFFLINE for agent in agents)
        label = f"{name} · {queue.number}" if queue and queue.number else name
        return _choice(name, label, silent)

    def _number(self, number: Number | CityNumber) -> Choice:
        silent = not self.answers[number.number]
        return _choice(number.number, f"{grouped(number.number)} {number.name}", silent)


def _choice(value: str, label: str, silent: bool) -> Choice:
    return Choice(value, gettext("%(name)s · nobody answers now", name=label) if silent else label, silent)


def of(services: Services, tenant: int) -> Things:
    """All of it, at one moment."""
    with services.at_one_moment():
        return _of(services, tenant)


def _of(services: Services, tenant: int) -> Things:
    return Things(
        phones={state.login: state for state in services.phones.state(tenant)},
        numbers={number.number: number for number in services.numbers.list(tenant)},
        cities={city.number: city for city in services.cities.list(tenant)},
        queues={queue.settings.name: queue for queue in services.queues.list(tenant)},
        menus={menu.settings.name: menu for menu in services.menus.list(tenant)},
        messages={message.name: message for message in services.messages.list(tenant)},
        schedules={hours.schedule.name: hours for hours in services.schedules.list(tenant)},
        ring_seconds=services.tenants.settings(tenant).ring_seconds,
        answers=services.answering.of_numbers(tenant),
        attended={queue.name: queue for queue in services.queue_board.now(tenant)},
    )


def _phone(state: PhoneState) -> Choice:
    """Its login tells apart two with the same name."""
    silent = state.status is PhoneStatus.OFFLINE
    label = f"{state.name} · {state.login}"
    return Choice(state.login, f"{label} · {words.STATES[state.status]}" if silent else label, silent)
