"""Somebody calls a queue: he hears music, agents are rung, and one of them has him; or he is led on, and never told «busy»."""

from app.core.outcome import Outcome
from tests.contract.desk import told
from tests.contract.people import Person
from tests.contract.product import Product
from tests.contract.waiting_room import open_queue, visit


def test_a_caller_waits_with_music_and_is_given_to_an_agent(pbx: Product, now: float, anna: Person, bartek: Person) -> None:
    with open_queue(pbx, [bartek]) as queue:
        anna.dial(queue.number)
        anna.talks()
        bartek.rings()
        anna.hears_music()
        bartek.answer()
        anna.hears(bartek)
        bartek.hears(anna)
        bartek.hangs_up()
        anna.ended()
        record = pbx.one_call(now)
    assert told(record) == [f"{queue.number} answered", "22 answered"]
    assert (visit(record).outcome, visit(record).agent) == (Outcome.ANSWERED, bartek.login)
