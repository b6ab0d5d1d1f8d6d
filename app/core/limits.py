"""What a tenant may do outside, and what of a call counts towards it."""

from app.core import numbering
from app.core.directory import Directory, Tenant
from app.core.outcome import Limit
from app.core.record import Record

_EXHAUSTED = {Limit.MINUTES: "the day's minutes of its calls to outside are used up", Limit.AT_ONCE: "its lines are all taken"}


def exceeded(number: str, tenant: Tenant, directory: Directory) -> tuple[Limit, str] | None:
    """The limit by which the tenant may not call this public number now, and that in the operator's words; None if it may."""
    if never := forbidden(number, tenant):
        return never
    limit = directory.exhausted.get(tenant.id)
    return (limit, f"{tenant.name}: {_EXHAUSTED[limit]}, {number} was not called") if limit else None


def forbidden(number: str, tenant: Tenant) -> tuple[Limit, str] | None:
    """The same of a limit that holds at any time."""
    limits = tenant.limits
    if (region := numbering.region(number)) not in limits.countries:
        return Limit.COUNTRY, f"{tenant.name}: {number} is in {region or 'an unknown country'}, which it may not call"
    if numbering.is_premium(number) and not limits.premium:
        return Limit.PREMIUM, f"{tenant.name}: {number} is a premium-rate number, which it may not call"
    return None


def talked(record: Record, since: float, until: float) -> float:
    """For how many seconds between these two moments the call had somebody outside on its line."""
    parts = [(part.answered, part.ended) for part in record.parts if part.is_outside]
    return sum(max(0.0, min(ended or until, until) - max(answered, since)) for answered, ended in parts if answered)
