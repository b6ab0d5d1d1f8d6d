"""`#`: the caller is sent on, and comes back when nobody is there. Each way round, at two desks at once."""

import time

import pytest

from app.core.actions import Prompt
from tests.contract.desk import Desk, at_once
from tests.contract.people import Person
from tests.contract.product import Product

pytestmark = pytest.mark.long


def test_the_caller_is_sent_on(called: Desk, calling: Desk) -> None:
    def story(desk: Desk) -> None:
        customer, transferor, target = desk.customer, desk.transferor, desk.target
        desk.talk()
        transferor.presses("#")
        customer.hears_music()
        transferor.hears_dial_tone()
        transferor.presses("23")
        target.rings(customer)
        transferor.ended()
        customer.hears_ringing_tone()
        target.answer()
        desk.talks_to(target)
        customer.heard_no_keys()
        target.heard_no_keys()
        target.never_heard(transferor)
        target.hangs_up()
        customer.ended()
        desk.logged("22 transferred", "23 answered")

    at_once(called, calling, story=story)


def test_a_target_can_send_the_caller_on_again(called: Desk, calling: Desk) -> None:
    def story(desk: Desk) -> None:
        desk.talk()
        desk.transferor.presses("#23")
        desk.target.rings(desk.customer)
        desk.target.answer()
        desk.talks_to(desk.target)
        desk.transferor.ended()
        desk.target.presses("#")
        desk.customer.hears_music()
        desk.target.presses(desk.transferor.number)
        desk.transferor.rings(desk.customer)
        desk.transferor.answer()
        desk.talks_to(desk.transferor)
        desk.finish("22 transferred", "23 transferred", f"{desk.transferor.number} answered")

    at_once(called, calling, story=story)


def test_three_wrong_numbers_lead_back_to_the_call(called: Desk, calling: Desk) -> None:
    def story(desk: Desk) -> None:
        customer, transferor = desk.customer, desk.transferor
        desk.talk()
        transferor.presses("#")
        customer.hears_music()
        for wrong in ("99#", "#"):
            transferor.hears_dial_tone()
            transferor.listens_anew()
            transferor.presses(wrong)
            transferor.is_told(Prompt.NO_SUCH_NUMBER)
        transferor.hears_dial_tone()
        customer.hears_music()
        transferor.listens_anew()
        transferor.presses("7")  # and no more: the time for digits runs out
        transferor.is_told(Prompt.NO_SUCH_NUMBER)
        desk.talks_to(transferor)
        customer.heard_no_keys()
        desk.finish("22 answered")

    at_once(called, calling, story=story)


def test_a_transferor_who_dials_nothing_is_told_so_and_the_star_leads_back(called: Desk, calling: Desk) -> None:
    def story(desk: Desk) -> None:
        customer, transferor = desk.customer, desk.transferor
        desk.talk()
        transferor.presses("#")
        transferor.hears_dial_tone()
        transferor.is_told(Prompt.NO_SUCH_NUMBER, within=14)
        customer.hears_music()
        transferor.presses("2*")
        desk.talks_to(transferor)
        transferor.presses("#")  # the keys are listened for again
        transferor.hears_dial_tone()
        transferor.presses("*")
        desk.talks_to(transferor)
        customer.heard_no_keys()
        desk.finish("22 answered")

    at_once(called, calling, story=story)


def test_a_caller_whom_nobody_takes_comes_back_marked(called: Desk, calling: Desk) -> None:
    def story(desk: Desk) -> None:
        desk.talk()
        for refuses in (desk.target.is_busy, desk.target.declines):
            desk.transferor.presses("#23")
            desk.target.rings(desk.customer)
            desk.transferor.ended()
            refuses()
            desk.comes_back("23")
        desk.target.device.unregister()
        desk.transferor.presses("#23")
        desk.transferor.ended()
        desk.comes_back("23")
        me = desk.transferor.number
        desk.finish(
            "22 transferred",
            *("23 busy", f"{me} transferred"),
            *("23 declined", f"{me} transferred"),
            *("23 not-registered", f"{me} answered"),
        )

    at_once(called, calling, story=story)


def test_a_caller_comes_back_in_english_where_english_is_spoken(english: Desk) -> None:
    english.talk()
    english.transferor.presses("#31")
    english.target.rings(english.customer)
    english.target.is_busy()
    english.comes_back("31")
    english.finish("23 transferred", "31 busy", "23 answered")


