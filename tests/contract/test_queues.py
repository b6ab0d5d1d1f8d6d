"""Somebody calls a queue: he hears music, agents are rung, and one of them has him; or he is led on, and never told «busy»."""

import pytest

from app.core.actions import Prompt
from app.core.destinations import ToAccount, ToExtension
from app.core.outcome import Outcome
from app.core.queues import Duty, Strategy
from tests.contract.desk import told
from tests.contract.people import Person
from tests.contract.phone import wait_until
from tests.contract.product import Product
from tests.contract.waiting_room import OPEN_SECONDS, open_queue, talk, visit

TICK = 2.0  # seconds after which a free agent has surely been rung


def test_a_caller_waits_with_music_and_is_given_to_an_agent(pbx: Product, now: float, anna: Person, bartek: Person) -> None:
    with open_queue(pbx, [bartek]) as queue:
        anna.dial(queue.number)
        anna.talks()
        shown = bartek.rings()
        anna.hears_music()
        bartek.answer()
        talk(anna, bartek)
        bartek.hangs_up()
        anna.ended()
        record = pbx.one_call(now)
    assert shown["number"] == anna.number
    assert shown["name"].startswith(f"{queue.settings.name} {anna.shown}, czeka 0 min"), shown
    assert told(record) == [f"{queue.number} answered", "22 answered"]
    assert (visit(record).outcome, visit(record).agent) == (Outcome.ANSWERED, bartek.login)
    assert [(offer.agent, offer.outcome) for offer in visit(record).offers] == [(bartek.login, Outcome.ANSWERED)]


def test_all_are_rung_and_the_others_miss_nothing(
    pbx: Product, now: float, anna: Person, bartek: Person, celina: Person, darek: Person
) -> None:
    with open_queue(pbx, [bartek, celina, darek]) as queue:
        anna.dial(queue.number)
        for agent in (bartek, celina, darek):
            agent.rings()
        celina.answer()
        talk(anna, celina)
        for agent in (bartek, darek):
            agent.ended(reason="Call completed elsewhere")
        anna.hangs_up()
        celina.ended()
        record = pbx.one_call(now)
    offers = {offer.agent: offer.outcome for offer in visit(record).offers}
    assert offers == {celina.login: Outcome.ANSWERED, bartek.login: Outcome.ELSEWHERE, darek.login: Outcome.ELSEWHERE}


def test_whoever_gives_up_has_abandoned_the_queue(pbx: Product, now: float, anna: Person, bartek: Person) -> None:
    with open_queue(pbx, [bartek]) as queue:
        anna.dial(queue.number)
        bartek.rings()
        anna.hears_music()
        anna.hangs_up()
        bartek.ended()
        record = pbx.one_call(now)
    assert told(record) == [f"{queue.number} abandoned"]
    assert visit(record).outcome is Outcome.ABANDONED
    assert record.outcome is Outcome.ABANDONED


def test_an_agent_on_the_telephone_is_not_rung_and_the_next_is(
    pbx: Product, anna: Person, bartek: Person, celina: Person, darek: Person
) -> None:
    with open_queue(pbx, [bartek, celina], strategy=Strategy.IN_ORDER) as queue:
        darek.dial(bartek.number)
        bartek.rings(darek)
        bartek.answer()
        talk(darek, bartek)
        anna.dial(queue.number)
        celina.rings()
        celina.answer()
        talk(anna, celina)
        bartek.does_not_ring(TICK)
        for person in (anna, darek):
            person.hangs_up()
        for person in (bartek, celina):
            person.ended()


def test_an_agent_who_is_free_again_is_rung(pbx: Product, anna: Person, bartek: Person, darek: Person) -> None:
    with open_queue(pbx, [bartek]) as queue:
        darek.dial(bartek.number)
        bartek.rings(darek)
        bartek.answer()
        talk(darek, bartek)
        anna.dial(queue.number)
        anna.hears_music()
        bartek.does_not_ring(TICK)
        darek.hangs_up()
        bartek.ended()
        bartek.rings()
        bartek.answer()
        talk(anna, bartek)
        anna.hangs_up()
        bartek.ended()


# --- nobody takes him -----------------------------------------------------------------------------------------------


@pytest.mark.long
def test_the_longest_wait_leads_on(pbx: Product, now: float, anna: Person, bartek: Person, celina: Person) -> None:
    with open_queue(pbx, [bartek], max_wait=10, ring=5, retry=1, overflow=ToAccount(celina.login)) as queue:
        anna.dial(queue.number)
        bartek.rings()
        celina.rings(anna, within=20)
        celina.answer()
        talk(anna, celina)
        anna.hangs_up()
        celina.ended()
        record = pbx.one_call(now)
    assert told(record) == [f"{queue.number} overflowed", "23 answered"]
    assert (visit(record).outcome, visit(record).why) == (Outcome.OVERFLOWED, "max-wait")


