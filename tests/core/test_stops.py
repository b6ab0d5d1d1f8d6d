"""What a limit stops is a line of the call's record: the number, which limit it was, and whose doing, wherever it happens."""

from dataclasses import replace

import pytest

from app.core import calling_back, limits
from app.core.commands import KeepPlace, Warn
from app.core.destinations import ToExternal, ToQueue, ToRing
from app.core.directory import Limits
from app.core.events import CallReferred, FoundLeg, LegsJoined, Role
from app.core.outcome import EndedBy, Limit, Outcome
from app.core.party import Party
from app.core.record import Part, Record, Stop
from app.core.recovery import restore
from app.core.remember import remember
from app.core.states import Collecting, Conferring, Excusing, Refusing, Returning, Sending, Talking
from tests.core.company import BOSS, CALLER, CELINA, MAIN, SERVICE, WELCOME, company, fails, outside_talks, queue, sent
from tests.core.stories import Story, renamed, talking

ABROAD = "+49301234567"
DIALLED = "0049301234567"
NOWHERE = Limits(countries=frozenset())
BUSY, OVER = Outcome.BUSY, Outcome.OVER_LIMIT


def told(story):
    """The lines of the call log; of one that a limit has stopped also which, and whose doing it was."""
    return [
        (part.number, part.outcome, part.stop.limit, part.stop.sender) if part.stop else (part.number, part.outcome)
        for part in story.call.record.parts
    ]


def stop(number, sender, limit=Limit.COUNTRY):
    return (number, OVER, limit, sender)


# --- nobody has talked yet ------------------------------------------------------------------------------------------


def test_number_that_is_dialled():
    story = Story(company()).dials("anna", DIALLED)
    assert story.state == Refusing(OVER)
    at = story.now
    assert story.call.record.parts == (Part(ABROAD, "", "", at, None, at, OVER, Stop(Limit.COUNTRY, "101")),)
    story.hangs_up("anna", by_phone=False)
    record = story.call.record
    assert (record.outcome, record.answered, record.ended_by) == (OVER, None, EndedBy.SYSTEM)


@pytest.mark.parametrize("limit", [Limit.MINUTES, Limit.AT_ONCE])
def test_internal_number_that_leads_outside_has_its_name(limit):
    story = Story(replace(company(), exhausted={1: limit})).dials("anna", "30")
    assert told(story) == [stop(BOSS, "101", limit)]
    assert story.call.record.parts[0].name == "Komórka szefa"


def test_way_of_a_caller_from_outside_is_nobodys_doing():
    cities = {MAIN: replace(company().tenants[1].cities[MAIN], to=ToExternal(ABROAD))}
    story = Story(company(cities=cities)).comes_in("outside", MAIN)
    assert told(story) == [stop(ABROAD, "")]


def test_where_a_ring_plan_goes_on():
    plan = ToRing((CELINA,), busy=ToExternal(ABROAD))
    story = Story(company(extensions={"34": plan})).dials("anna", "34").waits("anna", BUSY)
    assert told(story) == [("34", BUSY), stop(ABROAD, "101")]


def test_key_of_a_menu():
    story = Story(company(limits=NOWHERE)).comes_in("outside", WELCOME).presses("outside", "7")
    assert told(story) == [("", Outcome.ANSWERED), stop(BOSS, "")]


def test_where_a_queue_goes_on():
    directory = company(queues={"serwis": queue(overflow=ToExternal(ABROAD))})
    story = Story(directory).comes_in("outside", SERVICE).waits("outside", Outcome.NO_ANSWER)
    assert told(story) == [("81", Outcome.OVERFLOWED), stop(ABROAD, "")]
    assert story.call.record.visit is None
    story.hangs_up("outside")
    assert story.call.record.outcome is OVER


def test_queue_that_is_full_goes_on_at_once():
    directory = company(queues={"serwis": queue(full=ToExternal(ABROAD))}, extensions={"81": ToQueue("serwis")})
    story = Story(replace(directory, full=frozenset({7}))).dials("anna", "81")
    assert told(story) == [("81", Outcome.OVERFLOWED), stop(ABROAD, "101")]


