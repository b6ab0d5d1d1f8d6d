"""Waiting in a queue, word for word: what the switch is told, and what is made of what it tells."""

from typing import Any

import pytest

from app.core.actions import Enqueue, Prompt, Say, SayNumber, SayWait, Silence
from app.core.commands import KeepPlace, Script, ServeQueues, Tell
from app.core.events import AgentAnswered, AgentMissed, AgentRung, Role, StepDone
from app.core.outcome import Outcome
from app.core.record import Record
from app.core.sound import Sound
from freeswitch.dialect import to_event
from freeswitch.findings import found_leg
from freeswitch.orders import failure, to_requests
from freeswitch.scripts import applications

DOMAIN = "pbx.example"
RECORD = Record("c1-back", 1, "+48500600700", "", "", "", 1.0)
GUARDED = ["set park_timeout=10:NORMAL_TEMPORARY_FAILURE", "park"]


def run(script: Script) -> list[str]:
    return [f"{name} {data}".rstrip() for name, data in applications(script, DOMAIN)]


def test_a_caller_waits_and_leaves_with_his_agent() -> None:
    wait = Enqueue(7, "+48600100200", "Serwis 600100200", "pl", Sound(5, "abc", 9.0), Sound(6, "def", 1.0), ahead=65)
    assert run(Script("leg-a", "c1", 3, (wait,))) == [
        "set pbx_call=c1",
        "set pbx_step=3",
        "unset originate_disposition",
        "set park_after_bridge=true",
        "set uuid_bridge_continue_on_cancel=true",
        "set park_timeout=10:NORMAL_TEMPORARY_FAILURE",
        "set ignore_display_updates=true",
        "unset pbx_line",
        "unset pbx_callee",
        "unset cc_agent_uuid",
        "unset cc_cause",
        "unset pbx_joined",
        "unset cc_cancel_reason",
        "set pbx_queue=3",
        "set caller_id_name=c1",
        "set pbx_number=+48600100200",
        "set pbx_name=Serwis 600100200",
        "set pbx_waits=czeka",
        "set pbx_ahead=65",
        "set cc_base_score=65",
        "execute_extension music-5-abc XML sounds",
        "set cc_outbound_announce=phrase:told:pl 6-def",
        "callcenter q7",
        *GUARDED,
    ]


def test_without_recordings_a_caller_hears_ours_and_his_agent_nothing() -> None:
    words = run(Script("leg-a", "c1", 3, (Enqueue(7, "21", "Anna", "en"),)))
    assert words[-6:-2] == [
        "set cc_base_score=0",
        "set cc_moh_override=hold.wav",
        "unset cc_outbound_announce",
        "callcenter q7",
    ]
    assert "set pbx_waits=waiting" in words


def test_nothing_a_caller_sends_reaches_a_dial_string() -> None:
    wait = Enqueue(7, "60${x}0;@", "${system(id)}]loopback/9'x|y{", "pl")
    words = run(Script("leg-a", "c1", 3, (wait,)))
    assert "set pbx_number=600" in words
    assert "set pbx_name=(system(id)))loopback-9’x-y(" in words


@pytest.mark.parametrize(("seconds", "file"), [(0, 0), (29, 0), (30, 1), (290, 5), (700, 10), (1500, 30), (90_000, 60)])
def test_a_wait_is_told_in_words(seconds: int, file: int) -> None:
    words = run(Script("leg-a", "c1", 3, (SayWait(seconds, "pl"),)))
    assert words[3:-2] == [f"playback pl/wait-{file}.wav"]


def test_who_waits_is_told_one_thing_after_another_and_only_while_he_waits() -> None:
    requests = to_requests(Tell("leg-a", (Say(Prompt.PLACE, "pl"), SayNumber("12", "pl"), SayWait(300, "pl"))), DOMAIN)
    assert {request.line for request in requests} == {"sendmsg leg-a"}
    assert {dict(request.headers)["execute-app-name"] for request in requests} == {"execute_extension"}
    assert {dict(request.headers)["event-lock"] for request in requests} == {"true"}
    assert [dict(request.headers)["execute-app-arg"] for request in requests] == [
        f"waiting-pl/{name}.wav XML sounds" for name in ("place", "digit-1", "digit-2", "wait-5")
    ]


