"""The call log as sentences, its filters, and its table."""

import csv
import time

import pytest
from flask_babel import force_locale

from admin import tables
from app.core.outcome import EndedBy, Limit, Outcome
from app.core.record import Part, Record
from app.services.queue_figures import REASONS
from app.store import calllog


@pytest.fixture
def call(database, zabka):
    """Put a call into the call log, a minute ago unless told otherwise."""
    start = time.time() - 60
    counter = iter(range(1000))

    def call(
        outcome=Outcome.ANSWERED,
        talked=65.0,
        tenant=None,
        caller=("21", "Anna Żółć"),
        called=("22", "Bartek"),
        ended_by=EndedBy.CALLER,
        at=start,
        living=False,
    ):
        answered = at + 5 if outcome is Outcome.ANSWERED or living else None
        ended = None if living else at + 5 + talked
        outcome = None if living else outcome
        parts = (Part(*called, "102", at, answered, ended, outcome),) if called[1] else ()
        record = Record(
            f"call-{next(counter)}",
            (tenant or zabka).id,
            *caller,
            "101",
            called[0],
            at,
            answered,
            ended,
            outcome,
            ended_by,
            parts,
        )
        with database.writing():
            calllog.store([record])

    return call


def sentences(page):
    return [" ".join(row.select_one(".sentence").get_text(" ").split()) for row in page.html.select(".calls .row")]


def test_without_calls_the_page_says_what_will_be_there(anna):
    assert "Every call appears here as one sentence" in anna.get("/history/").text


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        (Outcome.ANSWERED, "21 Anna Żółć → 22 Bartek (1:05)"),
        (Outcome.BUSY, "21 Anna Żółć → 22 Bartek : zajęte"),
        (Outcome.NO_ANSWER, "21 Anna Żółć → 22 Bartek : nie odebrano"),
        (Outcome.DECLINED, "21 Anna Żółć → 22 Bartek : odrzucone"),
        (Outcome.NOT_REGISTERED, "21 Anna Żółć → 22 Bartek : telefon niezalogowany"),
        (Outcome.CANCELLED, "21 Anna Żółć → 22 Bartek : dzwoniący zrezygnował"),
    ],
)
def test_each_call_is_one_sentence(ania, call, outcome, sentence):
    call(outcome)
    assert sentences(ania.get("/history/")) == [sentence]


def test_a_number_nobody_has_is_a_sentence_too(anna, call):
    call(Outcome.NO_SUCH_NUMBER, called=("29", ""))
    assert sentences(anna.get("/history/")) == ["21 Anna Żółć → 29 : no such number"]


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_can_be_told(ania, call, outcome):
    call(outcome)
    assert len(sentences(ania.get("/history/"))) == 1


def test_public_numbers_are_grouped(anna, call):
    call(caller=("+48221234567", ""), called=("600100200", ""), outcome=Outcome.NOT_ALLOWED)
    assert sentences(anna.get("/history/")) == ["22 123 45 67 → 600 100 200 : not allowed"]


def test_who_put_down_is_said_where_a_person_did(anna, call):
    call(ended_by=EndedBy.CALLEE)
    assert "the called side hung up" in anna.get("/history/").text


def test_a_call_going_on_says_so(anna, call):
    call(living=True)
    page = anna.get("/history/now")
    assert "talks 0:5" in page.text


def test_another_tenants_calls_are_nowhere(anna, wile, acme, call):
    call(tenant=acme, caller=("21", "Secret Coyote"))
    for address in ("/", "/history/", "/history/now", "/history/calls.csv", "/home/now"):
        assert "Secret Coyote" not in anna.get(address).answer.text
    assert "Secret Coyote" in wile.get("/history/").text


def test_no_telephone_number_is_torn_in_two(anna, call):
    call(caller=("+48600100200", ""))
    torn = anna.get("/history/").html.select_one(".sentence .nowrap")
    assert torn.get_text() == "600 100 200"


def test_filters_narrow_and_stay_in_the_form(anna, call):
    call(caller=("24", "Żabka Recepcja"))
    call(Outcome.BUSY)
    page = anna.get("/history/?search=żab")
    assert len(sentences(page)) == 1
    assert page.field("search")["value"] == "żab"
    page = anna.get("/history/?outcome=busy")
    assert sentences(page) == ["21 Anna Żółć → 22 Bartek : busy"]
    assert "No call matches" in anna.get("/history/?search=nobody").text


def test_days_are_the_tenants_days(anna, call, cases, zabka):
    call(at=1_700_000_000.0)  # 2023-11-14 23:13 in Warsaw, still the 14th
    assert len(sentences(anna.get("/history/?since=2023-11-14&until=2023-11-14"))) == 1
    assert not sentences(anna.get("/history/?since=2023-11-15"))
    assert "23:13" in anna.get("/history/").text


@pytest.mark.parametrize(
    "query",
    [
        "page=999999",
        "page=-1",
        "page=x",
        "since=yesterday",
        "until=2026-99-99",
        "outcome=nonsense",
        "search=%25_%27%22",
        "since=9999-12-31",
        "until=9999-12-31",
        "since=0001-01-01",
    ],
)
def test_no_address_breaks_the_page(anna, call, query):
    call()
    assert anna.get(f"/history/?{query}").status == 200


def test_pages_lead_on_and_keep_the_filter(anna, call):
    for _ in range(51):
        call()
    page = anna.get("/history/?search=anna")
    assert len(sentences(page)) == 50
    onward = page.html.select_one("a[rel=next]")["href"]
    assert len(sentences(anna.get(onward))) == 1
    assert "search=anna" in onward


def test_the_table_runs_no_formula(anna, call):
    call(caller=("21", "=cmd|' /C calc'!A0"))
    answer = anna.get("/history/calls.csv").answer
    assert answer.mimetype == "text/csv"
    assert answer.data.startswith("\ufeff".encode())
    assert "'=cmd|" in answer.text
    assert ",=cmd" not in answer.text


def test_the_table_speaks_the_readers_language(ania, call):
    call()
    titles, cells = csv.reader(ania.get("/history/calls.csv").answer.text.splitlines(), delimiter=";")
    assert titles[:2] == ["\ufeffPoczątek", "Numer dzwoniącego"]
    assert titles[8:10] == ["Połączenie", "Zatrzymane przez limity"]
    assert titles[10:] == ["Kolejki", "Sekundy oczekiwania", "Jak dzwoniący opuścił kolejkę", "Odebrał w kolejce"]
    assert len(cells) == len(titles)
    assert cells[5:7] == ["odebrane", "rozłączył się dzwoniący"]


def test_the_table_has_a_word_for_every_code(app):
    """None for whoever put down where nobody watched: there the cell is empty."""
    with app.test_request_context(), force_locale("pl"):
        said = tables.said()
    codes = {*Outcome, *EndedBy, *(f"over-limit {limit}" for limit in Limit), *(f"overflowed {why}" for why in REASONS)}
    assert codes <= said.keys()
    assert [code for code in codes if not said[code]] == [EndedBy.UNKNOWN]


def test_the_table_opens_in_columns_in_the_readers_spreadsheet(anna, ania, call):
    """In Polish a comma stands in numbers, so Excel expects a semicolon between cells."""
    call()
    assert "Start,Caller's number," in anna.get("/history/calls.csv").answer.text
    assert "Początek;Numer dzwoniącego;" in ania.get("/history/calls.csv").answer.text


def test_what_a_caller_chose_as_a_name_is_text(anna, call):
    call(caller=("21", "<img src=x onerror=alert(1)>"))
    assert not anna.get("/history/").html.select("main img")
