"""The controller is killed in mid-transfer: when it is back, the same keys do the same; without it nobody waits for ever.

One kill hits every desk, so each story is told at three desks at once, which go on in three ways.
"""

import time
from collections.abc import Callable
from functools import partial

import pytest

from tests.contract.desk import Desk, at_once, in_parallel
from tests.contract.phone import wait_until
from tests.contract.product import Product
from tests.contract.worlds import on_freeswitch

pytestmark = pytest.mark.long

BACK_SECONDS = 5.0
GUARD_SECONDS = 10.0  # a leg with nothing to do is ended after these
MUSIC_SECONDS = 65.0  # then somebody who was put aside is led back
LATE = 5.0


@pytest.fixture
def desks(called: Desk, calling: Desk, english: Desk) -> tuple[Desk, Desk, Desk]:
    """Three companies."""
    return called, calling, english


@pytest.fixture
def outage(pbx: Product, unwatched: Callable[[], None]) -> Callable[[], None]:
    """The controller is killed, and back within five seconds."""

    def kill_and_start() -> None:
        unwatched()
        time.sleep(0.3)
        pbx.start_worker()
        wait_until(pbx.is_well, BACK_SECONDS, "the controller is back")

    return kill_and_start


def test_killed_while_the_transferor_dials(desks: tuple[Desk, Desk, Desk], outage: Callable[[], None]) -> None:
    def begins(desk: Desk) -> None:
        desk.talk()
        desk.transferor.presses("**2")
        desk.customer.hears_music()

    def completed(desk: Desk) -> None:
        desk.transferor.hears_dial_tone()  # what was dialled before does not count
        desk.transferor.presses(desk.target.number)
        desk.target.rings(desk.transferor)
        desk.target.answer()
        desk.transferor.hears(desk.target)
        desk.transferor.hangs_up()
        desk.talks_to(desk.target)
        desk.finish("22 transferred", f"{desk.target.number} answered")

    def taken_back(desk: Desk) -> None:
        desk.transferor.presses("*")
        desk.talks_to(desk.transferor)
        desk.transferor.presses("#")
        desk.customer.hears_music()
        desk.finish("22 answered")

    def ended(desk: Desk) -> None:
        desk.customer.hangs_up()
        desk.transferor.ended()
        desk.logged("23 answered")

    go_on(desks, begins, outage, completed, taken_back, ended)


def test_killed_while_the_target_rings(desks: tuple[Desk, Desk, Desk], outage: Callable[[], None]) -> None:
    def completed(desk: Desk) -> None:
        desk.target.answer()
        desk.transferor.hears(desk.target)
        desk.transferor.hangs_up()
        desk.talks_to(desk.target)
        desk.finish("22 transferred", "23 answered")

    def taken_back(desk: Desk) -> None:
        desk.transferor.presses("*")
        desk.target.ended()
        desk.talks_to(desk.transferor)
        desk.finish("22 consulted", "23 cancelled", "22 answered")

    def ended(desk: Desk) -> None:
        desk.customer.hangs_up()
        desk.target.ended()
        desk.transferor.ended()
        desk.logged("23 consulted", "31 cancelled")

    go_on(desks, asks, outage, completed, taken_back, ended)


def test_killed_while_they_confer(desks: tuple[Desk, Desk, Desk], outage: Callable[[], None]) -> None:
    def completed(desk: Desk) -> None:
        desk.transferor.hangs_up()
        desk.talks_to(desk.target)
        desk.finish("22 transferred", "23 answered")

    def taken_back(desk: Desk) -> None:
        desk.transferor.presses("*")
        desk.target.ended()
        desk.talks_to(desk.transferor)
        desk.finish("22 consulted", "23 answered", "22 answered")

    def given_back(desk: Desk) -> None:
        desk.target.hangs_up()
        desk.talks_to(desk.transferor)
        desk.finish("23 consulted", "31 answered", "23 answered")

    go_on(desks, confers, outage, completed, taken_back, given_back)


