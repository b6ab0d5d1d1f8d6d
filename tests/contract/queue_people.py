"""Who is there on a day of `queue_day.py`, and what they do: drawn beforehand, each from chances of their own, so that one who
comes a moment later than the last time does not change what all the others do.

Times are seconds of the day that is told, which is ten times as fast as a real one.
"""

import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from app.core.queues import Duty
from tests.contract.crowd import Crowd
from tests.contract.people import Person
from tests.contract.phone import PhoneError
from tests.contract.product import TESTER, Product

SPEED = 10
APART = 0.15  # seconds between two callers, so that the call log has them in the order they came
PATIENCE = 40.0  # seconds after which everybody gives up
TALK = (15 / SPEED, 70 / SPEED, 200 / SPEED)  # the shortest, the mean, the longest
LEADS = (-0.06, -0.03, -0.01, 0.0, 0.01, 0.03)  # seconds by which a caller hangs up after an agent's answer


class Clock(Protocol):
    """When things are done: see `queue_day.Clock`."""

    @property
    def now(self) -> float: ...

    def at(self, moment: float, deed: Callable[[], None]) -> None: ...

    def after(self, seconds: float, deed: Callable[[], None]) -> None: ...


@dataclass
class Queue:
    """A queue of the day; ``waiting`` are its callers, as they came."""

    id: int
    number: str
    name: str
    agents: tuple[str, ...]
    waiting: "list[Caller]" = field(default_factory=list)


def talk(chance: random.Random) -> float:
    """How long somebody talks."""
    shortest, mean, longest = TALK
    return min(longest, shortest + chance.expovariate(1 / (mean - shortest)))


# --- callers --------------------------------------------------------------------------------------------------------

STAYS, GIVES_UP, AT_RING, AT_ANSWER, KEY = "stays", "gives up", "hangs up at the ring", "hangs up at the answer", "presses 9"
FATES = {STAYS: 60, GIVES_UP: 12, AT_RING: 8, AT_ANSWER: 12, KEY: 8}


class Caller:
    """Somebody who calls a queue once."""

    def __init__(self, clock: Clock, crowd: Crowd, queue: Queue, comes: float, chance: random.Random) -> None:
        self._clock, self._crowd, self.queue, self.comes = clock, crowd, queue, comes
        (self.fate,) = chance.choices(list(FATES), list(FATES.values()))
        self._impatient = chance.uniform(0.2, 10.0)
        self._hesitates = chance.uniform(0.0, 0.3)
        self.lead = chance.choice(LEADS)
        self._talks = talk(chance) if chance.random() < 0.4 else PATIENCE  # or until the other puts down
        self.person: Person | None = None
        self.dialled = 0.0
        self.ended: dict[str, object] | None = None

    def plan(self, _: float) -> None:
        """He will come."""
        self._clock.at(self.comes, self._dials)

    @property
    def is_busy(self) -> bool:
        """Whether he has a call."""
        return self.person is not None and self.ended is None

    def _dials(self) -> None:
        self.dialled = time.time()
        self.person = self._crowd.calls(self.queue.number)
        self.queue.waiting.append(self)
        self._clock.after(PATIENCE, self.leaves)
        if self.fate == GIVES_UP:
            self._clock.after(self._impatient, self.leaves)
        elif self.fate == KEY:
            self._clock.after(self._impatient, partial(self.person.presses, "9"))

    def look(self) -> None:
        """Whether somebody has ended his call."""
        if self.person is not None and self.ended is None and self.person.device.has("ended", call=self.person.call):
            self.ended = self.person.device.wait("ended", call=self.person.call)
            self._crowd.leaves(self.person)
            self._waits_no_more()

    def leaves(self) -> None:
        """He puts down, if he still has a call."""
        if self.is_busy:
            assert self.person is not None
            self.person.hangs_up()

    def rung_for(self) -> None:
        """He waits longest, and an agent is rung: it is most probably for him."""
        if self.fate == AT_RING:
            self._clock.after(self._hesitates, self.leaves)

    def answered(self) -> None:
        """… and has answered."""
        self._waits_no_more()
        self._clock.after(self._talks, self.leaves)

    def _waits_no_more(self) -> None:
        if self in self.queue.waiting:
            self.queue.waiting.remove(self)


