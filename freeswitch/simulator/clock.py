"""Time as the simulator knows it: by the wall, or by hand so that a story of ten minutes takes no time at all."""

import heapq
import itertools
import time
from collections.abc import Callable
from typing import Protocol

import gevent
from gevent.event import Event

_ROUNDS = 60

Callback = Callable[[], None]


class Timer(Protocol):
    """Something that will happen, unless it is cancelled."""

    def cancel(self) -> None: ...


class Clock(Protocol):
    """Tells the time (seconds since the epoch) and calls back later. Callbacks run in no greenlet's name and must not block."""

    def now(self) -> float: ...

    def after(self, seconds: float, call: Callback) -> Timer: ...


class _LoopTimer:
    def __init__(self, seconds: float, call: Callback) -> None:
        self._watcher = gevent.get_hub().loop.timer(max(seconds, 0.0))
        self._call = call
        self._watcher.start(self._fire)

    def _fire(self) -> None:
        self.cancel()
        self._call()

    def cancel(self) -> None:
        self._watcher.stop()
        self._watcher.close()


class WallClock:
    """The machine's own time."""

    def now(self) -> float:
        return time.time()

    def after(self, seconds: float, call: Callback) -> Timer:
        return _LoopTimer(seconds, call)


class _HandTimer:
    def __init__(self, call: Callback) -> None:
        self.call: Callback | None = call

    def cancel(self) -> None:
        self.call = None


class HandClock:
    """Stands still until it is moved. ``advance`` does at once everything that would have happened meanwhile, in order."""

    def __init__(self, start: float = 1_795_355_450.0) -> None:
        self._now = start
        self._order = itertools.count()
        self._due: list[tuple[float, int, _HandTimer]] = []

    def now(self) -> float:
        return self._now

    def after(self, seconds: float, call: Callback) -> Timer:
        timer = _HandTimer(call)
        heapq.heappush(self._due, (self._now + max(seconds, 0.0), next(self._order), timer))
        return timer

    def advance(self, seconds: float) -> None:
        """Move on by ``seconds``; at each moment something was due at, everything that follows from it is done first."""
        end = self._now + seconds
        settle()
        while self._due and self._due[0][0] <= end:
            moment, _, timer = heapq.heappop(self._due)
            if timer.call is None:
                continue
            self._now = max(self._now, moment)
            timer.call()
            settle()
        self._now = end
        settle()


def settle() -> None:
    """Let every greenlet run until nothing can happen any more without time passing or a message from outside.

    The loop does not say when that is so: one leg wakes another, which writes to a socket, whose reader wakes a third. Each
    round takes one such step everywhere and looks at every socket, and no story here has nearly so many steps in a row.
    """
    for _ in range(_ROUNDS):
        gevent.sleep(0)


class Signal:
    """A bell for one greenlet: others ring it when something concerns it. A ring while nobody sleeps is kept."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._event = Event()

    def wake(self) -> None:
        self._event.set()

    def pause(self, until: float | None = None) -> None:
        """Sleep until woken, or until the clock shows ``until``."""
        if until is None:
            self._event.wait()
        elif not self._event.is_set():
            timer = self._clock.after(until - self._clock.now(), self.wake)
            try:
                self._event.wait()
            finally:
                timer.cancel()
        self._event.clear()
