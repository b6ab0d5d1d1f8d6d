"""Queues, who answers their calls, and what became of the callers."""

from peewee import AutoField, BooleanField, CharField, DoubleField, ForeignKeyField, IntegerField, Model, TextField

from app.store.models.calls import CallRecord
from app.store.models.numbers import SipAccount
from app.store.models.spoken import Sound
from app.store.models.tenants import Tenant

OVERFLOW, NO_AGENTS, FULL = "overflow", "no_agents", "full"
"""The branches of a queue beside its keys."""


class Queue(Model):
    """A queue; what the columns mean is said in `app.core.queues.Queue`. Where it leads stands in `Destination`: ``of_queue``.

    An id is never given twice, not even after a deletion, because the switch and the call log know the queue by it.
    """

    id = AutoField()
    tenant = ForeignKeyField(Tenant, backref="queues", on_delete="RESTRICT")
    tenant_id: int
    name = CharField(max_length=100)
    name_key = CharField(max_length=200)
    strategy = CharField(max_length=16)
    ring = IntegerField()
    retry = IntegerField()
    wrap_up = IntegerField()
    max_wait = IntegerField(null=True)
    max_waiting = IntegerField(null=True)
    announce_every = IntegerField()
    misses = IntegerField()
    miss_pause = IntegerField()
    call_back = CharField(max_length=1)
    greeting = ForeignKeyField(Sound, null=True, backref="greets_queues", on_delete="RESTRICT")
    greeting_id: int | None
    music = ForeignKeyField(Sound, null=True, backref="played_in_queues", on_delete="RESTRICT")
    music_id: int | None
    called = ForeignKeyField(Sound, null=True, backref="names_queues", on_delete="RESTRICT")  # its name, spoken for the agents
    called_id: int | None

    class Meta:
        table_name = "queue"
        indexes = ((("tenant", "name_key"), True),)


class QueueAgent(Model):
    """One who answers a queue's calls: an account or a telephone outside (E.164), in the queue's order, and his duty."""

    id = AutoField()
    queue = ForeignKeyField(Queue, backref="agents", on_delete="CASCADE")
    queue_id: int
    position = IntegerField()
    account = ForeignKeyField(SipAccount, null=True, backref="agent_in", on_delete="RESTRICT")
    account_id: int | None
    external = CharField(max_length=16, null=True)
    signed_in = BooleanField(default=True)
    pause_reason = CharField(max_length=16, null=True)  # None: no pause
    pause_since = DoubleField(null=True)
    pause_until = DoubleField(null=True)

    class Meta:
        table_name = "queue_agent"
        indexes = ((("queue", "position"), True), (("queue", "account"), True), (("queue", "external"), True))


class QueueVisit(Model):
    """A caller's stay in a queue: the part at ``position`` of his call, as in `app.core.record.Visit`.

    ``tenant`` is the call's; ``started`` and ``ended`` are the part's, and ``talked`` the seconds of the part after it where
    that is a talk: repeated here because statistics read a hundred thousand of them at once. ``stands_in``: nobody waited, but
    the place was kept of somebody who asked to be called back. The queue may be gone, so ``queue`` is a number only.
    """

    id = AutoField()
    record = ForeignKeyField(
        CallRecord, backref="visits", on_delete="CASCADE", column_name="call", object_id_name="record_id", index=False
    )
    record_id: str
    position = IntegerField()
    tenant = ForeignKeyField(Tenant, backref="visits", on_delete="CASCADE", index=False)
    tenant_id: int
    started = DoubleField()
    ended = DoubleField(null=True)
    talked = DoubleField(null=True)
    queue = IntegerField()
    name = TextField()
    outcome = CharField(max_length=32, null=True)
    agent = TextField()
    why = CharField(max_length=16)
    stands_in = BooleanField()

    class Meta:
        table_name = "queue_visit"
        indexes = ((("record", "position"), True), (("tenant", "started"), False))


class QueueOffer(Model):
    """One attempt to give a caller to an agent, the ``position``-th of the stay."""

    id = AutoField()
    visit = ForeignKeyField(QueueVisit, backref="offers", on_delete="CASCADE", index=False)
    visit_id: int
    position = IntegerField()
    agent = TextField()
    started = DoubleField()
    ended = DoubleField(null=True)
    outcome = CharField(max_length=32, null=True)

    class Meta:
        table_name = "queue_offer"
        indexes = ((("visit", "position"), True),)


class CallBackDone(Model):
    """Somebody, ``who``, has said that the caller with this number needs no call back for what he lost before ``at``."""

    id = AutoField()
    tenant = ForeignKeyField(Tenant, backref="called_back", on_delete="CASCADE", index=False)
    tenant_id: int
    number = TextField()
    at = DoubleField()
    who = CharField(max_length=100)

    class Meta:
        table_name = "call_back_done"
        indexes = ((("tenant", "number"), True),)
