"""A transfer to every kind of destination, by `#` and by `**`."""

import pytest

from app.core.actions import (
    Answer,
    BindKeys,
    Connect,
    HangUp,
    Keys,
    Listen,
    Play,
    Present,
    Prompt,
    RingingTone,
    Say,
)
from app.core.commands import Join, Release, Ring, RingOutside, Script, Show, StopRinging, Warn
from app.core.destinations import ToAccount, ToExtension
from app.core.directory import Limits
from app.core.events import CallReferred
from app.core.outcome import Outcome
from app.core.party import Party
from app.core.routing import Way
from app.core.states import (
    Asking,
    Collecting,
    Conferring,
    Consulting,
    Ended,
    Excusing,
    HandedOver,
    Refusing,
    Returning,
    Ringing,
    Sending,
    Talking,
)
from tests.core.company import CALLER, CLOSED, GREETING, MAIN, SALES, company, fails, outside_talks, sent
from tests.core.stories import Story

AWAY, BUSY, SILENT = Outcome.NOT_REGISTERED, Outcome.BUSY, Outcome.NO_ANSWER


@pytest.fixture
def story():
    """Somebody outside has called the main number and talks to Bartek."""
    return outside_talks()


def asked(story, number):
    return story.presses("bartek", "**", *number)


# --- # --------------------------------------------------------------------------------------------------------------


def test_party_is_sent_to_a_ring_plan(story):
    sent(story, "31")
    assert story.state == Sending(Way("31"), "102", "31")
    shown = Present(CALLER, "Sprzedaż 601000111")
    assert story.script_of("outside").actions == (shown, Connect(("103", "104"), 15))
    assert story.ordered(Release) == [Release("bartek", Outcome.ANSWERED)]
    story.talk("outside", "darek", login="104")
    assert story.state == Talking(Party("darek", "104"))


def test_conditions_of_the_plan_come_before_the_return(story):
    fails(sent(story, "31"), BUSY)
    assert story.state == Sending(Way("24", hops=2), "102", "31")
    fails(story, SILENT)
    assert story.state == Returning("102")
    assert story.script_of("outside").actions[0] == Present(CALLER, "Powrót 601000111 od 31")
    assert story.parts[1:] == [("31", False, BUSY), ("24", False, SILENT), ("22", False, None)]


def test_plan_in_order_goes_on_for_the_party(story):
    fails(sent(story, "32"), SILENT)
    assert story.script_of("outside").actions[1] == Connect(("104",), 10)
    assert story.state.back == "102"


def test_party_is_sent_outside_in_the_name_of_who_sends_it(story):
    sent(story, "600100300")
    (connect,) = story.script_of("outside").actions
    to = connect.to
    assert (to.number, to.shown, to.diverted, to.confirm, to.original) == ("+48600100300", MAIN, True, "", "")
    assert connect.seconds == 30
    fails(story, Outcome.NO_LINE)
    assert story.script_of("outside").actions[0].to.original == CALLER
    assert fails(story, Outcome.NO_LINE).state == Returning("102")
    assert story.script_of("outside").actions[0].name == "Powrót 601000111 od 600100300"


def test_party_is_sent_to_the_boss_who_presses_one(story):
    assert sent(story, "30").script_of("outside").actions[0].to.confirm == "pl"


def test_party_is_sent_to_a_menu_which_knows_the_way_back(story):
    sent(story, "42")
    assert story.state == Asking(Sending(Way("menu-powitanie", hops=1), "102", "42"), heard=1)
    script = story.script_of("outside")
    assert script.actions[:4] == (Answer(), BindKeys(), Listen(Keys.KEYPAD), Play(GREETING))
    assert Connect(("102",), 20) in script.rescue
    story.presses("outside", "1")
    assert story.state == Sending(Way("menu-powitanie.1", hops=1), "102", "42")
    assert fails(story, BUSY).state == Returning("102")


def test_menu_that_is_deleted_meanwhile_brings_the_party_back(story):
    sent(story, "42").directory = company(menus={})
    assert story.waits("outside").state == Returning("102")


