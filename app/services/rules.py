"""The rules about single values, one function each: None when the value is fine, else the error that says why not."""

import ipaddress
import re
import unicodedata
import zoneinfo
from functools import cache

from app.core import numbering
from app.services.errors import DomainError

LANGUAGES = ("pl", "en")
NAME_LIMIT = 100
SIP_PASSWORD_MINIMUM, USER_PASSWORD_MINIMUM = 8, 10
PASSWORD_LIMIT = 128

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
_PROXY = re.compile(r"(?:[a-z0-9](?:[a-z0-9.-]{0,198}[a-z0-9])?|\[([0-9a-f:.]+)\])(?::([1-9][0-9]{0,4}))?")
_USER_LOGIN = re.compile(r"\S{2,100}")


def tidy(text: str) -> str:
    """A name as it is stored: composed letters (NFC), one space at a time, none around it."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def key(text: str) -> str:
    """A name as it is compared: «ŻABKA» and «Żabka» are the same."""
    return unicodedata.normalize("NFC", tidy(text).casefold())


def name(text: str, field: str = "name") -> DomainError | None:
    """A name people read, on a phone's display among others."""
    tidied = tidy(text)
    if not tidied:
        return DomainError("name-missing", field)
    if len(tidied) > NAME_LIMIT:
        return DomainError("name-too-long", field, limit=NAME_LIMIT)
    # Control characters, half surrogates and private use: a display shows nothing for them, or worse.
    if any(unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn") for character in tidied):
        return DomainError("name-characters", field)
    return None


def number(digits: str) -> DomainError | None:
    """An internal number, whoever has it."""
    if numbering.is_reserved(digits):
        return DomainError("number-reserved", "number", number=digits)
    return None if numbering.is_assignable(digits) else DomainError("number-format", "number")


def login(text: str) -> DomainError | None:
    """The login of a SIP account: the user part of its SIP address, in a form no phone and no switch changes."""
    return None if _LOGIN.fullmatch(text) else DomainError("login-format", "login")


def telephone(text: str) -> DomainError | None:
    """A public number, as people write it or in E.164."""
    return None if numbering.as_city(text) else DomainError("telephone-format", "number")


def proxy(text: str) -> DomainError | None:
    """Where a trunk's calls go: a host name or an address (of version 6 in brackets), with or without a port."""
    match = _PROXY.fullmatch(text.strip().lower())
    fine = match is not None and (match[1] is None or _is_address_6(match[1])) and int(match[2] or 1) <= 65535
    return None if fine else DomainError("proxy-format", "proxy")


def host_of(proxy: str) -> str:
    """The host of a trunk's address, in small letters: without a port, and an IPv6 address without its brackets."""
    proxy = proxy.strip().lower()
    return proxy[1:].partition("]")[0] if proxy.startswith("[") else proxy.partition(":")[0]


def names_a_port(proxy: str) -> bool:
    """Whether a trunk's address says the port as well."""
    return ":" in proxy.rpartition("]")[2]


def trunk_word(text: str, field: str) -> DomainError | None:
    """A trunk's user name or password, as the provider gave it; empty for none. It stands in the switch's configuration."""
    if len(text) > PASSWORD_LIMIT:
        return DomainError("password-too-long", field, limit=PASSWORD_LIMIT)
    return None if text.isascii() and (not text or text.isprintable()) and " " not in text else DomainError("trunk-word", field)


def user_login(text: str) -> DomainError | None:
    """What a person signs in with: any word, an e-mail address for example."""
    return None if _USER_LOGIN.fullmatch(text) and text.isprintable() else DomainError("user-login-format", "login")


def sip_password(text: str) -> DomainError | None:
    """A password typed into a phone. ASCII, because phones disagree on how to hash anything else."""
    if not text.isascii() or not text.isprintable() or " " in text:
        return DomainError("password-characters", "password")
    return _length(text, SIP_PASSWORD_MINIMUM)


def user_password(text: str) -> DomainError | None:
    """A password of a person."""
    return _length(text, USER_PASSWORD_MINIMUM)


def language(code: str) -> DomainError | None:
    """A language we have prompts and pages in."""
    return None if code in LANGUAGES else DomainError("language-unknown", "language", known=", ".join(LANGUAGES))


def time_zone(text: str) -> DomainError | None:
    """A name of the IANA time zone database."""
    return None if text in _time_zones() else DomainError("time-zone-unknown", "time_zone", name=text)


def _is_address_6(text: str) -> bool:
    try:
        return ipaddress.ip_address(text).version == 6
    except ValueError:
        return False


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def _length(password: str, minimum: int) -> DomainError | None:
    if len(password) < minimum:
        return DomainError("password-too-short", "password", minimum=minimum)
    return DomainError("password-too-long", "password", limit=PASSWORD_LIMIT) if len(password) > PASSWORD_LIMIT else None
