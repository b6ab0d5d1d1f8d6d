"""Into a queue with a transfer's keys, and out of it; and what a new controller makes of those who wait."""

import pytest

from app.core import call as core
from app.core import recovery
from app.core.actions import Connect, Enqueue, HangUp, Prompt, Remember, Say
from app.core.commands import Release, Ring, SetTimer, StopRinging
from app.core.destinations import ToQueue
from app.core.directory import Directory
from app.core.events import FoundLeg, Role
from app.core.outcome import Outcome
from app.core.party import Party
from app.core.queues import Strategy
from app.core.record import Offer, Record
from app.core.remember import recall, remember
from app.core.states import Collecting, Conferring, Consulting, Excusing, Joining, Sending, Talking, Waiting
from tests.core.company import BOSS, CALLER, CELINA, DAREK, MAIN, SERVICE, company, outside_talks, queue, sent
from tests.core.stories import Story, renamed


def office(busy=(), **changes) -> Directory:
    directory = company()
    changed = renamed(directory, queues={**directory.tenants[1].queues, "serwis": queue(**changes)})
    return changed.at_this_moment(frozenset(), frozenset(), frozenset(busy))


def asks(directory=None) -> Story:
    """Bartek, who talks to somebody outside, asks the service about him."""
    story = Story(directory or office()).comes_in("outside", MAIN, CALLER).talk("outside", "bartek")
    return story.presses("bartek", "**", "8", "1")


def visit(story):
    return story.call.record.visits[-1]


# --- with # ---------------------------------------------------------------------------------------------------------


def test_caller_is_sent_into_the_queue():
    story = sent(outside_talks(), "81")
    assert isinstance(story.state, Waiting)
    assert isinstance(story.script_of("outside").actions[-1], Enqueue)
    assert isinstance(story.script_of("outside").rescue[0], Remember)
    assert story.parts == [("22", True, Outcome.TRANSFERRED), ("81", False, None)]


def test_agent_who_has_him_then_sends_him_on():
    story = sent(outside_talks(), "81").rings("celina").takes("celina").talk("outside", "celina")
    assert story.state == Talking(Party("celina", CELINA))
    sent_on = story.presses("celina", "#", "2", "1")
    assert isinstance(sent_on.state, Sending)
    assert sent_on.state.back == CELINA
    assert visit(sent_on).outcome is Outcome.ANSWERED


def test_agent_may_send_him_into_a_queue_again():
    story = sent(outside_talks(), "81").rings("celina").takes("celina").talk("outside", "celina").presses("celina", "#", *"81")
    assert [visit.outcome for visit in story.call.record.visits] == [Outcome.ANSWERED, None]


def test_agent_takes_a_caller_back_by_a_star():
    story = Story(company()).comes_in("outside", SERVICE, CALLER).takes("celina").talk("outside", "celina")
    story.presses("celina", "**")
    assert isinstance(story.state, Collecting)
    story.presses("celina", "*")
    assert isinstance(story.state, Joining)


# --- with ** --------------------------------------------------------------------------------------------------------


def test_free_agents_of_the_queue_are_asked():
    (ring,) = asks().ordered(Ring)
    assert (ring.logins, ring.seconds, ring.number) == ((CELINA, DAREK), 20, "22")


def test_agents_who_are_busy_are_not_asked():
    (ring,) = asks(office(busy=[CELINA])).ordered(Ring)
    assert ring.logins == (DAREK,)


def test_agents_are_asked_in_order_where_the_queue_rings_them_so():
    story = asks(office(strategy=Strategy.IN_ORDER))
    assert story.ordered(Ring)[0].logins == (CELINA,)
    story.directory = office(strategy=Strategy.IN_ORDER, busy=[CELINA])  # who is asked was decided before
    story.rung_out(Outcome.NO_ANSWER)
    assert [(ring.logins, ring.seconds) for ring in story.ordered(Ring)] == [((DAREK,), 10)]
    story.rung_out(Outcome.NO_ANSWER)
    assert isinstance(story.state, Excusing)


def test_transferor_hears_that_nobody_is_free():
    story = asks(office(busy=[CELINA, DAREK]))
    assert story.script_of("bartek").actions == (Say(Prompt.BUSY, "pl"),)


def test_agent_who_is_asked_gets_the_caller():
    story = asks().answers("celina", CELINA)
    assert isinstance(story.state, Conferring)
    assert story.call.record.visits == ()


def test_who_puts_down_while_agents_ring_has_sent_the_caller_into_the_queue():
    story = asks().hangs_up("bartek")
    assert isinstance(story.state, Waiting)
    assert isinstance(story.state.led, Sending)
    assert story.state.led.back == "102"
    assert isinstance(story.sent[0], StopRinging)
    assert isinstance(story.script_of("outside").actions[-1], Enqueue)
    assert story.parts == [("22", True, Outcome.TRANSFERRED), ("81", False, Outcome.CANCELLED), ("81", False, None)]


def test_agents_who_are_asked_survive_the_controller():
    state = asks().state
    assert state.asked == f"{CELINA}+{DAREK}"
    assert recall(remember(state)) == state
    assert isinstance(state, Consulting)


# --- the fallback ---------------------------------------------------------------------------------------------------


