"""Phones: which devices are signed in, and what each account is doing now."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from app.core.destinations import ToRing
from app.core.outcome import Outcome
from app.core.record import Record
from app.services import rules
from app.services.history import living
from app.store import Database, destinations
from app.store.database import once, tuples
from app.store.models import Destination, Extension, Registration, SipAccount


class PhoneStatus(StrEnum):
    """What an account is doing."""

    OFFLINE = "offline"
    FREE = "free"
    RINGS = "rings"
    TALKS = "talks"


@dataclass(frozen=True)
class Device:
    """One device signed in on an account, ``since`` and until it ``expires`` (seconds since the epoch)."""

    login: str
    account: str
    device: str
    address: str
    since: float
    expires: float


@dataclass(frozen=True)
class PhoneState:
    """One account now. ``number`` is empty when none leads to it; ``other_…`` is whom it rings or talks with.

    ``since`` is when that began: the call, the first registration, or None when the account is offline.
    ``outgoing`` says that the account itself called.
    """

    account_id: int
    login: str
    name: str
    number: str
    status: PhoneStatus
    since: float | None = None
    other_number: str = ""
    other_name: str = ""
    outgoing: bool = False
    devices: int = 0


class Phones:
    """The phones of one tenant at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def registered(self, tenant: int) -> Sequence[Device]:
        """Every device signed in, by account and age."""
        with self._database.reading():
            names = {row.login: row.name for row in SipAccount.select().where(SipAccount.tenant == tenant)}
            return [
                Device(row.login, names[row.login], row.device, row.address, row.since, row.expires)
                for row in _registrations(tenant, time.time())
            ]

    def state(self, tenant: int) -> Sequence[PhoneState]:
        """Every account of the tenant and what it does now, by name."""
        with self._database.reading():
            return once(_states, tenant)


def _states(tenant: int) -> Sequence[PhoneState]:
    accounts = list(SipAccount.select().where(SipAccount.tenant == tenant))
    numbers = own_numbers(tenant)
    devices = _by_login(_registrations(tenant, time.time()))
    calls = living(tenant)
    together = _together(tenant) if any(not part.login for call in calls for part in call.parts) else {}
    busy = _busy(calls, together)
    states = [_state(account, numbers.get(account.id, ""), devices, busy) for account in accounts]
    return sorted(states, key=lambda state: (rules.key(state.name), state.login))


def own_numbers(tenant: int) -> dict[int, str]:
    """Account id -> the number others see when it calls: the lowest that leads straight to it, as in the directory."""
    led = Destination.select(Destination.account, Extension.number)
    led = led.join(Extension, on=(Destination.of_extension == Extension.id))
    rows = tuples(led.where(Destination.tenant == tenant, Destination.kind == "account"))
    numbers: dict[int, str] = {}
    for account, number in sorted(rows, key=lambda row: (len(row[1]), row[1])):
        numbers.setdefault(account, number)
    return numbers


def _registrations(tenant: int, now: float) -> Iterable[Registration]:
    logins = SipAccount.select(SipAccount.login).where(SipAccount.tenant == tenant)
    rows = Registration.select().where(Registration.login.in_(logins), Registration.expires > now)
    return list(rows.order_by(Registration.login, Registration.since, Registration.id))


def _by_login(rows: Iterable[Registration]) -> dict[str, list[Registration]]:
    found: dict[str, list[Registration]] = {}
    for row in rows:
        found.setdefault(row.login, []).append(row)
    return found


def _together(tenant: int) -> dict[str, tuple[str, ...]]:
    """Number -> the accounts that ring there at once: nobody has the call's part before one of them answers."""
    led = destinations.read([tenant]).extensions
    numbers = tuples(Extension.select(Extension.id, Extension.number).where(Extension.tenant == tenant))
    plans = ((number, led[id_]) for id_, number in numbers)
    return {number: plan.logins for number, plan in plans if isinstance(plan, ToRing) and plan.together}


@dataclass(frozen=True)
class _Doing:
    """What one account does in a call: with whom, since when, and when that was ``answered``, if it was."""

    number: str
    name: str
    began: float
    answered: float | None
    outgoing: bool = False


def _busy(calls: Sequence[Record], together: Mapping[str, tuple[str, ...]]) -> dict[str, _Doing]:
    """Login -> what it does now. A conversation hides a call that only rings, and any call one that rings at others as well."""
    found: dict[str, _Doing] = {}
    for call in sorted(calls, key=lambda call: (call.answered is not None, call.started)):
        doings = _doings(call)
        doings |= {login: doing for login, doing in _among_others(call, together, doings).items() if login not in found}
        found |= doings
    return found


def _among_others(call: Record, together: Mapping[str, tuple[str, ...]], doings: Mapping[str, _Doing]) -> Mapping[str, _Doing]:
    """Whose phones ring although the part is nobody's yet: those of a ring plan, and the agents a queue rings for him."""
    if call.rung is None or call.rung.login:
        return {}
    if call.visits and call.visits[-1].outcome is None:
        offers = [offer for offer in call.visits[-1].offers if offer.ended is None]
        return {offer.agent: replace(doings[""], began=offer.started) for offer in offers}
    return dict.fromkeys(together.get(call.rung.number, ()), doings[""])


def _doings(call: Record) -> dict[str, _Doing]:
    """Who is in a living call. Whoever asks a third person meanwhile is in it too, though his own part has ended."""
    rung = next((part for part in reversed(call.parts) if part.ended is None), None)
    asker = call.parts[-2] if rung and len(call.parts) > 1 and call.parts[-2].outcome == Outcome.CONSULTED else None
    host = asker or rung
    other = (host.number, host.name) if host else (call.dialled, "")
    doings = {call.caller_login: _Doing(*other, call.started, call.answered, outgoing=True)}
    if rung and asker:
        doings[asker.login] = _Doing(rung.number, rung.name, rung.started, rung.answered or asker.answered)
        doings[rung.login] = _Doing(asker.number, asker.name, rung.started, rung.answered)
    elif rung:
        doings[rung.login] = _Doing(call.caller_number, call.caller_name, rung.started, rung.answered)
    return doings


def _state(account: SipAccount, number: str, devices: dict[str, list[Registration]], busy: dict[str, _Doing]) -> PhoneState:
    here, doing = devices.get(account.login, []), busy.get(account.login)
    who = account.id, account.login, account.name, number
    if doing is None:
        status = PhoneStatus.FREE if here else PhoneStatus.OFFLINE
        return PhoneState(*who, status, min((device.since for device in here), default=None), devices=len(here))
    status = PhoneStatus.RINGS if doing.answered is None else PhoneStatus.TALKS
    since = doing.answered or doing.began
    return PhoneState(*who, status, since, doing.number, doing.name, outgoing=doing.outgoing, devices=len(here))
