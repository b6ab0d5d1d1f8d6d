"""The simulator against a real switch: the recorded streams say what it must send, and in which order."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from freeswitch.simulator.phones import Phone
from freeswitch.simulator.sessions import Step
from freeswitch.wire import Reader
from tests.freeswitch.simulated import DOMAIN, Stage

RECORDINGS = Path(__file__).parent / "fixtures"
BIND = "bind_digit_action pbx,#,exec:event,Event-Name=CUSTOM,Event-Subclass=pbx::digits"
BRIDGE = "{execute_on_answer='" + BIND + "',pbx_b=1}user/%s@acme.test"
ASK = "2 15 1 8000 # tone_stream://%(10000,0,350,440) silence_stream://250 pbx_digits \\d+ 3000"
OF_OUR_DIRECTORY = ("variable_pbx_login", "variable_pbx_callee")  # the recordings' switch had another
RECORDED_DIALPLAN = (Step("set", "park_timeout=10:NORMAL_TEMPORARY_FAILURE"), Step("park"))


def recorded(story: str) -> list[dict[str, Any]]:
    frames = Reader().feed((RECORDINGS / f"{story}.esl").read_bytes())
    return [json.loads(frame.body) for frame in frames if frame.content_type == "text/event-json"]


def look(event: dict[str, Any]) -> tuple[str, ...]:
    """What a controller decides by."""
    names = ("Event-Name", "Channel-State", "Channel-Call-State", "Channel-State-Number", "Answer-State", "Hangup-Cause")
    names += ("Application", "Application-Response", "Other-Type", "variable_originate_disposition", "variable_DIALSTATUS")
    names += ("variable_sip_hangup_disposition", "variable_sip_term_status", "variable_sip_invite_failure_status")
    names += ("variable_current_application", "variable_park_timeout", "variable_originate_failed_cause")
    names += (
        "variable_hangup_cause",
        "variable_hangup_cause_q850",
        "variable_endpoint_disposition",
        "variable_last_bridge_role",
    )
    return tuple(f"{name}={event[name]}" for name in names if name in event)


def by_leg(events: list[dict[str, Any]]) -> list[list[tuple[str, ...]]]:
    """The events of each leg, in the order the legs appeared."""
    legs: dict[str, list[tuple[str, ...]]] = {}
    for event in events:
        if "Unique-ID" in event:
            legs.setdefault(event["Unique-ID"], []).append(look(event))
    return list(legs.values())


@pytest.fixture
def stage() -> Iterator[Stage]:
    with Stage(dialplan=RECORDED_DIALPLAN) as stage:
        yield stage


def played(stage: Stage, names: set[str]) -> list[dict[str, Any]]:
    stage.settle()
    return [event for event in stage.controller.events if event["Event-Name"] in names and "Unique-ID" in event]


def lead(stage: Stage, leg: str, number: str) -> None:
    """The orders under which the recordings were made."""
    for variable in ("hangup_after_bridge=true", "continue_on_fail=true", "ringback=%(1000,4000,425)"):
        stage.controller.execute(leg, "set", variable)
    stage.controller.execute(leg, "bridge", BRIDGE % number)
    stage.settle()


def play_answered(stage: Stage) -> None:
    anna, bartek = stage.phone("101"), stage.phone("102")
    anna.name = "Anna Żółć"
    bartek.when_rung = Phone.answer
    lead(stage, stage.call(anna, "102"), "102")
    anna.hang_up()


def play_busy(stage: Stage) -> None:
    anna, bartek = stage.phone("101"), stage.phone("102")
    bartek.busy = True
    lead(stage, stage.call(anna, "102"), "102")
    anna.hang_up()


def play_not_registered(stage: Stage) -> None:
    anna = stage.phone("101")
    lead(stage, stage.call(anna, "104"), "104")
    anna.hang_up()


def play_caller_cancels(stage: Stage) -> None:
    anna, bartek = stage.phone("101"), stage.phone("102")
    bartek.when_rung = lambda _: anna.hang_up()
    lead(stage, stage.call(anna, "102"), "102")


def play_pickup(stage: Stage) -> None:
    anna, celina = stage.phone("101"), stage.phone("103")
    stage.phone("102")
    caller = stage.call(anna, "102")
    lead(stage, caller, "102")
    stage.controller.execute(stage.call(celina, "*8102"), "intercept", caller)
    stage.settle()
    anna.hang_up()


def play_blind_then_consult(stage: Stage) -> None:
    anna, bartek, celina = stage.phone("101"), stage.phone("102"), stage.phone("103")
    bartek.when_rung = celina.when_rung = Phone.answer
    caller = stage.call(anna, "102")
    lead(stage, caller, "102")
    assert bartek.leg is not None
    transferor = bartek.leg.uuid
    bartek.press("#")
    stage.settle()
    stage.controller.api(f"uuid_dual_transfer {transferor} park/inline park/inline")
    stage.settle()
    stage.controller.execute(transferor, "clear_digit_action", "all")
    stage.controller.execute(transferor, "play_and_get_digits", ASK)
    stage.settle()
    bartek.press("103#")
    stage.settle()
    consult = "{origination_caller_id_number=102,park_after_bridge=true,park_timeout=5}user/103@acme.test"
    stage.controller.execute(transferor, "bridge", consult)
    stage.settle()
    assert celina.leg is not None
    consulted = celina.leg.uuid
    bartek.hang_up()
    stage.settle()
    stage.controller.api(f"uuid_bridge {caller} {consulted}")
    stage.settle()
    anna.hang_up()


STORIES = {
    "answered-json": play_answered,
    "busy": play_busy,
    "not-registered": play_not_registered,
    "caller-cancels": play_caller_cancels,
    "pickup": play_pickup,
    "blind-then-consult": play_blind_then_consult,
}


@pytest.mark.parametrize("story", STORIES)
def test_each_leg_looks_as_it_did_on_a_real_switch(stage, story):
    real = recorded(story)
    STORIES[story](stage)
    mine = by_leg(played(stage, {event["Event-Name"] for event in real}))
    assert mine == by_leg(real)


@pytest.mark.parametrize("story", STORIES)
def test_every_header_is_one_a_real_switch_sends(stage, story):
    known = {name for each in STORIES for event in recorded(each) for name in event}
    STORIES[story](stage)
    stage.settle()
    names = {event["Event-Name"] for event in recorded(story)}
    invented = {name for event in played(stage, names) for name in event} - known
    assert invented <= {"variable_group_dial_status", *OF_OUR_DIRECTORY}


def test_the_registration_looks_as_on_a_real_switch(stage):
    real = recorded("register")[0]
    anna = stage.simulator.phone("101")
    anna.name = "Anna Żółć"
    anna.register()
    stage.settle()
    mine = stage.controller.named("CUSTOM")[0]
    assert list(mine) == list(real)
    same = ("Event-Subclass", "from-user", "from-host", "status", "username", "realm", "to-user", "rpid", "presence-hosts")
    assert {name: mine[name] for name in same} == {name: real[name] for name in same}
    assert mine["contact"].startswith('"Anna Żółć" <sip:101@127.0.0.1:')


def test_the_headers_stand_in_the_real_order(stage):
    real = next(list(event) for event in recorded("answered-json") if event["Event-Name"] == "CHANNEL_BRIDGE")
    play_answered(stage)
    stage.settle()
    mine = [name for name in stage.controller.last("CHANNEL_BRIDGE") if not name.startswith("variable_")]
    assert mine == [name for name in real if not name.startswith("variable_")]
    assert stage.controller.last("CHANNEL_BRIDGE")["variable_sip_auth_realm"] == DOMAIN
