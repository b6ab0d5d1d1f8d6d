"""Statistics: they say what the calls themselves say, by the tenant's own clock."""

import csv
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.destinations import ToExternal
from app.core.outcome import Outcome
from app.core.record import Offer, Part, Record, Visit
from app.services import queue_csv
from app.services.queue_figures import AgentFigures, QueueFigures, Spread
from app.services.queue_settings import QueueSettings
from app.store import calllog
from app.store.models import CallRecord

WARSAW = ZoneInfo("Europe/Warsaw")
NOON = datetime(2026, 11, 23, 12, tzinfo=WARSAW).timestamp()
FIRST, LAST = NOON - 7 * 86_400, NOON + 7 * 86_400
OUTSIDE = "+48600100200"


@pytest.fixture
def service(pbx, ola, acme, anna, bartek):
    return pbx.queues.create(ola, acme.id, QueueSettings("Serwis", agents=(anna.phone, bartek.phone, ToExternal(OUTSIDE))))


@pytest.fixture
def came(acme, service, database):
    """Somebody came to the queue: at a moment, waited for so long, and talked for so long."""
    calls = iter(range(1000))

    def write(at, wait, outcome, agent="", talk=None, why="", offers=(), call=None, queue=None, tenant=None):
        parts = [Part("201", "Serwis", "", at, None, None if wait is None else at + wait, outcome)]
        if talk is not None:
            answered = at + wait
            parts.append(Part("21", "x", agent, answered, answered, answered + talk, Outcome.ANSWERED))
        visit = Visit((queue or service).id, (queue or service).settings.name, 0, outcome, agent, why, tuple(offers))
        call = call or f"call-{next(calls)}"
        with database.writing():
            record = Record(call, tenant or acme.id, OUTSIDE, "", "", "x", at, parts=tuple(parts), visits=(visit,))
            calllog.store([record])

    return write


@pytest.fixture
def figures(pbx, acme):
    """The figures of the one queue."""
    return lambda since=FIRST, until=LAST, **more: pbx.queue_statistics.queues(acme.id, since, until, **more)[0].figures


def test_each_caller_has_one_outcome(came, figures, anna):
    came(NOON, 10.0, Outcome.ANSWERED, anna.login, talk=100.0)
    came(NOON, 30.0, Outcome.ANSWERED, anna.login, talk=50.0)
    came(NOON, 5.0, Outcome.PICKED_UP, talk=10.0)
    came(NOON, 60.0, Outcome.ABANDONED)
    came(NOON, 300.0, Outcome.OVERFLOWED, why="max-wait")
    came(NOON, 0.0, Outcome.OVERFLOWED, why="full")
    came(NOON, 0.0, Outcome.OVERFLOWED, why="full")
    came(NOON, 40.0, Outcome.CALL_BACK, call="asked")
    came(NOON + 40, 20.0, Outcome.ANSWERED, anna.login, talk=30.0, call="asked-back")
    came(NOON + 40, 20.0, Outcome.ANSWERED, anna.login, call="busy-back")
    came(NOON + 40, 20.0, Outcome.ELSEWHERE, call="reached-back")
    came(NOON, None, None)
    total = figures().total
    assert total == QueueFigures(
        **{"answered": 2, "picked_up": 1, "abandoned": 1, "asked": 1, "waiting": 1, "called_back": 1, "in_time": 1},
        overflowed={"full": 2, "max-wait": 1},
        wait=Spread(3, 45.0, 5.0, 30.0),
        patience=Spread(1, 60.0, 60.0, 60.0),
        talk=Spread(4, 190.0, 10.0, 100.0),
    )
    assert (total.entered, total.led_on, total.wait.mean, total.service_level) == (9, 3, 15.0, 1 / 8)
    assert figures(in_time=30).total.in_time == 2


def test_queue_nobody_entered_is_there_with_nothing(pbx, acme, service):
    (report,) = pbx.queue_statistics.queues(acme.id, FIRST, LAST)
    assert (report.id, report.name, report.exists) == (service.id, "Serwis", True)
    assert (report.figures.total, report.figures.by_day, report.figures.by_hour) == (QueueFigures(), {}, {})
    assert report.figures.total.service_level is None
    assert pbx.queue_statistics.agents(acme.id, FIRST, LAST) == []


def test_talk_that_lasts_is_not_measured_yet(came, figures, acme, service, database, anna):
    came(NOON, 10.0, Outcome.ANSWERED, anna.login)
    talks = Part("21", "Anna", anna.login, NOON + 10, NOON + 10)
    with database.writing():
        (record,) = calllog.records(CallRecord.select())
        calllog.store([replace(record, parts=(*record.parts, talks))])
    assert (figures().total.answered, figures().total.talk) == (1, Spread())
    over = replace(talks, ended=NOON + 30)
    with database.writing():
        calllog.store([replace(record, parts=(*record.parts, over))])
    assert figures().total.talk == Spread(1, 20.0, 20.0, 20.0)


