"""Live parts: one look per second for everybody, and never another tenant's news."""

import itertools
import queue
import threading
import time
from dataclasses import replace

import pytest

from admin.live import BACKLOG, MOST_PAGES, Feed, stream
from admin.views.live import PROVIDER, look
from app.core.outcome import Outcome
from app.core.record import Part, Record, Visit
from app.services.actor import FIRST_START
from app.services.trunks import TrunkSettings
from app.store import calllog


class World:
    """What the feed looks at: topics per tenant, and who looked how often."""

    def __init__(self):
        self.topics = {1: {"phones": 0, "calls": 0}, 2: {"phones": 0, "calls": 0}}
        self.looks = []
        self.looked = threading.Event()

    def __call__(self, tenant):
        self.looks.append(tenant)
        self.looked.set()
        return dict(self.topics[tenant])


@pytest.fixture
def world():
    return World()


@pytest.fixture
def feed(world):
    """A feed that looks only when told to."""
    return Feed(world, every=None)


def news(mailbox):
    try:
        return mailbox.get_nowait()
    except queue.Empty:
        return None


def test_only_what_changed_is_told(world, feed):
    mailbox = feed.listen(1)
    feed.look_once()
    assert news(mailbox) is None
    world.topics[1]["calls"] = 1
    feed.look_once()
    assert news(mailbox) == "calls"
    feed.look_once()
    assert news(mailbox) is None


def test_a_tenant_never_hears_of_another(world, feed):
    ours, theirs = feed.listen(1), feed.listen(2)
    feed.look_once()
    world.topics[2]["phones"] = 1
    feed.look_once()
    assert news(ours) is None
    assert news(theirs) == "phones"


def test_a_hundred_listeners_cost_one_look(world, feed):
    mailboxes = [feed.listen(1) for _ in range(100)]
    feed.look_once()
    world.topics[1]["phones"] = 1
    feed.look_once()
    assert world.looks == [1, 1]
    assert {news(mailbox) for mailbox in mailboxes} == {"phones"}


def test_nobody_listens_nobody_looks(world, feed):
    feed.leave(feed.listen(1))
    feed.look_once()
    assert world.looks == []


def test_a_page_that_stopped_reading_holds_up_nobody(world, feed):
    asleep, awake = feed.listen(1), feed.listen(1)
    feed.look_once()
    for turn in range(BACKLOG + 5):
        world.topics[1]["phones"] = turn + 1
        feed.look_once()
        news(awake)
    assert asleep.full()
    assert awake.empty()


def test_the_feed_starts_with_the_first_listener_and_ends_with_the_last(world):
    feed = Feed(world, every=0.001)
    mailbox = feed.listen(1)
    assert world.looked.wait(5)
    world.topics[1]["calls"] = 1
    assert mailbox.get(timeout=5) == "calls"
    feed.stop()
    assert "live" not in {thread.name for thread in threading.enumerate()}
    world.looked.clear()
    feed.listen(1)
    assert world.looked.wait(5)
    feed.stop()


def test_a_database_that_is_away_for_a_moment_ends_no_stream(world, caplog):
    broken = itertools.chain([OSError("away")], itertools.repeat(None))

    def look(tenant):
        if error := next(broken):
            raise error
        return world(tenant)

    feed = Feed(look, every=0.001)
    mailbox = feed.listen(1)
    assert world.looked.wait(5)
    feed.leave(mailbox)
    feed.stop()
    assert "cannot look for changes" in caplog.text


def test_a_stream_tells_the_clock_then_the_changes_and_ends_by_itself(feed):
    clock = iter([100.0, 100.0, 101.0, 800.0])
    events = stream(feed, 1, lambda: next(clock))
    assert next(events) == "retry: 2000\nevent: clock\ndata: 100.000\n\n"
    (mailbox,) = feed._listeners
    mailbox.put("phones calls")
    assert next(events) == "event: changed\ndata: phones calls\n\n"
    assert next(events, None) is None
    assert not feed._listeners


def test_a_stream_is_for_whoever_is_signed_in(stranger, olga, anna):
    assert stranger.look("/live/events").status == 403
    for visitor in (anna, olga):
        answer = visitor.client.get("/live/events", buffered=False)
        assert answer.mimetype == "text/event-stream"
        assert next(answer.response).startswith(b"retry: 2000\nevent: clock")
        answer.close()


def test_one_person_cannot_take_all_connections(anna, ewa):
    answers = [anna.client.get("/live/events", buffered=False) for _ in range(MOST_PAGES)]
    for answer in answers:
        next(answer.response)
    assert anna.look("/live/events").status == 429
    other = ewa.client.get("/live/events", buffered=False)
    assert other.status_code == 200
    for answer in (other, *answers):
        answer.close()
    again = anna.client.get("/live/events", buffered=False)
    assert again.status_code == 200
    again.close()


def test_an_operator_in_no_tenant_hears_of_trunks_and_alerts_and_of_no_tenants_things(cases, zabka, desk):
    topics = look(cases, None)
    assert set(topics(PROVIDER)) == {"health", "trunks", "alerts"}
    before = topics(zabka.id)["trunks"]
    cases.trunks.create(FIRST_START, TrunkSettings("Out", "192.0.2.1"))
    assert topics(zabka.id)["trunks"] != before


def test_who_should_be_called_back_is_looked_up_anew_only_when_a_call_has_changed(cases, zabka, database, monkeypatch):
    looked = []
    lists = cases.call_backs.lists
    monkeypatch.setattr(cases.call_backs, "lists", lambda tenant: looked.append(tenant) or lists(tenant))
    topics = look(cases, None)
    before = topics(zabka.id)["call-backs"]
    assert topics(zabka.id)["call-backs"] == before
    assert looked == [zabka.id]
    began = time.time() - 30
    waited = Part("31", "Serwis", "", began, None, began + 20, Outcome.ABANDONED)
    call = Record("a", zabka.id, "+48600100200", "", "", "31", began, began, began + 20, parts=(waited,))
    with database.writing():
        calllog.store([replace(call, visits=(Visit(1, "Serwis", 0, Outcome.ABANDONED),))])
    assert topics(zabka.id)["call-backs"] != before
    assert len(looked) == 2


def test_a_phone_that_signs_in_is_news(anna, sign_on, desk):
    """Through the real services: the page is told, and its part shows it."""
    answer = anna.client.get("/live/events", buffered=False)
    events = iter(answer.response)
    next(events)
    told: queue.Queue[bytes] = queue.Queue()
    threading.Thread(target=lambda: told.put(next(events)), daemon=True).start()
    change = None
    for device in range(20):  # the first look only learns how things are, so one change may come too early
        sign_on(desk, f"Yealink {device}")
        try:
            change = told.get(timeout=1.5)
            break
        except queue.Empty:
            continue
    assert change is not None
    assert change.startswith(b"event: changed\ndata: phones")
    assert "Yealink" in anna.get("/phones/now").text
