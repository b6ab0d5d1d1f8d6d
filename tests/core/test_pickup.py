"""Picking up a ringing call: one winner, decided before anyone is answered."""

import pytest

from app.core import call as core
from app.core import pickup
from app.core.actions import Answer, BindKeys, Connect, HangUp, Intercept, Prompt, Say, SayNumber
from app.core.commands import Join, Release, StopRinging, Write
from app.core.directory import ToAccount
from app.core.events import CallArrived, CallPickedUp, PickupMissed
from app.core.outcome import Outcome
from app.core.party import Party
from app.core.states import Conferring, Consulting, Ended, Joining, Sending, Talking
from tests.core.stories import Story, office, ringing, talking, wants

# --- who gets which call --------------------------------------------------------------------------------------------


def test_code_with_the_number_takes_the_call_that_rings_there():
    won = wants("celina", "*822", ringing())
    assert won == CallPickedUp(leg="celina", at=150.0, call="anna", login="103")


def test_call_that_rings_elsewhere_is_not_taken_by_number():
    assert wants("celina", "*824", ringing()) == PickupMissed(leg="celina", at=150.0, login="103", dialled="*824")


def test_oldest_of_all_is_taken():
    assert wants("celina", "*8112", ringing("ewa", "24", at=120.0), ringing("anna", "22", at=110.0)).call == "anna"


def test_call_is_found_by_any_number_of_the_phone_that_rings():
    directory = office()
    tenant = directory.tenants[1]
    tenant.extensions["40"] = tenant.extensions["22"].__class__("40", "Biuro", ToAccount("102"))
    assert wants("celina", "*822", Story(directory).dials("anna", "40")).call == "anna"


def test_nobody_takes_a_call_of_another_tenant():
    assert isinstance(wants("rita", "*8112", ringing(), login="201"), PickupMissed)
    assert isinstance(wants("rita", "*822", ringing(), login="201"), PickupMissed)


@pytest.mark.parametrize("code", ["*8", "*81", "*8*22", "*82222", "*922", "822"])
def test_other_strings_are_no_pickup(code):
    assert isinstance(wants("celina", code, ringing()), CallArrived)


def test_strangers_phone_picks_up_nothing():
    assert isinstance(wants("x", "*822", ringing(), login="999"), CallArrived)


def test_answered_call_cannot_be_taken():
    assert isinstance(wants("celina", "*822", talking(office())), PickupMissed)


def test_second_of_two_finds_it_gone_and_hears_who_was_faster():
    story = ringing()
    story.tell(wants("celina", "*822", story))
    assert wants("darek", "*822", story).winner == "23"
    story.talk("celina", "anna")
    assert wants("darek", "*8112", story, at=story.now).winner == "23"
    assert wants("darek", "*822", story, at=story.now + 60).winner == ""


def test_pickup_after_the_answer_is_told_who_answered():
    story = ringing().talk("anna", "bartek")
    assert wants("celina", "*822", story, at=story.now).winner == "22"


def test_loser_is_told_before_he_is_answered_and_not_written_down():
    for winner, said in (
        ("23", (Say(Prompt.PICKED_UP_BY, "pl"), SayNumber("23", "pl"))),
        ("", (Say(Prompt.NOTHING_TO_PICK_UP, "pl"),)),
    ):
        story = Story(office()).tell(PickupMissed(leg="darek", at=1.0, login="104", dialled="*822", winner=winner))
        assert story.script_of("darek").actions[:-1] == said
        assert isinstance(story.script_of("darek").actions[-1], HangUp)
        story.hangs_up("darek", by_phone=False)
        assert story.state == Ended()
        assert not [command for command in story.told if isinstance(command, Write)]


def test_cancel_before_the_pickup_leaves_nothing_to_take():
    story = ringing().hangs_up("anna", Outcome.CANCELLED)
    assert wants("celina", "*822", story) == PickupMissed(leg="celina", at=150.0, login="103", dialled="*822")


# --- how it is taken ------------------------------------------------------------------------------------------------


def test_winner_intercepts_the_callers_leg_never_the_ringing_one(taken):
    assert taken.script_of("celina").actions == (BindKeys(), Intercept("anna", unanswered=True))
    assert taken.script_of("celina").call == "anna"


