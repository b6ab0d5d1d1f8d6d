"""Gateways come and go, and the switch says which there are."""

import logging
from collections.abc import Iterator

import pytest

from freeswitch.simulator.gateways import DirectoryError, Gateway
from tests.freeswitch.over_trunks import NOVA, ORION, connect, dialled, result
from tests.freeswitch.simulated import Stage


@pytest.fixture
def stage() -> Iterator[Stage]:
    with Stage(trunks=lambda: (NOVA, ORION)) as stage:
        stage.settle()
        yield stage


def told(stage: Stage, kind: str) -> list[tuple[str, ...]]:
    events = [event for event in stage.controller.named("CUSTOM") if event["Event-Subclass"] == f"sofia::gateway_{kind}"]
    return [tuple(event[name] for name in ("Gateway", "State", "Ping-Status") if name in event) for event in events]


def test_gateways_are_asked_for_at_each_rescan():
    known = [NOVA]
    with Stage(trunks=lambda: known) as stage:
        stage.settle()
        known += [ORION, Gateway("no name")]
        assert stage.controller.api("sofia profile trunks rescan") == "Reload XML [Success]\n+OK scan complete\n"
        stage.settle()
        assert told(stage, "add") == [("trunk-2",)]
        states = [("trunk-2", "TRYING", "DOWN"), ("trunk-2", "REGISTER", "DOWN"), ("trunk-2", "REGED", "UP")]
        assert told(stage, "state") == states
        assert "<name>trunk-1</name>" in stage.controller.api("sofia xmlstatus gateway")


def test_gateway_that_is_known_stays_as_it_is_until_it_is_dropped(anna, stage):
    answer = stage.controller.api("sofia xmlstatus gateway trunk-2")
    assert "<state>REGED</state>\n    <status>UP</status>" in answer
    assert stage.controller.api("sofia profile trunks killgw trunk-2") == "+OK gateway marked for deletion.\n"
    assert stage.controller.api("sofia profile trunks killgw trunk-2") == "-ERR no such gateway.\n"
    assert stage.controller.api("sofia xmlstatus gateway trunk-2") == "Invalid Gateway!\n"
    assert result(stage, connect(stage, anna, dialled(gateway="trunk-2"))) == "INVALID_GATEWAY"
    assert told(stage, "delete") == [("trunk-2",)]
    assert stage.controller.api("sofia profile trunks killgw _all_") == "+OK every gateway marked for deletion.\n"
    assert stage.controller.api("sofia xmlstatus gateway").count("<gateway>") == 0


def test_operator_who_falls_silent_is_noticed(stage):
    gateways = stage.simulator.switch.border.gateways
    gateways.fail("trunk-1")
    gateways.fail("trunk-2")
    gateways.fail("trunk-2", fails=False)
    stage.settle()
    assert told(stage, "state")[-3:] == [
        ("trunk-1", "NOREG", "DOWN"),
        ("trunk-2", "FAIL_WAIT", "DOWN"),
        ("trunk-2", "REGED", "UP"),
    ]


def test_switch_says_which_trunks_there_should_be(stage):
    answer = stage.controller.api("xml_locate directory domain name trunks")
    assert answer == '<domain name="trunks"><user id="trunk-1" mark="" /><user id="trunk-2" mark="m2" /></domain>'
    assert stage.controller.api("xml_locate configuration configuration name sofia.conf") == "can't find anything\n"
    assert stage.controller.api("reloadacl") == "+OK acl reloaded\n"


def test_gateway_s_variables_can_be_read(stage):
    assert stage.controller.api("sofia_gateway_data trunk-2 var pbx_mark") == "m2"
    assert stage.controller.api("sofia_gateway_data trunk-9 var pbx_mark") == "-ERR no reply\n"


def test_whoever_cannot_be_asked_changes_nothing(caplog):
    def nobody() -> tuple[Gateway, ...]:
        raise DirectoryError("the panel does not answer")

    with caplog.at_level(logging.INFO), Stage(trunks=nobody) as stage:
        assert stage.controller.api("sofia profile trunks rescan").endswith("+OK scan complete\n")
        assert stage.controller.api("xml_locate directory domain name trunks") == "can't find anything\n"
    assert "the trunks could not be asked for: the panel does not answer" in caplog.text
