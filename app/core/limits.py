"""What a tenant may do outside, and what of a call counts towards it."""

from app.core import numbering
from app.core.directory import Directory, Tenant
from app.core.record import Record


def exceeded(number: str, tenant: Tenant, directory: Directory) -> str:
    """Why the tenant may not call this public number now, for the operator's log; empty if it may."""
    limits = tenant.limits
    if (region := numbering.region(number)) not in limits.countries:
        return f"{tenant.name}: {number} is in {region or 'an unknown country'}, which it may not call"
    if numbering.is_premium(number) and not limits.premium:
        return f"{tenant.name}: {number} is a premium-rate number, which it may not call"
    if tenant.id in directory.exhausted:
        return f"{tenant.name}: its calls to outside are used up, {number} was not called"
    return ""


def talked(record: Record, since: float, until: float) -> float:
    """For how many seconds between these two moments the call had somebody outside on its line."""
    parts = [(part.answered, part.ended) for part in record.parts if part.is_outside]
    return sum(max(0.0, min(ended or until, until) - max(answered, since)) for answered, ended in parts if answered)
