"""The call log, read for people."""

import csv
import re
import time
from dataclasses import replace

import pytest

from app.core.outcome import EndedBy, Limit, Outcome
from app.core.record import Part, Record, Stop, Visit
from app.services.history import MISSED
from app.store import calllog

NINE = 1_700_000_000.0


@pytest.fixture
def log(database):
    """Write calls down as the controller would."""

    def write(*records: Record) -> None:
        with database.writing():
            calllog.store(records)

    return write


@pytest.fixture
def call(acme):
    """Anna called Bartek and talked for a minute."""
    part = Part("22", "Bartek", "100102", NINE, NINE + 5, NINE + 65, Outcome.ANSWERED)
    ring = Record("call-1", acme.id, "21", "Anna Żółć", "100101", "22", NINE, parts=(part,))
    return replace(ring, answered=NINE + 5, ended=NINE + 65, outcome=Outcome.ANSWERED, ended_by=EndedBy.CALLER)


@pytest.fixture
def missed(call):
    """Nobody answered."""
    part = replace(call.parts[0], answered=None, ended=NINE + 30, outcome=Outcome.NO_ANSWER)
    return replace(call, call="call-2", answered=None, ended=NINE + 30, outcome=Outcome.NO_ANSWER, parts=(part,))


@pytest.fixture
def stop():
    """Bartek wanted to send her abroad."""
    return Part("+49301234567", "", "", NINE + 65, None, NINE + 65, Outcome.OVER_LIMIT, Stop(Limit.COUNTRY, "100102"))


def test_call_comes_back_as_it_was_written(pbx, acme, log, call):
    log(call)
    assert pbx.history.get(acme.id, "call-1") == call
    assert pbx.history.page(acme.id).rows == [call]


def test_newest_calls_come_first_a_page_at_a_time(pbx, acme, log, call):
    log(*(replace(call, call=f"call-{number:03}", started=NINE + number) for number in range(120)))
    first, last = pbx.history.page(acme.id), pbx.history.page(acme.id, page=3)
    assert (first.total, first.pages, len(first.rows), len(last.rows)) == (120, 3, 50, 20)
    assert first.rows[0].call == "call-119"
    assert last.rows[-1].call == "call-000"


@pytest.mark.parametrize("page", [-5, 0, 10**12])
def test_any_number_is_a_page(pbx, acme, log, call, page):
    log(call)
    assert pbx.history.page(acme.id, page=page, per_page=-1).rows == [call]


@pytest.mark.parametrize("text", ["żół", "ŻÓŁĆ", "21", "barT", " 22 ", "Bartek"])
def test_search_looks_into_every_name_and_number(pbx, acme, log, call, text):
    log(call, replace(call, call="other", caller_number="9", caller_name="Ewa", dialled="8", parts=()))
    assert [row.call for row in pbx.history.page(acme.id, search=text).rows] == ["call-1"]


@pytest.mark.parametrize("text", ["%", "_", "Celina", "'; DROP TABLE call_record; --"])
def test_search_finds_nothing_that_is_not_there(pbx, acme, log, call, text):
    log(call)
    assert pbx.history.page(acme.id, search=text).total == 0


def test_outcome_and_days_narrow_the_choice(pbx, acme, log, call, missed):
    log(call, replace(missed, started=NINE + 100))
    assert [row.call for row in pbx.history.page(acme.id, outcome="no-answer").rows] == ["call-2"]
    assert [row.call for row in pbx.history.page(acme.id, since=NINE + 100).rows] == ["call-2"]
    assert [row.call for row in pbx.history.page(acme.id, until=NINE + 100).rows] == ["call-1"]
    assert pbx.history.page(acme.id, outcome="no-answer", until=NINE).total == 0


