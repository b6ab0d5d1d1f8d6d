"""One softphone calls another by a number given in the panel."""

import time

import pytest

from app.core.actions import Prompt
from app.core.destinations import ToAccount
from app.core.outcome import EndedBy, Outcome
from tests.contract import programs
from tests.contract.people import People, Person
from tests.contract.phone import wait_until
from tests.contract.product import TESTER, Product
from tests.contract.worlds import on_freeswitch

SHORTLY = 0.5  # seconds two clocks or two processes may differ


def test_both_hear_each_other_until_the_callee_hangs_up(pbx: Product, now: float, anna: Person, bartek: Person) -> None:
    anna.dial("22")
    bartek.rings(anna)
    anna.hears_ringing()
    bartek.answer()
    answered = time.time()
    anna.talks()
    anna.hears(bartek)
    bartek.hears(anna)
    bartek.hangs_up()
    ended = time.time()
    anna.ended()
    row = pbx.one_call(now)
    assert (row.caller_number, row.caller_name, row.caller_login) == ("21", "Anna Żółć", anna.login)
    assert (row.dialled, row.outcome, row.ended_by) == ("22", Outcome.ANSWERED, EndedBy.CALLEE)
    assert row.answered == pytest.approx(answered, abs=SHORTLY)
    assert row.ended == pytest.approx(ended, abs=SHORTLY)
    (part,) = row.parts
    assert (part.number, part.name, part.login, part.outcome) == ("22", bartek.shown, bartek.login, Outcome.ANSWERED)


def test_the_caller_hangs_up(pbx: Product, now: float, anna: Person, bartek: Person) -> None:
    connect(anna, bartek)
    anna.hangs_up()
    bartek.ended()
    row = pbx.one_call(now)
    assert (row.outcome, row.ended_by) == (Outcome.ANSWERED, EndedBy.CALLER)


def test_a_call_that_goes_on_is_in_the_log_already(pbx: Product, now: float, anna: Person, bartek: Person) -> None:
    connect(anna, bartek)
    wait_until(lambda: pbx.log_since(now), 2, "the call is in the log")
    (row,) = pbx.log_since(now)
    assert row.answered is not None
    assert row.ended is None
    anna.hangs_up()
    assert pbx.one_call(now).call == row.call


def test_a_busy_phone_is_called_busy(pbx: Product, now: float, anna: Person, bartek: Person) -> None:
    anna.dial("22")
    bartek.rings()
    bartek.is_busy()
    anna.is_told_before_answer(Prompt.BUSY)
    anna.ended(486)
    assert pbx.one_call(now).outcome is Outcome.BUSY


def test_a_declined_call_is_called_declined(pbx: Product, now: float, anna: Person, bartek: Person) -> None:
    anna.dial("22")
    bartek.rings()
    bartek.declines()
    anna.is_told_before_answer(Prompt.DECLINED)
    anna.ended(603)
    assert pbx.one_call(now).outcome is Outcome.DECLINED


def test_a_phone_that_is_not_registered_is_reported_at_once(pbx: Product, now: float, anna: Person) -> None:
    anna.dial("22")
    anna.is_told_before_answer(Prompt.NOT_REGISTERED)
    anna.ended(480)
    row = pbx.one_call(now)
    assert row.outcome is Outcome.NOT_REGISTERED
    (part,) = row.parts
    assert part.ended == pytest.approx(part.started, abs=SHORTLY)


@on_freeswitch  # where time cannot be moved by hand, as it is in tests/scenarios
def test_a_phone_nobody_answers_stops_ringing(pbx: Product, now: float, anna: Person, bartek: Person) -> None:
    anna.dial("22")
    bartek.rings()
    bartek.ended(within=pbx.ring_seconds + 2)
    anna.is_told_before_answer(Prompt.NO_ANSWER)
    anna.ended(480)
    row = pbx.one_call(now)
    assert row.outcome is Outcome.NO_ANSWER
    (part,) = row.parts
    assert part.ended == pytest.approx(part.started + pbx.ring_seconds, abs=1)


