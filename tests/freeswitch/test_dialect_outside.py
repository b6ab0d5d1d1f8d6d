"""What FreeSWITCH tells of trunks and of people outside, as the core hears it, and the traps in their headers."""

import pytest

from app.core.events import CallCameIn, LegHungUp, RingFailed, TrunkChanged
from app.core.outcome import Outcome
from freeswitch.dialect import to_event
from freeswitch.findings import found_leg

PARK = {
    "Event-Name": "CHANNEL_PARK",
    "Unique-ID": "a",
    "Call-Direction": "inbound",
    "Caller-Destination-Number": "+48221234567",
}
STRANGER = PARK | {"Caller-Context": "trunks", "variable_pbx_trunk": "trunk-1", "Caller-Caller-ID-Number": "+48600100200"}


def test_call_from_outside_tells_who_calls_whom_by_which_trunk():
    event = to_event(STRANGER | {"Caller-Caller-ID-Name": "Jan Kowalski"})
    assert event == CallCameIn(
        leg="a", at=0.0, trunk="trunk-1", number="+48600100200", name="Jan Kowalski", dialled="+48221234567"
    )


@pytest.mark.parametrize(
    ("number", "name", "shown"),
    [
        ("600100200", "600100200", ("600100200", "")),
        ("600100200;verstat=TN-Validation-Passed", "", ("600100200", "")),
        ("anonymous", "Anonymous", ("", "")),
        ("0;${system(id)}", "x", ("0", "x")),
        ("6001<00200", "x", ("", "")),
        ("600100200", "${system(id)}\n'x|y", ("600100200", "(system(id)) ’x-y")),
        ("600100200", "x" * 5000, ("600100200", "x" * 100)),
    ],
)
def test_stranger_is_shown_by_what_is_a_number_and_a_harmless_name(number, name, shown):
    event = to_event(STRANGER | {"Caller-Caller-ID-Number": number, "Caller-Caller-ID-Name": name})
    assert (event.number, event.name) == shown


@pytest.mark.parametrize(("hidden", "shown"), [("Number", ("", "")), ("Name", ("+48600100200", ""))])
def test_what_a_stranger_withholds_is_not_told(hidden, shown):
    event = to_event(STRANGER | {"Caller-Caller-ID-Name": "Jan", f"Caller-Privacy-Hide-{hidden}": "true"})
    assert (event.number, event.name) == shown


def test_parameters_of_a_number_are_not_dialled():
    assert to_event(STRANGER | {"Caller-Destination-Number": "+48221234567;npdi;rn=+48"}).dialled == "+48221234567"


def test_found_call_from_outside_has_its_trunk_and_its_caller():
    leg = found_leg(STRANGER | {"Channel-State": "CS_EXECUTE", "Caller-Caller-ID-Name": "Jan"})
    assert (leg.trunk, leg.number, leg.name, leg.login) == ("trunk-1", "+48600100200", "Jan", "")


@pytest.mark.parametrize("name", ["CHANNEL_PARK", "CHANNEL_BRIDGE", "CHANNEL_HANGUP"])
def test_emergency_call_is_nobodys(name):
    call = PARK | {"Event-Name": name, "Channel-State": "CS_EXECUTE", "variable_pbx_emergency": "true"}
    assert to_event(call) is None
    assert found_leg(call) is None


# --- how attempts went


def result(**headers):
    marks = {"variable_pbx_step": "3", "variable_originate_disposition": "CALL_REJECTED"}
    return to_event(PARK | marks | {f"variable_{name}": value for name, value in headers.items()}).result


def test_attempt_outside_is_read_by_the_operators_answer():
    assert result(pbx_line="trunk-1", sip_invite_failure_status="403") is Outcome.NO_LINE
    assert result(pbx_line="trunk-1", sip_invite_failure_status="603") is Outcome.DECLINED
    assert result(sip_invite_failure_status="403") is Outcome.DECLINED


def test_attempt_outside_that_ends_with_408_is_no_answer_if_it_rang():
    timeout = {"pbx_line": "trunk-1", "originate_disposition": "RECOVERY_ON_TIMER_EXPIRE", "sip_invite_failure_status": "408"}
    assert result(**timeout) is Outcome.NO_LINE
    assert result(**timeout, pbx_rang="true") is Outcome.NO_ANSWER


