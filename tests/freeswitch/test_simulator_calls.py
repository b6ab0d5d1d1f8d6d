"""Calls through the simulator, told as a controller and two people see them."""

import json

import pytest

from freeswitch.simulator.phones import Phone, State
from tests.freeswitch.simulated import connect, parked_again


def test_a_call_waits_unanswered_for_orders(stage, anna):
    leg = stage.call(anna, "22")
    park = stage.controller.last("CHANNEL_PARK", leg)
    assert park["Call-Direction"] == "inbound"
    assert park["Answer-State"] == "ringing"
    assert park["Caller-Destination-Number"] == "22"
    assert park["Caller-Caller-ID-Name"] == "Anna Żółć"
    assert park["variable_sip_auth_username"] == "101"
    assert anna.view().state is State.DIALLING
    assert anna.view().hears == "silence"


def test_two_talk_and_the_caller_hangs_up(stage, anna, bartek):
    leg = stage.call(anna)
    connect(stage, leg, "user/102@acme.test")
    assert (bartek.view().state, bartek.view().number, bartek.view().name) == ("ringing", "101", "Anna Żółć")
    assert anna.view().hears == "ringback"
    bartek.answer()
    stage.settle()
    assert (anna.view().state, anna.view().hears) == ("talking", "peer:102")
    assert (bartek.view().state, bartek.view().hears) == ("talking", "peer:101")
    bridge = stage.controller.last("CHANNEL_BRIDGE")
    assert bridge["Bridge-A-Unique-ID"] == bridge["Unique-ID"] == leg
    assert bridge["Bridge-B-Unique-ID"] == bridge["Other-Leg-Unique-ID"]
    assert bridge["variable_originate_disposition"] == "SUCCESS"
    anna.hang_up()
    stage.settle()
    assert anna.view().state is bartek.view().state is State.IDLE
    ends = stage.controller.named("CHANNEL_HANGUP_COMPLETE")
    assert [end["Hangup-Cause"] for end in ends] == ["NORMAL_CLEARING", "NORMAL_CLEARING"]
    assert {end["variable_sip_hangup_disposition"] for end in ends} == {"recv_bye", "send_bye"}


def test_the_callee_hangs_up_and_the_caller_with_him(stage, anna, bartek):
    leg = stage.call(anna)
    connect(stage, leg, "user/102@acme.test")
    bartek.answer()
    stage.settle()
    bartek.hang_up()
    stage.settle()
    assert anna.view().ended == "NORMAL_CLEARING"
    assert stage.controller.last("CHANNEL_HANGUP_COMPLETE", leg)["variable_sip_hangup_disposition"] == "send_bye"


def test_without_hangup_after_bridge_the_caller_goes_on(stage, anna, bartek):
    leg = stage.call(anna)
    stage.controller.script(leg, "bridge user/102@acme.test")
    stage.settle()
    bartek.answer()
    stage.settle()
    bartek.hang_up()
    assert parked_again(stage, leg) == "SUCCESS"
    assert anna.view().state is State.TALKING


def test_all_the_events_of_a_called_leg_carry_what_the_dial_string_set(stage, anna, bartek):
    leg = stage.call(anna)
    connect(stage, leg, "{pbx_call=c-7,pbx_role=callee}[pbx_login=102]user/102@acme.test")
    bartek.answer()
    stage.settle()
    anna.hang_up()
    stage.settle()
    called = [event for event in stage.controller.events if event.get("Call-Direction") == "outbound"]
    assert len(called) >= 5
    assert {(e["variable_pbx_call"], e["variable_pbx_role"], e["variable_pbx_login"]) for e in called} == {
        ("c-7", "callee", "102")
    }


def test_the_display_shows_what_the_controller_says(stage, anna, bartek):
    leg = stage.call(anna)
    shown = ("set effective_caller_id_number=21", "set effective_caller_id_name=Anna, dział B")
    connect(stage, leg, "user/102@acme.test", *shown)
    assert (bartek.view().number, bartek.view().name) == ("21", "Anna, dział B")


@pytest.mark.parametrize(
    ("refusal", "cause", "status"),
    [("busy", "USER_BUSY", "486"), ("decline", "CALL_REJECTED", "603"), ("hang_up", "CALL_REJECTED", "603")],
)
def test_a_refusal_gives_the_caller_back(stage, anna, bartek, refusal, cause, status):
    if refusal == "busy":
        bartek.busy = True
    else:
        bartek.when_rung = getattr(Phone, refusal)
    leg = stage.call(anna)
    connect(stage, leg, "user/102@acme.test")
    assert parked_again(stage, leg) == cause
    end = stage.controller.named("CHANNEL_HANGUP")[0]
    assert end["Hangup-Cause"] == cause
    assert end["variable_sip_hangup_disposition"] == "recv_refuse"
    assert end["variable_sip_invite_failure_status"] == status
    assert stage.controller.last("CHANNEL_PARK")["variable_originate_failed_cause"] == cause


