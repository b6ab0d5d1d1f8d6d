"""How much one tenant may have of each thing, so that none takes what all have in common: the switch's queues, the disk, the
time in which the controller reads everything anew."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from peewee import fn

from app.services.errors import DomainError
from app.store.database import tuples
from app.store.models import Extension, Menu, Message, Queue, Schedule, SipAccount, Sound, Tenant, User

MOST: dict[Any, int] = {SipAccount: 2000, Extension: 1100, Queue: 50, Menu: 300, Message: 300, Schedule: 100, User: 500}
"""Rows of one tenant; there are 1,089 internal numbers."""

QUEUES_OF_ALL = 900
"""Over all tenants. The switch has room for a thousand (`freeswitch/queues.py`); with one more none would be looked after."""

RECORDED_SECONDS = 36_000
"""Of all recordings of one tenant: ten hours have 576 MB."""

_CODES = {"recordings": "recordings-too-long", "queues of all": "queues-full"}


@contextmanager
def kept(tenant: int) -> Iterator[None]:
    """Around a change: DomainError when the tenant then has more than it may, unless that is no more than it had before."""
    before = _amounts(tenant)
    yield
    for what, (now, most) in _amounts(tenant).items():
        if now > most and now > before[what][0]:
            raise DomainError(_CODES.get(what, "too-many"), "name", limit=most)


def _amounts(tenant: int) -> dict[str, tuple[float, int]]:
    """What there is of each thing, and how much there may be, in one query; nothing of a tenant that has been deleted."""
    most = {table.__name__: limit for table, limit in MOST.items()}
    most |= {"recordings": RECORDED_SECONDS, "queues of all": QUEUES_OF_ALL}
    counts = [table.select(fn.COUNT(table.id)).where(table.tenant == tenant) for table in MOST]
    counts += [Sound.select(fn.SUM(Sound.seconds)).where(Sound.tenant == tenant), Queue.select(fn.COUNT(Queue.id))]
    found = tuples(Tenant.select(*counts).where(Tenant.id == tenant))
    return {what: (now or 0, limit) for row in found for now, (what, limit) in zip(row, most.items(), strict=True)}
