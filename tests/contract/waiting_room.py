"""A queue for one story: made in the panel's services, reached by a number of its own, and gone when the story ends."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from typing import Any

from app.core.destinations import Destination, ToAccount, ToExternal, ToQueue
from app.core.queues import Duty
from app.core.record import Record, Visit
from app.services.queue_board import AgentNow, QueueNow
from app.services.queue_settings import QueueSettings
from tests.contract.desk import KEYS_SECONDS
from tests.contract.people import Person
from tests.contract.phone import wait_until
from tests.contract.product import TESTER, Product

GONE_SECONDS = 5.0
OPEN_SECONDS = 0.9  # from saving to working: the directory's next look, and the switch's reply
_NUMBERS = cycle(range(700, 900))  # nobody else's; a story never takes over a number whose queue is only just gone


@dataclass
class WaitingRoom:
    """``number`` is the queue's internal number; ``id`` the queue's."""

    pbx: Product
    company: str
    number: str
    id: int
    settings: QueueSettings

    def duty(self, agent: Person, duty: Duty, minutes: int | None = None) -> None:
        """Sign an agent in or out, or let him pause, as somebody in the panel does."""
        with self.pbx.office() as services:
            services.queues.attend(TESTER, self.pbx.tenant(self.company), self.id, agent.login, duty, minutes)
        time.sleep(OPEN_SECONDS)

    @property
    def to(self) -> ToQueue:
        """The queue as a destination."""
        return ToQueue(self.settings.name)

    def board(self) -> QueueNow:
        """What the panel shows of the queue now."""
        with self.pbx.office() as services:
            return next(queue for queue in services.queue_board.now(self.pbx.tenant(self.company)) if queue.id == self.id)

    def agent(self, person: Person) -> AgentNow:
        """… and of one of its agents."""
        return next(agent for agent in self.board().agents if agent.key == person.login)


@contextmanager
def open_queue(pbx: Product, agents: Sequence[Person], company: str = "Acme", **settings: Any) -> Iterator[WaitingRoom]:
    """A queue that these people answer, in this order; they need no rest, unless the story says so. Whose login is a public
    number has no account."""
    number = str(next(_NUMBERS))
    who = tuple(_who(agent) for agent in agents)
    chosen = QueueSettings(f"Serwis {number}", agents=who, **{"wrap_up": 0, **settings})
    tenant = pbx.tenant(company)
    with pbx.office() as services:
        queue = services.queues.create(TESTER, tenant, chosen)
        extension = services.numbers.create(TESTER, tenant, number, chosen.name, ToQueue(chosen.name))
    time.sleep(OPEN_SECONDS)
    try:
        yield WaitingRoom(pbx, company, number, queue.id, chosen)
    finally:
        with pbx.office() as services:
            services.numbers.delete(TESTER, tenant, extension.id)
            services.queues.delete(TESTER, tenant, queue.id)


@contextmanager
def a_number(pbx: Product, to: Destination, company: str = "Acme") -> Iterator[str]:
    """One more internal number, which leads there."""
    number, tenant = str(next(_NUMBERS)), pbx.tenant(company)
    with pbx.office() as services:
        extension = services.numbers.create(TESTER, tenant, number, f"Numer {number}", to)
    time.sleep(OPEN_SECONDS)
    try:
        yield number
    finally:
        with pbx.office() as services:
            services.numbers.delete(TESTER, tenant, extension.id)


def _who(agent: Person) -> ToAccount | ToExternal:
    return ToExternal(agent.login) if agent.login.startswith("+") else ToAccount(agent.login)


def talk(caller: Person, agent: Person) -> None:
    """They hear each other."""
    caller.hears(agent)
    agent.hears(caller)


def joined(caller: Person, agent: Person) -> None:
    """… and the keys are those of a talk by now."""
    talk(caller, agent)
    time.sleep(KEYS_SECONDS)


def everybody_goes(*people: Person) -> None:
    """Each puts down, and has no call."""
    for person in people:
        person.puts_down()
        wait_until(person.is_free, GONE_SECONDS, f"{person.shown} is free")


def all_over(pbx: Product, since: float, calls: int = 1) -> list[Record]:
    """So many calls are in the log since then, and each has its end."""
    wait_until(lambda: [row.ended is not None for row in pbx.log_since(since)] == [True] * calls, GONE_SECONDS, "all is over")
    return pbx.log_since(since)


def visit(record: Record) -> Visit:
    """The only stay in a queue that a call has made."""
    (one,) = record.visits
    return one