def test_call_from_which_a_limit_has_stopped_one_is_found_by_that(pbx, acme, log, call, missed, stop):
    log(call, replace(call, call="stopped", parts=(*call.parts, stop)), replace(missed, call="dialled", outcome=stop.outcome))
    assert [row.call for row in pbx.history.page(acme.id, outcome="over-limit").rows] == ["stopped", "dialled"]
    assert [row.call for row in pbx.history.page(acme.id, search="+49301").rows] == ["stopped"]


def test_living_calls_are_those_without_an_end(pbx, acme, log, call):
    lives = replace(call, call="lives", ended=None, outcome=None, ended_by=None)
    log(call, lives, replace(lives, call="older", started=NINE - 1))
    assert [row.call for row in pbx.history.live(acme.id)] == ["older", "lives"]


def test_missed_today_is_what_nobody_answered_since_midnight(pbx, acme, log, call, missed):
    now = time.time()
    today = replace(missed, started=now)
    from_outside = replace(today, call="from-outside", caller_login="", dialled="+48221234567")
    log(
        today,
        replace(today, call="answered", answered=now, outcome=Outcome.ANSWERED),
        replace(today, call="misdialled", outcome=Outcome.NO_SUCH_NUMBER),
        replace(today, call="lives", ended=None, outcome=None),
        replace(today, call="to-outside", dialled="600100200"),
        replace(today, call="nothing-to-pick-up", dialled="*8112", outcome=Outcome.NOTHING_TO_PICK_UP),
        replace(today, call="stopped", outcome=Outcome.OVER_LIMIT),
        replace(from_outside, outcome=Outcome.NO_LINE, started=now - 0.002),
        replace(today, call="gave-up", outcome=Outcome.CANCELLED, started=now - 0.001),
        replace(today, call="the-day-before", started=now - 25 * 3600),
    )
    assert [row.call for row in pbx.history.missed_today(acme.id)] == ["call-2", "gave-up", "from-outside"]
    on_any_day = [row.call for row in pbx.history.page(acme.id, outcome=MISSED).rows]
    assert on_any_day == ["call-2", "gave-up", "from-outside", "the-day-before"]


def test_csv_has_a_line_per_call_in_the_tenants_time(pbx, acme, log, call, missed):
    log(call, replace(missed, started=NINE - 1))
    lines = list(csv.reader("".join(pbx.history.csv(acme.id)).splitlines()))
    assert lines[1:] == [
        ["2023-11-14 23:13:20", "21", "Anna Żółć", "22", "22 Bartek", "answered", "caller", "60", "call-1", *[""] * 5],
        ["2023-11-14 23:13:19", "21", "Anna Żółć", "22", "", "no-answer", "caller", "0", "call-2", *[""] * 5],
    ]


def test_csv_says_what_limits_have_stopped(pbx, acme, log, call, stop):
    premium = replace(stop, number="+48701234567", stop=Stop(Limit.PREMIUM, "100102"))
    log(replace(call, parts=(*call.parts, stop, premium)))
    heads, row = csv.reader("".join(pbx.history.csv(acme.id)).splitlines())
    told = dict(zip(heads, row, strict=True))
    assert told["stopped by limits"] == "country +49 30 1234567; premium 701 234 567"
    assert told["answered by"] == "22 Bartek"


