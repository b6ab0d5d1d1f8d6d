"""Agents: they sign in and out, pause and rest, by telephone and in the panel, and only who is on duty and free is rung."""

import time

import pytest

from app.core.actions import Prompt
from app.core.outcome import Outcome
from app.core.queues import Duty, PauseReason, Strategy
from tests.contract.people import People, Person
from tests.contract.phone import wait_until
from tests.contract.product import Product
from tests.contract.waiting_room import OPEN_SECONDS, all_over, open_queue, talk, visit

SETTLED = 3.0
TICK = 2.0  # seconds after which a free agent has surely been rung
UNREGISTERED_SECONDS = 8.0  # the switch tries a phone again so long after it was not registered, and a little more
LATE = 2.5


def dials(agent: Person, code: str, answer: Prompt) -> None:
    """The agent dials a code, and is told what has come of it."""
    agent.dial(code)
    agent.talks()
    agent.is_told(answer)
    agent.ended(within=10)
    time.sleep(OPEN_SECONDS)


def rung(caller: Person, number: str, agent: Person) -> None:
    """A caller's call to the queue rings at the agent's, and the caller gives up."""
    caller.dial(number)
    agent.rings()
    caller.hangs_up()
    agent.ended()


# --- on duty --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("named", [pytest.param(False, marks=pytest.mark.long), True], ids=["all queues", "one queue"])
def test_an_agent_signs_out_and_in_by_telephone(
    pbx: Product, anna: Person, bartek: Person, celina: Person, named: bool
) -> None:
    with open_queue(pbx, [bartek, celina]) as queue:
        number = queue.number if named else ""
        dials(bartek, f"*62{number}", Prompt.SIGNED_OUT)
        assert not queue.agent(bartek).signed_in
        rung(anna, queue.number, celina)
        assert not bartek.device.has("ringing")
        dials(bartek, f"*61{number}", Prompt.SIGNED_IN)
        assert queue.agent(bartek).takes_calls
        rung(anna, queue.number, bartek)
        celina.rings()


@pytest.mark.long
@pytest.mark.parametrize("named", [False, True], ids=["all queues", "one queue"])
def test_an_agent_pauses_and_goes_on_by_telephone(
    pbx: Product, anna: Person, bartek: Person, celina: Person, named: bool
) -> None:
    with open_queue(pbx, [bartek, celina]) as queue:
        number = queue.number if named else ""
        dials(bartek, f"*63{number}", Prompt.PAUSED)
        shown = queue.agent(bartek)
        assert shown.signed_in
        assert shown.pause
        assert (shown.pause.reason, shown.pause.until) == (PauseReason.OWN, None)
        rung(anna, queue.number, celina)
        assert not bartek.device.has("ringing")
        dials(bartek, f"*64{number}", Prompt.RESUMED)
        assert queue.agent(bartek).takes_calls
        rung(anna, queue.number, bartek)
        celina.rings()


@pytest.mark.long
def test_a_code_with_a_number_is_for_that_queue_alone(pbx: Product, anna: Person, bartek: Person, celina: Person) -> None:
    with open_queue(pbx, [bartek, celina]) as one, open_queue(pbx, [bartek]) as other:
        dials(bartek, f"*62{one.number}", Prompt.SIGNED_OUT)
        assert not one.agent(bartek).signed_in
        assert other.agent(bartek).takes_calls
        rung(anna, one.number, celina)
        assert not bartek.device.has("ringing")
        rung(anna, other.number, bartek)


@pytest.mark.long
def test_whoever_is_no_agent_is_told_so(pbx: Product, anna: Person, bartek: Person, celina: Person) -> None:
    with open_queue(pbx, [bartek]), open_queue(pbx, [celina]) as other:
        for code in ("*61", "*64"):
            dials(anna, code, Prompt.NO_AGENT)
        dials(bartek, f"*62{other.number}", Prompt.NO_AGENT)
        dials(bartek, f"*63{celina.number}", Prompt.NO_AGENT)
        assert other.agent(celina).takes_calls


@pytest.mark.long
def test_whoever_waits_is_given_to_the_first_who_signs_in(pbx: Product, anna: Person, bartek: Person, celina: Person) -> None:
    with open_queue(pbx, [bartek, celina]) as queue:
        dials(bartek, "*62", Prompt.SIGNED_OUT)
        anna.dial(queue.number)
        celina.rings()
        celina.is_busy()
        dials(bartek, "*61", Prompt.SIGNED_IN)
        bartek.rings()
        bartek.answer()
        talk(anna, bartek)
        anna.hangs_up()
        bartek.ended()


def test_an_agent_is_paused_in_the_panel_and_for_a_time(pbx: Product, anna: Person, bartek: Person, celina: Person) -> None:
    with open_queue(pbx, [bartek, celina]) as queue:
        queue.duty(bartek, Duty.PAUSE, minutes=5)
        pause = queue.agent(bartek).pause
        assert pause
        assert pause.until == pytest.approx(pause.since + 300, abs=1)
        rung(anna, queue.number, celina)
        assert not bartek.device.has("ringing")
        queue.duty(bartek, Duty.RESUME)
        rung(anna, queue.number, bartek)
        celina.rings()


@pytest.mark.long
def test_an_agent_who_is_paused_while_it_rings_may_answer_yet_and_is_rung_no_more(
    pbx: Product, anna: Person, bartek: Person, celina: Person, darek: Person
) -> None:
    with open_queue(pbx, [bartek, celina]) as queue:
        anna.dial(queue.number)
        bartek.rings()
        celina.rings()
        queue.duty(bartek, Duty.PAUSE)
        bartek.answer()
        talk(anna, bartek)
        celina.ended()
        anna.hangs_up()
        bartek.ended()
        rung(darek, queue.number, celina)
        bartek.does_not_ring()


