"""Timers over gevent: each fires once, unless something else was said of it before."""

import pytest
from gevent.event import AsyncResult, Event

from app.timers import GeventTimers


@pytest.fixture
def timers():
    return GeventTimers()


def test_timer_fires_once_and_is_forgotten(timers):
    fired = Event()
    timers.set("a", "digits", 0, fired.set)
    assert fired.wait(5)
    timers.cancel("a", "digits")


def test_timer_set_anew_takes_the_place_of_the_old(timers):
    fired = AsyncResult()
    timers.set("a", "digits", 0, lambda: fired.set("old"))
    timers.set("a", "digits", 0.001, lambda: fired.set("new"))
    assert fired.get(timeout=5) == "new"


def test_cancelled_and_forgotten_timers_do_not_fire(timers):
    fired, last = [], Event()
    for name in ("digits", "join"):
        timers.set("a", name, 0, lambda: fired.append("a"))
    timers.set("b", "digits", 0, lambda: fired.append("b"))
    timers.forget("a")
    timers.cancel("b", "digits")
    timers.set("c", "digits", 0.001, last.set)
    assert last.wait(5)
    assert fired == []