def test_a_caller_who_gives_up_is_not_kept(pbx: Product, now: float, anna: Person, bartek: Person) -> None:
    anna.dial("22")
    bartek.rings()
    anna.hears_ringing()
    anna.hangs_up()
    bartek.ended()
    row = pbx.one_call(now)
    assert (row.outcome, row.ended_by) == (Outcome.CANCELLED, EndedBy.CALLER)


def test_the_second_device_of_an_account_learns_that_the_first_answered(
    pbx: Product, now: float, people: People, anna: Person, bartek: Person
) -> None:
    at_home = people.person("bartek", device="-home")
    anna.dial("22")
    bartek.rings(anna)
    at_home.rings(anna)
    at_home.answer()
    bartek.ended(reason='SIP;cause=200;text="Call completed elsewhere"')
    anna.talks()
    anna.hears(at_home)
    at_home.hears(anna)
    anna.hangs_up()
    at_home.ended()
    assert pbx.one_call(now).outcome is Outcome.ANSWERED


def test_one_device_that_declines_leaves_the_other_ringing(people: People, anna: Person, bartek: Person) -> None:
    at_home = people.person("bartek", device="-home")
    anna.dial("22")
    bartek.rings()
    at_home.rings()
    bartek.is_busy()
    at_home.answer()
    anna.hears(at_home)
    anna.hangs_up()


def test_a_wrong_number_is_said_to_be_wrong_in_the_tenants_language(
    pbx: Product, now: float, anna: Person, greta: Person
) -> None:
    anna.dial("77")
    greta.dial("77")
    anna.is_told_before_answer(Prompt.NO_SUCH_NUMBER)
    greta.is_told_before_answer(Prompt.NO_SUCH_NUMBER)
    anna.ended(404)
    greta.ended(404)
    assert pbx.one_call(now).outcome is Outcome.NO_SUCH_NUMBER
    assert pbx.one_call(now, "Beta").outcome is Outcome.NO_SUCH_NUMBER


def test_another_companys_number_cannot_be_reached(anna: Person, hugo: Person, greta: Person, bartek: Person) -> None:
    anna.dial("31")
    anna.ended(404, within=10)
    hugo.does_not_ring()
    hugo.dial("22")  # both companies have one
    greta.rings(hugo)
    bartek.does_not_ring()
    hugo.hangs_up()


def test_a_changed_number_reaches_a_call_within_a_second(pbx: Product, anna: Person, celina: Person, darek: Person) -> None:
    with pbx.office() as services:
        (extension,) = [row for row in services.numbers.list(pbx.tenant("Acme")) if row.number == "24"]
        services.numbers.change(TESTER, pbx.tenant("Acme"), extension.id, to=ToAccount(celina.login))
    saved = time.monotonic()
    try:
        while who_rings(anna, "24", celina, darek) is darek:
            assert time.monotonic() < saved + 1.0, "calls go where the number led before"
    finally:
        with pbx.office() as services:
            services.numbers.change(TESTER, pbx.tenant("Acme"), extension.id, to=ToAccount(darek.login))


@on_freeswitch
@pytest.mark.skipif(not programs.baresip() or not programs.pjsip(), reason="needs baresip and pjsua2")
def test_phones_of_two_makers_talk(people: People, anna: Person) -> None:
    bartek = people.person("bartek", program=programs.baresip())
    anna.dial("22")
    bartek.rings(anna)
    bartek.answer()
    anna.hears(bartek)
    bartek.hears(anna)
    bartek.hangs_up()
    anna.ended()
    bartek.dial("21")
    anna.rings(bartek)
    anna.answer()
    bartek.hears(anna)
    anna.hears(bartek)
    anna.hangs_up()
    bartek.ended()


def connect(caller: Person, callee: Person) -> None:
    """They talk and hear each other."""
    caller.dial(callee.number)
    callee.rings(caller)
    callee.answer()
    caller.talks()
    caller.hears(callee)
    callee.hears(caller)


def who_rings(caller: Person, number: str, *callees: Person) -> Person:
    """Dial, see whose phone rings, and give up."""
    caller.dial(number)
    wait_until(lambda: any(callee.device.has("ringing") for callee in callees), 5, "somebody's phone rings")
    (callee,) = [callee for callee in callees if callee.device.has("ringing")]
    callee.rings(caller)
    caller.hangs_up()
    callee.ended()
    return callee
