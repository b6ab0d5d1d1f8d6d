"""The configuration on a real FreeSWITCH: who may register and call, what is refused, how a script runs."""

import socket
import time
from collections.abc import Iterator

import pytest

from app.core.outcome import EndedBy, Outcome
from tests.freeswitch.event_tap import EventTap
from tests.freeswitch.real_switch import DOMAIN, RealSwitch, running, why_not
from tests.freeswitch.sip_phone import SipPhone

REASON = why_not()
pytestmark = [pytest.mark.contract, pytest.mark.skipif(bool(REASON), reason=REASON or "there is one")]

WAIT = ("set park_timeout=10:NORMAL_TEMPORARY_FAILURE", "park")


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealSwitch]:
    with running(tmp_path_factory.mktemp("var")) as switch:
        yield switch


@pytest.fixture
def switch(machine: RealSwitch) -> Iterator[RealSwitch]:
    machine.office.ended.clear()
    yield machine
    machine.send_everybody_home()


@pytest.fixture
def events(switch: RealSwitch) -> Iterator[EventTap]:
    with switch.watched() as tap:
        yield tap


@pytest.fixture
def anna(switch: RealSwitch) -> SipPhone:
    return switch.registered("100101")


def call_of(anna: SipPhone, events: EventTap, number: str = "22") -> tuple[str, str]:
    """Anna dials; the SIP Call-ID and her leg, which waits."""
    return anna.call(number).call_id, events.wait("CHANNEL_PARK")["Unique-ID"]


# --- registration


def test_a_phone_with_the_right_password_registers(switch: RealSwitch) -> None:
    phone = switch.phone("100101")
    assert phone.register() == 200
    assert switch.devices("100101") == f"sofia/phones/sip:100101@127.0.0.1:{phone.port}"


@pytest.mark.parametrize(("login", "password"), [("100101", "wrong"), ("999999", "secret-999999")])
def test_a_wrong_password_and_an_unknown_account_look_the_same(switch: RealSwitch, login: str, password: str) -> None:
    assert switch.phone(login, password).register() == 403
    assert switch.devices(login) == "error/user_not_registered"


def test_a_phone_cannot_register_on_somebody_elses_account(switch: RealSwitch) -> None:
    assert switch.phone("100101").register(login="100102") == 403
    assert switch.devices("100102") == "error/user_not_registered"


def test_five_devices_ring_and_a_sixth_is_refused(switch: RealSwitch) -> None:
    phones = [switch.phone("100103") for _ in range(6)]
    assert [phone.register() for phone in phones] == [200] * 5 + [403]
    assert [phone.register() for phone in phones] == [200] * 5 + [403]
    assert switch.devices("100103").count("sofia/phones/sip:") == 5


def test_a_device_that_signs_out_makes_room(switch: RealSwitch) -> None:
    phones = [switch.registered("100104") for _ in range(5)]
    assert phones[0].register(expires=0) == 200
    assert switch.phone("100104").register() == 200


@pytest.mark.parametrize(
    "contact",
    [
        "sip:x@127.0.0.1:5;a=b,user/100101",
        "sip:x@127.0.0.1:5;a=b,[api_on_ring=system]user/100101",
        "sip:x|user/100101@127.0.0.1:5",
        "sip:48900123456@127.0.0.2",
        "sip:x@127.0.0.1:5;fs_path=sip%3Ax%40127.0.0.2",
    ],
)
def test_a_contact_with_tricks_is_never_called(switch: RealSwitch, contact: str) -> None:
    phone = switch.phone("100102")
    assert phone.register(contact=contact) == 200
    assert switch.devices("100102") == "error/user_not_registered"


def test_a_phone_behind_a_router_is_called_where_it_came_from(switch: RealSwitch, anna: SipPhone, events: EventTap) -> None:
    far = switch.phone("100102")
    assert far.register(contact="sip:100102@192.168.77.7:5070") == 200
    _, leg = call_of(anna, events)
    events.script(leg, f"bridge user/100102@{DOMAIN}", *WAIT)
    assert far.rang.wait(5)


def test_accounts_are_asked_for_once_and_remembered(switch: RealSwitch) -> None:
    switch.ask(f"xml_flush_cache id 100104 {DOMAIN}")
    switch.office.asked.clear()
    switch.registered("100104").register()
    assert switch.office.asked == ["100104"]
    switch.ask(f"xml_flush_cache id 100104 {DOMAIN}")
    switch.registered("100104")
    assert switch.office.asked == ["100104", "100104"]


