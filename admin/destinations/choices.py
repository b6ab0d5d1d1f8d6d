"""What can be chosen of each kind of destination."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Choice:
    """One thing to choose: its ``value`` in a form and how it is called. ``silent``: nobody there would answer now."""

    value: str
    label: str
    silent: bool = False


@dataclass(frozen=True)
class Choices:
    """Kind of destination -> what there is of it."""

    of: Mapping[str, Sequence[Choice]] = field(default_factory=dict)

    def missing(self, kind: str) -> bool:
        """Whether the tenant has nothing of this kind yet."""
        needed = "account" if kind == "ring" else kind
        return needed in self.of and not self.of[needed]

    def without(self, kind: str, value: str) -> "Choices":
        """All but one thing."""
        return Choices({**self.of, kind: [choice for choice in self.of[kind] if choice.value != value]})
