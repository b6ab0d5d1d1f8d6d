"""The company a first start finds."""

from app.core.destinations import ToAccount, ToRing
from app.demo import ensure_demo


def test_first_start_makes_two_phones_and_a_number_that_rings_both(pbx):
    anna, bartek = ensure_demo(pbx)
    assert (anna.number, bartek.number) == ("21", "22")
    (demo,) = pbx.tenants.list()
    assert {number.number: number.to for number in pbx.numbers.list(demo.id)} == {
        "20": ToRing((anna.login, bartek.login)),
        "21": ToAccount(anna.login),
        "22": ToAccount(bartek.login),
    }
    assert anna.password not in repr(anna)


def test_later_starts_make_nothing(pbx, acme):
    assert ensure_demo(pbx) == []
    assert [tenant.name for tenant in pbx.tenants.list()] == ["Acme"]