def test_attempt_on_several_devices_is_read_from_all_of_them():
    assert result(originate_causes="ARRAY::b;CALL_REJECTED|:c;NO_USER_RESPONSE") is Outcome.NO_ANSWER


def test_joined_leg_says_which_of_several_accounts_answered():
    bridge = PARK | {"Event-Name": "CHANNEL_BRIDGE", "Bridge-A-Unique-ID": "a", "variable_pbx_callee": "102"}
    assert to_event(bridge | {"variable_pbx_login": "101"}).other_login == "102"
    assert to_event(bridge | {"variable_pbx_login": "102", "Call-Direction": "outbound"}).other_login == ""


TARGET = {
    "Event-Name": "CHANNEL_HANGUP",
    "Unique-ID": "t",
    "Hangup-Cause": "CALL_REJECTED",
    "variable_pbx_call": "c1",
    "variable_pbx_role": "target",
    "variable_pbx_attempt": "c1.7",
    "variable_pbx_line": "trunk-1",
}


def test_consulted_telephone_that_a_trunk_refused_lets_another_trunk_be_tried():
    refused = TARGET | {"variable_sip_invite_failure_status": "403"}
    assert to_event(refused) == RingFailed(leg="c1", call="c1", step=7, outcome=Outcome.NO_LINE, at=0.0)
    assert isinstance(to_event(refused | {"Event-Name": "CHANNEL_HANGUP_COMPLETE"}), LegHungUp)


@pytest.mark.parametrize("sign", ["Progress", "Progress-Media"])
def test_consulted_telephone_that_rang_until_408_did_not_answer(sign):
    timeout = TARGET | {"Hangup-Cause": "RECOVERY_ON_TIMER_EXPIRE", "variable_sip_invite_failure_status": "408"}
    assert to_event(timeout).outcome is Outcome.NO_LINE
    assert to_event(timeout | {f"Caller-Channel-{sign}-Time": "1795360452500000"}).outcome is Outcome.NO_ANSWER


def test_consulted_telephone_that_refused_itself_is_told_as_that():
    assert isinstance(to_event(TARGET | {"variable_sip_invite_failure_status": "603"}), LegHungUp)
    assert isinstance(to_event(TARGET | {"Caller-Channel-Answered-Time": "1795360452500000"}), LegHungUp)


def test_failed_job_is_read_by_whom_it_rang():
    job = {"Event-Name": "BACKGROUND_JOB", "Job-UUID": "c1.7", "Job-Command": "originate", "_body": "-ERR GATEWAY_DOWN\n"}
    gateway = {"Job-Command-Arg": "{^^!pbx_call=c1}sofia/gateway/trunk-1/+48600100200 &park()"}
    assert to_event(job | gateway).outcome is Outcome.NO_LINE
    timeout = {"_body": "-ERR RECOVERY_ON_TIMER_EXPIRE\n"}
    assert to_event(job | gateway | timeout).outcome is Outcome.NO_LINE
    assert to_event(job | timeout).outcome is Outcome.NOT_REGISTERED


@pytest.mark.parametrize(
    ("state", "ping", "up", "said"),
    [
        ("NOREG", "UP", True, "NOREG UP"),
        ("NOREG", "DOWN", False, "NOREG DOWN"),
        ("REGISTER", "DOWN", True, "REGED UP"),
        ("REGED", "UP", True, "REGED UP"),
        ("REGED", "DOWN", False, "REGED"),
        ("TRYING", "DOWN", False, "TRYING"),
        ("FAIL_WAIT", "DOWN", False, "FAIL_WAIT"),
    ],
)
def test_trunk_is_up_when_calls_can_go_over_it(state, ping, up, said):
    headers = {"Event-Name": "CUSTOM", "Event-Subclass": "sofia::gateway_state", "Gateway": "trunk-1"}
    event = to_event(headers | {"State": state, "Ping-Status": ping})
    assert event == TrunkChanged(switch="", gateway="trunk-1", up=up, state=said, at=0.0)
