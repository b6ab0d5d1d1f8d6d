"""Calls that come in from outside and calls that go out, over real trunks, with ears at both ends."""

import pytest

from app.core.actions import Prompt
from app.core.outcome import EndedBy, Limit, Outcome
from tests.contract.desk import told
from tests.contract.people import Person, hear_each_other
from tests.contract.phone import wait_until
from tests.contract.product import Product
from tests.contract.trunk_peer import (
    CLOSED,
    COMPANY,
    FORWARDED,
    MAIN,
    MOBILE,
    OLA,
    OLAS,
    STRANGER,
    Staff,
    Town,
    shown,
)
from tests.contract.worlds import on_freeswitch

# --- in


def test_somebody_outside_reaches_an_account_by_its_city_number(pbx: Product, now: float, outside: Town, ola: Person) -> None:
    caller = outside.stranger
    caller.dial(OLAS)
    ringing = ola.rings()
    assert ringing["number"] in (STRANGER.number, STRANGER.number.removeprefix("+48"))
    ola.answer()
    caller.talks()
    hear_each_other(caller, ola)
    caller.hangs_up()
    ola.ended()
    row = pbx.one_call(now, COMPANY)
    assert (row.caller_number, row.caller_login, row.dialled) == (STRANGER.number, "", OLAS)
    assert (row.outcome, row.ended_by) == (Outcome.ANSWERED, EndedBy.CALLER)


@pytest.mark.parametrize("written", ["48221000002", "221000002", "0048221000002"])
def test_an_operator_may_write_the_number_as_it_likes(outside: Town, ola: Person, written: str) -> None:
    outside.stranger.dial(written)
    ola.rings()
    outside.stranger.hangs_up()
    ola.ended()


def test_a_number_that_is_nobodys_is_told_to_the_operator_without_a_word(outside: Town, staff: Staff) -> None:
    outside.stranger.dial("+48221999999")
    outside.stranger.ended(404)


def test_an_announcement_is_heard_and_then_the_call_ends(
    pbx: Product, now: float, outside: Town, staff: Staff, tmp_path
) -> None:
    caller = outside.stranger
    caller.dial(CLOSED)
    caller.talks()
    caller.device.ear(caller.call).hears_prompt(outside.message("zamkniete", tmp_path))
    caller.ended()
    assert pbx.one_call(now, COMPANY).dialled == CLOSED


def test_nobody_outside_has_keys(outside: Town, ola: Person, piotr: Person) -> None:
    caller = outside.stranger
    caller.dial(OLAS)
    ola.rings()
    ola.answer()
    caller.talks()
    hear_each_other(caller, ola)
    for keys in ("#22", "**22"):
        caller.presses(keys)
    piotr.does_not_ring(1.0)
    hear_each_other(caller, ola)


def test_who_is_forwarded_outside_is_connected_when_one_is_pressed(outside: Town, staff: Staff) -> None:
    caller, mobile = outside.stranger, outside.mobile
    caller.dial(FORWARDED)
    invite = mobile.rings()["invite"]
    assert (shown(invite, "From"), shown(invite, "P-Asserted-Identity"), shown(invite, "Diversion")) == (MAIN, MAIN, MAIN)
    caller.hears_ringing()
    mobile.answer()
    mobile.is_told(Prompt.PRESS_ONE)
    assert not caller.device.has("answered", call=caller.call)
    mobile.presses("1")
    caller.talks()
    hear_each_other(caller, mobile)


def test_a_call_that_meets_no_controller_is_in_the_log_of_whom_it_was_for(
    pbx: Product, now: float, outside: Town, staff: Staff, worker_later: None
) -> None:
    pbx.kill_worker()
    outside.stranger.dial(OLAS)
    outside.stranger.ended(503, within=15)
    row = pbx.one_call(now, COMPANY)
    assert (row.caller_number, row.dialled, row.outcome) == (STRANGER.number, OLAS, Outcome.FAILED)
    assert (row.ended_by, row.parts) == (EndedBy.SYSTEM, ())


# --- out


def test_who_dials_a_number_outside_shows_his_own_and_talks(pbx: Product, now: float, outside: Town, ola: Person) -> None:
    mobile = outside.mobile
    ola.dial("600100200")
    invite = mobile.rings()["invite"]
    assert invite.startswith(f"INVITE sip:{MOBILE.number}@")
    assert (shown(invite, "From"), shown(invite, "P-Asserted-Identity"), shown(invite, "Diversion")) == (OLAS, OLAS, "")
    ola.hears_ringing()
    mobile.answer()
    ola.talks()
    hear_each_other(ola, mobile)
    mobile.hangs_up()
    ola.ended()
    row = pbx.one_call(now, COMPANY)
    assert (row.caller_login, row.outcome, row.ended_by) == (OLA.login, Outcome.ANSWERED, EndedBy.CALLEE)


