"""The simulator's queues: who is rung for whom, in which order, and how all is at rest again afterwards."""

import pytest

from freeswitch.simulator.phones import Phone, State
from tests.freeswitch.simulator_queues import AT_REST, Queues, queues

AGENTS = ("101", "102", "103")
ONE_BY_ONE = {
    "top": "top-down",
    "idle": "longest-idle-agent",
    "talk": "agent-with-least-talk-time",
    "order": "sequentially-by-agent-order",
    "luck": "random",
}


@pytest.fixture
def stage(tmp_path):
    with queues(tmp_path, q1="ring-all", **ONE_BY_ONE) as stage:
        yield stage


def ringing(*phones: Phone) -> list[str]:
    return [phone.login for phone in phones if phone.view().state is State.RINGING]


def team(stage: Queues, queue: str, **settings: int) -> list[Phone]:
    return [stage.agent(login, queue, position=place, **settings) for place, login in enumerate(AGENTS, 1)]


def served(stage: Queues, queue: str, calls: int, talk: dict[str, int]) -> list[str]:
    """Who answers so many callers, one after another; each talks as long as he does."""
    agents, caller = team(stage, queue), stage.phone("201")
    order = []
    for _ in range(calls):
        stage.enter(caller, queue)
        stage.advance(0.2)
        agent = next(phone for phone in agents if phone.view().state is State.RINGING)
        agent.answer()
        stage.advance(talk[agent.login])
        agent.hang_up()
        stage.advance(2)
        caller.hang_up()
        stage.advance(1)
        order.append(agent.login)
    return order


EVENLY = dict.fromkeys(AGENTS, 10)


def test_agent_is_rung_within_a_beat_and_shown_who_calls(stage):
    agent = stage.agent("101", "q1")
    caller = stage.phone("201")
    caller.name = "Jan"
    stage.enter(caller)
    assert (caller.view().hears, agent.view().state) == ("music", State.IDLE)
    stage.advance(0.1)
    assert (agent.view().state, agent.view().number, agent.view().name) == (State.RINGING, "201", "Jan")


def test_all_are_rung_at_once_and_the_first_who_answers_has_the_caller(stage):
    agents, caller = team(stage, "q1"), stage.phone("201")
    stage.enter(caller)
    stage.advance(0.1)
    assert ringing(*agents) == list(AGENTS)
    agents[1].answer()
    stage.advance(0.2)
    assert (caller.view().hears, agents[1].view().hears) == ("peer:102", "peer:201")
    assert [phone.view().ended for phone in agents] == ["LOSE_RACE", "", "LOSE_RACE"]
    causes = [event["CC-Hangup-Cause"] for event in stage.told("bridge-agent-fail")]
    assert causes == ["LOSE_RACE", "LOSE_RACE"]


def test_in_order_begins_with_the_first_each_time(stage):
    assert served(stage, "top", 4, EVENLY) == ["101"] * 4


def test_in_order_goes_to_the_next_when_nobody_answers_and_from_the_last_to_the_first(stage):
    agents, caller = team(stage, "top", no_answer_delay_time=1), stage.phone("201")
    stage.enter(caller, "top")
    order = []
    for _ in range(5):
        stage.advance(0.3)
        order += ringing(*agents)
        stage.advance(20.5)
    assert order[:4] == ["101", "102", "103", "101"]


@pytest.mark.parametrize("queue", ["idle", "order"])
def test_the_third_is_never_rung_where_the_first_is_ready_again_before_his_turn(stage, queue):
    agents = team(stage, queue, no_answer_delay_time=1)
    for login in AGENTS:
        stage.config(f"agent set contact {login} [leg_timeout=3]user/{login}@acme.test")
    stage.enter(stage.phone("201"), queue)
    rung = set()
    for _ in range(60):
        stage.advance(0.5)
        rung.update(ringing(*agents))
    assert rung == {"101", "102"}


