"""Where numbers lead: `app.core.destinations` in rows.

A destination belongs to one thing and goes with it: an internal number, a city number, a menu, a queue, a tenant (where
callers go whom nobody takes back after a transfer) or another destination. The unique indexes say that each of these leads to
one place; what a destination names is held in place by it (RESTRICT).
"""

from peewee import AutoField, BooleanField, CharField, ForeignKeyField, IntegerField, Model

from app.store.models.numbers import City, Extension, SipAccount
from app.store.models.queues import Queue
from app.store.models.spoken import Menu, Message, Schedule
from app.store.models.tenants import Tenant

NO_CHOICE, WRONG_CHOICE = "no_choice", "wrong_choice"
"""The two branches of a menu beside its keys."""


class Destination(Model):
    """One destination. ``kind`` is its key in the exchange file; of the columns after it only that kind's are filled.

    ``branch`` is the key or choice of a menu, the key of a queue or what becomes of those it does not take (`OVERFLOW` and the
    others), or what of its parent it is: ``no_answer``, ``busy``, ``unavailable``, ``open``, ``closed``; else empty.
    """

    id = AutoField()
    tenant = ForeignKeyField(Tenant, backref="destinations", on_delete="RESTRICT")
    tenant_id: int
    of_extension = ForeignKeyField(Extension, null=True, unique=True, backref="leads", on_delete="CASCADE")
    of_extension_id: int | None
    of_city = ForeignKeyField(City, null=True, unique=True, backref="leads", on_delete="CASCADE")
    of_city_id: int | None
    of_menu = ForeignKeyField(Menu, null=True, backref="leads", on_delete="CASCADE")
    of_menu_id: int | None
    of_tenant = ForeignKeyField(Tenant, null=True, unique=True, backref="fallback", on_delete="CASCADE")
    of_tenant_id: int | None
    parent = ForeignKeyField("self", null=True, backref="branches", on_delete="CASCADE")
    parent_id: int | None
    branch = CharField(max_length=16, default="")
    kind = CharField(max_length=16)
    account = ForeignKeyField(SipAccount, null=True, backref="led_to_by", on_delete="RESTRICT")
    account_id: int | None
    extension = ForeignKeyField(Extension, null=True, backref="led_to_by", on_delete="RESTRICT")
    extension_id: int | None
    city = ForeignKeyField(City, null=True, backref="led_to_by", on_delete="RESTRICT")
    city_id: int | None
    menu = ForeignKeyField(Menu, null=True, backref="led_to_by", on_delete="RESTRICT")
    menu_id: int | None
    message = ForeignKeyField(Message, null=True, backref="led_to_by", on_delete="RESTRICT")
    message_id: int | None
    schedule = ForeignKeyField(Schedule, null=True, backref="led_to_by", on_delete="RESTRICT")
    schedule_id: int | None
    external = CharField(max_length=16, default="")  # E.164
    seconds = IntegerField(default=0)  # of a ring plan
    together = BooleanField(default=False)
    outcome = CharField(max_length=32, default="")  # of hanging up
    of_queue = ForeignKeyField(Queue, null=True, backref="leads", on_delete="CASCADE")
    of_queue_id: int | None
    queue = ForeignKeyField(Queue, null=True, backref="led_to_by", on_delete="RESTRICT")
    queue_id: int | None

    class Meta:
        table_name = "destination"
        indexes = ((("of_menu", "branch"), True), (("parent", "branch"), True), (("of_queue", "branch"), True))


class RingMember(Model):
    """An account of a ring plan, in the plan's order."""

    id = AutoField()
    destination = ForeignKeyField(Destination, backref="members", on_delete="CASCADE")
    destination_id: int
    position = IntegerField()
    account = ForeignKeyField(SipAccount, backref="rings_in", on_delete="RESTRICT")
    account_id: int

    class Meta:
        table_name = "ring_member"
        indexes = ((("destination", "position"), True),)