# --- what is refused


def test_a_call_without_a_password_is_refused(switch: RealSwitch, events: EventTap) -> None:
    assert switch.phone("100101").call_without_password("22") == 407
    assert [event for event in events.events if event["Event-Name"] == "CHANNEL_PARK"] == []


def test_a_message_runs_no_command(switch: RealSwitch, anna: SipPhone) -> None:
    """With enable-chat on, this one does (mod_dptools.c api_chat_send) [tried]."""
    anna.message("api+global_setvar%20broken_into%3Dyes", "text")
    assert switch.ask("global_getvar broken_into") == "-ERR no reply"


def test_nobody_calls_or_registers_from_outside(switch: RealSwitch) -> None:
    stranger = switch.phone("100101", port=switch.settings.trunk_port)
    assert stranger.call_without_password("48600100200") == 403
    assert stranger.register() == 405


def test_the_event_socket_wants_its_password(switch: RealSwitch) -> None:
    address = switch.settings.switches[0]
    with socket.create_connection((address.host, address.port), 5) as stranger:
        stranger.sendall(b"auth ClueCon\n\n")
        answer = stranger.makefile("rb").read()
    assert b"-ERR invalid" in answer


def test_a_phone_cannot_send_its_callers_elsewhere(switch: RealSwitch, anna: SipPhone, events: EventTap) -> None:
    bartek = switch.registered("100102")
    bartek.behaviour = 302
    _, leg = call_of(anna, events)
    events.script(leg, "set pbx_step=2", "set continue_on_fail=true", f"bridge user/100102@{DOMAIN}", *WAIT)
    parked = events.wait("CHANNEL_PARK", variable_pbx_step="2")
    assert parked["variable_originate_disposition"] == "REQUESTED_CHAN_UNAVAIL"


# --- calls


def test_a_call_waits_unanswered_and_says_who_is_calling(switch: RealSwitch, events: EventTap) -> None:
    liar = switch.registered("100101")
    liar.call("22", sender=f"sip:100102@{DOMAIN}")
    parked = events.wait("CHANNEL_PARK")
    who = [parked[f"variable_{name}"] for name in ("sip_auth_username", "user_name", "pbx_login")]
    assert who == ["100101"] * 3
    assert (parked["Caller-Context"], parked["Caller-Destination-Number"], parked["Answer-State"]) == (
        "phones",
        "22",
        "ringing",
    )
    assert [message.status for message in liar.seen][-1] == 100


def test_a_call_that_nobody_leads_ends_after_ten_seconds(switch: RealSwitch, anna: SipPhone, events: EventTap) -> None:
    call_id, leg = call_of(anna, events)
    assert anna.wait_response(call_id, seconds=12).status == 503
    ended = events.wait("CHANNEL_HANGUP", **{"Unique-ID": leg})
    waited = int(ended["Event-Date-Timestamp"]) - int(ended["Caller-Channel-Created-Time"])
    assert 8.9 < waited / 1_000_000 < 11


def test_a_script_runs_in_order_and_ends_in_waiting(switch: RealSwitch, anna: SipPhone, events: EventTap) -> None:
    switch.registered("100102").behaviour = "busy"
    _, leg = call_of(anna, events)
    events.script(
        leg,
        "set pbx_step=7",
        "set continue_on_fail=true",
        f"bridge {{pbx_call=c1}}[pbx_login=100102]user/100102@{DOMAIN}",
        *WAIT,
    )
    parked = events.wait("CHANNEL_PARK", variable_pbx_step="7")
    assert parked["variable_originate_disposition"] == "USER_BUSY"
    created = events.wait("CHANNEL_CREATE", **{"Call-Direction": "outbound"})
    assert (created["variable_pbx_call"], created["variable_pbx_login"]) == ("c1", "100102")


def test_a_phone_is_shown_any_name_and_the_caller_hears_ringing(switch: RealSwitch, anna: SipPhone, events: EventTap) -> None:
    bartek = switch.registered("100102")
    call_id, leg = call_of(anna, events)
    name = "Zażółć, gęślą; 'jaźń' 😀"
    caller = ("set effective_caller_id_number=21", f"set effective_caller_id_name={name}")
    events.script(leg, *caller, f"bridge user/100102@{DOMAIN}", *WAIT)
    assert bartek.rang.wait(5)
    assert bartek.ringing is not None
    assert bartek.ringing.invite is not None
    assert bartek.ringing.invite.headers["from"].startswith(f'"{name}" <sip:21@')
    assert anna.wait_response(call_id, 180).status == 180