def test_call_back_is_the_agents():
    asked = Story(company()).comes_in("outside", SERVICE).presses("outside", "2")
    (kept,) = asked.ordered(KeepPlace)
    story = Story(company(limits=NOWHERE), calling_back.stand_in(kept), now=asked.now, told=[kept.script])
    story.rings("celina").takes("celina").talk(story.call.leg, "celina")
    assert story.state == Refusing(OVER)
    assert told(story) == [("81", Outcome.ANSWERED), stop(CALLER, CELINA)]
    assert (story.call.record.visits[0].outcome, story.call.record.visits[0].agent) == (Outcome.ANSWERED, CELINA)


def test_where_callers_go_whom_nobody_takes_back():
    story = fails(sent(outside_talks(transfer_fallback=ToExternal(ABROAD)), "23"), BUSY, BUSY)
    assert told(story) == [("22", Outcome.TRANSFERRED), ("23", BUSY), ("22", BUSY), stop(ABROAD, "")]


# --- somebody is sent on --------------------------------------------------------------------------------------------

TALKED = ("22", Outcome.TRANSFERRED)
ASKED = ("22", Outcome.CONSULTED)
TALKS = ("22", None)


@pytest.fixture
def story():
    """Somebody outside talks to Bartek."""
    return outside_talks()


@pytest.mark.parametrize(("keys", "before"), [("#", TALKED), ("**", ASKED)])
def test_attempt_stands_between_two_lines_of_the_talk(story, keys, before):
    story.presses("bartek", keys, *DIALLED, "#")
    assert isinstance(story.state, Collecting)
    assert told(story) == [before, stop(ABROAD, "102"), TALKS]
    one, two, three = story.call.record.parts
    assert one.ended == two.started == two.ended == three.started == three.answered == story.now
    story.presses("bartek", "*").talk("outside", "bartek")
    assert told(story) == [before, stop(ABROAD, "102"), TALKS]
    story.hangs_up("outside")
    assert told(story)[-1] == ("22", Outcome.ANSWERED)
    assert story.call.record.outcome is Outcome.ANSWERED


def test_every_try_counts_and_the_third_gives_the_talk_back(story):
    story.presses("bartek", "#", *DIALLED, "#", *DIALLED, "#", *DIALLED, "#")
    assert isinstance(story.state, Excusing)
    assert told(story) == [TALKED, stop(ABROAD, "102")] * 3 + [TALKS]
    story.waits("bartek").talk("outside", "bartek")
    assert told(story)[-1] == TALKS
    assert len(story.parts) == 7


def test_next_number_may_be_right(story):
    story.presses("bartek", "#", *DIALLED, "#", "2", "3")
    assert isinstance(story.state, Sending)
    assert told(story) == [TALKED, stop(ABROAD, "102"), TALKED, ("23", None)]


def test_next_number_may_be_somebody_to_ask_and_to_leave_the_party_to(story):
    story.presses("bartek", "**", *DIALLED, "#", "2", "3").answers("celina", CELINA).talk("celina", "bartek")
    assert isinstance(story.state, Conferring)
    assert told(story) == [ASKED, stop(ABROAD, "102"), ASKED, ("23", None)]
    story.hangs_up("bartek").alone("celina").talk("outside", "celina")
    assert told(story) == [ASKED, stop(ABROAD, "102"), TALKED, ("23", None)]


def test_next_number_may_be_a_colleague_who_is_busy(story):
    story.presses("bartek", "**", *DIALLED, "#", "2", "3").rung_out(BUSY).waits("bartek").talk("outside", "bartek")
    assert told(story) == [ASKED, stop(ABROAD, "102"), ASKED, ("23", BUSY), TALKS]


def test_wrong_number_leaves_the_talk_in_one_line(story):
    story.presses("bartek", "#", "7", "7", "7", "#")
    assert told(story) == [TALKS]


@pytest.mark.parametrize("keys", ["#", "**"])
def test_transferor_who_puts_down_gets_the_party_back(story, keys):
    story.presses("bartek", keys, *DIALLED).hangs_up("bartek")
    assert story.state == Returning("102")
    assert told(story) == [TALKED, stop(ABROAD, "102"), ("22", None)]
    assert story.ordered(Warn)


def test_transferor_who_puts_down_after_he_was_told_gets_the_party_back_too(story):
    story.presses("bartek", "**", *DIALLED, "#").hangs_up("bartek")
    assert story.state == Returning("102")
    assert told(story) == [ASKED, stop(ABROAD, "102"), TALKED, ("22", None)]


