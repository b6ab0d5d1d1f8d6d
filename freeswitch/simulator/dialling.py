"""What an attempt to ring somebody is made of: the order, who carries it out, and what comes of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from freeswitch.simulator.channels import Profile
from freeswitch.simulator.sessions import Home, Session


@dataclass(frozen=True)
class Order:
    """What a new outbound leg is made from."""

    login: str
    caller: Session | None
    variables: dict[str, str]
    dialled: str  # the account as it stood in the dial string
    profile: Profile | None  # who calls


class Dialler(Home, Protocol):
    """The switch as an attempt to call sees it."""

    def knows(self, login: str, domain: str) -> bool:
        """Is there such an account?"""
        ...

    def dial(self, order: Order, devices: int | None) -> list[Session]:
        """Start a leg to each registered device of an account, or to the first few of them; none when none is registered."""
        ...

    def dial_out(self, gateway: str, order: Order) -> tuple[list[Session], str]:
        """Start a leg to a telephone outside: the leg and SUCCESS, or no leg and why not."""
        ...

    def stand_in(self, order: Order) -> Session:
        """Start a leg with nobody behind it."""
        ...

    def spawn(self, work: Callable[[], None]) -> None:
        """Do something beside the legs' own threads."""
        ...


@dataclass(frozen=True)
class Dialled:
    """How it went: ``peer`` has answered, or nobody has and ``cause`` says why."""

    peer: Session | None
    cause: str
    final: bool = False  # whatever else the dial string has is not tried
