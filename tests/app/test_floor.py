"""The floor of the queues: order, places, who is full, who is busy, who lets it ring too often."""

import pytest

from app.core.commands import Attend
from app.core.events import AgentAnswered, AgentMissed, KeyPressed, LegHungUp, PlaceCounted, TimerFired
from app.core.outcome import Outcome
from app.core.queues import Agent, Duty, Pause, PauseReason
from tests.app.hall import Hall, People, office
from tests.core.company import CELINA, DAREK, EWA, MAIN, company
from tests.core.stories import renamed

# --- places ---------------------------------------------------------------------------------------------------------


def test_places_are_those_of_arrival():
    hall = Hall(agents=(Agent(CELINA),))
    second, first = hall.caller("b", 110.0), hall.caller("a", 100.0)
    assert hall.place(first) == PlaceCounted(leg="a", at=200.0, call="a", place=1, seconds=190, number=0)
    assert (hall.place(second, number=3).place, hall.place(second, number=3).number) == (2, 3)
    assert hall.place(second).seconds == 380


def test_who_leaves_makes_room():
    hall = Hall()
    first, second = hall.caller("a"), hall.caller("b", 110.0)
    first.hangs_up("a")
    assert hall.place(second).place == 1


def test_wait_is_guessed_from_the_last_talks_the_rest_after_them_and_those_on_duty():
    hall = Hall(agents=(Agent(CELINA), Agent(DAREK)))
    hall.talk("x", 100.0, 60)
    hall.talk("y", 200.0, 120)
    assert hall.place(hall.caller("a")).seconds == 50


def test_only_recent_talks_count():
    hall = Hall(agents=(Agent(CELINA),))
    hall.talk("long", 100.0, 6000)
    for number in range(20):
        hall.talk(f"short-{number}", 200.0, 30)
    assert hall.place(hall.caller("a")).seconds == 40


def test_wait_is_guessed_even_where_nobody_is_on_duty_any_more():
    hall = Hall(agents=(Agent(CELINA),))
    story = hall.caller("a")
    hall.floor.take(office(agents=()))
    assert hall.place(story).seconds == 190


def test_other_timers_and_other_states_are_left_alone():
    hall = Hall()
    story = hall.caller("a")
    fired = TimerFired(leg="a", at=1.0, call="a", name="menu", number=1)
    assert hall.floor.counted(fired, story.call) is fired
    talking = story.takes("celina").talk("a", "celina")
    late = TimerFired(leg="a", at=1.0, call="a", name="place", number=0)
    assert hall.floor.counted(late, talking.call) is late


def test_queue_is_full_when_as_many_wait_as_may():
    hall = Hall(max_waiting=2)
    tenant = hall.directory.tenants[1]
    hall.caller("a")
    assert hall.floor.full(tenant) == frozenset()
    second = hall.caller("b")
    assert hall.floor.full(tenant) == {7}
    second.hangs_up("b")
    assert hall.floor.full(tenant) == frozenset()


def test_caller_found_dead_waits_no_more():
    hall = Hall(max_waiting=1)
    hall.caller("a")
    hall.floor.forget("a")
    assert hall.floor.full(hall.directory.tenants[1]) == frozenset()


def test_calls_of_deleted_queues_are_known():
    hall = Hall()
    hall.caller("a")
    assert hall.floor.stranded() == []
    hall.floor.take(renamed(company(), queues={}))
    assert hall.floor.stranded() == ["a"]


# --- who is busy ----------------------------------------------------------------------------------------------------


def test_agent_whom_the_queue_serves_is_not_busy_for_it():
    hall = Hall()
    hall.floor.serve(100.0, hall.ledger)
    story = hall.caller("a").rings("celina").takes("celina").talk("a", "celina")
    assert hall.busy() is None
    assert CELINA in hall.floor.busy
    story.presses("celina", "**", "2", "1")  # nor while he asks somebody else
    assert hall.busy() is None


def test_agent_who_talks_otherwise_is_busy():
    hall = Hall()
    hall.floor.serve(100.0, hall.ledger)
    story = People(hall.floor, hall.directory).dials("anna", "24")
    assert hall.busy() == {DAREK}
    story.talk("anna", "darek")
    assert hall.busy() is None
    story.hangs_up("anna")
    assert hall.busy() == frozenset()


