"""The call-back list: who is on it, and how he leaves it."""

import time

import pytest

from app.core.outcome import Outcome
from app.core.record import Part, Record, Visit
from app.services.actor import Actor
from app.services.call_backs import KEPT, CallBack, Loss
from app.store import calllog

EWA, JAN = "+48600100200", "+48601200300"
NOW = 1_760_000_000.0


@pytest.fixture
def log(database):
    def write(*records):
        with database.writing():
            calllog.store(records)

    return write


@pytest.fixture
def comes(acme, log):
    """Somebody comes to the queue Serwis, waits there for ten seconds, and then?"""

    def write(call, at, outcome, *more, number=EWA, name="", login="", why="", tenant=None):
        waits = Part("201", "Serwis", "", at, None, at + 10, outcome)
        answered = next((part.answered for part in more if part.answered), None)
        over = next((part.ended for part in reversed(more)), at + 10)
        who = tenant or acme.id, number, name, login
        visit = Visit(1, "Serwis", 0, outcome, why=why)
        log(Record(call, *who, "+48221234567", at, answered, over, outcome, parts=(waits, *more), visits=(visit,)))

    return write


@pytest.fixture
def listed(pbx, acme):
    return lambda now=NOW + 1000: pbx.call_backs.list(acme.id, now)


def talk(at, login="100101", number="21", ended=None):
    return Part(number, "Anna", login, at, at, ended or at + 60, Outcome.ANSWERED)


def test_who_gave_up_is_listed_with_how_it_was(comes, listed):
    comes("a", NOW, Outcome.ABANDONED, name="Ewa")
    assert listed() == [CallBack(EWA, "Ewa", Loss.ABANDONED, NOW + 10, "Serwis", 10.0, "a", 1)]


def test_number_is_there_once_by_its_newest_call_newest_first(comes, listed):
    comes("a", NOW, Outcome.ABANDONED)
    comes("b", NOW + 5, Outcome.ABANDONED, number=JAN)
    comes("c", NOW + 50, Outcome.OVERFLOWED, why="max-wait")
    assert [(one.number, one.call, one.loss, one.times) for one in listed()] == [
        (EWA, "c", Loss.OVERFLOWED, 2),
        (JAN, "b", Loss.ABANDONED, 1),
    ]


def test_who_was_led_on_is_lost_unless_somebody_there_answered(comes, listed):
    missed = Part("21", "Anna", "100101", NOW + 10, None, NOW + 30, Outcome.NO_ANSWER)
    closed = Part("", "zamkniete", "", NOW + 10, NOW + 10, NOW + 15, Outcome.ANSWERED)
    menu = Part("", "powitanie", "", NOW + 10, NOW + 10, NOW + 15, Outcome.ANSWERED)
    comes("a", NOW, Outcome.OVERFLOWED, talk(NOW + 10))
    comes("b", NOW, Outcome.OVERFLOWED, missed, number=JAN)
    comes("c", NOW, Outcome.OVERFLOWED, closed, number="+48602000000")
    comes("d", NOW, Outcome.OVERFLOWED, menu, talk(NOW + 15, "", "+48603000000"), number="+48604000000")
    assert [one.number for one in listed()] == [JAN, "+48602000000"]


@pytest.mark.parametrize("outcome", [Outcome.ANSWERED, Outcome.PICKED_UP])
def test_who_was_answered_is_not_listed(comes, listed, outcome):
    comes("a", NOW, outcome, talk(NOW + 10))
    assert listed() == []


def test_number_leaves_the_list_when_it_calls_again_and_is_answered(comes, listed, log, acme):
    comes("a", NOW, Outcome.ABANDONED)
    again = Record("b", acme.id, EWA, "", "", "x", NOW + 100, NOW + 105, parts=(talk(NOW + 105),))
    log(Record("early", acme.id, EWA, "", "", "x", NOW - 100, NOW - 90, NOW - 80, parts=(talk(NOW - 90),)))
    assert len(listed()) == 1, "he was talked to before that, not since"
    log(again)
    assert listed() == [], "although they still talk"
    comes("c", NOW + 300, Outcome.ABANDONED)
    assert [(one.call, one.times) for one in listed()] == [("c", 1)]


