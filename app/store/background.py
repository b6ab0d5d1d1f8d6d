"""Writing that nobody waits for: a greenlet that works when woken and tries again while the database is away."""

import logging
import time
from collections.abc import Callable

import gevent
from gevent.event import Event

from app.store.database import AWAY

log = logging.getLogger(__name__)

RETRY_SECONDS = 0.5


class Background:
    """Calls ``work`` after every `wake`, soon and never twice at once.

    ``work`` does all there is to do and keeps, when it raises, what it has not done. ``gather`` seconds pass between waking
    and working, so that what happens together is written together.
    """

    def __init__(self, what: str, work: Callable[[], None], gather: float = 0.05, retry: float = RETRY_SECONDS) -> None:
        self._what = what
        self._work = work
        self._gather = gather
        self._retry = retry
        self._woken, self._idle, self._hurry = Event(), Event(), Event()
        self._idle.set()
        self._away_since: float | None = None
        self._greenlet: gevent.Greenlet | None = None

    def start(self) -> None:
        """Begin; what was asked for before is done now."""
        if self._greenlet is None:
            self._greenlet = gevent.spawn(self._run)

    def wake(self) -> None:
        """There is something to do. Returns at once."""
        self._idle.clear()
        self._woken.set()

    def finish(self, timeout: float) -> bool:
        """Do what is left and stop; whether it was all done within ``timeout`` seconds."""
        self.start()
        self._hurry.set()
        done = bool(self._idle.wait(timeout))
        if self._greenlet is not None:
            self._greenlet.kill()
            self._greenlet = None
        self._hurry.clear()
        return done

    def _run(self) -> None:
        while True:
            self._woken.wait()
            self._hurry.wait(self._gather)
            self._woken.clear()
            if not self._attempt():
                self._woken.set()
                gevent.sleep(self._retry)
            elif not self._woken.is_set():
                self._idle.set()

    def _attempt(self) -> bool:
        try:
            self._work()
        except AWAY as error:
            if self._away_since is None:
                self._away_since = time.monotonic()
                log.error("%s: the database does not answer, trying until it does: %s", self._what, error)
            return False
        except Exception:  # a bug of ours; what is kept for later must not be lost by it
            log.exception("%s: cannot write", self._what)
            return False
        if self._away_since is not None:
            log.warning("%s: the database answers again after %.0f s", self._what, time.monotonic() - self._away_since)
            self._away_since = None
        return True
