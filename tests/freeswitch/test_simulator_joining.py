"""Joining two legs on the simulator, with every race that was tried on a real switch: who parks, who is lost."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from freeswitch.simulator.phones import Phone, State
from tests.freeswitch.simulated import PARK, Stage
from tests.freeswitch.trial import ORIGINATE, PARK_AFTERWARDS

GUARDED = ("set intercept_unanswered_only=true", "set intercept_unbridged_only=true")


class Pair(NamedTuple):
    """Anna hears music, Celina was called by the controller and is parked."""

    anna: Phone
    celina: Phone
    first: str
    second: str


@pytest.fixture
def stage() -> Iterator[Stage]:
    with Stage(frame=0.02) as stage:
        yield stage


@pytest.fixture
def pair(stage: Stage) -> Pair:
    anna, celina = stage.phone("101"), stage.phone("103")
    first = stage.call(anna)
    stage.controller.script(first, "answer", "endless_playback music.wav")
    celina.when_rung = Phone.answer
    stage.controller.ask(f"bgapi {ORIGINATE}\nJob-UUID: job-1")
    stage.advance(0.1)
    assert celina.leg is not None
    pair = Pair(anna, celina, first, celina.leg.uuid)
    for leg in (pair.first, pair.second):
        stage.controller.api(f"uuid_setvar_multi {leg} pbx_step=5;{PARK_AFTERWARDS}")
    return pair


def join(stage: Stage, pair: Pair) -> None:
    assert stage.controller.api(f"uuid_bridge {pair.first} {pair.second}") == f"+OK {pair.second}\n"


def state_of(stage: Stage, leg: str) -> str:
    session = stage.simulator.switch.find(leg)
    return session.running.name if session is not None else "gone"


def test_the_bridge_comes_two_frames_after_the_order(stage, pair):
    join(stage, pair)
    stage.advance(0.02)
    assert not stage.controller.named("CHANNEL_BRIDGE")
    stage.advance(0.04)
    bridge = stage.controller.last("CHANNEL_BRIDGE")
    assert (bridge["Bridge-A-Unique-ID"], bridge["Bridge-B-Unique-ID"]) == (pair.first, pair.second)
    assert (pair.anna.view().hears, pair.celina.view().hears) == ("peer:103", "peer:101")


@pytest.mark.parametrize("who", ["anna", "celina"])
def test_a_leg_that_has_ended_is_an_error_and_the_other_stays(stage, pair, who):
    getattr(pair, who).hang_up()
    stage.advance(0.1)
    assert stage.controller.api(f"uuid_bridge {pair.first} {pair.second}") == "-ERR Invalid uuid\n"
    other = pair.celina if who == "anna" else pair.anna
    assert other.view().state is State.TALKING


@pytest.mark.parametrize(
    ("after", "cancel", "outcome"),
    [
        (0.005, "", "PARK"),
        (0.02, "", "gone"),
        (0.035, "", "gone"),
        (0.02, ";uuid_bridge_park_on_cancel=true", "PARK"),
        (0.035, ";uuid_bridge_park_on_cancel=true", "PARK"),
        (0.08, "", "PARK"),
    ],
)
def test_the_second_ends_while_they_are_joined(stage, pair, after, cancel, outcome):
    stage.controller.api(f"uuid_setvar_multi {pair.first} pbx_step=6{cancel}")
    join(stage, pair)
    stage.advance(after)
    pair.celina.hang_up()
    stage.advance(0.2)
    assert state_of(stage, pair.first) == outcome
    if outcome == "gone":
        assert pair.anna.view().ended == "ORIGINATOR_CANCEL"
    else:
        assert stage.controller.last("CHANNEL_PARK", pair.first)["variable_pbx_step"] == "6"
        stage.advance(10)
        assert pair.anna.view().ended == "NORMAL_TEMPORARY_FAILURE"


@pytest.mark.parametrize("after", [0.0, 0.01, 0.03])
def test_the_first_ends_while_they_are_joined_and_the_second_is_lost_in_silence(stage, pair, after):
    join(stage, pair)
    stage.advance(after)
    pair.anna.hang_up()
    stage.advance(30)
    assert state_of(stage, pair.second) in ("RESET", "SOFT_EXECUTE")
    stage.controller.script(pair.second, "set pbx_step=9")
    stage.advance(1)
    assert state_of(stage, pair.second) in ("RESET", "SOFT_EXECUTE")
    assert (pair.celina.view().state, pair.celina.view().hears) == ("talking", "silence")


def test_a_lost_leg_is_found_again_by_a_transfer(stage, pair):
    join(stage, pair)
    pair.anna.hang_up()
    stage.advance(1)
    script = (
        f"'m:~:set:pbx_step=7~set:effective_caller_id_name=Anna Żółć (dom)~{PARK[0].partition(' ')[2].replace(' ', ':')}~park'"
    )
    assert stage.controller.api(f"uuid_transfer {pair.second} {script} inline") == "+OK\n"
    stage.advance(0.1)
    park = stage.controller.last("CHANNEL_PARK", pair.second)
    assert (park["variable_pbx_step"], park["variable_effective_caller_id_name"]) == ("7", "Anna Żółć (dom)")
    stage.advance(10)
    assert pair.celina.view().ended == "NORMAL_TEMPORARY_FAILURE"


@pytest.mark.parametrize("who", ["anna", "celina"])
def test_whoever_stays_after_the_bridge_parks_with_the_step_last_set(stage, pair, who):
    join(stage, pair)
    stage.advance(0.1)
    getattr(pair, who).hang_up()
    stage.advance(0.1)
    park = stage.controller.last("CHANNEL_PARK")
    assert park["Unique-ID"] == (pair.second if who == "anna" else pair.first)
    assert (park["variable_pbx_step"], park["Channel-State"]) == ("5", "CS_PARK")
    assert "variable_park_timeout" not in park
    assert "variable_park_after_bridge" not in park


@pytest.mark.parametrize("who", ["anna", "celina"])
def test_a_final_join_ends_for_both(stage, pair, who):
    for leg in (pair.first, pair.second):
        stage.controller.api(f"uuid_setvar_multi {leg} park_after_bridge=false;hangup_after_bridge=true")
    join(stage, pair)
    stage.advance(0.1)
    getattr(pair, who).hang_up()
    stage.advance(0.1)
    assert pair.anna.view().state is pair.celina.view().state is State.IDLE


def test_a_called_leg_that_nobody_has_led_yet_is_lost_by_a_script(stage, pair):
    stage.controller.script(pair.second, "set pbx_step=6", "playback x.wav")
    stage.advance(30)
    assert state_of(stage, pair.second) == "CONSUME_MEDIA"
    assert stage.controller.named("CHANNEL_UNPARK", leg=pair.second)
    assert len(stage.controller.named("CHANNEL_PARK", leg=pair.second)) == 1
    assert pair.celina.view().state is State.TALKING


def test_a_called_leg_obeys_scripts_once_a_command_has_led_it(stage, pair):
    stage.controller.api(f"uuid_transfer {pair.second} m:~:set:pbx_step=6~park inline")
    stage.advance(0.1)
    stage.controller.script(pair.second, "set pbx_step=7")
    stage.advance(0.1)
    assert stage.controller.last("CHANNEL_PARK", pair.second)["variable_pbx_step"] == "7"


def test_a_script_and_a_join_on_the_same_tick_leave_the_other_waiting_until_both_are_hung_up(stage, pair):
    stage.controller.api(f"uuid_transfer {pair.second} m:~:set:pbx_step=6~park inline")
    stage.advance(0.1)
    stage.controller.script(pair.second, "endless_playback music.wav")
    join(stage, pair)
    stage.advance(1)
    assert (pair.celina.view().hears, pair.anna.view().hears) == ("music", "silence")
    stage.advance(20)
    assert pair.anna.view().ended == pair.celina.view().ended == "DESTINATION_OUT_OF_ORDER"


@pytest.mark.parametrize("late", ["anna", "celina"])
def test_a_script_between_the_order_and_the_bridge_ends_the_other_party(stage, pair, late):
    join(stage, pair)
    leg, other = (pair.first, pair.celina) if late == "anna" else (pair.second, pair.anna)
    stage.advance(0.01)
    stage.controller.script(leg, "set pbx_step=8", "endless_playback music.wav")
    stage.advance(0.5)
    assert (getattr(pair, late).view().hears, other.view().ended) == ("music", "DESTINATION_OUT_OF_ORDER")


@pytest.fixture
def ringing(stage: Stage) -> str:
    """Anna's call rings at Bartek's; her leg."""
    stage.phone("102")
    caller = stage.call(stage.phone("101"))
    stage.controller.script(caller, "set hangup_after_bridge=true", "set continue_on_fail=true", "bridge user/102@acme.test")
    stage.advance(0.1)
    return caller


@pytest.mark.parametrize("gap", [0.0, 0.005, 0.02])
def test_of_two_pickers_one_wins_and_the_other_is_not_answered(stage, ringing, gap):
    phones = stage.phone("103"), stage.phone("104")
    pickers = [stage.call(phone, "*822") for phone in phones]
    for picker in pickers:
        stage.controller.script(picker, "set pbx_step=1", *GUARDED, f"intercept {ringing}")
        stage.advance(gap)
    stage.advance(0.5)
    assert (phones[0].view().hears, phones[1].view().state) == ("peer:101", "dialling")
    park = stage.controller.last("CHANNEL_PARK")
    assert (park["Unique-ID"], park["variable_pbx_step"], park["Answer-State"]) == (pickers[1], "1", "early")
    assert stage.phone("102").view().ended == "PICKED_OFF"
    bridge = stage.controller.last("CHANNEL_BRIDGE")
    assert (bridge["Bridge-A-Unique-ID"], bridge["Bridge-B-Unique-ID"]) == (pickers[0], ringing)


def test_who_answers_first_keeps_the_call(stage, ringing):
    darek = stage.phone("104")
    picker = stage.call(darek, "*822")
    stage.phone("102").answer()
    stage.controller.script(picker, "set pbx_step=1", *GUARDED, f"intercept {ringing}")
    stage.advance(0.5)
    assert (stage.phone("101").view().hears, darek.view().state) == ("peer:102", "dialling")


def test_a_picker_who_hangs_up_gives_the_caller_back_where_that_was_asked(stage, ringing):
    darek = stage.phone("104")
    picker = stage.call(darek, "*822")
    stage.controller.api(f"uuid_setvar_multi {ringing} {PARK_AFTERWARDS};pbx_step=5")
    stage.controller.script(picker, *GUARDED, f"intercept {ringing}")
    stage.advance(0.5)
    darek.hang_up()
    stage.advance(0.1)
    park = stage.controller.last("CHANNEL_PARK", ringing)
    assert (park["variable_pbx_step"], park["variable_originate_disposition"]) == ("5", "PICKED_OFF")
