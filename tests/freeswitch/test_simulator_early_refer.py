"""A phone's transfer key pressed while the target rings, as it was recorded on a real switch, and what else follows from it."""

from collections.abc import Iterator

import pytest

from freeswitch.simulator import defaults
from freeswitch.simulator.phones import State
from freeswitch.simulator.switch import PARK_ONLY
from tests.freeswitch.simulated import Stage
from tests.freeswitch.trial import GUARD, SOUNDS, Trial, by_leg

CONNECTS = tuple(f"set {each}" for each in ("hangup_after_bridge=true", "continue_on_fail=true", "call_timeout=20"))


@pytest.fixture
def stage() -> Iterator[Stage]:
    variables = {**defaults.read(), "hold_music": f"{SOUNDS}/hold.wav"}
    whose = {"account_variables": lambda login: {"pbx_login": login}}
    with Stage(frame=0.02, dialplan=PARK_ONLY, variables=variables, **whose) as stage:
        yield stage


def early(stage: Stage, story: str) -> Trial:
    """Bartek talks to Anna, holds her, and sends her to Celina, who rings."""
    trial = Trial(stage, f"refer-early-{story}")
    for caller, number, call, bridge in (
        (trial.anna, "22", "c1", trial.bridges()[0]),
        (trial.bartek, "23", "c2", trial.bridges()[1]),
    ):
        leg = stage.call(caller, number)
        trial.script(leg, "set pbx_step=1", f"set pbx_call={call}", *CONNECTS, bridge, *GUARD)
        if caller is trial.anna:
            trial.bartek.answer()
            trial.pause()
            trial.bartek.hold()
            trial.pause()
    trial.bartek.join()
    trial.pause()
    return trial


def each_leg_told_what_it_told_on_a_real_switch(trial: Trial) -> bool:
    trial.pause()
    told = [event for event in trial.real if "Unique-ID" in event]
    names = {event["Event-Name"] for event in told}
    return by_leg(trial.stage.controller.events, names) == by_leg(told, names)


def test_phone_is_free_and_the_target_rings_on(stage):
    trial = early(stage, "answered")
    assert (trial.anna.view().hears, trial.bartek.view().state) == ("music", State.IDLE)
    assert trial.celina.view().state is State.RINGING


def test_target_that_answers_gets_the_party(stage):
    trial = early(stage, "answered")
    trial.celina.answer()
    trial.pause()
    assert (trial.anna.view().hears, trial.celina.view().hears) == ("peer:103", "peer:101")
    trial.hang_up(trial.anna)
    assert each_leg_told_what_it_told_on_a_real_switch(trial)


def test_target_that_declines_leaves_the_party_with_the_phones_script(stage):
    trial = early(stage, "declined")
    trial.celina.decline()
    trial.pause()
    trial.hang_up(trial.anna)
    assert each_leg_told_what_it_told_on_a_real_switch(trial)


def test_party_that_puts_down_ends_the_ringing(stage):
    trial = early(stage, "abandoned")
    trial.hang_up(trial.anna)
    assert trial.celina.view().state is State.IDLE
    assert each_leg_told_what_it_told_on_a_real_switch(trial)


def test_target_that_does_not_answer_leaves_the_party_waiting(stage):
    trial = early(stage, "declined")
    trial.pause(20)
    assert trial.celina.view().state is State.IDLE
    assert stage.controller.last("CHANNEL_PARK")["variable_pbx_call"] == "c1"  # its own, as the phone's is not copied