def test_calling_side_that_sends_on_is_named_though_the_line_is_the_others():
    story = talking(company(keys_on_internal_calls=True)).presses("anna", "#", *DIALLED, "#")
    assert told(story) == [TALKED, stop(ABROAD, "101"), TALKS]


@pytest.mark.parametrize("left_first", [True, False])
def test_phones_own_key_brings_the_party_back(story, left_first):
    if left_first:
        story.hangs_up("bartek", Outcome.TRANSFERRED, by_phone=False)
    story.tell(CallReferred(leg="outside", at=200.0, call="outside", dialled=DIALLED, step=1))
    assert story.state == Returning("102")
    assert told(story) == [TALKED, stop(ABROAD, "102"), ("22", None)]
    story.talk("outside", "phone")
    assert story.parts[-1] == ("22", True, None)


def test_condition_of_a_plan_that_the_party_was_sent_to(story):
    story.directory = company(limits=NOWHERE)
    fails(sent(story, "32"), *[Outcome.NOT_REGISTERED] * 3)
    assert told(story)[-2:] == [stop(BOSS, "102"), ("22", None)]
    assert story.state == Returning("102")


def test_agent_who_sends_a_customer_on_whom_he_has_called_back():
    """Of that talk the line is the customer's, whose number is as one outside."""
    asked = Story(company()).comes_in("outside", SERVICE).presses("outside", "2")
    (kept,) = asked.ordered(KeepPlace)
    story = Story(asked.directory, calling_back.stand_in(kept), now=asked.now, told=[kept.script])
    story.rings("celina").takes("celina").talk(story.call.leg, "celina").talk("celina", "mobile")
    story.presses("celina", "#", *DIALLED, "#")
    assert told(story)[1:] == [(CALLER, Outcome.TRANSFERRED), stop(ABROAD, CELINA), (CALLER, None)]
    assert limits.talked(story.call.record, 0.0, story.now + 60) == story.now + 60 - story.call.record.parts[1].answered


# --- the record by itself -------------------------------------------------------------------------------------------


def stopped(**more):
    """Bartek has talked, and what he wanted then was stopped."""
    talk = Part("22", "Bartek", "102", 1.0, 2.0, 9.0, Outcome.TRANSFERRED)
    line = Part(ABROAD, "", "", 9.0, None, 9.0, OVER, Stop(Limit.COUNTRY, "102"))
    return Record("c", 1, CALLER, "", "", "22", 1.0, 2.0, parts=(talk, line), **more)


def test_nobody_was_rung_and_no_call_was_outside():
    record = stopped()
    assert record.rung is None
    assert not record.parts[-1].is_outside
    assert limits.talked(record, 0.0, 99.0) == 0
    assert not replace(record, parts=record.parts[1:]).leg_answered


def test_what_is_over_is_not_closed_again():
    assert stopped().close(Outcome.FAILED, 20.0) == stopped()
    assert stopped().end(Outcome.CANCELLED, EndedBy.CALLER, 20.0).parts == stopped().parts


def test_whoever_answers_after_a_stop_is_somebody_else():
    record = stopped().answer(12.0, "103")
    assert record.parts == (*stopped().parts, Part("", "", "103", 12.0, 12.0))
    assert record.answered == 2.0


def test_talk_that_comes_too_late_for_a_refusal_is_not_with_the_stopped_number():
    story = Story(company(limits=NOWHERE)).dials("anna", "600100300")
    story.tell(LegsJoined(leg="anna", other="celina", at=200.0, call="anna", login="", other_login=""))
    assert story.state == Talking(Party("celina"))
    assert story.parts == [("+48600100300", False, OVER), ("", True, None)]


def test_number_of_a_found_party_is_not_one_that_was_stopped():
    """Anna has called a client and wants to send him abroad; then the controller is another."""
    story = Story(renamed(company(), keys_on_internal_calls=True)).dials("anna", "600100300").talk("anna", "client")
    story.hangs_up("anna", Outcome.TRANSFERRED, by_phone=False)
    story.tell(CallReferred(leg="client", at=200.0, call="anna", dialled=DIALLED, step=1))
    assert told(story)[1] == stop(ABROAD, "101")
    leg = FoundLeg(leg="client", call="anna", role=Role.CALLEE, login="", dialled="", started=1.0, answered=2.0, step=2)
    found = [replace(leg, note=remember(story.state))]
    assert restore("anna", found, story.call.record, story.directory).party == Party("client", number="+48600100300")
