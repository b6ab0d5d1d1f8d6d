"""Out of a queue by a key, or because it is gone; and what is heard while one waits in it."""

from app.core.actions import Connect, Keys, Listen, Prompt, Say, SayNumber, SayWait
from app.core.commands import Release, SetTimer, Tell
from app.core.destinations import ToAccount
from app.core.events import ControlResumed, PlaceCounted, QueueClosed, StepDone
from app.core.outcome import Outcome
from app.core.party import Party
from app.core.states import Asking, Ended, Returning, Ringing, Talking, Waiting
from tests.core.company import CELINA, company, outside_talks, queue, sent
from tests.core.in_line import office, visit, waiting
from tests.core.stories import renamed

WAITED_TOO_LONG, NOBODY_ON_DUTY = Outcome.NO_ANSWER, Outcome.NOT_REGISTERED


# --- talks that nobody heard of -------------------------------------------------------------------------------------


def test_talk_that_began_and_ended_while_nobody_listened_is_over():
    story = waiting().rings("celina")
    story.tell(StepDone(leg="outside", at=300.0, call="outside", step=1, result=Outcome.ANSWERED, agent=CELINA))
    assert isinstance(story.state, Ended)
    assert Release("outside", Outcome.ANSWERED) in story.sent
    assert story.call.record.outcome is Outcome.ANSWERED
    assert (visit(story).outcome, visit(story).agent) == (Outcome.ANSWERED, CELINA)
    assert story.call.record.parts[-1].login == CELINA


def test_agent_who_leaves_after_a_talk_ends_the_call():
    """The leg that parks then says that its wait was answered; that is no news."""
    story = waiting().rings("celina").takes("celina").talk("outside", "celina")
    story.tell(StepDone(leg="outside", at=300.0, call="outside", step=1, result=Outcome.ANSWERED))
    assert isinstance(story.state, Ended)
    assert Release("outside", Outcome.ANSWERED) in story.sent


# --- keys -----------------------------------------------------------------------------------------------------------


def test_key_leads_out_of_the_queue():
    story = waiting().rings("celina").presses("outside", "1")
    script = story.script_of("outside")
    assert script.firm
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


def test_agent_who_answers_as_the_caller_presses_a_key_is_let_go():
    story = waiting().rings("celina").presses("outside", "1").takes("celina")
    assert isinstance(story.state, Ringing)
    assert story.sent == [Release("celina", Outcome.ELSEWHERE)]


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
    assert story.script_of("outside").firm


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
