"""Calling by the controller, several accounts apart, cancelling, keys in realms, displays, and scripts that need nobody."""

import pytest

from freeswitch.simulator.dialplan import Dialplan
from freeswitch.simulator.keymap import Keys
from freeswitch.simulator.phones import Phone, State
from freeswitch.simulator.steps import Step
from tests.freeswitch.simulated import Stage

KEYS = "execute_on_answer=execute_extension received XML keys"
PART = "{{^^;pbx_call=c1;pbx_role=callee;pbx_login={0}}}user/{0}@acme.test"
APART = "bridge " + ":_:".join(PART.format(login) for login in ("102", "103"))
TARGET = "{^^;pbx_step=3;pbx_role=target;pbx_attempt=c1.3;originate_timeout=20}[pbx_login=103]user/103@acme.test"


@pytest.fixture
def called(stage: Stage) -> list[Phone]:
    """Two devices of Bartek and two of Celina."""
    return [stage.phone(login, device) for login in ("102", "103") for device in (1, 2)]


def ring(stage: Stage, *script: str) -> str:
    leg = stage.call(stage.phone("101"))
    stage.controller.script(leg, "set continue_on_fail=true", "set hangup_after_bridge=true", *script)
    stage.settle()
    return leg


def talk(stage: Stage) -> tuple[str, str]:
    """Anna and Bartek talk, and Bartek has the keys; their legs."""
    bartek = stage.phone("102")
    leg = ring(stage, f"bridge {{^^;pbx_call=c1;{KEYS}}}user/102@acme.test")
    bartek.answer()
    stage.settle()
    assert bartek.leg is not None
    return leg, bartek.leg.uuid


def pressed(stage: Stage) -> list[str]:
    keys = (event for event in stage.controller.named("CUSTOM") if event["Event-Subclass"] == "pbx::key")
    return [event["variable_last_matching_digits"] for event in keys]


def test_apart_every_device_of_every_account_rings(stage, called):
    ring(stage, APART)
    assert [phone.view().state for phone in called] == [State.RINGING] * 4
    called[3].answer()
    stage.settle()
    assert [phone.view().ended for phone in called] == ["LOSE_RACE", "LOSE_RACE", "LOSE_RACE", ""]
    assert stage.phone("101").view().hears == "peer:103"
    assert stage.controller.last("CHANNEL_BRIDGE")["variable_originate_disposition"] == "success"


def test_together_only_one_device_of_each_account_rings(stage, called):
    ring(stage, "bridge user/102@acme.test,user/103@acme.test")
    assert [phone.view().state for phone in called] == [State.RINGING, State.IDLE, State.RINGING, State.IDLE]


def test_apart_the_caller_is_told_nothing_of_ringing_without_a_tone(stage, called):
    leg = ring(stage, APART)
    assert stage.phone("101").view().hears == "silence"
    assert not stage.controller.named("CHANNEL_PROGRESS", "CHANNEL_PROGRESS_MEDIA", leg=leg)
    assert called[0].view().state is State.RINGING


def test_apart_a_tone_is_played_where_one_is_set(stage, called):
    leg = ring(stage, "set ringback=%(1000,4000,425)", APART)
    assert stage.phone("101").view().hears == "ringback"
    assert stage.controller.named("CHANNEL_PROGRESS_MEDIA", leg=leg)
    assert called[0].view().state is State.RINGING


def test_apart_the_disposition_says_only_that_it_failed(stage, called):
    leg = ring(stage, APART)
    for phone in called:
        phone.decline()
    stage.settle()
    park = stage.controller.last("CHANNEL_PARK", leg)
    assert (park["variable_originate_disposition"], park["variable_originate_failed_cause"]) == ("failure", "CALL_REJECTED")


def test_apart_the_caller_s_own_limit_is_not_looked_at(stage, called):
    ring(stage, "set call_timeout=5", APART)
    stage.advance(30)
    assert called[0].view().state is State.RINGING
    stage.advance(31)
    assert [phone.view().ended for phone in called] == ["NO_ANSWER"] * 4


