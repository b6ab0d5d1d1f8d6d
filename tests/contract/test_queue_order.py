"""Who is rung: each strategy's order over ten calls. And who is served: whoever came first."""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from app.core.outcome import Outcome
from app.core.queues import Strategy
from freeswitch.console import ask
from tests.contract.crowd import Crowd, crowd
from tests.contract.people import Person
from tests.contract.phone import wait_until
from tests.contract.product import Product
from tests.contract.roster import ANNA
from tests.contract.waiting_room import WaitingRoom, open_queue, visit

pytestmark = pytest.mark.long

TEN = 10
TICK = 0.4  # seconds within which everybody is rung who is rung at once
REST = 1.3  # an agent who has put down is rung again in the next second but one (mod_callcenter counts whole ones)
ENOUGH = 40  # calls after which chance has surely come to everybody: else once in a million stories


class Round:
    """Calls to a queue, one after the other; each is answered by the first whose phone rings."""

    def __init__(self, pbx: Product, queue: WaitingRoom, caller: Person, agents: Sequence[Person]) -> None:
        self._pbx, self._queue, self._caller, self._agents = pbx, queue, caller, agents
        self._since = time.time()
        self.rung: list[list[str]] = []
        self.answered: list[str] = []

    def call(self, talks: float = 0.3, answers: int = 0) -> str:
        """One call; returns whose phone rang first. ``answers`` says which of several takes it."""
        self._caller.dial(self._queue.number)
        wait_until(lambda: any(agent.device.has("ringing") for agent in self._agents), 5, "an agent is rung")
        time.sleep(TICK)
        rung = [agent for agent in self._agents if agent.device.has("ringing")]
        for agent in rung:
            agent.rings()
        agent = rung[answers % len(rung)]
        agent.answer()
        self._caller.talks()
        time.sleep(talks)
        agent.hangs_up()
        self._caller.ended()
        for other in rung:
            if other is not agent:
                other.ended()
        self.rung.append([one.login for one in rung])
        self.answered.append(agent.login)
        time.sleep(REST)
        return agent.login

    def is_in_the_log(self) -> None:
        """The call log tells the same of every call."""
        records = self._pbx.log_since(self._since)
        assert [visit(record).agent for record in records] == self.answered
        assert [sorted(offer.agent for offer in visit(record).offers) for record in records] == list(map(sorted, self.rung))


@pytest.fixture
def calls(pbx: Product, anna: Person, bartek: Person, celina: Person, darek: Person) -> Iterator[Callable[..., Round]]:
    """A round of calls from Anna to a queue of this strategy, which Bartek, Celina and Darek answer."""
    opened = []

    def round_of(strategy: Strategy) -> Round:
        agents = [bartek, celina, darek]
        room = open_queue(pbx, agents, strategy=strategy, retry=30)
        opened.append(room)
        return Round(pbx, room.__enter__(), anna, agents)

    yield round_of
    for room in opened:
        room.__exit__(None, None, None)


def test_all_at_once_rings_everybody_each_time(calls: Callable[..., Round]) -> None:
    told = calls(Strategy.ALL)
    for number in range(TEN):
        told.call(answers=number)
    assert all(len(rung) == 3 for rung in told.rung), told.rung
    told.is_in_the_log()


def test_in_order_begins_with_the_first_each_time(calls: Callable[..., Round], bartek: Person) -> None:
    told = calls(Strategy.IN_ORDER)
    for _ in range(TEN):
        told.call()
    assert told.rung == [[bartek.login]] * TEN
    told.is_in_the_log()


def test_longest_idle_goes_round(calls: Callable[..., Round]) -> None:
    told = calls(Strategy.LONGEST_IDLE)
    for _ in range(TEN):
        told.call()
    first = told.answered[:3]
    assert len(set(first)) == 3, told.rung
    assert told.rung == [[login] for login in (first * 4)[:TEN]]
    told.is_in_the_log()


def test_least_talk_rings_whoever_has_talked_least(pbx: Product, calls: Callable[..., Round]) -> None:
    told = calls(Strategy.LEAST_TALK)
    began, talked = talk_times(pbx), dict.fromkeys(talk_times(pbx), 0.0)
    for number in range(TEN):
        before = {login: seconds for login, seconds in talk_times(pbx).items() if login in ("100102", "100103", "100104")}
        seconds = 4.0 if number == 0 else 1.0
        login = told.call(seconds)
        talked[login] += seconds
        assert before[login] == min(before.values()), (login, before)
    for login, seconds in talked.items():
        counted, of_calls = talk_times(pbx)[login] - began[login], told.answered.count(login)
        assert abs(counted - seconds) <= of_calls, f"{login} talked for {seconds} s, counted as {counted}"
    told.is_in_the_log()