def test_csv_tells_of_the_stays_in_queues(pbx, acme, log, call, anna):
    talk = replace(call.parts[0], started=NINE + 70, answered=NINE + 70, login="100102")
    waits = [Part("31", "Serwis", "", NINE, None, NINE + 60, Outcome.OVERFLOWED)]
    waits.append(Part("32", "=Biuro", "", NINE + 60, None, NINE + 70, Outcome.ANSWERED))
    full = Visit(1, "Serwis", 0, Outcome.OVERFLOWED, why="max-wait")
    taken = Visit(2, "=Biuro", 1, Outcome.ANSWERED, "100102")

    def of(name, visit, *parts, **more):
        return replace(call, call=name, parts=parts, visits=(visit,), **more)

    rung = Part("+48600100200", "", "", NINE + 60, NINE + 65, NINE + 90, Outcome.ANSWERED)
    log(
        replace(call, call="e", parts=(*waits, talk), visits=(full, taken)),
        of("d", replace(taken, name="=1+1", place=0), waits[1], talk),
        of("c", Visit(1, "Serwis", 0, Outcome.PICKED_UP), waits[0], talk),
        of("b-back", Visit(1, "Serwis", 0, Outcome.ANSWERED, anna.login), waits[0], rung),
        of("a", Visit(1, "Serwis", 0), replace(waits[0], started=time.time(), ended=None, outcome=None), ended=None),
    )
    rows = list(csv.reader("".join(pbx.history.csv(acme.id)).splitlines()))
    assert [[row[8], *row[10:]] for row in rows[1:]] == [
        ["e", "Serwis; =Biuro", "70", "overflowed max-wait; answered", "22 Bartek"],
        ["d", "'=1+1", "10", "answered", "22 Bartek"],
        ["c", "Serwis", "60", "picked-up", "22 Bartek"],
        ["b-back", "Serwis", "60", "answered", "Anna Żółć"],
        ["a", "Serwis", "0", "waiting", ""],
    ]
    assert len(rows[0]) == len(rows[1])


def test_csv_takes_the_same_choice_and_other_titles(pbx, acme, log, call, missed):
    log(call, missed)
    text = "".join(pbx.history.csv(acme.id, outcome="no-answer", titles=("Kiedy", "Kto")))
    assert text.splitlines()[0] == "Kiedy,Kto"
    assert len(text.splitlines()) == 2


def test_csv_is_written_in_the_readers_words_and_for_his_spreadsheet(pbx, acme, log, call, stop):
    full = Visit(1, "Serwis", 0, Outcome.OVERFLOWED, why="full")
    log(replace(call, parts=(*call.parts, stop), visits=(full,), caller_number="anonymous", dialled="+48221234567"))
    words = {"answered": "odebrane", "caller": "dzwoniący", "over-limit country": "kraj", "overflowed full": "pełna"}
    text = "".join(pbx.history.csv(acme.id, words=words | {"anonymous": "zastrzeżony"}, separator=";"))
    row = text.splitlines()[1].split(";", 9)
    assert row[1:7] == ["zastrzeżony", "Anna Żółć", "22 123 45 67", "22 Bartek", "odebrane", "dzwoniący"]
    assert row[9] == "kraj +49 30 1234567;Serwis;65;pełna;"


def test_csv_of_many_calls_misses_and_repeats_none(pbx, acme, log, call):
    log(*(replace(call, call=f"call-{number:04}", started=NINE + number // 7) for number in range(1200)))
    lines = list(csv.reader("".join(pbx.history.csv(acme.id)).splitlines()))
    assert [line[8] for line in lines[1:]] == [f"call-{number:04}" for number in reversed(range(1200))]


@pytest.mark.parametrize("dialled", ["22;=1+1", "22;\t@SUM(A1)", "22\t-1", "22\n=1"])
def test_no_part_of_a_cell_becomes_a_formula_where_semicolons_part_cells(pbx, acme, log, call, dialled):
    """As in Polish spreadsheets, which part a line there even within quotation marks; and a phone may dial anything."""
    log(replace(call, dialled=dialled))
    cells = re.split(r"[;\t\n,]", "".join(pbx.history.csv(acme.id)))
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+48600100200", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_csv_runs_nothing_a_caller_chose_as_their_name(pbx, acme, log, call, name):
    log(replace(call, caller_name=name))
    cell = list(csv.reader(pbx_lines(pbx, acme)))[1][2]
    assert cell == f"'{name}"


def pbx_lines(pbx, acme):
    """The file as a spreadsheet reads it: a cell may hold a line break."""
    return "".join(pbx.history.csv(acme.id)).splitlines(keepends=True)
