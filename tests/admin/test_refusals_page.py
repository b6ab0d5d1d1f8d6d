"""What the limits have stopped: shown to the owner and to the provider until each has looked at it."""

import time
from dataclasses import replace

import pytest

from app.core.outcome import EndedBy, Limit, Outcome
from app.core.record import Part, Record, Stop
from app.store import calllog

CUBA = "+5378001234"


@pytest.fixture
def stopped(database, zabka, desk):
    """The reception has dialled a number and heard that it exceeds a limit, so many times."""
    made = []

    def stopped(called=CUBA, times=1, tenant=zabka, login=desk.login, name="Recepcja", limit=Limit.COUNTRY):
        for _ in range(times):
            made.append(time.time() - 3600 + 120 * len(made))
            record = Record(f"c{len(made)}", tenant.id, "22", name, login, called, made[-1], None, made[-1] + 0.5)
            record = replace(record, parts=(part(called, made[-1], limit, login),))
            with database.writing():
                calllog.store([replace(record, outcome=Outcome.OVER_LIMIT, ended_by=EndedBy.SYSTEM)])

    return stopped


def part(called, at, limit, sender):
    return Part(called, "", "", at, None, at, Outcome.OVER_LIMIT, Stop(limit, sender))


def section(page):
    return [" ".join(one.get_text(" ").split()) for one in page.html.select(".refusals")]


def until(page, index=0):
    return page.html.select("[name=until]")[index]["value"]


def test_the_owner_is_told_who_called_where_and_what_to_do(ania, desk, stopped):
    assert section(ania.get("/")) == []
    stopped(times=5)
    page = ania.get("/")
    (told,) = section(page)
    assert told.startswith("Limity zatrzymały 5 połączeń na zewnątrz")
    assert "22 Recepcja kraj, do którego nie wolno dzwonić: Kuba 5 połączeń, od" in told
    assert "+53 7 8001234" in told
    assert page.html.select_one(".refusals .row a")["href"] == f"/phones/{desk.id}/renew"


@pytest.mark.parametrize(
    ("called", "limit", "said"),
    [
        ("+48701123456", Limit.PREMIUM, "premium-rate number"),
        ("+48600100200", Limit.AT_ONCE, "too many calls to outside at once"),
        ("+48600100200", Limit.MINUTES, "the minutes of the day were used up"),
        ("+88213123456", Limit.COUNTRY, "country that may not be called: unknown"),
        ("600100200", Limit.UNKNOWN, "it was not written down which limit"),
    ],
)
def test_each_limit_has_its_words(anna, stopped, called, limit, said):
    stopped(called, limit=limit)
    assert said in section(anna.get("/"))[0]


def test_who_sent_a_caller_on_is_told_while_they_still_talk(anna, database, zabka, desk):
    now = time.time()
    talk = Part("22", "Recepcja", desk.login, now - 60, now - 55, now - 9, Outcome.CONSULTED)
    parts = (talk, part(CUBA, now - 9, Limit.COUNTRY, desk.login), replace(talk, ended=None, outcome=None))
    record = Record("talks", zabka.id, "+48500600700", "", "", "+48221234567", now - 60, now - 55, parts=parts)
    with database.writing():
        calllog.store([record])
    page = anna.get("/")
    assert "Recepcja country that may not be called: Cuba 1 call" in section(page)[0]
    assert "from outside" not in section(page)[0]
    assert page.html.select_one(".refusals .row a")["href"] == f"/phones/{desk.id}/renew"


def test_what_was_looked_at_goes_and_what_is_new_comes(anna, stopped):
    stopped()
    page = anna.get("/")
    stopped()
    page = anna.post("/home/looked-at", until=until(page))
    assert "Hidden. The calls stay in the history." in page.messages
    assert "stopped 1 call to outside" in section(page)[0]
    assert section(anna.post("/home/looked-at", until=until(page))) == []
    assert "Stopped calls looked at" in anna.get("/settings/changes").text


@pytest.mark.parametrize("nonsense", ["", "soon", "nan", "-1"])
def test_nonsense_hides_nothing(anna, stopped, nonsense):
    stopped()
    assert section(anna.post("/home/looked-at", until=nonsense))


def test_a_receptionist_neither_sees_nor_hides_it(ewa, anna, stopped):
    stopped()
    assert section(ewa.get("/")) == []
    assert ewa.post("/home/looked-at", until=until(anna.get("/"))).status == 403


def test_the_provider_sees_every_tenants_and_hides_them_for_himself(olga, anna, wile, zabka, acme, foreign, stopped):
    stopped(times=2)
    stopped(tenant=acme, login=foreign.login, name="Roadrunner")
    page = olga.get("/system/")
    assert [told.partition(" calls")[0].partition(" call ")[0] for told in section(page)] == [
        "Acme Limits have stopped 1",
        "Żabka Limits have stopped 2",
    ]
    assert "2 calls stopped" in olga.get("/tenants/").text
    page = olga.post(f"/system/looked-at/{zabka.id}", until=until(page, 1))
    assert "Hidden. The calls stay in the tenant's history." in page.messages
    assert [told.split()[0] for told in section(page)] == ["Acme"]
    assert section(anna.get("/"))
    assert section(wile.get("/"))


def test_an_operator_in_a_tenant_looks_for_the_provider(olga, anna, zabka, stopped):
    stopped()
    olga.post(f"/tenants/{zabka.id}/enter")
    assert section(olga.post("/home/looked-at", until=until(olga.get("/")))) == []
    assert section(olga.get("/system/")) == []
    assert section(anna.get("/"))


def test_an_owner_does_not_hide_it_for_the_provider(anna, olga, zabka, stopped):
    stopped()
    assert anna.post(f"/system/looked-at/{zabka.id}", until="4000000000").status == 403
    anna.post("/home/looked-at", until=until(anna.get("/")))
    assert section(olga.get("/system/"))


def test_a_caller_from_outside_is_named_by_number(anna, database, zabka):
    now = time.time()
    record = Record("out", zabka.id, "+48500600700", "", "", "+48221234567", now - 9, None, now - 1, Outcome.OVER_LIMIT)
    record = replace(record, parts=(part(CUBA, now - 9, Limit.COUNTRY, ""),))
    with database.writing():
        calllog.store([record])
    assert "500 600 700 from outside" in section(anna.get("/"))[0]


def test_open_pages_learn_of_it(app, zabka, anna, stopped):
    feed = app.extensions["live"]
    here, there = feed.listen(zabka.id), feed.listen(0)
    feed.look_once()
    stopped()
    feed.look_once()
    assert here.get_nowait() == "alerts"
    assert there.get_nowait() == "alerts"
