"""What the panel asks of the simulator's phones, when there is one; `freeswitch.virtual` has the real thing."""

from collections.abc import Sequence
from typing import ClassVar, Protocol


class VirtualPhone(Protocol):
    """One telephone at one moment. Its fields are explained at `freeswitch.virtual.VirtualPhone`."""

    @property
    def login(self) -> str: ...

    @property
    def registered(self) -> bool: ...

    @property
    def state(self) -> str: ...

    @property
    def number(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def hears(self) -> str: ...

    @property
    def digits(self) -> str: ...

    @property
    def since(self) -> float: ...

    @property
    def held(self) -> bool: ...

    @property
    def outside(self) -> bool: ...


class VirtualPhones(Protocol):
    """Telephones without a telephone: they sign in, call and answer as real ones do, for trying things out.

    Every method raises ``refusal`` when the phone cannot do it now, or when nobody answers.
    """

    refusal: ClassVar[type[Exception]]

    def list(self) -> Sequence[VirtualPhone]: ...

    def register(self, phone: str) -> object: ...

    def unregister(self, phone: str) -> object: ...

    def dial(self, phone: str, digits: str) -> object: ...

    def answer(self, phone: str) -> object: ...

    def decline(self, phone: str) -> object: ...

    def hang_up(self, phone: str) -> object: ...

    def press(self, phone: str, keys: str) -> object: ...

    def hold(self, phone: str) -> object: ...

    def resume(self, phone: str) -> object: ...
