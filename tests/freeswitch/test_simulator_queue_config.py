"""The simulator's ``callcenter_config``: what it is told, and what it says, to the last newline."""

import json

import pytest

from tests.freeswitch.simulator_queues import Queues, queues

AGENT_COLUMNS = (
    "name|instance_id|uuid|type|contact|status|state|max_no_answer|wrap_up_time|reject_delay_time|busy_delay_time|"
    "no_answer_delay_time|last_bridge_start|last_bridge_end|last_offered_call|last_status_change|no_answer_count|"
    "calls_answered|talk_time|ready_time|external_calls_count"
)
MEMBER_COLUMNS = (
    "queue|instance_id|uuid|session_uuid|cid_number|cid_name|system_epoch|joined_epoch|rejoined_epoch|bridge_epoch|"
    "abandoned_epoch|base_score|skill_score|serving_agent|serving_system|state|score"
)


@pytest.fixture
def stage(tmp_path):
    with queues(tmp_path, q1="ring-all max-wait-time=300", q2="top-down") as stage:
        stage.settle()
        yield stage


def test_lists_have_the_columns_of_the_tables(stage):
    stage.agent("101", "q1", position=3)
    leg = stage.enter(stage.phone("201"))
    agent, row, end = stage.config("agent list").splitlines()
    assert (agent, row.split("|")[:2], end) == (AGENT_COLUMNS, ["101", "single_box"], "+OK")
    assert stage.config("tier list") == "queue|agent|state|level|position\nq1|101|Ready|1|3\n+OK\n"
    member, row, end = stage.config("queue list members q1").splitlines()
    assert (member, row.split("|")[3], row.split("|")[-2:], end) == (MEMBER_COLUMNS, leg, ["Waiting", "0"], "+OK")


def test_lists_without_a_row_have_no_heading_but_that_of_the_queues(stage):
    assert [stage.config(f"{what} list") for what in ("agent", "tier")] == ["+OK\n", "+OK\n"]
    assert stage.config("queue list members q1") == "+OK\n"
    heading, first, second, end = stage.config("queue list").splitlines()
    assert heading.startswith("name|strategy|moh_sound|time_base_score|tier_rules_apply|tier_rule_wait_second|")
    assert heading.endswith("|ring_progressively_delay|skip_agents_with_external_calls|agent_no_answer_status")
    assert first == "q1|ring-all|hold.wav|queue|false|0|false|true|60|false|300|0|5|(null)|0|0|0|true|On Break"
    assert (second.split("|")[:2], end) == (["q2", "top-down"], "+OK")


def test_the_lists_as_json_leave_out_what_was_never_set(stage):
    stage.config("agent add 101 Callback")
    stage.config("agent set contact 101 user/101|user/102")
    answer = json.loads(stage.controller.api('json {"command": "callcenter_config", "data": {"arguments": "agent list"}}'))
    assert (answer["status"], answer["command"]) == ("success", "callcenter_config")
    (row,) = answer["response"]
    assert (row["contact"], row["wrap_up_time"], "uuid" in row) == ("user/101|user/102", "0", False)


def test_queues_as_json_have_numbers(stage):
    answer = json.loads(stage.controller.api('json {"command":"callcenter_config","data":{"arguments":"queue list"}}'))
    assert [(row["name"], row["max_wait_time"], row["tier_rules_apply"]) for row in answer["response"]] == [
        ("q1", 300, "false"),
        ("q2", 0, "false"),
    ]


@pytest.mark.parametrize(
    ("order", "message"),
    [
        ('{"command":"callcenter_config","data":{"arguments":"nonsense"}}', "The command returned an error"),
        ('{"command":"nonsense","data":{}}', "Invalid request or non-existant command"),
    ],
)
def test_json_of_something_else_is_an_error(stage, order, message):
    answer = json.loads(stage.controller.api(f"json {order}"))
    assert (answer["status"], answer["message"], answer["response"]) == ("error", message, None)


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("agent add 101 Callback", "+OK\n"),
        ("agent add 101 Robot", "-ERR Agent type invalid!\n"),
        ("agent add known Callback", "-ERR Agent already exist!\n"),
        ("agent set status nobody Available", "-ERR Agent not found!\n"),
        ("agent set status known Asleep", "-ERR Invalid Agent Status!\n"),
        ("agent set state known Asleep", "-ERR Invalid Agent State!\n"),
        ("agent set mood known good", "-ERR Invalid Agent Update KEY!\n"),
        ("agent set status known", "-ERR Invalid!\n"),
        ("agent get status known", "Logged Out"),
        ("agent get mood known", "-ERR Invalid Agent Update KEY!\n"),
        ("agent del nobody", "+OK\n"),
        ("tier add q1 known 1 2", "+OK\n"),
        ("tier add nowhere known", "-ERR Queue not found!\n"),
        ("tier add q1 nobody", "-ERR Agent not found!\n"),
        ("tier add q2 known", "-ERR Tier already exist!\n"),
        ("tier set state q2 known Asleep", "-ERR Invalid Tier State!\n"),
        ("tier set state q1 known Ready", "-ERR Unknown Error!\n"),
        ("tier set mood q2 known good", "-ERR Invalid Tier Update KEY!\n"),
        ("tier set position q2 known 7", "+OK\n"),
        ("tier del q1 nobody", "+OK\n"),
        ("queue load nowhere", "-ERR Invalid Queue not found!\n"),
        ("queue reload nowhere", "-ERR Invalid Queue not found!\n"),
        ("queue unload nowhere", "+OK\n"),
        ("queue load q1", "+OK\n"),
        ("queue count", "2\n"),
        ("queue count tiers q2", "1\n"),
        ("queue list nonsense q1", "-ERR Invalid!\n"),
        ("agent", "-ERR Invalid!\n"),
    ],
)
def test_answers(stage, command, answer):
    stage.config("agent add known Callback")
    stage.config("tier add q2 known")
    assert stage.config(command) == answer


