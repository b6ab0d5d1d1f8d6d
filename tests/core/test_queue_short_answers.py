"""An agent answers, and leaves before he has the caller; who stands in line as before."""

import pytest

from app.core.actions import Enqueue
from app.core.events import AgentMissed
from app.core.outcome import Outcome
from app.core.queues import Strategy
from app.core.states import Ringing, Waiting
from tests.core.company import CALLER, company
from tests.core.in_line import office, visit, waiting
from tests.core.stories import LOGINS, renamed


@pytest.mark.parametrize("heard_of_his_end", [True, False])
def test_caller_whose_agent_left_as_they_were_joined_stands_where_he_stood(heard_of_his_end):
    story = waiting().rings("celina").takes("celina")
    if heard_of_his_end:
        story.hangs_up("celina")
    story.now = 140.0
    story.waits("outside", None)
    assert story.script_of("outside").actions == (Enqueue(7, CALLER, "serwis 601000111", "pl", ahead=40),)
    assert isinstance(story.state, Waiting)
    assert visit(story).outcome is None
    assert [offer.outcome for offer in visit(story).offers] == [Outcome.NO_ANSWER]
    assert story.waits("outside", None).call.record.visits[-1].why == "failed"


def left(story, agent="celina"):
    """The queue tells that this agent had answered, and did not wait for the caller."""
    more = {"agent": LOGINS[agent], "outcome": Outcome.NO_ANSWER, "since": 0.0, "other": agent}
    return story.tell(AgentMissed(leg="outside", at=140.0, call="outside", **more))


@pytest.mark.parametrize("heard_of_his_end", [True, False])
def test_caller_whose_agent_left_stands_in_line_anew_where_all_are_rung(heard_of_his_end):
    """The switch would ring nobody for him any more."""
    story = waiting().rings("celina").takes("celina")
    if heard_of_his_end:
        story.hangs_up("celina")
    left(story)
    assert story.script_of("outside").actions == (Enqueue(7, CALLER, "serwis 601000111", "pl", ahead=39),)
    assert isinstance(story.state, Waiting)
    assert [offer.outcome for offer in visit(story).offers] == [Outcome.NO_ANSWER]
    before = story.call
    assert left(story).call is before


def test_caller_who_was_led_into_line_already_is_not_led_there_again():
    story = waiting().rings("celina").takes("celina").hangs_up("celina").waits("outside", None)
    before = story.call
    assert left(story).call is before


@pytest.mark.parametrize("heard_of_his_end", [True, False])
def test_caller_whose_agent_left_stays_in_line_where_one_is_rung_at_a_time(heard_of_his_end):
    story = waiting(office(strategy=Strategy.IN_ORDER)).rings("celina").takes("celina")
    if heard_of_his_end:
        story.hangs_up("celina")
    left(story)
    assert (story.sent, story.state.answered) == ([], "")
    assert [offer.outcome for offer in visit(story).offers] == [Outcome.NO_ANSWER]


def test_answer_of_an_agent_who_is_known_to_have_gone_holds_nobody_back():
    story = waiting().rings("celina").hangs_up("celina").takes("celina")
    assert (story.state.answered, story.sent) == ("", [])
    assert visit(story).offers[0].outcome is Outcome.NO_ANSWER
    assert isinstance(story.presses("outside", "1").state, Ringing)


def test_caller_whose_agent_and_queue_have_gone_is_told():
    story = waiting().rings("celina").takes("celina")
    story.directory = renamed(company(), queues={})
    assert visit(story.hangs_up("celina")).why == "gone"
