"""However a transfer is cut short, everything ends cleanly and nobody is lost. Each way round."""

import pytest

from app.core.actions import Present
from app.core.commands import Join, KeepTogether, Release, Separate
from app.core.outcome import EndedBy, Outcome
from app.core.states import Ended, Joining, Returning, Sending
from tests.core.stories import LOGINS, office, talking

NUMBERS = {"anna": "21", "bartek": "22"}


@pytest.fixture
def story(sides):
    return talking(office(keys_on_internal_calls=sides[0] == "anna"))


# --- somebody puts down ---------------------------------------------------------------------------------------------


def test_transferor_who_puts_down_after_the_number_has_said_enough(story, sides):
    story.presses(sides[0], "#", "2", "2").hangs_up(sides[0])
    assert story.state == Sending(LOGINS[sides[0]], "22")


def test_transferor_who_puts_down_without_a_number_is_rung(story, sides):
    transferor, customer = sides
    story.presses(transferor, "#", "7").hangs_up(transferor)
    assert story.state == Returning(LOGINS[transferor])
    assert story.script_of(customer).actions[0] == Present(NUMBERS[customer], f"Powrót {NUMBERS[customer]}")


def test_party_who_puts_down_while_it_is_dialled_frees_the_transferor(story, sides):
    transferor, customer = sides
    story.presses(transferor, "#", "2").hangs_up(customer)
    assert (story.state, story.ordered(Release)) == (Ended(), [Release(transferor, Outcome.ANSWERED)])
    assert story.call.record.ended_by is (EndedBy.CALLER if customer == "anna" else EndedBy.CALLEE)


def test_party_who_puts_down_while_the_reason_is_told_frees_the_transferor(story, sides):
    transferor, customer = sides
    story.presses(transferor, "#", "#", "#", "#").hangs_up(customer)
    assert (story.state, story.ordered(Release)) == (Ended(), [Release(transferor, Outcome.ANSWERED)])


def test_transferor_who_puts_down_while_the_reason_is_told_is_rung(story, sides):
    assert story.presses(sides[0], "#", "#", "#", "#").hangs_up(sides[0]).state == Returning(LOGINS[sides[0]])


@pytest.mark.parametrize("told", [0, 1, 2])
def test_party_who_puts_down_while_somebody_rings_ends_it(story, sides, told):
    transferor, customer = sides
    story.presses(transferor, "#", "2", "3")
    for _ in range(told):
        story.waits(customer, Outcome.BUSY)
    assert story.hangs_up(customer).state == Ended()
    assert story.call.record.outcome is Outcome.ANSWERED


def test_transferor_who_puts_down_as_he_is_brought_back_is_rung(story, sides):
    transferor, customer = sides
    story.presses(transferor, "#", "*").hangs_up(transferor)
    assert story.sent == []  # the party is half way to him: what it was told now, the switch would forget
    assert story.alone(customer).state == Returning(LOGINS[transferor])
    assert story.ordered(Release) == []


def test_pair_that_became_one_too_late_is_none(story, sides):
    transferor, customer = sides
    story.presses(transferor, "#", "*").hangs_up(transferor).talk(customer, transferor)
    assert story.sent == []
    assert story.alone(customer).state == Returning(LOGINS[transferor])


def test_party_left_half_way_that_never_waits_is_led_all_the_same(story, sides):
    transferor, _customer = sides
    story.presses(transferor, "#", "*").hangs_up(transferor).time_is_up()
    assert story.state == Returning(LOGINS[transferor])


def test_party_that_could_not_be_joined_with_one_who_is_gone_rings_him(story, sides):
    transferor, _customer = sides
    join = story.presses(transferor, "#", "*").ordered(Join)[0]
    assert story.hangs_up(transferor).refused(join).state == Returning(LOGINS[transferor])
    assert story.ordered(Release) == []


def test_party_who_puts_down_as_it_is_brought_back_frees_the_transferor(story, sides):
    transferor, customer = sides
    assert story.presses(transferor, "#", "*").hangs_up(customer).ordered(Release) == [Release(transferor, Outcome.ANSWERED)]


def test_either_end_of_a_pair_we_joined_takes_the_other_along(story, sides):
    transferor, customer = sides
    story.presses(transferor, "#", "*").talk(customer, transferor)
    assert story.ordered(KeepTogether) == [KeepTogether(customer, transferor)]
    assert (story.hangs_up(transferor).state, story.sent) == (Ended(), [])


def test_pair_that_never_becomes_one_is_freed(story, sides):
    transferor, customer = sides
    story.presses(transferor, "#", "*").time_is_up()
    assert story.ordered(Release) == [Release(transferor, Outcome.FAILED)]
    assert story.alone(customer).state == Returning(LOGINS[transferor])


# --- the switch does not obey ---------------------------------------------------------------------------------------


def test_pair_that_could_not_be_parted_is_joined_again(story, sides):
    transferor, _customer = sides
    story.presses(transferor, "#")
    story.refused(story.ordered(Separate)[0])
    assert isinstance(story.state, Joining)


def test_pair_that_could_not_be_joined_rings_the_transferor(story, sides):
    transferor, _customer = sides
    story.presses(transferor, "#", "*")
    story.refused(story.ordered(Join)[0])
    assert story.state == Returning(LOGINS[transferor])
    assert Release(transferor, Outcome.ANSWERED) in story.sent


def test_party_left_waiting_by_a_join_that_broke_rings_the_transferor(story, sides):
    transferor, customer = sides
    story.presses(transferor, "#", "*").alone(customer)
    assert story.state == Returning(LOGINS[transferor])


def test_end_of_the_music_that_crossed_the_join_does_not_break_it(story, sides):
    transferor, customer = sides
    story.presses(transferor, "#", "*").waits(customer)
    assert isinstance(story.state, Joining)


def test_script_that_never_ran_sends_the_party_back(story, sides):
    transferor, customer = sides
    story.presses(transferor, "#", "2", "3")
    story.refused(story.script_of(customer))
    assert story.state == Returning(LOGINS[transferor])
    story.refused(story.script_of(customer))
    assert story.ordered(Release) == [Release(customer, Outcome.FAILED)]
