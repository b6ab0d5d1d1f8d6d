"""What a browser sends of the control for a destination."""

from admin.destinations.draft import Draft, drafted
from app.core.destinations import Destination
from app.services.models import SipAccount


def sent(draft: Draft, name: str = "to") -> dict[str, str]:
    """The fields of the form that shows ``draft``."""
    form = {f"{name}-kind": draft.kind, **{f"{name}-{what}": value for what, value in draft.values.items()}}
    for branch, inner in draft.branches.items():
        form |= sent(inner, f"{name}-{branch}")
    return form


def to(destination: Destination, name: str = "to") -> dict[str, str]:
    """The fields of somebody who chose ``destination``."""
    return sent(drafted(destination), name)


def phone(account: SipAccount, name: str = "to") -> dict[str, str]:
    """The fields of somebody who chose that phone."""
    return {f"{name}-kind": "account", f"{name}-which": account.login}
