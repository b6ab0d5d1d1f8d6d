"""What a tenant has, by the names that destinations use: the one place where a login, number or name becomes a row's id."""

from __future__ import annotations  # peewee's classes are generic for the type checker only

from collections.abc import Mapping
from dataclasses import dataclass

from peewee import Field

from app.store.database import tuples
from app.store.models import City, Extension, Menu, Message, Queue, Schedule, SipAccount


@dataclass(frozen=True)
class Book:
    """Login, number or name -> id, of one tenant."""

    tenant: int
    accounts: Mapping[str, int]
    extensions: Mapping[str, int]
    cities: Mapping[str, int]
    menus: Mapping[str, int]
    messages: Mapping[str, int]
    schedules: Mapping[str, int]
    queues: Mapping[str, int]

    @classmethod
    def of(cls, tenant: int) -> Book:
        """As it is now, within a connection."""
        return cls(
            tenant,
            _ids(tenant, SipAccount.login),
            _ids(tenant, Extension.number),
            _ids(tenant, City.number),
            _ids(tenant, Menu.name),
            _ids(tenant, Message.name),
            _ids(tenant, Schedule.name),
            _ids(tenant, Queue.name),
        )

    def ids(self, kind: str) -> Mapping[str, int]:
        """Those a destination of this kind may name."""
        return {
            "account": self.accounts,
            "extension": self.extensions,
            "city": self.cities,
            "ivr": self.menus,
            "message": self.messages,
            "hours": self.schedules,
            "queue": self.queues,
        }[kind]


def _ids(tenant: int, name: Field) -> dict[str, int]:
    model = name.model
    return dict(tuples(model.select(name, model.id).where(model.tenant == tenant)))