def test_days_and_hours_are_the_tenants(came, figures):
    for day, hour, minute in ((22, 23, 59), (23, 0, 0), (23, 12, 59), (23, 13, 0), (24, 12, 30)):
        came(datetime(2026, 11, day, hour, minute, tzinfo=WARSAW).timestamp(), 1.0, Outcome.ABANDONED)
    counted = figures()
    assert {day: one.abandoned for day, one in counted.by_day.items()} == {
        date(2026, 11, 22): 1,
        date(2026, 11, 23): 3,
        date(2026, 11, 24): 1,
    }
    assert {hour: one.abandoned for hour, one in counted.by_hour.items()} == {0: 1, 12: 2, 13: 1, 23: 1}


@pytest.mark.parametrize("zone", ["Europe/Warsaw", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"])
@pytest.mark.parametrize("month", [3, 10])
def test_clocks_that_are_changed_are_read_as_they_stand(pbx, ola, acme, came, figures, zone, month):
    pbx.tenants.change(ola, acme.id, time_zone=zone)
    first = datetime(2026, month, 1, tzinfo=ZoneInfo("UTC")).timestamp()
    moments = [first + step * 20_011 for step in range(130)]
    for moment in moments:
        came(moment, 1.0, Outcome.ABANDONED)
    clock = [datetime.fromtimestamp(moment, ZoneInfo(zone)) for moment in moments]
    counted = figures(first, first + 31 * 86_400)
    expected = {day: sum(one.date() == day for one in clock) for day in {one.date() for one in clock}}
    assert {day: one.abandoned for day, one in counted.by_day.items()} == expected
    by_hour = {hour: sum(one.hour == hour for one in clock) for hour in {one.hour for one in clock}}
    assert {hour: one.abandoned for hour, one in counted.by_hour.items()} == by_hour


def test_time_is_from_the_first_moment_to_before_the_last(came, figures):
    for moment in (NOON - 1, NOON, NOON + 59, NOON + 60):
        came(moment, 1.0, Outcome.ABANDONED)
    assert figures(NOON, NOON + 60).total.abandoned == 2
    assert figures(NOON + 60, NOON).total.abandoned == 0, "a time that ends before it begins"


def test_no_more_than_a_year_is_counted(came, figures):
    came(NOON - 367 * 86_400, 1.0, Outcome.ABANDONED)
    came(NOON, 1.0, Outcome.ABANDONED)
    assert figures(0.0, NOON + 1).total.abandoned == 1
    assert figures(-1e12, NOON + 1).total.abandoned == 1


def test_deleted_queue_keeps_its_figures(pbx, ola, acme, came, service):
    came(NOON, 1.0, Outcome.ABANDONED)
    pbx.queues.delete(ola, acme.id, service.id)
    pbx.queues.create(ola, acme.id, QueueSettings("Nowa"))
    assert [(report.name, report.exists, report.figures.total.entered) for report in _queues(pbx, acme)] == [
        ("Nowa", True, 0),
        ("Serwis", False, 1),
    ]


def _queues(pbx, tenant):
    return pbx.queue_statistics.queues(tenant.id, FIRST, LAST)


def test_agents_have_what_became_of_their_offers(pbx, ola, acme, came, anna, bartek, service):
    rung = [Offer(anna.login, NOON, NOON + 5, Outcome.ANSWERED), Offer(bartek.login, NOON, NOON + 5, Outcome.ELSEWHERE)]
    came(NOON, 5.0, Outcome.ANSWERED, anna.login, talk=60.0, offers=rung)
    missed = [Offer(bartek.login, NOON, NOON + 20, Outcome.NO_ANSWER), Offer(OUTSIDE, NOON + 20, NOON + 30, Outcome.DECLINED)]
    came(NOON, 30.0, Outcome.ABANDONED, offers=[*missed, Offer(anna.login, NOON + 25, NOON + 30, Outcome.CANCELLED)])
    came(NOON, 9.0, Outcome.PICKED_UP, talk=1.0, offers=[Offer(anna.login, NOON, NOON + 9, Outcome.ELSEWHERE)])
    came(NOON, None, None, offers=[Offer(bartek.login, NOON)])
    came(NOON, 2.0, Outcome.ANSWERED, anna.login, talk=30.0, call="a-back", offers=[replace(rung[0], ended=NOON + 2)])
    reports = pbx.queue_statistics.agents(acme.id, FIRST, LAST)
    assert [(one.key, one.name, one.number) for one in reports] == [
        (OUTSIDE, "", "600 100 200"),
        (anna.login, "Anna Żółć", "21"),
        (bartek.login, "Bartek", "22"),
    ]
    outside, annas, barteks = (one.figures for one in reports)
    assert outside.total == AgentFigures(offered=1, missed=1)
    assert annas.total == AgentFigures(4, 2, 0, picked_up=1, abandoned=1, talk=Spread(2, 90.0, 30.0, 60.0))
    assert barteks.total == AgentFigures(3, 0, 1, elsewhere=1)
    assert (list(annas.by_day), list(annas.by_hour)) == ([date(2026, 11, 23)], [12])
    assert annas.by_hour[12] == annas.by_day[date(2026, 11, 23)] == annas.total
    assert pbx.queue_statistics.agents(acme.id, FIRST, LAST, service.id) == reports
    assert pbx.queue_statistics.agents(acme.id, FIRST, LAST, service.id + 1) == []


def test_agent_who_is_gone_keeps_his_figures_without_a_name(pbx, acme, came):
    came(NOON, 5.0, Outcome.ANSWERED, "100999", talk=60.0)
    (report,) = pbx.queue_statistics.agents(acme.id, FIRST, LAST)
    assert (report.key, report.name, report.number, report.figures.total.answered) == ("100999", "", "100999", 1)


def test_other_tenants_have_figures_of_their_own(pbx, ola, acme, zenit, came, service, refused):
    theirs = pbx.queues.create(ola, zenit.id, QueueSettings("Serwis"))
    came(NOON, 1.0, Outcome.ABANDONED)
    came(NOON, 1.0, Outcome.ANSWERED, "zofia", talk=1.0, queue=theirs, tenant=zenit.id)
    came(NOON, 1.0, Outcome.ANSWERED, "zofia", talk=1.0, tenant=zenit.id)
    (report,) = _queues(pbx, acme)
    assert (report.figures.total.abandoned, report.figures.total.entered) == (1, 1)
    assert pbx.queue_statistics.agents(acme.id, FIRST, LAST) == []
    assert pbx.queue_statistics.agents(zenit.id, FIRST, LAST, theirs.id)[0].figures.total.answered == 1
    with refused("not-found"):
        pbx.queue_statistics.queues(99, FIRST, LAST)


def test_csv_has_a_row_of_all_of_each_day_and_of_each_hour(pbx, ola, acme, came, service, anna):
    pbx.queues.change(ola, acme.id, service.id, QueueSettings("=1+1"))
    offers = [Offer(anna.login, NOON, NOON + 10.4, Outcome.ANSWERED), Offer(OUTSIDE, NOON, NOON + 1, Outcome.BUSY)]
    came(NOON, 10.4, Outcome.ANSWERED, anna.login, talk=99.6, offers=offers)
    came(NOON + 86_400, 20.0, Outcome.ABANDONED)
    came(NOON + 86_400, 0.0, Outcome.OVERFLOWED, why="full")
    rows = list(csv.reader("".join(queue_csv.queues(_queues(pbx, acme))).splitlines()))
    assert rows[0] == list(queue_csv.COLUMNS)
    assert {len(row) for row in rows} == {len(queue_csv.COLUMNS)}
    assert [row[:7] for row in rows[1:]] == [
        ["'=1+1", "", "", "3", "1", "1", "0"],
        ["'=1+1", "2026-11-23", "", "1", "1", "1", "0"],
        ["'=1+1", "2026-11-24", "", "2", "0", "0", "0"],
        ["'=1+1", "", "12:00", "3", "1", "1", "0"],
    ]
    assert rows[2][11:18] == ["10", "10", "10", "", "100", "100", "100"]
    assert [rows[0][19], *(row[19] for row in rows[1:])] == ["overflowed full", "1", "0", "1", "1"]
    reports = pbx.queue_statistics.agents(acme.id, FIRST, LAST)
    rows = list(csv.reader("".join(queue_csv.agents(reports, ["Kto"])).splitlines()))
    assert rows[0] == ["Kto"]
    assert rows[1] == ["600 100 200", "600 100 200", "", "", "1", "0", "1", "0", "0", "0", "", "", ""]
    assert rows[4][:6] == ["Anna Żółć", "21", "", "", "1", "1"]


stays = st.tuples(
    st.integers(0, 5 * 86_400),
    st.integers(0, 400),
    st.sampled_from([Outcome.ANSWERED, Outcome.ABANDONED, Outcome.PICKED_UP, Outcome.OVERFLOWED, Outcome.CALL_BACK]),
    st.integers(0, 900),
)


@given(st.lists(stays, max_size=12))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sums_are_those_of_the_call_log(database, acme, came, figures, anna, made):
    with database.writing():
        CallRecord.delete().execute()
    for at, wait, outcome, talk in made:
        taken = outcome in (Outcome.ANSWERED, Outcome.PICKED_UP)
        came(NOON + at, wait, outcome, anna.login if outcome is Outcome.ANSWERED else "", talk if taken else None, "full")
    with database.reading():
        log = calllog.records(CallRecord.select())
    counted = figures()
    for part in (counted.by_day, counted.by_hour):
        assert sum(one.entered for one in part.values()) == counted.total.entered == len(log)
        assert sum(one.talk.total for one in part.values()) == counted.total.talk.total
    talks = [part.ended - part.answered for record in log for part in record.parts if part.answered]
    waits = [record.parts[0].ended - record.parts[0].started for record in log if len(record.parts) == 2]
    assert counted.total.talk == Spread(len(talks), sum(talks), min(talks, default=0), max(talks, default=0))
    assert counted.total.wait == Spread(len(waits), sum(waits), min(waits, default=0), max(waits, default=0))