@pytest.mark.parametrize(
    "application", ["playback ${global_setvar(broken_into=yes)}.wav", "bridge ${global_setvar(broken_into=yes)}"]
)
def test_no_argument_is_expanded(switch: RealSwitch, anna: SipPhone, events: EventTap, application: str) -> None:
    _, leg = call_of(anna, events)
    events.script(leg, "set pbx_step=2", "set continue_on_fail=true", application, *WAIT)
    events.wait("CHANNEL_PARK", variable_pbx_step="2")
    assert switch.ask("global_getvar broken_into") == "-ERR no reply"


@pytest.mark.parametrize("codec", ["8 PCMA/8000", "9 G722/8000", "107 opus/48000/2"])
def test_prompts_play_on_narrow_and_wide_calls(switch: RealSwitch, anna: SipPhone, events: EventTap, codec: str) -> None:
    anna.codec = codec
    call_id, leg = call_of(anna, events)
    events.script(leg, "set pbx_step=2", "pre_answer", "playback pl/no-such-number.wav", *WAIT)
    assert anna.wait_response(call_id, 180).status == 183
    parked = events.wait("CHANNEL_PARK", variable_pbx_step="2")
    assert 1900 < int(parked["variable_playback_ms"]) < 2100
    assert parked["Channel-Write-Codec-Name"].upper() == codec.split()[1].split("/")[0].upper()


@pytest.mark.parametrize("name", ["event_socket_password", "lookup_credentials", "password", "cred"])
def test_no_leg_knows_a_secret_of_ours(switch: RealSwitch, anna: SipPhone, events: EventTap, name: str) -> None:
    _, leg = call_of(anna, events)
    assert switch.ask(f"uuid_getvar {leg} {name}") == "_undef_"


def test_the_end_of_a_callers_leg_is_reported_and_of_no_other(switch: RealSwitch, anna: SipPhone, events: EventTap) -> None:
    switch.registered("100102").behaviour = "busy"
    call_id, leg = call_of(anna, events)
    events.script(leg, "set pbx_call=c9", f"bridge user/100102@{DOMAIN}", "hangup USER_BUSY")
    assert anna.wait_response(call_id).status == 486
    report = switch.reported(leg)
    assert (report.call, report.login, report.dialled, report.cause) == ("c9", "100101", "22", "USER_BUSY")
    assert (report.answered, report.outcome, report.ended_by) == (None, Outcome.BUSY, EndedBy.SYSTEM)
    other = events.wait("CHANNEL_CREATE", **{"Call-Direction": "outbound"})["Unique-ID"]
    assert other not in [report.leg for report in switch.office.ended]


@pytest.mark.parametrize("number", ["22", "*822", "%2A822", "600100200"])
def test_a_caller_nobody_leads_is_reported_with_his_account_and_what_he_dialled(
    switch: RealSwitch, anna: SipPhone, events: EventTap, number: str
) -> None:
    came = time.time()
    dialog = anna.call(number)
    leg = events.wait("CHANNEL_PARK")["Unique-ID"]
    anna.cancel(dialog)
    report = switch.reported(leg)
    assert (report.call, report.login, report.dialled) == (None, "100101", number.replace("%2A", "*"))
    assert (report.answered, report.outcome, report.ended_by) == (None, Outcome.CANCELLED, EndedBy.CALLER)
    assert came - 0.1 < report.started <= report.ended < time.time() + 0.1


def test_nothing_was_left_undelivered(machine: RealSwitch) -> None:
    left = {path.name: path.read_text(encoding="utf-8") for path in (machine.folder / "undelivered").iterdir()}
    assert left == {}


def test_the_configuration_is_understood_without_a_complaint(machine: RealSwitch) -> None:
    log = (machine.folder / "log" / "freeswitch.log").read_text(encoding="utf-8", errors="replace")
    start = log.partition("FreeSWITCH Started")[0]
    assert start
    assert [line for line in start.splitlines() if "[ERR]" in line or "[CRIT]" in line] == []
