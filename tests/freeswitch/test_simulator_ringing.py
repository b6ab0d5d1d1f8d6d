"""Who rings, for how long, and who wins: one account or several, one device or several."""

import json

import pytest

from freeswitch.simulator.phones import State
from tests.freeswitch.simulated import connect, parked_again


@pytest.mark.parametrize(
    "limit",
    [
        ("set call_timeout=20", "user/102@acme.test"),
        ("set x=1", "{originate_timeout=20}user/102@acme.test"),
        ("set x=1", "[leg_timeout=20]user/102@acme.test"),
        ("set call_timeout=50", "{originate_timeout=20}user/102@acme.test"),
    ],
)
def test_nobody_answers_in_time(stage, anna, bartek, limit):
    leg = stage.call(anna)
    connect(stage, leg, limit[1], limit[0])
    stage.advance(19)
    assert bartek.view().state is State.RINGING
    stage.advance(1)
    assert bartek.view().state is State.IDLE
    assert parked_again(stage, leg) == "NO_ANSWER"
    assert stage.controller.named("CHANNEL_HANGUP")[0]["Hangup-Cause"] == "NO_ANSWER"


def test_sixty_seconds_are_the_most_without_a_limit(stage, anna, bartek):
    leg = stage.call(anna)
    connect(stage, leg, "user/102@acme.test")
    stage.advance(59)
    assert bartek.view().state is State.RINGING
    stage.advance(1)
    assert parked_again(stage, leg) == "NO_ANSWER"


def test_without_continue_on_fail_a_busy_phone_ends_the_call(stage, anna, bartek):
    bartek.busy = True
    leg = stage.call(anna)
    stage.controller.script(leg, "bridge user/102@acme.test")
    stage.settle()
    assert anna.view().ended == "USER_BUSY"


def test_only_the_named_causes_continue(stage, anna, bartek):
    leg = stage.call(anna)
    stage.controller.script(
        leg, "set continue_on_fail=NO_ANSWER,user_busy", "bridge error/USER_BUSY", "bridge error/NO_ROUTE_DESTINATION"
    )
    stage.settle()
    assert anna.view().ended == "NO_ROUTE_DESTINATION"


def test_all_devices_of_an_account_ring_and_one_wins(stage, anna, bartek):
    desk = stage.phone("102", 2)
    leg = stage.call(anna)
    connect(stage, leg, "user/102@acme.test")
    assert bartek.view().state is desk.view().state is State.RINGING
    desk.answer()
    stage.settle()
    assert desk.view().state is State.TALKING
    assert bartek.view().ended == "LOSE_RACE"


def test_one_busy_device_does_not_stop_the_other(stage, anna, bartek):
    bartek.busy = True
    desk = stage.phone("102", 2)
    leg = stage.call(anna)
    connect(stage, leg, "user/102@acme.test")
    assert desk.view().state is State.RINGING
    desk.answer()
    stage.settle()
    assert anna.view().state is State.TALKING


def test_several_accounts_ring_together(stage, anna, bartek, celina):
    leg = stage.call(anna)
    connect(stage, leg, "user/102@acme.test,user/103@acme.test")
    assert bartek.view().state is celina.view().state is State.RINGING
    celina.answer()
    stage.settle()
    assert bartek.view().ended == "LOSE_RACE"
    assert celina.view().state is State.TALKING


def test_rung_together_each_account_rings_on_its_first_device_only(stage, anna, bartek, celina):
    """FreeSWITCH's own limit (SOF_NOBLOCK), which whoever writes dial strings must know."""
    desk = stage.phone("102", 2)
    leg = stage.call(anna)
    connect(stage, leg, "user/102@acme.test,user/103@acme.test")
    assert bartek.view().state is celina.view().state is State.RINGING
    assert desk.view().state is State.IDLE


def test_accounts_are_tried_in_order(stage, anna, bartek, celina):
    leg = stage.call(anna)
    connect(stage, leg, "[leg_timeout=5]user/102@acme.test|user/103@acme.test")
    assert celina.view().state is State.IDLE
    bartek.decline()
    stage.settle()
    assert celina.view().state is State.RINGING


def test_two_answer_in_the_same_moment_and_one_is_released(stage, anna, bartek, celina):
    leg = stage.call(anna)
    connect(stage, leg, "user/102@acme.test,user/103@acme.test")
    bartek.answer()
    celina.answer()
    stage.settle()
    assert sorted(phone.view().state for phone in (bartek, celina)) == [State.IDLE, State.TALKING]
    assert len(stage.controller.named("CHANNEL_BRIDGE")) == 1


def test_an_answer_crosses_a_cancel(stage, anna, bartek):
    leg = stage.call(anna)
    connect(stage, leg, "user/102@acme.test")
    bartek.answer()
    anna.hang_up()
    stage.settle()
    assert anna.view().state is bartek.view().state is State.IDLE
    assert json.loads(stage.controller.api("show channels as json")) == {"row_count": 0}
