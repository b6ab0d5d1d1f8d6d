"""The upkeep of queues, with a switch led by hand: what is asked, what is told to the switch, what is said in the log."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from app.config import SwitchAddress
from app.core.commands import Line, OnDuty, ServeQueues
from app.core.queues import Strategy
from freeswitch import serving
from freeswitch.serving import Serving
from tests.freeswitch.scripted_switch import PASSWORD, QUICK, ScriptedSwitch, answered, until

DOMAIN = "pbx.example"
LINE = Line(7, 1, Strategy.ALL, ring=20, retry=5, wrap_up=12, max_wait=None, agents=("100102",))
WANTED = ServeQueues((LINE,), (OnDuty(1, "100102"),))


class Center:
    """As much of mod_callcenter as can be told from outside: rows that change with the commands."""

    def __init__(self) -> None:
        self.there = True
        self.rows: dict[str, list[dict[str, Any]]] = {"queue": [], "agent": [], "tier": [], "member": []}
        self.channels: list[dict[str, str]] = []
        self.done: list[str] = []
        self.looks = 0

    def looked(self, times: int) -> None:
        """Wait until the upkeep has looked so often again."""
        until(lambda end=self.looks + 4 * times: self.looks >= end)  # type: ignore[misc]

    def lists(self, _: object, request: str) -> bytes:
        self.looks += 1
        what = json.loads(request.removeprefix("api json "))["data"]["arguments"].removesuffix(" list")
        return answered(json.dumps({"status": "success", "response": self.rows[what]} if self.there else {"status": "error"}))

    def legs(self, _: object, __: str) -> bytes:
        return answered(json.dumps({"rows": self.channels}))

    def command(self, _: object, request: str) -> bytes:
        self.done.append(request.removeprefix("api "))
        words = request.removeprefix("api callcenter_config ").split(maxsplit=4)
        if words[:2] == ["queue", "load"]:
            strategy = {"strategy": "ring-all", "max_wait_time": 0, "max_wait_time_with_no_agent": 5}
            self.rows["queue"].append({"name": words[2]} | strategy)
        elif words[:2] == ["agent", "add"]:
            columns = dict.fromkeys(("contact", "status", "no_answer_delay_time", "reject_delay_time", "busy_delay_time"), "")
            row = {"name": words[2], "state": "Waiting", "last_bridge_end": "0", "last_offered_call": "0", "ready_time": "0"}
            self.rows["agent"].append(row | columns)
        elif words[:2] == ["agent", "set"]:
            for row in self.rows["agent"]:
                row[words[2]] = words[4].strip("'")
        elif words[:2] == ["tier", "add"]:
            queue, agent, _level, position = request.rsplit(maxsplit=4)[1:]
            self.rows["tier"].append({"queue": queue, "agent": agent, "state": "Ready", "position": position})
        elif words[:2] in (["agent", "del"], ["queue", "unload"]):
            self.rows[words[0]] = [row for row in self.rows[words[0]] if row["name"] != words[2]]
        elif words[:2] == ["tier", "del"]:
            self.rows["tier"] = [row for row in self.rows["tier"] if (row["queue"], row["agent"]) != (words[2], words[3])]
        return answered("+OK")


@pytest.fixture
def center(switch: ScriptedSwitch) -> Center:
    center = Center()
    switch.answers |= {
        "api json": center.lists,
        "api show channels": center.legs,
        "api strepoch": answered("1800000000"),
        "api uuid_getvar": answered("_undef_"),
    }
    for order in ("api callcenter_config", "api global_setvar", "api reloadxml", "api uuid_setvar_multi", "api hupall"):
        switch.answers[order] = center.command
    return center


@pytest.fixture
def upkeep(switch: ScriptedSwitch, center: Center, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serving]:
    """Its rounds are short, so that no test waits."""
    for name, seconds in {"ROUND_SECONDS": 0.02, "AGAIN_SECONDS": 0.01, "BREATH_SECONDS": 0.0, "DOUBT_SECONDS": 0.01}.items():
        monkeypatch.setattr(serving, name, seconds)
    upkeep = Serving(SwitchAddress("127.0.0.1", switch.port, PASSWORD), DOMAIN, QUICK)
    yield upkeep
    upkeep.stop()


def test_what_is_wanted_is_told_in_the_order_in_which_the_switch_can_take_it(upkeep: Serving, center: Center) -> None:
    upkeep.serve(WANTED)
    until(lambda: center.rows["tier"])
    words = [" ".join(command.split("=")[0].split()[:4]) for command in center.done]
    assert words == [
        "global_setvar pbx_queues_0",
        "global_setvar pbx_q7_ring",
        "reloadxml",
        "callcenter_config queue load q7",
        "callcenter_config agent add 100102",
        "callcenter_config agent set contact",
        "callcenter_config agent set no_answer_delay_time",
        "callcenter_config agent set reject_delay_time",
        "callcenter_config agent set busy_delay_time",
        "callcenter_config agent set status",
        "callcenter_config tier add q7",
    ]


def test_a_switch_that_is_as_it_should_be_is_asked_and_told_nothing(upkeep: Serving, center: Center) -> None:
    upkeep.serve(WANTED)
    until(lambda: center.rows["tier"])
    told = len(center.done)
    center.looked(3)
    assert len(center.done) == told


def test_what_is_wanted_anew_is_one_line_and_what_is_put_right_another(
    upkeep: Serving, center: Center, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        upkeep.serve(WANTED)
        until(lambda: center.rows["tier"])
        until(lambda: "joins" in caplog.text)
        center.rows["tier"].clear()
        until(lambda: "put right" in caplog.text)
    (wanted, right) = [(record.levelname, record.getMessage().partition(": ")[2]) for record in caplog.records[:2]]
    assert wanted == ("INFO", "q7 is ring-all 0, new, 100102 is an agent, 100102 joins q7")
    assert right == ("WARNING", "put right: 100102 joins q7")


def test_a_deletion_that_had_to_wait_is_no_repair(
    upkeep: Serving, center: Center, switch: ScriptedSwitch, caplog: pytest.LogCaptureFixture
) -> None:
    """The agent still talked, and somebody still waited in the queue."""
    upkeep.serve(WANTED)
    until(lambda: center.rows["tier"])
    center.rows["agent"][0]["state"] = "In a queue call"
    center.rows["member"] = [{"queue": "q7", "uuid": "m1", "session_uuid": "leg-a", "state": "Waiting", "serving_agent": ""}]
    switch.answers = {
        "api uuid_getvar leg-b cc_side": answered("agent"),
        "api uuid_getvar leg-b": answered("100102"),
    } | switch.answers
    caller = {"uuid": "leg-a", "direction": "inbound", "application": "callcenter"}
    center.channels = [caller, {"uuid": "leg-b", "direction": "outbound", "application": ""}]
    upkeep.serve(ServeQueues((), ()))
    until(lambda: not center.rows["tier"])
    center.looked(3)
    with caplog.at_level(logging.INFO):
        center.rows["member"], center.rows["agent"][0]["state"] = [], "Waiting"
        until(lambda: not center.rows["queue"] and not center.rows["agent"])
        center.looked(1)
    assert {record.levelname for record in caplog.records} == {"INFO"}
    assert "q7 is gone" in caplog.text
    assert "100102 is no agent" in caplog.text


def test_a_queue_that_nobody_has_wanted_is_put_right(upkeep: Serving, center: Center, caplog: pytest.LogCaptureFixture) -> None:
    upkeep.serve(WANTED)
    until(lambda: center.rows["tier"])
    center.looked(1)
    center.rows["queue"].append(center.rows["queue"][0] | {"name": "support@default"})
    until(lambda: len(center.rows["queue"]) == 1)
    center.looked(1)
    assert "put right: support@default is gone" in caplog.text


def test_an_agent_who_is_stuck_is_mended_after_he_has_been_looked_at_twice(
    upkeep: Serving, center: Center, caplog: pytest.LogCaptureFixture
) -> None:
    upkeep.serve(WANTED)
    until(lambda: center.rows["tier"])
    center.rows["agent"][0]["state"] = "In a queue call"
    until(lambda: "callcenter_config agent set state 100102 Waiting" in center.done)
    assert "put right: 100102 was stuck in «In a queue call» without a leg" in caplog.text


def test_an_agent_who_talks_is_left_alone(upkeep: Serving, center: Center, switch: ScriptedSwitch) -> None:
    upkeep.serve(WANTED)
    until(lambda: center.rows["tier"])
    switch.answers = {
        "api uuid_getvar leg-b cc_side": answered("agent"),
        "api uuid_getvar leg-b": answered("100102"),
    } | switch.answers
    center.channels = [{"uuid": "leg-b", "direction": "outbound", "application": ""}]
    center.rows["agent"][0]["state"] = "In a queue call"
    told = len(center.done)
    center.looked(6)
    assert len(center.done) == told


def test_who_answers_gets_the_rest_of_the_queue_he_answers_for(upkeep: Serving, center: Center) -> None:
    upkeep.serve(WANTED)
    until(lambda: center.rows["tier"])
    upkeep.hears({"CC-Action": "bridge-agent-start", "CC-Queue": "q7", "CC-Agent": "100102"})
    until(lambda: "callcenter_config agent set wrap_up_time 100102 12" in center.done)


def test_a_switch_without_the_module_is_said_once_and_found_again(
    upkeep: Serving, center: Center, caplog: pytest.LogCaptureFixture
) -> None:
    center.there = False
    with caplog.at_level(logging.INFO):
        upkeep.serve(WANTED)
        until(lambda: center.looks > 3)
        center.there = True
        until(lambda: "looked after again" in caplog.text)
    assert caplog.text.count("the switch has no mod_callcenter") == 1
    assert center.rows["tier"]


def test_what_the_switch_refuses_is_said_once_and_keeps_nothing_else_from_being_done(
    upkeep: Serving, center: Center, switch: ScriptedSwitch, caplog: pytest.LogCaptureFixture
) -> None:
    switch.answers = {"api callcenter_config agent set contact": answered("-ERR no")} | switch.answers
    upkeep.serve(WANTED)
    until(lambda: center.rows["tier"])
    center.looked(3)
    assert caplog.text.count("not looked after: callcenter_config agent set contact") == 1


def test_a_caller_and_his_agent_leave_together_as_soon_as_they_are_one(upkeep: Serving, center: Center) -> None:
    upkeep.serve(WANTED)
    until(lambda: center.rows["tier"])
    joined = {"Event-Name": "CHANNEL_BRIDGE", "Bridge-A-Unique-ID": "leg-a", "Bridge-B-Unique-ID": "leg-b"}
    upkeep.hears(joined | {"variable_pbx_call": "c1", "variable_pbx_step": "3", "variable_pbx_queue": "2"})
    upkeep.hears(joined | {"variable_pbx_call": "c1", "variable_pbx_step": "3", "variable_pbx_queue": "3"})
    leaves = "park_after_bridge=false;hangup_after_bridge=true;pbx_answered=;pbx_joined=error/702."
    until(lambda: "hupall LOSE_RACE pbx_offered c1" in center.done)  # whoever is still rung for him
    assert "hupall LOSE_RACE pbx_answered c1" in center.done  # or has answered at the same moment
    before = center.done[: center.done.index("hupall LOSE_RACE pbx_answered c1")]
    assert [before.count(f"uuid_setvar_multi {leg} {leaves}") for leg in ("leg-a", "leg-b")] == [1, 1]


def test_nobody_is_let_go_for_a_pair_of_no_call(upkeep: Serving, center: Center) -> None:
    """Without a value that command would end every call there is."""
    upkeep.serve(WANTED)
    until(lambda: center.rows["tier"])
    joined = {"Event-Name": "CHANNEL_BRIDGE", "Bridge-A-Unique-ID": "leg-a", "Bridge-B-Unique-ID": "leg-b"}
    upkeep.hears(joined | {"variable_pbx_step": "3", "variable_pbx_queue": "3"})
    center.looked(2)
    assert not [each for each in center.done if each.startswith("hupall")]
