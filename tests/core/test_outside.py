"""To telephones outside and from them: what is shown, which trunk, the record, and what an outsider may not do."""

from dataclasses import replace

import pytest

from app.core.actions import Connect, ConnectOutside, HangUp, Outside, Prompt, Say
from app.core.commands import Script, Warn, Write
from app.core.destinations import ToExtension
from app.core.directory import Account, Limits
from app.core.events import CallCameIn, FoundLeg, LegsJoined, Role
from app.core.outcome import Limit, Outcome
from app.core.party import Party
from app.core.recovery import missed, restore
from app.core.routing import Way
from app.core.states import Refusing, Ringing, Sending, Talking
from tests.core.company import BOSS, MAIN, SALES, company, outside_talks, sent
from tests.core.stories import PEOPLE, Story, office

CLIENT = "+48600100300"


def dialled(story, who):
    """The telephone outside that the last script calls."""
    return next(action.to for action in story.script_of(who).actions if isinstance(action, ConnectOutside))


def calls(number, **settings):
    return Story(company(**settings)).dials("anna", number)


# --- out ------------------------------------------------------------------------------------------------------------


def test_number_somebody_dials_is_called_in_the_tenants_name():
    story = calls("600100300")
    to = Outside(CLIENT, "trunk-1", shown=MAIN, longest=7200)
    assert story.sent == [Script("anna", "anna", 1, (ConnectOutside(to, 60),))]
    assert [(part.number, part.name, part.login) for part in story.call.record.parts] == [(CLIENT, "", "")]
    assert story.call.record.parts[0].is_outside


def test_account_shows_its_own_number():
    accounts = {login: Account(login, 1, name, presents=SALES) for login, (_, name) in PEOPLE.items()}
    assert dialled(calls("600100300", accounts=accounts), "anna").shown == SALES


def test_number_that_is_no_longer_the_tenants_is_not_shown():
    accounts = {login: Account(login, 1, name, presents="+48229999999") for login, (_, name) in PEOPLE.items()}
    assert dialled(calls("600100300", accounts=accounts), "anna").shown == MAIN


def test_destination_outside_is_asked_to_press_one_and_told_who_forwards():
    to = dialled(calls("30"), "anna")
    assert (to.number, to.confirm, to.diverted, to.original, to.shown) == (BOSS, "pl", True, "", MAIN)
    assert calls("30").script_of("anna").actions[0].seconds == 30


def test_talk_to_outside():
    story = calls("600100300").talk("anna", "client")
    assert story.state == Talking(Party("client", "", number=CLIENT))
    story.hangs_up("client")
    assert story.parts == [(CLIENT, True, Outcome.ANSWERED)]


def test_whoever_is_called_outside_has_no_keys():
    story = calls("600100300", keys_on_internal_calls=True).talk("anna", "client")
    assert story.sent == []
    before = story.call
    assert story.presses("client", "#", "**", "2").call is before
    assert story.presses("anna", "#").call is before  # it reaches the far end's menu


def test_call_without_a_limit_lasts_as_long_as_it_likes():
    assert dialled(calls("600100300", limits=Limits(longest_call=None)), "anna").longest is None


def test_next_trunk_is_tried_when_one_has_no_line():
    story = calls("600100300").waits("anna", Outcome.NO_LINE)
    assert dialled(story, "anna").gateway == "trunk-2"
    assert story.state == Ringing(Way("tel" + CLIENT, 1))
    assert story.parts == [(CLIENT, False, None)]
    story.waits("anna", Outcome.NO_LINE)
    assert story.script_of("anna").actions == (Say(Prompt.NO_LINE, "pl"), HangUp(Outcome.NO_LINE))
    assert story.parts == [(CLIENT, False, Outcome.NO_LINE)]


@pytest.mark.parametrize("answer", [Outcome.BUSY, Outcome.NO_ANSWER, Outcome.DECLINED, Outcome.NO_SUCH_NUMBER])
def test_what_the_world_answers_is_told_and_no_other_trunk_tried(answer):
    assert calls("600100300").waits("anna", answer).state == Refusing(answer)


def test_trunk_that_is_removed_meanwhile_is_not_tried():
    story = calls("600100300")
    story.directory = replace(story.directory, trunks=story.directory.trunks[:1])
    assert story.waits("anna", Outcome.NO_LINE).state == Refusing(Outcome.NO_LINE)


def test_without_trunks_there_is_no_line():
    story = Story(replace(company(), trunks=())).dials("anna", "600100300")
    assert (story.state, story.parts) == (Refusing(Outcome.NO_LINE), [])


def test_limit_is_told_and_reported():
    story = calls("0049301234567")
    assert story.script_of("anna").actions == (Say(Prompt.OVER_LIMIT, "pl"), HangUp(Outcome.OVER_LIMIT))
    assert story.ordered(Warn) == [Warn("Acme: +49301234567 is in DE, which it may not call")]


def test_limit_reached_by_the_call_itself_does_not_stop_its_next_trunk():
    story = calls("600100300")
    story.directory = replace(story.directory, exhausted={1: Limit.MINUTES})
    assert dialled(story.waits("anna", Outcome.NO_LINE), "anna").gateway == "trunk-2"


def test_emergency_number_is_the_switchs_own_business():
    assert calls("112").state == Refusing(Outcome.NO_LINE)


def test_own_city_number_is_dialled_without_a_trunk():
    story = calls("221234567")
    assert story.state == Ringing(Way(MAIN))
    assert story.script_of("anna").actions[1] == Connect(("102",), 30)


