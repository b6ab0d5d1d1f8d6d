"""How a tenant's calls go: how long phones ring, what the keys of a transfer do, and who gets a caller nobody takes back."""

from dataclasses import dataclass
from typing import Literal

from app.core import numbering
from app.services import rules
from app.services.errors import DomainError
from app.store.models import Extension, SipAccount, Tenant, TransferFallback

RING_SECONDS = range(5, 121)
DIGIT_TIMEOUT = range(1, 11)


@dataclass(frozen=True)
class Fallback:
    """An internal number (``extension``) or a login (``account``) of the tenant."""

    kind: Literal["extension", "account"]
    value: str


@dataclass(frozen=True)
class CallSettings:
    """What a tenant has chosen.

    ``ring_seconds``: how long a called phone rings, 5 to 120. ``digit_timeout``: after how many seconds without a further digit
    the number of a transfer is complete, 1 to 10. ``keys_on_internal_calls``: whoever calls a colleague has the keys of a
    transfer as well, not the called side alone. ``transfer_fallback``: who gets a caller whose transfer failed and whom nobody
    takes back; None: the caller hears an apology.
    """

    ring_seconds: int = 30
    digit_timeout: int = 3
    keys_on_internal_calls: bool = False
    transfer_fallback: Fallback | None = None


def problems(settings: CallSettings) -> list[DomainError]:
    """What is wrong with the numbers among them."""
    ranges = {"ring_seconds": RING_SECONDS, "digit_timeout": DIGIT_TIMEOUT}
    return [
        DomainError(f"{field.replace('_', '-')}-range", field, minimum=allowed[0], maximum=allowed[-1])
        for field, allowed in ranges.items()
        if getattr(settings, field) not in allowed
    ]


def settings_of(tenant: Tenant) -> CallSettings:
    """What is stored."""
    return CallSettings(tenant.ring_seconds, tenant.digit_timeout, tenant.keys_on_internal_calls, fallback_of(tenant.id))


def fallback_of(tenant: int) -> Fallback | None:
    """The tenant's fallback as people write it."""
    row = TransferFallback.get_or_none(TransferFallback.tenant == tenant)
    if row is None:
        return None
    if row.extension is not None:
        return Fallback("extension", row.extension.number)
    return Fallback("account", SipAccount.get_by_id(row.account_id).login)


def store_fallback(tenant: int, fallback: Fallback | None) -> DomainError | None:
    """Put it in the place of any other, or say that the tenant has no such number or account."""
    row = _target(tenant, fallback) if fallback else None
    if fallback and row is None:
        return DomainError("fallback-unknown", "transfer_fallback", to=fallback.value)
    TransferFallback.delete().where(TransferFallback.tenant == tenant).execute()
    if fallback:
        TransferFallback.insert(tenant=tenant, **{fallback.kind: row}).execute()
    return None


def leads_to(target: Extension | SipAccount) -> bool:
    """Whether some tenant's fallback is this very number or account."""
    column = TransferFallback.extension if isinstance(target, Extension) else TransferFallback.account
    return bool(TransferFallback.select().where(column == target).exists())


def _target(tenant: int, fallback: Fallback) -> Extension | SipAccount | None:
    """The row it names; whatever is not formed like one is not looked for."""
    if fallback.kind == "extension" and numbering.is_assignable(fallback.value):
        return Extension.get_or_none(Extension.tenant == tenant, Extension.number == fallback.value)
    if fallback.kind == "account" and rules.login(fallback.value) is None:
        return SipAccount.get_or_none(SipAccount.tenant == tenant, SipAccount.login == fallback.value)
    return None