def test_somebody_without_a_telephone_keeps_a_place() -> None:
    script = Script("c1-back", "c1-back", 1, (Silence(1),))
    (request,) = to_requests(KeepPlace("c1-back", script, "queue serwis", RECORD), DOMAIN)
    assert request.line == (
        "bgapi originate {^^;origination_uuid=c1-back;pbx_call=c1-back;pbx_role=caller;pbx_note='queue serwis';"
        "app_disable_expand_variables=true;null_enable_auto_answer=true}null/place "
        "'m:~:set:pbx_call=c1-back~set:pbx_step=1~event:Event-Name=CUSTOM,Event-Subclass=pbx::begun~"
        "unset:originate_disposition~playback:silence_stream://1000~set:park_timeout=10:NORMAL_TEMPORARY_FAILURE~park' inline"
    )
    lost = failure(KeepPlace("c1-back", script, "", RECORD), "gone", 1.0)
    assert (lost.leg, lost.step) == ("c1-back", 1)


def test_the_queues_themselves_are_nobodys_request() -> None:
    assert to_requests(ServeQueues((), ()), DOMAIN) == ()
    assert failure(ServeQueues((), ()), "gone", 1.0) is None


# --- what the switch tells

OFFER = {
    "Event-Name": "CUSTOM",
    "Event-Subclass": "callcenter::info",
    "Event-Date-Timestamp": "1795382433224349",
    "CC-Queue": "q7",
    "CC-Agent": "100102",
    "CC-Member-UUID": "m1",
    "CC-Member-Session-UUID": "leg-a",
    "CC-Member-CID-Name": "c1",
    "CC-Member-CID-Number": "100101",
}
AT = 1795382433.224349


def test_an_agent_is_rung() -> None:
    assert to_event(OFFER | {"CC-Action": "agent-offering"}) == AgentRung(leg="leg-a", at=AT, call="c1", agent="100102")


def test_an_agent_answers_and_his_leg_is_known() -> None:
    told = OFFER | {"CC-Action": "bridge-agent-start", "CC-Agent-UUID": "leg-b", "CC-Agent-Called-Time": "1795382430"}
    assert to_event(told) == AgentAnswered(leg="leg-a", at=AT, call="c1", agent="100102", other="leg-b", since=1795382430.0)


@pytest.mark.parametrize(
    ("agent", "cause", "outcome"),
    [
        ("100102", "NO_ANSWER", Outcome.NO_ANSWER),
        ("100102", "USER_BUSY", Outcome.BUSY),
        ("100102", "CALL_REJECTED", Outcome.DECLINED),
        ("100102", "USER_NOT_REGISTERED", Outcome.NOT_REGISTERED),
        ("100102", "LOSE_RACE", Outcome.ELSEWHERE),
        ("100102", "ORIGINATOR_CANCEL", Outcome.CANCELLED),
        ("+48600100200@1", "ALLOTTED_TIMEOUT", Outcome.NO_ANSWER),
        ("+48600100200@1", "NORMAL_CLEARING", Outcome.NO_ANSWER),
        ("+48600100200@1", "GATEWAY_DOWN", Outcome.NO_LINE),
        ("+48600100200@1", "ORIGINATOR_CANCEL", Outcome.CANCELLED),
    ],
)
def test_an_agent_does_not_take_the_call(agent: str, cause: str, outcome: Outcome) -> None:
    times = {"CC-Agent-Called-Time": "1795382430", "CC-Hangup-Cause": cause}
    told = OFFER | {"CC-Action": "bridge-agent-fail", "CC-Agent": agent} | times
    key = agent.partition("@")[0]
    assert to_event(told) == AgentMissed(leg="leg-a", at=AT, call="c1", agent=key, outcome=outcome, since=1795382430.0)


GONE = OFFER | {"CC-Action": "bridge-agent-end", "CC-Agent-UUID": "leg-b", "CC-Agent-Called-Time": "1795382430"}


