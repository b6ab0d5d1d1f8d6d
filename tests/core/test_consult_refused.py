"""The target has answered, but the switch cannot join it with the transferor: one of them has gone, which is not heard yet."""

import pytest

from app.core.commands import Join, Release
from app.core.outcome import Outcome
from app.core.states import Conferring, Ended, Excusing, Joining
from tests.core.stories import office, talking


@pytest.fixture
def refused(sides):
    """Each order of the Join is refused for itself."""
    story = talking(office(keys_on_internal_calls=True)).presses(sides[0], "**", "2", "3").answers("celina")
    join = story.ordered(Join)[-1]
    return story.refused(join).refused(join)


def test_nothing_is_done_before_it_is_known_who_has_gone(refused):
    assert isinstance(refused.state, Conferring)


def test_transferor_who_was_gone_leaves_the_caller_to_the_target(refused, sides):
    refused.hangs_up(sides[0])
    assert isinstance(refused.state, Joining)
    assert refused.ordered(Join)[-1].leg == sides[1]
    assert refused.ordered(Join)[-1].other == "celina"
    assert Release("celina", Outcome.ANSWERED) not in refused.sent
    assert refused.talk(sides[1], "celina").parts == [("22", True, Outcome.TRANSFERRED), ("23", True, None)]


def test_target_that_was_gone_is_excused(refused):
    assert isinstance(refused.hangs_up("celina").state, Excusing)


def test_transferor_need_not_wait_for_his_caller(refused, sides):
    refused.presses(sides[0], "*")
    assert refused.ordered(Join)[-1].other == sides[0]
    assert Release("celina", Outcome.ANSWERED) in refused.sent


def test_where_no_news_comes_the_transferor_has_his_caller_back(refused, sides):
    refused.time_is_up()
    assert refused.ordered(Join)[-1].other == sides[0]
    assert Release("celina", Outcome.ANSWERED) in refused.sent


def test_caller_who_leaves_then_leaves_nobody_waiting(refused, sides):
    refused.hangs_up(sides[1])
    assert refused.state == Ended()
    assert {leg.leg for leg in refused.ordered(Release)} >= {sides[0], "celina"}
