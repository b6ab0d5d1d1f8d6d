"""Waiting in a queue: the way in, what is heard there, who answers, and the ways out."""

from dataclasses import replace

import pytest

from app.core.actions import Answer, BindKeys, Connect, Enqueue, HangUp, Keys, Listen, Play, Prompt, Say, SayNumber, SayWait
from app.core.commands import CancelTimer, Release, SetTimer, SwitchKeys, Tell
from app.core.destinations import ToAccount, ToExtension, ToMessage, ToQueue
from app.core.directory import Directory
from app.core.events import ControlResumed, LegsJoined, PlaceCounted, QueueClosed, StepDone
from app.core.outcome import Outcome
from app.core.party import Party
from app.core.queues import Agent, Pause, PauseReason
from app.core.record import Offer
from app.core.states import Asking, Ended, Refusing, Returning, Ringing, Sending, Talking, Waiting
from tests.core.company import BOSS, CALLED, CALLER, CELINA, DAREK, HELLO, MUSIC, SERVICE, company, outside_talks, queue, sent
from tests.core.stories import Story, renamed

WAITED_TOO_LONG, NOBODY_ON_DUTY = Outcome.NO_ANSWER, Outcome.NOT_REGISTERED


def office(**changes) -> Directory:
    """Acme, whose queue «serwis» differs in this from its usual settings."""
    directory = company()
    return renamed(directory, queues={**directory.tenants[1].queues, "serwis": queue(**changes)})


def waiting(directory=None, city=SERVICE) -> Story:
    """Somebody outside waits for the service."""
    return Story(directory or company()).comes_in("outside", city, CALLER)


def visit(story):
    return story.call.record.visits[-1]


# --- the way in -----------------------------------------------------------------------------------------------------


def test_caller_is_answered_greeted_and_stands_in_line():
    story = waiting(renamed(company(), cities={SERVICE: replace(company().tenants[1].cities[SERVICE], to=ToQueue("zwroty"))}))
    in_line = Enqueue(8, CALLER, "zwroty 601000111", "pl", MUSIC, CALLED)
    assert story.script_of("outside").actions == (Answer(), Play(HELLO), in_line)
    assert isinstance(story.state, Waiting)


def test_colleague_is_shown_with_his_name():
    story = Story(company()).dials("anna", "82")
    assert story.script_of("anna").actions[-1] == Enqueue(8, "21", "zwroty Anna", "pl", MUSIC, CALLED)


def test_keys_are_listened_for_where_they_lead_somewhere():
    actions = waiting().script_of("outside").actions
    assert actions[:3] == (Answer(), BindKeys(), Listen(Keys.KEYPAD))
    assert Listen(Keys.KEYPAD) not in waiting(office(keys={}, call_back="")).script_of("outside").actions


def test_stay_is_a_part_that_nobody_has_answered_yet():
    story = Story(company()).dials("anna", "81")
    assert story.parts == [("81", False, None)]
    assert (visit(story).queue, visit(story).name, visit(story).place, visit(story).outcome) == (7, "serwis", 0, None)
    assert story.call.record.answered is None
    assert story.call.record.leg_answered


@pytest.mark.parametrize(
    ("changes", "full", "why"),
    [
        ({"agents": ()}, frozenset(), "no-agents"),
        ({"agents": (Agent(CELINA, signed_in=False),)}, frozenset(), "no-agents"),
        ({"agents": (Agent(CELINA, pause=Pause(PauseReason.OWN, 1.0)),)}, frozenset(), "no-agents"),
        ({}, frozenset({7}), "full"),
    ],
)
def test_nobody_is_let_in_where_nobody_would_answer_or_too_many_wait(changes, full, why):
    story = waiting(replace(office(**changes), full=full))
    assert story.script_of("outside").actions[-1] == Connect(("102",), 30)
    assert (visit(story).outcome, visit(story).why) == (Outcome.OVERFLOWED, why)
    assert [outcome for _, _, outcome in story.parts] == [Outcome.OVERFLOWED, None]
    assert not story.call.record.leg_answered