def test_agent_who_calls_or_waits_himself_is_busy():
    hall = Hall()
    hall.floor.serve(100.0, hall.ledger)
    People(hall.floor, hall.directory).dials("ewa", "81")
    assert hall.busy() == {EWA}


def test_agents_who_are_asked_about_a_caller_are_busy():
    hall = Hall()
    story = hall.caller("a", city=MAIN).talk("a", "bartek")
    hall.floor.serve(100.0, hall.ledger)
    story.presses("bartek", "**", "8", "1")
    assert hall.busy() == {CELINA, DAREK}


def test_agent_to_whom_a_caller_returns_is_busy():
    hall = Hall()
    hall.floor.serve(100.0, hall.ledger)
    story = hall.caller("a").takes("celina").talk("a", "celina").presses("celina", "#", "2", "1")
    story.hangs_up("celina").waits("a", Outcome.BUSY)
    assert hall.busy() == {CELINA}
    story.talk("a", "celina-again", CELINA)
    assert hall.busy() is None


def test_colleagues_whose_caller_has_left_are_busy_still():
    hall = Hall()
    story = hall.caller("a", city=MAIN).talk("a", "bartek").presses("bartek", "**", "2", "4")
    story.answers("darek", DAREK).talk("bartek", "darek")
    hall.floor.serve(100.0, hall.ledger)
    story.hangs_up("a")
    assert hall.busy() is None
    assert DAREK in hall.floor.busy
    story.hangs_up("darek")
    assert hall.busy() == frozenset()


# --- what is served -------------------------------------------------------------------------------------------------


def test_nothing_is_said_twice_unless_a_switch_has_come():
    hall = Hall()
    said = hall.floor.serve(100.0, hall.ledger)
    assert [line.queue for line in said.lines] == [7, 8]
    assert hall.floor.serve(101.0, hall.ledger) is None
    hall.floor.say_again()
    assert hall.floor.serve(102.0, hall.ledger) == said


def test_pause_ends_by_itself():
    hall = Hall(agents=(Agent(CELINA, pause=Pause(PauseReason.MISSED, 90.0, until=200.0)), Agent(DAREK)))
    assert hall.floor.serve(100.0, hall.ledger).lines[0].agents == (DAREK,)
    assert hall.floor.changes == 200.0
    assert hall.floor.serve(199.0, hall.ledger) is None
    assert hall.floor.serve(200.0, hall.ledger).lines[0].agents == (CELINA, DAREK)


# --- who lets it ring -----------------------------------------------------------------------------------------------


def missed(hall, story, agent=CELINA, outcome=Outcome.NO_ANSWER):
    event = AgentMissed(leg=story.call.leg, at=200.0, call=story.call.id, agent=agent, outcome=outcome, since=180.0)
    return hall.floor.missed(event, story.call)


def test_agent_who_lets_it_ring_too_often_is_paused():
    hall = Hall(misses=2, miss_pause=60)
    story = hall.caller("a")
    assert missed(hall, story) is None
    assert missed(hall, story, DAREK) is None
    assert missed(hall, story) == Attend(1, 7, CELINA, Duty.PAUSE, 200.0, PauseReason.MISSED, 260.0)
    assert missed(hall, story) is None


def test_an_answer_makes_up_for_it():
    hall = Hall(misses=2)
    story = hall.caller("a")
    missed(hall, story)
    taken = AgentAnswered(leg="a", at=200.0, call="a", agent=CELINA, other="celina", since=190.0)
    assert hall.floor.missed(taken, story.call) is None
    assert missed(hall, story) is None


@pytest.mark.parametrize(
    "outcome", [Outcome.BUSY, Outcome.DECLINED, Outcome.ELSEWHERE, Outcome.CANCELLED, Outcome.NOT_REGISTERED]
)
def test_only_ringing_in_vain_counts(outcome):
    hall = Hall(misses=1)
    assert missed(hall, hall.caller("a"), outcome=outcome) is None


def test_queue_may_want_no_pauses():
    hall = Hall(misses=0)
    assert missed(hall, hall.caller("a")) is None


def test_other_events_pause_nobody():
    hall = Hall(misses=1)
    story = hall.caller("a")
    assert hall.floor.missed(KeyPressed(leg="a", at=1.0, keys="1"), story.call) is None
    assert hall.floor.missed(LegHungUp(leg="a", at=1.0, outcome=Outcome.NO_ANSWER), story.call) is None
    other = People(hall.floor, hall.directory).dials("anna", "22")
    assert missed(hall, other) is None
