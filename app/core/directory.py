"""An immutable snapshot of everything a call may need to know.

The store builds one whenever something changes; the core only ever reads it. A call keeps no reference to it, so the next
event of the same call already sees the newest one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias


@dataclass(frozen=True)
class ToAccount:
    """A destination: all the devices registered on one SIP account."""

    login: str


Destination: TypeAlias = ToAccount


@dataclass(frozen=True)
class Account:
    """One SIP account. ``login`` is unique in the whole installation, because all accounts register in one domain."""

    login: str
    tenant: int
    name: str
    version: int = 0  # grows whenever what the switch has cached of it (the password) changes


@dataclass(frozen=True)
class Extension:
    """One internal number of a tenant."""

    number: str
    name: str
    to: Destination


@dataclass(frozen=True)
class Tenant:
    """One customer. ``language`` is ``pl`` or ``en``: the prompts its callers hear."""

    id: int
    name: str
    language: str = "pl"
    accounts: Mapping[str, Account] = field(default_factory=dict)
    extensions: Mapping[str, Extension] = field(default_factory=dict)
    ring_seconds: int = 30
    digit_timeout: float = 3  # seconds after which the digits of a transfer are taken as complete
    keys_on_internal_calls: bool = False  # the calling side of a call between two own phones has the keys as well
    transfer_fallback: Destination | None = None  # where a caller goes whom nobody wanted to have back

    @cached_property
    def own_numbers(self) -> Mapping[str, Extension]:
        """Login -> the internal number others see when that account calls: the lowest that leads straight to it."""
        numbers: dict[str, Extension] = {}
        for number in sorted(self.extensions, key=lambda digits: (len(digits), digits)):
            extension = self.extensions[number]
            numbers.setdefault(extension.to.login, extension)
        return numbers


@dataclass(frozen=True)
class Directory:
    """Every tenant at one moment. ``revision`` grows with every change."""

    revision: int = 0
    tenants: Mapping[int, Tenant] = field(default_factory=dict)

    @cached_property
    def accounts(self) -> Mapping[str, Account]:
        """Login -> account, over all tenants."""
        return {login: account for tenant in self.tenants.values() for login, account in tenant.accounts.items()}

    def tenant_of(self, login: str) -> Tenant | None:
        """The tenant an account belongs to, or None for a login nobody knows."""
        account = self.accounts.get(login)
        return self.tenants.get(account.tenant) if account else None


def outdated(old: Directory, new: Directory) -> list[str]:
    """The logins of which a switch may have cached something that is no longer true, in order."""
    return sorted(
        login
        for login, account in old.accounts.items()
        if login not in new.accounts or new.accounts[login].version != account.version
    )
