"""Calls over trunks: telephones outside call and are called."""

from collections.abc import Iterator

import pytest

from freeswitch.simulator.phones import Phone, PhoneError, State
from tests.freeswitch.over_trunks import CITY, CONNECT, MOBILE, NOVA, ORION, connect, dialled, result
from tests.freeswitch.simulated import Stage


@pytest.fixture
def stage() -> Iterator[Stage]:
    with Stage(trunks=lambda: (NOVA, ORION)) as stage:
        stage.settle()
        yield stage


@pytest.fixture
def outside(stage: Stage) -> Phone:
    return stage.simulator.outside(MOBILE)


# --- in -------------------------------------------------------------------------------------------------------------


def test_call_from_outside_waits_to_be_led(stage, outside):
    outside.name = "Żaneta"
    outside.dial(CITY)
    stage.settle()
    park = stage.controller.last("CHANNEL_PARK")
    assert (park["Caller-Context"], park["Call-Direction"]) == ("trunks", "inbound")
    assert (park["Caller-Caller-ID-Number"], park["Caller-Caller-ID-Name"]) == (MOBILE, "Żaneta")
    assert (park["Caller-Destination-Number"], park["variable_pbx_trunk"]) == (CITY, "trunk-1")
    assert park["variable_sofia_profile_name"] == "trunks"
    assert "variable_sip_auth_username" not in park
    assert "variable_sip_authorized" not in park


@pytest.mark.parametrize("form", [CITY, "0048221234567", "48221234567", "221234567"])
def test_number_arrives_as_it_was_dialled(stage, outside, form):
    outside.dial(form)
    stage.settle()
    assert stage.controller.last("CHANNEL_PARK")["Caller-Destination-Number"] == form


def test_people_on_both_sides_of_a_trunk_talk(stage, anna, outside):
    leg = stage.call(outside, CITY)
    stage.controller.script(leg, *CONNECT, "bridge user/101@acme.test")
    stage.settle()
    assert (anna.view().number, outside.view().hears) == (MOBILE, "ringback")
    anna.answer()
    stage.settle()
    assert (anna.view().hears, outside.view().hears) == (f"peer:{MOBILE}", "peer:101")
    outside.hang_up()
    stage.settle()
    assert (anna.view().state, anna.view().ended) == (State.IDLE, "NORMAL_CLEARING")


def test_nobody_leads_a_call_from_outside_and_it_ends_by_itself(stage, outside):
    stage.call(outside, CITY)
    stage.advance(10)
    assert outside.view().ended == "NORMAL_TEMPORARY_FAILURE"


def test_call_takes_the_first_trunk_that_works(stage, outside):
    stage.simulator.switch.border.gateways.fail("trunk-1")
    outside.dial(CITY)
    stage.settle()
    park = stage.controller.last("CHANNEL_PARK")
    assert (park["variable_pbx_trunk"], park["variable_sip_gateway"], park["variable_pbx_mark"]) == ("trunk-2", "trunk-2", "m2")


def test_without_a_trunk_nobody_calls_in():
    with Stage() as stage, pytest.raises(PhoneError, match="no trunk leads here"):
        stage.simulator.outside(MOBILE).dial(CITY)


# --- out ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [MOBILE, "0048600100200", "48600100200", "600100200"])
def test_telephone_outside_is_rung_however_its_number_is_written(stage, anna, number):
    connect(stage, anna, dialled(number, variables="{origination_caller_id_number=+48221234567}"))
    view = stage.simulator.outside(MOBILE).view()
    assert (view.login, view.state, view.number, view.outside) == (MOBILE, State.RINGING, CITY, True)
    assert anna.view().hears == "ringback"


def test_answer_outside_joins_the_two(stage, anna, outside):
    leg = connect(stage, anna, dialled(gateway="trunk-2"))
    outside.answer()
    stage.settle()
    assert (anna.view().hears, outside.view().hears) == (f"peer:{MOBILE}", "peer:101")
    called = stage.controller.last("CHANNEL_ANSWER", outside.leg.uuid)
    assert (called["variable_sip_gateway_name"], called["variable_pbx_mark"]) == ("trunk-2", "m2")
    assert called["variable_sip_destination_url"] == f"sip:{MOBILE}@orion.test:5070"
    assert called["Channel-Name"] == f"sofia/trunks/{MOBILE}"
    assert "variable_pbx_callee" not in called
    anna.hang_up()
    stage.settle()
    assert outside.view().ended == stage.controller.last("CHANNEL_HANGUP", leg)["Hangup-Cause"] == "NORMAL_CLEARING"


def test_name_that_is_undefined_is_not_shown(stage, anna, outside):
    connect(stage, anna, dialled(variables="{origination_caller_id_name=_undef_}"))
    assert outside.view().name == ""


@pytest.mark.parametrize(
    ("happens", "cause", "status"),
    [
        (lambda phone: setattr(phone, "busy", True), "USER_BUSY", "486"),
        (lambda phone: setattr(phone, "when_rung", Phone.decline), "CALL_REJECTED", "603"),
        (lambda phone: phone.unregister(), "NO_USER_RESPONSE", "480"),
    ],
)
def test_world_says_why_nobody_talks(stage, anna, outside, happens, cause, status):
    happens(outside)
    leg = connect(stage, anna, dialled())
    assert result(stage, leg) == cause
    assert stage.controller.last("CHANNEL_PARK", leg)["variable_sip_invite_failure_status"] == status


def test_nobody_answers_outside_in_time(stage, anna, outside):
    leg = connect(stage, anna, dialled())
    stage.advance(20)
    assert (result(stage, leg), outside.view().ended) == ("NO_ANSWER", "NO_ANSWER")


@pytest.mark.parametrize(
    ("target", "cause"),
    [
        (dialled(gateway="trunk-9"), "INVALID_GATEWAY"),
        (dialled("anna"), "UNALLOCATED_NUMBER"),
        ("sofia/gateway/trunk-1", "INVALID_URL"),
        ("sofia/phones/101@acme.test", "INVALID_URL"),
    ],
)
def test_what_cannot_be_called_says_so(stage, anna, target, cause):
    assert result(stage, connect(stage, anna, target)) == cause


def test_trunk_that_is_down_takes_no_call_and_the_next_is_tried(stage, anna, outside):
    stage.simulator.switch.border.gateways.fail("trunk-1")
    leg = connect(stage, anna, dialled())
    assert result(stage, leg) == "GATEWAY_DOWN"
    stage.controller.script(leg, *CONNECT, f"bridge {dialled()}|{dialled(gateway='trunk-2')}")
    stage.settle()
    assert outside.view().state is State.RINGING


def test_talk_outside_ends_when_its_time_is_over(stage, anna, outside):
    connect(stage, anna, dialled(variables="{execute_on_answer=sched_hangup +60 ALLOTTED_TIMEOUT}"))
    outside.answer()
    stage.advance(59)
    assert outside.view().state is State.TALKING
    stage.advance(1)
    assert outside.view().ended == "ALLOTTED_TIMEOUT"


# --- the world ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["", "+", "anna", "+48 600", "22", "+0048600100200", "６００１００２００"])
def test_what_is_no_number_is_no_telephone(stage, number):
    with pytest.raises(PhoneError, match="is no telephone number"):
        stage.simulator.outside(number)


@pytest.mark.parametrize("order", [lambda phone: phone.transfer("22"), lambda phone: phone.hold() or phone.transfer("22")])
def test_nobody_outside_can_transfer(stage, anna, outside, order):
    connect(stage, anna, dialled())
    outside.answer()
    stage.settle()
    with pytest.raises(PhoneError, match="it cannot transfer"):
        order(outside)
