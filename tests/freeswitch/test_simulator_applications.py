"""What a leg does on orders: parking with its guard, scripts, sounds, refusals; and the frame of 20 ms."""

import pytest

from freeswitch.simulator import causes
from freeswitch.simulator.dialstring import DialStringError, brackets, parse, split_quoted
from freeswitch.simulator.phones import State
from tests.freeswitch.simulated import Stage


def test_nobody_leads_a_call_and_it_ends_by_itself(stage, anna):
    stage.call(anna)
    stage.advance(9)
    assert anna.view().state is State.DIALLING
    stage.advance(1)
    assert anna.view().ended == "NORMAL_TEMPORARY_FAILURE"
    end = stage.controller.last("CHANNEL_HANGUP_COMPLETE")
    assert end["variable_sip_hangup_disposition"] == "send_refuse"


def test_the_guard_is_used_up_by_the_park_that_read_it(stage, anna):
    leg = stage.call(anna)
    assert "variable_park_timeout" not in stage.controller.last("CHANNEL_PARK", leg)
    stage.controller.execute(leg, "set", "park_timeout=1")
    stage.settle()
    stage.advance(5)
    assert anna.view().state is State.DIALLING


def test_a_guard_without_a_cause_clears_normally(stage, anna):
    leg = stage.call(anna)
    stage.controller.ask(f"sendmsg {leg}\ncall-command: xferext\napplication: set park_timeout=2\napplication: park")
    stage.advance(2)
    assert anna.view().ended == "NORMAL_CLEARING"


def test_a_bridge_inside_a_park_outlives_the_guard_and_is_cut_off_afterwards(stage, anna):
    bartek = stage.phone("102")
    leg = stage.call(anna)
    stage.controller.execute(leg, "bridge", "user/102@acme.test")
    stage.settle()
    bartek.answer()
    stage.advance(30)
    assert anna.view().state is State.TALKING
    bartek.hang_up()
    stage.settle()
    assert anna.view().ended == "NORMAL_TEMPORARY_FAILURE"


def test_each_script_ends_in_a_park_that_names_its_step(stage, anna):
    leg = stage.call(anna)
    for step in ("1", "2", "3"):
        assert stage.controller.script(leg, f"set pbx_step={step}") == "+OK"
        stage.settle()
    steps = [park.get("variable_pbx_step") for park in stage.controller.named("CHANNEL_PARK")]
    assert steps == [None, "1", "2", "3"]
    assert len(stage.controller.named("CHANNEL_UNPARK")) == 3


def test_a_script_takes_a_leg_out_of_a_prompt(stage, anna):
    leg = stage.call(anna)
    stage.controller.script(leg, "playback /sounds/en/busy.wav")
    stage.settle()
    assert anna.view().hears == "prompt:busy.wav"
    stage.controller.script(leg, "set pbx_step=2")
    stage.settle()
    assert anna.view().hears == "silence"
    assert stage.controller.last("CHANNEL_PARK")["variable_pbx_step"] == "2"


def test_a_script_takes_both_out_of_a_talk(stage, anna):
    bartek = stage.phone("102")
    leg = stage.call(anna)
    stage.controller.script(leg, "bridge user/102@acme.test")
    stage.settle()
    bartek.answer()
    stage.settle()
    stage.controller.script(leg, "set pbx_step=2")
    stage.settle()
    assert bartek.view().ended == "NORMAL_CLEARING"
    assert anna.view().state is State.TALKING
    assert stage.controller.last("CHANNEL_PARK")["variable_pbx_step"] == "2"


def test_a_script_stops_the_ringing(stage, anna):
    bartek = stage.phone("102")
    leg = stage.call(anna)
    stage.controller.script(leg, "bridge user/102@acme.test")
    stage.settle()
    stage.controller.script(leg, "set pbx_step=2")
    stage.settle()
    assert bartek.view().state is State.IDLE
    assert stage.controller.last("CHANNEL_PARK")["variable_pbx_step"] == "2"


def test_a_leg_whose_script_is_over_is_hung_up(stage, anna):
    leg = stage.call(anna)
    stage.controller.ask(f"sendmsg {leg}\ncall-command: xferext\napplication: answer")
    stage.settle()
    assert anna.view().ended == "NORMAL_CLEARING"


def test_an_unknown_application_hangs_up(stage, anna):
    leg = stage.call(anna)
    stage.controller.execute(leg, "no_such_thing")
    stage.settle()
    assert anna.view().ended == "DESTINATION_OUT_OF_ORDER"


def test_a_message_can_hang_up(stage, anna):
    leg = stage.call(anna)
    stage.controller.ask(f"sendmsg {leg}\ncall-command: hangup\nhangup-cause: CALL_REJECTED")
    stage.settle()
    assert anna.view().ended == "CALL_REJECTED"


def test_an_order_is_told_done_under_its_own_id(stage, anna):
    leg = stage.call(anna)
    stage.controller.execute(leg, "set", "a=b", "Event-UUID: order-1", "event-lock: true")
    stage.settle()
    done = stage.controller.last("CHANNEL_EXECUTE_COMPLETE", leg)
    assert (done["Application-UUID"], done["Application"], done["Application-Response"]) == ("order-1", "set", "_none_")
    assert done["variable_a"] == "b"


def test_a_locked_order_is_finished_before_the_next(stage, anna):
    leg = stage.call(anna)
    stage.controller.execute(leg, "sleep", "1000", "event-lock: true")
    stage.controller.execute(leg, "set", "pbx_step=2")
    stage.advance(0.5)
    assert "variable_pbx_step" not in stage.controller.events[-1]
    stage.advance(0.5)
    assert stage.controller.last("CHANNEL_EXECUTE_COMPLETE", leg)["variable_pbx_step"] == "2"


