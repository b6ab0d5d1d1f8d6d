"""The product's link to a real switch, in a thread of its own, for tests that watch the switch with other eyes meanwhile."""

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import gevent

from app.core.commands import ServeQueues
from app.core.events import Event
from freeswitch.link import Link
from tests.freeswitch.real_switch import DOMAIN, RealSwitch

START_SECONDS = 20.0


class Upkeep:
    """``told`` is everything the link has said."""

    def __init__(self, switch: RealSwitch) -> None:
        self.told: list[Event] = []
        self._switch = switch
        self._wishes: queue.SimpleQueue[ServeQueues | None] = queue.SimpleQueue()
        self._connected = threading.Event()
        self._thread = threading.Thread(target=self._work)
        self._thread.start()
        assert self._connected.wait(START_SECONDS)

    def serve(self, wanted: ServeQueues) -> None:
        """This is how the queues shall be."""
        self._wishes.put(wanted)

    def stop(self) -> None:
        self._wishes.put(None)
        self._thread.join()

    def _work(self) -> None:
        """greenlets of one thread cannot be spoken to from another; so they look for wishes."""
        link = Link(self._switch.settings.switches[0], DOMAIN, self.told.append)
        link.start()
        try:
            for wish in self._wished(lambda: link.connected):
                link.send(wish)
        finally:
            link.stop()

    def _wished(self, connected: Callable[[], bool]) -> Iterator[ServeQueues]:
        while True:
            if connected():
                self._connected.set()
            try:
                wish = self._wishes.get_nowait()
            except queue.Empty:
                gevent.sleep(0.01)
                continue
            if wish is None:
                return
            yield wish


@contextmanager
def looked_after(switch: RealSwitch) -> Iterator[Upkeep]:
    """The queues of ``switch`` are kept as they are wanted, and are none in the end."""
    upkeep = Upkeep(switch)
    try:
        yield upkeep
    finally:
        upkeep.stop()
