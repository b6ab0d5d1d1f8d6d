"""Who changes something: every write names one, for the change log."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """A signed-in person, or the system itself, which has no ``user_id``."""

    user_id: int | None
    name: str
    is_operator: bool = False

    @property
    def for_provider(self) -> bool:
        """Whether it may do what is between the provider and the customer; the command line is the provider's, too."""
        return self.is_operator or self.user_id is None


COMMAND_LINE = Actor(None, "command line")
FIRST_START = Actor(None, "first start")