def test_pause_that_has_ended_by_itself_keeps_nobody_out():
    paused = Agent(CELINA, pause=Pause(PauseReason.MISSED, 1.0, until=50.0))
    assert isinstance(waiting(office(agents=(paused,))).state, Waiting)


def test_each_reason_may_have_a_destination_of_its_own():
    elsewhere = office(agents=(), no_agents=ToMessage("zamknięte"))
    assert isinstance(waiting(elsewhere).state, Refusing)
    full = replace(office(full=ToAccount("105")), full=frozenset({7}))
    assert waiting(full).script_of("outside").actions[-1] == Connect(("105",), 30)


@pytest.mark.parametrize(("full", "said"), [(frozenset(), Prompt.NOT_REGISTERED), (frozenset({7}), Prompt.BUSY)])
def test_reason_is_told_where_the_queue_leads_nowhere(full, said):
    agents = queue().agents if full else ()
    story = waiting(replace(office(overflow=None, agents=agents), full=full))
    assert story.script_of("outside").actions[0] == Say(said, "pl")


def test_queues_that_overflow_into_each_other_end():
    story = waiting(office(agents=(), overflow=ToExtension("82"), no_agents=ToQueue("serwis")))
    assert isinstance(story.state, Refusing)


# --- an agent answers -----------------------------------------------------------------------------------------------


def test_agent_who_answers_talks_to_the_caller():
    story = waiting().rings("celina", "darek").takes("celina").talk("outside", "celina")
    assert story.state == Talking(Party("celina", CELINA))
    assert story.parts == [("81", False, Outcome.ANSWERED), ("23", True, None)]
    assert (visit(story).outcome, visit(story).agent) == (Outcome.ANSWERED, CELINA)
    assert [(offer.agent, offer.outcome) for offer in visit(story).offers] == [
        (CELINA, Outcome.ANSWERED),
        (DAREK, Outcome.ELSEWHERE),
    ]
    assert SwitchKeys("outside", Keys.NONE) in story.sent


def test_agent_outside_has_no_keys():
    story = waiting().rings(BOSS).takes(BOSS, leg="boss").talk("outside", "boss")
    assert story.state == Talking(Party("boss", number=BOSS))
    assert story.call.record.parts[-1].is_outside
    assert story.presses("boss", "#").sent == [SwitchKeys("boss", Keys.NONE)]


def test_agent_who_lets_it_ring_is_written_down():
    story = waiting().rings("celina").misses("celina").rings("darek")
    assert [(offer.agent, offer.outcome) for offer in visit(story).offers] == [(CELINA, Outcome.NO_ANSWER), (DAREK, None)]
    assert visit(story).offers[1] == Offer(DAREK, story.now)


def test_talk_is_heard_of_before_the_answer():
    story = waiting().rings("celina").talk("outside", "celina")
    assert story.state == Talking(Party("celina"))
    story.takes("celina")
    assert story.state == Talking(Party("celina", CELINA))
    assert visit(story).agent == CELINA
    assert story.call.record.parts[-1].number == "23"


def test_agent_who_hangs_up_while_he_is_told_leaves_the_caller_in_line():
    story = waiting().rings("celina").takes("celina").hangs_up("celina")
    assert (story.state.answered, story.state.agent) == ("", "")
    assert visit(story).offers[0].outcome is Outcome.NO_ANSWER
    story.rings("darek").takes("darek").talk("outside", "darek")
    assert visit(story).agent == DAREK


def test_caller_who_hangs_up_has_given_up():
    story = waiting().rings("celina").hangs_up("outside")
    assert isinstance(story.state, Ended)
    assert story.call.record.outcome is Outcome.ABANDONED
    assert story.parts == [("81", False, Outcome.ABANDONED)]
    assert [offer.outcome for offer in visit(story).offers] == [Outcome.CANCELLED]


