"""A phone's own transfer key, pressed while the target still rings: who answers gets the party, or who picks it up."""

from dataclasses import replace

import pytest

from app.core import pickup, refer
from app.core.actions import Connect, HangUp, Intercept, Keys, Prompt, RingingTone, Say, SayNumber
from app.core.commands import Adopt, Release, SetTimer, Show, StopPhones, SwitchKeys
from app.core.events import CallArrived, CallPickedUp, CallReferredEarly, PickupMissed, StepDone
from app.core.outcome import Outcome
from app.core.party import Party
from app.core.remember import recall, remember
from app.core.routing import Way
from app.core.states import Awaiting, Ended, PickingUp, Returning, Sending, Talking
from tests.core.stories import LOGINS, Story, from_outside, office, talking


@pytest.fixture
def early(sides):
    """The transferor has called Celina himself and presses the key while she rings. (The party's story, his own.)"""
    transferor, customer = sides
    first, second = talking(office()), Story(office(), now=110.0).dials(transferor, "23")
    event = CallReferredEarly(leg=customer, at=120.0, call="anna", dialled="23", own="own")
    second.call = replace(second.call, id="own")
    early, over = refer.merged(event, [first.call, second.call])
    return first.tell(early), second.tell(over)


@pytest.fixture
def waiting(early, sides):
    """… and is out of both of his calls, of which the party's story hears."""
    first, _ = early
    return first.hangs_up("own").hangs_up(sides[0], Outcome.TRANSFERRED, by_phone=False)


def parks(story, who):
    """The switch has led the party where it waits, under the number that it has had all the while."""
    return story.tell(StepDone(leg=who, at=story.now + 1, call="anna", step=story.call.led))


# --- the target -----------------------------------------------------------------------------------------------------


def test_target_that_still_rings_is_waited_for(early, sides):
    first, second = early
    assert first.state == Awaiting(LOGINS[sides[0]], "23", Way("23"), "own")
    assert first.script_of(sides[1]).actions == (RingingTone(120),)
    assert first.script_of(sides[1]).rescue
    assert first.parts == [("22", True, Outcome.TRANSFERRED), ("23", False, None)]
    assert (second.state, second.call.record.outcome) == (Ended(), Outcome.CANCELLED)


def test_key_is_heard_of_after_the_phone_has_left(sides):
    transferor, customer = sides
    story = talking(office()).hangs_up(transferor, Outcome.TRANSFERRED, by_phone=False)
    story.tell(CallReferredEarly(leg=customer, at=120.0, call="anna", dialled="23", own="own"))
    assert story.state == Awaiting(LOGINS[transferor], "23", Way("23"), "own")


def test_target_that_answers_gets_the_party_and_keys_of_its_own(waiting, sides):
    waiting.talk(sides[1], "celina")
    assert waiting.state == Talking(Party("celina", "103"), ours=True)
    assert Adopt("celina", "anna") in waiting.sent
    assert [show.leg for show in waiting.ordered(Show)] == [sides[1], "celina"]
    assert SwitchKeys("celina", Keys.TALK, bind=True) in waiting.sent  # she was joined while she still bound them
    waiting.presses("celina", "#", "2", "4")
    assert waiting.parts[-2:] == [("23", True, Outcome.TRANSFERRED), ("24", False, None)]


@pytest.mark.parametrize("why", [Outcome.BUSY, Outcome.DECLINED, Outcome.NO_ANSWER])
def test_target_that_does_not_want_the_party_brings_it_back(waiting, sides, why):
    refused = waiting.hangs_up("celina", why) if why is not Outcome.NO_ANSWER else waiting
    assert parks(refused, sides[1]).state == Returning(LOGINS[sides[0]])
    assert waiting.parts[1:] == [("23", False, why), (waiting.parts[-1][0], False, None)]


def test_party_of_which_nothing_is_heard_when_nothing_rings_any_more_is_brought_back(waiting, sides):
    waiting.hangs_up("celina", Outcome.BUSY)
    assert waiting.hangs_up("own", Outcome.TRANSFERRED, by_phone=False).ordered(SetTimer)[0].seconds == 1
    assert waiting.time_is_up().state == Returning(LOGINS[sides[0]])
    assert waiting.parts[1] == ("23", False, Outcome.BUSY)


