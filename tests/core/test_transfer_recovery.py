"""The controller is killed in the middle of a transfer: the state comes back from the legs, and the same keys go on working."""

from dataclasses import replace

import pytest

from app.core import recovery
from app.core.actions import DialTone, Keys
from app.core.commands import Join, Note, SetTimer, SwitchKeys
from app.core.events import FoundLeg, Role
from app.core.outcome import Outcome
from app.core.states import Aside, Collecting, Conferring, Consulting, Excusing, Joining, Referring, Returning, Sending, Talking
from tests.core.stories import LOGINS, Story, office, talking

NUMBERS = {"anna": "21", "bartek": "22"}
ROLES = {"anna": Role.CALLER, "bartek": Role.CALLEE, "celina": Role.TARGET}


@pytest.fixture
def story(sides):
    return talking(office(keys_on_internal_calls=True))


def leg(story, who, **changes):
    """How the switch describes somebody's leg: with the last note that was written to it."""
    notes = [command.text for command in story.told if isinstance(command, Note) and command.leg == who]
    steps = [script.step for script in story.scripts() if script.leg == who]
    found = FoundLeg(leg=who, call="anna", role=ROLES[who], login=LOGINS[who], dialled="22", started=100.0, answered=101.0)
    return replace(found, note=notes[-1] if notes else "", step=steps[-1] if steps else 1, **changes)


def killed(story, *legs):
    """A new controller finds these legs and the open record."""
    again = Story(story.directory, recovery.restore("anna", legs, story.call.record, story.directory), now=story.now)
    again.told = list(story.told)
    for event in recovery.missed(again.call, legs, story.now):
        again.tell(event)
    return again


def test_while_it_is_dialled_the_dial_tone_comes_again(story, sides):
    transferor, customer = sides
    story.presses(transferor, "**", "2")
    story = killed(story, leg(story, transferor), leg(story, customer, other=""))
    assert isinstance(story.state, Collecting)
    assert story.state.digits == ""
    assert story.script_of(transferor).actions[-1] == DialTone(20)
    assert story.ordered(SetTimer)
    assert isinstance(story.presses(transferor, "2", "3").state, Consulting)


def test_pair_that_was_not_parted_in_time_talks_on(story, sides):
    transferor, customer = sides
    story.presses(transferor, "#")
    story = killed(story, leg(story, transferor, other=customer), leg(story, customer, other=transferor))
    assert isinstance(story.state, Talking)


def test_while_the_target_rings_the_star_still_works(story, sides):
    transferor, customer = sides
    story.presses(transferor, "**", "2", "3")
    ringing = leg(story, "celina", role=Role.TARGET)
    ringing = replace(ringing, step=story.state.attempt, answered=None)
    story = killed(story, leg(story, transferor), leg(story, customer), ringing)
    assert isinstance(story.state, Consulting)
    assert story.presses(transferor, "*").ordered(Join)[0].leg == customer


def test_target_that_answered_meanwhile_talks_to_the_transferor(story, sides):
    transferor, customer = sides
    story.presses(transferor, "**", "2", "3")
    answered = replace(leg(story, "celina"), step=story.state.attempt, waiting=True)
    assert isinstance(killed(story, leg(story, transferor), leg(story, customer), answered).state, Conferring)


def test_target_that_gave_up_meanwhile_is_told(story, sides):
    transferor, customer = sides
    story.presses(transferor, "**", "2", "3")
    assert isinstance(killed(story, leg(story, transferor), leg(story, customer)).state, Excusing)


@pytest.fixture
def conferring(story, sides):
    return story.presses(sides[0], "**", "2", "3").answers("celina").talk("celina", sides[0])


def test_while_they_confer_the_star_still_works(conferring, sides):
    transferor, customer = sides
    pair = leg(conferring, transferor, other="celina"), leg(conferring, "celina", other=transferor)
    story = killed(conferring, leg(conferring, customer), *pair)
    assert story.presses(transferor, "*").ordered(Join)[0].leg == customer


def test_transferor_who_left_meanwhile_has_handed_the_caller_over(conferring, sides):
    waiting = replace(leg(conferring, "celina", waiting=True), step=conferring.state.step)
    assert killed(conferring, leg(conferring, sides[1]), waiting).state == Joining(conferring.state.target, LOGINS[sides[0]])


def test_target_who_left_meanwhile_gives_the_caller_back(conferring, sides):
    transferor, customer = sides
    waiting = replace(leg(conferring, transferor, waiting=True), step=conferring.state.step)
    story = killed(conferring, leg(conferring, customer), waiting)
    assert isinstance(story.state, Joining)
    assert story.state.other.leg == transferor