def test_party_is_sent_to_a_message(story):
    sent(story, "43")
    assert story.script_of("outside").actions == (Answer(), Play(CLOSED), HangUp(Outcome.ANSWERED))
    story.hangs_up("outside", by_phone=False)
    assert (story.state, story.parts[-1]) == (Ended(), ("", True, Outcome.ANSWERED))


def test_party_is_sent_to_where_a_city_number_leads(story):
    assert sent(story, "0048221234568#").state == Sending(Way("31", hops=1), "102", "0048221234568")


def test_party_is_sent_by_the_hours():
    story = sent(outside_talks(), "41")
    assert story.state == Sending(Way("31", hops=2), "102", "41")
    story = Story(company(is_open=False)).comes_in("outside", MAIN).talk("outside", "bartek")
    assert sent(story, "41").state == Refusing(Outcome.ANSWERED)


def test_party_may_be_sent_to_the_end(story):
    assert sent(story, "49").script_of("outside").actions == (HangUp(BUSY),)


@pytest.mark.parametrize("send", [sent, asked])
def test_number_beyond_the_limits_is_told_and_reported(story, send):
    send(story, "0049301234567").presses("bartek", "#")
    assert isinstance(story.state, Collecting)
    assert story.script_of("bartek").actions[1] == Say(Prompt.OVER_LIMIT, "pl")
    assert story.ordered(Warn)


def test_loop_is_told_as_a_failure(story):
    assert sent(story, "51").script_of("bartek").actions[1] == Say(Prompt.FAILED, "pl")


def test_phones_own_key_sends_the_party_anywhere_too(story):
    story.hangs_up("bartek", Outcome.TRANSFERRED, by_phone=False)
    story.tell(CallReferred(leg="outside", at=200.0, call="outside", dialled="31", step=1))
    assert story.state == Sending(Way("31"), "102", "31")


def test_phones_own_key_beyond_the_limits_brings_the_party_back():
    story = outside_talks(limits=Limits(countries=frozenset()))
    story.hangs_up("bartek", Outcome.TRANSFERRED, by_phone=False)
    story.tell(CallReferred(leg="outside", at=200.0, call="outside", dialled="600100300", step=1))
    assert story.state == Returning("102")
    assert story.ordered(Warn)


def test_digits_beyond_the_limits_when_he_puts_down_bring_the_party_back():
    story = outside_talks(limits=Limits(countries=frozenset()))
    asked(story, "30").hangs_up("bartek")
    assert story.state == Returning("102")


# --- ** -------------------------------------------------------------------------------------------------------------


def test_all_of_a_plan_are_asked_at_once(story):
    asked(story, "31")
    assert story.ordered(Ring) == [Ring("outside", story.call.step, ("103", "104"), 20, "22", "Bartek")]
    story.answers("darek", "104").talk("bartek", "darek")
    assert story.state.target == Party("darek", "104")
    assert [(part.number, part.login) for part in story.call.record.parts][-1] == ("31", "104")


def test_plan_in_order_is_asked_one_after_another(story):
    asked(story, "32")
    assert [(ring.logins, ring.seconds) for ring in story.ordered(Ring)] == [(("103",), 6)]
    story.rung_out(SILENT)
    assert [(ring.logins, ring.seconds) for ring in story.ordered(Ring)] == [(("104",), 6)]
    assert story.script_of("bartek").actions == (Listen(Keys.CONSULT), RingingTone(30))
    story.rung_out(BUSY).answers("ewa")
    assert story.state == Conferring(Party("bartek", "102"), Party("ewa", "105"), story.call.step)
    assert story.parts[1:] == [("32", False, SILENT), ("32", False, BUSY), ("32", False, None)]


def test_conditions_of_a_plan_are_not_for_who_asks(story):
    asked(story, "31").rung_out(BUSY)
    assert isinstance(story.state, Excusing)
    assert story.script_of("bartek").actions == (Say(Prompt.BUSY, "pl"),)


