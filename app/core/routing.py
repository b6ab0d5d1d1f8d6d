"""(directory, caller, dialled) -> a plan. Never None: there is always an answer, even a refusal."""

from dataclasses import dataclass
from typing import TypeAlias

from app.core import numbering
from app.core.directory import Directory, Tenant
from app.core.outcome import Outcome


@dataclass(frozen=True)
class Caller:
    """Who calls, as the called phone shows it."""

    tenant: int
    login: str
    number: str
    name: str


@dataclass(frozen=True)
class Ring:
    """Ring an account. ``number`` and ``name`` are the dialled extension's, for the call log."""

    number: str
    name: str
    login: str
    seconds: int


@dataclass(frozen=True)
class Refuse:
    """Tell the caller why not."""

    outcome: Outcome


Plan: TypeAlias = Ring | Refuse

NOBODY = 0  # the tenant of a caller whose account is gone


def caller(directory: Directory, login: str) -> Caller:
    """How the owner of an account is seen by those he calls: his internal number if he has one, else his login."""
    tenant = directory.tenant_of(login)
    if tenant is None:
        return Caller(NOBODY, login, login, "")
    own = tenant.own_numbers.get(login)
    if own is None:
        return Caller(tenant.id, login, login, tenant.accounts[login].name)
    return Caller(tenant.id, login, own.number, own.name)


def route(tenant: Tenant | None, dialled: str) -> Plan:
    """Where a call goes that somebody of ``tenant`` dialled; without a tenant nowhere."""
    if tenant is None:
        return Refuse(Outcome.NOT_ALLOWED)
    meaning = numbering.understand(dialled, tenant.extensions)
    if meaning.kind is not numbering.Kind.INTERNAL:
        return Refuse(Outcome.NO_SUCH_NUMBER)
    extension = tenant.extensions[meaning.number]
    return Ring(extension.number, extension.name, extension.to.login, tenant.ring_seconds)
