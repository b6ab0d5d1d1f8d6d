"""Callers who have asked to be called back, and come again themselves."""

import pytest

from app.core.actions import Prompt
from app.core.outcome import Outcome
from tests.contract.people import Person
from tests.contract.phone import wait_until
from tests.contract.product import Product
from tests.contract.waiting_room import all_over, open_queue, talk

pytestmark = pytest.mark.long


def test_who_comes_again_and_is_answered_is_not_called_back(
    pbx: Product, now: float, anna: Person, bartek: Person, celina: Person
) -> None:
    with open_queue(pbx, [bartek], call_back="1", ring=30) as queue:
        celina.dial("22")
        bartek.rings(celina)
        bartek.answer()
        talk(celina, bartek)
        anna.dial(queue.number)
        anna.hears_music()
        anna.presses("1")
        anna.is_told(Prompt.CALL_BACK)
        anna.ended(within=10)
        anna.dial(queue.number)
        anna.listens_anew()
        anna.hears_music()
        bartek.hangs_up()
        celina.ended()
        bartek.rings(within=10)
        bartek.answer()
        talk(anna, bartek)
        wait_until(lambda: Outcome.ELSEWHERE in [row.outcome for row in pbx.log_since(now)], 4, "nobody keeps her place")
        anna.hangs_up()
        bartek.ended()
        bartek.does_not_ring(2.0)
        ends = sorted(row.outcome or "" for row in all_over(pbx, now, 4))
    assert ends == sorted((Outcome.ANSWERED, Outcome.CALL_BACK, Outcome.ELSEWHERE, Outcome.ANSWERED))
