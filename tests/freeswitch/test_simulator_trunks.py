"""Calls over trunks: telephones outside call and are called, gateways come and go, and who must press 1 first."""

from collections.abc import Iterator

import pytest

from freeswitch.simulator.gateways import DirectoryError, Gateway
from freeswitch.simulator.phones import Phone, PhoneError, State
from tests.freeswitch.simulated import Stage

NOVA, ORION = Gateway("trunk-1", "sip.nova.test"), Gateway("trunk-2", "orion.test:5070", True, variables={"pbx_mark": "m2"})
CITY, MOBILE = "+48221234567", "+48600100200"
CONNECT = ("set hangup_after_bridge=true", "set continue_on_fail=true", "set call_timeout=20")
ASK = "group_confirm_key=1,group_confirm_file=pl/press-one.wav,group_confirm_read_timeout=3000,group_confirm_timeout=20"


@pytest.fixture
def stage() -> Iterator[Stage]:
    with Stage(trunks=lambda: (NOVA, ORION)) as stage:
        stage.settle()
        yield stage


@pytest.fixture
def anna(stage: Stage) -> Phone:
    return stage.phone("101")


@pytest.fixture
def outside(stage: Stage) -> Phone:
    return stage.simulator.outside(MOBILE)


def connect(stage: Stage, anna: Phone, target: str, *before: str) -> str:
    """Anna dials, and her call is led to ``target``; her leg."""
    leg = stage.call(anna)
    stage.controller.script(leg, *CONNECT, *before, f"bridge {target}")
    stage.settle()
    return leg


def dialled(number: str = MOBILE, gateway: str = "trunk-1", variables: str = "") -> str:
    return f"{variables}sofia/gateway/{gateway}/{number}"


def result(stage: Stage, leg: str) -> str:
    """How the attempt went, from the park at the script's end."""
    stage.settle()
    parks = stage.controller.named("CHANNEL_PARK", leg=leg)
    assert len(parks) == 2
    return str(parks[1]["variable_originate_disposition"])


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


# --- press 1 --------------------------------------------------------------------------------------------------------


@pytest.fixture
def asked(stage: Stage, anna: Phone, outside: Phone) -> str:
    """Somebody outside has answered, and must press 1; the caller's leg."""
    leg = connect(stage, anna, dialled(variables=f"{{leg_timeout=20,{ASK}}}"), "set call_timeout=40")
    outside.answer()
    stage.settle()
    return leg


def test_whoever_answers_is_asked_while_the_caller_hears_it_ring(anna, outside, asked):
    assert (outside.view().hears, anna.view().hears, anna.view().state) == ("prompt:press-one.wav", "ringback", State.DIALLING)


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
    assert (outside.view().hears, anna.view().state) == ("prompt:press-one.wav", State.DIALLING)
    outside.press("1")
    stage.settle()
    assert anna.view().state is State.TALKING


def test_silence_asks_again_and_in_the_end_it_was_no_answer(stage, anna, outside, asked):
    stage.advance(4)
    assert outside.view().hears == "silence"
    stage.advance(2)
    assert outside.view().hears == "prompt:press-one.wav"
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


# --- gateways -------------------------------------------------------------------------------------------------------


def told(stage: Stage, kind: str) -> list[tuple[str, ...]]:
    events = [event for event in stage.controller.named("CUSTOM") if event["Event-Subclass"] == f"sofia::gateway_{kind}"]
    return [tuple(event[name] for name in ("Gateway", "State", "Ping-Status") if name in event) for event in events]


def test_gateways_are_asked_for_at_each_rescan():
    known = [NOVA]
    with Stage(trunks=lambda: known) as stage:
        stage.settle()
        known += [ORION, Gateway("no name")]
        assert stage.controller.api("sofia profile trunks rescan") == "Reload XML [Success]\n+OK scan complete\n"
        stage.settle()
        assert told(stage, "add") == [("trunk-2",)]
        states = [("trunk-2", "TRYING", "DOWN"), ("trunk-2", "REGISTER", "DOWN"), ("trunk-2", "REGED", "UP")]
        assert told(stage, "state") == states
        assert "<name>trunk-1</name>" in stage.controller.api("sofia xmlstatus gateway")


def test_gateway_that_is_known_stays_as_it_is_until_it_is_dropped(anna, stage):
    answer = stage.controller.api("sofia xmlstatus gateway trunk-2")
    assert "<state>REGED</state>\n    <status>UP</status>" in answer
    assert stage.controller.api("sofia profile trunks killgw trunk-2") == "+OK gateway marked for deletion.\n"
    assert stage.controller.api("sofia profile trunks killgw trunk-2") == "-ERR no such gateway.\n"
    assert stage.controller.api("sofia xmlstatus gateway trunk-2") == "Invalid Gateway!\n"
    assert result(stage, connect(stage, anna, dialled(gateway="trunk-2"))) == "INVALID_GATEWAY"
    assert told(stage, "delete") == [("trunk-2",)]
    assert stage.controller.api("sofia profile trunks killgw _all_") == "+OK every gateway marked for deletion.\n"
    assert stage.controller.api("sofia xmlstatus gateway").count("<gateway>") == 0


def test_operator_who_falls_silent_is_noticed(stage):
    gateways = stage.simulator.switch.border.gateways
    gateways.fail("trunk-1")
    gateways.fail("trunk-2")
    gateways.fail("trunk-2", fails=False)
    stage.settle()
    assert told(stage, "state")[-3:] == [
        ("trunk-1", "NOREG", "DOWN"),
        ("trunk-2", "FAIL_WAIT", "DOWN"),
        ("trunk-2", "REGED", "UP"),
    ]


def test_switch_says_which_trunks_there_should_be(stage):
    answer = stage.controller.api("xml_locate directory domain name trunks")
    assert answer == '<domain name="trunks"><user id="trunk-1" mark="" /><user id="trunk-2" mark="m2" /></domain>'
    assert stage.controller.api("xml_locate configuration configuration name sofia.conf") == "can't find anything\n"
    assert stage.controller.api("reloadacl") == "+OK acl reloaded\n"


def test_gateway_s_variables_can_be_read(stage):
    assert stage.controller.api("sofia_gateway_data trunk-2 var pbx_mark") == "m2"
    assert stage.controller.api("sofia_gateway_data trunk-9 var pbx_mark") == "-ERR no reply\n"


def test_whoever_cannot_be_asked_changes_nothing(caplog):
    def nobody() -> tuple[Gateway, ...]:
        raise DirectoryError("the panel does not answer")

    with Stage(trunks=nobody) as stage:
        assert stage.controller.api("sofia profile trunks rescan").endswith("+OK scan complete\n")
        assert stage.controller.api("xml_locate directory domain name trunks") == "can't find anything\n"
    assert "the trunks could not be asked for: the panel does not answer" in caplog.text


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