def test_rescue_leads_into_the_queue_that_is_the_tenants_fallback():
    story = Story(company(transfer_fallback=ToQueue("serwis"))).comes_in("outside", MAIN, CALLER).talk("outside", "bartek")
    rescue = sent(story, "23").script_of("outside").rescue
    assert Enqueue(7, CALLER, "serwis 601000111", "pl") in rescue
    assert isinstance(rescue[-1], HangUp)


# --- a new controller -----------------------------------------------------------------------------------------------


def leg(story, **changes):
    fields = {"leg": "outside", "call": "outside", "role": Role.CALLER, "login": "", "dialled": SERVICE, "started": 100.0}
    fields |= {"step": story.call.led, "answered": 101.0, "note": remember(story.state), "number": CALLER, "trunk": "pstn"}
    return FoundLeg(**fields | changes)


def found(story, *legs, record=None):
    call, told = recovery.restore("outside", legs, record or story.call.record, story.directory), []
    for event in recovery.missed(call, legs, 200.0):
        call, commands = core.step(call, event, story.directory)
        told += commands
    return call, told


def test_caller_goes_on_waiting():
    story = Story(company()).comes_in("outside", SERVICE, CALLER).rings("celina", BOSS)
    rung = {"call": "outside", "role": Role.CALLEE, "dialled": "", "started": 102.0}
    legs = FoundLeg(leg="c", login=CELINA, **rung), FoundLeg(leg="b", login="", number=BOSS, **rung)
    call, told = found(story, leg(story), *legs)
    assert (call.state, call.record) == (story.state, story.call.record)
    assert told == [SetTimer("outside", "place", 0, 30)]


def test_agent_is_not_taken_to_ring_yet_whose_telephone_does_not():
    story = Story(company()).comes_in("outside", SERVICE, CALLER).rings("celina", BOSS)
    rings = {"leg": "c", "call": "outside", "role": Role.CALLEE, "login": CELINA, "dialled": "", "started": 102.0}
    call, _ = found(story, leg(story), FoundLeg(**rings))
    assert call.record.visit.offers == (Offer(CELINA, 102.0), Offer(BOSS, 103.0, 200.0, Outcome.CANCELLED))


@pytest.mark.parametrize("agent", [CELINA, BOSS])
def test_agent_who_answered_meanwhile_is_found_talking(agent):
    story = Story(company()).comes_in("outside", SERVICE, CALLER)
    his = {"leg": "agent", "call": "outside", "role": Role.CALLEE, "dialled": "", "started": 150.0, "answered": 151.0}
    his |= {"number": BOSS, "login": ""} if agent == BOSS else {"login": agent}
    call, _ = found(story, leg(story, other="agent"), FoundLeg(**his, other="outside"))
    assert call.state == Talking(Party("agent", number=BOSS) if agent == BOSS else Party("agent", CELINA))
    assert (call.record.visits[-1].outcome, call.record.visits[-1].agent) == (Outcome.ANSWERED, agent)
    assert call.record.visits[-1].offers == (Offer(agent, 151.0, 151.0, Outcome.ANSWERED),)
    assert [part.started for part in call.record.parts] == [101.0, 151.0]  # and not since he was let into the queue


def test_agent_who_left_while_he_was_told_something_is_not_waited_for():
    story = Story(company()).comes_in("outside", SERVICE, CALLER).takes("celina")
    call, _ = found(story, leg(story))
    assert call.state.answered == ""


def test_caller_whose_wait_ended_meanwhile_is_led_on():
    story = Story(company()).comes_in("outside", SERVICE, CALLER)
    call, told = found(story, leg(story, waiting=True, result=Outcome.NO_ANSWER))
    assert call.record.visits[-1].why == "max-wait"
    assert Connect(("102",), 30) in [action for command in told for action in getattr(command, "actions", ())]


def test_agent_who_answered_whom_had_just_been_led_away_is_let_go():
    story = Story(company()).comes_in("outside", SERVICE, CALLER).presses("outside", "1")
    his = {
        "leg": "agent",
        "call": "outside",
        "role": Role.CALLEE,
        "login": CELINA,
        "dialled": "",
        "started": 150.0,
        "answered": 151.0,
    }
    _, told = found(story, leg(story), FoundLeg(**his))
    assert Release("agent", Outcome.ELSEWHERE) in told


def test_agent_who_is_told_something_is_found():
    story = Story(company()).comes_in("outside", SERVICE, CALLER).rings("celina")
    his = {"leg": "agent", "call": "outside", "role": Role.CALLEE, "login": CELINA, "dialled": ""}
    call, _ = found(story, leg(story), FoundLeg(**his, started=150.0, answered=151.0))
    assert (call.state.answered, call.state.agent) == ("agent", CELINA)


def test_stay_that_nobody_has_written_down_is_written_down():
    story = Story(company()).comes_in("outside", SERVICE, CALLER)
    bare = Record("outside", 1, CALLER, "", "", SERVICE, 100.0)
    call, _ = found(story, leg(story), record=bare)
    assert [(part.number, part.name, part.started) for part in call.record.parts] == [("81", "serwis", 101.0)]
    assert (call.record.visit.queue, call.record.visit.name) == (7, "serwis")


def test_transferred_caller_still_returns_to_who_sent_him():
    story = sent(Story(office(overflow=None)).comes_in("outside", MAIN, CALLER).talk("outside", "bartek"), "81")
    call, _ = found(story, leg(story, waiting=True, result=Outcome.NO_ANSWER))
    assert call.state.back == "102"
