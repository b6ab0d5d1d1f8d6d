"""What a leg is given to do: one application, or one message with several."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Message:
    """One ``sendmsg``: names in lower case, in the order they came."""

    headers: tuple[tuple[str, str], ...]
    body: str = ""

    def get(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")


@dataclass(frozen=True)
class Step:
    """One application and its argument; None is not the same as empty, for the events show it."""

    application: str
    argument: str | None = None

    @classmethod
    def of(cls, text: str, delimiter: str = " ") -> "Step":
        """``APPLICATION[ ARGUMENT]``."""
        name, _, argument = text.partition(delimiter)
        return cls(name, argument or None)