def test_next_caller_rings_at_the_others_when_one_has_answered(stage):
    agents = team(stage, "q1")
    for login in ("201", "202"):
        stage.enter(stage.phone(login))
    stage.advance(0.1)
    assert {phone.view().number for phone in agents} == {"201"}
    agents[0].answer()
    stage.advance(0.2)
    assert [phone.view().number for phone in agents[1:]] == ["202", "202"]


def test_longest_idle_takes_turns(stage):
    assert served(stage, "idle", 6, EVENLY) == [*AGENTS, *AGENTS]


def test_least_talk_spares_who_has_talked_long(stage):
    assert served(stage, "talk", 6, {"101": 60, "102": 10, "103": 20}) == ["101", "102", "103", "102", "102", "103"]


def test_sequence_stays_with_the_first_place(stage):
    assert served(stage, "order", 3, EVENLY) == ["101"] * 3


def test_chance_rings_everybody_and_the_same_chance_rings_the_same(tmp_path):
    def once(chance: int) -> list[str]:
        with queues(tmp_path, chance=chance, **ONE_BY_ONE) as stage:
            return served(stage, "luck", 10, EVENLY)

    first = once(1)
    assert set(first) == set(AGENTS)
    assert (once(1), once(2) == first) == (first, False)


def test_callers_are_served_in_the_order_they_came(stage):
    callers = [stage.phone(str(201 + number)) for number in range(5)]
    agents = [stage.agent("101", "idle"), stage.agent("102", "idle")]
    for caller in callers:
        stage.enter(caller, "idle")
        stage.advance(1)
    order = []
    for _ in range(6):
        for agent in agents:
            if agent.view().state is State.RINGING:
                agent.answer()
                stage.advance(0.2)
                order.append(agent.view().hears)
                agent.hang_up()
        stage.advance(2)
    assert order == [f"peer:{caller.login}" for caller in callers]


def test_score_puts_somebody_before_others(stage):
    first, second = stage.phone("201"), stage.phone("202")
    stage.enter(first, "idle")
    stage.advance(3)
    stage.enter(second, "idle", "set cc_base_score=120")
    assert [row["cid_number"] for row in stage.rows("queue list members idle")] == ["202", "201"]
    agent = stage.agent("101", "idle")
    stage.advance(0.2)
    agent.answer()
    stage.advance(0.2)
    assert agent.view().hears == "peer:202"


@pytest.mark.parametrize("queue", ["q1", *ONE_BY_ONE])
def test_nothing_is_left_of_a_call(stage, queue):
    agent, caller = stage.agent("101", queue), stage.phone("201")
    stage.enter(caller, queue)
    stage.advance(0.2)
    agent.answer()
    stage.advance(5)
    agent.hang_up()
    stage.advance(0.2)
    assert stage.standing("101") == AT_REST
    row = stage.rows("agent list 101")[0]
    assert (row["calls_answered"], row["talk_time"], row["uuid"]) == ("1", "5", "")


def test_rests_after_a_talk_for_as_long_as_is_said(stage):
    agent, caller = stage.agent("101", "idle", wrap_up_time=10), stage.phone("201")
    stage.enter(caller, "idle")
    stage.advance(0.2)
    agent.answer()
    stage.advance(3)
    agent.hang_up()
    caller.hang_up()
    stage.advance(0.5)
    stage.enter(stage.phone("202"), "idle")
    stage.advance(9)
    assert agent.view().state is State.IDLE
    stage.advance(2)
    assert agent.view().state is State.RINGING


