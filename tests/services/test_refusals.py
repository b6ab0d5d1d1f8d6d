"""Calls that a tenant's limits have stopped, until somebody has looked at them."""

import time
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from app.core.destinations import ToExtension, ToExternal, ToRing
from app.core.outcome import EndedBy, Outcome
from app.core.record import Part, Record
from app.services.actor import Actor
from app.services.refusals import Limit
from app.store import calllog

WARSAW = ZoneInfo("Europe/Warsaw")
NINE = datetime(2026, 3, 4, 9, tzinfo=WARSAW).timestamp()
CUBA, BERLIN, MOBILE, PREMIUM = "005378001234", "004930123456", "600100200", "701123456"


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

    def stopped(dialled, at=NINE, tenant=acme, login=anna.login, number="21", name="Anna Żółć"):
        made.append(dialled)
        record = Record(f"stopped-{len(made)}", tenant.id, number, name, login, dialled, at)
        log(replace(record, ended=at + 6, outcome=Outcome.OVER_LIMIT, ended_by=EndedBy.SYSTEM))

    return stopped


@pytest.fixture
def talk(acme, anna, log):
    """Anna has talked to somebody outside."""

    def talk(since, until):
        part = Part("+48600100200", "", "", since, since, until, Outcome.ANSWERED)
        record = Record(f"talk-{since}", acme.id, "21", "Anna", anna.login, MOBILE, since, since, until, Outcome.ANSWERED)
        log(replace(record, parts=(part,)))

    return talk


@pytest.fixture
def alert(pbx, acme):
    return lambda for_provider=False: pbx.refusals.of(acme.id, for_provider=for_provider)


@pytest.fixture
def limits(pbx, ola, acme):
    def limits(**changed):
        now = pbx.tenants.settings(acme.id)
        pbx.tenants.change_settings(ola, acme.id, replace(now, limits=replace(now.limits, **changed)))

    return limits


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
    stopped("005355501234", NINE + 300)
    found = alert()
    assert (found.name, found.count, found.until) == ("Acme", 4, NINE + 306)
    one = only(found)
    assert (one.name, one.number, one.account) == ("Anna Żółć", "21", anna.account.id)
    assert (one.limit, one.country, one.count) == (Limit.COUNTRY, "CU", 4)
    assert (one.first, one.last) == (NINE, NINE + 300)
    assert (one.numbers, one.has_more_numbers, one.is_outside) == (("+5355501234", "+5378001234"), False, False)


def test_of_many_numbers_the_newest_are_named(alert, stopped):
    for place in range(5):
        stopped(f"00537800123{place}", NINE + place)
    one = only(alert())
    assert (one.numbers, one.has_more_numbers) == (("+5378001234", "+5378001233", "+5378001232"), True)


def test_callers_and_limits_stand_apart_the_newest_first(alert, stopped, bartek):
    stopped(CUBA)
    stopped(PREMIUM, NINE + 10)
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


def test_minutes_that_were_used_up_are_told_from_lines_that_were_all_taken(alert, stopped, talk, limits):
    limits(minutes_per_day=60)
    talk(NINE, NINE + 1800)
    stopped(MOBILE, NINE + 1800)
    assert only(alert()).limit is Limit.AT_ONCE
    talk(NINE + 900, NINE + 2700)
    stopped(MOBILE, NINE + 2600)
    stopped(MOBILE, NINE + 2700)
    assert [(one.limit, one.count) for one in alert().refused] == [(Limit.MINUTES, 1), (Limit.AT_ONCE, 2)]


def test_minutes_are_those_of_the_tenants_day(alert, stopped, talk, limits):
    limits(minutes_per_day=60)
    midnight = datetime(2026, 3, 5, tzinfo=WARSAW).timestamp()
    talk(midnight - 7200, midnight + 1800)
    stopped(MOBILE, midnight - 100)
    stopped(MOBILE, midnight + 1800)
    assert [one.limit for one in alert().refused] == [Limit.AT_ONCE, Limit.MINUTES]


def test_call_that_goes_on_uses_them_up_as_well(acme, alert, stopped, limits, log):
    limits(minutes_per_day=10)
    part = Part("+48600100200", "", "", NINE, NINE)
    log(Record("long", acme.id, "22", "B", "b", MOBILE, NINE, NINE, parts=(part,)))
    stopped(MOBILE, NINE + 601)
    assert only(alert()).limit is Limit.MINUTES


def test_no_minutes_at_all_are_used_up_at_midnight(alert, stopped, limits):
    limits(minutes_per_day=0)
    stopped(MOBILE)
    assert only(alert()).limit is Limit.MINUTES


def test_limit_that_has_been_raised_since_is_not_guessed(alert, stopped, limits):
    stopped(CUBA)
    limits(countries=frozenset({"PL", "CU"}), calls_at_once=None)
    assert only(alert()).limit is Limit.CHANGED


def test_what_led_outside_is_followed(pbx, ola, acme, anna, alert, stopped):
    pbx.numbers.create(ola, acme.id, "30", "Boss", ToExternal("+4930123456"))
    pbx.cities.create(ola, acme.id, "221234567", "Main", ToExtension("30"))
    stopped("+48221234567", login="", number="+48500600700", name="")
    one = only(alert())
    assert (one.number, one.is_outside, one.account) == ("+48500600700", True, 0)
    assert (one.limit, one.country, one.numbers) == (Limit.COUNTRY, "DE", ("+4930123456",))


def test_what_came_through_a_ring_plan_is_named_as_dialled(pbx, ola, acme, anna, alert, stopped):
    pbx.numbers.create(ola, acme.id, "30", "Sales", ToRing((anna.login,), unavailable=ToExternal("+4930123456")))
    stopped("30")
    assert (only(alert()).limit, only(alert()).numbers) == (Limit.AT_ONCE, ("30",))


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
    pbx.refusals.look_at(owner, acme.id, NINE + 6)
    assert alert() is None


def test_provider_sees_every_tenants_the_newest_first(pbx, acme, zenit, zofia, stopped):
    stopped(CUBA)
    stopped(CUBA, NINE + 60, zenit, zofia.login, "21", "Zofia")
    stopped(CUBA, NINE + 90, zenit, zofia.login, "21", "Zofia")
    assert [(alert.name, alert.count) for alert in pbx.refusals.everywhere()] == [("Zenit", 2), ("Acme", 1)]
    assert pbx.refusals.counts() == {acme.id: 1, zenit.id: 2}


def test_thousands_are_counted_and_the_newest_told(acme, anna, alert, log):
    calls = (
        Record(f"c-{n}", acme.id, "21", "Anna", anna.login, CUBA, NINE + n, None, NINE + n + 1, Outcome.OVER_LIMIT)
        for n in range(1200)
    )
    log(*calls)
    assert alert().count == 1200
    assert (only(alert()).count, only(alert()).last) == (500, NINE + 1199)