# --- in -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delivered", ["+48221234567", "48221234567", "0048221234567", "221234567"])
def test_city_number_leads_its_tenant_however_the_trunk_writes_it(delivered):
    story = Story(company()).comes_in("outside", delivered, "600100300", "Klient")
    assert story.state == Ringing(Way(MAIN))
    record = story.call.record
    assert (record.tenant, record.caller_number, record.caller_name) == (1, CLIENT, "Klient")
    assert (record.caller_login, record.dialled) == ("", MAIN)
    assert isinstance(story.told[0], Write)


def test_number_of_nobody_is_refused_without_a_word_or_a_line_in_the_log():
    story = Story(company()).comes_in("outside", "+48229999999")
    assert story.told == [Script("outside", "outside", 1, (HangUp(Outcome.NO_SUCH_NUMBER),))]
    assert story.call.logged is False


def test_caller_from_outside_is_led_as_a_colleague_is():
    story = Story(company()).comes_in("outside", SALES).waits("outside", Outcome.BUSY)
    assert story.state == Ringing(Way("24", hops=3))


def test_caller_from_outside_has_no_keys_and_whom_he_calls_has():
    story = Story(company()).comes_in("outside", MAIN).talk("outside", "bartek")
    before = story.call
    assert story.presses("outside", "#", "**", "*", "2").call is before
    assert isinstance(story.presses("bartek", "#", "2", "3").state, Sending)


def test_call_forwarded_outside_shows_the_original_number_where_the_trunk_passes_it():
    cities = {MAIN: replace(company().tenants[1].cities[MAIN], to=ToExtension("30"))}
    story = Story(company(cities=cities)).comes_in("outside", MAIN, "600100300")
    to = dialled(story, "outside")
    assert (to.shown, to.original, to.diverted, to.confirm) == (MAIN, "", True, "pl")
    story.waits("outside", Outcome.NO_LINE)
    assert dialled(story, "outside").original == CLIENT


def test_word_instead_of_a_number_is_not_passed_on():
    cities = {MAIN: replace(company().tenants[1].cities[MAIN], to=ToExtension("30"))}
    story = Story(company(cities=cities)).comes_in("outside", MAIN, "anonymous").waits("outside", Outcome.NO_LINE)
    assert dialled(story, "outside").original == ""


# --- found again by a new controller --------------------------------------------------------------------------------


def arrived(**changes):
    fields = {"leg": "outside", "call": "", "role": Role.CALLER, "login": "", "dialled": "221234567", "started": 100.0}
    return FoundLeg(**fields | {"trunk": "pstn", "number": "600100300", "name": "Klient"} | changes)


def test_caller_from_outside_whom_nobody_has_looked_at_is_a_new_call():
    event = CallCameIn(leg="outside", at=100.0, trunk="pstn", number="600100300", name="Klient", dialled="221234567")
    assert missed(None, [arrived(waiting=True)], 200.0) == (event,)


def test_caller_from_outside_nobody_had_written_down_is_written_down_afresh():
    call = restore("outside", [arrived(call="outside", step=1)], None, company())
    assert (call.record.caller_number, call.record.dialled, call.record.tenant) == (CLIENT, MAIN, 1)
    assert (call.state, call.party) == (Ringing(Way(MAIN)), Party("outside", "", received=False))


def test_caller_of_a_number_that_is_nobodys_any_more_is_not_logged():
    assert restore("outside", [arrived(call="outside", step=1)], None, office()).logged is False


def test_telephone_outside_that_is_found_talking_has_no_keys():
    """Nothing but the leg itself says whose it is: the last line that was written down was a colleague's."""
    story = Story(company()).comes_in("outside", MAIN)
    legs = [
        arrived(call="outside", step=1, answered=101.0, other="mobile"),
        arrived(leg="mobile", call="outside", role=Role.CALLEE, step=1, answered=101.0, other="outside", trunk=""),
    ]
    again = Story(story.directory, restore("outside", legs, story.call.record, story.directory))
    for event in missed(again.call, legs, 200.0):
        again.tell(event)
    assert isinstance(again.state, Talking)
    assert isinstance(again.presses("mobile", "#").state, Talking)


def test_telephone_outside_that_was_written_down_is_no_colleague_though_its_leg_is_not_found():
    """After a transfer to outside the number first dialled leads to Bartek, who is not there any more."""
    story = outside_talks()
    sent(story, "600100300").talk("outside", "client")
    talks = arrived(call="outside", step=1, answered=101.0, other="client")
    again = Story(story.directory, restore("outside", [talks], story.call.record, story.directory))
    for event in missed(again.call, [talks], 200.0):
        again.tell(event)
    assert again.state == Talking(Party("client", "", number=CLIENT))


def test_party_outside_keeps_its_number():
    """Anna has called a client and sends him to Bartek by her phone's key; then the controller is another."""
    story = calls("600100300").talk("anna", "client").hangs_up("anna", Outcome.TRANSFERRED, by_phone=False)
    found = arrived(leg="client", call="anna", role=Role.CALLEE, note="referring/101", step=1, trunk="", answered=101.0)
    assert restore("anna", [found], story.call.record, story.directory).party == story.call.party
    assert story.call.party == Party("client", "", number=CLIENT)


def test_pair_of_two_colleagues_is_told_by_the_one_who_was_called():
    story = Story(company()).dials("anna", "22")
    anna = FoundLeg(leg="anna", call="anna", role=Role.CALLER, login="101", dialled="22", started=1.0, answered=2.0, step=1)
    bartek = FoundLeg(leg="b", call="anna", role=Role.CALLEE, login="102", dialled="", started=1.0, answered=2.0, step=1)
    legs = [replace(anna, other="b"), replace(bartek, other="anna")]
    (joined, _) = missed(story.call, legs, 9.0)
    assert joined == LegsJoined(leg="b", at=2.0, call="anna", other="anna", login="102", other_login="101")
