"""Whoever waits asks to be called back: somebody stands in for him, an agent answers that, and rings him."""

from dataclasses import replace
from itertools import pairwise

import pytest

from app.core import call as core
from app.core import calling_back, recovery
from app.core.actions import Connect, ConnectOutside, Enqueue, HangUp, Outside, Present, Prompt, Say
from app.core.commands import KeepPlace, Release, Script, Tell, Write
from app.core.directory import Limits
from app.core.events import CallerReached, FoundLeg, QueueClosed, Role
from app.core.outcome import Outcome
from app.core.party import Party
from app.core.remember import remember
from app.core.routing import Way
from app.core.states import Ended, Refusing, Ringing, Talking, Waiting
from tests.core.company import BOSS, CALLER, CELINA, MAIN, SERVICE, company, queue
from tests.core.stories import Story, renamed

BACK = "outside-back"


def asks(directory=None, number=CALLER) -> Story:
    """Somebody outside waits for 20 seconds, and asks to be called back."""
    story = Story(directory or company()).comes_in("outside", SERVICE, number)
    story.now += 20
    return story.presses("outside", "2")


def stands_in(directory=None, **more) -> Story:
    """The call of whoever stands in for him."""
    asked = asks(directory, **more)
    (kept,) = asked.ordered(KeepPlace)
    return Story(asked.directory, calling_back.stand_in(kept), now=asked.now, told=[kept.script])


def answered(story, agent="celina"):
    return story.rings(agent).takes(agent).talk(story.call.leg, agent)


def visit(story):
    return story.call.record.visits[-1]


def test_caller_is_told_and_may_hang_up():
    story = asks()
    assert story.script_of("outside").actions[1:] == (Say(Prompt.CALL_BACK, "pl"), HangUp(Outcome.ANSWERED))
    assert visit(story).outcome is Outcome.CALL_BACK
    story.hangs_up("outside")
    assert isinstance(story.state, Ended)
    assert story.call.record.outcome is Outcome.CALL_BACK


def test_somebody_stands_in_line_for_as_long_as_he_has_waited():
    (kept,) = asks().ordered(KeepPlace)
    assert kept.call == BACK
    in_line = Enqueue(7, CALLER, "serwis 601000111", "pl", ahead=21)
    assert kept.script == Script(BACK, BACK, 1, (in_line,))
    record = kept.record
    assert (record.call, record.caller_number, record.tenant, record.dialled) == (BACK, CALLER, 1, SERVICE)
    assert record.visits[0].outcome is None


def test_note_on_the_leg_tells_a_later_controller_everything():
    story = stands_in()
    found = FoundLeg(
        leg=BACK, call=BACK, role=Role.CALLER, login="", dialled="", started=1.0, step=1, note=remember(story.state)
    )
    restored = recovery.restore(BACK, [found], story.call.record, story.directory)
    assert restored.state == story.state
    assert restored.party == story.call.party


@pytest.mark.parametrize("number", ["", "anonymous", "21", "+48"])
def test_caller_whose_number_is_no_public_one_goes_on_waiting_and_is_told_so(number):
    story = asks(number=number)
    assert isinstance(story.state, Waiting)
    assert story.sent == [Tell("outside", (Say(Prompt.NO_CALL_BACK, "pl"),))]


def test_colleague_is_called_back_at_his_number():
    story = Story(company()).dials("anna", "81").presses("anna", "2")
    (kept,) = story.ordered(KeepPlace)
    called = answered(Story(company(), calling_back.stand_in(kept), told=[kept.script]))
    assert called.script_of("celina").actions == (Present("23", "Celina"), Connect(("101",), 30))


def test_agent_who_answers_rings_the_customer():
    story = answered(stands_in())
    script = story.script_of("celina")
    outside = Outside(CALLER, "trunk-1", shown=MAIN, longest=7200)
    assert script.actions == (ConnectOutside(outside, 60),)
    assert script.firm
    assert Release(BACK, Outcome.ANSWERED) in story.sent
    assert story.call.party == Party("celina", CELINA)
    assert (visit(story).outcome, visit(story).agent) == (Outcome.ANSWERED, CELINA)
    assert story.parts == [("81", False, Outcome.ANSWERED), (CALLER, False, None)]