def test_a_full_queue_leads_on_at_once(
    pbx: Product, now: float, anna: Person, bartek: Person, celina: Person, darek: Person
) -> None:
    with open_queue(pbx, [bartek], max_waiting=1, full=ToExtension(celina.number)) as queue:
        anna.dial(queue.number)
        bartek.rings()
        darek.dial(queue.number)
        celina.rings(darek)
        celina.answer()
        talk(darek, celina)
        darek.hangs_up()
        celina.ended()
        anna.hangs_up()
        wait_until(lambda: sum(row.ended is not None for row in pbx.log_since(now)) == 2, 4, "both calls are over")
        _, second = pbx.log_since(now)
    assert told(second) == [f"{queue.number} overflowed", "23 answered"]
    assert visit(second).why == "full"


def test_nobody_on_duty_leads_on_at_once(pbx: Product, now: float, anna: Person, bartek: Person, celina: Person) -> None:
    with open_queue(pbx, [bartek], no_agents=ToExtension(celina.number)) as queue:
        queue.duty(bartek, Duty.SIGN_OUT)
        anna.dial(queue.number)
        celina.rings(anna)
        bartek.does_not_ring()
        celina.answer()
        talk(anna, celina)
        anna.hangs_up()
        celina.ended()
        record = pbx.one_call(now)
    assert (visit(record).outcome, visit(record).why) == (Outcome.OVERFLOWED, "no-agents")


@pytest.mark.long
def test_the_last_agent_leaves_while_somebody_waits(
    pbx: Product, now: float, anna: Person, bartek: Person, celina: Person
) -> None:
    with open_queue(pbx, [bartek], no_agents=ToExtension(celina.number)) as queue:
        anna.dial(queue.number)
        bartek.rings()
        queue.duty(bartek, Duty.SIGN_OUT)
        celina.rings(anna, within=30)
        celina.answer()
        talk(anna, celina)
        anna.hangs_up()
        celina.ended()
        record = pbx.one_call(now)
    assert (visit(record).outcome, visit(record).why) == (Outcome.OVERFLOWED, "no-agents")


def test_without_any_way_on_the_caller_is_told(pbx: Product, now: float, anna: Person, bartek: Person) -> None:
    with open_queue(pbx, [bartek]) as queue:
        queue.duty(bartek, Duty.SIGN_OUT)
        anna.dial(queue.number)
        anna.ended(within=10)
        record = pbx.one_call(now)
    assert visit(record).outcome is Outcome.OVERFLOWED


@pytest.mark.parametrize("method", ["rfc2833", "info"])
def test_a_key_leads_out_of_the_queue(
    pbx: Product, now: float, anna: Person, bartek: Person, celina: Person, method: str
) -> None:
    with open_queue(pbx, [bartek], keys={"5": ToExtension(celina.number)}) as queue:
        anna.dial(queue.number)
        bartek.rings()
        anna.hears_music()
        anna.presses("7", method)  # leads nowhere
        anna.presses("5", method)
        celina.rings(anna)
        bartek.ended()
        celina.answer()
        talk(anna, celina)
        anna.hangs_up()
        celina.ended()
        record = pbx.one_call(now)
    assert told(record) == [f"{queue.number} overflowed", "23 answered"]
    assert visit(record).why == "key"


def test_a_queue_that_is_deleted_lets_nobody_wait_for_ever(pbx: Product, anna: Person, bartek: Person) -> None:
    with open_queue(pbx, [bartek]) as queue:
        anna.dial(queue.number)
        bartek.rings()
        anna.hears_music()
    anna.ended(within=10 * OPEN_SECONDS)
    bartek.ended()


# --- what is told ---------------------------------------------------------------------------------------------------


@pytest.mark.long
def test_who_waits_is_told_his_place_and_hears_the_music_again(pbx: Product, anna: Person, celina: Person) -> None:
    with open_queue(pbx, [celina], announce_every=15, ring=60) as queue:
        anna.dial(queue.number)
        celina.rings()
        anna.is_told(Prompt.PLACE, within=25)
        anna.listens_anew()
        anna.hears_music(within=15)
        celina.answer()
        talk(anna, celina)
        anna.hangs_up()
        celina.ended()


@pytest.mark.long
def test_a_caller_who_asks_is_called_back(pbx: Product, now: float, anna: Person, bartek: Person) -> None:
    with open_queue(pbx, [bartek], call_back="1", ring=30) as queue:
        anna.dial(queue.number)
        bartek.rings()
        anna.hears_music()
        anna.presses("1")
        anna.is_told(Prompt.CALL_BACK)
        anna.ended(within=10)
        bartek.ended()
        bartek.rings(within=15)
        bartek.answer()
        anna.rings()
        anna.answer()
        talk(anna, bartek)
        bartek.hangs_up()
        anna.ended()
        wait_until(lambda: sum(row.ended is not None for row in pbx.log_since(now)) == 2, 4, "both calls are over")
        first, second = pbx.log_since(now)
    assert told(first) == [f"{queue.number} call-back"]
    assert visit(second).outcome is Outcome.ANSWERED
    assert second.outcome is Outcome.ANSWERED
