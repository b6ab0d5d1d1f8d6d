"""Calls to telephones outside as FreeSWITCH reads them: golden text, and no number can mean anything to the switch."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.actions import ConnectOutside, Outside
from app.core.commands import RescanTrunks, RingOutside, Script
from app.core.events import RingFailed
from app.core.numbering import EMERGENCY
from app.core.outcome import Outcome
from freeswitch.orders import failure, to_requests
from freeswitch.plain import digits
from freeswitch.wire import encode

DOMAIN = "pbx.test"
TO = Outside("+48600100200", "trunk-1", "+48221234567", longest=7200)
FORWARDED = replace(TO, diverted=True, confirm="pl")
ASKED = (
    "!ignore_early_media=ring_ready!leg_timeout=20!group_confirm_key=1!group_confirm_file=pl/press-one.wav"
    "!group_confirm_read_timeout=3000!group_confirm_timeout=20"
)
PRESENTED = "!origination_caller_id_number=+48221234567!origination_caller_id_name=_undef_"
DIVERSION = "!sip_h_Diversion=<sip:+48221234567@pbx.test>;reason=unconditional"


def lines(command):
    return [request.line for request in to_requests(command, DOMAIN)]


def connects(to, seconds):
    """What the leg runs to reach ``to``, between its marks and its park."""
    (request,) = to_requests(Script("leg-a", "c1", 3, (ConnectOutside(to, seconds),)), DOMAIN)
    return [value for name, value in request.headers if name == "application"][2:-2]


def test_who_dials_a_number_outside_hears_the_operator_and_shows_his_own():
    assert connects(TO, 60) == [
        "set hangup_after_bridge=true",
        "set park_after_bridge=false",
        "set continue_on_fail=true",
        "set ignore_display_updates=true",
        "set call_timeout=60",
        "set pbx_line=trunk-1",
        "unset sip_invite_failure_status",
        "unset pbx_rang",
        "unset pbx_callee",
        "bridge {^^!pbx_call=c1!pbx_step=3!pbx_role=callee!ignore_display_updates=true"
        "!api_on_ring=uuid_setvar leg-a pbx_rang true!api_on_pre_answer=uuid_setvar leg-a pbx_rang true!pbx_line=trunk-1"
        f"!app_disable_expand_variables=true{PRESENTED}!bridge_early_media=true"
        "!execute_on_answer=sched_hangup +7200 ALLOTTED_TIMEOUT}sofia/gateway/trunk-1/+48600100200",
    ]


def test_who_is_forwarded_waits_until_one_is_pressed():
    run = connects(replace(FORWARDED, longest=None), 20)
    assert "set call_timeout=40" in run
    assert run[-1].endswith(f"{PRESENTED}{DIVERSION}{ASKED}}}sofia/gateway/trunk-1/+48600100200")


def test_target_outside_is_rung_by_a_job_of_our_name():
    (request,) = to_requests(RingOutside("c1", 7, FORWARDED, 20), DOMAIN)
    assert request.headers == (("Job-UUID", "c1.7"),)
    assert request.line == (
        "bgapi originate {^^!pbx_call=c1!pbx_step=7!pbx_role=target!pbx_attempt=c1.7!ignore_display_updates=true"
        "!park_timeout=10:NORMAL_TEMPORARY_FAILURE!originate_timeout=40!pbx_line=trunk-1!app_disable_expand_variables=true"
        f"{PRESENTED}{DIVERSION}{ASKED}"
        "!execute_on_answer='sched_hangup +7200 ALLOTTED_TIMEOUT'}sofia/gateway/trunk-1/+48600100200 &park()"
    )


@pytest.mark.parametrize(
    ("to", "shown"),
    [
        (replace(FORWARDED, original="+48500600700"), "+48500600700"),
        (replace(FORWARDED, original="withheld"), "+48221234567"),
        (replace(TO, shown=""), "anonymous"),
    ],
    ids=["the original caller", "the tenant, for a caller without a number", "nobody, for a tenant without a number"],
)
def test_number_that_is_shown_outside(to, shown):
    bridge = connects(to, 20)[-1]
    assert f"!origination_caller_id_number={shown}!" in bridge
    assert (DIVERSION in bridge) is to.diverted


@given(st.text())
def test_no_number_means_anything_to_the_switch(number):
    assert set(digits(number)) <= set("+0123456789*#")
    hostile = Outside(number, "trunk-1", number, number, diverted=True)
    for command in (Script("a", "c1", 3, (ConnectOutside(hostile, 20),)), RingOutside("c1", 7, hostile, 20)):
        for request in to_requests(command, DOMAIN):
            assert encode(request)


def test_refused_ring_is_told_to_its_call():
    lost = RingFailed(leg="c1", call="c1", step=7, outcome=Outcome.FAILED, at=1.0)
    assert failure(RingOutside("c1", 7, TO, 20), "-ERR", 1.0) == lost


def test_emergency_numbers_get_a_way_each_over_all_trunks_in_order():
    said = lines(RescanTrunks(("trunk-2", "trunk-1")))
    assert "api global_setvar emergency_112=sofia/gateway/trunk-2/112|sofia/gateway/trunk-1/112" in said
    assert len(said) == len(EMERGENCY)


def test_without_trunks_there_is_no_way_to_emergency_numbers_either():
    assert "api global_setvar emergency_112=" in lines(RescanTrunks(()))
