"""The table of transfers, row by row: `#`, what the digits mean, and that nobody is lost. Each way round."""

import pytest

from app.core.actions import Connect, DialTone, HangUp, Keys, Listen, Music, Present, Prompt, Say, Silence
from app.core.commands import CancelTimer, Join, Release, Ring, Script, Separate, SetTimer, SwitchKeys
from app.core.directory import ToAccount
from app.core.outcome import EndedBy, Outcome
from app.core.party import Party
from app.core.states import Collecting, Diverting, Ended, Excusing, Joining, Refusing, Returning, Sending, Talking
from tests.core.stories import LOGINS, from_outside, office, talking

NUMBERS = {"anna": "21", "bartek": "22"}


@pytest.fixture
def story(sides):
    return talking(office(keys_on_internal_calls=sides[0] == "anna"))


# --- the code -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["#", "**"])
def test_after_the_code_one_hears_the_dial_tone_and_the_other_music(story, sides, code):
    transferor, customer = sides
    story.presses(transferor, code)
    (separate,) = story.ordered(Separate)
    assert (separate.first.leg, separate.second.leg) == (transferor, customer)
    assert separate.first.actions == (Listen(Keys.KEYPAD), DialTone(20))
    assert separate.second.actions == (Music(60),)
    assert story.ordered(SetTimer)[0].seconds == 10


def test_whoever_is_put_aside_finds_the_way_back_alone(story, sides):
    transferor, customer = sides
    story.presses(transferor, "#")
    rescue = story.script_of(customer).rescue
    assert rescue.count(Connect((LOGINS[transferor],), 20)) == 2
    assert rescue[-2:] == (Say(Prompt.TRANSFER_FAILED, "pl"), HangUp(Outcome.ANSWERED))


def test_other_keys_are_none(story, sides):
    assert story.presses(sides[0], "*", "5").sent == []


def test_calling_side_has_no_keys_unless_the_tenant_wants_it():
    story = talking(office())
    assert story.sent == []
    assert isinstance(story.presses("anna", "#", "**").state, Talking)


def test_calling_side_gets_its_keys_where_the_tenant_wants_it():
    assert talking(office(keys_on_internal_calls=True)).sent == [SwitchKeys("anna", Keys.TALK, bind=True)]


@pytest.mark.parametrize("wanted", [True, False])
def test_nobody_outside_has_a_key(wanted):
    story = from_outside(office(keys_on_internal_calls=wanted))
    assert isinstance(story.presses("outside", "#", "**").state, Talking)
    assert isinstance(story.presses("somebody", "#").state, Talking)


def test_phone_of_another_tenant_has_no_key():
    story = talking(office())
    story.call = story.call.__class__(**{**vars(story.call), "state": Talking(Party("rita", "201"))})
    assert isinstance(story.presses("rita", "#").state, Talking)


@pytest.mark.parametrize("keys", ["#", "**"])
def test_first_key_that_begins_nothing_leaves_the_digits_to_the_talk(keys):
    story = talking(office())
    assert story.presses("anna", keys).sent == [SwitchKeys("anna", Keys.TALK)]
    story.presses("bartek", "**", "2", "3").answers("celina").talk("bartek", "celina")
    assert story.presses("celina", keys).sent == [SwitchKeys("celina", Keys.TALK)]
    assert story.presses("bartek", keys).sent == []


def test_only_the_transferor_dials(story, sides):
    transferor, customer = sides
    story.presses(transferor, "#").presses(customer, "2", "3", "*", "#")
    assert story.state.digits == ""


# --- the digits -----------------------------------------------------------------------------------------------------


def test_number_that_is_complete_is_dialled_at_once(story, sides):
    story.presses(sides[0], "#", "2", "3")
    assert isinstance(story.state, Sending)
    assert story.ordered(CancelTimer)


def test_number_that_may_go_on_waits_for_more(story, sides):
    story.presses(sides[0], "#", "2", "2")
    assert story.state.digits == "22"
    assert story.ordered(SetTimer)[0].seconds == 3
    assert story.presses(sides[0], "1").state == Sending(LOGINS[sides[0]], "221")


