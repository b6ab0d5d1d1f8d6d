"""What FreeSWITCH told us, as the core hears it: whole recorded stories, and the traps in their headers."""

from pathlib import Path

import pytest

from app.core.events import (
    CallArrived,
    CallReferred,
    CallReferredEarly,
    FoundLeg,
    KeyPressed,
    LegAnswered,
    LegHungUp,
    LegsJoined,
    PhoneRegistered,
    RingFailed,
    Role,
    StepDone,
)
from app.core.outcome import Outcome
from freeswitch.dialect import SUBSCRIPTION, to_event
from freeswitch.findings import found_leg, registrations
from freeswitch.payload import event_of
from freeswitch.wire import Reader

FIXTURES = Path(__file__).with_name("fixtures")


def heard(story):
    """Every event of a recording that the core cares about, without what it hears a second or third time."""
    frames = Reader().feed((FIXTURES / f"{story}.esl").read_bytes())
    events = [to_event(event_of(frame)) for frame in frames if frame.content_type == "text/event-json"]
    gone, once = set(), []
    for event in filter(None, events):
        if isinstance(event, LegHungUp):
            if event.leg in gone:
                continue
            gone.add(event.leg)
        once.append(event)
    return once


def of_kind(kind, events):
    return [event for event in events if isinstance(event, kind)]


@pytest.mark.parametrize(
    ("story", "result"),
    [
        ("busy", Outcome.BUSY),
        ("declined", Outcome.DECLINED),
        ("no-answer", Outcome.NO_ANSWER),
        ("not-registered", Outcome.NOT_REGISTERED),
        ("unknown-account", Outcome.NOT_REGISTERED),
    ],
)
def test_failed_attempt_comes_back_with_its_reason(story, result):
    arrived, *rest = [event for event in heard(f"xferext/{story}") if isinstance(event, CallArrived | StepDone)]
    assert isinstance(arrived, CallArrived)
    assert arrived.login == "100101"
    assert [(event.leg, event.step, event.result) for event in rest] == [(arrived.leg, 1, result)]


@pytest.mark.parametrize(("story", "first_is_caller"), [("caller-ends", True), ("callee-ends", False)])
def test_first_to_hang_up_is_the_one_whose_phone_did(story, first_is_caller):
    events = heard(f"xferext/{story}")
    caller = of_kind(CallArrived, events)[0].leg
    first, second = of_kind(LegHungUp, events)
    assert (first.leg == caller) is first_is_caller
    assert (first.by_phone, second.by_phone) == (True, False)


def test_cancel_is_the_callers_doing():
    events = heard("xferext/caller-cancels")
    caller = of_kind(CallArrived, events)[0].leg
    gone = next(event for event in of_kind(LegHungUp, events) if event.leg == caller)
    assert (gone.outcome, gone.by_phone) == (Outcome.CANCELLED, True)


def test_registering_phone_is_known_by_where_it_is():
    (event,) = of_kind(PhoneRegistered, heard("xferext/register"))[:1]
    device = event.registration
    assert device.login == "100101"
    assert device.contact.startswith("sip:")
    assert device.expires > device.since


def test_key_tells_who_pressed_what():
    assert {event.keys for event in of_kind(KeyPressed, heard("transfers/keys-by-extension"))} >= {"#"}


def test_rung_target_is_answered_and_joined_under_the_order_of_the_join():
    events = heard("transfers/consult-join")
    answered = of_kind(LegAnswered, events)[0]
    joined = [event for event in of_kind(LegsJoined, events) if answered.leg in (event.leg, event.other)]
    assert joined[0].step > 0
    assert joined[0].call == answered.call


def test_referred_party_waits_with_the_number_the_phone_named():
    for story in ("refer-blind-callee", "refer-blind-caller"):
        events = heard(f"transfers/{story}")
        (referred,) = of_kind(CallReferred, events)
        assert referred.dialled == "23"
        assert of_kind(LegHungUp, events)[0].outcome is Outcome.TRANSFERRED


def test_chain_says_when_each_of_its_attempts_is_over():
    done = of_kind(StepDone, heard("transfers/chain-unattended"))
    assert [event.result for event in done][:2] == [Outcome.BUSY, Outcome.NO_ANSWER]


def job(body, name="c1.7", command="originate"):
    return {"Event-Name": "BACKGROUND_JOB", "Job-UUID": name, "Job-Command": command, "_body": body}


def test_failed_ring_names_its_attempt():
    failed = to_event(job("-ERR USER_BUSY\n"))
    assert failed == RingFailed(leg="c1", call="c1", step=7, outcome=Outcome.BUSY, at=0.0)


@pytest.mark.parametrize("other", [job("+OK 123\n"), job("-ERR X\n", "some-uuid"), job("-ERR X\n", command="status")])
def test_other_jobs_are_nobodys(other):
    assert to_event(other) is None


def park(**headers):
    fixed = {"Event-Name": "CHANNEL_PARK", "Unique-ID": "a", "Call-Direction": "inbound", "Caller-Context": "phones"}
    return fixed | {"Caller-Destination-Number": "22"} | {name.replace("__", "-"): value for name, value in headers.items()}


