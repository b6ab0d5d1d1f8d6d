"""The call log."""

from peewee import AutoField, CharField, DoubleField, ForeignKeyField, IntegerField, Model, TextField

from app.store.models.tenants import Tenant


class CallRecord(Model):
    """One call in the call log; without ``ended`` it lives. The columns are those of `app.core.record.Record`."""

    call = CharField(max_length=64, primary_key=True)
    tenant = ForeignKeyField(Tenant, backref="calls", on_delete="CASCADE")
    tenant_id: int
    caller_number = TextField()
    caller_name = TextField()
    caller_login = TextField()
    dialled = TextField()
    started = DoubleField()
    answered = DoubleField(null=True)
    ended = DoubleField(null=True)
    outcome = CharField(max_length=32, null=True)
    ended_by = CharField(max_length=16, null=True)

    class Meta:
        table_name = "call_record"
        indexes = (
            (("tenant", "started"), False),
            (("ended", "tenant"), False),
            (("tenant", "outcome", "ended"), False),
            (("tenant", "caller_number", "started"), False),
        )


class CallPart(Model):
    """One stretch of a call: somebody was rung, and perhaps talked to. The columns are those of `app.core.record.Part`."""

    id = AutoField()
    record = ForeignKeyField(
        CallRecord, backref="parts", on_delete="CASCADE", column_name="call", object_id_name="record_id", index=False
    )
    record_id: str
    position = IntegerField()
    number = TextField()
    name = TextField()
    login = TextField()
    started = DoubleField()
    answered = DoubleField(null=True)
    ended = DoubleField(null=True)
    outcome = CharField(max_length=32, null=True)

    class Meta:
        table_name = "call_part"
        indexes = ((("record", "position"), True), (("number", "answered"), False))


class LimitStop(Model):
    """A part of a call that one of the tenant's limits has stopped, as in `app.core.record.Stop`.

    ``tenant`` is the call's and ``at`` is when the part began: repeated here, so that a tenant's newest are found at once.
    """

    part = ForeignKeyField(CallPart, primary_key=True, backref="stops", on_delete="CASCADE")
    part_id: int
    tenant = ForeignKeyField(Tenant, backref="stops", on_delete="CASCADE", index=False)
    tenant_id: int
    at = DoubleField()
    exceeded = CharField(max_length=16)  # the stop's limit, which is a word of SQL
    sender = TextField()

    class Meta:
        table_name = "limit_stop"
        indexes = ((("tenant", "at"), False),)


class LegEnd(Model):
    """What the switch reported when a leg ended, so that the log learns it although no controller was watching.

    ``wait_…`` is how its last wait in a queue ended (`app.core.report.LastWait`), all null where that says nothing.
    """

    leg = CharField(max_length=64, primary_key=True)
    call = CharField(max_length=64, index=True)  # the leg's own id when it was not yet given to a call
    ended = DoubleField()
    answered = DoubleField(null=True)
    cause = TextField()  # in the switch's words, for whoever looks into the table
    outcome = CharField(max_length=32)  # the same in ours, for a leg that nobody answered
    ended_by = CharField(max_length=16)
    received = DoubleField(index=True)
    wait_result = CharField(max_length=32, null=True)
    wait_ended = DoubleField(null=True)
    wait_queue = IntegerField(null=True)
    wait_agent = TextField(null=True)

    class Meta:
        table_name = "leg_end"
