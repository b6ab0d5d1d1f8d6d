"""Taking out of the tables what an exchange file no longer has, before what it has is put in."""

from collections.abc import Collection
from typing import Any

from peewee import chunked

from app.core.destinations import ToAccount
from app.services import menus, rules
from app.services.exchange_schema import TenantPart
from app.services.exchange_values import fallback_of, menu_of, public
from app.services.queue_settings import branches as branches_of
from app.store import destinations
from app.store.database import tuples
from app.store.models import (
    City,
    Destination,
    Extension,
    Menu,
    Message,
    Queue,
    QueueAgent,
    Schedule,
    SipAccount,
    Sound,
    Tenant,
)

ROWS_AT_ONCE = 500

_NAMED = ("menus", "messages", "schedules", "queues")


def clear(tenant: Tenant, part: TenantPart) -> bool:
    """Delete every destination that is not as the file says, and then every thing it does not have; whether there was any.

    What stays leads only to what stays, because the file has been checked. What the file leads elsewhere is put in later.
    """
    stale = _stale_destinations(tenant, part)
    _delete(Destination, stale)
    names = {kind: {rules.key(one.name) for one in getattr(part, kind)} for kind in _NAMED}
    presents = {account.login: public(account.presents or "") for account in part.accounts}
    gone = [
        _stale_agents(tenant, part),
        _without_sound(Queue, (Queue.greeting, Queue.music, Queue.called), tenant, names["queues"]),
        _absent(Extension, tenant, Extension.number, {extension.number for extension in part.extensions}),
        _without_sound(Menu, (Menu.greeting,), tenant, names["menus"]),
        _without_sound(Message, (Message.sound,), tenant, names["messages"]),
        _absent(Schedule, tenant, Schedule.name_key, names["schedules"]),
        _forget_presented(tenant, presents),
        _absent(SipAccount, tenant, SipAccount.login, presents.keys()),
        _absent(City, tenant, City.number, {public(city.number) for city in part.cities}),
    ]
    return bool(stale) or any(gone)


def _stale_destinations(tenant: Tenant, part: TenantPart) -> list[int]:
    """The rows that begin a destination which the file does not have, or has otherwise."""
    led = destinations.read([tenant.id])
    extensions = {extension.number: extension.to.value for extension in part.extensions}
    cities = {public(city.number): city.to.value for city in part.cities}
    branches = {rules.key(menu.name): menus.branches(menu_of(menu)) for menu in part.menus}
    queues = {rules.key(queue.name): branches_of(queue.settings) for queue in part.queues}
    keep: dict[str, set[int]] = {
        "of_extension": {
            row.id
            for row in Extension.select().where(Extension.tenant == tenant)
            if extensions.get(row.number) == led.extensions[row.id]
        },
        "of_city": {
            row.id for row in City.select().where(City.tenant == tenant) if cities.get(row.number) == led.cities[row.id]
        },
        "of_menu": {
            row.id for row in Menu.select().where(Menu.tenant == tenant) if branches.get(row.name_key) == led.menus[row.id]
        },
        "of_queue": {
            row.id
            for row in Queue.select().where(Queue.tenant == tenant)
            if queues.get(row.name_key) == led.queues.get(row.id, {})
        },
        "of_tenant": {tenant.id} if fallback_of(part) == led.fallbacks.get(tenant.id) else set(),
    }
    rows = Destination.select().where(Destination.tenant == tenant, Destination.parent.is_null())
    return [row.id for row in rows if not any(getattr(row, f"{owner}_id") in ids for owner, ids in keep.items())]


def _absent(table: Any, tenant: Tenant, key: Any, wanted: Collection[str]) -> bool:
    """Delete the rows whose ``key`` is not wanted; whether there were any."""
    ids = [row.id for row in table.select().where(table.tenant == tenant) if getattr(row, key.name) not in wanted]
    _delete(table, ids)
    return bool(ids)


def _stale_agents(tenant: Tenant, part: TenantPart) -> bool:
    """Delete the agents that a queue does not have in the file; whether there were any."""
    wanted = {
        (rules.key(queue.name), agent.login if isinstance(agent, ToAccount) else agent.number)
        for queue in part.queues
        for agent in queue.settings.agents
    }
    query = QueueAgent.select(QueueAgent.id, Queue.name_key, SipAccount.login, QueueAgent.external).join(Queue)
    query = query.switch(QueueAgent).left_outer_join(SipAccount).where(Queue.tenant == tenant)
    ids = [id_ for id_, queue, login, external in tuples(query) if (queue, login or external) not in wanted]
    _delete(QueueAgent, ids)
    return bool(ids)


def _without_sound(table: Any, sounds: Collection[Any], tenant: Tenant, wanted: Collection[str]) -> bool:
    """The same, with the recordings the rows have."""
    rows = [row for row in table.select().where(table.tenant == tenant) if row.name_key not in wanted]
    _delete(table, [row.id for row in rows])
    _delete(Sound, [getattr(row, sound.object_id_name) for row in rows for sound in sounds])
    return bool(rows)


def _forget_presented(tenant: Tenant, presents: dict[str, str]) -> bool:
    """Let no account present a city number that it does not present in the file."""
    rows = tuples(SipAccount.select(SipAccount.id, SipAccount.login, City.number).join(City).where(SipAccount.tenant == tenant))
    ids = [id_ for id_, login, number in rows if presents.get(login) != number]
    for some in chunked(ids, ROWS_AT_ONCE):
        SipAccount.update(presents=None).where(SipAccount.id.in_(some)).execute()
    return bool(ids)


def _delete(table: Any, ids: Collection[int]) -> None:
    for some in chunked(ids, ROWS_AT_ONCE):
        table.delete().where(table.id.in_(some)).execute()
