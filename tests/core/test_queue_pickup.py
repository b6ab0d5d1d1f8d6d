"""Picking up somebody who waits in a queue: by the agent's number, by the queue's, or whoever rings longest."""

import pytest

from app.core import pickup
from app.core.actions import BindKeys, Enqueue, Intercept, Prompt, Say
from app.core.commands import CancelTimer, Join, Release
from app.core.events import CallArrived, CallPickedUp, LegsJoined, PickupMissed, StepDone
from app.core.outcome import Outcome
from app.core.party import Party
from app.core.states import Ended, PickingUp, Ringing, Talking, Waiting
from tests.core.company import CALLER, CELINA, MAIN, SERVICE, company, queue
from tests.core.stories import LOGINS, Story, renamed

EWA_WANTS = CallPickedUp(leg="ewa", at=150.0, call="outside", login="105")


def waiting(who="outside", at=100.0, directory=None) -> Story:
    return Story(directory or company(), now=at).comes_in(who, SERVICE, CALLER)


def wants(who, code, *stories):
    event = CallArrived(leg=who, at=150.0, login=LOGINS.get(who, "201"), dialled=code)
    return pickup.decide(event, [story.call for story in stories], stories[0].directory)


def taken() -> Story:
    return waiting().rings("celina").tell(EWA_WANTS)


def visit(story):
    return story.call.record.visits[-1]


# --- who gets whom --------------------------------------------------------------------------------------------------


def test_caller_whose_call_rings_at_an_agent_is_taken_by_the_agents_number():
    assert wants("ewa", "*823", waiting("a").rings("darek"), waiting("b", 110.0).rings("celina")).call == "b"
    assert isinstance(wants("ewa", "*823", waiting().rings("celina").misses("celina")), PickupMissed)


def test_longest_waiting_is_taken_by_the_queues_number_whether_it_rings_or_not():
    assert wants("ewa", "*881", waiting("b", 110.0).rings("celina"), waiting("a")).call == "a"
    assert isinstance(wants("ewa", "*882", waiting()), PickupMissed)


def test_call_that_rings_longest_anywhere_may_be_one_of_a_queue():
    long_ringing = Story(company(), now=105.0).comes_in("c", MAIN, CALLER)
    patient = waiting("a").rings("celina")
    assert wants("ewa", "*8112", patient, long_ringing).call == "a"
    assert isinstance(wants("ewa", "*8112", waiting("a")), PickupMissed)
    patient.misses("celina").now = 120.0
    assert wants("ewa", "*8112", patient.rings("celina"), long_ringing).call == "c"


def test_nobody_takes_a_caller_who_is_about_to_talk_to_an_agent():
    story = waiting().rings("celina").takes("celina")
    for code in ("*881", "*823", "*8112"):
        assert isinstance(wants("ewa", code, story), PickupMissed)


def test_stranger_takes_nobody():
    for code in ("*881", "*823", "*8112"):
        assert isinstance(wants("rita", code, waiting().rings("celina")), PickupMissed)


# --- how he gets him ------------------------------------------------------------------------------------------------


def test_switch_is_told_to_take_him_out_of_the_queue():
    story = taken()
    assert story.script_of("ewa").actions == (BindKeys(), Intercept("outside", unanswered=False))
    assert CancelTimer("outside", "place") in story.sent
    assert isinstance(story.state, PickingUp)


def test_statistics_say_that_he_was_picked_up():
    story = taken().talk("ewa", "outside").hangs_up("outside")
    assert visit(story).outcome is Outcome.PICKED_UP
    assert [offer.outcome for offer in visit(story).offers] == [Outcome.ELSEWHERE]
    assert story.parts == [("81", False, Outcome.PICKED_UP), ("221", True, Outcome.ANSWERED)]


