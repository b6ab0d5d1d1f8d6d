"""The company a first start finds."""

from app.core.destinations import ToAccount, ToQueue, ToRing
from app.demo import TO_DIAL, ensure_demo


def test_first_start_makes_two_phones_and_numbers_that_ring_both(pbx):
    anna, bartek = ensure_demo(pbx)
    assert (anna.number, bartek.number) == ("21", "22")
    (demo,) = pbx.tenants.list()
    numbers = {number.number: number.to for number in pbx.numbers.list(demo.id)}
    assert numbers == {
        "20": ToRing((anna.login, bartek.login)),
        "21": ToAccount(anna.login),
        "22": ToAccount(bartek.login),
        "30": ToQueue("Serwis"),
    }
    assert all(number in TO_DIAL for number in numbers)
    assert anna.password not in repr(anna)


def test_first_start_makes_a_queue_whose_agents_are_on_duty(pbx):
    anna, bartek = ensure_demo(pbx)
    (demo,) = pbx.tenants.list()
    (queue,) = pbx.queue_board.now(demo.id)
    assert (queue.name, queue.number) == ("Serwis", "30")
    assert [(agent.key, agent.takes_calls) for agent in queue.agents] == [(anna.login, True), (bartek.login, True)]


def test_later_starts_make_nothing(pbx, acme):
    assert ensure_demo(pbx) == []
    assert [tenant.name for tenant in pbx.tenants.list()] == ["Acme"]