@pytest.mark.long
def test_an_agent_who_signs_out_in_a_talk_goes_on_talking(pbx: Product, anna: Person, bartek: Person, darek: Person) -> None:
    with open_queue(pbx, [bartek]) as queue:
        anna.dial(queue.number)
        bartek.rings()
        bartek.answer()
        talk(anna, bartek)
        queue.duty(bartek, Duty.SIGN_OUT)
        time.sleep(TICK)
        talk(anna, bartek)
        anna.hangs_up()
        bartek.ended()
        darek.dial(queue.number)
        darek.ended(within=10)
        bartek.does_not_ring()


@pytest.mark.long
def test_whoever_lets_it_ring_is_paused_the_panel_says_why_and_it_ends_by_itself(
    pbx: Product, now: float, anna: Person, bartek: Person, celina: Person, darek: Person
) -> None:
    asked = {"strategy": Strategy.IN_ORDER, "ring": 5, "retry": 1, "misses": 1, "miss_pause": 10}
    with open_queue(pbx, [bartek, celina], **asked) as queue:
        anna.dial(queue.number)
        bartek.rings()
        bartek.ended(within=5 + LATE)
        celina.rings()
        celina.answer()
        talk(anna, celina)
        wait_until(lambda: queue.agent(bartek).pause, SETTLED, "the panel shows the pause")
        pause = queue.agent(bartek).pause
        assert pause
        assert pause.reason is PauseReason.MISSED
        assert pause.until == pytest.approx(pause.since + 10, abs=1)
        darek.dial(queue.number)
        bartek.does_not_ring(TICK)
        bartek.rings(within=pause.until - time.time() + LATE)
        assert time.time() >= pause.until - 1
        assert queue.agent(bartek).takes_calls
        bartek.answer()
        talk(darek, bartek)
        for person in (anna, darek):
            person.hangs_up()
        first, _ = all_over(pbx, now, calls=2)
    assert [(one.agent, one.outcome) for one in visit(first).offers] == [
        (bartek.login, Outcome.NO_ANSWER),
        (celina.login, Outcome.ANSWERED),
    ]


@pytest.mark.long
@pytest.mark.long
def test_whoever_refuses_in_a_patient_queue_is_rung_by_another_that_opens_afterwards(
    pbx: Product, anna: Person, bartek: Person, celina: Person
) -> None:
    """The switch keeps one pause for an agent, whichever queue wanted it."""
    with open_queue(pbx, [bartek, celina], retry=60) as queue:
        anna.dial(queue.number)
        bartek.rings()
        bartek.declines()
        celina.rings()
        anna.hangs_up()
        celina.ended()
    with open_queue(pbx, [bartek], retry=1) as queue:
        rung(anna, queue.number, bartek)


def test_whoever_refuses_is_rung_again_and_not_paused(pbx: Product, now: float, anna: Person, bartek: Person) -> None:
    with open_queue(pbx, [bartek], retry=1, misses=1) as queue:
        anna.dial(queue.number)
        for refuses in (bartek.declines, bartek.is_busy):
            bartek.rings(within=1 + LATE)
            refuses()
        bartek.rings(within=1 + LATE)
        assert queue.agent(bartek).takes_calls
        bartek.answer()
        talk(anna, bartek)
        anna.hangs_up()
        bartek.ended()
        record = pbx.one_call(now)
    outcomes = [offer.outcome for offer in visit(record).offers]
    assert outcomes == [Outcome.DECLINED, Outcome.BUSY, Outcome.ANSWERED]


@pytest.mark.long
def test_an_agent_without_a_phone_does_not_delay_the_others_and_rings_when_it_is_there(
    pbx: Product, people: People, anna: Person, celina: Person
) -> None:
    bartek = people.absent("bartek")
    with open_queue(pbx, [bartek, celina]) as queue:
        anna.dial(queue.number)
        celina.rings()
        celina.is_busy()
        bartek.device.register()
        bartek.rings(within=UNREGISTERED_SECONDS)
        bartek.answer()
        talk(anna, bartek)
        anna.hangs_up()
        bartek.ended()


# --- rest -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", ["caller", pytest.param("agent", marks=pytest.mark.long)])
def test_an_agent_rests_after_a_talk(pbx: Product, anna: Person, bartek: Person, darek: Person, first: str) -> None:
    with open_queue(pbx, [bartek], wrap_up=3) as queue:
        anna.dial(queue.number)
        bartek.rings()
        bartek.answer()
        talk(anna, bartek)
        darek.dial(queue.number)
        darek.hears_music()
        puts_down, hears_it = (anna, bartek) if first == "caller" else (bartek, anna)
        puts_down.hangs_up()
        hears_it.ended()
        left = time.monotonic()
        bartek.rings(within=3 + 2 * LATE)
        assert 3 - 1 < time.monotonic() - left < 3 + LATE
        bartek.answer()
        talk(darek, bartek)
        darek.hangs_up()
        bartek.ended()


@pytest.mark.long
def test_the_others_are_rung_while_one_rests(pbx: Product, anna: Person, darek: Person, celina: Person, ewa: Person) -> None:
    with open_queue(pbx, [ewa, darek], wrap_up=10, strategy=Strategy.IN_ORDER) as queue:
        anna.dial(queue.number)
        ewa.rings()
        ewa.answer()
        talk(anna, ewa)
        anna.hangs_up()
        ewa.ended()
        celina.dial(queue.number)
        darek.rings()
        ewa.does_not_ring()
        darek.answer()
        talk(celina, darek)
        celina.hangs_up()
        darek.ended()