def test_apart_a_caller_who_gives_up_ends_the_ringing(stage, called):
    ring(stage, APART)
    stage.phone("101").hang_up()
    stage.settle()
    assert [phone.view().ended for phone in called] == ["ORIGINATOR_CANCEL"] * 4


def test_reason_is_the_first_device_s_whoever_refuses_first(stage):
    """Tried on a real switch: ``originate`` looks at its first leg, and devices stand in the order they registered."""
    first, second = stage.phone("103"), stage.phone("103", 2)
    stage.controller.ask(f"bgapi originate {TARGET} &park()\nJob-UUID: job-1")
    stage.settle()
    assert second.leg is not None
    second.leg.refused(480)
    stage.settle()
    assert first.leg is not None
    first.leg.refused(486)
    stage.settle()
    job = stage.controller.last("BACKGROUND_JOB")
    assert (job["Job-UUID"], job["_body"]) == ("job-1", "-ERR USER_BUSY\n")


@pytest.mark.parametrize("cause", ["ORIGINATOR_CANCEL", "NORMAL_CLEARING", "PICKED_OFF"])
def test_an_attempt_is_called_off_by_its_name(stage, cause):
    celina, bartek = stage.phone("103"), stage.phone("102")
    caller = ring(stage, "bridge {pbx_attempt=c1.2}user/102@acme.test")
    stage.controller.ask(f"bgapi originate {TARGET} &park()\nJob-UUID: job-1")
    stage.settle()
    answer = f"+OK hangup all channels matching [pbx_attempt]=[c1.3] with cause: {cause}\n"
    assert stage.controller.api(f"hupall {cause} pbx_attempt c1.3") == answer
    stage.settle()
    assert (celina.view().ended, bartek.view().state) == (cause, State.RINGING)
    assert stage.controller.last("BACKGROUND_JOB")["_body"] == f"-ERR {cause}\n"
    assert stage.simulator.switch.find(caller) is not None


def test_what_the_called_phone_shows_and_what_the_caller_is_told_come_from_the_dial_string(stage):
    bartek = stage.phone("102")
    shown = "origination_callee_id_name=Bartek Źd;origination_callee_id_number=22"
    ring(stage, "set effective_caller_id_name=Anna Żółć", f"bridge {{^^;{shown}}}user/102@acme.test")
    assert bartek.view().name == "Anna Żółć"
    bartek.answer()
    stage.settle()
    anna = stage.phone("101").view()
    assert (anna.number, anna.name) == ("22", "Bartek Źd")


def test_a_display_is_told_once_and_not_where_updates_are_ignored(stage):
    leg, _ = talk(stage)
    told = len(stage.controller.named("CALL_UPDATE", leg=leg))
    for _ in range(2):
        assert stage.controller.api(f"uuid_display {leg} Powrót: 21 od Celina|600100200") == "+OK Success\n"
    stage.controller.api(f"uuid_setvar {leg} ignore_display_updates true")
    stage.controller.api(f"uuid_display {leg} Nobody|0")
    stage.settle()
    view = stage.phone("101").view()
    assert (view.number, view.name) == ("600100200", "Powrót: 21 od Celina")
    assert len(stage.controller.named("CALL_UPDATE", leg=leg)) == told + 1


def test_a_join_tells_wrong_names_unless_it_is_forbidden(stage):
    """T joins X, whom the controller called with T's name: T is told its own."""
    caller, callee = talk(stage)
    celina = stage.phone("103")
    celina.when_rung = Phone.answer
    named = TARGET.replace("{^^;", "{^^;origination_caller_id_number=22;origination_caller_id_name='Bartek B';")
    stage.controller.ask(f"bgapi originate {named} &park()\nJob-UUID: job-1")
    stage.settle()
    assert celina.leg is not None
    stage.controller.api(f"uuid_setvar_multi {caller} park_after_bridge=true")
    stage.controller.api(f"uuid_bridge {callee} {celina.leg.uuid}")
    stage.settle()
    bartek = stage.phone("102").view()
    assert (bartek.number, bartek.name) == ("22", "Bartek B")