def test_caller_hangs_up_as_the_agent_answers():
    before = waiting().rings("celina").takes("celina").hangs_up("outside")
    assert Release("celina", Outcome.CANCELLED) in before.sent
    assert visit(before).outcome is Outcome.ABANDONED
    after = waiting().rings("celina").hangs_up("outside").takes("celina")
    assert isinstance(after.state, Ended)
    assert visit(after).outcome is Outcome.ABANDONED


def test_caller_who_hung_up_after_the_agent_had_him_was_answered():
    story = waiting().rings("celina").takes("celina").talk("outside", "celina").hangs_up("outside")
    assert (story.call.record.outcome, visit(story).outcome) == (Outcome.ANSWERED, Outcome.ANSWERED)


# --- nobody answers -------------------------------------------------------------------------------------------------


def test_whoever_waits_too_long_goes_where_the_queue_says():
    story = waiting().rings("celina").misses("celina").waits("outside", WAITED_TOO_LONG)
    assert story.script_of("outside").actions[-1] == Connect(("102",), 30)
    assert (visit(story).outcome, visit(story).why) == (Outcome.OVERFLOWED, "max-wait")
    assert CancelTimer("outside", "place") in story.sent
    assert isinstance(story.state, Ringing)


def test_whoever_waits_when_the_last_agent_has_gone_is_told():
    story = waiting(office(overflow=None)).waits("outside", NOBODY_ON_DUTY)
    assert visit(story).why == "no-agents"
    assert story.script_of("outside").actions[1:] == (Say(Prompt.NOT_REGISTERED, "pl"), HangUp(Outcome.NOT_REGISTERED))


def test_whoever_was_transferred_returns_when_nobody_takes_him():
    directory = renamed(company(), queues={"serwis": queue(overflow=None)})
    story = sent(Story(directory).comes_in("outside", "+48221234567", CALLER).talk("outside", "bartek"), "81")
    assert isinstance(story.state.led, Sending)
    assert isinstance(story.script_of("outside").rescue[-1], HangUp)
    story.waits("outside", WAITED_TOO_LONG)
    assert story.state == Returning("102")


def test_pair_that_is_heard_of_after_the_end_of_the_wait_is_none_any_more():
    story = waiting().takes("celina")
    step = story.call.led
    story.tell(StepDone(leg="outside", at=200.0, call="outside", step=step, result=WAITED_TOO_LONG))
    assert Release("celina", Outcome.CANCELLED) in story.sent
    assert story.script_of("outside").queued
    before = story.call
    story.tell(LegsJoined(leg="outside", other="celina", at=201.0, call="outside", step=step))
    assert story.call is before
    story.tell(LegsJoined(leg="celina", other="outside", at=201.0, call="outside", step=step, login=CELINA))
    assert story.call is before


def test_end_of_the_wait_that_is_heard_after_the_pair_is_none():
    story = waiting().takes("celina").talk("outside", "celina")
    story.tell(StepDone(leg="outside", at=200.0, call="outside", step=1, result=WAITED_TOO_LONG))
    assert isinstance(story.state, Talking)


def test_queue_that_does_not_work_loses_nobody():
    story = waiting().waits("outside")
    assert visit(story).why == "failed"
    assert story.script_of("outside").actions[-1] == Connect(("102",), 30)


def test_agent_who_waits_in_vain_is_let_go():
    story = waiting().rings("celina").takes("celina")
    story.tell(StepDone(leg="celina", at=200.0, call="outside", step=1))
    assert story.sent == [Release("celina", Outcome.ELSEWHERE)]
    assert story.state.answered == ""


# --- keys -----------------------------------------------------------------------------------------------------------


def test_key_leads_out_of_the_queue():
    story = waiting().rings("celina").presses("outside", "1")
    script = story.script_of("outside")
    assert (script.queued, script.firm) == (True, True)
    assert script.actions[0] == Listen(Keys.NONE)
    assert script.actions[-1] == Connect(("101",), 30)
    assert (visit(story).outcome, visit(story).why) == (Outcome.OVERFLOWED, "key")