def test_who_has_no_number_of_his_own_shows_the_companys(outside: Town, piotr: Person) -> None:
    piotr.dial("0048600100200")
    assert shown(outside.mobile.rings()["invite"], "From") == MAIN


@on_freeswitch
def test_a_first_trunk_that_refuses_is_passed_over(outside: Town, ola: Person) -> None:
    outside.reserve.behaviour = "ring"
    before = len(outside.reserve.taken)
    ola.dial("600100200")
    outside.mobile.rings()
    outside.mobile.device.order("hangup", call=outside.mobile.call, code=503)
    wait_until(lambda: len(outside.reserve.taken) > before, 5, "the reserve was asked")
    assert outside.reserve.taken[-1].first.startswith(f"INVITE sip:{MOBILE.number}@")
    ola.hears_ringing()


def test_when_no_trunk_takes_the_call_that_is_said(pbx: Product, now: float, outside: Town, ola: Person) -> None:
    ola.dial("600100200")
    outside.mobile.rings()
    outside.mobile.device.order("hangup", call=outside.mobile.call, code=503)
    ola.is_told_before_answer(Prompt.NO_LINE)
    ola.ended(503, within=10)
    assert pbx.one_call(now, COMPANY).outcome is Outcome.NO_LINE


@pytest.mark.parametrize(
    ("code", "prompt", "outcome"),
    [
        (486, Prompt.BUSY, Outcome.BUSY),
        (603, Prompt.DECLINED, Outcome.DECLINED),
        (404, Prompt.NO_SUCH_NUMBER, Outcome.NO_SUCH_NUMBER),
        (480, Prompt.NO_ANSWER, Outcome.NO_ANSWER),
        (408, Prompt.NO_ANSWER, Outcome.NO_ANSWER),
    ],
)
def test_the_worlds_answer_is_told_and_no_other_trunk_is_asked(
    pbx: Product, now: float, outside: Town, ola: Person, code: int, prompt: Prompt, outcome: Outcome
) -> None:
    before = len(outside.reserve.taken)
    ola.dial("600100200")
    outside.mobile.rings()
    outside.mobile.device.order("hangup", call=outside.mobile.call, code=code)
    ola.is_told_before_answer(prompt)
    ola.ended()
    assert len(outside.reserve.taken) == before
    assert pbx.one_call(now, COMPANY).outcome is outcome


def test_an_internal_number_may_be_a_telephone_outside(pbx: Product, now: float, outside: Town, ola: Person) -> None:
    mobile = outside.mobile
    ola.dial("30")
    invite = mobile.rings()["invite"]
    assert shown(invite, "Diversion") != ""
    mobile.answer()
    mobile.is_told(Prompt.PRESS_ONE)
    mobile.presses("1", "info")
    ola.talks()
    hear_each_other(ola, mobile)
    ola.hangs_up()
    mobile.ended()
    assert told(pbx.one_call(now, COMPANY)) == [f"{MOBILE.number} answered"]


def test_a_voice_box_that_answers_does_not_take_the_call(outside: Town, ola: Person) -> None:
    ola.dial("30")
    outside.mobile.rings()
    outside.mobile.answer()
    outside.mobile.hangs_up()
    ola.is_told_before_answer(Prompt.NO_ANSWER)


# --- limits


def test_a_transfer_that_the_limits_stop_is_told_and_alerted_and_the_caller_is_had_back(
    pbx: Product, now: float, outside: Town, ola: Person
) -> None:
    caller = outside.stranger
    caller.dial(OLAS)
    ola.rings()
    ola.answer()
    caller.talks()
    hear_each_other(caller, ola)
    ola.presses("#0049301234567#")
    caller.hears_music()
    ola.is_told(Prompt.OVER_LIMIT)
    ola.hears_dial_tone()
    ola.presses("*")
    hear_each_other(caller, ola)
    with pbx.office() as services:
        alert = services.refusals.of(pbx.tenant(COMPANY), for_provider=False)
    assert alert is not None
    (stopped,) = [some for some in alert.refused if some.last >= now]
    assert (stopped.name, stopped.number, stopped.is_outside) == (OLA.shown, OLA.number, False)
    assert (stopped.limit, stopped.country, stopped.numbers) == (Limit.COUNTRY, "DE", ("+49301234567",))
    caller.hangs_up()
    ola.ended()
    row = pbx.one_call(now, COMPANY)
    assert told(row) == ["21 transferred", "+49301234567 over-limit", "21 answered"]
    assert row.outcome is Outcome.ANSWERED
