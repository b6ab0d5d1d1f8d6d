"""Waiting in a queue: the way in, what is heard there, who answers, and the ways out."""

from dataclasses import replace

import pytest

from app.core.actions import Answer, BindKeys, Connect, Enqueue, HangUp, Keys, Listen, Play, Prompt, Say
from app.core.commands import CancelTimer, Release, SwitchKeys
from app.core.destinations import ToAccount, ToExtension, ToMessage, ToQueue
from app.core.events import LegsJoined, StepDone
from app.core.outcome import Outcome
from app.core.party import Party
from app.core.queues import Agent, Pause, PauseReason
from app.core.record import Offer
from app.core.states import Ended, Refusing, Returning, Ringing, Sending, Talking, Waiting
from tests.core.company import BOSS, CALLED, CALLER, CELINA, DAREK, HELLO, MUSIC, SERVICE, company, queue, sent
from tests.core.in_line import office, visit, waiting
from tests.core.stories import Story, renamed

WAITED_TOO_LONG, NOBODY_ON_DUTY = Outcome.NO_ANSWER, Outcome.NOT_REGISTERED


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


@pytest.mark.parametrize("outcome", [Outcome.ELSEWHERE, Outcome.CANCELLED])
def test_agent_who_answered_a_moment_too_late_has_missed_nothing(outcome):
    """Of two who answer at once, the switch calls the slower one cancelled; before or after it is known who has the caller."""
    for late in (False, True):
        story = waiting().rings("celina", "darek").takes("celina")
        events = [lambda told: told.misses("darek", outcome), lambda told: told.talk("outside", "celina")]
        for event in reversed(events) if late else events:
            event(story)
        assert {offer.agent: offer.outcome for offer in visit(story).offers} == {
            CELINA: Outcome.ANSWERED,
            DAREK: Outcome.ELSEWHERE,
        }


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


@pytest.mark.parametrize("watched", [True, False])
def test_agent_who_is_named_after_the_talk_has_begun_has_answered_and_nobody_else_has(watched):
    story = waiting().rings(*["celina", "darek"] if watched else ["darek"]).talk("outside", "x").takes("celina", leg="x")
    assert visit(story).agent == CELINA
    offers = {offer.agent: offer.outcome for offer in visit(story).offers}
    assert offers == {CELINA: Outcome.ANSWERED, DAREK: Outcome.ELSEWHERE}


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
    assert story.script_of("outside").firm
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
