"""What a switch is told so that its queues are as they should be: nothing where they are, one command for each thing wrong."""

import re
from dataclasses import replace
from typing import Any

import pytest

from app.core.actions import Outside
from app.core.commands import Line, OnDuty, ServeQueues
from app.core.queues import Strategy
from freeswitch.agents import contact
from freeswitch.queues import Seen, agent_changes, queue_changes, variables

DOMAIN = "pbx.example"
NOW = 1_800_000_000
SERVICE = Line(7, 1, Strategy.IN_ORDER, ring=20, retry=5, wrap_up=10, max_wait=300, agents=("100102", "+48600100200"))
MOBILE = OnDuty(1, "+48600100200", (Outside("+48600100200", "trunk-1", "+48221234567", confirm="pl"),))
WANTED = ServeQueues((SERVICE,), (OnDuty(1, "100102"), MOBILE))
EMPTY = Seen((), (), (), (), NOW)


def queue(name: str = "q7", **more: Any) -> dict[str, Any]:
    return {"name": name, "strategy": "top-down", "max_wait_time": 300, "max_wait_time_with_no_agent": 5} | more


def agent(name: str, duty: OnDuty, **more: str) -> dict[str, str]:
    row = {"name": name, "contact": contact(duty, DOMAIN), "status": "Available", "state": "Waiting"}
    delays = {"no_answer_delay_time": "5", "reject_delay_time": "5", "busy_delay_time": "5"}
    return row | delays | {"last_bridge_end": "0", "last_offered_call": "0", "ready_time": "0"} | more


def tier(name: str, position: int, **more: str) -> dict[str, str]:
    return {"queue": "q7", "agent": name, "state": "Ready", "position": str(position)} | more


def member(uuid: str = "m1", **more: str) -> dict[str, str]:
    return {"queue": "q7", "uuid": uuid, "session_uuid": f"leg-{uuid}", "state": "Waiting", "serving_agent": ""} | more


RIGHT = Seen(
    (queue(),),
    (agent("100102", OnDuty(1, "100102")), agent("+48600100200@1", MOBILE)),
    (tier("100102", 1), tier("+48600100200@1", 2)),
    (),
    NOW,
)


def told(wanted: ServeQueues, seen: Seen) -> list[str]:
    """The commands, without the word they all begin with."""
    changes = [*queue_changes(wanted, seen), *agent_changes(wanted, seen, DOMAIN)]
    return [change.command.removeprefix("callcenter_config ") for change in changes]


# --- queues


def test_what_is_as_it_should_be_is_left_alone() -> None:
    assert told(WANTED, RIGHT) == []


def test_a_switch_that_knows_nothing_is_told_everything_and_who_is_on_duty_last() -> None:
    commands = told(WANTED, EMPTY)
    assert commands[0] == "queue load q7"
    assert [command for command in commands if " add " in command] == [
        "agent add 100102 Callback",
        "agent add +48600100200@1 Callback",
        "tier add q7 100102 1 1",
        "tier add q7 +48600100200@1 1 2",
    ]
    assert commands.index("agent set status 100102 'Available'") < commands.index("tier add q7 100102 1 1")


def test_a_queue_is_read_from_variables_of_the_switch() -> None:
    assert variables(WANTED, EMPTY) == {
        "pbx_queues_0": (
            '<queue name="q7"><param name="strategy" value="top-down"/><param name="max-wait-time" value="300"/>'
            '<param name="max-wait-time-with-no-agent" value="5"/></queue>'
        ),
        "pbx_q7_ring": "21",
    }


def test_many_queues_fill_many_short_lines_and_too_many_are_refused() -> None:
    many = replace(WANTED, lines=tuple(replace(SERVICE, queue=number) for number in range(1000)))
    lines = {name: text for name, text in variables(many, EMPTY).items() if name.startswith("pbx_queues_")}
    assert "".join(lines.values()).count("<queue ") == 1000
    assert max(map(len, lines.values())) <= 1800
    with pytest.raises(ValueError, match="room for 100 lines"):
        variables(replace(WANTED, lines=many.lines * 2), EMPTY)


