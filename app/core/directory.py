"""An immutable snapshot of everything a call may need to know.

The store builds one whenever something changes; the core only ever reads it. A call keeps no reference to it, so the next
event of the same call already sees the newest one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from app.core.destinations import Destination, ToAccount
from app.core.hours import Schedule
from app.core.outcome import Limit
from app.core.queues import Queue
from app.core.sound import Sound

__all__ = [
    "Account",
    "Choice",
    "City",
    "Directory",
    "Extension",
    "Limits",
    "Menu",
    "Message",
    "Queue",
    "Sound",
    "Tenant",
    "Trunk",
    "outdated",
]


@dataclass(frozen=True)
class Account:
    """One SIP account. ``login`` is unique in the whole installation, because all accounts register in one domain."""

    login: str
    tenant: int
    name: str
    version: int = 0  # grows whenever what the switch has cached of it (the password) changes
    presents: str = ""  # the city number (E.164) its calls to outside show; empty: the tenant's main one


@dataclass(frozen=True)
class Extension:
    """One internal number of a tenant."""

    number: str
    name: str
    to: Destination


@dataclass(frozen=True)
class City:
    """A public number of a tenant, E.164 with ``+``. Nobody but its tenant has it."""

    number: str
    name: str
    to: Destination


@dataclass(frozen=True)
class Message:
    """Something told to a caller."""

    name: str
    sound: Sound


@dataclass(frozen=True)
class Choice:
    """What a menu does about a wrong key or none: it repeats itself so many times, and then the caller goes on ``then``."""

    repeat: int
    then: Destination


@dataclass(frozen=True)
class Menu:
    """A greeting and a destination for each key (``0``-``9``, ``*``, ``#``). ``dial_internal``: internal numbers as well."""

    name: str
    greeting: Sound
    keys: Mapping[str, Destination]
    no_choice: Choice
    wrong_choice: Choice
    dial_internal: bool = False


@dataclass(frozen=True)
class Limits:
    """What a tenant may do outside: the regions (ISO 3166, ``PL``) it may call, premium-rate numbers, and how much of it.

    ``calls_at_once`` counts calls to outside; ``minutes_per_day`` their talk since midnight of the tenant's time zone;
    ``longest_call`` is in minutes. None: without limit. Emergency numbers pass all of it.
    """

    countries: frozenset[str] = frozenset({"PL"})
    premium: bool = False
    calls_at_once: int | None = 10
    minutes_per_day: int | None = 600
    longest_call: int | None = 120


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
    time_zone: str = "Europe/Warsaw"
    main_number: str = ""  # the city number (E.164) shown outside by accounts that present none of their own
    cities: Mapping[str, City] = field(default_factory=dict)  # E.164 -> city number
    menus: Mapping[str, Menu] = field(default_factory=dict)
    messages: Mapping[str, Message] = field(default_factory=dict)
    schedules: Mapping[str, Schedule] = field(default_factory=dict)
    limits: Limits = Limits()
    queues: Mapping[str, Queue] = field(default_factory=dict)  # by name

    @cached_property
    def own_numbers(self) -> Mapping[str, Extension]:
        """Login -> the internal number others see when that account calls: the lowest that leads straight to it."""
        numbers: dict[str, Extension] = {}
        for number in sorted(self.extensions, key=lambda digits: (len(digits), digits)):
            extension = self.extensions[number]
            if isinstance(extension.to, ToAccount):
                numbers.setdefault(extension.to.login, extension)
        return numbers


@dataclass(frozen=True)
class Trunk:
    """A way to the outside world, and the switch's name of its gateway. Lower ``priority`` is tried first."""

    name: str
    gateway: str
    priority: int = 0
    passes_original: bool = False  # the outside caller's own number may be presented on forwarded calls
    version: int = 0  # grows whenever what the switch was told of it (address, password) changes


@dataclass(frozen=True)
class Directory:
    """Every tenant at one moment. ``revision`` grows with every change."""

    revision: int = 0
    tenants: Mapping[int, Tenant] = field(default_factory=dict)
    trunks: tuple[Trunk, ...] = ()  # in the order in which they are tried
    exhausted: Mapping[int, Limit] = field(default_factory=dict)  # tenant -> the limit by which it may call nobody outside now
    full: frozenset[int] = frozenset()  # queues in which as many wait as may wait there
    busy: frozenset[str] = frozenset()  # accounts that are agents, and on the telephone or rung
    promised: Mapping[tuple[int, str], int] = field(default_factory=dict)  # (queue, number to call back) -> since when it waits

    @cached_property
    def accounts(self) -> Mapping[str, Account]:
        """Login -> account, over all tenants."""
        return {login: account for tenant in self.tenants.values() for login, account in tenant.accounts.items()}

    @cached_property
    def owners(self) -> Mapping[str, Tenant]:
        """City number (E.164) -> the tenant that has it."""
        return {number: tenant for tenant in self.tenants.values() for number in tenant.cities}

    @property
    def gateways(self) -> tuple[str, ...]:
        """What the switch calls the trunks."""
        return tuple(trunk.gateway for trunk in self.trunks)

    def at_this_moment(
        self,
        exhausted: Mapping[int, Limit],
        full: frozenset[int],
        busy: frozenset[str],
        promised: Mapping[tuple[int, str], int] | None = None,
    ) -> "Directory":
        """The same, with what nobody has saved. The tables above are the same too, and not made anew for every event."""
        now = replace(self, exhausted=exhausted, full=full, busy=busy, promised=promised or {})
        now.__dict__.update(accounts=self.accounts, owners=self.owners)
        return now

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