def test_contact_is_kept_as_it_was_quoted(stage):
    stage.config("agent add 101 Callback")
    stage.config(r"agent set contact 101 '{^^;a=b c;d=\'e\'}user/101@acme.test'")
    assert stage.rows("agent list")[0]["contact"] == "{^^;a=b c;d='e'}user/101@acme.test"


def test_status_available_begins_the_reckoning_anew_but_only_after_another(stage):
    stage.config("agent add 101 Callback")
    row = stage.simulator.switch.center.books.agents["101"]
    row.talk_time, row.calls_answered = 60, 2
    stage.config("agent set status 101 Available")
    assert (row.talk_time, row.calls_answered) == (0, 0)
    row.talk_time = 60
    stage.config("agent set status 101 Available")
    assert row.talk_time == 60


def test_agent_who_is_deleted_leaves_his_queues(stage):
    stage.agent("101", "q1", "q2")
    stage.config("agent del 101")
    assert (stage.config("tier list"), stage.config("agent list")) == ("+OK\n", "+OK\n")


def test_queue_comes_from_a_variable_when_the_configuration_is_read_anew(stage):
    new = '<queue name="q9"><param name="strategy" value="random"/></queue>'
    stage.controller.api(f"global_setvar more_queues='{new}'")
    assert stage.config("queue load q9") == "-ERR Invalid Queue not found!\n"
    assert stage.controller.api("reloadxml") == "+OK [Success]\n"
    assert stage.config("queue load q9") == "+OK\n"
    assert stage.rows("queue list")[-1]["strategy"] == "random"


def test_queue_that_is_unloaded_is_loaded_again_for_whoever_needs_it(stage):
    stage.config("queue unload q1")
    stage.enter(stage.phone("201"), "q1")
    assert [row["name"] for row in stage.rows("queue list")] == ["q2", "q1"]


def test_whoever_waits_in_a_queue_that_is_taken_away_is_forgotten_and_hears_music_for_ever(stage):
    caller = stage.phone("201")
    new = '<queue name="q9"><param name="strategy" value="random"/><param name="max-wait-time" value="5"/></queue>'
    stage.controller.api(f"global_setvar more_queues='{new}'")
    stage.controller.api("reloadxml")
    stage.enter(caller, "q9", "set cc_moh_override=hold.wav")
    stage.controller.api("global_setvar more_queues=")
    stage.controller.api("reloadxml")
    stage.config("queue unload q9")
    stage.advance(30)
    assert (stage.rows("queue list members"), caller.view().hears) == ([], "music")
    assert not stage.told("member-queue-end")


def test_reload_disturbs_nobody(stage: Queues):
    agent, caller = stage.agent("101", "q1"), stage.phone("201")
    stage.enter(caller)
    stage.advance(0.5)
    stage.config("queue reload q1")
    agent.answer()
    stage.advance(0.2)
    stage.config("queue reload q1")
    stage.advance(1)
    assert agent.view().hears == "peer:201"


def test_configuration_may_have_agents_and_tiers(tmp_path):
    with queues(tmp_path, q1="ring-all") as stage:
        file = tmp_path / "callcenter.conf.xml"
        agents = '<agents><agent name="101" type="Callback" status="Available" wrap-up-time="9"/></agents>'
        tiers = '<tiers><tier agent="101" queue="q1" level="1" position="4"/><tier agent="nobody" queue="q1"/></tiers>'
        file.write_text(file.read_text().replace("</configuration>", f"{agents}{tiers}</configuration>"))
        stage.controller.api("reloadxml")
        assert stage.config("queue reload q1") == "+OK\n"
        assert [(row["name"], row["status"], row["wrap_up_time"]) for row in stage.rows("agent list")] == [
            ("101", "Available", "9")
        ]
        assert [(row["agent"], row["position"]) for row in stage.rows("tier list")] == [("101", "4")]
        assert (stage.config("agent reload 101"), stage.config("tier reload q1 101")) == ("+OK\n", "+OK\n")


def test_break_lets_an_agent_go_whose_leg_lives_on(stage):
    agent = stage.agent("101", "q1")
    stage.enter(stage.phone("201"))
    stage.advance(0.2)
    agent.answer()
    stage.advance(2)
    assert agent.leg is not None
    stage.controller.api(f"callcenter_break agent {agent.leg.uuid}")
    stage.advance(0.2)
    assert (agent.view().hears, stage.standing("101")[1:3]) == ("peer:201", ("Waiting", "Ready"))
    assert [event["CC-Cause"] for event in stage.told("member-queue-end")] == ["Terminated"]