@pytest.mark.parametrize("wrong", [{"strategy": "random"}, {"max_wait_time": 0}, {"max_wait_time_with_no_agent": 0}])
def test_a_queue_that_is_otherwise_is_read_again_without_being_taken_away(wrong: dict[str, Any]) -> None:
    assert told(WANTED, replace(RIGHT, queues=(queue(**wrong),))) == ["queue load q7"]


def test_a_queue_nobody_wants_goes_when_nobody_waits_in_it() -> None:
    nothing = replace(WANTED, lines=())
    alone = replace(RIGHT, agents=(), tiers=())
    assert told(replace(nothing, agents=()), alone) == ["queue unload q7"]
    waited = replace(alone, members=(member(),))
    assert told(replace(nothing, agents=()), waited) == []
    assert "q7" in variables(nothing, waited)["pbx_queues_0"]
    assert told(replace(nothing, agents=()), replace(alone, members=(member(state="Abandoned"),))) == ["queue unload q7"]


# --- agents


def test_an_agent_who_goes_off_duty_leaves_the_queue_and_is_remembered_for_a_while() -> None:
    gone = ServeQueues((replace(SERVICE, agents=("+48600100200",)),), (MOBILE,))
    row = agent("100102", OnDuty(1, "100102"), last_bridge_end=str(NOW - 60))
    commands = told(gone, replace(RIGHT, agents=(row, RIGHT.agents[1])))
    assert commands == ["tier del q7 100102", "tier set position q7 +48600100200@1 1"]


@pytest.mark.parametrize(
    ("state", "deleted"), [("Waiting", True), ("Idle", True), ("In a queue call", False), ("Receiving", False)]
)
def test_an_agent_of_no_queue_is_forgotten_but_not_while_he_is_rung_or_talks(state: str, deleted: bool) -> None:
    row = agent("100103", OnDuty(1, "100103"), state=state)
    commands = told(WANTED, replace(RIGHT, agents=(*RIGHT.agents, row)))
    assert commands == (["agent del 100103"] if deleted else [])


def test_a_wrong_setting_is_set_right_and_nothing_else() -> None:
    row = agent("100102", OnDuty(1, "100102"), no_answer_delay_time="0", contact="user/elsewhere")
    commands = told(WANTED, replace(RIGHT, agents=(row, RIGHT.agents[1])))
    assert commands == [
        f"agent set contact 100102 '{contact(OnDuty(1, '100102'), DOMAIN)}'",
        "agent set no_answer_delay_time 100102 '5'",
    ]


def test_the_pause_between_attempts_is_the_longest_of_his_queues_and_never_none() -> None:
    other = replace(SERVICE, queue=8, retry=30)
    commands = told(replace(WANTED, lines=(SERVICE, other)), EMPTY)
    assert "agent set busy_delay_time 100102 '30'" in commands
    commands = told(replace(WANTED, lines=(replace(SERVICE, retry=0),)), EMPTY)
    assert "agent set busy_delay_time 100102 '1'" in commands


@pytest.mark.parametrize(("ready", "told_again"), [(0, False), (NOW - 1, False), (NOW + 5, False), (NOW + 60, True)])
def test_a_pause_that_another_queue_wanted_does_not_outlive_it(ready: int, told_again: bool) -> None:
    resting = agent("100102", OnDuty(1, "100102"), ready_time=str(ready))
    seen = replace(RIGHT, agents=(resting, RIGHT.agents[1]))
    assert told(WANTED, seen) == [f"agent set ready_time 100102 {NOW + 5}"] * told_again