def test_picker_who_hangs_up_leaves_the_caller_where_he_stood():
    story = taken()
    story.now = 160.0
    story.hangs_up("ewa")
    assert story.script_of("outside").actions == (Enqueue(7, CALLER, "serwis 601000111", "pl", ahead=60),)
    assert isinstance(story.state, Waiting)
    assert visit(story).outcome is None


def test_picker_who_hangs_up_when_the_queue_is_gone_loses_nobody():
    story = taken()
    story.directory = renamed(company(), queues={})
    story.hangs_up("ewa")
    assert visit(story).why == "gone"


@pytest.mark.parametrize("heard_of_him_first", [True, False])
def test_agent_answers_as_the_caller_is_picked_up_and_the_switch_gives_him_to_the_agent(heard_of_him_first):
    story = taken()
    if heard_of_him_first:
        story.takes("celina")
    story.tell(LegsJoined(leg="celina", other="outside", at=160.0, call="outside", login=CELINA, step=1))
    story.tell(StepDone(leg="ewa", at=161.0, call="outside", step=story.call.step))
    assert story.state == Talking(Party("celina", CELINA))
    assert (visit(story).outcome, visit(story).agent) == (Outcome.ANSWERED, CELINA)
    assert story.script_of("ewa").actions[0] == Say(Prompt.PICKED_UP_BY, "pl")


def test_agent_answers_as_the_caller_is_picked_up_and_the_picker_gets_him():
    story = taken().takes("celina").talk("ewa", "outside").hangs_up("celina")
    assert story.state == Talking(Party("ewa", "105"), ours=True)
    assert visit(story).outcome is Outcome.PICKED_UP


def test_wait_ends_as_the_caller_is_picked_up():
    story = taken()
    step = story.call.led
    story.tell(StepDone(leg="outside", at=160.0, call="outside", step=step, result=Outcome.NO_ANSWER))
    story.tell(StepDone(leg="ewa", at=161.0, call="outside", step=story.call.step))
    assert isinstance(story.state, Ringing)
    assert visit(story).why == "max-wait"


def test_caller_who_hangs_up_meanwhile_has_given_up():
    story = taken().hangs_up("outside")
    assert isinstance(story.state, Ended)
    assert visit(story).outcome is Outcome.ABANDONED
    assert story.call.record.outcome is Outcome.ABANDONED


def test_queue_that_calls_back_lets_nobody_take_a_stand_in():
    story = waiting(directory=renamed(company(), queues={"serwis": queue()}))
    story.call = story.call.__class__(**{**vars(story.call), "state": Waiting(story.state.led, 7, 100, wanted="22")})
    assert isinstance(wants("ewa", "*881", story), PickupMissed)


def test_agent_who_answers_as_the_caller_is_picked_up_is_known_where_the_pair_does_not_say_who_it_is():
    story = taken().takes("celina")
    story.tell(LegsJoined(leg="outside", other="celina", at=160.0, call="outside", step=1))
    story.tell(StepDone(leg="ewa", at=161.0, call="outside", step=story.call.step))
    assert story.state == Talking(Party("celina", CELINA))
    assert (visit(story).outcome, visit(story).agent) == (Outcome.ANSWERED, CELINA)


def test_caller_whom_neither_the_agent_nor_the_picker_gets_is_joined_to_the_picker():
    story = taken().takes("celina").tell(StepDone(leg="outside", at=160.0, call="outside", step=1))
    story.time_is_up()
    assert story.sent == [Join("outside", "ewa", "outside", story.call.step)]
    story.talk("ewa", "outside")
    assert visit(story).outcome is Outcome.PICKED_UP
    assert isinstance(story.state, Talking)


def test_agent_who_answers_whom_a_key_has_led_elsewhere_is_let_go_although_that_call_is_being_picked_up():
    """He has answered a caller who left the queue; the pickup is of another telephone, which rings for him by now."""
    story = waiting().rings("celina").presses("outside", "1").tell(EWA_WANTS)
    assert isinstance(story.state, PickingUp)
    assert story.takes("celina").sent == [Release("celina", Outcome.ELSEWHERE)]