def test_number_that_may_go_on_ends_after_the_tenants_time(sides):
    story = talking(office(keys_on_internal_calls=True, digit_timeout=5)).presses(sides[0], "#", "2", "2")
    assert story.ordered(SetTimer)[0].seconds == 5
    assert story.time_is_up().state == Sending(LOGINS[sides[0]], "22")


def test_number_ends_on_the_hash(story, sides):
    assert story.presses(sides[0], "#", "2", "2", "#").state == Sending(LOGINS[sides[0]], "22")


def test_first_digit_ends_the_dial_tone(story, sides):
    assert story.presses(sides[0], "#", "2").script_of(sides[0]).actions == (Silence(60),)
    assert story.presses(sides[0], "2").ordered(Script) == []


def test_first_digit_ends_the_reason_too(story, sides):
    assert story.presses(sides[0], "#", "7", "#", "2").script_of(sides[0]).actions == (Silence(60),)


def test_timer_that_crossed_a_digit_says_nothing(story, sides):
    story.presses(sides[0], "#", "2", "2")
    stale = [command for command in story.told if isinstance(command, SetTimer)][-2]
    before = story.call
    story.told.append(stale)
    story.time_is_up()
    assert story.call is before


def test_star_while_dialling_gives_the_party_back(story, sides):
    transferor, customer = sides
    story.presses(transferor, "#", "2", "*")
    assert story.ordered(Join)[0].leg == customer
    story.talk(customer, transferor)
    assert isinstance(story.state, Talking)
    assert SwitchKeys(transferor, Keys.TALK) in story.sent
    assert story.parts == [("22", True, None)]


def test_transferor_who_is_back_may_try_again(story, sides):
    transferor, customer = sides
    story.presses(transferor, "#", "*").talk(customer, transferor).presses(transferor, "**", "2", "3")
    assert story.ordered(Ring)[0].login == "103"


@pytest.mark.parametrize("wrong", ["9", "77", "112", "999"])
@pytest.mark.parametrize("code", ["#", "**"])
def test_wrong_number_is_told_three_times_and_then_the_party_is_back(story, sides, code, wrong):
    transferor, customer = sides
    story.presses(transferor, code)
    for _ in range(2):
        story.presses(transferor, *wrong, "#")
        assert story.script_of(transferor).actions == (Listen(Keys.KEYPAD), Say(Prompt.NO_SUCH_NUMBER, "pl"), DialTone(20))
    story.presses(transferor, *wrong, "#")
    assert story.script_of(transferor).actions == (Say(Prompt.NO_SUCH_NUMBER, "pl"),)
    assert isinstance(story.state, Excusing)
    story.waits(transferor)
    assert story.ordered(Join)[0].other == transferor
    assert story.talk(customer, transferor).state == Talking(Party(transferor, LOGINS[transferor], sides[0] == "bartek"), True)


def test_no_number_is_a_wrong_number(story, sides):
    transferor, _ = sides
    story.presses(transferor, "#").time_is_up()
    assert story.state.tries == 2
    story.presses(transferor, "#")
    assert story.state.tries == 3
    assert isinstance(story.time_is_up().state, Excusing)


def test_reason_may_be_cut_short(story, sides):
    story.presses(sides[0], "#", "#", "#", "#", "*")
    assert isinstance(story.state, Joining)


def test_music_goes_on_as_long_as_it_takes(story, sides):
    transferor, customer = sides
    story.presses(transferor, "#").waits(customer)
    assert story.script_of(customer).actions == (Music(60),)
    assert isinstance(story.state, Collecting)


def test_number_of_another_tenant_is_a_wrong_number(story, sides):
    assert story.presses(sides[0], "#", "3", "1", "#").state.tries == 2


# --- the caller is sent on ------------------------------------------------------------------------------------------


def test_party_is_sent_on_and_the_transferor_is_free(story, sides):
    transferor, customer = sides
    story.presses(transferor, "#", "2", "3")
    shown = Present(NUMBERS[customer], customer.capitalize())
    assert story.script_of(customer).actions == (shown, Connect(("103",), 30))
    assert story.ordered(Release) == [Release(transferor, Outcome.ANSWERED)]