def test_a_phone_in_a_call_is_busy(stage, anna, bartek, celina):
    first, second = stage.call(anna), stage.call(celina)
    connect(stage, first, "user/102@acme.test")
    connect(stage, second, "user/102@acme.test")
    assert parked_again(stage, second) == "USER_BUSY"


@pytest.mark.parametrize(("target", "cause"), [("104", "USER_NOT_REGISTERED"), ("999", "SUBSCRIBER_ABSENT")])
def test_nobody_there_is_known_at_once(stage, anna, target, cause):
    leg = stage.call(anna)
    connect(stage, leg, f"user/{target}@acme.test")
    assert parked_again(stage, leg) == cause


def test_another_domain_is_nobodys(stage, anna, bartek):
    leg = stage.call(anna)
    connect(stage, leg, "user/102@evil.test")
    assert parked_again(stage, leg) == "SUBSCRIBER_ABSENT"


def test_the_caller_gives_up(stage, anna, bartek):
    leg = stage.call(anna)
    connect(stage, leg, "user/102@acme.test")
    anna.hang_up()
    stage.settle()
    assert bartek.view().state is State.IDLE
    ends = {end["Call-Direction"]: end for end in stage.controller.named("CHANNEL_HANGUP_COMPLETE")}
    assert {end["Hangup-Cause"] for end in ends.values()} == {"ORIGINATOR_CANCEL"}
    assert ends["inbound"]["variable_sip_hangup_disposition"] == "recv_cancel"
    assert ends["outbound"]["variable_sip_hangup_disposition"] == "send_cancel"
    assert ends["inbound"]["variable_originate_disposition"] == "ORIGINATOR_CANCEL"


def test_who_puts_down_as_soon_as_he_has_dialled_has_put_down(stage, anna):
    leg = anna.dial("22").uuid
    anna.hang_up()
    stage.settle()
    assert anna.view().state is State.IDLE
    assert not stage.controller.named("CHANNEL_PARK", leg=leg)
    assert stage.controller.last("CHANNEL_HANGUP_COMPLETE", leg)["Hangup-Cause"] == "ORIGINATOR_CANCEL"


def test_a_kill_ends_both_sides(stage, anna, bartek):
    leg = stage.call(anna)
    connect(stage, leg, "user/102@acme.test")
    bartek.answer()
    stage.settle()
    assert stage.controller.api(f"uuid_kill {leg} MANAGER_REQUEST") == "+OK\n"
    stage.settle()
    assert anna.view().ended == "MANAGER_REQUEST"
    assert bartek.view().state is State.IDLE
    assert stage.controller.api(f"uuid_kill {leg}") == "-ERR No such channel!\n"


def test_stock_can_be_taken_of_living_legs(stage, anna, bartek):
    leg = stage.call(anna)
    connect(stage, leg, "{pbx_call=c-1}user/102@acme.test")
    stock = json.loads(stage.controller.api("show channels as json"))
    assert stock["row_count"] == 2
    assert [row["direction"] for row in stock["rows"]] == ["inbound", "outbound"]
    dump = json.loads(stage.controller.api(f"uuid_dump {stock['rows'][1]['uuid']} json"))
    assert dump["variable_pbx_call"] == "c-1"
    assert dump["Event-Name"] == "CHANNEL_DATA"
    assert stage.controller.api(f"uuid_exists {leg}") == "true"
    assert stage.controller.api(f"uuid_setvar {leg} pbx_note some words") == "+OK\n"
    assert stage.controller.api(f"uuid_getvar {leg} pbx_note") == "some words"


def test_times_are_told_in_microseconds(stage, anna, bartek):
    start = stage.clock.now()
    leg = stage.call(anna)
    connect(stage, leg, "user/102@acme.test")
    stage.advance(3)
    bartek.answer()
    stage.advance(60)
    anna.hang_up()
    stage.settle()
    end = stage.controller.last("CHANNEL_HANGUP_COMPLETE", leg)
    assert end["variable_start_uepoch"] == str(int(start * 1e6))
    assert end["variable_answer_uepoch"] == str(int((start + 3) * 1e6))
    assert end["variable_end_uepoch"] == str(int((start + 63) * 1e6))
    assert end["Caller-Channel-Answered-Time"] == end["variable_answer_uepoch"]
    assert (end["variable_duration"], end["variable_billsec"]) == ("63", "60")
