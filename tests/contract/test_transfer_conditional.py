"""`**`: the target is asked first, and the caller is never far away. Each way round, at two desks at once."""

import pytest

from app.core.actions import Prompt
from tests.contract.desk import Desk, at_once


def test_the_target_is_asked_and_gets_the_caller(called: Desk, calling: Desk) -> None:
    def story(desk: Desk) -> None:
        customer, transferor, target = desk.customer, desk.transferor, desk.target
        desk.talk()
        transferor.presses("**")
        customer.hears_music()
        transferor.hears_dial_tone()
        transferor.presses("23")
        target.rings(transferor)
        transferor.hears_ringing_tone()
        target.answer()
        transferor.hears(target)
        target.hears(transferor)
        customer.hears_music()
        target.never_heard(customer)
        customer.never_heard(target)
        target.device.listen_anew(target.call)
        transferor.hangs_up()
        desk.talks_to(target)
        target.sees(customer)
        customer.heard_no_keys()
        target.heard_no_keys()
        target.hangs_up()
        customer.ended()
        desk.logged("22 transferred", "23 answered")

    at_once(called, calling, story=story)


def test_the_target_sees_the_transferor_while_they_talk(called: Desk) -> None:
    called.talk()
    called.confer()
    assert not called.target.device.has("display")
    called.finish("22 consulted", "23 answered")


def test_the_star_takes_the_caller_back_while_it_rings_and_while_they_talk(called: Desk, calling: Desk) -> None:
    def story(desk: Desk) -> None:
        desk.talk()
        desk.consult()
        desk.transferor.presses("*")
        desk.target.ended()
        desk.talks_to(desk.transferor)
        desk.confer()
        desk.transferor.presses("*")
        desk.target.ended()
        desk.talks_to(desk.transferor)
        desk.customer.heard_no_keys()
        desk.customer.never_heard(desk.target)
        desk.finish("22 consulted", "23 cancelled", "22 consulted", "23 answered", "22 answered")

    at_once(called, calling, story=story)


def test_a_target_who_is_not_there_is_told_why_and_the_caller_is_back(called: Desk, calling: Desk) -> None:
    def story(desk: Desk) -> None:
        transferor = desk.transferor
        desk.talk()
        for refuses, prompt in ((desk.target.is_busy, Prompt.BUSY), (desk.target.declines, Prompt.DECLINED)):
            desk.consult()
            refuses()
            transferor.is_told(prompt)
            desk.talks_to(transferor)
        desk.target.device.unregister()
        transferor.presses("**23")
        transferor.is_told(Prompt.NOT_REGISTERED)
        desk.talks_to(transferor)
        refused = ("22 consulted", "23 busy", "22 consulted", "23 declined", "22 consulted", "23 not-registered")
        desk.finish(*refused, "22 answered")

    at_once(called, calling, story=story)


def test_the_star_cuts_the_reason_short(called: Desk) -> None:
    called.talk()
    called.consult()
    called.target.is_busy()
    called.customer.hears_music()
    called.transferor.presses("*")
    called.talks_to(called.transferor)
    called.finish("22 consulted", "23 busy", "22 answered")


def test_a_wrong_number_is_tried_again(called: Desk, calling: Desk) -> None:
    def story(desk: Desk) -> None:
        desk.talk()
        desk.transferor.presses("**77#")
        desk.transferor.is_told(Prompt.NO_SUCH_NUMBER)
        desk.customer.hears_music()
        desk.transferor.hears_dial_tone()
        desk.transferor.presses("23")
        desk.target.rings(desk.transferor)
        desk.target.answer()
        desk.transferor.hears(desk.target)
        desk.transferor.presses("*")
        desk.talks_to(desk.transferor)
        desk.finish("22 consulted", "23 answered", "22 answered")

    at_once(called, calling, story=story)


def test_a_transferor_who_puts_down_while_it_rings_leaves_the_caller_ringing(called: Desk, calling: Desk) -> None:
    def story(desk: Desk) -> None:
        desk.talk()
        desk.consult()
        desk.transferor.hangs_up()
        desk.customer.hears_ringing_tone()
        desk.target.answer()
        desk.talks_to(desk.target)
        desk.target.sees(desk.customer)
        desk.customer.hangs_up()
        desk.target.ended()
        desk.logged("22 transferred", "23 answered")

    at_once(called, calling, story=story)


def test_a_caller_left_ringing_comes_back_when_the_target_does_not_want_him(called: Desk, calling: Desk) -> None:
    def story(desk: Desk) -> None:
        desk.talk()
        desk.consult()
        desk.transferor.hangs_up()
        desk.customer.hears_ringing_tone()
        desk.target.declines()
        desk.comes_back("23")
        desk.finish("22 transferred", "23 declined", f"{desk.transferor.number} answered")

    at_once(called, calling, story=story)


def test_a_target_who_puts_down_gives_the_caller_back(called: Desk, calling: Desk) -> None:
    def story(desk: Desk) -> None:
        desk.talk()
        desk.confer()
        desk.target.hangs_up()
        desk.talks_to(desk.transferor)
        desk.transferor.presses("**")  # the keys are listened for again
        desk.customer.hears_music()
        desk.transferor.presses("*")
        desk.talks_to(desk.transferor)
        desk.finish("22 consulted", "23 answered", "22 answered")

    at_once(called, calling, story=story)


def test_a_caller_who_leaves_while_it_rings_ends_it(called: Desk, calling: Desk) -> None:
    def story(desk: Desk) -> None:
        desk.talk()
        desk.consult()
        desk.customer.hangs_up()
        desk.target.ended()
        desk.transferor.ended()
        desk.logged("22 consulted", "23 cancelled")

    at_once(called, calling, story=story)


def test_a_caller_who_leaves_while_they_talk_leaves_them_talking(called: Desk, calling: Desk) -> None:
    def story(desk: Desk) -> None:
        desk.talk()
        desk.confer()
        desk.customer.hangs_up()
        desk.logged("22 consulted", "23 answered")
        desk.transferor.hears(desk.target)
        desk.target.hears(desk.transferor)
        first, second = (desk.target, desk.transferor) if desk is called else (desk.transferor, desk.target)
        first.hangs_up()
        second.ended()

    at_once(called, calling, story=story)


@pytest.mark.parametrize("method", ["rfc2833", "info"])
def test_the_whole_story_with_keys_sent_either_way(called: Desk, method: str) -> None:
    called.talk()
    called.transferor.presses("**", method)
    called.customer.hears_music()
    called.transferor.presses("23", method)
    called.target.rings(called.transferor)
    called.target.answer()
    called.transferor.hears(called.target)
    called.transferor.presses("*", method)
    called.talks_to(called.transferor)
    called.customer.heard_no_keys()
    called.target.heard_no_keys()
    called.finish("22 consulted", "23 answered", "22 answered")