def test_caller_is_the_account_that_proved_itself_not_the_one_it_claims():
    claims = {"Caller__Caller__ID__Number": "100199", "variable_sip_from_user": "100199"}
    assert to_event(park(**claims)).login == ""
    proven = {"variable_sip_authorized": "true", "variable_sip_auth_username": "100101"}
    assert to_event(park(**claims, **proven)).login == "100101"


def test_leg_from_a_trunk_has_no_account_whatever_it_carries():
    stranger = park(variable_sip_authorized="true", variable_sip_auth_username="100101") | {"Caller-Context": "trunks"}
    assert to_event(stranger).login == ""


def test_park_of_a_leg_we_called_is_no_new_call():
    assert to_event(park() | {"Call-Direction": "outbound"}) is None


@pytest.mark.parametrize("name", ["CHANNEL_HANGUP", "CHANNEL_HANGUP_COMPLETE", "CHANNEL_DESTROY"])
def test_each_word_for_the_end_suffices(name):
    assert isinstance(to_event({"Event-Name": name, "Unique-ID": "a", "Hangup-Cause": "NORMAL_CLEARING"}), LegHungUp)


@pytest.mark.parametrize("event", [{}, {"Event-Name": "HEARTBEAT"}, {"Event-Name": "CUSTOM", "Event-Subclass": "pbx::ping"}])
def test_what_we_do_not_care_about_is_nothing(event):
    assert to_event(event) is None


def dump(**changes):
    fixed = {
        "Unique-ID": "a",
        "Call-Direction": "inbound",
        "Channel-State": "CS_EXECUTE",
        "Answer-State": "answered",
        "Caller-Context": "phones",
        "Caller-Destination-Number": "22",
        "variable_current_application": "bridge",
        "variable_originate_disposition": "SUCCESS",
        "variable_bridge_uuid": "b",
        "variable_pbx_step": "1",
        "variable_pbx_call": "a",
    }
    return found_leg(fixed | changes)


@pytest.mark.parametrize("doing", ["bridge", "intercept", "answered"])
def test_caller_in_a_bridge_talks(doing):
    """Answered by it, the leg says so in its place."""
    leg = dump(variable_current_application=doing)
    assert isinstance(leg, FoundLeg)
    assert (leg.other, leg.waiting, leg.role) == ("b", False, Role.CALLER)


def test_caller_for_whom_somebody_is_rung_talks_to_nobody_whoever_he_talked_to_before():
    assert dump(variable_originate_disposition="failure").other == ""


@pytest.mark.parametrize("state", ["CS_EXECUTE", "CS_PARK"])
def test_parked_leg_waits(state):
    leg = dump(**{"Channel-State": state, "variable_current_application": "park"})
    assert (leg.waiting, leg.other) == (True, "")


def test_joined_leg_talks_although_its_last_application_was_a_park():
    leg = dump(**{"Channel-State": "CS_SOFT_EXECUTE", "variable_current_application": "park"})
    assert (leg.waiting, leg.other) == (False, "b")


def test_leg_that_leaves_is_not_found():
    assert dump(**{"Channel-State": "CS_REPORTING"}) is None


def test_rung_target_is_told_from_a_callee():
    outbound = {"Call-Direction": "outbound"}
    assert dump(**outbound, variable_pbx_role="target").role is Role.TARGET
    assert dump(**outbound, variable_pbx_role="callee").role is Role.CALLEE


def test_registrations_are_read_from_the_profiles_list():
    xml = """<profile><registrations><registration>
      <user>100101@pbx.test</user>
      <contact>"A" &lt;sip:100101@127.0.0.1:5070&gt;</contact>
      <agent>Yealink</agent>
      <status>Registered(UDP)(unknown) exp(2026-11-22 10:00:00) expsecs(120)</status>
      <network-ip>127.0.0.1</network-ip>
      <network-port>5070</network-port>
    </registration></registrations></profile>"""
    (device,) = registrations(xml, 1000.0)
    assert (device.login, device.contact, device.expires) == ("100101", "sip:100101@127.0.0.1:5070", 1120.0)
    assert (device.device, device.address) == ("Yealink", "127.0.0.1:5070")


def test_every_event_read_is_subscribed_to():
    for name in ("CHANNEL_PARK", "CHANNEL_BRIDGE", "CHANNEL_HANGUP", "BACKGROUND_JOB", "pbx::key", "pbx::step", "pbx::ping"):
        assert f" {name} " in f" {SUBSCRIPTION} "


def test_early_transfer_key_is_known_by_the_call_it_replaces():
    event = {
        "Event-Name": "CUSTOM",
        "Event-Subclass": "sofia::transferee",
        "Event-Date-Timestamp": "120000000",
        "Unique-ID": "a",
        "variable_pbx_call": "c1",
        "variable_att_xfer_destination_number": "23",
    }
    assert to_event(event) is None  # of an earlier one; this one is told by what follows it
    early = to_event(event | {"att_xfer_replaced_call_id": "b2"})
    assert early == CallReferredEarly(leg="a", at=120.0, call="c1", dialled="23", own="b2")
