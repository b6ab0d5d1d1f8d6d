"""A recording, as the core knows it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sound:
    """A recording the switch fetches from the panel's process. ``version`` changes with the content, so a cache may keep it."""

    id: int
    version: str
    seconds: float