def talk_times(pbx: Product) -> dict[str, int]:
    """What the switch has counted of each agent's talks, in whole seconds."""
    head, *rows = ask(pbx.settings.switches[0], "callcenter_config agent list").strip().splitlines()
    columns = head.split("|")
    agents = (dict(zip(columns, row.split("|"), strict=False)) for row in rows if "|" in row)
    return {agent["name"]: int(agent["talk_time"]) for agent in agents}


def test_random_has_no_order_and_leaves_nobody_out(calls: Callable[..., Round]) -> None:
    told = calls(Strategy.RANDOM)
    while len(told.answered) < TEN or (is_regular(told.answered) and len(told.answered) < ENOUGH):
        told.call()
    assert not is_regular(told.answered), told.answered
    assert all(len(rung) == 1 for rung in told.rung)
    told.is_in_the_log()


def is_regular(order: Sequence[str]) -> bool:
    """Whether it may be any of the others: somebody has not had his turn yet, or all have it in turn."""
    return len(set(order)) < 3 or all(one == other for one, other in zip(order, order[3:], strict=False))


# --- first in, first out --------------------------------------------------------------------------------------------

CALLERS = 30
BETWEEN = 0.25  # seconds between two who come
TALK = 1.0


@pytest.fixture
def callers(pbx: Product, tmp_path: Path) -> Iterator[Crowd]:
    """As many as a story wants, all on Anna's account."""
    with crowd(pbx, ANNA, tmp_path) as everybody:
        yield everybody


@pytest.mark.timeout(180)
@pytest.mark.parametrize("strategy", [Strategy.LONGEST_IDLE, Strategy.ALL])
def test_thirty_callers_are_served_as_they_came(
    pbx: Product, now: float, callers: Crowd, bartek: Person, celina: Person, darek: Person, strategy: Strategy
) -> None:
    with open_queue(pbx, [bartek, celina, darek], strategy=strategy) as queue:
        waiting = [enters(callers, queue) for _ in range(CALLERS)]
        counter = Counter(pbx, now, [bartek, celina, darek])
        wait_until(lambda: counter.serves() == CALLERS, 120, "everybody is served")
        ended = [caller.ended()["at"] for caller in waiting]
    assert counter.served == list(range(CALLERS))
    assert ended == sorted(ended)
    wait_until(lambda: all(record.ended for record in pbx.log_since(now)), 5, "the log has the end of every call")
    records = pbx.log_since(now)
    assert [visit(record).outcome for record in records] == [Outcome.ANSWERED] * CALLERS
    talks = [record.parts[1].started for record in records]
    assert talks == sorted(talks)


def enters(callers: Crowd, queue: WaitingRoom) -> Person:
    """One more caller, who waits."""
    caller = callers.calls(queue.number)
    caller.talks()
    time.sleep(BETWEEN)
    return caller


class Counter:
    """Agents who answer as soon as it rings, one after the other, and put down after a second, in the same order."""

    def __init__(self, pbx: Product, since: float, agents: Sequence[Person]) -> None:
        self._pbx, self._since, self._agents = pbx, since, agents
        self._rung: dict[Person, str] = {}  # and as which call of the telephone
        self._talks: list[tuple[float, Person]] = []
        self.served: list[int] = []  # the callers, by how many came before them

    def serves(self) -> int:
        """Do what is to be done now; returns how many callers have been served to the end."""
        while self._talks and time.monotonic() >= self._talks[0][0]:
            _, agent = self._talks.pop(0)
            agent.hangs_up()
        self._look()
        if self._rung:
            self._answer()
        return len(self.served) - len(self._talks)

    def _look(self) -> None:
        for agent in self._agents:
            while agent.device.has("ringing"):
                self._rung[agent] = agent.device.wait("ringing")["call"]
            while agent.device.has("ended"):
                if agent.device.wait("ended")["call"] == self._rung.get(agent):
                    del self._rung[agent]

    def _answer(self) -> None:
        """Of several who are rung, the one for whom the earliest caller waits."""
        time.sleep(TICK / 4)
        self._look()
        offers = {caller: agent for agent in self._rung for caller in self._offered_to(agent)}
        if offers:
            first = min(offers)
            agent = offers[first]
            agent.call = self._rung.pop(agent)
            agent.answer()
            self.served.append(first)
            self._talks.append((time.monotonic() + TALK, agent))

    def _offered_to(self, agent: Person) -> list[int]:
        """The caller who rings at this agent, as the call log says; it may not know yet that the last one has been served."""
        visits = [visit(record) for record in self._pbx.log_since(self._since)]
        open_offers = [[offer.agent for offer in one.offers if offer.ended is None] for one in visits]
        return [number for number, offered in enumerate(open_offers) if agent.login in offered and number not in self.served]
