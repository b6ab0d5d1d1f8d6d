"""Three people of one company around a transfer: who talks, who sends him on, and to whom.

Keys work on the received side, and where the tenant wants it on the calling side too. So most stories are told at two desks
at once, one each way round.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from app.core.record import Record
from tests.contract.people import Person
from tests.contract.phone import PhoneError, wait_until
from tests.contract.product import Product

LOG_SECONDS = 4.0
KEYS_SECONDS = 0.1  # after two are joined their keys are those of a talk; nothing tells when, and no person is that quick


@dataclass
class Desk:
    """``transferor_dials``: he is on the calling side; else the customer has called him."""

    pbx: Product
    company: str
    customer: Person
    transferor: Person
    target: Person
    since: float
    transferor_dials: bool = False

    def talk(self) -> None:
        """The customer and the transferor talk."""
        caller, callee = (self.customer, self.transferor)[:: -1 if self.transferor_dials else 1]
        caller.dial(callee.number)
        callee.rings(caller)
        callee.answer()
        caller.talks()
        self.talks_to(self.transferor)

    def talks_to(self, other: Person) -> None:
        """The customer and ``other`` hear each other."""
        self.customer.hears(other)
        other.hears(self.customer)
        time.sleep(KEYS_SECONDS)

    def consult(self) -> None:
        """The transferor asks for the target, whose phone rings."""
        self.transferor.presses(f"**{self.target.number}")
        self.target.rings(self.transferor)

    def confer(self) -> None:
        """… and is answered."""
        self.consult()
        self.target.answer()
        self.transferor.hears(self.target)
        self.target.hears(self.transferor)
        self.customer.hears_music()

    def comes_back(self, target: str = "") -> None:
        """The transferor's phone rings for the customer, and they talk again."""
        self.transferor.rings_again(self.customer, target)
        self.transferor.answer()
        self.talks_to(self.transferor)

    @property
    def people(self) -> tuple[Person, Person, Person]:
        """The three of them."""
        return self.customer, self.transferor, self.target

    def finish(self, *parts: str) -> Record:
        """Everybody puts down; the log has one call since the story began, and these are its parts, in order."""
        record = self.finish_somehow()
        assert told(record) == list(parts), told(record)
        return record

    def finish_somehow(self) -> Record:
        """… whatever its parts are. One after another, so that it is known who was the first."""
        for person in self.people:
            person.puts_down()
            wait_until(person.is_free, LOG_SECONDS, f"{person.shown} is free")
        return self.pbx.one_call(self.since, self.company, LOG_SECONDS)

    def logged(self, *parts: str) -> Record:
        """The log has one call since the story began, over by now, and these are its parts: number, outcome."""
        record = self.pbx.one_call(self.since, self.company, LOG_SECONDS)
        assert told(record) == list(parts), told(record)
        return record


def told(record: Record) -> list[str]:
    """The parts of a call in words."""
    return [f"{part.number} {part.outcome.value if part.outcome else 'goes on'}" for part in record.parts]


def at_once(*desks: Desk, story: Callable[[Desk], None]) -> None:
    """Tell one story at every desk at the same time."""
    in_parallel([partial(story, desk) for desk in desks])


def in_parallel(stories: Sequence[Callable[[], None]]) -> None:
    """All of them at the same time; raises the first failure after all have ended."""
    with ThreadPoolExecutor(len(stories)) as pool:
        for future in [pool.submit(story) for story in stories]:
            future.result()


def crossing(first: Callable[[], object], second: Callable[[], object], lead: float) -> None:
    """Do both, ``first`` earlier by ``lead`` seconds (later, if it is negative). Who comes too late finds the call gone."""
    start = time.monotonic() + 0.1

    def at(moment: float, deed: Callable[[], object]) -> None:
        time.sleep(max(0.0, moment - time.monotonic()))
        with suppress(PhoneError):
            deed()

    in_parallel([lambda: at(start, first), lambda: at(start + lead, second)])


def exactly_one(people: Iterable[Person], fact: Callable[[Person], bool], within: float, what: str) -> Person:
    """Who of them it is, in the end. Raises AssertionError for nobody, and for two."""
    everybody = list(people)
    wait_until(lambda: any(fact(person) for person in everybody), within, what)
    (one,) = [person for person in everybody if fact(person)]
    return one


LEADS = (-0.04, -0.015, 0.0, 0.015, 0.04)
"""Seconds by which one thing happens before the other in a race: about the time the switch takes to join two legs, and none."""
