"""Telephones outside, where the simulator plays the world: which of them a tenant may see and use.

They belong to nobody, so two companies could call the same one. Whoever switches one on has it to himself until it is switched
off; and one that nobody has may be used by a company whose call is on it, or whose numbers lead to it while it is idle.
"""

from collections.abc import Collection, Iterable

from admin.ports import VirtualPhone
from app.core.record import Record


class OutsidePhones:
    """Who has switched on which telephone. In memory only, like the telephones themselves."""

    def __init__(self) -> None:
        self._owners: dict[str, int] = {}

    def take(self, tenant: int, number: str) -> None:
        """Let the tenant have it, if nobody else does."""
        self._owners.setdefault(number, tenant)

    def leave(self, number: str) -> None:
        """Let others have it."""
        self._owners.pop(number, None)

    def shown(
        self, tenant: int, phones: Iterable[VirtualPhone], led_to: Collection[str], living: Iterable[Record]
    ) -> dict[str, VirtualPhone | None]:
        """Number -> its telephone, None for one not there yet: the tenant's own, those its numbers lead to, those its calls
        are on. ``led_to`` are numbers in E.164."""
        there = {phone.login: phone for phone in phones if phone.outside}
        on_calls = {number for call in living for number in _ends(call)}
        wanted = sorted({*led_to, *on_calls & set(there), *(n for n, owner in self._owners.items() if owner == tenant)})
        return {number: there.get(number) for number in wanted if self._may(tenant, there.get(number), number, on_calls)}

    def _may(self, tenant: int, phone: VirtualPhone | None, number: str, on_calls: Collection[str]) -> bool:
        owner = self._owners.get(number)
        if owner is not None:
            return owner == tenant
        return phone is None or phone.state == "idle" or number in on_calls


def _ends(call: Record) -> Iterable[str]:
    """The numbers outside that a call is on now."""
    if not call.caller_login:
        yield call.caller_number
    yield from (part.number for part in call.parts if part.is_outside and part.ended is None)
