"""Calls that a tenant's limits have stopped, until somebody has looked at them."""

import time
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from app.core.outcome import EndedBy, Limit, Outcome
from app.core.record import Part, Record, Stop
from app.services.actor import Actor
from app.store import calllog

WARSAW = ZoneInfo("Europe/Warsaw")
NINE = datetime(2026, 3, 4, 9, tzinfo=WARSAW).timestamp()
CUBA, BERLIN, MOBILE, PREMIUM = "+5378001234", "+4930123456", "+48600100200", "+48701123456"


@pytest.fixture
def log(database):
    def write(*records):
        with database.writing():
            calllog.store(records)

    return write


@pytest.fixture
def stopped(acme, anna, log):
    """Anna, or somebody else, has dialled a number and heard that it exceeds a limit."""
    made = []

    def stopped(called, at=NINE, tenant=acme, login=anna.login, number="21", name="Anna Żółć", limit=Limit.COUNTRY):
        made.append(called)
        record = Record(f"stopped-{len(made)}", tenant.id, number, name, login, called, at)
        record = replace(record, parts=(part(called, at, login, limit),))
        log(replace(record, ended=at + 6, outcome=Outcome.OVER_LIMIT, ended_by=EndedBy.SYSTEM))

    return stopped


def part(called, at, sender, limit=Limit.COUNTRY):
    return Part(called, "", "", at, None, at, Outcome.OVER_LIMIT, Stop(limit, sender))


@pytest.fixture
def transferred(acme, bartek, log):
    """Somebody outside talks to Bartek; the account ``sender`` wants to send him on, and is stopped."""

    def transferred(sender, at=NINE, called=CUBA):
        talk = Part("22", "Bartek", bartek.login, at - 60, at - 50, at, Outcome.TRANSFERRED)
        again = replace(talk, started=at, answered=at, ended=None, outcome=None)
        parts = (talk, part(called, at, sender), again)
        log(Record("talks", acme.id, "+48500600700", "", "", "+48221234567", at - 60, at - 50, parts=parts))

    return transferred


@pytest.fixture
def talk(acme, anna, log):
    """Anna has talked to somebody outside."""

    def talk(since, until):
        parts = (Part(MOBILE, "", "", since, since, until, Outcome.ANSWERED),)
        log(Record("talk", acme.id, "21", "Anna", anna.login, MOBILE, since, since, until, Outcome.ANSWERED, parts=parts))

    return talk


@pytest.fixture
def alert(pbx, acme):
    return lambda for_provider=False: pbx.refusals.of(acme.id, for_provider=for_provider)


def only(alert):
    (one,) = alert.refused
    return one


def test_without_any_there_is_no_alert(pbx, acme, alert, talk):
    talk(NINE, NINE + 60)
    assert alert() is None
    assert pbx.refusals.everywhere() == []
    assert pbx.refusals.counts() == {}


def test_who_was_stopped_when_by_what_and_how_often(acme, anna, alert, stopped):
    for minute in range(3):
        stopped(CUBA, NINE + 60 * minute)
    stopped("+5355501234", NINE + 300)
    found = alert()
    assert (found.name, found.count, found.until) == ("Acme", 4, NINE + 300)
    one = only(found)
    assert (one.name, one.number, one.account) == ("Anna Żółć", "21", anna.account.id)
    assert (one.limit, one.country, one.count) == (Limit.COUNTRY, "CU", 4)
    assert (one.first, one.last) == (NINE, NINE + 300)
    assert (one.numbers, one.has_more_numbers, one.is_outside) == (("+5355501234", "+5378001234"), False, False)


def test_of_many_numbers_the_newest_are_named(alert, stopped):
    for place in range(5):
        stopped(f"+537800123{place}", NINE + place)
    one = only(alert())
    assert (one.numbers, one.has_more_numbers) == (("+5378001234", "+5378001233", "+5378001232"), True)


def test_callers_and_limits_stand_apart_the_newest_first(alert, stopped, bartek):
    stopped(CUBA)
    stopped(PREMIUM, NINE + 10, limit=Limit.PREMIUM)
    stopped(BERLIN, NINE + 20)
    stopped(CUBA, NINE + 30, login=bartek.login, number="22", name="Bartek")
    assert [(one.number, one.limit, one.country) for one in alert().refused] == [
        ("22", Limit.COUNTRY, "CU"),
        ("21", Limit.COUNTRY, "DE"),
        ("21", Limit.PREMIUM, ""),
        ("21", Limit.COUNTRY, "CU"),
    ]


def test_number_of_no_known_country(alert, stopped):
    stopped("+88213123456")
    assert (only(alert()).limit, only(alert()).country) == (Limit.COUNTRY, "001")


@pytest.mark.parametrize("limit", [Limit.MINUTES, Limit.AT_ONCE, Limit.UNKNOWN])
def test_limit_is_the_one_that_was_written_down(alert, stopped, limit):
    stopped(CUBA, limit=limit)
    assert (only(alert()).limit, only(alert()).country) == (limit, "")


