"""An agent outside answers while no controller runs: only when he has pressed 1 has he taken the caller."""

from collections.abc import Callable

import pytest

from app.core.actions import Prompt
from app.core.outcome import EndedBy, Outcome
from tests.contract.people import Person
from tests.contract.product import Product
from tests.contract.trunk_peer import COMPANY, MOBILE, Town
from tests.contract.waiting_room import open_queue, talk, visit
from tests.contract.worlds import FREESWITCH

pytestmark = [pytest.mark.long, pytest.mark.parametrize("pbx", [FREESWITCH], indirect=True, scope="session")]


@pytest.mark.parametrize("presses", [True, False], ids=["presses 1", "does not"])
def test_an_agent_outside_answers_while_no_controller_runs(
    pbx: Product, now: float, unwatched: Callable[[], None], outside: Town, ola: Person, presses: bool
) -> None:
    mobile = outside.mobile
    with open_queue(pbx, [mobile], COMPANY) as queue:
        ola.dial(queue.number)
        mobile.rings()
        unwatched()
        mobile.answer()
        mobile.is_told(Prompt.PRESS_ONE)
        ola.hears_music()
        if presses:
            mobile.presses("1")
            talk(ola, mobile)
        ola.hangs_up()
        mobile.ended()
        pbx.ensure_worker()
        record = pbx.one_call(now, COMPANY)
    (offer,) = visit(record).offers
    said = (visit(record).outcome, visit(record).agent, offer.outcome, [part.number for part in record.parts])
    taken = (Outcome.ANSWERED, MOBILE.number, Outcome.ANSWERED, [queue.number, MOBILE.number])
    assert said == (taken if presses else (Outcome.ABANDONED, "", Outcome.CANCELLED, [queue.number]))
    assert record.ended_by is EndedBy.CALLER
