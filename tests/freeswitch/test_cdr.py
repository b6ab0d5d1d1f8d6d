"""Reports of ended legs: real ones, and what anybody else might send."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.outcome import EndedBy, Outcome
from app.core.report import LegReport
from freeswitch.cdr import UnreadableReportError, read_report

CALLER_PUT_DOWN = {
    "uuid": "leg-1",
    "pbx_call": "leg-1",
    "direction": "inbound",
    "sofia_profile_name": "phones",
    "sip_authorized": "true",
    "sip_auth_username": "100101",
    "sip_req_user": "22",
    "hangup_cause": "NORMAL_CLEARING",
    "originate_disposition": "SUCCESS",
    "bridge_hangup_cause": "NORMAL_CLEARING",
    "sip_hangup_disposition": "recv_bye",
    "start_uepoch": "1795360440000000",
    "answer_uepoch": "1795360442187506",
    "end_uepoch": "1795360452500000",
}


def read(body: bytes) -> LegReport:
    end = read_report(body)
    assert end is not None
    return end


def report(**changes: str | None) -> bytes:
    """mod_json_cdr's report of a call of ten seconds, with some variables changed or (None) missing."""
    variables = {name: value for name, value in (CALLER_PUT_DOWN | changes).items() if value is not None}
    return json.dumps({"core-uuid": "x", "variables": variables, "callflow": []}).encode()


def test_an_answered_call_that_the_caller_ended() -> None:
    end = read(report())
    assert (end.leg, end.call, end.ended, end.answered) == ("leg-1", "leg-1", 1795360452.5, 1795360442.187506)
    assert (end.login, end.dialled, end.started) == ("100101", "22", 1795360440.0)
    assert (end.outcome, end.ended_by, end.cause) == (Outcome.ANSWERED, EndedBy.CALLER, "NORMAL_CLEARING")


def test_an_answered_call_that_the_other_side_ended() -> None:
    assert read(report(sip_hangup_disposition="send_bye")).ended_by is EndedBy.CALLEE


def test_an_answered_call_that_the_switch_ended() -> None:
    end = read(report(sip_hangup_disposition="send_bye", bridge_hangup_cause="MEDIA_TIMEOUT", hangup_cause="MEDIA_TIMEOUT"))
    assert (end.outcome, end.ended_by) == (Outcome.ANSWERED, EndedBy.SYSTEM)


@pytest.mark.parametrize(
    ("cause", "way", "outcome", "by"),
    [
        ("USER_BUSY", "send_refuse", Outcome.BUSY, EndedBy.SYSTEM),
        ("ORIGINATOR_CANCEL", "recv_cancel", Outcome.CANCELLED, EndedBy.CALLER),
        ("NORMAL_CLEARING", "recv_cancel", Outcome.CANCELLED, EndedBy.CALLER),
        ("NORMAL_TEMPORARY_FAILURE", "send_refuse", Outcome.FAILED, EndedBy.SYSTEM),
    ],
)
def test_a_call_nobody_answered(cause: str, way: str, outcome: Outcome, by: EndedBy) -> None:
    body = report(hangup_cause=cause, sip_hangup_disposition=way, answer_uepoch="0", originate_disposition=None)
    end = read(body)
    assert (end.answered, end.outcome, end.ended_by) == (None, outcome, by)


@pytest.mark.parametrize(
    ("way", "by"), [({}, EndedBy.CALLEE), ({"sip_hangup_disposition": "send_bye", "bridge_uuid": "call-1"}, EndedBy.CALLER)]
)
def test_whoever_picked_a_call_up_is_not_its_caller(way: dict[str, str | None], by: EndedBy) -> None:
    assert read(report(pbx_call="call-1", **way)).ended_by is by


@pytest.mark.parametrize(
    "changes",
    [
        {"answer_uepoch": "0", "hangup_cause": "NO_ANSWER"},
        {"cc_side": "agent"},
        {"cc_side": "agent", "cc_agent_bridged": "false"},
    ],
    ids=["rang only", "an agent outside who did not press 1", "an agent whose caller had gone"],
)
def test_whom_we_called_and_who_never_came_to_talk_tells_nothing(changes: dict[str, str | None]) -> None:
    assert read_report(report(direction="outbound", **changes)) is None


