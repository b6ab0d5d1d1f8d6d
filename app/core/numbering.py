"""What a string of digits means to whom dialled it, which numbers a tenant may give, and what is known of a public number.

The order is fixed (feature codes, emergency, internal, national, international), so that no tenant can, by giving a number,
put itself between a person and an ambulance. The plan is the Polish one, because the trunks are in Poland («plan numeracji
krajowej», Dz.U. 2013 poz. 1281): a closed plan of nine digits without any prefix, and beside it

- 112 and 9XY, the alarm numbers: never an ordinary call;
- 19XYZ, short numbers of an area's services (19115), which from elsewhere are reached with the area's code (22 19115);
- 116XYZ, the harmonised European numbers of social value, free of charge, and 118XYZ, directory enquiries;
- 800 free of charge, with a seventh digit as well; 801 and 804 shared cost; 70 premium rate; 39 telephones over the Internet.

What is none of these nor possible in the plan of its country is UNKNOWN. Whether a *possible* number exists only the
network knows: ranges are opened faster than libraries learn of them.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType, ValidationResult

EMERGENCY = frozenset({"112", "984", "985", "986", "987", "989"} | {str(number) for number in range(991, 1000)})
"""Polish emergency and alarm numbers: 112, 984-987, 989, 991-999 (the national numbering plan, «numery alarmowe»)."""

RESERVED = EMERGENCY
"""Numbers no tenant may give."""

MIN_DIGITS, MAX_DIGITS = 2, 3

PICKUP = "*8"
"""The feature code that takes a call: with an internal number the one that rings there."""

PICKUP_ANY = "*8112"
"""Takes the call that has been ringing longest anywhere. 112 is no internal number, so nothing clashes."""

SIGN_IN, SIGN_OUT, PAUSE, RESUME = "*61", "*62", "*63", "*64"
"""The feature codes of agents; with a queue's internal number for that queue alone, without one for all of one's queues."""

ATTENDING = (SIGN_IN, SIGN_OUT, PAUSE, RESUME)

HOME = "PL"
"""The region whose national numbers are dialled without a prefix."""

_COUNTRY_CODE = 48

_FEATURE = re.compile(r"\*[0-9*#]+")
_INTERNAL = re.compile(r"[0-9]{2,3}")
_NATIONAL = re.compile(r"[1-9][0-9]{8}|800[0-9]{7}|[1-9][0-9]19[0-9]{3}")
_SHORT = re.compile(r"19[0-9]{3}|11[68][0-9]{3}")
_INTERNATIONAL = re.compile(r"(?:00|\+)([1-9][0-9]{5,14})")
_BARE = re.compile(r"[1-9][0-9]{9,14}")
_E164 = re.compile(r"\+[1-9][0-9]{1,14}")
_CLOSED = re.compile(rf"(?!800)[1-9][0-9]{{8}}|{_SHORT.pattern}")  # no number goes on after these
_PREMIUM = re.compile(r"\+4870[0-9]{7}|118[0-9]{3}")
_FREE = re.compile(r"116[0-9]{3}")

# what people put between digits, and the invisible marks of direction and width that come along when a number is pasted
_SEPARATORS = re.compile(r"[\s().\-/\u2010-\u2015\u2212\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


class Kind(StrEnum):
    """What sort of number it is."""

    FEATURE = "feature"
    EMERGENCY = "emergency"
    INTERNAL = "internal"
    SHORT = "short"  # 19XYZ, 116XYZ, 118XYZ: no E.164 number, a trunk takes it as it is
    NATIONAL = "national"
    INTERNATIONAL = "international"
    UNKNOWN = "unknown"


class Service(StrEnum):
    """What stands behind a public number, as far as it matters for what a call costs."""

    FIXED = "fixed"  # over the Internet as well
    MOBILE = "mobile"
    TOLL_FREE = "toll-free"
    SHARED_COST = "shared-cost"
    PREMIUM = "premium"
    OTHER = "other"  # pagers, and ranges that nobody has told us of


_SERVICES = {
    PhoneNumberType.FIXED_LINE: Service.FIXED,
    PhoneNumberType.VOIP: Service.FIXED,
    PhoneNumberType.MOBILE: Service.MOBILE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE: Service.MOBILE,
    PhoneNumberType.TOLL_FREE: Service.TOLL_FREE,
    PhoneNumberType.SHARED_COST: Service.SHARED_COST,
    PhoneNumberType.UAN: Service.SHARED_COST,
    PhoneNumberType.PREMIUM_RATE: Service.PREMIUM,
}


@dataclass(frozen=True)
class Meaning:
    """A dialled string, understood.

    ``number`` is its normal form: internal digits, E.164 with ``+``, a short number's digits, or what was dialled.
    """

    kind: Kind
    number: str

    @property
    def is_outside(self) -> bool:
        """Whether it leads to a telephone outside, through a trunk. Emergency numbers have a way of their own."""
        return self.kind in (Kind.SHORT, Kind.NATIONAL, Kind.INTERNATIONAL)


# --- internal numbers -----------------------------------------------------------------------------------------------


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
    """Whether nobody need wait for more, because none of the internal ``numbers`` and no public one goes on from there.

    Internal numbers come first here too: who wants 22 123 45 67 where 22 is a colleague dials 00 48 before it.
    """
    if digits in numbers:
        return not waits_for(digits, numbers)
    return digits in EMERGENCY or _CLOSED.fullmatch(digits) is not None


# --- dialled strings ------------------------------------------------------------------------------------------------


def picks_up(dialled: str) -> str | None:
    """The internal number whose ringing call is wanted; empty for any, None if ``dialled`` is no pickup code."""
    code = _SEPARATORS.sub("", dialled)
    if code == PICKUP_ANY:
        return ""
    number = code.removeprefix(PICKUP)
    return number if code != number and has_internal_shape(number) else None


def attends(dialled: str) -> tuple[str, str] | None:
    """The feature code of agents that was dialled, and the internal number after it, empty for none; None if it is no such."""
    digits = _SEPARATORS.sub("", dialled)
    code, number = digits[:3], digits[3:]
    return (code, number) if code in ATTENDING and (not number or has_internal_shape(number)) else None


def understand(dialled: str, internal: Collection[str]) -> Meaning:
    """What ``dialled`` means to a caller whose tenant has given the ``internal`` numbers. Never fails: it may be UNKNOWN."""
    digits = _SEPARATORS.sub("", dialled)
    if _FEATURE.fullmatch(digits):
        return Meaning(Kind.FEATURE, digits)
    if digits in EMERGENCY:
        return Meaning(Kind.EMERGENCY, digits)
    if digits in internal and has_internal_shape(digits):
        return Meaning(Kind.INTERNAL, digits)
    if _SHORT.fullmatch(digits):
        return Meaning(Kind.SHORT, digits)
    if national := _national(digits):
        return Meaning(Kind.NATIONAL, national)
    if international := _international(digits):
        return Meaning(Kind.INTERNATIONAL, international)
    return Meaning(Kind.UNKNOWN, dialled)


def _national(digits: str) -> str:
    """E.164 of a Polish number in its national form, else empty. Nine digits need not be a range that the library knows."""
    if not _NATIONAL.fullmatch(digits):
        return ""
    number = f"+{_COUNTRY_CODE}{digits}"
    return number if len(digits) == 9 or phonenumbers.is_valid_number(_parsed(number)) else ""


def _international(digits: str) -> str:
    """E.164 of a number with 00 or + before it, else empty. A trunk prefix left inside, as in +44 020, is taken out."""
    match = _INTERNATIONAL.fullmatch(digits)
    return _possible(match[1]) if match else ""


def _possible(digits: str) -> str:
    """E.164 of country code and number, empty where its country has no number of that length."""
    try:
        number = _parsed(f"+{digits}")
    except phonenumbers.NumberParseException:  # no such country, or next to nothing after its code
        return ""
    if number.country_code == _COUNTRY_CODE:
        return _national(digits.removeprefix(str(_COUNTRY_CODE)))
    if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        return ""
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


# --- public numbers -------------------------------------------------------------------------------------------------


def as_city(dialled: str) -> str:
    """E.164 of a called number as a trunk delivers it; empty if it is none.

    Trunks write it as +48221234567, 0048221234567, 48221234567 or 221234567.
    """
    digits = _SEPARATORS.sub("", dialled)
    return _national(digits) or _international(digits) or (_possible(digits) if _BARE.fullmatch(digits) else "")


def as_caller(number: str) -> str:
    """A caller's number as a trunk delivers it in E.164, or as it came where it is no such number (a short one, a word)."""
    return as_city(number) or number