def test_killed_while_the_caller_comes_back(desks: tuple[Desk, Desk, Desk], outage: Callable[[], None]) -> None:
    def begins(desk: Desk) -> None:
        desk.talk()
        desk.transferor.presses(f"#{desk.target.number}")
        desk.target.rings(desk.customer)
        desk.target.is_busy()
        desk.transferor.rings_again(desk.customer, desk.target.number)
        desk.customer.hears_ringing_tone()

    def wanted(desk: Desk) -> None:
        desk.transferor.answer()
        desk.talks_to(desk.transferor)
        desk.transferor.presses("#")
        desk.customer.hears_music()
        desk.finish("22 transferred", "23 busy", f"{desk.transferor.number} answered")

    def unwanted_at_first(desk: Desk) -> None:
        desk.transferor.declines()
        desk.customer.hears_music()
        desk.transferor.rings_again(desk.customer, desk.target.number, within=12)
        desk.transferor.answer()
        desk.talks_to(desk.transferor)
        desk.finish("22 transferred", "23 busy", "21 answered")

    def ended(desk: Desk) -> None:
        desk.customer.hangs_up()
        desk.transferor.ended()
        desk.logged("23 transferred", "31 busy", "23 cancelled")

    go_on(desks, begins, outage, wanted, unwanted_at_first, ended)


def test_what_happened_during_the_outage_is_caught_up_with(
    pbx: Product, desks: tuple[Desk, Desk, Desk], unwatched: Callable[[], None]
) -> None:
    def begins(desk: Desk) -> None:
        (confers if desk is not desks[2] else asks)(desk)

    at_once(*desks, story=begins)
    unwatched()
    try:
        desks[0].transferor.hangs_up()
        desks[1].target.hangs_up()
        desks[2].target.answer()
        time.sleep(0.5)
    finally:
        pbx.ensure_worker()
    desks[0].talks_to(desks[0].target)
    desks[1].talks_to(desks[1].transferor)
    desks[2].transferor.hears(desks[2].target)
    desks[2].transferor.presses("*")
    desks[2].talks_to(desks[2].transferor)
    desks[0].finish("22 transferred", "23 answered")
    desks[1].finish("22 consulted", "23 answered", "22 answered")
    desks[2].finish("23 consulted", "31 answered", "23 answered")


@on_freeswitch
@pytest.mark.timeout(150)
def test_without_a_controller_nobody_waits_for_ever(pbx: Product, desks: tuple[Desk, Desk, Desk]) -> None:
    dialling, consulting, conferring = desks

    def dials(desk: Desk) -> None:
        desk.talk()
        desk.transferor.presses("#")
        desk.customer.hears_music()

    def led_back(desk: Desk) -> None:
        desk.transferor.hangs_up()
        desk.customer.hears_music()
        desk.transferor.rings_again(desk.customer, within=MUSIC_SECONDS + LATE)
        desk.transferor.answer()
        desk.talks_to(desk.transferor)
        desk.customer.hangs_up()
        desk.transferor.ended()

    def target_ends(desk: Desk) -> None:
        desk.transferor.hangs_up()
        desk.target.ended(within=GUARD_SECONDS + LATE)
        desk.customer.hangs_up()

    in_parallel([lambda: dials(dialling), lambda: asks(consulting), lambda: confers(conferring)])
    pbx.kill_worker()
    try:
        in_parallel([lambda: led_back(dialling), lambda: led_back(consulting), lambda: target_ends(conferring)])
    finally:
        pbx.ensure_worker()


def asks(desk: Desk) -> None:
    """The target rings for the transferor."""
    desk.talk()
    desk.consult()
    desk.transferor.hears_ringing_tone()


def confers(desk: Desk) -> None:
    """… and answers."""
    desk.talk()
    desk.confer()


def go_on(
    desks: tuple[Desk, Desk, Desk],
    begins: Callable[[Desk], None],
    outage: Callable[[], None],
    *goes_on: Callable[[Desk], None],
) -> None:
    """Tell the beginning at every desk, kill the controller, and let each desk go on in its own way."""
    at_once(*desks, story=begins)
    outage()
    in_parallel([partial(way, desk) for desk, way in zip(desks, goes_on, strict=True)])
