"""Things that may be seen exactly once: a new password between the click that made it and the page that shows it."""

import secrets
import time
from collections.abc import Callable
from typing import Generic, TypeVar

Kept = TypeVar("Kept")
SECONDS = 600
MOST = 1000


class SeenOnce(Generic[Kept]):
    """Hands each thing out once, to the one it was kept for. In memory only: nothing secret reaches a disk or a cookie."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._kept: dict[str, tuple[float, object, Kept]] = {}

    def keep(self, owner: object, thing: Kept) -> str:
        """Keep ``thing`` for ``owner`` for ten minutes; the key to ask for it with."""
        self._forget_old()
        key = secrets.token_urlsafe(16)
        self._kept[key] = (self._now() + SECONDS, owner, thing)
        return key

    def take(self, owner: object, key: str) -> Kept | None:
        """The thing, or None when it was seen before, is too old, or was kept for somebody else."""
        self._forget_old()
        if key not in self._kept or self._kept[key][1] != owner:
            return None
        return self._kept.pop(key)[2]

    def _forget_old(self) -> None:
        now = self._now()
        alive = [(key, entry) for key, entry in self._kept.items() if entry[0] > now]
        self._kept = dict(alive[-MOST:])
