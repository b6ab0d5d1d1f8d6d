"""Two people do something at the same moment: whichever the switch hears first, nobody is lost.

Each race is run with one a little earlier, a little later, and at once; what must be true in the end is the same.
"""

import pytest

from tests.contract.desk import LEADS, Desk, at_once, crossing, exactly_one, in_parallel
from tests.contract.people import Person
from tests.contract.phone import wait_until

pytestmark = pytest.mark.long

SETTLED = 3.0  # seconds in which a race must have an end


def everybody_is_gone(desk: Desk) -> None:
    """Nobody is left in a call."""
    for person in desk.people:
        wait_until(person.is_free, SETTLED, f"{person.shown} is free")


@pytest.mark.parametrize("lead", LEADS)
def test_the_star_against_the_targets_answer(called: Desk, calling: Desk, lead: float) -> None:
    def story(desk: Desk) -> None:
        desk.talk()
        desk.consult()
        crossing(desk.target.picks_up, lambda: desk.transferor.presses("*", "info"), lead)
        wait_until(desk.target.is_free, SETTLED, "the target is free")
        desk.talks_to(desk.transferor)
        record = desk.finish_somehow()
        assert record.parts[-1].number == "22"

    at_once(called, calling, story=story)


@pytest.mark.parametrize("lead", LEADS)
def test_the_transferor_puts_down_against_the_targets_answer(called: Desk, calling: Desk, lead: float) -> None:
    def story(desk: Desk) -> None:
        desk.talk()
        desk.consult()
        crossing(desk.target.picks_up, desk.transferor.hangs_up, lead)
        desk.talks_to(desk.target)
        desk.finish("22 transferred", "23 answered")

    at_once(called, calling, story=story)


@pytest.mark.parametrize("lead", LEADS)
def test_the_transferor_puts_down_against_the_targets_putting_down(called: Desk, calling: Desk, lead: float) -> None:
    def story(desk: Desk) -> None:
        desk.talk()
        desk.confer()
        crossing(desk.target.hangs_up, desk.transferor.hangs_up, lead)
        wait_until(lambda: desk.transferor.device.has("ringing") or desk.customer.is_free(), SETTLED, "it is decided")
        if not desk.customer.is_free():  # nobody was left whom the caller talked to
            desk.comes_back()
        desk.finish_somehow()

    at_once(called, calling, story=story)


@pytest.mark.parametrize("lead", LEADS)
def test_the_star_against_the_targets_putting_down(called: Desk, calling: Desk, lead: float) -> None:
    def story(desk: Desk) -> None:
        desk.talk()
        desk.confer()
        crossing(desk.target.hangs_up, lambda: desk.transferor.presses("*", "info"), lead)
        desk.talks_to(desk.transferor)
        desk.finish("22 consulted", "23 answered", "22 answered")

    at_once(called, calling, story=story)


@pytest.mark.parametrize("lead", LEADS)
def test_the_caller_leaves_against_the_targets_answer(called: Desk, calling: Desk, lead: float) -> None:
    def sent_on(desk: Desk) -> None:
        desk.talk()
        desk.transferor.presses("#23")
        desk.target.rings(desk.customer)
        desk.transferor.ended()
        crossing(desk.target.picks_up, desk.customer.hangs_up, lead)
        everybody_is_gone(desk)
        desk.finish_somehow()

    def consulted(desk: Desk) -> None:
        desk.talk()
        desk.consult()
        crossing(desk.target.picks_up, desk.customer.hangs_up, lead)
        desk.transferor.puts_down()  # the two may talk: then one of them ends it
        everybody_is_gone(desk)
        desk.finish_somehow()

    at_once(called, calling, story=lambda desk: (sent_on if desk is called else consulted)(desk))


@pytest.mark.parametrize("code", ["#", "**", "#23"])
def test_the_caller_leaves_against_the_code(called: Desk, calling: Desk, code: str) -> None:
    def story(desk: Desk) -> None:
        desk.talk()
        lead = 0.01 if desk is called else -0.01
        crossing(lambda: desk.transferor.presses(code, "info"), desk.customer.hangs_up, lead)
        everybody_is_gone(desk)
        desk.finish_somehow()

    at_once(called, calling, story=story)


def test_the_caller_may_leave_whatever_is_done_for_him(called: Desk, calling: Desk, english: Desk) -> None:
    def while_the_reason_is_told() -> None:
        called.talk()
        called.consult()
        called.target.is_busy()
        called.customer.hears_music()
        called.customer.hangs_up()
        everybody_is_gone(called)
        called.logged("22 consulted", "23 busy")

    def while_he_is_left_ringing() -> None:
        calling.talk()
        calling.consult()
        calling.transferor.hangs_up()
        calling.customer.hears_ringing_tone()
        calling.customer.hangs_up()
        everybody_is_gone(calling)
        calling.logged("22 transferred", "23 cancelled")

    def while_he_comes_back() -> None:
        english.talk()
        english.transferor.presses("#31")
        english.target.rings(english.customer)
        english.target.is_busy()
        english.transferor.rings_again(english.customer, "31")
        english.customer.hangs_up()
        everybody_is_gone(english)
        english.logged("23 transferred", "31 busy", "23 cancelled")

    in_parallel([while_the_reason_is_told, while_he_is_left_ringing, while_he_comes_back])


@pytest.mark.parametrize("lead", LEADS)
def test_the_transferor_puts_down_against_the_last_digit(called: Desk, calling: Desk, lead: float) -> None:
    def story(desk: Desk) -> None:
        desk.talk()
        desk.transferor.presses("#2", "info")
        desk.customer.hears_music()
        crossing(lambda: desk.transferor.presses("3", "info"), desk.transferor.puts_down, lead)
        rung = whoever_rings(desk)
        rung.answer()
        desk.talks_to(rung)
        desk.finish_somehow()

    at_once(called, calling, story=story)


def whoever_rings(desk: Desk) -> Person:
    """The target, or the transferor to whom the call comes back."""
    either = (desk.target, desk.transferor)
    person = exactly_one(either, lambda one: one.device.has("ringing"), SETTLED, "somebody's phone rings")
    person.rings()
    return person
