"""The table of transfers, row by row: `**`, the target is asked first. Each way round."""

import pytest

from app.core.actions import Keys, Listen, Present, Prompt, RingingTone, Say
from app.core.commands import Join, Release, Ring, Show, StopRinging, SwitchKeys
from app.core.events import LegAnswered
from app.core.outcome import EndedBy, Outcome
from app.core.party import Party
from app.core.routing import Way
from app.core.states import (
    Aside,
    Conferring,
    Consulting,
    Ended,
    Excusing,
    HandedOver,
    Joining,
    Returning,
    Sending,
    Talking,
)
from tests.core.stories import LOGINS, from_outside, office, talking

NUMBERS = {"anna": "21", "bartek": "22"}


@pytest.fixture
def ringing(sides):
    """Celina's phone rings for the transferor."""
    story = talking(office(keys_on_internal_calls=sides[0] == "anna"))
    return story.presses(sides[0], "**", "2", "3")


@pytest.fixture
def conferring(ringing, sides):
    """Celina talks to the transferor."""
    return ringing.answers("celina").talk(sides[0], "celina")


# --- the target rings -----------------------------------------------------------------------------------------------


def test_transferor_hears_the_target_ring_and_the_target_sees_him(ringing, sides):
    (ring,) = ringing.ordered(Ring)
    assert (ring.logins, ring.seconds, ring.number, ring.name) == (("103",), 20, NUMBERS[sides[0]], sides[0].capitalize())
    assert ringing.script_of(sides[0]).actions == (Listen(Keys.CONSULT), RingingTone(30))


def test_target_that_answers_talks_to_the_transferor(ringing, sides):
    ringing.answers("celina")
    (join,) = ringing.ordered(Join)
    assert {join.leg, join.other} == {"celina", sides[0]}
    assert isinstance(ringing.state, Conferring)


@pytest.mark.parametrize(
    ("outcome", "prompt"),
    [
        (Outcome.BUSY, Prompt.BUSY),
        (Outcome.DECLINED, Prompt.DECLINED),
        (Outcome.NOT_REGISTERED, Prompt.NOT_REGISTERED),
        (Outcome.NO_ANSWER, Prompt.NO_ANSWER),
        (Outcome.FAILED, Prompt.FAILED),
    ],
)
def test_target_that_is_not_there_is_told_and_the_party_is_back(ringing, sides, outcome, prompt):
    transferor, customer = sides
    ringing.rung_out(outcome)
    assert ringing.script_of(transferor).actions == (Say(prompt, "pl"),)
    ringing.waits(transferor)
    assert ringing.ordered(Join)[0].leg == customer
    ringing.talk(customer, transferor)
    assert isinstance(ringing.state, Talking)
    assert ringing.parts == [("22", True, Outcome.CONSULTED), ("23", False, outcome), ("22", True, None)]


def test_best_reason_of_several_devices_is_told(ringing, sides):
    ringing.hangs_up("dead", Outcome.FAILED, attempt=ringing.state.attempt)
    ringing.hangs_up("desk", Outcome.BUSY, attempt=ringing.state.attempt)
    ringing.hangs_up("other", Outcome.NO_ANSWER, attempt=ringing.state.attempt)
    ringing.rung_out(Outcome.FAILED)
    assert ringing.script_of(sides[0]).actions == (Say(Prompt.BUSY, "pl"),)


def test_star_while_it_rings_gives_the_party_back_and_drops_the_target(ringing, sides):
    transferor, customer = sides
    attempt = ringing.state.attempt
    ringing.presses(transferor, "*")
    assert (ringing.ordered(Join)[0].leg, ringing.ordered(Join)[0].other) == (customer, transferor)
    assert ringing.ordered(StopRinging) == [StopRinging(ringing.call.id, attempt)]
    ringing.rung_out(Outcome.CANCELLED).talk(customer, transferor)
    assert ringing.parts == [("22", True, Outcome.CONSULTED), ("23", False, Outcome.CANCELLED), ("22", True, None)]


def test_only_the_transferors_star_counts(ringing, sides):
    assert isinstance(ringing.presses(sides[1], "*").state, Consulting)


def test_transferor_who_puts_down_while_it_rings_leaves_the_caller_ringing(ringing, sides):
    transferor, customer = sides
    ringing.hangs_up(transferor)
    assert isinstance(ringing.state, HandedOver)
    assert ringing.script_of(customer).actions == (RingingTone(30),)
    assert ringing.ordered(StopRinging) == []
    assert ringing.parts == [("22", True, Outcome.TRANSFERRED), ("23", False, None)]
    ringing.answers("celina").talk(customer, "celina")
    assert ringing.state == Talking(Party("celina", "103"), ours=True)


