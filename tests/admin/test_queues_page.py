"""Queues in the panel: who waits and who answers, settings, duty, deletion, statistics, whom to call back."""

import io
import time

import pytest

from admin.queue_words import OVERFLOWS
from app.core.destinations import ToAccount, ToExtension, ToExternal, ToHangUp, ToQueue
from app.core.outcome import EndedBy, Outcome
from app.core.queues import Duty, Strategy
from app.core.record import Offer, Part, Record, Visit
from app.services.actor import FIRST_START
from app.services.queue_figures import REASONS
from app.services.queue_settings import QueueSettings
from app.store import calllog
from tests.admin import led
from tests.services.waves import wave_file

LEAST = {
    **{"name": "Serwis", "strategy": "all", "max_wait": "300", "ring": "20", "retry": "5", "wrap_up": "10"},
    **{"max_waiting": "", "announce_every": "", "misses": "3", "miss_pause": "300"},
}


@pytest.fixture
def queue(cases, zabka, desk):
    """Żabka's queue with its phone and a telephone outside; 31 leads there."""
    agents = (ToAccount(desk.login), ToExternal("+48600100200"))
    made = cases.queues.create(FIRST_START, zabka.id, QueueSettings("Serwis", agents=agents))
    cases.numbers.create(FIRST_START, zabka.id, "31", "Serwis", ToQueue("Serwis"))
    return made


@pytest.fixture
def visit(database, zabka, queue, desk):
    """Let somebody call the queue a minute ago; what came of it."""

    def visit(call: str, number: str, outcome: Outcome | None, why: str = "") -> None:
        began = time.time() - 60
        ended = began + 20 if outcome else None
        waited = Part("31", "Serwis", "", began, None, ended, outcome)
        talked = Part("21", desk.name, desk.login, began + 20, began + 20, began + 50, Outcome.ANSWERED)
        answered = outcome is Outcome.ANSWERED
        offers = (Offer(desk.login, began + 10, ended, outcome if answered else outcome and Outcome.NO_ANSWER),)
        stay = Visit(queue.id, "Serwis", 0, outcome, desk.login if answered else "", why, offers)
        record = Record(
            call=call,
            tenant=zabka.id,
            caller_number=number,
            caller_name="",
            caller_login="",
            dialled="31",
            started=began,
            answered=began,
            ended=ended and began + 50,
            outcome=outcome,
            ended_by=EndedBy.CALLER if outcome else None,
            parts=(waited, talked) if answered else (waited,),
            visits=(stay,),
        )
        with database.writing():
            calllog.store([record])

    return visit


def agents(cases, zabka):
    (now,) = cases.queue_board.now(zabka.id)
    return {agent.key: agent for agent in now.agents}


def test_the_empty_page_says_what_a_queue_is_for_and_offers_the_first_step(anna, ewa):
    page = anna.get("/queues/")
    assert len(page.html.select_one(".empty p").get_text()) > 100
    assert page.html.select_one(".empty a")["href"] == "/queues/new"
    assert not ewa.get("/queues/").html.select(".empty a")


def test_a_queue_is_made_with_what_is_on_the_first_screen(anna, cases, zabka, desk):
    page = anna.post("/queues/new", **LEAST, agents=[f"account:{desk.login}", "external:600100200"])
    assert "Saved. Now give the queue an internal number, and call it." in page.messages
    (made,) = cases.queues.list(zabka.id)
    assert made.settings == QueueSettings("Serwis", agents=(ToAccount(desk.login), ToExternal("+48600100200")))


def test_every_setting_is_stored_and_shown_again(anna, cases, zabka, desk, queue):
    cases.numbers.create(FIRST_START, zabka.id, "21", "Biuro", ToAccount(desk.login))
    values = {**LEAST, "strategy": "least-talk", "max_wait": "", "max_waiting": "7", "announce_every": "30", "misses": ""}
    ways = {name: led.to(ToExtension("21"), name) for name in ("overflow", "no_agents", "full", "keys.1")}
    answer = anna.post(
        f"/queues/{queue.id}/settings",
        **values,
        **{field: text for way in ways.values() for field, text in way.items()},
        agents=f"account:{desk.login}",
        call_back="5",
    )
    assert answer.path == f"/queues/{queue.id}"
    kept = cases.queues.get(zabka.id, queue.id).settings
    assert (kept.strategy, kept.max_wait, kept.max_waiting, kept.announce_every, kept.misses) == (
        Strategy.LEAST_TALK,
        None,
        7,
        30,
        0,
    )
    assert {kept.overflow, kept.no_agents, kept.full, *kept.keys.values()} == {ToExtension("21")}
    assert kept.call_back == "5"
    page = anna.get(f"/queues/{queue.id}/settings")
    assert page.field("max_wait")["value"] == ""
    assert page.field("overflow-which").select_one("[selected]")["value"] == "21"
    assert page.html.select_one("[name=strategy][checked]")["value"] == "least-talk"


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({"name": ""}, "name", "Wpisz nazwę."),
        ({"max_wait": "5"}, "max_wait", "Wpisz liczbę od 10 do 7200 albo nic, jeśli bez limitu."),
        ({"ring": "x"}, "ring", "Telefon może dzwonić od 5 do 120 sekund."),
        ({"keys.1-kind": "extension", "call_back": "1"}, "call_back", "Klawisz 1 ma już inne zadanie."),
    ],
)
def test_what_cannot_be_kept_is_said_at_its_field(ania, cases, zabka, queue, values, field, said):
    page = ania.post(f"/queues/{queue.id}/settings", **{**LEAST, **values})
    assert page.status == 422
    assert page.error(field) == said
    assert page.html.select_one("details.more").has_attr("open") == (field in ("ring", "call_back"))
    assert len(cases.queues.get(zabka.id, queue.id).settings.agents) == 2


