"""A day at two queues on a real FreeSWITCH, ten times as fast as a real one.

``python -m tests.contract.queue_day [SEED] [CALLERS]`` tells one: 200 callers come in 60 minutes, which take six. They wait,
give up, press a key, hang up at the very moment of an answer; eight agents answer, decline, let it ring, pause, sign out and
send callers on; two colleagues pick calls up; the controller is killed and started in between. What everybody does is drawn
from the seed before the day begins (`queue_people.py`), and in the end it is reckoned up (`queue_reckoning.py`): each caller
has one record, each stay in a queue one outcome, and nothing is left over.
"""

import heapq
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from itertools import count
from pathlib import Path

from app.core.destinations import ToAccount, ToExtension, ToQueue
from app.core.queues import Strategy
from app.services.queue_settings import QueueSettings
from tests.contract import programs
from tests.contract.crowd import Crowd
from tests.contract.people import Person
from tests.contract.phone import PhoneError, Place
from tests.contract.ports import Block
from tests.contract.product import TESTER, Product
from tests.contract.queue_people import SPEED, Agent, Colleague, Queue, callers_of
from tests.contract.queue_reckoning import Reckoning
from tests.contract.roster import BRIEFLY, Company, Member
from tests.contract.waiting_room import OPEN_SECONDS
from tests.contract.worlds import RealWorld

CALLERS = 200
SECONDS_A_CALLER = 60 * 60 / SPEED / CALLERS
KILLS = 4  # of a whole day
DOWN = (0.3, 4.0)  # seconds without a controller
TURN_SECONDS = 0.01
OVERTIME = 75.0  # seconds after the last caller's coming in which everybody has left
LEGS = 70
AT_ONCE = 24  # callers for whom there are telephones from the beginning

AGENTS = tuple(Member(f"agent{n}", f"Agent {n}", f"3{n}", f"50010{n}", 400 + 150 * n, f"s3cret-Agent{n}") for n in range(1, 9))
COLLEAGUES = tuple(Member(f"kolega{n}", f"Kolega {n}", f"4{n}", f"50020{n}", 1700 + 100 * n, f"s3cret-K{n}") for n in (1, 2))
CUSTOMERS = Member("klient", "Klient", "50", "500301", 300, "s3cret-Klient")
COMPANY = Company("Dzień", "pl", (*AGENTS, *COLLEAGUES, CUSTOMERS), BRIEFLY)


class Clock:
    """What is to be done when; the times are seconds since the day began."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()

    @property
    def now(self) -> float:
        """How long the day has lasted."""
        return time.monotonic() - self._began

    def at(self, moment: float, deed: Callable[[], None]) -> None:
        """Do it then. A telephone whose call has ended meanwhile refuses, and nothing comes of it."""
        heapq.heappush(self._due, (moment, next(self._order), deed))

    def after(self, seconds: float, deed: Callable[[], None]) -> None:
        """Do it so many seconds from now."""
        self.at(self.now + seconds, deed)

    def turn(self) -> None:
        """Everything that is due."""
        while self._due and self._due[0][0] <= self.now:
            with suppress(PhoneError):
                heapq.heappop(self._due)[2]()


class Day:
    """Everybody of one day, and what they do."""

    def __init__(self, product: Product, people: "Staff", seed: int, callers: int) -> None:
        self.product, self.seed, self.customers = product, seed, CUSTOMERS.login
        self.length = callers * SECONDS_A_CALLER
        self.chance = random.Random(seed)
        self.clock = Clock()
        self.since = time.time()
        self.queues = people.queues
        self.agents = [Agent(self.clock, person, self.queues, product, self.chance.random()) for person in people.agents]
        self.colleagues = [Colleague(self.clock, person, self.queues, self.chance.random()) for person in people.colleagues]
        self.callers = callers_of(self.clock, people.crowd, self.queues, self.chance, callers, self.length)
        self.killed: list[tuple[float, float]] = []  # when the controller was killed, and started: seconds since the epoch

    def passes(self) -> None:
        """From the first caller to the last one's leaving."""
        self._plan()
        while not self._is_over():
            self.clock.turn()
            self._look()
            time.sleep(TURN_SECONDS)
        self.product.ensure_worker()
        for agent in self.agents:
            agent.comes_back()

    def _plan(self) -> None:
        for one in (*self.callers, *self.agents, *self.colleagues):
            one.plan(self.length)
        kills = max(1, round(KILLS * len(self.callers) / CALLERS))
        for number in range(kills):
            share = (number + self.chance.uniform(0.3, 0.7)) / kills
            self.clock.at(share * self.length, partial(self._kill, self.chance.uniform(*DOWN)))

    def _kill(self, down: float) -> None:
        self.product.kill_worker()
        killed = time.time()

        def start() -> None:
            self.product.start_worker()
            self.killed.append((killed, time.time()))

        self.clock.after(down, start)

    def _look(self) -> None:
        for one in (*self.callers, *self.agents, *self.colleagues):
            one.look()

    def _is_over(self) -> bool:
        late = self.clock.now > self.length + OVERTIME
        if self.clock.now < self.length:
            return False
        return late or not any(one.is_busy for one in (*self.callers, *self.agents, *self.colleagues))


