"""What mod_callcenter's open races come to here, each provoked on a real FreeSWITCH, and within which time it is healed.

The reconciler (`freeswitch/serving.py`) looks every four seconds, doubts for three, and must find a thing wrong twice; a leg
that is in nobody's talk is let go by the controller at once. The numbers are those of signalwire/freeswitch.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from app.core.outcome import Outcome
from app.core.queues import Strategy
from tests.contract.desk import crossing, exactly_one
from tests.contract.people import Person
from tests.contract.product import Product
from tests.contract.switch_tables import HEALED, NEXT, SOON, all_clean, is_said, tell
from tests.contract.waiting_room import open_queue, talk, visit
from tests.contract.worlds import on_freeswitch

pytestmark = [pytest.mark.long, on_freeswitch]

# --- #2540: an agent stays «Reserved» -------------------------------------------------------------------------------


@pytest.mark.parametrize("stuck", ["Reserved", "Receiving", "In a queue call"])
def test_an_agent_who_is_stuck_without_a_leg_is_rung_again(pbx: Product, anna: Person, bartek: Person, stuck: str) -> None:
    with open_queue(pbx, [bartek]) as queue:
        assert tell(pbx, f"callcenter_config agent set state {bartek.login} '{stuck}'") == "+OK"
        anna.dial(queue.number)
        anna.hears_music()
        bartek.rings(within=HEALED)
        is_said(pbx, f"put right: {bartek.login} was stuck in «{stuck}» without a leg")
        bartek.answer()
        talk(anna, bartek)
        anna.hangs_up()
        bartek.ended()
        all_clean(pbx, queue.id)


@pytest.mark.parametrize("stuck", ["Offering", "Active Inbound", "Standby"])
def test_a_place_that_is_stuck_is_offered_callers_again(pbx: Product, anna: Person, bartek: Person, stuck: str) -> None:
    with open_queue(pbx, [bartek]) as queue:
        assert tell(pbx, f"callcenter_config tier set state q{queue.id} {bartek.login} '{stuck}'") == "+OK"
        anna.dial(queue.number)
        bartek.rings(within=HEALED)
        bartek.answer()
        talk(anna, bartek)
        anna.hangs_up()
        bartek.ended()
        all_clean(pbx, queue.id)


# --- #1973: callers are shown as answered for hours -----------------------------------------------------------------


@pytest.mark.parametrize("shown", ["Answered", "Trying", "Waiting"])
def test_a_caller_of_whom_no_leg_is_left_is_said_and_keeps_nobody_waiting(
    pbx: Product, anna: Person, bartek: Person, celina: Person, shown: str
) -> None:
    """No command makes such a row, and none deletes it; so the story writes it where the switch keeps it."""
    with open_queue(pbx, [bartek, celina], strategy=Strategy.IN_ORDER) as queue, members(pbx) as table:
        table.execute(GHOST, (f"q{queue.id}", shown, bartek.login if shown != "Waiting" else ""))
        table.commit()
        anna.dial(queue.number)
        taker = exactly_one((bartek, celina), lambda one: one.device.has("ringing"), SOON, "an agent is rung")
        if shown != "Waiting":  # of that one the switch may just have been about to ask the first agent
            assert taker is bartek
        taker.rings()
        taker.answer()
        talk(anna, taker)
        anna.hangs_up()
        taker.ended()
        if shown != "Waiting":  # that one the switch finds out itself, when it would offer him
            is_said(pbx, f"of caller ghost in q{queue.id} no leg is left", within=HEALED)
        table.execute("DELETE FROM members WHERE uuid = 'ghost'")
        table.commit()
        all_clean(pbx, queue.id)


GHOST = """INSERT INTO members
(queue, state, serving_agent, instance_id, serving_system, uuid, session_uuid, cid_number, cid_name, system_epoch, joined_epoch,
rejoined_epoch, bridge_epoch, abandoned_epoch, base_score, skill_score)
VALUES (?1, ?2, ?3, 'single_box', 'single_box', 'ghost', 'gone', '', '', strftime('%s'), strftime('%s'), 0, 0, 0, 0, 0)"""


@contextmanager
def members(pbx: Product) -> Iterator[sqlite3.Connection]:
    """Where mod_callcenter keeps its callers."""
    with closing(sqlite3.connect(pbx.folder / "freeswitch" / "db" / "callcenter.db", timeout=5)) as table:
        yield table


# --- PR #1221: a busy agent stalls the others -----------------------------------------------------------------------


def test_an_agent_who_is_busy_keeps_nobody_from_the_next(
    pbx: Product, anna: Person, bartek: Person, celina: Person, darek: Person, ewa: Person
) -> None:
    with open_queue(pbx, [bartek, celina, darek], strategy=Strategy.IN_ORDER, retry=1) as queue:
        for caller, taker in ((anna, celina), (ewa, darek)):
            caller.dial(queue.number)
            bartek.rings()
            bartek.is_busy()
            taker.rings(within=NEXT)
            taker.answer()
            talk(caller, taker)
            time.sleep(2.0)  # until Bartek is rung for the next one again
        for person in (anna, ewa):
            person.hangs_up()
        for person in (celina, darek):
            person.ended()
        all_clean(pbx, queue.id)


def test_an_agent_whose_telephone_is_off_keeps_nobody_from_the_next(
    pbx: Product, anna: Person, darek: Person, ewa: Person
) -> None:
    with open_queue(pbx, [darek, ewa], strategy=Strategy.IN_ORDER) as queue:
        darek.device.unregister()
        anna.dial(queue.number)
        ewa.rings(within=NEXT)
        ewa.answer()
        talk(anna, ewa)
        anna.hangs_up()
        ewa.ended()
        all_clean(pbx, queue.id)


# --- #2511: the order is unfair -------------------------------------------------------------------------------------


def test_whoever_is_overtaken_because_his_agent_lets_it_ring_is_the_next(
    pbx: Product, now: float, anna: Person, bartek: Person, celina: Person, darek: Person, ewa: Person
) -> None:
    """While Bartek's telephone rings for Anna, Darek is given to Celina at once: a caller who is rung for keeps nobody waiting.
    But when Celina is free, Anna is before Ewa."""
    with open_queue(pbx, [bartek, celina], strategy=Strategy.IN_ORDER, ring=5, retry=60) as queue:
        anna.dial(queue.number)
        assert anna.shown in bartek.rings()["name"]
        darek.dial(queue.number)
        assert darek.shown.split(",")[0] in celina.rings()["name"]
        celina.answer()
        talk(darek, celina)
        ewa.dial(queue.number)
        ewa.talks()
        bartek.ended(within=10)
        darek.hangs_up()
        celina.ended()
        assert anna.shown in celina.rings(within=HEALED)["name"]
        celina.answer()
        talk(anna, celina)
        celina.hangs_up()
        anna.ended()
        assert ewa.shown in celina.rings(within=HEALED)["name"]
        ewa.hangs_up()
        celina.ended()
        all_clean(pbx, queue.id)


# --- two agents answer within 20 ms ---------------------------------------------------------------------------------


@pytest.mark.parametrize("lead", [0.0, 0.002, 0.005, 0.01, 0.015, 0.02, 0.03])
def test_of_two_who_answer_at_once_one_talks_and_the_other_is_let_go(
    pbx: Product, now: float, anna: Person, bartek: Person, celina: Person, lead: float
) -> None:
    with open_queue(pbx, [bartek, celina]) as queue:
        anna.dial(queue.number)
        for agent in (bartek, celina):
            agent.rings()
        crossing(bartek.picks_up, celina.picks_up, lead)
        began = time.monotonic()
        loser = exactly_one((bartek, celina), lambda one: one.is_free(), HEALED, "one of them is let go")
        if time.monotonic() - began > NEXT:  # the switch has forgotten him, and the reconciler has not
            is_said(pbx, f"put right: a telephone of {loser.login} was left without anybody to talk to")
        winner = celina if loser is bartek else bartek
        talk(anna, winner)
        anna.hangs_up()
        winner.ended()
        record = pbx.one_call(now)
        assert (visit(record).outcome, visit(record).agent) == (Outcome.ANSWERED, winner.login)
        all_clean(pbx, queue.id)
