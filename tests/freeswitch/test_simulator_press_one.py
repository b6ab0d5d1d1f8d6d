"""Whoever answers outside may have to press 1 before anybody is connected to him."""

from collections.abc import Iterator

import pytest

from freeswitch.simulator.phones import Phone, State
from tests.freeswitch.over_trunks import MOBILE, NOVA, ORION, connect, dialled, result
from tests.freeswitch.simulated import Stage

ASK = "group_confirm_key=1,group_confirm_file=ask.wav,group_confirm_read_timeout=3000,group_confirm_timeout=20"


@pytest.fixture
def stage() -> Iterator[Stage]:
    with Stage(trunks=lambda: (NOVA, ORION)) as stage:
        stage.settle()
        yield stage


@pytest.fixture
def outside(stage: Stage) -> Phone:
    return stage.simulator.outside(MOBILE)


@pytest.fixture
def asked(stage: Stage, anna: Phone, outside: Phone) -> str:
    """Somebody outside has answered, and must press 1; the caller's leg."""
    leg = connect(stage, anna, dialled(variables=f"{{leg_timeout=20,{ASK}}}"), "set call_timeout=40")
    outside.answer()
    stage.settle()
    return leg


def test_whoever_answers_is_asked_while_the_caller_hears_it_ring(anna, outside, asked):
    assert (outside.view().hears, anna.view().hears, anna.view().state) == ("prompt:ask.wav", "ringback", State.DIALLING)


def test_one_connects(stage, anna, outside, asked):
    outside.press("1")
    stage.settle()
    assert (anna.view().hears, outside.view().hears) == (f"peer:{MOBILE}", "peer:101")
    assert "variable_group_confirm_key" not in stage.controller.last("CHANNEL_BRIDGE")
    stage.advance(60)
    assert outside.view().state is State.TALKING


def test_any_other_key_asks_again(stage, anna, outside, asked):
    outside.press("2")
    stage.settle()
    assert (outside.view().hears, anna.view().state) == ("prompt:ask.wav", State.DIALLING)
    outside.press("1")
    stage.settle()
    assert anna.view().state is State.TALKING


def test_silence_asks_again_and_in_the_end_it_was_no_answer(stage, anna, outside, asked):
    stage.advance(4)
    assert outside.view().hears == "silence"
    stage.advance(2)
    assert outside.view().hears == "prompt:ask.wav"
    stage.advance(20)
    assert outside.view().ended == "ALLOTTED_TIMEOUT"
    assert result(stage, asked) == "ALLOTTED_TIMEOUT"


def test_putting_down_instead_is_no_answer(stage, outside, asked):
    outside.hang_up()
    assert result(stage, asked) == "NORMAL_CLEARING"


def test_caller_who_gives_up_frees_whom_he_called(stage, anna, outside, asked):
    anna.hang_up()
    stage.settle()
    assert outside.view().ended == "ORIGINATOR_CANCEL"


def test_consulted_telephone_parks_only_when_it_has_confirmed(stage, outside):
    order = f"{{^^!origination_uuid=t-1!originate_timeout=40!leg_timeout=20!{ASK.replace(',', '!')}}}{dialled()} &park()"
    stage.controller.ask(f"bgapi originate {order}\nJob-UUID: c1.3")
    stage.settle()
    outside.answer()
    stage.settle()
    assert stage.controller.named("CHANNEL_PARK") == []
    outside.press("1")
    stage.settle()
    assert stage.controller.last("BACKGROUND_JOB")["_body"] == "+OK t-1\n"
    assert stage.controller.last("CHANNEL_PARK")["Unique-ID"] == "t-1"
