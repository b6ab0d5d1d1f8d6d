"""What phones do by themselves: hold, and the transfer key (REFER), blind and attended."""

import time

import pytest

from app.core.actions import Prompt
from tests.contract.desk import LEADS, Desk, at_once, crossing, exactly_one, told
from tests.contract.people import Person
from tests.contract.phone import wait_until
from tests.contract.product import Product
from tests.contract.worlds import on_freeswitch

pytestmark = pytest.mark.long

SETTLED = 4.0
LATE = 3.0  # seconds by which a phone may stop ringing later than it should
HUMAN = 0.5  # seconds from one key to the next, or until somebody does something about what he hears, at least


def test_who_is_held_hears_music_until_the_call_goes_on(called: Desk) -> None:
    called.talk()
    for one, other in ((called.transferor, called.customer), (called.customer, called.transferor)):
        one.holds()
        other.hears_music()
        one.resumes()
        called.talks_to(called.transferor)
    called.finish("22 answered")


@on_freeswitch  # the keys of a phone that holds are the phone's own affair
def test_a_key_on_a_phone_that_holds_begins_a_transfer(called: Desk) -> None:
    called.talk()
    called.transferor.holds()
    called.customer.hears_music()
    called.transferor.presses("**", "info")
    called.transferor.hears_nothing(HUMAN)
    called.transferor.resumes()
    called.transferor.hears_dial_tone()
    called.customer.hears_music()
    called.transferor.presses("*")
    called.talks_to(called.transferor)
    called.finish("22 answered")


@pytest.mark.parametrize("side", ["called", "calling"])
def test_the_transfer_key_sends_the_other_on(called: Desk, side: str) -> None:
    sender, customer = (called.transferor, called.customer)[:: 1 if side == "called" else -1]
    called.talk()
    sender.refers("23")
    called.target.rings(customer)
    wait_until(sender.is_free, SETTLED, "who sent him on is free")
    called.target.answer()
    customer.hears(called.target)
    called.target.hears(customer)
    called.target.never_heard(sender)
    customer.hangs_up()
    called.target.ended()
    called.logged("22 transferred", "23 answered")


def test_who_is_sent_on_by_the_transfer_key_comes_back_when_nobody_is_there(called: Desk, calling: Desk) -> None:
    def story(desk: Desk) -> None:
        desk.talk()
        desk.transferor.refers("23")
        desk.target.rings(desk.customer)
        desk.target.is_busy()
        desk.comes_back("23")
        desk.transferor.refers("77")
        desk.comes_back("77")  # which is no number at all, so he sees what he has dialled
        me = desk.transferor.number
        record = desk.finish_somehow()
        assert told(record)[:3] == ["22 transferred", "23 busy", f"{me} transferred"]
        assert told(record)[-1] == f"{me} answered"

    at_once(called, calling, story=story)


def second_call(desk: Desk) -> tuple[str, str]:
    """The transferor holds the customer and calls the target; both of the transferor's calls."""
    first = desk.transferor.call
    desk.transferor.holds()
    desk.customer.hears_music()
    second = desk.transferor.dial(desk.target.number)
    desk.target.rings(desk.transferor)
    return first, second


def sent_early(desk: Desk) -> None:
    """… and sends the customer to the target, which rings."""
    desk.talk()
    first, second = second_call(desk)
    desk.transferor.device.order("join", call=first, other=second)
    wait_until(desk.transferor.is_free, SETTLED, "the transferor is free")


def test_the_transfer_key_joins_two_calls(pbx: Product, called: Desk) -> None:
    called.talk()
    first, second = second_call(called)
    called.target.answer()
    called.transferor.talks()
    called.transferor.hears(called.target)
    called.transferor.device.order("join", call=first, other=second)
    called.talks_to(called.target)
    wait_until(called.transferor.is_free, SETTLED, "the transferor is free")
    called.target.sees(called.customer)
    called.customer.hangs_up()
    called.target.ended()
    is_written_down_once(pbx, called, "22 transferred", "23 answered")


