"""The switch's own dialplan: what a new call runs before any controller hears of it, and emergency calls without one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from freeswitch.simulator.dialplan import Dialplan
from freeswitch.simulator.gateways import Gateway
from freeswitch.simulator.phones import State
from freeswitch.simulator.steps import Step
from tests.freeswitch.simulated import Stage


@pytest.fixture
def stage() -> Iterator[Stage]:
    presents = {"pbx_presents": "+48221234567"}
    with Stage(trunks=lambda: (Gateway("trunk-1"), Gateway("trunk-2")), account_variables=lambda _: presents) as stage:
        stage.settle()
        yield stage


def route(stage: Stage, number: str) -> None:
    """What a controller says when the trunks change."""
    way = "|".join(f"sofia/gateway/{gateway}/{number}" for gateway in ("trunk-1", "trunk-2"))
    assert stage.controller.api(f"global_setvar emergency_{number}={way}") == "+OK"


# --- emergency ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["112", "984", "987", "989", "991", "999"])
def test_emergency_call_goes_out_without_a_controller(stage, anna, number):
    route(stage, number)
    anna.dial(number)
    stage.settle()
    dispatcher = stage.simulator.outside(number)
    assert (dispatcher.view().state, dispatcher.view().number) == (State.RINGING, "+48221234567")
    dispatcher.answer()
    stage.settle()
    assert (anna.view().hears, dispatcher.view().hears) == (f"peer:{number}", "peer:101")
    assert stage.controller.named("CHANNEL_PARK") == []


@pytest.mark.parametrize("number", ["111", "988", "990", "1122", "22"])
def test_any_other_number_waits_for_the_controller(stage, anna, number):
    route(stage, number)
    stage.call(anna, number)
    assert stage.controller.last("CHANNEL_PARK")["Caller-Destination-Number"] == number


def test_emergency_call_takes_the_next_trunk(stage, anna):
    route(stage, "112")
    stage.simulator.switch.border.gateways.fail("trunk-1")
    anna.dial("112")
    stage.settle()
    stage.simulator.outside("112").answer()
    stage.settle()
    assert stage.controller.last("CHANNEL_BRIDGE")["Other-Leg-Channel-Name"] == "sofia/trunks/112"
    assert stage.controller.named("CHANNEL_ANSWER")[0]["variable_sip_gateway_name"] == "trunk-2"


def test_caller_hears_that_there_is_no_line(stage, anna):
    stage.call(anna, "112")
    assert anna.view().hears == "prompt:no-line.wav"
    stage.advance(30)
    assert anna.view().ended == "NORMAL_CIRCUIT_CONGESTION"


# --- the file format ------------------------------------------------------------------------------------------------


def dialplan(folder: Path, condition: str, data: str, **settings: str) -> Dialplan:
    first = f'<condition {condition}><action application="set" data="{data}"/></condition>'
    rest = '<condition><action application="park"/></condition>'
    extensions = f'<extension name="first">{first}</extension><extension name="rest">{rest}</extension>'
    (folder / "some.xml").write_text(f'<context name="c">{extensions}</context>')
    return Dialplan(folder, settings)


def test_first_extension_that_fits_is_run(tmp_path):
    plan = dialplan(tmp_path, 'field="destination_number" expression="^2"', "a=1")
    assert plan.steps("c", "22") == (Step("set", "a=1"),)
    assert plan.steps("c", "122") == (Step("park"),)
    assert plan.steps("d", "22") == ()


def test_variable_of_the_leg_can_decide(tmp_path):
    plan = dialplan(tmp_path, 'field="${token}" expression="^(\\w+)@(\\w+)$"', "trunk=$2 and $1, not $3")
    assert plan.steps("c", "22", {"token": "nova@trunks"}.get) == (Step("set", "trunk=trunks and nova, not $3"),)
    assert plan.steps("c", "22", lambda _: "") == (Step("park"),)


def test_settings_are_filled_in(tmp_path):
    plan = dialplan(tmp_path, 'field="destination_number" expression="(.*)"', "$${url}/$1.wav $${nothing}", url="http://p")
    assert plan.steps("c", "7-a") == (Step("set", "http://p/7-a.wav "),)


# --- global variables -----------------------------------------------------------------------------------------------


def test_global_variable_can_be_set_read_and_forgotten(stage):
    assert stage.controller.api("global_setvar word=a") == "+OK"
    assert stage.controller.api("global_getvar word") == "a"
    assert stage.controller.api("global_setvar word=") == "+OK"
    assert stage.controller.api("global_getvar word") == "-ERR no reply\n"
    assert stage.controller.api("global_setvar").startswith("-USAGE")


def test_leg_sees_a_global_variable_unless_it_has_its_own(stage, anna):
    stage.controller.api("global_setvar hold_music=a.wav")
    leg = stage.call(anna)
    stage.controller.execute(leg, "set", "mine=${hold_music} ${destination_number}")
    stage.controller.execute(leg, "set", "hold_music=b.wav")
    stage.controller.execute(leg, "set", "later=${hold_music}")
    stage.settle()
    assert stage.controller.api(f"uuid_getvar {leg} mine") == "a.wav 22"
    assert stage.controller.api(f"uuid_getvar {leg} later") == "b.wav"
