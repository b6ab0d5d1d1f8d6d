"""Several accounts rung as one, ``user/101+102@…``, as our own directory has it (``freeswitch/xml.py``); keys in a menu."""

from freeswitch.simulator.phones import Phone, State
from tests.freeswitch.simulated import Stage

CONNECT = ("set hangup_after_bridge=true", "set continue_on_fail=true", "set call_timeout=20", "set import=pbx_callee")


def connect(stage: Stage, anna: Phone, logins: str = "102+103") -> str:
    leg = stage.call(anna)
    stage.controller.script(leg, *CONNECT, f"bridge {{pbx_call=c1}}user/{logins}@acme.test")
    stage.settle()
    return leg


def result(stage: Stage, leg: str) -> tuple[str, set[str]]:
    """How the attempt went, and each device's reason."""
    stage.settle()
    park = stage.controller.last("CHANNEL_PARK", leg)
    causes = park.get("variable_originate_causes", [])
    each = [causes] if isinstance(causes, str) else causes
    return park["variable_originate_disposition"], {cause.partition(";")[2] for cause in each}


def test_every_device_of_every_account_rings(stage, anna):
    phones = [stage.phone("102"), stage.phone("102", 2), stage.phone("103")]
    connect(stage, anna)
    assert [phone.view().state for phone in phones] == [State.RINGING] * 3
    assert anna.view().hears == "ringback"
    marks = {event.get("variable_pbx_login") for event in stage.controller.named("CHANNEL_OUTGOING")}
    assert marks == {"102", "103"}


def test_caller_learns_who_of_them_has_answered(stage, anna):
    bartek, celina = stage.phone("102"), stage.phone("103")
    leg = connect(stage, anna)
    celina.answer()
    stage.settle()
    assert (anna.view().hears, bartek.view().ended) == ("peer:103", "LOSE_RACE")
    assert stage.controller.last("CHANNEL_BRIDGE", leg)["variable_pbx_callee"] == "103"


def test_account_that_is_not_registered_keeps_nobody_waiting(stage, anna):
    bartek = stage.phone("102")
    leg = connect(stage, anna)
    bartek.decline()
    assert result(stage, leg)[0] == "CALL_REJECTED"


def test_nobody_registered_is_known_at_once(stage, anna):
    assert result(stage, connect(stage, anna))[0] == "USER_NOT_REGISTERED"


def test_accounts_that_nobody_knows_are_left_out(stage, anna):
    bartek = stage.phone("102")
    connect(stage, anna, "102+999")
    assert bartek.view().state is State.RINGING
    assert result(stage, connect(stage, stage.phone("104"), "998+999"))[0] == "SUBSCRIBER_ABSENT"


def test_each_one_s_reason_is_told(stage, anna):
    bartek, celina = stage.phone("102"), stage.phone("103")
    bartek.busy = True
    leg = connect(stage, anna)
    celina.decline()
    assert result(stage, leg) == ("USER_BUSY", {"USER_BUSY", "CALL_REJECTED"})
    stage.controller.script(leg, "unset originate_causes", *CONNECT, "bridge user/102+103@acme.test")
    stage.settle()
    stage.advance(20)
    assert result(stage, leg) == ("NO_ANSWER", {"USER_BUSY", "NO_ANSWER"})


def test_consultation_rings_them_all(stage):
    bartek, celina = stage.phone("102"), stage.phone("103")
    stage.controller.ask("bgapi originate {originate_timeout=20}user/102+103@acme.test &park()\nJob-UUID: c1.3")
    stage.settle()
    celina.answer()
    stage.settle()
    park = stage.controller.last("CHANNEL_PARK")
    assert (park["variable_pbx_login"], bartek.view().ended) == ("103", "LOSE_RACE")


# --- a menu ---------------------------------------------------------------------------------------------------------


def test_caller_s_keys_are_heard_in_the_middle_of_a_greeting(stage, anna):
    leg = stage.call(anna)
    menu = ("answer", "execute_extension received XML keys", "digit_action_set_realm keypad", "playback long.wav")
    stage.controller.script(leg, *menu)
    stage.settle()
    anna.press("2*#")
    stage.settle()
    keys = [event for event in stage.controller.named("CUSTOM", leg=leg) if event["Event-Subclass"] == "pbx::key"]
    assert [event["variable_last_matching_digits"] for event in keys] == ["2", "*", "#"]
    assert anna.view().hears == "prompt:long.wav"
    stage.controller.script(leg, "playback other.wav")
    stage.settle()
    assert anna.view().hears == "prompt:other.wav"


def test_keys_that_nobody_listens_for_reach_the_other_side(stage, anna):
    leg, bartek = stage.call(anna), stage.phone("102")
    menu = ("answer", "execute_extension received XML keys", "digit_action_set_realm keypad")
    stage.controller.script(leg, *menu, "digit_action_set_realm none", *CONNECT, "bridge user/102@acme.test")
    stage.settle()
    bartek.answer()
    stage.settle()
    anna.press("5#**")
    stage.settle()
    assert bartek.view().digits == "5#**"
    assert [event for event in stage.controller.named("CUSTOM", leg=leg) if event["Event-Subclass"] == "pbx::key"] == []