def test_an_agent_leaves_before_he_has_the_caller() -> None:
    missed = AgentMissed(
        leg="leg-a", at=AT, call="c1", agent="100102", outcome=Outcome.NO_ANSWER, since=1795382430.0, other="leg-b"
    )
    assert to_event(GONE | {"CC-Agent-Bridged": "false"}) == missed


@pytest.mark.parametrize(("joined", "noted"), [("true", "true"), ("false", "false")])
def test_the_end_of_a_talk_and_a_caller_who_leaves_at_the_answer_tell_themselves(joined: str, noted: str) -> None:
    assert to_event(GONE | {"CC-Agent-Bridged": joined, "variable_cc_agent_bridged": noted}) is None


@pytest.mark.parametrize("action", ["members-count", "member-queue-start", "agent-state-change", "bridge-agent-end"])
def test_all_else_that_a_queue_tells_is_no_calls(action: str) -> None:
    assert to_event(OFFER | {"CC-Action": action}) is None


@pytest.mark.parametrize(
    ("cause", "reason", "result"),
    [
        ("cancel", "TIMEOUT", Outcome.NO_ANSWER),
        ("cancel", "NO_AGENT_TIMEOUT", Outcome.NOT_REGISTERED),
        ("cancel", "BREAK_OUT", None),
        ("answered", "", None),
        ("", "", Outcome.FAILED),
    ],
)
def test_the_end_of_a_wait_says_why(cause: str, reason: str, result: Outcome | None) -> None:
    parked = {"Event-Name": "CHANNEL_PARK", "Unique-ID": "leg-a", "variable_pbx_call": "c1", "variable_pbx_step": "3"}
    waited = {"variable_pbx_queue": "3", "variable_cc_cause": cause, "variable_cc_cancel_reason": reason}
    event = to_event(parked | waited | {"variable_originate_disposition": "USER_BUSY"})
    assert isinstance(event, StepDone)
    assert event.result is result


def test_the_end_of_a_wait_is_not_a_later_scripts_result() -> None:
    parked = {"Event-Name": "CHANNEL_PARK", "Unique-ID": "leg-a", "variable_pbx_call": "c1", "variable_pbx_step": "4"}
    event = to_event(
        parked | {"variable_pbx_queue": "3", "variable_cc_cause": "cancel", "variable_cc_cancel_reason": "TIMEOUT"}
    )
    assert isinstance(event, StepDone)
    assert event.result is None


# --- what is found when the switch is asked

MEMBER: dict[str, Any] = {
    "Unique-ID": "leg-a",
    "Channel-State": "CS_EXECUTE",
    "Call-Direction": "inbound",
    "Answer-State": "answered",
    "variable_current_application": "callcenter",
    "variable_pbx_call": "c1",
    "variable_pbx_step": "3",
    "variable_pbx_note": "queue-serwis",
    "variable_pbx_queue": "3",
}


def test_a_caller_who_waits_is_found_neither_parked_nor_talking() -> None:
    leg = found_leg(MEMBER | {"variable_bridge_uuid": "leg-x"})
    assert leg is not None
    assert (leg.waiting, leg.other, leg.note) == (False, "", "queue-serwis")


def test_a_caller_and_his_agent_are_found_talking() -> None:
    caller = found_leg(MEMBER | {"Channel-State": "CS_SOFT_EXECUTE", "variable_bridge_uuid": "leg-b"})
    agent = {"Unique-ID": "leg-b", "Channel-State": "CS_SOFT_EXECUTE", "Call-Direction": "outbound"}
    marks = {"variable_bridge_uuid": "leg-a", "variable_pbx_role": "callee", "variable_pbx_login": "100102"}
    callee = found_leg(agent | marks)
    assert caller is not None
    assert callee is not None
    assert (caller.role, caller.other) == (Role.CALLER, "leg-b")
    assert (callee.role, callee.other, callee.login) == (Role.CALLEE, "leg-a", "100102")


def test_a_stand_in_is_found_as_the_caller_it_stands_for() -> None:
    leg = found_leg(MEMBER | {"Call-Direction": "outbound", "variable_pbx_role": "caller"})
    assert leg is not None
    assert leg.role is Role.CALLER