@pytest.mark.parametrize(
    ("status", "setting", "cause"),
    [
        (486, "busy_delay_time", "USER_BUSY"),
        (603, "reject_delay_time", "CALL_REJECTED"),
        (480, "no_answer_delay_time", "NO_USER_RESPONSE"),
    ],
)
def test_who_does_not_answer_is_left_in_peace_for_a_while(stage, status, setting, cause):
    agent = stage.agent("101", "idle", **{setting: 7})
    stage.enter(stage.phone("201"), "idle")
    stage.advance(0.5)
    assert agent.leg is not None
    agent.leg.refused(status)
    stage.advance(6)
    assert (agent.view().state, stage.told("bridge-agent-fail")[-1]["CC-Hangup-Cause"]) == (State.IDLE, cause)
    stage.advance(1.5)
    assert agent.view().state is State.RINGING


def test_who_is_not_registered_is_tried_again_after_five_seconds(stage):
    stage.agent("101", "idle").unregister()
    stage.enter(stage.phone("201"), "idle")
    stage.advance(4.5)
    assert [event["CC-Hangup-Cause"] for event in stage.told("bridge-agent-fail")] == ["USER_NOT_REGISTERED"]
    phone = stage.phone("101")
    stage.advance(1)
    assert phone.view().state is State.RINGING


def test_who_lets_it_ring_too_often_is_given_a_break(stage):
    agent = stage.agent("101", "idle", ring=3, no_answer_delay_time=1, max_no_answer=2)
    stage.enter(stage.phone("201"), "idle")
    stage.advance(20)
    assert stage.standing("101") == ("On Break", "Waiting", "No Answer", "1")
    assert (len(stage.told("bridge-agent-fail")), len(stage.told("agent-max-no-answer"))) == (2, 1)
    assert agent.view().state is State.IDLE


def test_ready_time_holds_calls_back(stage):
    agent = stage.agent("101", "idle")
    stage.config(f"agent set ready_time 101 {int(stage.clock.now()) + 10}")
    stage.enter(stage.phone("201"), "idle")
    stage.advance(9.5)
    assert agent.view().state is State.IDLE
    stage.advance(1)
    assert agent.view().state is State.RINGING


@pytest.mark.parametrize("state", ["Idle", "Reserved", "In a queue call"])
def test_agent_in_another_state_is_not_rung_until_he_waits(stage, state):
    agent = stage.agent("101", "idle")
    stage.config(f"agent set state 101 '{state}'")
    stage.enter(stage.phone("201"), "idle")
    stage.advance(5)
    assert agent.view().state is State.IDLE
    stage.config("agent set state 101 Waiting")
    stage.advance(0.2)
    assert agent.view().state is State.RINGING


def test_logging_out_ends_the_ringing_only_where_one_is_rung(stage):
    alone, both = stage.agent("101", "idle"), stage.agent("102", "q1")
    stage.enter(stage.phone("201"), "idle")
    stage.enter(stage.phone("202"), "q1")
    stage.advance(0.2)
    for login in ("101", "102"):
        stage.config(f"agent set status {login} 'Logged Out'")
    stage.advance(0.2)
    assert ringing(alone, both) == ["102"]


def test_agent_of_two_queues_is_rung_for_one_caller_at_a_time(stage):
    agent = stage.agent("101", "idle", "top")
    stage.enter(stage.phone("201"), "idle")
    stage.enter(stage.phone("202"), "top")
    stage.advance(1)
    assert len(stage.told("agent-offering")) == 1
    assert {row["queue"]: row["state"] for row in stage.rows("tier list")} == {"idle": "Offering", "top": "Standby"}
    agent.answer()
    stage.advance(3)
    agent.hang_up()
    stage.advance(3)
    assert [event["CC-Queue"] for event in stage.told("agent-offering")] == ["idle", "top"]


def test_reserved_agent_is_told_of_before_he_is_rung(tmp_path):
    with queues(tmp_path, settings="reserve-agents=true", idle="longest-idle-agent") as stage:
        stage.agent("101", "idle")
        stage.enter(stage.phone("201"), "idle")
        stage.advance(0.2)
        states = [event["CC-Agent-State"] for event in stage.told("agent-state-change")]
        assert states == ["Reserved", "Receiving"]
