"""What surrounds a wait in the simulator's queues: what is told, stand-ins, pickup, consulting, and the module's races."""

from pathlib import Path

import pytest

from freeswitch.simulator.phones import Phone, State
from freeswitch.simulator.phrases import Phrases
from tests.freeswitch.simulated import DOMAIN
from tests.freeswitch.simulator_queues import AT_REST, Queues, queues

SECONDS = "waits=${expr(${strepoch()}-${cc_queue_joined_epoch}+${ahead})}"


PHRASES = """<include><macro name="told"><input pattern="^(\\w+) (\\d+)$"><match>
  <action function="play-file" data="$2.wav"/>
  <action function="phrase" phrase="waited" data="$1 ${expr(floor((${strepoch()}-${cc_queue_joined_epoch})/60))}"/>
</match></input></macro><macro name="waited">
  <input pattern="^(\\w+) (\\d)$"><match><action function="play-file" data="$1/wait-$2.wav"/></match></input>
  <input pattern="^(\\w+) \\d\\d$"><match><action function="play-file" data="$1/long.wav"/></match></input>
</macro></include>"""


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


# --- what an agent's leg is given ---


def test_contact_is_expanded_on_the_callers_leg_at_each_offer(stage, caller):
    stage.agent("101", "q2", no_answer_delay_time=1)
    given = (
        f"{{^^;leg_timeout=${{ring_${{cc_queue}}}};call=${{mine}};{SECONDS};origination_caller_id_name=${{caller_id_name}}}}"
    )
    stage.config(f"agent set contact 101 '{given}user/101@{DOMAIN}'")
    stage.controller.api("global_setvar ring_q2=3")
    stage.enter(caller, "q2", "set mine=c7", "set ahead=60", "set caller_id_name=Jan")
    stage.advance(7)
    legs = stage.controller.named("CHANNEL_OUTGOING")
    assert [leg["variable_call"] for leg in legs] == ["c7", "c7"]
    assert [leg["variable_waits"] for leg in legs] == ["60", "64"]
    assert legs[0]["Caller-Caller-ID-Name"] == "Jan"


def test_legs_are_marked_with_queue_agent_and_member_and_what_the_caller_hands_on(stage, caller):
    stage.agent("101", "q1")
    leg = stage.enter(caller, "q1", "set cc_export_vars=first,second", "set first=a b", "set second=2")
    stage.advance(0.2)
    (rung,) = stage.controller.named("CHANNEL_OUTGOING")
    marks = ("cc_queue", "cc_agent", "cc_side", "cc_member_session_uuid", "first", "second")
    assert [rung[f"variable_{name}"] for name in marks] == ["q1", "101", "agent", leg, "a b", "2"]


def test_agent_is_shown_what_is_to_be_shown_of_the_caller(stage, caller):
    agent = stage.agent("101", "q1")
    said = (
        "set effective_caller_id_number=600100200",
        "set effective_caller_id_name=Jan",
        "set cc_outbound_cid_name_prefix=Help ",
    )
    stage.enter(caller, "q1", *said)
    stage.advance(0.2)
    assert (agent.view().number, agent.view().name) == ("600100200", "Help Jan")


def test_every_device_of_an_agent_rings(stage, caller):
    devices = [stage.agent("101", "q2"), stage.phone("101", 2)]
    stage.enter(caller, "q2")
    stage.advance(0.2)
    devices[1].answer()
    stage.advance(0.2)
    assert [phone.view().state for phone in devices] == [State.IDLE, State.TALKING]


def test_agent_who_must_confirm_has_the_caller_when_he_has(stage, caller):
    agent = stage.agent("101", "q2")
    stage.config(f"agent set contact 101 '[leg_timeout=20,group_confirm_key=1,group_confirm_file=ask.wav]user/101@{DOMAIN}'")
    stage.enter(caller, "q2")
    stage.advance(0.2)
    agent.answer()
    stage.advance(1)
    assert (agent.view().hears, caller.view().hears, stage.told("bridge-agent-start")) == ("prompt:ask.wav", "music", [])
    agent.press("1")
    stage.advance(0.5)
    assert caller.view().hears == "peer:101"


def test_refusal_of_one_kind_ends_an_offer_and_nobody_is_rung(stage, caller):
    agent = stage.agent("101", "q2")
    stage.config(f"agent set contact 101 '{{fail_on_single_reject=LOSE_RACE}}${{taken}}user/101@{DOMAIN}'")
    leg = stage.enter(caller, "q2", "set taken=error/LOSE_RACE,")
    stage.controller.api(f"sched_api +1 none uuid_setvar {leg} taken")
    stage.advance(0.9)
    assert {event["CC-Hangup-Cause"] for event in stage.told("bridge-agent-fail")} == {"LOSE_RACE"}
    assert (agent.view().state, stage.rows("agent list")[0]["no_answer_count"]) == (State.IDLE, "0")
    stage.advance(0.3)
    assert agent.view().state is State.RINGING


# --- what is told ---


def test_announcement_comes_between_the_music(stage, caller):
    leg = stage.enter(caller)
    assert stage.controller.api(f"uuid_broadcast {leg} place.wav aleg") == "+OK Message sent\n"
    stage.settle()
    assert caller.view().hears == "prompt:place.wav"
    stage.advance(2.5)
    assert caller.view().hears == "music"
    assert not stage.told("member-queue-end")


def test_announcements_follow_each_other_and_end_with_the_answer(stage, caller):
    agent = stage.agent("101", "q2")
    leg = stage.enter(caller, "q2")
    for file in ("first.wav", "file_string://second.wav!third.wav"):
        stage.controller.execute(leg, "playback", file, "event-lock: true")
    heard = []
    for _ in range(3):
        stage.settle()
        heard.append(caller.view().hears)
        stage.advance(2)
    assert heard == ["prompt:first.wav", "prompt:second.wav", "prompt:third.wav"]
    stage.controller.execute(leg, "playback", "again.wav")
    stage.settle()
    agent.answer()
    stage.advance(0.1)
    assert caller.view().hears == "peer:101"


def test_agent_hears_who_it_is_before_he_has_the_caller(stage, caller):
    agent = stage.agent("101", "q1")
    stage.enter(caller, "q1", "set cc_outbound_announce=told.wav")
    stage.advance(0.2)
    agent.answer()
    stage.advance(1)
    assert (agent.view().hears, caller.view().hears) == ("prompt:told.wav", "music")
    stage.advance(1.5)
    assert (agent.view().hears, caller.view().hears) == ("peer:201", "peer:101")


def test_phrase_is_put_together_on_the_agents_leg(tmp_path: Path):
    file = tmp_path / "phrases.xml"
    file.write_text(PHRASES)
    with queues(tmp_path, q1="ring-all") as stage:
        stage.simulator.switch.phrases = Phrases(file)
        agent, caller = stage.agent("101", "q1"), stage.phone("201")
        stage.config("agent set state 101 Idle")
        stage.enter(caller, "q1", "set cc_outbound_announce=phrase:told:pl 12")
        stage.advance(125)
        stage.config("agent set state 101 Waiting")
        stage.advance(0.2)
        agent.answer()
        stage.advance(1)
        assert agent.view().hears == "prompt:12.wav"
        stage.advance(2)
        assert agent.view().hears == "prompt:wait-2.wav"
        stage.advance(5)
        assert agent.view().hears == "peer:201"


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