def test_a_number_that_may_go_on_is_dialled_after_a_while_or_at_the_hash(pbx: Product, calling: Desk, marek: Person) -> None:
    calling.talk()
    calling.transferor.presses("#20")
    marek.does_not_ring(0.7)
    marek.rings(calling.customer, within=pbx.digit_timeout)
    marek.declines()
    calling.comes_back("20")
    dialled = time.monotonic()
    calling.transferor.presses("#20#")
    marek.rings(calling.customer)
    assert time.monotonic() - dialled < pbx.digit_timeout
    marek.declines()
    calling.comes_back("20")
    calling.finish("22 transferred", "20 declined", "21 transferred", "20 declined", "21 answered")


def test_a_transferor_who_puts_down_after_the_digits_has_said_enough(calling: Desk, marek: Person) -> None:
    calling.talk()
    calling.transferor.presses("#")
    calling.transferor.hears_dial_tone()
    calling.transferor.presses("20")
    calling.transferor.hears_nothing(0.3)
    calling.transferor.hangs_up()
    marek.rings(calling.customer, within=1)
    marek.answer()
    calling.talks_to(marek)
    marek.hangs_up()
    calling.customer.ended()
    calling.logged("22 transferred", "20 answered")


def test_a_transferor_who_puts_down_without_a_number_gets_the_caller_back(called: Desk, calling: Desk) -> None:
    def story(desk: Desk) -> None:
        desk.talk()
        desk.transferor.presses("#")
        desk.customer.hears_music()
        desk.transferor.hangs_up()
        desk.comes_back()
        desk.finish("22 transferred", f"{desk.transferor.number} answered")

    at_once(called, calling, story=story)


def test_a_caller_who_leaves_ends_it_whatever_the_transferor_does(called: Desk, calling: Desk) -> None:
    def while_dialling(desk: Desk) -> None:
        desk.talk()
        desk.transferor.presses("#2")
        desk.customer.hears_music()
        desk.customer.hangs_up()
        desk.transferor.ended()
        desk.logged("22 answered")

    def while_the_target_rings(desk: Desk) -> None:
        desk.talk()
        desk.transferor.presses("#23")
        desk.target.rings(desk.customer)
        desk.customer.hangs_up()
        desk.target.ended()
        desk.transferor.ended()
        desk.logged("22 transferred", "23 cancelled")

    at_once(called, calling, story=lambda desk: (while_dialling if desk is called else while_the_target_rings)(desk))


@pytest.mark.parametrize("method", ["rfc2833", "info"])
def test_keys_of_the_calling_side_are_the_called_ones_business(called: Desk, method: str) -> None:
    called.talk()
    called.customer.presses("#23", method)
    called.transferor.hears_keys("#23")
    called.customer.presses("**23*822", method)
    called.transferor.hears_keys("**23*822")
    called.talks_to(called.transferor)
    called.target.does_not_ring()
    called.finish("22 answered")


def test_keys_sent_as_messages_do_the_same(called: Desk) -> None:
    called.talk()
    called.transferor.presses("#", "info")
    called.customer.hears_music()
    called.transferor.presses("23", "info")
    called.target.rings(called.customer)
    called.transferor.ended()
    called.target.answer()
    called.talks_to(called.target)
    called.customer.heard_no_keys()
    called.finish("22 transferred", "23 answered")


def test_a_number_sent_all_at_once_is_heard_by_nobody_else(called: Desk, calling: Desk) -> None:
    """As by a key of the phone that has the whole of it stored: the switch has had no time to part the two."""

    def story(desk: Desk) -> None:
        desk.talk()
        desk.transferor.presses("**23", "info")
        desk.target.rings(desk.transferor)
        desk.transferor.hears_ringing_tone()
        desk.customer.hears_music()
        desk.transferor.presses("*", "info")
        desk.talks_to(desk.transferor)
        desk.target.ended()
        desk.transferor.presses("#23", "info")
        desk.target.rings(desk.customer)
        desk.transferor.ended()
        desk.target.answer()
        desk.talks_to(desk.target)
        desk.customer.heard_no_keys()
        desk.finish("22 consulted", "23 cancelled", "22 transferred", "23 answered")

    at_once(called, calling, story=story)


def test_a_key_that_begins_nothing_leaves_the_others_to_the_far_end(called: Desk) -> None:
    called.talk()
    called.confer()
    called.target.presses("#")
    called.target.presses("5")
    called.transferor.hears_keys("5")
    called.finish("22 consulted", "23 answered")