def test_the_transfer_key_pressed_while_the_second_still_rings(pbx: Product, called: Desk, darek: Person) -> None:
    sent_early(called)
    called.customer.hears_ringing_tone()
    assert not called.target.device.has("ended")  # it rings on, as FreeSWITCH has it (sofia.c, sofia_handle_sip_i_refer)
    called.target.answer()
    called.talks_to(called.target)
    called.target.sees(called.customer)
    called.target.presses("#24")
    darek.rings(called.customer)
    darek.answer()
    called.talks_to(darek)
    called.customer.hangs_up()
    darek.ended()
    is_written_down_once(pbx, called, "22 transferred", "23 transferred", "24 answered")


def test_the_transfer_key_pressed_while_the_second_still_rings_loses_nobody(pbx: Product, called: Desk) -> None:
    sent_early(called)
    time.sleep(HUMAN)
    called.target.declines()
    called.comes_back(called.target.number)
    called.customer.hangs_up()
    called.transferor.ended()
    is_written_down_once(pbx, called, "22 transferred", "23 declined", "22 answered")


def test_nobody_answers_whom_the_transfer_key_has_sent_to_a_phone_that_rings(pbx: Product, called: Desk) -> None:
    sent_early(called)
    called.target.ended(within=pbx.ring_seconds + LATE)
    called.comes_back(called.target.number)
    called.customer.hangs_up()
    called.transferor.ended()
    is_written_down_once(pbx, called, "22 transferred", "23 no-answer", "22 answered")


@pytest.mark.parametrize("code", ["*823", "*8112"])
def test_who_was_sent_to_a_phone_that_rings_can_be_taken_by_another(
    pbx: Product, called: Desk, darek: Person, ewa: Person, code: str
) -> None:
    sent_early(called)
    darek.dial(code)
    darek.talks()
    called.target.ended()
    called.talks_to(darek)
    ewa.dial("*823")
    ewa.is_told_before_answer(Prompt.PICKED_UP_BY)
    darek.presses("#23")  # the keys of whoever has taken it are his
    called.target.rings(called.customer)
    called.target.answer()
    called.talks_to(called.target)
    called.customer.hangs_up()
    called.target.ended()
    is_written_down_once(pbx, called, "22 transferred", "23 picked-up", "24 transferred", "23 answered")


def test_who_takes_him_and_the_target_who_answers_do_not_both_get_him(pbx: Product, called: Desk, darek: Person) -> None:
    for lead in LEADS:
        sent_early(called)
        crossing(lambda: darek.dial("*823"), called.target.picks_up, lead)
        winner = exactly_one((darek, called.target), is_in_a_talk, SETTLED, "somebody has the customer")
        called.talks_to(winner)
        for person in (*called.people, darek):
            person.puts_down()
            wait_until(person.is_free, SETTLED, f"{person.shown} is free")


def is_in_a_talk(person: Person) -> bool:
    """Whether somebody on the phone has been answered and is there still."""
    return person.device.has("answered", call=person.call) and not person.is_free()


def test_a_caller_who_puts_down_ends_the_ringing_of_whom_he_was_sent_to(pbx: Product, called: Desk) -> None:
    sent_early(called)
    called.customer.hangs_up()
    called.target.ended()
    is_written_down_once(pbx, called, "22 transferred", "23 cancelled")


def is_written_down_once(pbx: Product, desk: Desk, *parts: str) -> None:
    """The customer's call is one record, however many calls the transferor made."""
    wait_until(lambda: all(row.ended for row in pbx.log_since(desk.since, desk.company)), SETTLED, "every call is over")
    rows = [row for row in pbx.log_since(desk.since, desk.company) if row.caller_login == desk.customer.login]
    assert len(rows) == 1
    assert told(rows[0]) == list(parts)
