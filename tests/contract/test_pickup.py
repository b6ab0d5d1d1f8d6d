"""`*8` and a number: a call that rings elsewhere is taken, the caller notices nothing, and nobody is answered into silence."""

import time
from functools import partial

import pytest

from app.core.actions import Prompt
from app.core.outcome import Outcome
from tests.contract.desk import LEADS, Desk, at_once, crossing, exactly_one, in_parallel, told
from tests.contract.people import People, Person
from tests.contract.phone import wait_until
from tests.contract.product import Product

ELSEWHERE = 'SIP;cause=200;text="Call completed elsewhere"'
SETTLED = 3.0
TAKES = 0.6  # seconds in which a pickup is surely done, or the phone rings anew


def calls(caller: Person, callee: Person) -> None:
    """The callee's phone rings."""
    caller.dial(callee.number)
    callee.rings(caller)
    caller.hears_ringing()


def talk(caller: Person, picker: Person) -> None:
    """The picker has the caller."""
    picker.talks()
    caller.talks()
    hear_each_other(caller, picker)


def hear_each_other(one: Person, other: Person) -> None:
    """Now, and not only a moment ago."""
    one.hears(other)
    other.hears(one)


@pytest.mark.parametrize("code", ["*822", "*8112"])
def test_the_call_that_rings_is_taken(
    pbx: Product, now: float, anna: Person, bartek: Person, celina: Person, code: str
) -> None:
    calls(anna, bartek)
    celina.dial(code)
    talk(anna, celina)
    bartek.ended(reason=ELSEWHERE)
    celina.sees(anna)
    celina.hangs_up()
    anna.ended()
    record = pbx.one_call(now)
    assert told(record) == ["22 picked-up", "23 answered"]
    assert record.outcome is Outcome.ANSWERED
    assert (record.parts[1].login, record.parts[1].name) == (celina.login, celina.shown)


def test_all_devices_of_the_account_stop_ringing(people: People, anna: Person, bartek: Person, celina: Person) -> None:
    at_home = people.person("bartek", device="-home")
    calls(anna, bartek)
    at_home.rings(anna)
    celina.dial("*822")
    talk(anna, celina)
    for device in (bartek, at_home):
        device.ended(reason=ELSEWHERE)
    anna.hangs_up()
    celina.ended()


def test_the_oldest_is_taken_first(
    pbx: Product, now: float, anna: Person, bartek: Person, celina: Person, darek: Person, ewa: Person
) -> None:
    calls(anna, bartek)
    calls(darek, ewa)
    celina.dial("*8112")
    talk(anna, celina)
    assert not ewa.device.has("ended")
    celina.hangs_up()
    anna.ended()
    bartek.dial("*8112")
    talk(darek, bartek)
    darek.hangs_up()
    bartek.ended()
    wait_until(lambda: all(row.ended for row in pbx.log_since(now)), SETTLED, "both calls are over")
    assert [told(row) for row in pbx.log_since(now)] == [["22 picked-up", "23 answered"], ["201 picked-up", "22 answered"]]


@pytest.mark.parametrize("code", ["*823", "*824", "*877"])
def test_a_number_that_does_not_ring_has_nothing_to_take(
    pbx: Product, now: float, anna: Person, bartek: Person, celina: Person, code: str
) -> None:
    calls(anna, bartek)
    celina.dial(code)
    celina.is_told_before_answer(Prompt.NOTHING_TO_PICK_UP)
    celina.ended()
    assert not bartek.device.has("ended")
    bartek.answer()
    hear_each_other(anna, bartek)
    anna.hangs_up()
    bartek.ended()
    assert told(pbx.one_call(now)) == ["22 answered"]


def test_who_wants_a_call_that_was_answered_just_now_hears_by_whom(
    pbx: Product, now: float, anna: Person, bartek: Person, celina: Person
) -> None:
    calls(anna, bartek)
    bartek.answer()
    hear_each_other(anna, bartek)
    celina.dial("*822")
    celina.is_told_before_answer(Prompt.PICKED_UP_BY)
    celina.ended()
    hear_each_other(anna, bartek)
    anna.hangs_up()
    bartek.ended()
    assert told(pbx.one_call(now)) == ["22 answered"]


@pytest.mark.parametrize("code", ["*822", "*8112"])
def test_another_companys_call_cannot_be_taken(anna: Person, bartek: Person, hugo: Person, greta: Person, code: str) -> None:
    """Greta has the same number as Bartek."""

    def tries(stranger: Person) -> None:
        stranger.dial(code)
        stranger.is_told_before_answer(Prompt.NOTHING_TO_PICK_UP)
        stranger.ended()

    calls(anna, bartek)
    in_parallel([partial(tries, stranger) for stranger in (hugo, greta)])
    assert not bartek.device.has("ended")
    bartek.answer()
    hear_each_other(anna, bartek)
    anna.hangs_up()
    bartek.ended()