def test_agent_talks_to_the_customer_and_may_send_him_on():
    story = answered(stands_in()).hangs_up(BACK).talk("celina", "mobile")
    assert story.state == Talking(Party("mobile", number=CALLER))
    assert story.call.record.answered
    story.presses("celina", "#", "2", "4")
    assert story.call.party.leg == "mobile"


@pytest.mark.parametrize("reason", [Outcome.BUSY, Outcome.NO_ANSWER])
def test_agent_is_told_when_the_customer_is_not_there(reason):
    story = answered(stands_in()).waits("celina", reason)
    assert story.state == Refusing(reason)
    assert story.script_of("celina").firm
    story.hangs_up("celina")
    assert story.call.record.outcome is reason
    assert visit(story).outcome is Outcome.ANSWERED


def test_next_trunk_is_tried():
    story = answered(stands_in()).waits("celina", Outcome.NO_LINE)
    assert story.script_of("celina").actions[-1].to.gateway == "trunk-2"
    assert story.script_of("celina").firm


def test_limits_of_the_tenant_hold():
    story = stands_in()
    story.directory = company(limits=Limits(countries=frozenset()))
    answered(story)
    assert story.state == Refusing(Outcome.OVER_LIMIT)


def test_agent_outside_is_led_on_as_well():
    story = stands_in().rings(BOSS).takes(BOSS, leg="boss").talk(BACK, "boss")
    assert isinstance(story.script_of("boss").actions[-1], ConnectOutside)
    assert story.call.party == Party("boss", number=BOSS)


def test_agent_who_hangs_up_meanwhile_ends_it():
    story = answered(stands_in()).hangs_up("celina")
    assert isinstance(story.state, Ended)
    assert story.call.record.outcome is Outcome.CANCELLED


def test_call_that_rings_the_customer_survives_the_controller():
    story = answered(stands_in())
    assert story.state == Ringing(Way("tel" + CALLER, hops=1))
    note = remember(story.state)
    found = FoundLeg(
        leg="celina", call=BACK, role=Role.CALLEE, login=CELINA, dialled="", started=1.0, answered=2.0, step=2, note=note
    )
    restored = recovery.restore(BACK, [found], story.call.record, story.directory)
    assert (restored.party, restored.state) == (Party("celina", CELINA), story.state)


def test_whoever_stands_in_does_so_until_nobody_is_on_duty():
    story = stands_in()
    story.now += 100
    story.waits(BACK, Outcome.NO_ANSWER)
    assert story.script_of(BACK).actions == (Enqueue(7, CALLER, "serwis 601000111", "pl", ahead=122),)
    story.waits(BACK, Outcome.NOT_REGISTERED)
    assert isinstance(story.state, Ended)
    assert (visit(story).outcome, visit(story).why) == (Outcome.OVERFLOWED, "no-agents")
    assert Release(BACK, Outcome.NO_ANSWER) in story.sent
    assert story.call.record.outcome is Outcome.NO_ANSWER


def test_nobody_stands_in_a_deleted_queue():
    story = stands_in()
    story.directory = renamed(company(), queues={})
    story.tell(QueueClosed(leg=BACK, at=300.0, call=BACK))
    assert isinstance(story.state, Ended)


def test_keys_and_announcements_are_for_people():
    story = stands_in(renamed(company(), queues={"serwis": queue(announce_every=10)}))
    before = story.call
    assert story.presses(BACK, "1", "2").call is before
    assert [command for command in story.told if not isinstance(command, Script)] == []


def test_records_of_both_end_once():
    asked = asks().hangs_up("outside")
    stood = answered(stands_in()).talk("celina", "mobile").hangs_up("mobile")
    for story in (asked, stood):
        final = [one.record for one in story.told if isinstance(one, Write) and one.record.ended]
        assert len(final) == 1
        assert all(part.outcome for part in final[0].parts)
    assert core.step(stood.call, QueueClosed(leg=BACK, at=1.0), stood.directory) == (stood.call, ())