@pytest.mark.parametrize("outcome", [Outcome.BUSY, Outcome.DECLINED, Outcome.NO_ANSWER])
def test_target_that_fails_after_the_transferor_left_rings_him(ringing, sides, outcome):
    transferor, customer = sides
    ringing.hangs_up(transferor).rung_out(outcome)
    assert ringing.state == Returning(LOGINS[transferor])
    assert ringing.script_of(customer).actions[0] == Present(NUMBERS[customer], f"Powrót {NUMBERS[customer]} od 23")


def test_ring_that_nobody_ends_is_ended(ringing, sides):
    transferor, _customer = sides
    ringing.waits(transferor)
    assert ringing.ordered(StopRinging)
    assert isinstance(ringing.state, Excusing)


def test_ring_that_nobody_ends_is_ended_for_the_caller_too(ringing, sides):
    transferor, customer = sides
    ringing.hangs_up(transferor).waits(customer)
    assert ringing.ordered(StopRinging)
    assert ringing.state == Returning(LOGINS[transferor])


def test_party_who_puts_down_while_it_rings_ends_everything(ringing, sides):
    transferor, customer = sides
    attempt = ringing.state.attempt
    ringing.hangs_up(customer)
    assert ringing.sent == [Release(transferor, Outcome.ANSWERED), StopRinging(ringing.call.id, attempt)]
    assert ringing.state == Ended()


def test_party_who_puts_down_after_the_transferor_stops_the_ringing(ringing, sides):
    ringing.hangs_up(sides[0]).hangs_up(sides[1])
    assert [type(command) for command in ringing.sent] == [StopRinging]


def test_transferor_who_puts_down_before_the_last_digit_may_still_have_dialled_a_number(sides):
    story = talking(office(keys_on_internal_calls=True)).presses(sides[0], "**", "2", "2").hangs_up(sides[0])
    assert story.state == Sending(Way("22"), LOGINS[sides[0]], "22")


# --- they talk ------------------------------------------------------------------------------------------------------


def test_star_while_talking_gives_the_party_back_and_drops_the_target(conferring, sides):
    transferor, customer = sides
    conferring.presses(transferor, "*")
    assert conferring.ordered(Join)[0].leg == customer
    assert conferring.ordered(Release) == [Release("celina", Outcome.ANSWERED)]
    conferring.hangs_up("celina", by_phone=False).talk(customer, transferor)
    assert conferring.parts == [("22", True, Outcome.CONSULTED), ("23", True, Outcome.ANSWERED), ("22", True, None)]


def test_transferor_who_puts_down_joins_the_two(conferring, sides):
    transferor, customer = sides
    assert conferring.hangs_up(transferor).sent == []  # the target is just leaving a pair: not yet
    conferring.alone("celina")
    assert (conferring.ordered(Join)[0].leg, conferring.ordered(Join)[0].other) == (customer, "celina")
    conferring.talk(customer, "celina")
    assert conferring.state == Talking(Party("celina", "103"), ours=True)
    assert Show("celina", NUMBERS[customer], customer.capitalize()) in conferring.sent
    assert SwitchKeys("celina", Keys.TALK) in conferring.sent
    assert conferring.parts == [("22", True, Outcome.TRANSFERRED), ("23", True, None)]


def test_only_the_last_consultation_becomes_a_transfer(ringing, sides):
    transferor, customer = sides
    ringing.presses(transferor, "*").talk(customer, transferor).presses(transferor, "**", "2", "3").hangs_up(transferor)
    asked, transferred = ("22", True, Outcome.CONSULTED), ("22", True, Outcome.TRANSFERRED)
    assert ringing.parts == [asked, ("23", False, Outcome.CANCELLED), transferred, ("23", False, None)]


def test_outside_caller_is_shown_after_the_join():
    story = from_outside(office()).presses("bartek", "**", "2", "3").answers("celina").talk("bartek", "celina")
    assert Show("celina", "22", "Bartek") in story.sent
    story.hangs_up("bartek").alone("celina").talk("outside", "celina")
    assert Show("celina", "600100200", "") in story.sent


