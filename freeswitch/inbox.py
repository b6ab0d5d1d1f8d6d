"""Events that were read and not yet looked at: a queue with two bounds.

FreeSWITCH keeps up to 100,000 events for a client that does not read, and then sends with a lock held on which the whole
switch waits (mod_event_socket.c:284-412). So our reader always reads, and what piles up piles up here, where it is bounded;
beyond the bound it is better to hang up, and to ask how things stand.
"""

import time
from collections.abc import Callable

from gevent.queue import SimpleQueue

from freeswitch.wire import Frame


class Overflow(Exception):  # noqa: N818 - a state of the connection rather than a mistake somewhere
    """More came than we could look at."""


class Inbox:
    """Frames in order, at most ``count`` of them and at most ``size`` bytes of bodies."""

    def __init__(self, count: int, size: int, now: Callable[[], float] = time.monotonic) -> None:
        self._count = count
        self._size = size
        self._now = now
        self._frames: SimpleQueue[tuple[float, Frame]] = SimpleQueue()
        self._bytes = 0

    def __len__(self) -> int:
        waiting: int = self._frames.qsize()
        return waiting

    def put(self, frame: Frame) -> None:
        """Never waits. Raises Overflow."""
        self._bytes += len(frame.body)
        if len(self) >= self._count or self._bytes > self._size:
            raise Overflow(f"{len(self)} events of {self._bytes} bytes wait to be looked at")
        self._frames.put((self._now(), frame))

    def get(self) -> tuple[float, Frame]:
        """The oldest frame and when it came (monotonic seconds); waits for one."""
        came, frame = self._frames.get()
        self._bytes -= len(frame.body)
        return came, frame
