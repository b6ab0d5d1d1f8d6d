"""Laws for whole stories: a real engine, a switch that obeys, and people who do anything at any moment.

STORIES=10000 python -m pytest tests/app/test_random_stories.py
"""

import logging
import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.call import Ended
from app.core.destinations import ToAccount, ToExtension, ToExternal, ToMenu, ToMessage
from app.core.directory import Limits
from app.core.outcome import Outcome
from tests.app.world import World
from tests.core.company import BOSS, company

NUMBERS = st.integers(0, 9999)
CHOICES = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=5, max_size=60)
BEGINNINGS = ["", "answer", "answer #", "answer #23", "answer #23 refuse", "answer **23", "answer **23 answer", "answer **99#"]
BEGINNINGS += ["answer #31", "answer #81", "answer **81", "answer #42", "answer **30", "answer **32", "answer #30 answer"]
BEGINNINGS += ["queue", "queue offer", "queue offer offer", "queue offer answer", "queue offer refuse offer"]
FALLBACKS = [None, ToAccount("105"), ToExtension("31"), ToExternal(BOSS), ToMenu("powitanie"), ToMessage("zamknięte")]
OF_VISITS = (Outcome.ANSWERED, Outcome.ABANDONED, Outcome.PICKED_UP, Outcome.OVERFLOWED, Outcome.CALL_BACK)
COMPANIES = st.builds(
    company,
    is_open=st.booleans(),
    keys_on_internal_calls=st.booleans(),
    transfer_fallback=st.sampled_from(FALLBACKS),
    limits=st.sampled_from([Limits(), Limits(calls_at_once=1), Limits(countries=frozenset())]),
)


@settings(max_examples=int(os.environ.get("STORIES", "600")), suppress_health_check=list(HealthCheck))
@given(CHOICES, st.sampled_from(["", "101"]), st.sampled_from(BEGINNINGS), COMPANIES)
def test_every_story_ends_well(choices, caller, so_far, directory):
    world = World(directory)
    log = logging.getLogger("app.engine")
    log.addHandler(world.bugs)
    try:
        world.begin(caller, so_far)
        for kind, which in choices:
            world.happen(kind, which)
        world.settle()
        world.everybody_leaves()
    finally:
        log.removeHandler(world.bugs)
    assert world.bugs.said == []
    assert world.complaints + world.journal.complaints == []
    assert [call for call in world.engine.calls.values() if not isinstance(call.state, Ended)] == []
    assert world.switch.living() == []
    assert world.timers.waiting == {}
    assert world.journal.open == {}
    told = [part for record in world.journal.final.values() for part in record.parts]
    assert all(part.ended is not None and part.outcome is not None for part in told)
    visits = [visit for record in world.journal.final.values() for visit in record.visits]
    assert all(visit.outcome in OF_VISITS for visit in visits)
    assert all(offer.outcome is not None for visit in visits for offer in visit.offers)
