"""Caller or agent hangs up in the moment in which the switch joins the two (signalwire/freeswitch#1973): nobody gets lost."""

from contextlib import suppress

import pytest

from app.core.outcome import Outcome
from app.core.queues import Strategy
from tests.contract.desk import crossing
from tests.contract.people import Person
from tests.contract.phone import wait_until
from tests.contract.product import Product
from tests.contract.switch_tables import HEALED, NEXT, SOON, all_clean
from tests.contract.waiting_room import open_queue, talk, visit
from tests.contract.worlds import on_freeswitch

pytestmark = [pytest.mark.long, on_freeswitch]

LEADS = (0.0, 0.01, 0.02, 0.03, 0.045, 0.06)
"""Seconds after an agent's answer in which the switch joins the two."""


@pytest.mark.parametrize("strategy", [Strategy.ALL, Strategy.IN_ORDER])
@pytest.mark.parametrize("after", LEADS)
def test_a_caller_who_hangs_up_at_the_answer_leaves_nobody_behind(
    pbx: Product, now: float, anna: Person, bartek: Person, darek: Person, strategy: Strategy, after: float
) -> None:
    with open_queue(pbx, [bartek], strategy=strategy) as queue:
        anna.dial(queue.number)
        bartek.rings()
        crossing(bartek.picks_up, anna.hangs_up, after)
        wait_until(bartek.is_free, SOON, "the agent is let go")
        record = pbx.one_call(now)
        assert visit(record).outcome in (Outcome.ANSWERED, Outcome.ABANDONED)
        darek.dial(queue.number)
        bartek.rings(within=HEALED)
        bartek.answer()
        talk(darek, bartek)
        darek.hangs_up()
        bartek.ended()
        all_clean(pbx, queue.id)


@pytest.mark.parametrize("strategy", [Strategy.ALL, Strategy.IN_ORDER])
@pytest.mark.parametrize("after", LEADS)
def test_an_agent_who_leaves_at_the_answer_does_not_take_the_caller_with_him(
    pbx: Product, now: float, anna: Person, bartek: Person, strategy: Strategy, after: float
) -> None:
    with open_queue(pbx, [bartek], strategy=strategy, retry=2) as queue:
        anna.dial(queue.number)
        bartek.rings()
        crossing(bartek.picks_up, bartek.hangs_up, after)
        if not _was_joined(anna):
            bartek.rings(within=HEALED)
            bartek.answer()
            talk(anna, bartek)
        anna.puts_down()
        wait_until(bartek.is_free, SOON, "the telephone is free")
        record = pbx.one_call(now)
        assert visit(record).outcome is Outcome.ANSWERED
        all_clean(pbx, queue.id)


@pytest.mark.parametrize("after", LEADS)
def test_a_caller_whose_agent_left_at_the_answer_is_not_taken_away_from_the_next(
    pbx: Product, anna: Person, bartek: Person, celina: Person, darek: Person, after: float
) -> None:
    """The switch keeps a row of him for either time he stood in line, and would ring agents for each; in vain and all the
    time, in which it would find none for the next caller."""
    with open_queue(pbx, [bartek, celina], strategy=Strategy.IN_ORDER, retry=1) as queue:
        anna.dial(queue.number)
        bartek.rings()
        crossing(bartek.picks_up, bartek.hangs_up, after)
        if not _was_joined(anna):
            celina.rings(within=HEALED)
            celina.answer()
            talk(anna, celina)
            wait_until(bartek.is_free, NEXT, "he is rung no more")
            while bartek.device.has("ringing"):
                bartek.rings()
            bartek.does_not_ring(lasting=NEXT)
            darek.dial(queue.number)
            bartek.rings(within=NEXT)
            bartek.answer()
            talk(darek, bartek)
            talk(anna, celina)
            for caller in (anna, darek):
                caller.hangs_up()
        celina.puts_down()
        for person in (bartek, celina):
            wait_until(person.is_free, SOON, "the telephone is free")
        all_clean(pbx, queue.id)


def _was_joined(caller: Person) -> bool:
    """Whether the two were one before he left, so that the call has ended with him."""
    with suppress(AssertionError):
        caller.ended(within=1.0)
        return True
    return False