def test_the_realm_bound_last_is_current_and_another_can_be_chosen(stage):
    _, callee = talk(stage)
    bartek = stage.phone("102")
    bartek.press("5#")
    stage.settle()
    assert (pressed(stage), stage.phone("101").view().digits) == (["#"], "5")
    stage.controller.execute(callee, "digit_action_set_realm", "keypad")
    stage.settle()
    bartek.press("5*#")
    stage.settle()
    assert (pressed(stage), stage.phone("101").view().digits) == (["#", "5", "*", "#"], "5")
    stage.controller.execute(callee, "clear_digit_action", "all")
    stage.settle()
    bartek.press("7#")
    stage.settle()
    assert (len(pressed(stage)), stage.phone("101").view().digits) == (4, "57#")


def test_the_digit_timeout_can_be_shorter(stage):
    leg = ring(stage, "answer", "set bind_digit_digit_timeout=300", "bind_digit_action talk,**,exec[i]:event")
    stage.phone("101").press("*")
    stage.advance(0.4)
    assert stage.controller.last("DTMF", leg)["DTMF-Source"] == "APP"


def test_binding_the_same_keys_again_does_not_choose_their_realm():
    keys, event, park = Keys(), Step("event"), Step("park")
    keys.bind("keypad", "1", event)
    keys.bind("talk", "#", event)
    keys.bind("keypad", "1", park)
    assert keys.current == {"#": event}
    assert keys.realms["keypad"] == {"1": park}
    assert not keys.choose("no such realm")
    assert keys.choose("keypad")
    keys.clear("keypad")
    assert keys.current == {"1": park}  # until another is chosen


def test_a_file_that_is_broken_off_ends_and_the_script_goes_on(stage):
    leg = ring(stage, "answer", "playback tone_stream://%(10000,0,425)", "playback silence_stream://4000", "set pbx_step=2")
    anna = stage.phone("101")
    assert anna.view().hears == "tone"
    assert stage.controller.api(f"uuid_break {leg}") == "+OK\n"
    stage.settle()
    assert anna.view().hears == "silence"
    assert not stage.controller.named("CHANNEL_PARK", leg=leg)[1:]
    stage.advance(4)
    assert stage.controller.last("CHANNEL_PARK", leg)["variable_pbx_step"] == "2"


def test_music_without_end_outlives_a_break(stage):
    leg = ring(stage, "answer", "endless_playback music.wav")
    stage.controller.api(f"uuid_break {leg}")
    stage.advance(60)
    assert stage.phone("101").view().hears == "music"


def test_without_a_controller_the_colleague_comes_back_to_the_caller(stage):
    """The dial tone ends, the colleague's own script takes the caller back, and the keys with it."""
    caller, callee = talk(stage)
    back = f"playback:tone_stream://%(3000,0,425)~digit_action_set_realm:talk~intercept:{caller}~park"
    music = "endless_playback:music.wav"
    stage.controller.api(f"uuid_dual_transfer {callee} m:~:digit_action_set_realm:keypad~{back}/inline m:~:{music}/inline")
    stage.advance(1)
    assert (stage.phone("101").view().hears, stage.phone("102").view().hears) == ("music", "tone")
    stage.advance(2.5)
    assert (stage.phone("101").view().hears, stage.phone("102").view().hears) == ("peer:102", "peer:101")
    stage.phone("102").press("**")
    stage.settle()
    assert pressed(stage) == ["**"]


def test_what_a_dialplan_does_not_know_does_nothing(tmp_path):
    (tmp_path / "some.xml").write_text(
        '<context name="keys"><extension name="a"><condition field="destination_number" expression="^a$">'
        '<action application="park"/></condition></extension></context>'
    )
    dialplan = Dialplan(tmp_path)
    assert dialplan.steps("keys", "a") == (Step("park"),)
    assert dialplan.steps("keys", "ab") == dialplan.steps("phones", "a") == ()