def test_caller_outside_whose_way_led_there_is_named_by_number(alert, stopped):
    stopped(BERLIN, login="", number="+48500600700", name="")
    one = only(alert())
    assert (one.number, one.is_outside, one.account, one.numbers) == ("+48500600700", True, 0, (BERLIN,))


def test_callers_outside_stand_apart(alert, stopped):
    stopped(BERLIN, login="", number="+48500600700", name="")
    stopped(BERLIN, NINE + 9, login="", number="+48500600701", name="")
    assert [one.number for one in alert().refused] == ["+48500600701", "+48500600700"]


def test_transfer_is_of_who_sent_the_caller_on_while_the_call_still_lives(bartek, alert, transferred):
    transferred(bartek.login)
    one = only(alert())
    assert (one.name, one.number, one.is_outside, one.account) == ("Bartek", "22", False, bartek.account.id)
    assert (alert().count, one.first, one.last, one.numbers) == (1, NINE, NINE, (CUBA,))


def test_what_one_has_dialled_and_sent_on_stands_together(anna, alert, stopped, transferred):
    stopped(CUBA, NINE - 10)
    transferred(anna.login)
    assert (only(alert()).number, only(alert()).count) == ("21", 2)


def test_sender_without_a_number_has_his_login(pbx, ola, acme, alert, transferred):
    login = pbx.accounts.create(ola, acme.id, "Celina").login
    transferred(login)
    assert (only(alert()).name, only(alert()).number) == ("Celina", login)


def test_sender_that_is_gone_has_his_login(alert, transferred):
    transferred("100999")
    one = only(alert())
    assert (one.name, one.number, one.account, one.is_outside) == ("", "100999", 0, False)


def test_each_stop_of_one_call_counts(acme, anna, alert, log):
    parts = tuple(part(CUBA, NINE + place, anna.login) for place in range(3))
    log(Record("c", acme.id, "21", "Anna", anna.login, "22", NINE, NINE, parts=parts))
    assert (alert().count, only(alert()).count, alert().until) == (3, 3, NINE + 2)


def test_account_that_is_gone_is_still_named(pbx, ola, acme, anna, alert, stopped):
    pbx.numbers.delete(ola, acme.id, anna.extension.id)
    pbx.accounts.delete(ola, acme.id, anna.account.id)
    stopped(CUBA)
    assert (only(alert()).name, only(alert()).account) == ("Anna Żółć", 0)


def test_whoever_has_looked_is_not_told_again_but_the_other_side_is(pbx, owner, acme, alert, stopped, changes):
    stopped(CUBA)
    pbx.refusals.look_at(owner, acme.id, alert().until)
    assert alert() is None
    assert alert(for_provider=True).count == 1
    assert changes()[-1] == ("Oskar", "refusals-seen", "")
    pbx.refusals.look_at(Actor(owner.user_id, "Olga", is_operator=True), acme.id, alert(for_provider=True).until)
    assert alert(for_provider=True) is None


def test_what_comes_meanwhile_stays_to_be_looked_at(pbx, owner, acme, alert, stopped):
    stopped(CUBA)
    shown = alert().until
    stopped(BERLIN, NINE + 1)
    pbx.refusals.look_at(owner, acme.id, shown)
    assert only(alert()).country == "DE"


@pytest.mark.parametrize("until", [float("nan"), float("inf"), -1.0, 4e9])
def test_nobody_looks_at_what_is_still_to_come(pbx, owner, acme, alert, stopped, until):
    pbx.refusals.look_at(owner, acme.id, until)
    stopped(CUBA, time.time() + 5)
    assert alert().count == 1


def test_older_page_does_not_bring_back_what_a_newer_has_settled(pbx, owner, acme, alert, stopped):
    stopped(CUBA)
    stopped(BERLIN, NINE + 60)
    pbx.refusals.look_at(owner, acme.id, alert().until)
    pbx.refusals.look_at(owner, acme.id, NINE)
    assert alert() is None


def test_provider_sees_every_tenants_the_newest_first(pbx, acme, zenit, zofia, stopped):
    stopped(CUBA)
    stopped(CUBA, NINE + 60, zenit, zofia.login, "21", "Zofia")
    stopped(CUBA, NINE + 90, zenit, zofia.login, "21", "Zofia")
    assert [(alert.name, alert.count) for alert in pbx.refusals.everywhere()] == [("Zenit", 2), ("Acme", 1)]
    assert pbx.refusals.counts() == {acme.id: 1, zenit.id: 2}


def test_thousands_are_counted_and_the_newest_told(acme, anna, alert, log):
    calls = (Record(f"c-{n}", acme.id, "21", "Anna", anna.login, CUBA, NINE + n) for n in range(1200))
    log(*(replace(call, parts=(part(CUBA, call.started, anna.login),)) for call in calls))
    assert alert().count == 1200
    assert (only(alert()).count, only(alert()).last) == (500, NINE + 1199)