@pytest.mark.parametrize(("results", "prompt"), [((SILENT, BUSY, AWAY), Prompt.NO_ANSWER), ((AWAY, BUSY, AWAY), Prompt.BUSY)])
def test_reasons_of_a_plan_are_told_as_one(story, results, prompt):
    asked(story, "32")
    for result in results:
        story.rung_out(result)
    assert story.script_of("bartek").actions == (Say(prompt, "pl"),)


def test_who_hands_over_leaves_the_rest_of_the_plan_to_the_party(story):
    asked(story, "32").hangs_up("bartek")
    assert story.state == HandedOver("102", Way("32"), story.state.attempt)
    story.rung_out(SILENT)
    assert story.state == Sending(Way("32", 1, 0, "no-answer"), "102", "32")
    assert story.script_of("outside").actions[1] == Connect(("104",), 10)


def test_who_hands_over_leaves_the_conditions_to_the_party(story):
    asked(story, "31").hangs_up("bartek").rung_out(BUSY)
    assert story.state == Sending(Way("24", hops=2), "102", "31")


def test_party_handed_over_to_a_plan_gets_who_answers(story):
    asked(story, "31").hangs_up("bartek").answers("celina", "103")
    assert story.ordered(Join)[0].other == "celina"
    assert story.talk("outside", "celina").state == Talking(Party("celina", "103"), ours=True)


def test_telephone_outside_is_asked(story):
    asked(story, "600100300")
    (ring,) = story.ordered(RingOutside)
    assert (ring.to.number, ring.to.shown, ring.to.diverted, ring.to.confirm) == ("+48600100300", MAIN, False, "")
    story.answers("client").talk("bartek", "client")
    assert story.state.target == Party("client", "", number="+48600100300")
    assert story.ordered(Show) == [Show("bartek", "+48600100300", "")]
    story.hangs_up("bartek").alone("client").talk("outside", "client")
    assert story.ordered(Show) == []
    before = story.call
    assert story.presses("client", "#", "**").presses("outside", "#", "**").call is before


def test_another_trunk_is_tried_for_who_asks(story):
    asked(story, "600100300").rung_out(Outcome.NO_LINE)
    assert story.ordered(RingOutside)[0].to.gateway == "trunk-2"
    assert story.parts[1:] == [("+48600100300", False, None)]
    story.rung_out(Outcome.NO_LINE)
    assert story.script_of("bartek").actions == (Say(Prompt.NO_LINE, "pl"),)


def test_another_trunk_is_tried_after_who_asked_has_left(story):
    asked(story, "600100300").hangs_up("bartek").rung_out(Outcome.NO_LINE)
    assert story.state == Sending(Way("tel+48600100300", 1), "102", "+48600100300")
    assert story.script_of("outside").actions[0].to.gateway == "trunk-2"


def test_boss_is_asked_to_press_one(story):
    assert asked(story, "30").ordered(RingOutside)[0].to.confirm == "pl"


def test_star_stops_the_ringing_outside(story):
    asked(story, "30").presses("bartek", "*")
    assert [type(command) for command in story.sent if isinstance(command, StopRinging)] == [StopRinging]


@pytest.mark.parametrize(("number", "state"), [("42", Asking), ("43", Refusing), ("49", Refusing)])
def test_what_cannot_be_asked_is_sent_to(story, number, state):
    assert isinstance(asked(story, number).state, state)
    assert Release("bartek", Outcome.ANSWERED) in story.sent


def test_plan_without_anybody_cannot_be_asked(story):
    story.directory = company(extensions={"34": ToExtension("35"), "35": ToAccount("201")})
    assert isinstance(asked(story, "34").state, Collecting)  # an account of another tenant is none


def test_consultation_survives_with_its_way(story):
    asked(story, "32").rung_out(SILENT)
    assert isinstance(story.state, Consulting)
    assert story.state.way == Way("32", 1, 0, "no-answer")


def test_plan_is_reached_from_outside_and_from_inside_alike():
    inside, outside = Story(company()).dials("anna", "31"), Story(company()).comes_in("outside", SALES)
    assert (inside.state, outside.state) == (Ringing(Way("31")), Ringing(Way("31", hops=1)))
    assert isinstance(inside.sent[0], Script)
