"""The core's commands as FreeSWITCH reads them: golden text, and nothing a person typed can mean anything to the switch."""

import wave
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.actions import (
    Answer,
    BindKeys,
    Connect,
    DialTone,
    Enqueue,
    HangUp,
    Intercept,
    Keys,
    Listen,
    Music,
    Play,
    Present,
    Prompt,
    Remember,
    RingingTone,
    Say,
    SayNumber,
    Silence,
)
from app.core.commands import (
    Adopt,
    Join,
    KeepTogether,
    Note,
    Release,
    Ring,
    Script,
    Separate,
    Show,
    StopPhones,
    StopRinging,
    SwitchKeys,
)
from app.core.directory import Sound
from app.core.events import CommandFailed, RingFailed
from app.core.outcome import Outcome
from freeswitch import scripts
from freeswitch.orders import failure, to_requests
from freeswitch.plain import plain
from freeswitch.wire import encode

DOMAIN = "pbx.test"
GUARDED = ["set park_timeout=10:NORMAL_TEMPORARY_FAILURE", "park"]
DIAL = (
    "{^^;pbx_call=c1;pbx_step=3;pbx_role=callee;pbx_login=102;pbx_callee=102;execute_on_ring=set pbx_rings=c1;"
    "app_disable_expand_variables=true;ignore_display_updates=true;"
    "execute_on_answer=execute_extension received XML keys}user/102@pbx.test"
)
STAYS = (
    "park_after_bridge=true;park_timeout=10:NORMAL_TEMPORARY_FAILURE;hangup_after_bridge=false;"
    "uuid_bridge_park_on_cancel=true;uuid_bridge_continue_on_cancel=false"
)


def lines(command):
    return [request.line for request in to_requests(command, DOMAIN)]


def script(*actions, rescue=(), firm=False):
    return Script("leg-a", "c1", 3, actions, rescue, firm)


def applications(*actions):
    """What the leg runs for these actions, between its marks and its park."""
    (request,) = to_requests(script(*actions), DOMAIN)
    run = [value for name, value in request.headers if name == "application"]
    assert run[:2] == ["set pbx_call=c1", "set pbx_step=3"]
    assert run[-2:] == GUARDED
    return [each for each in run[2:-2] if each != "unset originate_disposition"]


def test_script_leads_a_caller_by_one_message():
    (request,) = to_requests(script(Present("21", "Anna Żółć"), Connect(("102",), 30)), DOMAIN)
    assert request.line == "sendmsg leg-a"
    assert list(request.headers) == [
        ("call-command", "xferext"),
        ("application", "set pbx_call=c1"),
        ("application", "set pbx_step=3"),
        ("application", "set effective_caller_id_number=21"),
        ("application", "set effective_caller_id_name=Anna Żółć"),
        ("application", "set hangup_after_bridge=true"),
        ("application", "set park_after_bridge=false"),
        ("application", "set continue_on_fail=true"),
        ("application", "set ignore_display_updates=true"),
        ("application", "set call_timeout=30"),
        ("application", "unset pbx_line"),
        ("application", "unset originate_causes"),
        ("application", "set import=pbx_callee"),
        ("application", f"bridge {DIAL}"),
        ("application", "set park_timeout=10:NORMAL_TEMPORARY_FAILURE"),
        ("application", "park"),
    ]


def test_firm_script_leads_a_leg_wherever_it_is():
    assert lines(script(Say(Prompt.BUSY, "pl"), firm=True)) == [
        "api uuid_transfer leg-a 'm:~:set:pbx_call=c1~set:pbx_step=3~event:Event-Name=CUSTOM,Event-Subclass=pbx::begun"
        "~unset:originate_disposition~unset:sip_refer_to~unset:sip_h_Referred-By~unset:transfer_history~unset:transfer_source"
        "~set:pbx_joined=error/702.~pre_answer~playback:pl/busy.wav"
        "~set:park_timeout=10:NORMAL_TEMPORARY_FAILURE~park' inline"
    ]


def test_firm_script_into_a_queue_lets_its_agents_be_rung():
    (line,) = lines(script(Enqueue(7, "600100200", "Serwis", "pl"), firm=True))
    assert "pbx_joined=" not in line
    assert "unset:pbx_joined" in line


def test_rescue_follows_after_a_word_to_us_and_a_while_of_music():
    (request,) = to_requests(script(Connect(("102",), 30), rescue=(Remember("x"), HangUp(Outcome.ANSWERED))), DOMAIN)
    assert [value for _, value in request.headers][-6:] == [
        "event Event-Name=CUSTOM,Event-Subclass=pbx::step",
        "set playback_timeout_sec=5",
        "playback hold.wav",
        "unset playback_timeout_sec",
        "set pbx_note=x",
        "hangup NORMAL_CLEARING",
    ]


