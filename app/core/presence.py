"""What a switch tells of itself, beside its calls: which phones are registered, and whether its trunks work."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, kw_only=True)
class Registration:
    """One device on one account. ``contact`` tells devices apart; ``expires`` is when the switch forgets it."""

    login: str
    contact: str
    device: str
    address: str
    since: float
    expires: float


@dataclass(frozen=True, kw_only=True)
class PhoneRegistered:
    """A device signed in, or renewed its registration."""

    registration: Registration


@dataclass(frozen=True, kw_only=True)
class PhoneUnregistered:
    """A device signed out or its registration ran out. An empty ``contact`` means every device of the account."""

    login: str
    contact: str
    at: float


@dataclass(frozen=True, kw_only=True)
class PhonesCounted:
    """Every device registered at one switch now; replaces whatever was known of it."""

    switch: str
    registrations: tuple[Registration, ...]
    at: float


@dataclass(frozen=True, kw_only=True)
class TrunkChanged:
    """Whether calls can go over a gateway now. ``state`` is the switch's word for it, for the operator."""

    switch: str
    gateway: str
    up: bool
    state: str
    at: float


PhoneEvent: TypeAlias = PhoneRegistered | PhoneUnregistered | PhonesCounted