def test_party_that_is_gone_when_it_shall_hear_the_ringing_is_led_back_in_vain(early, sides):
    first, _ = early
    assert first.refused(first.script_of(sides[1])).state == Returning(LOGINS[sides[0]])


def test_party_that_puts_down_while_the_target_rings_ends_it(waiting, sides):
    assert waiting.hangs_up(sides[1]).state == Ended()


def test_number_that_means_nothing_by_now_parts_nobody(sides):
    story = talking(office())
    story.tell(CallReferredEarly(leg=sides[1], at=120.0, call="anna", dialled="777", own="own"))
    assert story.talk(sides[1], "celina").state == Talking(Party("celina", ""), ours=True)
    assert not story.ordered(SwitchKeys)


def test_early_key_of_a_phone_outside_changes_nothing():
    story = from_outside(office())
    story.tell(CallReferredEarly(leg="bartek", at=120.0, call="outside", dialled="23", own="own"))
    assert isinstance(story.state, Talking)


# --- somebody else takes the party ----------------------------------------------------------------------------------


def decided(story, number):
    event = CallArrived(leg="darek", at=story.now + 1, login="104", dialled=f"*8{number}")
    return pickup.decide(event, [story.call], story.directory)


@pytest.fixture
def wanted(waiting):
    """Darek has dialled *823."""
    return waiting.tell(decided(waiting, "23"))


@pytest.mark.parametrize("number", ["23", "112"])
def test_what_rings_for_a_phone_that_has_left_can_be_taken(waiting, number):
    assert isinstance(decided(waiting, number), CallPickedUp)


def test_what_rings_elsewhere_cannot(waiting):
    assert decided(waiting, "24").winner == ""


def test_picker_gets_the_party_when_nobody_rings_any_more(wanted, sides):
    assert wanted.ordered(StopPhones) == [StopPhones("own")]
    assert not [script for script in wanted.scripts() if script.leg == "darek"]  # or the switch would tear the party from him
    parks(wanted, sides[1])
    assert Intercept(sides[1], unanswered=False) in wanted.script_of("darek").actions
    assert isinstance(wanted.state, PickingUp)
    wanted.talk("darek", sides[1])
    assert wanted.state == Talking(Party("darek", "104"), ours=True)
    assert wanted.parts[1:] == [("23", False, Outcome.PICKED_UP), ("24", True, None)]


def test_picker_gets_the_party_even_where_no_news_comes(wanted, sides):
    wanted.time_is_up()
    assert Intercept(sides[1], unanswered=False) in wanted.script_of("darek").actions


def test_second_picker_is_told_who_was_faster(wanted):
    event = CallArrived(leg="ewa", at=wanted.now + 1, login="105", dialled="*823")
    missed = pickup.decide(event, [wanted.call], wanted.directory)
    assert missed == PickupMissed(leg="ewa", at=event.at, login="105", dialled="*823", winner="24")


def test_target_that_answers_as_it_is_taken_has_the_party(wanted, sides):
    wanted.talk(sides[1], "celina")
    assert wanted.state == Talking(Party("celina", "103"), ours=True)
    told = wanted.script_of("darek").actions
    assert told == (Say(Prompt.PICKED_UP_BY, "pl"), SayNumber("23", "pl"), HangUp(Outcome.ELSEWHERE))


def test_picker_who_leaves_lets_the_target_ring_again(wanted, sides):
    wanted.hangs_up("darek", Outcome.CANCELLED)
    parks(wanted, sides[1])
    assert wanted.state == Sending(Way("23"), LOGINS[sides[0]], "23")
    assert Connect(("103",), 30) in wanted.script_of(sides[1]).actions


def test_picker_who_leaves_as_the_switch_brings_him_the_party_lets_the_target_ring_again(wanted, sides):
    parks(wanted, sides[1]).hangs_up("darek", Outcome.CANCELLED)
    assert isinstance(wanted.state, Sending)
    assert wanted.script_of(sides[1]).firm


def test_party_that_puts_down_meanwhile_leaves_the_picker_nothing(wanted, sides):
    wanted.hangs_up(sides[1])
    assert wanted.state == Ended()
    assert wanted.ordered(Release) == [Release("darek", Outcome.ANSWERED)]


def test_next_controller_is_asked_anew_by_whoever_wants_it(wanted, sides):
    assert recall(remember(wanted.state)) == Awaiting(LOGINS[sides[0]], "23", Way("23"), "own", left=True)
