"""How callers leave the simulator's queues, who may stand in for them, and what the module's races leave behind."""

import pytest

from freeswitch.simulator.phones import Phone, State
from tests.freeswitch.simulated import DOMAIN
from tests.freeswitch.simulator_queues import AT_REST, Queues, queues


@pytest.fixture
def stage(tmp_path):
    with queues(tmp_path, q1="ring-all", q2="top-down") as stage:
        yield stage


@pytest.fixture
def caller(stage: Queues) -> Phone:
    return stage.phone("201")


def answered(stage: Queues, caller: Phone, *before: str) -> Phone:
    """An agent who talks to the caller."""
    agent = stage.agent("101", "q1")
    stage.enter(caller, "q1", *before)
    stage.advance(0.2)
    agent.answer()
    stage.advance(1)
    return agent


# --- leaving ---


def test_caller_is_led_elsewhere_and_the_telephones_stop(stage, caller):
    agent = stage.agent("101", "q1")
    leg = stage.enter(caller)
    stage.advance(0.2)
    stage.controller.api(f"uuid_transfer {leg} park inline")
    stage.advance(0.1)
    assert (agent.view().ended, stage.controller.last("CHANNEL_PARK")["Unique-ID"]) == ("ORIGINATOR_CANCEL", leg)
    assert stage.told("member-queue-end")[-1]["CC-Cancel-Reason"] == "BREAK_OUT"
    assert stage.standing("101") == AT_REST


def test_pickup_takes_a_waiting_caller_and_counts_against_nobody(stage, caller):
    agent, picker = stage.agent("101", "q1"), stage.phone("301")
    leg = stage.enter(caller)
    stage.advance(0.2)
    stage.controller.execute(stage.call(picker), "intercept", leg)
    stage.advance(0.2)
    assert (picker.view().hears, agent.view().ended) == ("peer:201", "ORIGINATOR_CANCEL")
    assert stage.standing("101") == AT_REST
    assert stage.rows("agent list")[0]["no_answer_count"] == "0"


def test_agent_stays_in_the_call_while_he_consults_and_until_he_puts_down(stage, caller):
    agent = answered(stage, caller)
    assert agent.leg is not None
    stage.controller.api(f"uuid_dual_transfer {agent.leg.uuid} park/inline park/inline")
    stage.advance(30)
    assert stage.standing("101")[1:] == ("In a queue call", "Active Inbound", "1")
    caller.hang_up()
    stage.advance(5)
    assert stage.standing("101")[1:] == ("In a queue call", "Active Inbound", "1")
    agent.hang_up()
    stage.advance(0.2)
    assert stage.standing("101") == AT_REST


def test_row_of_a_caller_who_has_gone_is_kept_for_a_minute(stage, caller):
    stage.enter(caller)
    stage.advance(5)
    caller.hang_up()
    stage.advance(59)
    assert [(row["state"], row["session_uuid"]) for row in stage.rows("queue list members q1")] == [("Abandoned", "")]
    stage.advance(3)
    assert stage.rows("queue list members q1") == []


# --- standing in for somebody ---


def stand_in(stage: Queues, score: int) -> str:
    who = f"origination_uuid=back,cc_base_score={score},effective_caller_id_number=600100200"
    stage.controller.ask(f"bgapi originate {{{who}}}null/x &callcenter(q2)")
    stage.settle()
    return "back"


def test_leg_without_a_telephone_keeps_a_place(stage, caller):
    stage.enter(caller, "q2")
    stage.advance(3)
    leg = stand_in(stage, 120)
    assert [row["session_uuid"] == leg for row in stage.rows("queue list members q2")] == [True, False]
    agent = stage.agent("101", "q2")
    stage.advance(0.2)
    assert agent.view().number == "600100200"