def test_a_round_of_music_is_as_long_as_the_piece():
    with wave.open(str(Path(scripts.__file__).with_name("sounds") / scripts.MUSIC)) as piece:
        assert piece.getnframes() == scripts.MUSIC_SECONDS * piece.getframerate()


@pytest.mark.parametrize(
    ("action", "run"),
    [
        (Say(Prompt.NO_ANSWER, "en"), ["pre_answer", "playback en/no-answer.wav"]),
        (SayNumber("21", "pl"), ["playback pl/digit-2.wav", "playback pl/digit-1.wav"]),
        (HangUp(Outcome.NO_SUCH_NUMBER), ["hangup UNALLOCATED_NUMBER"]),
        (Silence(60), ["playback silence_stream://60000"]),
        (DialTone(20), ["playback tone_stream://%(1000,0,425);loops=20"]),
        (RingingTone(30), ["playback tone_stream://%(1000,4000,425);loops=6"]),
        (
            Music(60),
            ["playback hold.wav", "set playback_timeout_sec=28", "playback hold.wav", "unset playback_timeout_sec"],
        ),
        (Music(10), ["set playback_timeout_sec=10", "playback hold.wav", "unset playback_timeout_sec"]),
        (BindKeys(), ["execute_extension received XML keys"]),
        (Listen(Keys.KEYPAD), ["digit_action_set_realm keypad"]),
        (Listen(Keys.NONE), ["digit_action_set_realm none"]),
        (Play(Sound(7, "ab12", 2.5)), ["execute_extension 7-ab12 XML sounds"]),
        (Answer(), ["answer"]),
        (Remember(""), ["unset pbx_note"]),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, list) else "",
)
def test_each_action_has_its_words(action, run):
    assert applications(action) == run


def test_intercept_is_guarded_and_its_prey_stays_with_us():
    variables, again, rest, offers, lead = to_requests(script(Intercept("leg-c", unanswered=True)), DOMAIN)
    assert variables.line == f"api uuid_setvar_multi leg-c pbx_step=3;{STAYS};pbx_taken=error/702."
    assert again.line == "api sched_api +1 none uuid_setvar leg-c pbx_taken"
    assert rest.line == "api hupall PICKED_OFF pbx_rings c1"  # every device of the account, and no missed call on any
    assert offers.line == "api hupall LOSE_RACE pbx_offered c1"  # nor on an agent's, nor in his queue
    run = [value for name, value in lead.headers if name == "application"]
    assert run[-8:] == [
        "set intercept_unanswered_only=true",
        "set intercept_unbridged_only=true",
        "set ignore_display_updates=true",
        "set park_after_bridge=true",
        GUARDED[0],
        "intercept leg-c",
        *GUARDED,
    ]


def test_two_who_talk_are_parted_by_one_command():
    first, second = Script("t", "c1", 4, (Listen(Keys.KEYPAD),)), Script("a", "c1", 5, (Music(32),))
    *stays, line = lines(Separate(first, second))
    assert stays == [f"api uuid_setvar_multi {leg} {STAYS}" for leg in "ta"]
    assert line.startswith("api uuid_dual_transfer t 'm:~:set:pbx_call=c1~set:pbx_step=4~")
    assert "~digit_action_set_realm:keypad~" in line
    assert "/inline' 'm:~:set:pbx_call=c1~set:pbx_step=5~" in line
    assert line.endswith("~playback:hold.wav~set:park_timeout=10:NORMAL_TEMPORARY_FAILURE~park/inline'")


def test_pair_is_marked_before_it_is_joined():
    marks = f"pbx_call=c1;pbx_step=6;ignore_display_updates=true;{STAYS};pbx_joined=error/702."
    assert lines(Join("a", "t", "c1", 6)) == [
        f"api uuid_setvar_multi a {marks}",
        f"api uuid_setvar_multi t {marks}",
        "api uuid_bridge a t",
    ]


RUNG = "pbx_role=target;pbx_attempt=c1.7;ignore_display_updates=true;park_timeout=10:NORMAL_TEMPORARY_FAILURE"
SHOWN = "origination_caller_id_number=22;origination_caller_id_name='Bartek'"