def test_longest_call_holds_for_the_customer_too():
    story = answered(stands_in(company(limits=replace(Limits(), longest_call=5))))
    assert story.script_of("celina").actions[-1].to.longest == 300


# --- he is reached in another way, or comes again -------------------------------------------------------------------


def promised(directory=None, since=121):
    return replace(directory or company(), promised={(7, CALLER): since})


def test_who_has_been_talked_to_meanwhile_is_not_called_back():
    story = stands_in().tell(CallerReached(leg=BACK, at=300.0, call=BACK))
    assert isinstance(story.state, Ended)
    assert story.sent == [Release(BACK, Outcome.ELSEWHERE)]
    assert (visit(story).outcome, story.call.record.outcome) == (Outcome.ELSEWHERE, Outcome.ELSEWHERE)


def test_agent_who_has_just_answered_for_him_is_let_go():
    story = stands_in().rings("celina").takes("celina").tell(CallerReached(leg=BACK, at=300.0, call=BACK))
    assert story.sent == [Release(BACK, Outcome.ELSEWHERE), Release("celina", Outcome.ELSEWHERE)]


def test_only_who_stands_in_is_not_needed_any_more():
    waits = Story(company()).comes_in("outside", SERVICE, CALLER)
    assert isinstance(waits.tell(CallerReached(leg="outside", at=300.0, call="outside")).state, Waiting)
    called = answered(stands_in())
    assert isinstance(called.tell(CallerReached(leg="celina", at=300.0, call=BACK)).state, Ringing)


def test_who_asks_twice_is_called_back_once():
    asked = asks(promised())
    assert asked.ordered(KeepPlace) == []
    assert asked.script_of("outside").actions[1:] == (Say(Prompt.CALL_BACK, "pl"), HangUp(Outcome.ANSWERED))
    assert visit(asked).outcome is Outcome.CALL_BACK
    assert len(asks(promised(), "+48602000222").ordered(KeepPlace)) == 1


def test_who_comes_again_himself_stands_before_him_who_keeps_his_place():
    story = Story(promised(since=41)).comes_in("outside", SERVICE, CALLER)
    assert story.state.since == 40
    assert story.script_of("outside").actions[-1].ahead == 61
    assert Story(promised(since=41)).comes_in("b", SERVICE, "+48602000222").state.since == 101


@pytest.mark.parametrize(("number", "limits"), [("+4915112345678", Limits()), ("+48701234567", Limits())])
def test_nobody_is_promised_a_call_that_his_company_may_not_make(number, limits):
    story = asks(company(limits=limits), number=number)
    assert isinstance(story.state, Waiting)
    assert isinstance(asks(company(limits=Limits(frozenset({"PL", "DE"}), premium=True)), number).state, Refusing)


def talks(*events):
    """The numbers that are reached in each step of a call."""
    return [calling_back.begins_to_talk(before.record, after.record) for before, after in pairwise(events)]


def steps(story, *more):
    calls = [story.call]
    for tell in more:
        tell(story)
        calls.append(story.call)
    return talks(*calls)


def test_it_is_known_who_is_reached_whoever_calls_whom():
    comes = Story(company()).comes_in("outside", MAIN, CALLER)
    assert steps(comes, lambda s: s.talk("outside", "bartek"), lambda s: s.hangs_up("outside")) == [{CALLER}, frozenset()]
    calls = Story(company()).dials("anna", CALLER.removeprefix("+48"))
    assert steps(calls, lambda s: s.talk("anna", "mobile")) == [{CALLER}]
    waits = Story(company()).comes_in("outside", SERVICE, CALLER)
    assert steps(waits, lambda s: s.rings("celina").takes("celina"), lambda s: s.talk("outside", "celina"))[1] == {CALLER}


def test_colleague_is_served_only_by_a_queue():
    assert steps(Story(company()).dials("anna", "22"), lambda s: s.talk("anna", "bartek")) == [frozenset()]
    waits = Story(company()).dials("anna", "81").takes("celina")
    assert steps(waits, lambda s: s.talk("anna", "celina")) == [{"21"}]