def test_two_left_alone_by_the_caller_are_still_nobodys_call(conferring, sides):
    transferor, customer = sides
    conferring.hangs_up(customer)
    pair = leg(conferring, transferor, other="celina"), leg(conferring, "celina", other=transferor)
    assert recovery.restore("anna", pair, None, conferring.directory).state == Aside(transferor, "celina")


def test_while_it_is_sent_on_the_target_may_answer(story, sides):
    transferor, customer = sides
    story.presses(transferor, "#", "2", "3")
    story = killed(story, leg(story, customer))
    assert story.state == Sending(LOGINS[transferor], "23")
    assert isinstance(story.talk(customer, "celina").state, Talking)


def test_failure_nobody_heard_of_returns_the_caller(story, sides):
    transferor, customer = sides
    story.presses(transferor, "#", "2", "3")
    story = killed(story, leg(story, customer, waiting=True, result=Outcome.BUSY))
    assert story.state == Returning(LOGINS[transferor])
    assert story.parts[-2] == ("23", False, Outcome.BUSY)


def test_return_goes_on(story, sides):
    transferor, customer = sides
    story.presses(transferor, "#", "2", "3").waits(customer, Outcome.BUSY)
    story = killed(story, leg(story, customer))
    assert story.state == Returning(LOGINS[transferor])
    assert isinstance(story.talk(customer, "again").state, Talking)


def test_return_that_the_switch_began_by_itself_is_seen_as_one(story, sides):
    transferor, customer = sides
    story.presses(transferor, "#", "2", "3")
    note = story.script_of(customer).rescue[0].note
    story = killed(story, replace(leg(story, customer), note=note))
    assert story.state == Returning(LOGINS[transferor])
    assert story.parts[1:] == [("23", False, Outcome.NO_ANSWER), (NUMBERS[transferor], False, None)]
    assert story.talk(customer, "again").parts[-1] == (NUMBERS[transferor], True, None)


def test_return_to_one_who_never_dialled_a_number_is_seen_as_one(story, sides):
    transferor, customer = sides
    note = story.presses(transferor, "#").script_of(customer).rescue[0].note
    story = killed(story, replace(leg(story, customer), note=note))
    assert story.parts == [("22", True, Outcome.TRANSFERRED), (NUMBERS[transferor], False, None)]


def test_pair_we_joined_is_found_as_the_pair_it_is(story, sides):
    transferor, customer = sides
    story.presses(transferor, "#", "*").talk(customer, transferor)
    before = story.state
    assert killed(story, leg(story, customer, other=transferor), leg(story, transferor, other=customer)).state == before


def test_first_key_nobody_heard_leaves_the_digits_to_the_talk(story, sides):
    found = killed(story, leg(story, "anna", other="bartek"), leg(story, "bartek", other="anna"))
    assert found.ordered(SwitchKeys) == [SwitchKeys("bartek", Keys.TALK), SwitchKeys("anna", Keys.TALK, bind=True)]


def test_first_key_nobody_heard_of_a_pair_we_joined_neither(story, sides):
    transferor, customer = sides
    story.presses(transferor, "**", "2", "3").answers("celina").talk("celina", transferor)
    story.hangs_up(transferor).alone("celina").talk(customer, "celina")
    found = killed(story, leg(story, customer, other="celina"), leg(story, "celina", other=customer))
    assert {order.leg for order in found.ordered(SwitchKeys)} == {customer, "celina"}


def test_party_that_lost_its_partner_half_way_is_seen_to(story, sides):
    transferor, customer = sides
    story.presses(transferor, "#", "*").hangs_up(transferor)
    waiting = replace(leg(story, customer, waiting=True), step=story.call.led)
    assert killed(story, waiting).state == Returning(LOGINS[transferor])


def test_transfer_key_pressed_meanwhile_is_obeyed(story, sides):
    transferor, customer = sides
    assert killed(story, leg(story, customer, waiting=True, referred="23")).state == Sending(LOGINS[transferor], "23")


def test_party_of_a_transfer_key_is_still_waited_for(story, sides):
    story.hangs_up(sides[0], Outcome.TRANSFERRED, by_phone=False)
    assert killed(story, leg(story, sides[1])).state == Referring(LOGINS[sides[0]])


def test_note_of_another_version_is_no_harm(story, sides):
    found = replace(leg(story, "anna"), note="somersaulting/1/2", other="bartek")
    assert isinstance(killed(story, found, leg(story, "bartek", other="anna")).state, Talking)