def region(number: str) -> str:
    """Where an E.164 or short number leads: ISO 3166 (``PL``), ``001`` for satellites and other services of no country.

    Empty if unknown, also where several countries share a code and none of them has told of that range.
    """
    if not _E164.fullmatch(number):
        return HOME if _SHORT.fullmatch(number) or number in EMERGENCY else ""
    try:
        return phonenumbers.region_code_for_number(_parsed(number)) or ""
    except phonenumbers.NumberParseException:
        return ""


def service(number: str) -> Service:
    """What stands behind an E.164 or short number.

    Enquiries (118XYZ) count as premium, for what they cost and because they put people through to whom they like.
    """
    if _PREMIUM.fullmatch(number):
        return Service.PREMIUM
    if not _E164.fullmatch(number):
        return Service.TOLL_FREE if number in EMERGENCY or _FREE.fullmatch(number) else Service.OTHER
    try:
        return _SERVICES.get(phonenumbers.number_type(_parsed(number)), Service.OTHER)
    except phonenumbers.NumberParseException:
        return Service.OTHER


def is_premium(number: str) -> bool:
    """Whether a call to this E.164 or short number is charged above the ordinary, in whichever country."""
    return service(number) is Service.PREMIUM


def shown(number: str) -> str:
    """How people in Poland read an E.164 number: 22 123 45 67, 600 100 200, +49 30 123456. Anything else stays as it is."""
    if not _E164.fullmatch(number):
        return number
    try:
        parsed = _parsed(number)
    except phonenumbers.NumberParseException:
        return number
    home = parsed.country_code == _COUNTRY_CODE
    return phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL)


def _parsed(number: str) -> phonenumbers.PhoneNumber:
    """Raises NumberParseException. Only ever given ``+`` and ASCII digits, for the library also takes words and extensions."""
    return phonenumbers.parse(number)
