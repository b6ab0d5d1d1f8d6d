"""A tenant's internal numbers as a set: which wait for which, and which are free. Pure."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from app.core import numbering


@dataclass(frozen=True)
class Notice:
    """Something worth knowing that is not wrong. ``code`` is ``waits-for`` or ``delays``; ``numbers`` are the others."""

    code: str
    numbers: tuple[str, ...]


class NumberPlan:
    """The ``numbers`` given; asking about one of many takes no longer than about one of few."""

    def __init__(self, numbers: Collection[str]) -> None:
        self.numbers: set[str] = set()
        self._longer: dict[str, list[str]] = {}  # a beginning -> the numbers that go on from there
        for number in sorted(numbers):
            self.add(number)

    def add(self, number: str) -> None:
        """Give a further number."""
        self.numbers.add(number)
        for beginning in _beginnings(number):
            self._longer.setdefault(beginning, []).append(number)

    def notices(self, number: str) -> list[Notice]:
        """What dialling ``number`` is like beside the others: ``waits-for`` longer ones, ``delays`` shorter."""
        longer = tuple(sorted(self._longer.get(number, ())))
        shorter = tuple(beginning for beginning in _beginnings(number) if beginning in self.numbers)
        found = {"waits-for": longer, "delays": shorter}
        return [Notice(code, numbers) for code, numbers in found.items() if numbers]

    def free(self, digits: int) -> str | None:
        """A number to suggest: after the highest in use, else the lowest free from 20 (200), that delays and waits for nobody.

        None when every number of that length is taken or would wait.
        """
        first, end = 2 * 10 ** (digits - 1), 10**digits
        last = max((int(number) for number in self.numbers if len(number) == digits), default=first)
        for candidate in [*range(last + 1, end), *range(first + 1, end), *range(first // 2, first + 1)]:
            number = f"{candidate:0{digits}}"
            if numbering.is_assignable(number) and number not in self.numbers and not self.notices(number):
                return number
        return None


def _beginnings(number: str) -> Iterator[str]:
    return (number[:length] for length in range(numbering.MIN_DIGITS, len(number)))
