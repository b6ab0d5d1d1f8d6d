"""Who takes part in a call, what others see of him, and whether his keys count."""

from dataclasses import dataclass

from app.core.directory import Directory, Tenant
from app.core.record import Record
from app.core.routing import caller


@dataclass(frozen=True)
class Party:
    """One leg and whose it is. ``login`` is empty for somebody outside; ``received``: his phone rang, he did not dial.

    ``number`` is that of somebody outside; of the call's own caller it stands in the record.
    """

    leg: str
    login: str = ""
    received: bool = True
    number: str = ""


@dataclass(frozen=True)
class Display:
    """How somebody is shown."""

    number: str
    name: str


def display(party: Party, record: Record, directory: Directory) -> Display:
    """What others see of ``party``: of the call's caller what was written down first, of a colleague what he is called now."""
    if party.leg == record.call:
        return Display(record.caller_number, record.caller_name)
    if not party.login:
        return Display(party.number, "")
    who = caller(directory, party.login)
    return Display(who.number, who.name)


def may_transfer(party: Party, other: Party, tenant: Tenant | None) -> bool:
    """Whether the keys of ``party`` count while he talks with ``other``.

    Only a phone of the tenant's own has keys, and only where it was called, so that `#` reaches the far end's menu on calls one
    makes; unless the tenant wants them in calls between its own phones as well.
    """
    if tenant is None or party.login not in tenant.accounts:
        return False
    return party.received or (tenant.keys_on_internal_calls and other.login in tenant.accounts)
