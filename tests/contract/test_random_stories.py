"""Some random stories; `STORIES=100`, or `python -m tests.contract.random_stories 100`, tells more of them."""

import os

import pytest

from tests.contract import random_stories
from tests.contract.people import People
from tests.contract.product import Product
from tests.contract.roster import GAMMA
from tests.contract.worlds import on_freeswitch

pytestmark = pytest.mark.long

COUNT = int(os.environ.get("STORIES", "12"))


@on_freeswitch
@pytest.mark.timeout(60 + 15 * COUNT)
def test_whatever_people_do_nobody_is_lost(pbx: Product, people: People) -> None:
    everybody = [people.person(member.name) for member in GAMMA.members]
    for seed in range(1, COUNT + 1):
        random_stories.tell(pbx, everybody, seed)