def callers_of(
    clock: Clock, crowd: Crowd, queues: tuple[Queue, ...], chance: random.Random, many: int, length: float
) -> list[Caller]:
    """Everybody who will call, in their order; more of them the first queue."""
    callers, last = [], 0.0
    for moment in sorted(chance.uniform(0.0, length) for _ in range(many)):
        last = max(moment, last + APART)
        (queue,) = chance.choices(queues, [7, 3])
        callers.append(Caller(clock, crowd, queue, last, random.Random(chance.random())))
    return callers


# --- those who work there -------------------------------------------------------------------------------------------


class Colleague:
    """Whoever has a telephone there: it is answered, and from time to time he picks up what rings at others."""

    def __init__(self, clock: Clock, person: Person, queues: tuple[Queue, ...], seed: float) -> None:
        self._clock, self.person, self._queues, self._chance = clock, person, queues, random.Random(seed)
        self._calls: dict[str, str] = {}
        self.hung_up: list[float] = []  # when: seconds since the epoch
        self.answered = 0

    def plan(self, length: float) -> None:
        """He will pick up, four times in a minute of this day."""
        agents = [agent for queue in self._queues for agent in queue.agents]
        for _ in range(round(length / 15)):
            code = self._chance.choice(["*8" + queue.number for queue in self._queues] + ["*8112"] + ["agent"])
            number = "*83" + self._chance.choice(agents)[-1] if code == "agent" else code
            self._clock.at(self._chance.uniform(0, length), partial(self._dials, number, talk(self._chance)))

    @property
    def is_busy(self) -> bool:
        """Whether he has a call."""
        return bool(self._calls)

    def look(self) -> None:
        """What has happened at his telephone."""
        device = self.person.device
        while device.has("ringing"):
            call = str(device.wait("ringing")["call"])
            self._calls[call] = "ringing"
            self._rung(call)
        while device.has("answered"):
            call = str(device.wait("answered")["call"])
            if self._calls.get(call) == "ringing":
                self.answered += 1
            self._calls[call] = "talking"
        while device.has("ended"):
            self._calls.pop(str(device.wait("ended")["call"]), None)

    def _dials(self, number: str, lasting: float) -> None:
        if not self._calls:
            call = self.person.dial(number)
            self._calls[call] = "dialling"
            self._clock.after(lasting, partial(self._puts_down, call))

    def _rung(self, call: str) -> None:
        self._clock.after(self._chance.uniform(0.2, 1.0), partial(self._answers, call))
        self._clock.after(1.0 + talk(self._chance), partial(self._puts_down, call))

    def _answers(self, call: str) -> None:
        if self._calls.get(call) == "ringing":
            self.person.device.order("answer", call=call)

    def _puts_down(self, call: str) -> None:
        if call in self._calls:
            self.hung_up.append(time.time())
            self.person.device.order("hangup", call=call)


REACTIONS = {"answers": 72, "lets it ring": 8, "declines": 6, "is busy": 4, "answers late": 10}
ENDINGS = {"puts down": 80, "sends on": 7, "asks first": 7, "asks and stays": 6}
ABSENCES = ("code", "code of the queue", "panel", "signs out by code", "signs out in the panel")
LATE = (4.3, 6.2)  # seconds: about when an agent's telephone ceases to ring