def test_picker_becomes_a_part_of_the_call(taken):
    taken.talk("celina", "anna")
    assert taken.state == Talking(Party("celina", "103"), ours=True)
    assert taken.parts == [("22", False, Outcome.PICKED_UP), ("23", True, None)]
    taken.hangs_up("anna")
    assert taken.call.record.outcome is Outcome.ANSWERED


def test_picker_has_the_keys(taken):
    taken.talk("celina", "anna").presses("celina", "#", "2", "4")
    assert isinstance(taken.state, Sending)


# --- calls in a transfer --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("returning", [False, True])
def test_transferred_call_is_picked_up(sides, returning):
    transferor, customer = sides
    story = talking(office(keys_on_internal_calls=True)).presses(transferor, "#", "2", "3")
    number = "23"
    if returning:
        story.waits(customer, Outcome.BUSY)
        number = {"anna": "21", "bartek": "22"}[transferor]
    story.tell(wants("darek", f"*8{number}", story))
    assert story.script_of("darek").actions == (BindKeys(), Intercept(customer, unanswered=False))
    story.talk("darek", customer)
    assert story.parts[-2:] == [(number, False, Outcome.PICKED_UP), ("24", True, None)]


def test_picker_of_a_transferred_call_who_leaves_half_way_rings_the_target_again(sides):
    story = talking(office(keys_on_internal_calls=True)).presses(sides[0], "#", "2", "3")
    story.tell(wants("darek", "*823", story)).hangs_up("darek")
    assert isinstance(story.state, Sending)
    assert story.script_of(sides[1]).actions[1] == Connect(("103",), 30)


@pytest.fixture
def consulted(sides):
    """Darek takes the consultation that rings at Celina's."""
    story = talking(office(keys_on_internal_calls=True)).presses(sides[0], "**", "2", "3")
    return story.tell(wants("darek", "*823", story))


def test_picker_of_a_consultation_takes_the_targets_place(consulted, sides):
    assert [order.taken for order in consulted.ordered(StopRinging)] == [True]
    assert consulted.script_of("darek").actions == (BindKeys(), Answer())
    consulted.waits("darek")
    assert consulted.ordered(Join)[0].other == sides[0]
    consulted.talk("darek", sides[0])
    assert consulted.state == Conferring(consulted.state.transferor, Party("darek", "104"), consulted.state.step, joined=True)
    assert consulted.parts[-2:] == [("23", False, Outcome.PICKED_UP), ("24", True, None)]


def test_consultation_is_taken_once(consulted):
    assert wants("ewa", "*823", consulted).winner == "24"


def test_picker_of_a_consultation_who_leaves_is_told(consulted, sides):
    consulted.hangs_up("darek")
    assert consulted.script_of(sides[0]).actions == (Say(Prompt.FAILED, "pl"),)


def test_end_of_the_stopped_ringing_is_not_the_pickers(consulted):
    assert isinstance(consulted.rung_out(Outcome.ELSEWHERE).state, Consulting)


def test_star_drops_the_picker(consulted, sides):
    consulted.presses(sides[0], "*")
    assert Release("darek", Outcome.ANSWERED) in consulted.sent


def test_transferor_who_leaves_gives_the_caller_to_the_picker(consulted, sides):
    consulted.hangs_up(sides[0])
    assert isinstance(consulted.state, Joining)
    assert consulted.state.other == Party("darek", "104")


def test_call_that_was_handed_over_is_picked_up(sides):
    story = talking(office(keys_on_internal_calls=True)).presses(sides[0], "**", "2", "3").hangs_up(sides[0])
    story.tell(wants("darek", "*823", story))
    assert [order.taken for order in story.ordered(StopRinging)] == [True]
    assert story.rung_out(Outcome.ELSEWHERE).talk("darek", sides[1]).state == Talking(Party("darek", "104"), ours=True)


def test_deciding_changes_no_other_event():
    event = CallArrived(leg="anna", at=1.0, login="101", dialled="22")
    assert pickup.decide(event, [], office()) is event
    assert core.new(event, office()).logged