def test_an_agent_of_another_company_is_refused_at_his_row(anna, cases, zabka, foreign, queue):
    page = anna.post(f"/queues/{queue.id}/settings", **LEAST, agents=f"account:{foreign.login}")
    assert page.status == 422
    assert "Choose a phone." in page.html.select_one("[data-agent] .error").get_text()
    assert "Roadrunner" not in page.text


def test_without_scripts_agents_are_added_moved_and_removed_and_nothing_is_saved(anna, cases, zabka, desk, queue):
    ours, outside = f"account:{desk.login}", "external:+48600100200"

    def after(**values):
        page = anna.post(f"/queues/{queue.id}/settings", **LEAST, **values)
        return [row["value"] for row in page.html.select("[data-agents] [name=agents]")]

    assert after(agents=[ours, outside], **{"agents-do": "down.0"}) == [outside, ours]
    assert after(agents=[ours, outside], **{"agents-do": "remove.0"}) == [outside]
    assert after(agents=[ours, outside], **{"agents-do": "up.0"}) == [ours, outside]
    assert after(**{"agents-do": "add", "agents-account": desk.login, "agents-external": "600100200"}) == [ours, outside]
    assert cases.queues.get(zabka.id, queue.id).settings == queue.settings


def test_music_is_uploaded_and_taken_away(anna, cases, zabka, queue):
    address = f"/queues/{queue.id}/settings"
    anna.post(address, **LEAST, **{"music.file": (io.BytesIO(wave_file(0.5)), "jazz.wav")})
    assert cases.queues.get(zabka.id, queue.id).music.file == "jazz.wav"
    anna.post(address, **LEAST)
    assert cases.queues.get(zabka.id, queue.id).music
    anna.post(address, **LEAST, usual="y")
    assert cases.queues.get(zabka.id, queue.id).music is None


def test_agents_are_sent_on_a_break_and_signed_in_and_out(anna, cases, zabka, desk, queue):
    address = f"/queues/{queue.id}/duty"
    page = anna.post(address, agent=desk.login, duty="pause", minutes="15")
    assert "on a break, until" in page.text
    assert agents(cases, zabka)[desk.login].pause.until == pytest.approx(time.time() + 900, abs=60)
    anna.post(address, agent=desk.login, duty="resume")
    assert agents(cases, zabka)[desk.login].takes_calls
    assert "off duty" in anna.post(address, agent="+48600100200", duty="sign-out").text
    anna.post(address, agent="+48600100200", duty="sign-in")
    assert agents(cases, zabka)["+48600100200"].takes_calls


def test_a_queue_nobody_is_on_duty_for_says_what_that_means(ania, cases, zabka, desk, queue):
    said = "Nikt nie ma dyżuru, więc dzwoniący są od razu kierowani dalej."
    cases.queues.attend(FIRST_START, zabka.id, queue.id, desk.login, Duty.SIGN_OUT)
    assert said not in ania.get(f"/queues/{queue.id}").text
    cases.queues.attend(FIRST_START, zabka.id, queue.id, "+48600100200", Duty.PAUSE)
    assert said in ania.get(f"/queues/{queue.id}").text


@pytest.mark.parametrize(
    ("values", "status"),
    [({"duty": "dance"}, 400), ({"duty": "pause", "minutes": "99999"}, 400), ({"duty": "pause", "agent": "nobody"}, 404)],
)
def test_what_nobody_could_have_clicked_changes_nothing(anna, cases, zabka, desk, queue, values, status):
    before = agents(cases, zabka)
    assert anna.post(f"/queues/{queue.id}/duty", **{"agent": desk.login, **values}).status == status
    assert agents(cases, zabka) == before


