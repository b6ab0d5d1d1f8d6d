"""Who would answer now: a destination, followed as a call would go, with the phones as they are at this moment."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.core.destinations import (
    Destination,
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
from app.core.directory import City, Directory, Extension, Tenant
from app.core.hours import is_open
from app.core.routing import MOST_HOPS
from app.services.errors import NotFound
from app.services.phones import Phones, PhoneState, PhoneStatus
from app.store import Database, snapshot


@dataclass(frozen=True)
class Answerer:
    """Somebody or something that would take a call.

    ``kind`` is that of a destination: an ``account`` (``number`` is its login), an ``external`` number, a menu (``ivr``) or a
    ``message``. ``status`` is what an account does now: one that talks may let a second call ring or be busy.
    """

    kind: str
    name: str
    number: str = ""
    status: PhoneStatus | None = None


class Answering:
    """Of one tenant at a time."""

    def __init__(self, database: Database, phones: Phones) -> None:
        self._database = database
        self._phones = phones

    def would_answer(self, tenant: int, to: Destination, at: float | None = None) -> Sequence[Answerer]:
        """Who would answer a call that is led there at ``at`` (seconds since the epoch; default: now). Nobody: empty.

        The phones are those of now. It need not be saved anywhere. Raises NotFound for an unknown tenant.
        """
        return tuple(self._now(tenant, at).answerers(to))

    def of_numbers(self, tenant: int, at: float | None = None) -> Mapping[str, Sequence[Answerer]]:
        """The same for each of the tenant's numbers: internal ones, and city numbers in E.164."""
        now = self._now(tenant, at)
        holders: tuple[Extension | City, ...] = (*now.tenant.extensions.values(), *now.tenant.cities.values())
        return {holder.number: tuple(now.answerers(holder.to)) for holder in holders}

    def _now(self, tenant: int, at: float | None) -> "_Now":
        with self._database.snapshot():
            directory = snapshot.of_tenant(tenant)
        if tenant not in directory.tenants:
            raise NotFound
        states = {state.login: state for state in self._phones.state(tenant)}
        return _Now(directory, directory.tenants[tenant], states, time.time() if at is None else at)


@dataclass(frozen=True)
class _Now:
    """A tenant at a moment."""

    directory: Directory
    tenant: Tenant
    states: Mapping[str, PhoneState]
    at: float

    def answerers(self, to: Destination | None, hops: int = 0) -> Iterator[Answerer]:
        """Those a call comes to first; whoever would be asked only if they do not answer is not among them."""
        if to is None or hops > MOST_HOPS or isinstance(to, ToHangUp):
            return
        if isinstance(to, ToAccount | ToRing):
            yield from self._phones(to, hops)
        elif isinstance(to, ToMenu | ToMessage):
            yield Answerer("ivr" if isinstance(to, ToMenu) else "message", to.name)
        elif isinstance(to, ToQueue):
            yield from self._queue(to, hops)
        elif isinstance(to, ToExternal) and to.number not in self.tenant.cities:
            if self.directory.trunks:
                yield Answerer("external", "", to.number)
        else:
            yield from self.answerers(self._further(to), hops + 1)

    def _phones(self, to: ToAccount | ToRing, hops: int) -> Iterator[Answerer]:
        logins = to.logins if isinstance(to, ToRing) else (to.login,)
        states = [self.states[login] for login in logins if login in self.states]
        there = [state for state in states if state.status is not PhoneStatus.OFFLINE]
        yield from (Answerer("account", state.name, state.login, state.status) for state in there)
        if not there and isinstance(to, ToRing):
            yield from self.answerers(to.unavailable, hops + 1)

    def _queue(self, to: ToQueue, hops: int) -> Iterator[Answerer]:
        """The agents on duty; where there are none, whoever is asked instead. While any is on duty, callers wait for him."""
        queue = self.tenant.queues.get(to.name)
        if queue is None:
            return
        on_duty = queue.on_duty(self.at)
        for agent in on_duty:
            yield from self.answerers(ToAccount(agent.login) if agent.login else ToExternal(agent.number), hops + 1)
        if not on_duty:
            yield from self.answerers(queue.no_agents or queue.overflow, hops + 1)

    def _further(self, to: ToExtension | ToCity | ToExternal | ToHours) -> Destination | None:
        if isinstance(to, ToHours):
            schedule = self.tenant.schedules.get(to.schedule)
            return (to.open if is_open(schedule, self.at, self.tenant.time_zone) else to.closed) if schedule else None
        holder = (self.tenant.extensions if isinstance(to, ToExtension) else self.tenant.cities).get(to.number)
        return holder.to if holder else None
