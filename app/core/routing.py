"""(a way, the directory, the time) -> a plan. Never None: there is always an answer, even a refusal.

However somebody comes to a destination (he dials, is transferred, calls a city number, presses a menu's key, finds a ring plan
busy), it is led to from here, and so means the same.
"""

from dataclasses import dataclass
from typing import TypeAlias

from app.core import limits, places
from app.core.destinations import (
    ToAccount,
    ToCity,
    ToExtension,
    ToExternal,
    ToHangUp,
    ToHours,
    ToMenu,
    ToMessage,
    ToQueue,
    ToRing,
)
from app.core.directory import Directory, Menu, Message, Queue, Tenant, Trunk
from app.core.hours import is_open
from app.core.outcome import Limit, Outcome

MOST_HOPS = 8
"""So often a destination may name another before the call is refused: nobody can save a loop, but two may save half of one."""

NOBODY = 0  # the tenant of a caller whose account is gone


@dataclass(frozen=True)
class Caller:
    """Who calls, as the called phone shows it."""

    tenant: int
    login: str
    number: str
    name: str


@dataclass(frozen=True)
class Way:
    """How far somebody has been led: to the ``turn``th step, or trunk, of what is at ``place``, after ``hops``.

    ``reason`` is the best there is so far for nobody of this plan having taken him: an outcome, empty for none.
    """

    place: str
    turn: int = 0
    hops: int = 0
    reason: str = ""

    def to(self, place: str) -> "Way":
        """One hop further."""
        return Way(place, hops=self.hops + 1)


@dataclass(frozen=True)
class Ring:
    """Ring these accounts, step by step. ``number`` and ``name`` are for the call log; ``shared``: it is a ring plan."""

    tenant: Tenant
    number: str
    name: str
    steps: tuple[tuple[str, ...], ...]
    seconds: int
    shared: bool = False


@dataclass(frozen=True)
class Dial:
    """Ring a telephone outside, over the first trunk that takes the call. ``asked``: whoever answers is asked to press 1."""

    tenant: Tenant
    number: str
    name: str
    trunks: tuple[Trunk, ...]
    asked: bool


@dataclass(frozen=True)
class Ask:
    """Let the caller choose."""

    menu: Menu


@dataclass(frozen=True)
class Wait:
    """Let the caller wait for one of a queue's agents. ``number`` is the queue's internal one, empty where it has none."""

    tenant: Tenant
    number: str
    queue: Queue


@dataclass(frozen=True)
class Tell:
    """Play a message; then the call is over."""

    message: Message


@dataclass(frozen=True)
class End:
    """Say nothing, and hang up."""

    outcome: Outcome


@dataclass(frozen=True)
class Refuse:
    """Tell the caller why not. ``why`` is for the operator's log, empty where he need not know.

    Where a ``limit`` stops a call to outside, ``number`` and ``name`` are those of the `Dial` that it would have been.
    """

    outcome: Outcome
    why: str = ""
    number: str = ""
    name: str = ""
    limit: Limit | None = None


Plan: TypeAlias = Ring | Dial | Ask | Wait | Tell | End | Refuse


def caller(directory: Directory, login: str) -> Caller:
    """How the owner of an account is seen by those he calls: his internal number if he has one, else his login."""
    tenant = directory.tenant_of(login)
    if tenant is None:
        return Caller(NOBODY, login, login, "")
    own = tenant.own_numbers.get(login)
    if own is None:
        return Caller(tenant.id, login, login, tenant.accounts[login].name)
    return Caller(tenant.id, login, own.number, own.name)


def resolve(way: Way, tenant: Tenant | None, directory: Directory, at: float) -> tuple[Way, Plan]:
    """What a way comes to at this moment, and the way to that."""
    if tenant is None:
        return way, Refuse(Outcome.NOT_ALLOWED)
    while way.hops <= MOST_HOPS:
        further = _further(way.place, tenant, at)
        if further in ("", way.place):
            return way, _within_limits(plan_at(way.place, tenant, directory), directory)
        way = way.to(further)
    return way, Refuse(Outcome.FAILED, f"{tenant.name}: more than {MOST_HOPS} hops, cut at {way.place}")


def _within_limits(plan: Plan, directory: Directory) -> Plan:
    if not isinstance(plan, Dial):
        return plan
    found = limits.exceeded(plan.number, plan.tenant, directory)
    return Refuse(Outcome.OVER_LIMIT, found[1], plan.number, plan.name, found[0]) if found else plan


def _further(place: str, tenant: Tenant, at: float) -> str:
    """The place that the destination at ``place`` names; empty if it is something to be done itself."""
    found = places.find(place, tenant)
    if isinstance(found, ToHours) and (schedule := tenant.schedules.get(found.schedule)):
        return places.inside(place, "open" if is_open(schedule, at, tenant.time_zone) else "closed")
    if isinstance(found, ToExtension | ToCity):
        return found.number
    if isinstance(found, ToExternal) and found.number in tenant.cities:
        return found.number  # one's own number is not reached through a trunk
    if isinstance(found, ToQueue):
        return places.of_queue(found.name)
    return places.of_menu(found.name) if isinstance(found, ToMenu) else ""


def plan_at(place: str, tenant: Tenant | None, directory: Directory) -> Plan:
    """What is to be done at a place to which a way has come."""
    if tenant is None:
        return Refuse(Outcome.NOT_ALLOWED)
    found = places.find(place, tenant)
    if isinstance(found, ToAccount):
        return _account(place, found, tenant, directory)
    if isinstance(found, ToRing):
        return _ring(place, found, tenant)
    if isinstance(found, ToExternal):
        name = places.holder(place, tenant)[1]
        return Dial(tenant, found.number, name, directory.trunks, asked=not places.is_dialled(place))
    if isinstance(found, ToMenu) and (menu := tenant.menus.get(found.name)):
        return Ask(menu)
    if isinstance(found, ToQueue) and (queue := tenant.queues.get(found.name)):
        return Wait(tenant, places.holder(place, tenant)[0], queue)
    if isinstance(found, ToMessage) and (message := tenant.messages.get(found.name)):
        return Tell(message)
    return End(found.outcome) if isinstance(found, ToHangUp) else Refuse(Outcome.NO_SUCH_NUMBER)


def _account(place: str, to: ToAccount, tenant: Tenant, directory: Directory) -> Plan:
    """In the log it has the number under which it was called, or else its own."""
    if to.login not in tenant.accounts:
        return Refuse(Outcome.NOT_REGISTERED)
    own = caller(directory, to.login)
    called = tenant.extensions.get(place, own)
    return Ring(tenant, called.number, called.name, ((to.login,),), tenant.ring_seconds)


def _ring(place: str, to: ToRing, tenant: Tenant) -> Plan:
    logins = tuple(login for login in to.logins if login in tenant.accounts)
    number, name = places.holder(place, tenant)
    steps = (logins,) if to.together and logins else tuple((login,) for login in logins)
    return Ring(tenant, number, name, steps, to.seconds, shared=True)


def logins_at(way: Way, tenant: Tenant | None, directory: Directory) -> tuple[str, ...]:
    """The accounts that ring at a way's present turn."""
    plan = plan_at(way.place, tenant, directory)
    return plan.steps[way.turn] if isinstance(plan, Ring) and way.turn < len(plan.steps) else ()