def test_key_into_a_menu_keeps_the_keys():
    story = waiting().presses("outside", "#")
    assert isinstance(story.state, Asking)
    assert Listen(Keys.NONE) not in story.script_of("outside").actions


def test_other_keys_change_nothing():
    story = waiting(office(keys={"1": ToAccount("101")}))
    before = story.call
    assert story.presses("outside", "5", "#", "*").call is before
    assert story.sent == []


def test_key_while_an_agent_is_told_something_comes_too_late():
    story = waiting().rings("celina").takes("celina").presses("outside", "1")
    assert isinstance(story.state, Waiting)
    assert story.talk("outside", "celina").state == Talking(Party("celina", CELINA))


@pytest.mark.parametrize("told", [CALLED, None])
def test_agent_who_answers_as_the_caller_presses_a_key_is_let_go_while_he_is_told_something(told):
    story = waiting(office(called=told)).rings("celina").presses("outside", "1").takes("celina")
    assert isinstance(story.state, Ringing)
    assert story.sent == [Release("celina", Outcome.ELSEWHERE)] * (told is not None)


def test_key_works_under_the_queues_new_name():
    directory = company()
    renamed_queue = renamed(directory, queues={"naprawy": queue(name="naprawy")})
    story = waiting(directory)
    story.directory = renamed_queue
    assert story.presses("outside", "1").script_of("outside").actions[-1] == Connect(("101",), 30)


# --- what is heard meanwhile ----------------------------------------------------------------------------------------


def count(story, number, place=3, seconds=310):
    return story.tell(PlaceCounted(leg="outside", at=200.0, call="outside", place=place, seconds=seconds, number=number))


def test_caller_hears_his_place_again_and_again():
    story = waiting()
    assert SetTimer("outside", "place", 0, 30) in story.sent
    count(story, 0)
    said = Say(Prompt.PLACE, "pl"), SayNumber("3", "pl"), SayWait(310, "pl"), Say(Prompt.PATIENCE, "pl")
    assert story.sent == [Tell("outside", said), SetTimer("outside", "place", 1, 30)]
    assert count(story, 0).sent == []


def test_nothing_is_told_over_an_agents_voice():
    story = count(waiting().takes("celina"), 0)
    assert story.sent == [SetTimer("outside", "place", 1, 30)]
    assert count(story.talk("outside", "celina"), 1).sent == []


def test_queue_that_tells_nothing_sets_no_timer():
    assert not any(isinstance(command, SetTimer) for command in waiting(office(announce_every=0)).sent)


def test_timer_is_set_anew_after_a_restart():
    story = waiting().tell(ControlResumed(leg="outside", at=200.0, call="outside"))
    assert story.sent == [SetTimer("outside", "place", 0, 30)]


# --- somebody changes the queue -------------------------------------------------------------------------------------


def deleted(story):
    story.directory = renamed(company(), queues={})
    return story


def test_whoever_waits_in_a_deleted_queue_is_told():
    story = deleted(waiting()).tell(QueueClosed(leg="outside", at=200.0, call="outside"))
    assert visit(story).why == "gone"
    assert Say(Prompt.NO_SUCH_NUMBER, "pl") in story.script_of("outside").actions
    assert story.script_of("outside").queued


def test_queue_deleted_while_nobody_watched_is_noticed():
    story = deleted(waiting()).tell(ControlResumed(leg="outside", at=200.0, call="outside"))
    assert visit(story).why == "gone"


def test_transferred_caller_of_a_deleted_queue_returns():
    story = deleted(sent(outside_talks(), "81")).tell(QueueClosed(leg="outside", at=200.0, call="outside"))
    assert story.state == Returning("102")


def test_queue_that_lives_keeps_everybody():
    story = waiting()
    assert story.tell(QueueClosed(leg="outside", at=200.0, call="outside")).sent == []
    assert isinstance(story.state, Waiting)


def test_caller_of_a_deleted_queue_can_still_be_answered():
    story = deleted(waiting().rings("celina").takes("celina")).talk("outside", "celina")
    assert story.state == Talking(Party("celina", CELINA))
