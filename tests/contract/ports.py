"""Ports of 127.0.0.1 that nobody else takes, also when several test processes run at once.

They lie below the range that FreeSWITCH uses for sound by default (16384 up) and below the one Linux takes for outgoing
connections (32768 up), so only another test would want them, and a test keeps the first port of its block bound.
"""

import random
import socket

FIRST, LAST, SIZE = 10_000, 16_000, 200


class NoPortsError(Exception):
    """Every block is taken."""


class Block:
    """200 neighbouring ports that belong to this process until ``close``."""

    def __init__(self) -> None:
        self._guard, first = _claim()
        self._next, self._end = first + 2, first + SIZE

    def take(self, count: int = 1) -> int:
        """The first of ``count`` ports in a row, even as RTP wants it. Raises NoPortsError."""
        first = self._next
        if first + count > self._end:
            raise NoPortsError("this block has no ports left")
        self._next = first + count + count % 2
        return first

    def close(self) -> None:
        """Let others have them."""
        self._guard.close()


def _claim() -> tuple[socket.socket, int]:
    for first in random.sample(range(FIRST, LAST, SIZE), (LAST - FIRST) // SIZE):
        guard = socket.socket()
        try:
            guard.bind(("127.0.0.1", first))
            if all(_is_free(port) for port in range(first + 1, first + SIZE)):
                guard.listen()
                return guard, first
        except OSError:
            pass  # another test's block
        guard.close()
    raise NoPortsError(f"no free block of ports between {FIRST} and {LAST}")


def _is_free(port: int) -> bool:
    for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
        with socket.socket(socket.AF_INET, kind) as probe:
            if kind == socket.SOCK_STREAM:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                return False
    return True