class Agent(Colleague):
    """One who answers for the queues."""

    def __init__(self, clock: Clock, person: Person, queues: tuple[Queue, ...], product: Product, seed: float) -> None:
        super().__init__(clock, person, queues, seed)
        self._product, self._mine = product, [queue for queue in queues if person.login in queue.agents]

    def plan(self, length: float) -> None:
        """He will be away for a while, once in two minutes of this day."""
        for _ in range(max(1, round(length / 120))):
            how, queue = self._chance.choice(ABSENCES), self._chance.choice(self._mine)
            begins, lasting = self._chance.uniform(0, length), self._chance.uniform(4.0, 25.0)
            self._clock.at(begins, partial(self._away, how, queue, True))
            self._clock.at(begins + lasting, partial(self._away, how, queue, False))

    def comes_back(self) -> None:
        """He is on duty in all his queues, whatever he was."""
        for queue in self._mine:
            for duty in (Duty.SIGN_IN, Duty.RESUME):
                self._attends(queue, duty)

    def _away(self, how: str, queue: Queue, goes: bool) -> None:
        if "code" not in how:
            duties = (Duty.SIGN_OUT, Duty.SIGN_IN) if "signs" in how else (Duty.PAUSE, Duty.RESUME)
            self._attends(queue, duties[0 if goes else 1])
        elif self._calls:
            self._clock.after(1.0, partial(self._away, how, queue, goes))
        else:
            code = ("*62", "*61") if "signs" in how else ("*63", "*64")
            self._dials(code[0 if goes else 1] + (queue.number if "queue" in how else ""), 8.0)

    def _attends(self, queue: Queue, duty: Duty) -> None:
        """As somebody in the panel says."""
        with self._product.office() as services:
            services.queues.attend(TESTER, self._product.tenant("Dzień"), queue.id, self.person.login, duty)

    def _rung(self, call: str) -> None:
        (reaction,) = self._chance.choices(list(REACTIONS), list(REACTIONS.values()))
        soon, late, lasting = self._chance.uniform(0.2, 1.5), self._chance.uniform(*LATE), talk(self._chance)
        (ending,) = self._chance.choices(list(ENDINGS), list(ENDINGS.values()))
        if caller := self._first():
            caller.rung_for()
        if reaction in ("declines", "is busy"):
            self._clock.after(soon, partial(self._refuses, call, 603 if reaction == "declines" else 486))
        elif reaction != "lets it ring":
            after = late if reaction == "answers late" else soon
            self._clock.after(after, partial(self._answers, call))
            self._clock.after(after + lasting, partial(self._ends, call, ending))

    def _first(self) -> Caller | None:
        """Who waits longest in his queues."""
        waiting = [queue.waiting[0] for queue in self._mine if queue.waiting]
        return min(waiting, key=lambda caller: caller.dialled) if waiting else None

    def _answers(self, call: str) -> None:
        """His caller may hang up at this very moment."""
        if self._calls.get(call) != "ringing":
            return
        caller = self._first()
        hangs_up = caller is not None and caller.fate == "hangs up at the answer"
        if caller and hangs_up and caller.lead < 0:
            with suppress(PhoneError):
                caller.leaves()
            time.sleep(-caller.lead)
        self.person.device.order("answer", call=call)
        if caller and hangs_up and caller.lead >= 0:
            time.sleep(caller.lead)
            caller.leaves()
        elif caller:
            caller.answered()

    def _refuses(self, call: str, code: int) -> None:
        if self._calls.get(call) == "ringing":
            self.person.device.order("hangup", call=call, code=code)

    def _ends(self, call: str, ending: str) -> None:
        """The talk is over for him."""
        if self._calls.get(call) != "talking" or ending == "puts down":
            self._puts_down(call)
            return
        number = self._chance.choice(("41", "42"))
        self.person.device.order("press", call=call, digits=("#" if ending == "sends on" else "**") + number, method="rfc2833")
        if ending == "asks first":
            self._clock.after(self._chance.uniform(2.0, 5.0), partial(self._puts_down, call))
        elif ending == "asks and stays":
            self._clock.after(3.0, partial(self.person.device.order, "press", call=call, digits="*", method="rfc2833"))
        self._clock.after(12.0, partial(self._puts_down, call))