def test_number_leaves_the_list_when_anybody_reaches_it(comes, listed, log, acme, bartek):
    comes("a", NOW, Outcome.ABANDONED)
    rung = Part(EWA, "", "", NOW + 100, None, NOW + 120, Outcome.NO_ANSWER)
    log(Record("b", acme.id, "22", "Bartek", bartek.login, EWA, NOW + 100, ended=NOW + 120, parts=(rung,)))
    assert len(listed()) == 1, "nobody answered there"
    reached = Part(EWA, "", "", NOW + 200, NOW + 210, NOW + 300, Outcome.ANSWERED)
    log(Record("c", acme.id, "22", "Bartek", bartek.login, EWA, NOW + 200, NOW + 210, NOW + 300, parts=(reached,)))
    assert listed() == []


def test_who_asked_to_be_called_back_is_listed_when_that_failed(comes, listed, log, acme):
    comes("a", NOW, Outcome.CALL_BACK)
    stands_in = Record("a-back", acme.id, EWA, "", "", "x", NOW + 10, parts=(Part("201", "Serwis", "", NOW + 10),))
    log(Record(**{**vars(stands_in), "visits": (Visit(1, "Serwis", 0),)}))
    assert listed() == [], "somebody stands in line for him"
    rung = Part(EWA, "", "", NOW + 20, None, NOW + 50, Outcome.BUSY)
    comes("a-back", NOW + 10, Outcome.ANSWERED, rung)
    assert [(one.loss, one.at, one.times) for one in listed()] == [(Loss.ASKED, NOW + 10, 1)]
    comes("a-back", NOW + 10, Outcome.OVERFLOWED, why="no-agents")
    assert [(one.loss, one.at, one.times) for one in listed()] == [(Loss.ASKED, NOW + 20, 1)]
    comes("a-back", NOW + 10, Outcome.ANSWERED, Part(EWA, "", "", NOW + 20, NOW + 25, NOW + 50, Outcome.ANSWERED))
    assert listed() == []


def test_somebody_takes_a_number_off_until_it_is_lost_anew(pbx, acme, comes, listed, refused):
    lost = time.time() - 100
    comes("a", lost, Outcome.ABANDONED)
    pbx.call_backs.be_done(Actor(None, "Anna"), acme.id, EWA)
    assert listed(None) == []
    (done,) = pbx.call_backs.done(acme.id)
    assert (done.number, done.done_by) == (EWA, "Anna")
    assert lost < done.done_at <= time.time()
    with refused("not-found"):
        pbx.call_backs.be_done(Actor(None, "Anna"), acme.id, EWA)
    comes("b", time.time() + 1, Outcome.ABANDONED)
    assert [(one.call, one.times, one.done_by) for one in listed(None)] == [("b", 1, "")]
    assert pbx.call_backs.done(acme.id) == []


def test_number_that_is_in_a_call_now_says_so(comes, listed, log, acme, bartek):
    comes("a", NOW, Outcome.ABANDONED)
    comes("b", NOW, Outcome.ABANDONED, number=JAN)
    log(Record("c", acme.id, EWA, "", "", "x", NOW + 100, parts=(Part("201", "Serwis", "", NOW + 100),)))
    assert {one.number: one.in_call for one in listed()} == {EWA: True, JAN: False}
    log(Record("d", acme.id, "22", "B", bartek.login, JAN, NOW + 100, parts=(Part(JAN, "", "", NOW + 100),)))
    assert {one.number: one.in_call for one in listed()} == {EWA: True, JAN: True}


@pytest.mark.parametrize(("number", "login"), [("anonymous", ""), ("", ""), ("12", ""), ("0048600100200", "")])
def test_nobody_is_listed_who_cannot_be_called(comes, listed, number, login):
    comes("a", NOW, Outcome.ABANDONED, number=number, login=login)
    assert listed() == []


