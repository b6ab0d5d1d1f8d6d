"""Home and System: does everything work, and if not, what then."""

import time

import pytest

from app.core.destinations import ToAccount
from app.core.outcome import EndedBy, Outcome
from app.core.record import Part, Record, Visit
from app.services.actor import FIRST_START
from app.services.queue_settings import QueueSettings
from app.services.trunks import TrunkSettings
from app.store import calllog
from app.store.models import Heartbeat, SwitchState, TrunkState
from app.store.snapshot import gateway


@pytest.fixture
def exchange(database):
    """Let the controller be alive and its switch connected, or not."""

    def exchange(controller=True, switch=True):
        now = time.time()
        with database.reading():
            Heartbeat.replace(name="controller", at=now if controller else now - 60).execute()
            SwitchState.replace(
                name="10.0.0.9:8021", connected=switch, since=now - 3600, detail="refused" * (not switch)
            ).execute()

    return exchange


@pytest.fixture
def answered(database, zabka):
    at = time.time() - 30
    part = Part("22", "Recepcja", "x", at, at + 1, at + 9, Outcome.ANSWERED)
    record = Record("c", zabka.id, "21", "Anna", "x", "22", at, at + 1, at + 9, Outcome.ANSWERED, EndedBy.CALLER, (part,))
    with database.writing():
        calllog.store([record])


def test_a_new_tenant_is_led_step_by_step(anna, cases, zabka, exchange, sign_on):
    exchange()

    def next_step():
        return anna.get("/").html.select_one(".steps a").get_text(strip=True)

    assert next_step() == "Add a phone"
    desk = cases.accounts.create(FIRST_START, zabka.id, "Recepcja").account
    assert next_step() == "Add a number"
    cases.numbers.create(FIRST_START, zabka.id, "22", "Recepcja", ToAccount(desk.login))
    assert next_step() == "Show phones"
    sign_on(desk)
    page = anna.get("/")
    assert not page.html.select(".steps a")
    assert "Call from one phone to another" in page.text


def test_when_everything_works_it_says_so(anna, cases, zabka, desk, exchange, sign_on, answered):
    exchange()
    sign_on(desk)
    cases.numbers.create(FIRST_START, zabka.id, "22", "Recepcja", ToAccount(desk.login))
    page = anna.get("/")
    assert page.html.select_one(".verdict h2").get_text() == "Everything works"
    assert not page.html.select(".steps")
    assert not page.messages


def test_numbers_nobody_would_answer_are_named(ania, cases, zabka, desk, account, exchange, sign_on, answered):
    exchange()
    sign_on(desk)
    for number in ("22", "23"):
        cases.numbers.create(FIRST_START, zabka.id, number, "Magazyn", ToAccount(account(zabka, "Magazyn").login))
    page = ania.get("/")
    assert page.html.select_one(".verdict h2").get_text() == "Pod 2 numerami nikt nie odbierze"
    assert "22 Magazyn" in page.text


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"controller": False}, "Brak połączenia z centralą. Trwające rozmowy nie są przerywane"),
        ({"switch": False}, "Brak połączenia z centralą telefoniczną."),
    ],
)
def test_every_page_says_when_the_exchange_is_away(ania, desk, exchange, state, said):
    exchange(**state)
    for address in ("/", "/numbers/", "/phones/", "/history/", "/settings/"):
        assert any(message.startswith(said) for message in ania.get(address).messages)
    assert "Połączenia nie dochodzą do skutku" in ania.get("/").text


def test_missed_calls_of_today_are_counted(anna, database, zabka, exchange):
    exchange()
    at = time.time()
    record = Record("m", zabka.id, "21", "Anna", "x", "22", at - 1, None, at, Outcome.NO_ANSWER, EndedBy.CALLER)
    with database.writing():
        calllog.store([record])
    page = anna.get("/")
    assert "Missed today 1" in page.text
    behind = anna.get(page.html.select_one("a.tile[href*=missed]")["href"])
    assert len(behind.html.select(".calls > li")) == 1
    assert behind.field("outcome").select_one("[selected]")["value"] == "missed"


def test_who_should_be_called_back_is_counted_where_there_are_queues(ewa, cases, database, zabka, exchange):
    exchange()
    assert "To call back" not in ewa.get("/").text
    queue = cases.queues.create(FIRST_START, zabka.id, QueueSettings("Serwis"))
    assert "To call back 0" in ewa.get("/").text
    at = time.time() - 60
    waited = Part("31", "Serwis", "", at, None, at + 20, Outcome.ABANDONED)
    who = "c", zabka.id, "+48221234567", "", "", "31"
    stay = Visit(queue.id, "Serwis", 0, Outcome.ABANDONED)
    record = Record(*who, at, None, at + 20, Outcome.ABANDONED, EndedBy.CALLER, (waited,), (stay,))
    with database.writing():
        calllog.store([record])
    assert "To call back 1" in ewa.get("/").text
    cases.call_backs.be_done(FIRST_START, zabka.id, "+48221234567")
    assert "To call back 0" in ewa.get("/").text


def test_a_receptionist_is_not_offered_what_she_may_not_do(ewa, exchange):
    exchange()
    page = ewa.get("/")
    assert not page.html.select(".steps")
    assert [link.get_text(strip=True) for link in page.html.select("nav.nav > a .long")] == [
        "Home",
        "Phones",
        "Queues",
        "History",
    ]


def test_nothing_technical_reaches_a_user(anna, exchange):
    exchange(switch=False)
    page = anna.get("/")
    assert "10.0.0.9" not in page.answer.text
    assert "refused" not in page.answer.text


def test_the_operator_sees_the_machinery(olga, exchange):
    exchange()
    assert "Switch 10.0.0.9 :8021 connected since" in olga.get("/system/").text
    exchange(switch=False)
    assert "not connected" in olga.get("/system/").text
    exchange(controller=False)
    page = olga.get("/system/")
    assert "does not answer last seen" in page.text
    assert "not known" in page.text


def test_before_the_first_start_of_the_worker_the_operator_is_told(olga):
    assert "never seen: is the worker running?" in olga.get("/system/").text


def test_the_operator_is_told_of_a_trunk_that_does_not_work(olga, cases, database, exchange):
    exchange()
    trunk = cases.trunks.create(FIRST_START, TrunkSettings("Zapas", "192.0.2.1"))
    assert olga.get("/system/").html.select_one(".verdict h2").get_text() == "Everything works"
    with database.reading():
        TrunkState.create(switch="10.0.0.9:8021", gateway=gateway(trunk.id), up=False, state="DOWN", since=time.time())
    page = olga.get("/system/")
    assert page.html.select_one(".verdict h2").get_text() == "1 trunk does not work"
    assert "Zapas" in page.html.select_one(".verdict").get_text()
    exchange(controller=False)
    assert page.html.select_one(".verdict a")["href"] == "/trunks/"
    assert "Zapas" not in olga.get("/system/").text