def test_agent_who_has_a_stand_in_can_be_led_to_the_customer(stage):
    agent, customer = stage.agent("101", "q2"), stage.phone("202")
    leg = stand_in(stage, 0)
    stage.advance(0.2)
    agent.answer()
    stage.advance(0.2)
    assert agent.leg is not None
    stage.controller.api(f"uuid_transfer {agent.leg.uuid} park inline")
    stage.advance(0.2)
    assert stage.controller.api(f"uuid_exists {leg}") == "false"
    customer.when_rung = Phone.answer
    stage.controller.ask(f"bgapi originate {{origination_uuid=out}}user/202@{DOMAIN} &park()")
    stage.settle()
    stage.controller.api(f"uuid_bridge {agent.leg.uuid} out")
    stage.advance(20)
    assert (agent.view().hears, customer.view().hears) == ("peer:202", "peer:101")
    agent.hang_up()
    stage.advance(0.5)
    assert (stage.standing("101"), stage.rows("agent list")[0]["calls_answered"]) == (AT_REST, "1")


def test_leg_without_a_telephone_that_is_ended_stops_the_ringing(stage):
    agent = stage.agent("101", "q2")
    leg = stand_in(stage, 0)
    stage.advance(0.2)
    stage.controller.api(f"uuid_kill {leg}")
    stage.advance(0.1)
    assert (agent.view().ended, stage.standing("101")) == ("ORIGINATOR_CANCEL", AT_REST)


def test_leg_without_a_telephone_may_be_told_not_to_answer(stage):
    stage.controller.ask(
        "bgapi originate {origination_uuid=mute,null_enable_auto_answer=false,originate_timeout=5}null/x &park()"
    )
    stage.advance(6)
    assert stage.controller.last("BACKGROUND_JOB")["_body"] == "-ERR NO_ANSWER\n"


# --- races ---


def test_agent_who_puts_down_during_the_announcement_leaves_a_row_that_nobody_serves(stage, caller):
    """As on the real switch: where all ring, this caller is never offered again."""
    agent = stage.agent("101", "q1")
    stage.enter(caller, "q1", "set cc_outbound_announce=told.wav")
    stage.advance(0.2)
    agent.answer()
    stage.advance(1)
    agent.hang_up()
    stage.advance(30)
    assert [(row["state"], row["serving_agent"]) for row in stage.rows("queue list members q1")] == [("Trying", "101")]
    assert (caller.view().hears, stage.standing("101")[1:3]) == ("music", ("Waiting", "Ready"))
    assert [event["CC-Agent-Bridged"] for event in stage.told("bridge-agent-end")] == ["false"]


def test_the_same_where_one_is_rung_is_offered_again(stage, caller):
    agent = stage.agent("101", "q2")
    stage.enter(caller, "q2", "set cc_outbound_announce=told.wav")
    stage.advance(0.2)
    agent.answer()
    stage.advance(1)
    agent.hang_up()
    stage.advance(0.5)
    assert agent.view().state is State.RINGING


def test_caller_who_puts_down_during_the_announcement_lets_the_agent_go(stage, caller):
    agent = stage.agent("101", "q1")
    stage.enter(caller, "q1", "set cc_outbound_announce=told.wav")
    stage.advance(0.2)
    agent.answer()
    stage.advance(1)
    caller.hang_up()
    stage.advance(2)
    assert (agent.view().ended, stage.standing("101")) == ("ORIGINATOR_CANCEL", AT_REST)


def test_caller_led_away_as_the_agent_answers_leaves_the_agent_in_silence(tmp_path):
    """Between the answer and the bridge lie two frames; a controller has to look after this."""
    with queues(tmp_path, frame=0.02, q1="ring-all") as stage:
        agent, caller = stage.agent("101", "q1"), stage.phone("201")
        leg = stage.enter(caller)
        stage.advance(0.3)
        agent.answer()
        stage.settle()
        stage.controller.api(f"uuid_transfer {leg} park inline")
        stage.advance(5)
        assert (agent.view().state, agent.view().hears) == (State.TALKING, "silence")
        assert stage.standing("101")[1:3] == ("In a queue call", "Active Inbound")
        assert not stage.controller.named("CHANNEL_BRIDGE")