def test_an_agent_who_has_talked_tells_his_end() -> None:
    assert read(report(direction="outbound", cc_side="agent", cc_agent_bridged="true")).answered == 1795360442.187506


def test_a_leg_left_waiting_by_a_dead_controller_tells_how_its_attempt_went() -> None:
    body = report(hangup_cause="NORMAL_TEMPORARY_FAILURE", answer_uepoch="0", originate_disposition="USER_BUSY")
    assert read(body).outcome is Outcome.BUSY


def test_a_leg_that_never_became_a_call() -> None:
    assert read(report(pbx_call=None)).call is None


@pytest.mark.parametrize(
    "changes",
    [{"sip_authorized": None}, {"sip_authorized": "false"}, {"sofia_profile_name": "trunks"}, {"sip_auth_username": None}],
)
def test_a_leg_that_showed_no_password_is_nobodys(changes: dict[str, str | None]) -> None:
    assert read(report(**changes)).login == ""


CAME_IN: dict[str, str | None] = {
    "sofia_profile_name": "trunks",
    "pbx_trunk": "trunk-1",
    "sip_req_user": "48221234567;rn=1",
    "caller_id": '"Jan Żak" <600100200>',
}


def test_a_call_from_outside_tells_its_trunk_who_called_and_what() -> None:
    told = read(report(**CAME_IN))
    assert (told.login, told.trunk, told.number, told.name) == ("", "trunk-1", "600100200", "Jan Żak")
    assert told.dialled == "48221234567"


def test_a_call_to_a_registered_address_says_in_to_what_was_dialled() -> None:
    assert read(report(**CAME_IN | {"sip_req_user": "gw+trunk-1", "sip_to_user": "221234567"})).dialled == "221234567"


@pytest.mark.parametrize(
    "header",
    [
        {"sip_Privacy": "id"},
        {"sip_Privacy": "user;id;critical"},
        {"sip_Remote-Party-ID": "<sip:600100200@op>;party=calling;privacy=full"},
    ],
)
def test_who_withholds_his_number_is_not_written_down(header: dict[str, str | None]) -> None:
    told = read(report(**CAME_IN | header))
    assert (told.number, told.name) == ("", "")


@pytest.mark.parametrize(("said", "told"), [('"600100200" <600100200>', ("600100200", "")), ('"a" <b" <anonymous>', ("", ""))])
def test_what_is_no_number_or_no_name_is_empty(said: str, told: tuple[str, str]) -> None:
    end = read(report(**CAME_IN | {"caller_id": said}))
    assert (end.number, end.name) == told


def test_a_phone_is_nobody_outside() -> None:
    end = read(report(caller_id='"Anna" <100101>'))
    assert (end.trunk, end.number, end.name) == ("", "", "")


def test_what_no_database_takes_is_left_out() -> None:
    assert read(report(sip_req_user="2\x002\ud800\n" + "3" * 500)).dialled == "22" + "3" * 126


@pytest.mark.parametrize(("answered", "started"), [("1795360442187506", 1795360442.187506), ("0", 1795360452.5)])
def test_a_leg_whose_begin_is_unknown_began_when_it_is_first_heard_of(answered: str, started: float) -> None:
    assert read(report(start_uepoch=None, answer_uepoch=answered)).started == started


def test_a_leg_that_was_never_let_in_is_nothing_to_tell() -> None:
    assert read_report(report(hangup_cause="MANAGER_REQUEST", end_uepoch=None, answer_uepoch=None)) is None


def test_a_phone_with_a_display_name_in_another_alphabet() -> None:
    body = report().replace(b'"core-uuid"', b'"n\xf3"')
    assert read(body).leg == "leg-1"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"{" * 100_000,
        b"[" * 100_000,
        b'{"variables": 1}',
        report(uuid=None),
        report(uuid="x" * 65),
        report(uuid="ż"),
        report(end_uepoch="0"),
        report(end_uepoch="9" * 400),
        report(end_uepoch="²"),
        report(hangup_cause=None),
    ],
)
def test_anything_else_is_refused_with_a_reason(body: bytes) -> None:
    with pytest.raises(UnreadableReportError):
        read_report(body)


@given(st.binary())
def test_no_body_surprises(body: bytes) -> None:
    with pytest.raises(UnreadableReportError):
        read_report(body)
