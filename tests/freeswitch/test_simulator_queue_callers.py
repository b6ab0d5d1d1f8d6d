"""What surrounds a wait in the simulator's queues: what an agent's leg is given, what is told to whom."""

from pathlib import Path

import pytest

from freeswitch.simulator.phones import Phone, State
from freeswitch.simulator.phrases import Phrases
from tests.freeswitch.simulated import DOMAIN
from tests.freeswitch.simulator_queues import Queues, queues

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
