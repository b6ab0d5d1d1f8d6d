"""Transfers, pickups and calls the controller itself makes, as a real switch does them (facts tried on 1.10.12)."""

from typing import NamedTuple

import pytest

from freeswitch.simulator.phones import Phone, State
from tests.freeswitch.simulated import Stage

BIND = "bind_digit_action pbx,#,exec:event,Event-Name=CUSTOM,Event-Subclass=pbx::digits"


class Talk(NamedTuple):
    """Anna called Bartek and they talk."""

    anna: Phone
    bartek: Phone
    caller: str
    callee: str


@pytest.fixture
def talk(stage: Stage) -> Talk:
    anna, bartek = stage.phone("101"), stage.phone("102")
    caller = stage.call(anna)
    stage.controller.script(caller, "set hangup_after_bridge=true", f"bridge {{execute_on_answer='{BIND}'}}user/102@acme.test")
    stage.settle()
    bartek.answer()
    stage.settle()
    assert bartek.leg is not None
    return Talk(anna, bartek, caller, bartek.leg.uuid)


def test_a_bound_key_raises_an_event_and_is_heard_by_nobody(stage, talk):
    talk.bartek.press("#")
    stage.settle()
    event = stage.controller.last("CUSTOM", talk.callee)
    assert event["variable_last_matching_digits"] == "#"
    assert talk.anna.view().digits == ""


def test_a_key_that_is_not_bound_travels_on(stage, talk):
    talk.bartek.press("5")
    stage.settle()
    assert talk.anna.view().digits == "5"


def test_a_key_that_may_become_a_binding_is_held_back(stage, talk):
    stage.controller.execute(talk.callee, "bind_digit_action", "pbx,**,exec:event,Event-Name=CUSTOM")
    stage.settle()
    talk.bartek.press("*")
    stage.settle()
    assert talk.anna.view().digits == ""
    stage.advance(1.5)
    assert talk.anna.view().digits == "*"
    talk.bartek.press("**")
    stage.settle()
    assert stage.controller.last("CUSTOM", talk.callee)["variable_last_matching_digits"] == "**"
    assert talk.anna.view().digits == "*"


def test_both_are_parked_at_once(stage, talk):
    assert stage.controller.api(f"uuid_dual_transfer {talk.callee} park/inline park/inline") == "+OK\n"
    stage.settle()
    parks = stage.controller.named("CHANNEL_PARK")[-2:]
    assert {park["Unique-ID"] for park in parks} == {talk.caller, talk.callee}
    assert all("Other-Leg-Unique-ID" not in park for park in parks)
    assert talk.anna.view().state is talk.bartek.view().state is State.TALKING
    assert talk.anna.view().hears == "silence"


def test_digits_are_collected_to_their_end(stage, talk):
    stage.controller.api(f"uuid_dual_transfer {talk.callee} park/inline park/inline")
    stage.settle()
    stage.controller.execute(talk.callee, "clear_digit_action", "all")
    ask = "2 15 1 8000 # tone_stream://%(10000,0,350,440) silence_stream://250 pbx_digits \\d+ 3000"
    stage.controller.execute(talk.callee, "play_and_get_digits", ask)
    stage.settle()
    assert talk.bartek.view().hears == "tone"
    talk.bartek.press("103#")
    stage.settle()
    done = stage.controller.last("CHANNEL_EXECUTE_COMPLETE", talk.callee)
    assert (done["Application"], done["variable_pbx_digits"]) == ("play_and_get_digits", "103")


def test_no_digits_in_time_leave_the_variable_unset(stage, talk):
    stage.controller.api(f"uuid_dual_transfer {talk.callee} park/inline park/inline")
    stage.settle()
    stage.controller.execute(
        talk.callee, "play_and_get_digits", "1 3 1 2000 # silence_stream://100 silence_stream://100 d \\d+ 1000"
    )
    stage.advance(3)
    done = stage.controller.last("CHANNEL_EXECUTE_COMPLETE", talk.callee)
    assert done["Application"] == "play_and_get_digits"
    assert "variable_d" not in done


def test_the_last_digit_and_a_silence_end_the_number(stage, talk):
    stage.controller.api(f"uuid_dual_transfer {talk.callee} park/inline park/inline")
    stage.settle()
    stage.controller.execute(talk.callee, "clear_digit_action", "all")
    stage.controller.execute(
        talk.callee, "play_and_get_digits", "1 9 1 8000 # silence_stream://9000 silence_stream://1 d \\d+ 3000"
    )
    stage.settle()
    talk.bartek.press("22")
    stage.advance(2.9)
    assert stage.controller.last("CHANNEL_EXECUTE", talk.callee)["Application"] == "play_and_get_digits"
    stage.advance(0.2)
    assert stage.controller.last("CHANNEL_EXECUTE_COMPLETE", talk.callee)["variable_d"] == "22"