def test_target_who_puts_down_gives_the_transferor_his_caller_back(conferring, sides):
    transferor, customer = sides
    conferring.hangs_up("celina").alone(transferor)
    assert conferring.state == Joining(Party(transferor, LOGINS[transferor], transferor == "bartek"), LOGINS[transferor])
    assert isinstance(conferring.talk(customer, transferor).state, Talking)


def test_party_who_puts_down_leaves_the_two_talking(conferring, sides):
    transferor, customer = sides
    conferring.hangs_up(customer)
    assert conferring.sent == []
    assert conferring.state == Aside(transferor, "celina")
    assert (conferring.call.record.outcome, conferring.call.record.ended is not None) == (Outcome.ANSWERED, True)
    assert conferring.call.record.ended_by is (EndedBy.CALLER if customer == "anna" else EndedBy.CALLEE)


@pytest.mark.parametrize("first", ["celina", "transferor"])
def test_two_left_talking_end_together(conferring, sides, first):
    transferor, customer = sides
    one, other = ("celina", transferor) if first == "celina" else (transferor, "celina")
    conferring.hangs_up(customer).hangs_up(one)
    assert (conferring.state, conferring.sent) == (Ended(), [Release(other, Outcome.ANSWERED)])


def test_targets_keys_mean_nothing_while_he_is_asked(conferring):
    assert isinstance(conferring.presses("celina", "#", "**", "*").state, Conferring)


def test_target_that_has_the_caller_has_the_keys(conferring, sides):
    transferor, customer = sides
    conferring.hangs_up(transferor).alone("celina").talk(customer, "celina").presses("celina", "**", "2", "4").answers("darek")
    assert conferring.ordered(Join)[0].other == "celina"


# --- races, in both orders ------------------------------------------------------------------------------------------


def test_star_then_answer(ringing, sides):
    late = LegAnswered(leg="celina", at=200.0, call="anna", step=ringing.state.attempt)
    ringing.presses(sides[0], "*").tell(late)
    assert ringing.sent == [Release("celina", Outcome.ELSEWHERE)]
    assert isinstance(ringing.talk(sides[1], sides[0]).state, Talking)


def test_answer_then_star(ringing, sides):
    ringing.answers("celina").presses(sides[0], "*")
    assert ringing.sent == []  # they are not one yet, and must not be led before
    ringing.talk("celina", sides[0])
    assert ringing.ordered(Join)[0].leg == sides[1]
    assert Release("celina", Outcome.ANSWERED) in ringing.sent
    assert isinstance(ringing.talk(sides[1], sides[0]).state, Talking)


@pytest.mark.parametrize("answer_first", [True, False])
def test_transferor_puts_down_as_the_target_answers(ringing, sides, answer_first):
    transferor, customer = sides
    if answer_first:
        ringing.answers("celina").hangs_up(transferor).alone("celina")
    else:
        ringing.hangs_up(transferor).answers("celina")
    assert (ringing.ordered(Join)[0].leg, ringing.ordered(Join)[0].other) == (customer, "celina")
    ringing.talk(customer, "celina")
    assert ringing.state == Talking(Party("celina", "103"), ours=True)
    assert ringing.parts == [("22", True, Outcome.TRANSFERRED), ("23", True, None)]


@pytest.mark.parametrize("answer_first", [True, False])
def test_party_puts_down_as_the_target_answers(ringing, sides, answer_first):
    transferor, customer = sides
    if answer_first:
        assert ringing.answers("celina").hangs_up(customer).state == Aside(transferor, "celina")
    else:
        assert ringing.hangs_up(customer).answers("celina").state == Ended()
        assert ringing.sent == []


@pytest.mark.parametrize("target_first", [True, False])
def test_transferor_and_target_put_down_at_once(conferring, sides, target_first):
    for who in ("celina", sides[0]) if target_first else (sides[0], "celina"):
        conferring.hangs_up(who)
    assert conferring.state == Returning(LOGINS[sides[0]])
    assert conferring.parts[:2] == [("22", True, Outcome.TRANSFERRED), ("23", True, Outcome.ANSWERED)]


def test_target_left_waiting_by_a_join_that_broke_gets_the_caller(ringing, sides):
    ringing.answers("celina").alone("celina")
    assert isinstance(ringing.state, Joining)
    assert ringing.state.other.leg == "celina"


def test_music_goes_on_while_they_talk(conferring, sides):
    conferring.waits(sides[1])
    assert isinstance(conferring.state, Conferring)
    assert conferring.script_of(sides[1]).leg == sides[1]