@pytest.mark.parametrize(
    ("strategy", "pause"),
    [(Strategy.ALL, 5), (Strategy.IN_ORDER, 5), (Strategy.LONGEST_IDLE, 42), (Strategy.LEAST_TALK, 42), (Strategy.RANDOM, 42)],
)
def test_everybody_who_is_free_has_his_turn_before_one_who_did_not_answer(strategy: Strategy, pause: int) -> None:
    keys = ("100102", "100103", "100104", "100105")
    wanted = ServeQueues((replace(SERVICE, strategy=strategy, agents=keys),), tuple(OnDuty(1, key) for key in keys))
    there = [agent(key, OnDuty(1, key), state="In a queue call" if key == "100105" else "Waiting") for key in keys]
    assert f"agent set no_answer_delay_time 100102 '{pause}'" in told(wanted, replace(EMPTY, agents=there)) or pause == 5
    assert all("no_answer" not in command for command in told(wanted, replace(EMPTY, agents=there))) or pause == 42


def test_who_talks_elsewhere_is_not_offered_a_call_until_he_is_free() -> None:
    busy = replace(WANTED, busy=frozenset({"100102"}))
    assert told(busy, RIGHT) == ["agent set state_if_waiting 100102 Idle"]
    idle = replace(RIGHT, agents=(agent("100102", OnDuty(1, "100102"), state="Idle"), RIGHT.agents[1]))
    assert told(busy, idle) == []
    assert told(WANTED, idle) == ["agent set state 100102 Waiting"]
    rung = replace(RIGHT, agents=(agent("100102", OnDuty(1, "100102"), state="Receiving"), RIGHT.agents[1]))
    assert told(busy, rung) == []


def test_two_tenants_may_have_the_same_telephone_outside_as_agent() -> None:
    theirs = replace(MOBILE, tenant=2)
    both = ServeQueues(
        (SERVICE, replace(SERVICE, queue=8, tenant=2, agents=(MOBILE.key,))), (OnDuty(1, "100102"), MOBILE, theirs)
    )
    commands = told(both, EMPTY)
    assert [command for command in commands if command.startswith("tier add")] == [
        "tier add q7 100102 1 1",
        "tier add q7 +48600100200@1 1 2",
        "tier add q8 +48600100200@2 1 1",
    ]


def test_a_command_is_one_line_and_its_dial_string_one_word() -> None:
    for command in told(WANTED, EMPTY):
        assert "\n" not in command
        assert command.count("'") in (0, 2)


def test_an_agent_is_rung_by_the_queues_time_and_shown_how_long_the_caller_has_waited() -> None:
    dial = contact(OnDuty(1, "100102"), DOMAIN)
    assert dial.endswith("}${pbx_taken}${pbx_joined}user/100102@pbx.example")
    assert "leg_timeout=${pbx_${cc_queue}_ring};" in dial
    assert "pbx_call=${pbx_call};pbx_step=${pbx_step};pbx_role=callee;" in dial
    assert "execute_on_answer=execute_extension received XML keys" in dial
    names = set(re.findall(r"\$\{(\w+)[}(]", dial))
    assert names == {"pbx_call", "pbx_step", "cc_queue", "pbx_number", "pbx_name", "pbx_waits", "pbx_ahead", "pbx_joined",
                     "pbx_taken", "expr", "strepoch", "cc_queue_joined_epoch"}  # fmt: skip


def test_a_telephone_outside_presses_one_and_another_trunk_is_tried_only_for_the_trunks_own_fault() -> None:
    ways = tuple(replace(MOBILE.outside[0], gateway=gateway) for gateway in ("trunk-1", "trunk-2"))
    dial = contact(replace(MOBILE, outside=ways), DOMAIN)
    assert dial.endswith("}${pbx_taken}${pbx_joined}sofia/gateway/trunk-1/+48600100200|sofia/gateway/trunk-2/+48600100200")
    assert "group_confirm_key=1!" in dial
    (last,) = re.findall(r"!fail_on_single_reject=([A-Z_,]+)!", dial)
    assert {"USER_BUSY", "NO_ANSWER", "ALLOTTED_TIMEOUT", "LOSE_RACE"} <= set(last.split(","))
    assert not {"GATEWAY_DOWN", "NORMAL_TEMPORARY_FAILURE"} & set(last.split(","))