def test_target_is_rung_by_a_job_of_our_name():
    (request,) = to_requests(Ring("c1", 7, ("103",), 20, "22", "Bartek"), DOMAIN)
    assert request.headers == (("Job-UUID", "c1.7"),)
    assert request.line == (
        f"bgapi originate {{^^;pbx_call=c1;pbx_step=7;{RUNG};pbx_login=103;pbx_callee=103;app_disable_expand_variables=true;"
        "ignore_early_media=true;originate_timeout=20;execute_on_ring='set pbx_rings=c1';"
        f"execute_on_answer='unset pbx_rings';{SHOWN}}}user/103@pbx.test '&execute_extension(answered XML keys)'"
    )


def test_devices_of_several_accounts_ring_together_and_say_themselves_whose_they_are():
    (line,) = lines(Ring("c1", 7, ("103", "104"), 20, "22", "Bartek"))
    assert line.endswith(f";{SHOWN}}}user/103+104@pbx.test '&execute_extension(answered XML keys)'")
    assert "pbx_login" not in line
    bridge = applications(Connect(("103", "104"), 20))[-1]
    assert bridge.endswith("}user/103+104@pbx.test")
    assert "pbx_login" not in bridge


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (StopRinging("c1", 7), ["api hupall ORIGINATOR_CANCEL pbx_attempt c1.7"]),
        (StopRinging("c1", 7, taken=True), ["api hupall PICKED_OFF pbx_attempt c1.7"]),
        (Release("a", Outcome.BUSY), ["api uuid_kill a USER_BUSY"]),
        (Adopt("x", "c1"), ["api uuid_setvar x pbx_call c1"]),
        (Note("a", "talking/1"), ["api uuid_setvar a pbx_note talking/1"]),
        (Note("a", ""), ["api uuid_setvar a pbx_note"]),
        (
            KeepTogether("a", "t"),
            [f"api uuid_setvar_multi {leg} park_after_bridge=false;hangup_after_bridge=true" for leg in "at"],
        ),
        (StopPhones("c2"), ["api hupall PICKED_OFF pbx_rings c2", "api hupall LOSE_RACE pbx_offered c2"]),
        (
            Show("t", "600100200", "Powrót: 21"),
            [
                "api uuid_setvar t ignore_display_updates false",
                "api uuid_display t Powrót- 21|600100200",
                "api uuid_setvar t ignore_display_updates true",
            ],
        ),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, list) else "",
)
def test_each_small_command_has_its_words(command, expected):
    assert lines(command) == expected


def test_keys_of_a_leg_that_dialled_are_bound_first():
    requests = to_requests(SwitchKeys("a", Keys.TALK, bind=True), DOMAIN)
    assert [dict(request.headers)["execute-app-name"] for request in requests] == [
        "execute_extension",
        "digit_action_set_realm",
    ]
    assert [dict(request.headers)["execute-app-arg"] for request in requests] == ["received XML keys", "talk"]


def test_refused_command_is_told_to_the_call_it_concerns():
    first, second = script(Music(1)), Script("b", "c1", 4, ())
    assert failure(first, "-ERR", 1.0) == CommandFailed(leg="leg-a", call="c1", step=3, reason="-ERR", at=1.0)
    assert failure(Separate(first, second), "-ERR", 1.0) == failure(first, "-ERR", 1.0)
    assert failure(Join("a", "t", "c1", 6), "-ERR", 1.0) == CommandFailed(leg="a", call="c1", step=6, reason="-ERR", at=1.0)
    assert failure(Release("a", Outcome.BUSY), "-ERR", 1.0) == CommandFailed(leg="a", step=0, reason="-ERR", at=1.0)
    rung = Ring("c1", 7, ("103",), 20, "22", "B")
    assert failure(rung, "-ERR", 1.0) == RingFailed(leg="c1", call="c1", step=7, outcome=Outcome.FAILED, at=1.0)
    assert failure(Show("a", "1", "A"), "-ERR", 1.0) is None


@given(st.text())
def test_no_name_means_anything_to_the_switch(name):
    assert not set(plain(name)) & set("$\\\"':/@~;|{}[]\n\r\0")
    for command in (
        script(Present("21", name), Connect(("102",), 30)),
        script(Present("21", name), firm=True),
        Ring("c1", 7, ("103",), 20, "22", name),
        Show("a", "21", name),
    ):
        for request in to_requests(command, DOMAIN):
            assert encode(request)


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_can_end_a_leg(outcome):
    assert lines(Release("a", outcome))[0].startswith("api uuid_kill a ")


def test_polish_name_stays_a_polish_name():
    assert plain("Łukasz Źdźbło-Gęś, magazyn (2)") == "Łukasz Źdźbło-Gęś, magazyn (2)"