def test_the_page_shows_who_waits_and_the_codes_with_its_number(ewa, visit, queue):
    visit("c1", "+48221234567", None)
    page = ewa.get(f"/queues/{queue.id}")
    assert "22 123 45 67" in page.text
    assert [code.get_text() for code in page.html.select(".codes kbd")] == ["*6131", "*6231", "*6331", "*6431"]
    assert not page.html.select("main form")
    assert "1 caller waits" in ewa.get("/queues/").text


def test_deleting_says_the_consequence_and_asks_for_a_replacement(anna, cases, zabka, visit, queue):
    visit("c1", "+48221234567", None)
    page = anna.get(f"/queues/{queue.id}/delete")
    assert "1 caller waits there now and is led on at once." in page.text
    assert "It is used in 1 place: 31 Serwis internal number" in page.text
    assert anna.post(f"/queues/{queue.id}/delete").error("replace_with-kind") == "Choose what shall take its place."
    anna.post(f"/queues/{queue.id}/delete", **led.to(ToHangUp(), "replace_with"))
    assert not cases.queues.list(zabka.id)
    assert cases.numbers.list(zabka.id)[0].to == ToHangUp()


def test_statistics_are_told_in_tables_a_chart_and_for_a_spreadsheet(anna, visit, desk, queue):
    visit("c1", "+48221234567", Outcome.ANSWERED)
    visit("c2", "+48221234568", Outcome.ABANDONED)
    page = anna.get("/queues/statistics/?period=7")
    cells = {cell["data-label"]: cell.get_text(strip=True) for cell in page.html.select("[aria-labelledby=queues] td")}
    assert (cells["Callers"], cells["Answered"], cells["Gave up"]) == ("2", "1", "1")
    assert len(page.html.select("svg.chart .answered")) == 7
    assert page.html.select_one("svg.chart")["aria-label"]
    assert "Recepcja" in page.html.select_one("[aria-labelledby=agents]").get_text()
    for name in ("queues", "agents"):
        table = anna.client.get(f"/queues/statistics/{name}.csv?period=7")
        assert table.mimetype == "text/csv"
        assert ("Serwis" if name == "queues" else "Recepcja") in table.text


def test_statistics_tell_why_callers_were_led_on_where_any_were(ania, visit, queue):
    visit("c1", "+48221234567", Outcome.ABANDONED)
    assert not ania.get("/queues/statistics/").html.select("#led-on")
    for call, why in (("c2", "full"), ("c3", "max-wait"), ("c4", "max-wait")):
        visit(call, "+48221234567", Outcome.OVERFLOWED, why)
    visit("c5", "+48221234567", Outcome.CALL_BACK)
    cells = ania.get("/queues/statistics/").html.select("[aria-labelledby=led-on] td")
    assert [(cell["data-label"], cell.get_text()) for cell in cells] == [
        ("Minął najdłuższy czas oczekiwania", "2"),
        ("Kolejka pełna", "1"),
        ("Prośby o oddzwonienie", "1"),
        ("Skierowane dalej", "4"),
        ("Oddzwoniono", "0"),
    ]
    heads, total = ania.client.get("/queues/statistics/queues.csv").text.splitlines()[:2]
    assert dict(zip(heads.split(";"), total.split(";"), strict=True))["Skierowane dalej: Kolejka pełna"] == "1"


def test_every_reason_has_words():
    assert tuple(OVERFLOWS) == REASONS


@pytest.mark.parametrize(
    "asked", ["", "period=own&since=x&until=9999-12-31", "period=own&since=2026-02-01&until=2026-01-01", "queue=999", "queue=x"]
)
def test_statistics_make_the_best_of_any_address(anna, queue, asked):
    assert anna.get(f"/queues/statistics/?{asked}").status == 200


def test_the_statistics_of_one_queue_are_among_its_own_pages(anna, visit, queue):
    page = anna.get(f"/queues/statistics/?queue={queue.id}")
    assert page.heading == "Serwis"
    ways = [link["href"] for link in page.html.select("nav.tabs a")]
    assert ways[0] == f"/queues/{queue.id}"
    assert page.html.select_one("nav.tabs [aria-current]").get_text() == "Statistics"
    assert anna.get("/queues/statistics/").heading == "Statistics"


def test_history_tells_the_stay_in_one_sentence(anna, visit):
    visit("c1", "+48221234567", Outcome.ANSWERED)
    sentence = " ".join(anna.get("/history/").html.select_one(".sentence").get_text(" ").split())
    assert sentence == "22 123 45 67 → queue 31 Serwis (0:20) → 21 Recepcja (0:30)"


def test_a_number_can_lead_to_a_queue_and_the_one_screen_has_it(anna, cases, zabka, queue):
    anna.post("/numbers/", number="32", name="Serwis 2", **led.to(ToQueue("Serwis")))
    assert {row.number: row.to for row in cases.numbers.list(zabka.id)}["32"] == ToQueue("Serwis")
    assert anna.get("/services/numbering").html.select_one('[value="queue:Serwis"]')
