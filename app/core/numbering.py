"""What a string of digits means to whom dialled it, and which numbers a tenant may give.

The order is fixed (feature codes, emergency, internal, national, international), so that no tenant can, by giving a number,
put itself between a person and an ambulance.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

EMERGENCY = frozenset({"112", "984", "985", "986", "987", "989"} | {str(number) for number in range(991, 1000)})
"""Polish emergency and alarm numbers: 112, 984-987, 989, 991-999 (the national numbering plan, «numery alarmowe»)."""

RESERVED = EMERGENCY
"""Numbers no tenant may give."""

MIN_DIGITS, MAX_DIGITS = 2, 3

PICKUP = "*8"
"""The feature code that takes a call: with an internal number the one that rings there."""

PICKUP_ANY = "*8112"
"""Takes the call that has been ringing longest anywhere. 112 is no internal number, so nothing clashes."""

_INTERNAL = re.compile(r"[0-9]{2,3}")
_NATIONAL = re.compile(r"[1-9][0-9]{8}")
_INTERNATIONAL = re.compile(r"(?:00|\+)([1-9][0-9]{5,14})")
_SEPARATORS = re.compile(r"[\s().\-/]")


class Kind(StrEnum):
    """What sort of number it is."""

    FEATURE = "feature"
    EMERGENCY = "emergency"
    INTERNAL = "internal"
    NATIONAL = "national"
    INTERNATIONAL = "international"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Meaning:
    """A dialled string, understood. ``number`` is its normal form: internal digits, E.164 with ``+``, or what was dialled."""

    kind: Kind
    number: str


def has_internal_shape(digits: str) -> bool:
    """Whether it is two or three ASCII digits."""
    return _INTERNAL.fullmatch(digits) is not None


def is_reserved(digits: str) -> bool:
    """Whether the number belongs to the emergency services."""
    return digits in RESERVED


def is_assignable(digits: str) -> bool:
    """Whether a tenant may give this number to somebody."""
    return has_internal_shape(digits) and not is_reserved(digits)


def waits_for(digits: str, numbers: Collection[str]) -> list[str]:
    """The numbers for whose next digit a phone must wait after ``digits`` (22 waits for 221), in dialling order."""
    return sorted(number for number in numbers if number != digits and number.startswith(digits))


def delayed_by(digits: str, numbers: Collection[str]) -> list[str]:
    """The numbers that dial later once ``digits`` exists, because it goes on where they end (221 delays 22)."""
    return sorted(number for number in numbers if number != digits and digits.startswith(number))


def is_complete(digits: str, numbers: Collection[str]) -> bool:
    """Whether ``digits`` are one of the ``numbers`` and none of them goes on from there, so that nobody need wait for more."""
    return digits in numbers and not waits_for(digits, numbers)


def picks_up(dialled: str) -> str | None:
    """The internal number whose ringing call is wanted; empty for any, None if ``dialled`` is no pickup code."""
    if dialled == PICKUP_ANY:
        return ""
    number = dialled.removeprefix(PICKUP)
    return number if dialled != number and has_internal_shape(number) else None


def understand(dialled: str, internal: Collection[str]) -> Meaning:
    """What ``dialled`` means to a caller whose tenant has given the ``internal`` numbers. Never fails: it may be UNKNOWN."""
    if dialled.startswith("*"):
        return Meaning(Kind.FEATURE, dialled)
    digits = _SEPARATORS.sub("", dialled)
    if digits in EMERGENCY:
        return Meaning(Kind.EMERGENCY, digits)
    if has_internal_shape(digits):
        return Meaning(Kind.INTERNAL if digits in internal else Kind.UNKNOWN, digits)
    if _NATIONAL.fullmatch(digits):
        return Meaning(Kind.NATIONAL, f"+48{digits}")
    if match := _INTERNATIONAL.fullmatch(digits):
        return Meaning(Kind.INTERNATIONAL, f"+{match[1]}")
    return Meaning(Kind.UNKNOWN, digits)