def test_orders_wait_for_the_next_frame():
    with Stage(frame=0.02) as stage:
        leg = stage.call(stage.phone("101"))
        stage.advance(0.003)
        for number in ("1", "2", "3"):
            stage.controller.execute(leg, "set", f"n={number}")
        stage.settle()
        assert not [e for e in stage.controller.named("CHANNEL_EXECUTE_COMPLETE") if "variable_n" in e]
        stage.advance(0.02)
        assert [e["variable_n"] for e in stage.controller.named("CHANNEL_EXECUTE_COMPLETE") if "variable_n" in e] == [
            "1",
            "2",
            "3",
        ]


def test_a_prompt_is_played_before_the_answer(stage, anna):
    leg = stage.call(anna)
    stage.controller.script(leg, "pre_answer", "playback /sounds/pl/no-such-number.wav", "hangup UNALLOCATED_NUMBER")
    stage.settle()
    assert (anna.view().state, anna.view().hears) == ("dialling", "prompt:no-such-number.wav")
    stage.advance(2)
    assert anna.view().ended == "UNALLOCATED_NUMBER"
    assert not stage.controller.named("CHANNEL_ANSWER")
    assert len(stage.controller.named("CHANNEL_PROGRESS_MEDIA")) == 1


def test_a_prompt_gives_a_ringing_leg_early_media(stage, anna):
    leg = stage.call(anna)
    stage.controller.script(leg, "playback x.wav")
    stage.settle()
    assert stage.controller.last("CHANNEL_PROGRESS_MEDIA", leg)["Answer-State"] == "early"


def test_ringing_can_be_signalled(stage, anna):
    leg = stage.call(anna)
    stage.controller.script(leg, "ring_ready")
    stage.settle()
    assert stage.controller.named("CHANNEL_PROGRESS", leg=leg)


def test_an_own_answer_refuses(stage, anna):
    leg = stage.call(anna)
    stage.controller.script(leg, "respond 486 Busy Here")
    stage.settle()
    assert anna.view().ended == "USER_BUSY"


def test_a_call_ends_at_the_time_set(stage, anna):
    leg = stage.call(anna)
    stage.controller.script(leg, "answer", "sched_hangup +5 ALLOTTED_TIMEOUT")
    stage.advance(5)
    assert anna.view().ended == "ALLOTTED_TIMEOUT"


def test_variables_are_set_exported_and_unset(stage, anna):
    stage.phone("102")
    leg = stage.call(anna)
    order = ("set a=1", "set b=2", "unset a", "export c=3", "export nolocal:d=4", "bridge user/102@acme.test")
    stage.controller.script(leg, *order)
    stage.settle()
    called = next(e for e in stage.controller.named("CHANNEL_CREATE") if e["Call-Direction"] == "outbound")
    assert (called["variable_c"], called["variable_d"]) == ("3", "4")
    assert "variable_b" not in called
    caller = stage.controller.last("CHANNEL_EXECUTE", leg)
    assert "variable_a" not in caller
    assert (caller["variable_b"], caller["variable_c"]) == ("2", "3")


def test_set_expands_variables_even_where_expansion_is_off(stage, anna):
    """mod_dptools' base_set does so by itself; a controller must not put a caller's text there unguarded."""
    leg = stage.call(anna)
    stage.controller.script(leg, "set copy=${caller_number}-${sip_from_user}")
    stage.settle()
    assert stage.controller.last("CHANNEL_PARK", leg)["variable_copy"] == "-101"


def test_quoted_commas_stay_together():
    string = parse("{a='x,y',b=z}[c=1]user/101@d,user/102@d|[d='p|q']user/103@d")
    assert string.variables == {"a": "x,y", "b": "z"}
    assert [[endpoint.target for endpoint in group] for group in string.groups] == [
        ["user/101@d", "user/102@d"],
        ["user/103@d"],
    ]
    assert string.groups[0][0].variables == {"c": "1"}
    assert string.groups[1][0].variables == {"d": "p|q"}


def test_another_separator_can_be_chosen():
    assert brackets("{^^;a=1,2;b=3}rest", "{", "}") == ({"a": "1,2", "b": "3"}, "rest")


def test_brackets_that_never_close_are_an_error():
    with pytest.raises(DialStringError, match="no }"):
        parse("{a=b,user/101")


@pytest.mark.parametrize(
    ("text", "parts"),
    [("", []), ("a, b ,c", ["a", "b", "c"]), ("'a,b',c", ["a,b", "c"]), (r"a\,b,c", ["a,b", "c"]), (r"it\'s,x", ["it's", "x"])],
)
def test_lists_are_split_as_the_switch_splits_them(text, parts):
    assert split_quoted(text, ",") == parts


def test_every_cause_has_a_sip_answer_and_every_sip_answer_a_cause():
    for cause in causes.NUMBERS:
        status, phrase = causes.refusal(cause)
        assert 400 <= status < 700
        assert phrase
    for status in range(200, 700):
        assert causes.of_status(status) in causes.NUMBERS


@pytest.mark.parametrize(("text", "cause"), [("user_busy", "USER_BUSY"), ("17", "USER_BUSY"), ("nonsense", "NORMAL_CLEARING")])
def test_a_cause_may_be_named_or_numbered(text, cause):
    assert causes.named(text) == cause