def test_colleague_is_listed_by_internal_number(comes, listed, bartek):
    comes("a", NOW, Outcome.ABANDONED, number="22", login=bartek.login)
    assert [one.number for one in listed()] == ["22"]


def test_colleague_is_reached_only_by_colleagues(comes, listed, log, acme, bartek):
    """Bartek was lost by a queue. That he talks with customers since does not help him."""
    comes("a", NOW, Outcome.ABANDONED, number="22", login=bartek.login)
    customer = Part(EWA, "", "", NOW + 100, NOW + 105, NOW + 150, Outcome.ANSWERED)
    log(Record("b", acme.id, "22", "Bartek", bartek.login, EWA, NOW + 100, NOW + 105, NOW + 150, parts=(customer,)))
    his = talk(NOW + 205, bartek.login, "22")
    log(Record("c", acme.id, JAN, "", "", "x", NOW + 200, NOW + 205, NOW + 300, parts=(his,)))
    assert [one.number for one in listed()] == ["22"]
    log(Record("d", acme.id, "21", "Anna", "100101", "22", NOW + 300, NOW + 305, NOW + 400, parts=(his,)))
    assert listed() == []


def test_month_is_kept(comes, listed):
    comes("a", NOW, Outcome.ABANDONED)
    assert len(listed(NOW + KEPT)) == 1
    assert listed(NOW + KEPT + 1) == []


def test_who_still_waits_is_not_lost(listed, log, acme):
    waits = Record("a", acme.id, EWA, "", "", "x", NOW, parts=(Part("201", "Serwis", "", NOW),))
    log(Record(**{**vars(waits), "visits": (Visit(1, "Serwis", 0),)}))
    assert listed() == []


def test_tenants_have_lists_of_their_own(pbx, ola, acme, zenit, comes, listed, log, refused):
    recently = time.time() - 100
    comes("a", recently, Outcome.ABANDONED)
    log(Record("b", zenit.id, EWA, "", "", "x", recently + 50, recently + 51, parts=(talk(recently + 51),)))
    assert pbx.call_backs.list(zenit.id) == []
    assert len(listed(None)) == 1, "that Zenit has talked with her changes nothing"
    with refused("not-found"):
        pbx.call_backs.be_done(ola, zenit.id, EWA)
    comes("c", time.time() - 20, Outcome.ABANDONED, tenant=zenit.id)
    pbx.call_backs.be_done(ola, zenit.id, EWA)
    assert len(listed(None)) == 1
    with refused("not-found"):
        pbx.call_backs.list(99)


def test_mark_changes_whenever_the_lists_may_have(pbx, acme, comes, log):
    now = time.time()
    marks = [pbx.call_backs.mark(acme.id)]

    def changed():
        marks.append(pbx.call_backs.mark(acme.id))
        return marks[-1] != marks[-2]

    assert not changed()
    comes("short", now - 12, Outcome.ABANDONED)
    assert changed(), "although nobody saw it living"
    lives = Record("b", acme.id, EWA, "", "", "x", now - 5)
    log(lives)
    assert changed()
    log(Record(**{**vars(lives), "parts": (talk(now - 1),)}))
    assert changed()
    log(Record(**{**vars(lives), "parts": (talk(now - 1),), "ended": now - 7200}))
    assert changed(), "although its true end is learnt late"
    comes("c", now - 11, Outcome.ABANDONED, number=JAN)
    assert changed()
    pbx.call_backs.be_done(Actor(None, "Anna"), acme.id, JAN)
    assert changed()
    assert not changed()


def test_other_tenants_calls_leave_no_mark(pbx, acme, zenit, comes):
    before = pbx.call_backs.mark(acme.id)
    comes("a", time.time() - 10, Outcome.ABANDONED, tenant=zenit.id)
    assert pbx.call_backs.mark(acme.id) == before