def test_caller_and_consulted_are_joined_when_the_transferor_hangs_up(stage, talk, celina):
    """The recorded story: both parked, consult with park_after_bridge, then uuid_bridge."""
    stage.controller.api(f"uuid_dual_transfer {talk.callee} park/inline park/inline")
    stage.settle()
    consult = "{origination_caller_id_number=102,park_after_bridge=true,park_timeout=5}user/103@acme.test"
    stage.controller.execute(talk.callee, "bridge", consult)
    stage.settle()
    assert celina.view().number == "102"
    celina.answer()
    stage.settle()
    assert (celina.view().hears, talk.bartek.view().hears) == ("peer:102", "peer:103")
    assert celina.leg is not None
    consulted = celina.leg.uuid
    talk.bartek.hang_up()
    stage.settle()
    assert stage.controller.last("CHANNEL_PARK")["Unique-ID"] == consulted
    assert stage.controller.last("CHANNEL_PARK")["Channel-State"] == "CS_PARK"
    assert stage.controller.api(f"uuid_bridge {talk.caller} {consulted}") == f"+OK {consulted}\n"
    stage.settle()
    bridge = stage.controller.last("CHANNEL_BRIDGE")
    assert (bridge["Bridge-A-Unique-ID"], bridge["Bridge-B-Unique-ID"]) == (talk.caller, consulted)
    assert bridge["Channel-State"] == "CS_SOFT_EXECUTE"
    assert celina.view().number == "101"
    talk.anna.hang_up()
    stage.settle()
    assert celina.view().state is State.IDLE


def test_a_target_called_by_the_controller_keeps_ringing_when_the_transferor_leaves(stage, talk, celina):
    stage.controller.api(f"uuid_dual_transfer {talk.callee} park/inline park/inline")
    stage.settle()
    target = "{origination_uuid=chosen-1,park_timeout=30,ignore_early_media=true}user/103@acme.test"
    stage.controller.ask(f"bgapi originate {target} &park()\nJob-UUID: job-1")
    stage.settle()
    assert celina.view().state is State.RINGING
    talk.bartek.hang_up()
    stage.settle()
    assert celina.view().state is State.RINGING
    celina.answer()
    stage.settle()
    assert stage.controller.last("BACKGROUND_JOB")["_body"] == "+OK chosen-1\n"
    assert stage.controller.last("CHANNEL_PARK")["Unique-ID"] == "chosen-1"
    stage.controller.api(f"uuid_bridge {talk.caller} chosen-1")
    stage.settle()
    assert celina.view().hears == "peer:101"


def test_a_refusal_comes_back_as_the_job_s_answer(stage, talk, celina):
    stage.controller.ask("bgapi originate {origination_uuid=chosen-2}user/103@acme.test &park()")
    stage.settle()
    celina.decline()
    stage.settle()
    assert stage.controller.last("BACKGROUND_JOB")["_body"] == "-ERR CALL_REJECTED\n"


@pytest.mark.parametrize(("target", "cause"), [("104", "USER_NOT_REGISTERED"), ("999", "SUBSCRIBER_ABSENT")])
def test_nobody_to_originate_to(stage, target, cause):
    assert stage.controller.api(f"originate user/{target}@acme.test &park()") == f"-ERR {cause}\n"


def test_uuid_bridge_takes_a_party_away_and_the_other_is_dropped(stage, talk, celina):
    stage.controller.ask("bgapi originate {origination_uuid=chosen-3,park_timeout=30}user/103@acme.test &park()")
    stage.settle()
    celina.answer()
    stage.settle()
    stage.controller.api(f"uuid_bridge {talk.caller} chosen-3")
    stage.settle()
    assert celina.view().hears == "peer:101"
    assert talk.anna.view().hears == "peer:103"
    assert talk.bartek.view().state is State.IDLE


def test_uuid_bridge_needs_somebody_who_is_answered(stage):
    first, second = stage.call(stage.phone("101")), stage.call(stage.phone("102"))
    assert stage.controller.api(f"uuid_bridge {first} {second}") == "-ERR Invalid uuid\n"
    assert stage.controller.api(f"uuid_bridge {first} nobody") == "-ERR Invalid uuid\n"


def test_a_leg_can_be_answered_from_outside(stage):
    anna = stage.phone("101")
    leg = stage.call(anna)
    assert stage.controller.api(f"uuid_answer {leg}") == "+OK\n"
    stage.settle()
    assert anna.view().state is State.TALKING


def test_a_ringing_call_is_picked_up_by_taking_the_caller(stage, celina):
    anna, bartek = stage.phone("101"), stage.phone("102")
    caller = stage.call(anna)
    stage.controller.script(caller, "set hangup_after_bridge=true", "set continue_on_fail=true", "bridge user/102@acme.test")
    stage.settle()
    picker = stage.call(celina, "*822")
    stage.controller.execute(picker, "intercept", caller)
    stage.settle()
    assert bartek.view().ended == "PICKED_OFF"
    assert (anna.view().hears, celina.view().hears) == ("peer:103", "peer:101")
    assert celina.view().number == "101"
    anna.hang_up()
    stage.settle()
    assert celina.view().state is State.IDLE


def test_taking_the_ringing_leg_instead_kills_both(stage, celina):
    anna, bartek = stage.phone("101"), stage.phone("102")
    caller = stage.call(anna)
    stage.controller.script(caller, "set continue_on_fail=true", "bridge user/102@acme.test")
    stage.settle()
    assert bartek.leg is not None
    picker = stage.call(celina, "*822")
    stage.controller.execute(picker, "intercept", bartek.leg.uuid)
    stage.settle()
    assert anna.view().ended == "PICKED_OFF"
    assert celina.view().ended == "ORIGINATOR_CANCEL"


def test_nothing_to_pick_up_leaves_the_picker_unanswered(stage, celina):
    picker = stage.call(celina, "*822")
    stage.controller.execute(picker, "intercept", "no-such-leg")
    stage.settle()
    assert celina.view().state is State.DIALLING


def test_a_leg_is_sent_to_other_applications(stage, talk):
    assert stage.controller.api(f"uuid_transfer {talk.caller} set:pbx_step=9,park inline") == "+OK\n"
    stage.settle()
    assert stage.controller.last("CHANNEL_PARK", talk.caller)["variable_pbx_step"] == "9"
    assert talk.bartek.view().state is State.IDLE
