"""A phone that has an account and means harm, on a real FreeSWITCH: its own transfer key, and headers of its own."""

from collections.abc import Iterator

import pytest

from app.core.actions import Connect
from tests.freeswitch.event_tap import EventTap
from tests.freeswitch.leading import Hand
from tests.freeswitch.real_switch import RealSwitch, running, why_not
from tests.freeswitch.sip_phone import Dialog, SipPhone

REASON = why_not()
pytestmark = [pytest.mark.contract, pytest.mark.skipif(bool(REASON), reason=REASON or "there is one")]

NOBODY = "nobody%3Bto-tag%3D1%3Bfrom-tag%3D2"  # a call the switch does not know
BREAK_IN = "execute_on_ring=set_global:broken_into=yes"


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealSwitch]:
    with running(tmp_path_factory.mktemp("var")) as switch:
        yield switch


@pytest.fixture
def switch(machine: RealSwitch) -> Iterator[RealSwitch]:
    yield machine
    machine.send_everybody_home()


@pytest.fixture
def events(switch: RealSwitch) -> Iterator[EventTap]:
    with switch.watched() as tap:
        yield tap


@pytest.fixture
def hand(events: EventTap) -> Hand:
    return Hand(events)


@pytest.fixture
def anna(switch: RealSwitch) -> SipPhone:
    return switch.registered("100101")


@pytest.fixture
def bartek(switch: RealSwitch) -> SipPhone:
    phone = switch.registered("100102")
    phone.behaviour = "answer"
    return phone


@pytest.fixture
def accomplice(switch: RealSwitch) -> SipPhone:
    """A telephone that is not registered anywhere."""
    return switch.phone("100104")


def talking(hand: Hand, events: EventTap, anna: SipPhone, *headers: str) -> tuple[Dialog, str]:
    """Anna talks to Bartek; her call and her leg."""
    dialog = anna.call("22", headers=headers)
    leg = hand.came()["Unique-ID"]
    hand.lead(leg, Connect(("100102",), 5))
    dialog.remote = anna.wait_response(dialog.call_id).headers["to"]
    events.wait("CHANNEL_BRIDGE")
    return dialog, leg


@pytest.mark.parametrize("by_caller", [True, False], ids=["calling", "called"])
@pytest.mark.parametrize(
    "address",
    [
        f"sip:x@PLACE?Replaces={NOBODY}",
        f"sip:x@PLACE?Replaces={NOBODY},{BREAK_IN}",
        f"sip:x@PLACE;a,{BREAK_IN}?Replaces={NOBODY}",
        f"sip:x,null/x@PLACE?Replaces={NOBODY}",
        f"sip:x@PLACE?Replaces=nobody}}{{{BREAK_IN}}}null/x,{{x=1",
    ],
)
def test_a_transfer_to_a_call_nobody_knows_rings_nobody_and_leaves_the_party_waiting(
    switch: RealSwitch, hand: Hand, events: EventTap, anna: SipPhone, bartek: SipPhone, accomplice: SipPhone,
    address: str, by_caller: bool,
) -> None:  # fmt: skip
    dialog, leg = talking(hand, events, anna)
    assert bartek.ringing is not None
    where = address.replace("PLACE", f"127.0.0.1:{accomplice.port}")
    if by_caller:
        anna.refer(dialog, where)
    else:
        bartek.refer(bartek.ringing, where)
    left = events.wait_for(lambda told: told.get("Event-Name") == "CHANNEL_HANGUP", "the phone's end")
    assert (left["Unique-ID"] == leg, left["variable_transfer_disposition"]) == (by_caller, "recv_replace")
    waits = events.wait_for(
        lambda told: told.get("Event-Name") == "CHANNEL_PARK" and told["Unique-ID"] not in (left["Unique-ID"], "")
        and told.get("variable_pbx_step") == "1", "the party's waiting",
    )  # fmt: skip
    assert (waits["Unique-ID"] == leg) is not by_caller
    assert (accomplice.seen, switch.ask("global_getvar broken_into")) == ([], "-ERR no reply")
    assert len([told for told in events.events if told.get("Event-Name") == "CHANNEL_CREATE"]) == 2


def test_a_transfer_to_an_emergency_number_is_for_the_controller_to_refuse(
    hand: Hand, events: EventTap, anna: SipPhone, bartek: SipPhone
) -> None:
    _, leg = talking(hand, events, anna)
    assert bartek.ringing is not None
    bartek.refer(bartek.ringing, "sip:112@pbx.example")
    waits = events.wait_for(
        lambda told: told.get("Event-Name") == "CHANNEL_PARK" and "variable_sip_refer_to" in told, "the party's waiting"
    )
    assert (waits["Unique-ID"], waits["Caller-Destination-Number"]) == (leg, "112")


def test_no_header_of_a_callers_own_reaches_whom_he_calls(
    hand: Hand, events: EventTap, anna: SipPhone, bartek: SipPhone
) -> None:
    talking(hand, events, anna, "P-Charge-Info: <sip:+48999@x>", "X-Tricks: a", "User-to-User: b")
    assert bartek.ringing is not None
    assert bartek.ringing.invite is not None
    assert {"p-charge-info", "x-tricks", "user-to-user"}.isdisjoint(bartek.ringing.invite.headers)


def test_a_call_in_the_place_of_another_takes_nothing(
    switch: RealSwitch, hand: Hand, events: EventTap, anna: SipPhone, bartek: SipPhone
) -> None:
    """INVITE with Replaces, by somebody who knows no more of a call than its Call-ID."""
    dialog, leg = talking(hand, events, anna)
    thief = switch.registered("100103")
    theft = thief.call("22", headers=[f"Replaces: {dialog.call_id};to-tag=1;from-tag=2"])
    ended = events.wait_for(
        lambda told: told.get("Event-Name") == "CHANNEL_HANGUP" and "variable_sip_replaces_call_id" in told, "its end"
    )
    assert (ended["Hangup-Cause"], thief.wait_response(theft.call_id).status) == ("CALL_REJECTED", 200)
    assert switch.ask(f"uuid_exists {leg}") == "true"
    assert not bartek.ended.is_set()
    bridges = [told for told in events.events if told.get("Event-Name") == "CHANNEL_BRIDGE"]
    assert [told["Unique-ID"] for told in bridges] == [leg]
