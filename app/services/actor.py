"""Who changes something: every write names one, for the change log."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """A signed-in person, or the system itself, which has no ``user_id``."""

    user_id: int | None
    name: str


COMMAND_LINE = Actor(None, "command line")
FIRST_START = Actor(None, "first start")