def test_target_that_answers_talks_to_the_first_caller(story, sides):
    transferor, customer = sides
    story.presses(transferor, "#", "2", "3").hangs_up(transferor, by_phone=False).talk(customer, "celina")
    assert story.state == Talking(Party("celina", "103"))
    assert story.parts == [("22", True, Outcome.TRANSFERRED), ("23", True, None)]
    story.hangs_up("celina")
    assert story.state == Ended()
    assert story.call.record.outcome is Outcome.ANSWERED
    assert story.parts[-1] == ("23", True, Outcome.ANSWERED)


def test_target_may_send_the_caller_on_again(story, sides):
    transferor, customer = sides
    story.presses(transferor, "#", "2", "3").talk(customer, "celina").presses("celina", "#", "2", "4").talk(customer, "darek")
    assert story.parts == [("22", True, Outcome.TRANSFERRED), ("23", True, Outcome.TRANSFERRED), ("24", True, None)]


@pytest.mark.parametrize("result", [Outcome.BUSY, Outcome.DECLINED, Outcome.NOT_REGISTERED, Outcome.NO_ANSWER])
def test_target_that_is_not_there_sends_the_party_back_with_a_marked_display(story, sides, result):
    transferor, customer = sides
    story.presses(transferor, "#", "2", "3").waits(customer, result)
    assert story.state == Returning(LOGINS[transferor])
    attempt = Connect((LOGINS[transferor],), 20)
    marked = Present(NUMBERS[customer], f"Powrót {NUMBERS[customer]} od 23")
    assert story.script_of(customer).actions == (marked, attempt, Music(10), attempt)
    assert story.parts[1] == ("23", False, result)


def test_marked_display_speaks_the_tenants_language():
    directory = office()
    object.__setattr__(directory.tenants[1], "language", "en")
    story = from_outside(directory).presses("bartek", "#", "2", "3").waits("outside", Outcome.BUSY)
    assert story.script_of("outside").actions[0] == Present("600100200", "Return 600100200 from 23")


def test_transferor_who_takes_it_back_talks_and_has_keys(story, sides):
    transferor, customer = sides
    story.presses(transferor, "#", "2", "3").waits(customer, Outcome.BUSY).talk(customer, "again")
    assert story.state == Talking(Party("again", LOGINS[transferor]))
    assert story.parts[-1] == (NUMBERS[transferor], True, None)
    assert isinstance(story.presses("again", "#").state, Collecting)


def test_nobody_back_and_no_fallback_is_an_apology(story, sides):
    transferor, customer = sides
    story.presses(transferor, "#", "2", "3").waits(customer, Outcome.BUSY).waits(customer, Outcome.NO_ANSWER)
    assert story.script_of(customer).actions == (Say(Prompt.TRANSFER_FAILED, "pl"), HangUp(Outcome.ANSWERED))
    story.hangs_up(customer, by_phone=False)
    assert (story.state, story.call.record.outcome) == (Ended(), Outcome.ANSWERED)
    assert story.call.record.ended_by is EndedBy.SYSTEM


def test_nobody_back_goes_where_the_tenant_says(sides):
    transferor, customer = sides
    story = talking(office(keys_on_internal_calls=True, transfer_fallback=ToAccount("105")))
    story.presses(transferor, "#", "2", "3").waits(customer, Outcome.BUSY).waits(customer, Outcome.NO_ANSWER)
    assert story.state == Diverting("105")
    assert story.script_of(customer).actions == (Present(NUMBERS[customer], customer.capitalize()), Connect(("105",), 30))
    assert story.parts[-1] == ("221", False, None)
    story.waits(customer, Outcome.NO_ANSWER)
    assert story.state == Refusing(Outcome.FAILED)


def test_fallback_that_answers_talks(sides):
    transferor, customer = sides
    story = talking(office(keys_on_internal_calls=True, transfer_fallback=ToAccount("105")))
    story.presses(transferor, "#", "2", "3").waits(customer, Outcome.BUSY).waits(customer, Outcome.NO_ANSWER)
    assert story.talk(customer, "ewa").state == Talking(Party("ewa", "105"))
