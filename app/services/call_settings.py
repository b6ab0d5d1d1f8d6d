"""How a tenant's calls go: how long phones ring, what the keys of a transfer do, and who gets a caller nobody takes back."""

from dataclasses import dataclass, field

from app.core.destinations import Destination
from app.core.directory import Limits
from app.services import limits
from app.services.errors import DomainError
from app.store import destinations, snapshot
from app.store.models import Tenant

RING_SECONDS = range(5, 121)
DIGIT_TIMEOUT = range(1, 11)


@dataclass(frozen=True)
class CallSettings:
    """What a tenant has chosen.

    ``ring_seconds``: how long a called phone rings, 5 to 120. ``digit_timeout``: after how many seconds without a further digit
    the number of a transfer is complete, 1 to 10. ``keys_on_internal_calls``: whoever calls a colleague has the keys of a
    transfer as well, not the called side alone. ``transfer_fallback``: where a caller goes whose transfer failed and whom
    nobody takes back; None: the caller hears an apology. ``limits``: what the tenant may do outside.
    """

    ring_seconds: int = 30
    digit_timeout: int = 3
    keys_on_internal_calls: bool = False
    transfer_fallback: Destination | None = None
    limits: Limits = field(default_factory=Limits)


def problems(settings: CallSettings) -> list[DomainError]:
    """What is wrong with the numbers among them; those of the limits have ``limits.`` before their field."""
    ranges = {"ring_seconds": RING_SECONDS, "digit_timeout": DIGIT_TIMEOUT}
    wrong = [
        DomainError(f"{name.replace('_', '-')}-range", name, minimum=allowed[0], maximum=allowed[-1])
        for name, allowed in ranges.items()
        if getattr(settings, name) not in allowed
    ]
    return [*wrong, *limits.problems(settings.limits)]


def settings_of(tenant: Tenant) -> CallSettings:
    """What is stored."""
    return CallSettings(
        tenant.ring_seconds,
        tenant.digit_timeout,
        tenant.keys_on_internal_calls,
        destinations.read([tenant.id]).fallbacks.get(tenant.id),
        snapshot.limits(tenant),
    )


def columns(settings: CallSettings) -> dict[str, object]:
    """A tenant's columns for them; the fallback has none."""
    allowed = settings.limits
    return {
        "ring_seconds": settings.ring_seconds,
        "digit_timeout": settings.digit_timeout,
        "keys_on_internal_calls": settings.keys_on_internal_calls,
        "countries": " ".join(sorted(allowed.countries)),
        "premium": allowed.premium,
        "calls_at_once": allowed.calls_at_once,
        "minutes_per_day": allowed.minutes_per_day,
        "longest_call": allowed.longest_call,
    }