def test_a_caller_who_is_sent_on_can_be_taken(called: Desk, calling: Desk, darek: Person, marek: Person) -> None:
    def story(desk: Desk) -> None:
        picker = darek if desk is called else marek
        desk.talk()
        desk.transferor.presses("#23")
        desk.target.rings(desk.customer)
        picker.dial("*823")
        picker.talks()
        desk.talks_to(picker)
        desk.target.ended(reason=ELSEWHERE)
        picker.sees(desk.customer)
        picker.hangs_up()
        desk.customer.ended()
        desk.logged("22 transferred", "23 picked-up", f"{picker.number} answered")

    at_once(called, calling, story=story)


def test_a_caller_who_comes_back_can_be_taken(called: Desk, darek: Person) -> None:
    called.talk()
    called.transferor.presses("#23")
    called.target.rings(called.customer)
    called.target.is_busy()
    called.transferor.rings_again(called.customer, "23")
    darek.dial("*8112")
    darek.talks()
    called.talks_to(darek)
    called.transferor.ended(reason=ELSEWHERE)
    darek.hangs_up()
    called.customer.ended()
    called.logged("22 transferred", "23 busy", "22 picked-up", "24 answered")


def test_who_picks_up_a_consultation_takes_the_targets_place(called: Desk, calling: Desk, darek: Person, marek: Person) -> None:
    def story(desk: Desk) -> None:
        picker = darek if desk is called else marek
        desk.talk()
        desk.consult()
        picker.dial("*823")
        picker.talks()
        desk.target.ended()
        picker.hears(desk.transferor)
        desk.transferor.hears(picker)
        desk.customer.hears_music()
        picker.never_heard(desk.customer)
        desk.transferor.hangs_up()
        desk.talks_to(picker)
        picker.sees(desk.customer)
        picker.hangs_up()
        desk.customer.ended()
        desk.logged("22 transferred", "23 picked-up", f"{picker.number} answered")

    at_once(called, calling, story=story)


def test_who_has_picked_up_can_transfer(
    pbx: Product, now: float, anna: Person, bartek: Person, celina: Person, darek: Person
) -> None:
    calls(anna, bartek)
    celina.dial("*822")
    talk(anna, celina)
    celina.presses("#24")
    darek.rings(anna)
    celina.ended()
    darek.answer()
    darek.hears(anna)
    anna.hears(darek)
    anna.heard_no_keys()
    anna.hangs_up()
    darek.ended()
    assert told(pbx.one_call(now)) == ["22 picked-up", "23 transferred", "24 answered"]


@pytest.mark.parametrize("lead", LEADS)
def test_of_two_who_take_the_same_call_one_gets_it(
    pbx: Product, now: float, anna: Person, bartek: Person, celina: Person, darek: Person, lead: float
) -> None:
    calls(anna, bartek)
    crossing(lambda: celina.dial("*822"), lambda: darek.dial("*8112"), lead)
    winner = exactly_one((celina, darek), lambda one: one.device.has("answered"), SETTLED, "one has the call")
    talk(anna, winner)
    (loser,) = {celina, darek} - {winner}
    loser.is_told_before_answer(Prompt.PICKED_UP_BY)
    loser.ended()
    bartek.ended(reason=ELSEWHERE)
    anna.hangs_up()
    winner.ended()
    assert told(pbx.one_call(now)) == ["22 picked-up", f"{winner.number} answered"]


@pytest.mark.parametrize("lead", LEADS)
def test_a_pickup_against_the_answer_leaves_one_of_them_with_the_caller(
    pbx: Product, now: float, anna: Person, bartek: Person, celina: Person, lead: float
) -> None:
    calls(anna, bartek)
    crossing(lambda: celina.dial("*822"), bartek.picks_up, lead)
    wait_until(lambda: bartek.is_free() or celina.is_free(), 8, "one of them has lost")
    winner = celina if bartek.is_free() else bartek
    anna.hears(winner)
    winner.hears(anna)
    anna.hangs_up()
    for person in (bartek, celina):
        wait_until(person.is_free, SETTLED, f"{person.shown} is free")
    assert told(pbx.one_call(now))[-1] == f"{winner.number} answered"


@pytest.mark.parametrize("lead", LEADS)
def test_a_pickup_against_a_caller_who_gives_up_leaves_nobody_waiting(
    pbx: Product, now: float, anna: Person, bartek: Person, celina: Person, lead: float
) -> None:
    calls(anna, bartek)
    crossing(lambda: celina.dial("*822"), anna.hangs_up, lead)
    bartek.ended()
    wait_until(celina.is_free, 8, "the picker is free")
    pbx.one_call(now)


@pytest.mark.parametrize("patience", [0.0, 0.06, 0.12, 0.18])
def test_a_picker_who_changes_his_mind_loses_nobody(
    pbx: Product, now: float, anna: Person, bartek: Person, celina: Person, patience: float
) -> None:
    calls(anna, bartek)
    celina.dial("*822")
    time.sleep(patience)
    celina.puts_down()
    wait_until(celina.is_free, SETTLED, "the picker is free")
    time.sleep(TAKES)
    if not anna.is_free():  # he never had her; if he had, it was he who put down, and the call is over
        if bartek.device.has("ended"):
            bartek.rings(anna)
        bartek.answer()
        hear_each_other(anna, bartek)
        anna.hangs_up()
    bartek.ended()
    pbx.one_call(now)
