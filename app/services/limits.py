"""What a tenant may do outside: what the limits may be, and who may raise them.

They are there for the day on which somebody has stolen a password, perhaps the owner's own. So whoever answers for the bill
towards the operators of the world, the provider, raises them; an owner may only lower them, and nobody can undo that from
within the tenant.
"""

from collections.abc import Iterator

import phonenumbers

from app.core.directory import Limits
from app.services.errors import DomainError

LIMITS = {"calls_at_once": range(0, 1001), "minutes_per_day": range(0, 100_001), "longest_call": range(1, 1441)}
"""What each limit may be, beside None for no limit."""

COUNTRIES = frozenset(phonenumbers.SUPPORTED_REGIONS)
"""The regions (ISO 3166) that have telephone numbers."""


def problems(limits: Limits) -> Iterator[DomainError]:
    """What is wrong with the values by themselves, each with ``limits.`` before its field."""
    for name, allowed in LIMITS.items():
        if getattr(limits, name) is not None and getattr(limits, name) not in allowed:
            code = f"{name.replace('_', '-')}-range"
            yield DomainError(code, f"limits.{name}", minimum=allowed[0], maximum=allowed[-1])
    for country in sorted(limits.countries - COUNTRIES):
        yield DomainError("country-unknown", "limits.countries", country=country[:10])


def raised(before: Limits, wanted: Limits) -> Iterator[DomainError]:
    """An error for each limit that would allow more than it does now."""
    for name in LIMITS:
        now, then = getattr(before, name), getattr(wanted, name)
        if now is not None and (then is None or then > now):
            yield DomainError("limit-raised", f"limits.{name}", maximum=now)
    if wanted.premium and not before.premium:
        yield DomainError("premium-raised", "limits.premium")
    for country in sorted(wanted.countries - before.countries):
        yield DomainError("country-raised", "limits.countries", country=country[:10])