class Staff:
    """A company with two queues and everybody's telephones."""

    def __init__(self, product: Product, folder: Path) -> None:
        self._product, self._folder, self._blocks = product, folder, [Block(), Block()]
        if not product.knows(COMPANY.name):
            product.settle(COMPANY)
        self.queues = _queues(product)
        self.agents = [self._person(member, self._blocks[0]) for member in AGENTS]
        self.colleagues = [self._person(member, self._blocks[1]) for member in COLLEAGUES]
        self.crowd = Crowd(product, CUSTOMERS, folder)
        self.crowd.comes_early(AT_ONCE)

    def _person(self, member: Member, block: Block) -> Person:
        place = Place(member.name, self._folder, block.take(4), block.take(16), 16, member.tone)
        device = self._product.world.phone(self._product.line(member), place, programs.pjsip())
        device.register()
        return Person(member, device, COMPANY.language, self._product.prompt)

    def go_home(self) -> None:
        """All telephones are switched off, and the queues are gone."""
        for person in (*self.agents, *self.colleagues):
            person.device.stop()
        self.crowd.go_home()
        for block in self._blocks:
            block.close()
        tenant = self._product.tenant(COMPANY.name)
        with self._product.office() as services:
            for number in services.numbers.list(tenant):
                if number.number in {queue.number for queue in self.queues}:
                    services.numbers.delete(TESTER, tenant, number.id)
            for queue in self.queues:
                services.queues.delete(TESTER, tenant, queue.id)


def _queues(product: Product) -> tuple[Queue, ...]:
    """One that rings agents one after another and leads on, one that rings all of its own and says why nobody comes."""
    desk = ToExtension(COLLEAGUES[0].number)
    who = tuple(ToAccount(member.login) for member in AGENTS)
    chosen = (
        ("60", QueueSettings("Serwis", Strategy.LONGEST_IDLE, who, ring=5, retry=1, wrap_up=1, max_wait=25, overflow=desk,
                             misses=2, miss_pause=10, keys={"9": desk}, announce_every=15)),
        ("61", QueueSettings("Biuro", Strategy.ALL, who[4:], ring=5, retry=2, wrap_up=0, max_wait=15, max_waiting=5,
                             full=desk, misses=2, miss_pause=10)),
    )  # fmt: skip
    tenant = product.tenant(COMPANY.name)
    made = []
    with product.office() as services:
        for number, settings in chosen:
            queue = services.queues.create(TESTER, tenant, settings)
            services.numbers.create(TESTER, tenant, number, settings.name, ToQueue(settings.name))
            made.append(Queue(queue.id, number, settings.name, tuple(agent.login for agent in settings.agents)))
    time.sleep(OPEN_SECONDS)
    return tuple(made)


@contextmanager
def staff(product: Product, folder: Path) -> Iterator[Staff]:
    """Everybody is there."""
    people = Staff(product, folder)
    try:
        yield people
    finally:
        product.ensure_worker()
        people.go_home()


def tell(product: Product, folder: Path, seed: int, callers: int) -> str:
    """One day; what it came to. Raises DayError."""
    with staff(product, folder) as people:
        day = Day(product, people, seed, callers)
        day.passes()
        return Reckoning(day).report()


def main() -> int:
    """One day; exit status 1 if it ended badly."""
    seed, callers = (int(text) for text in (*sys.argv[1:3], *("1", str(CALLERS))[len(sys.argv) - 1 :]))
    if RealWorld.missing:
        sys.exit(RealWorld.missing)
    folder, block = Path(tempfile.mkdtemp(prefix="centralka-day-")), Block()
    product = Product(folder / "var", block, RealWorld(), legs=LEGS)
    try:
        product.start()
        print(tell(product, folder, seed, callers), flush=True)
    except AssertionError as error:
        print(error, flush=True)
        return 1
    finally:
        product.stop()
        block.close()
        print(f"everything is in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
