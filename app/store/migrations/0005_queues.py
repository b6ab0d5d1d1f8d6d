"""Queues: their settings and agents, where they lead, and what became of the callers.

The call log is found by number as well, for whoever looks whether a lost caller has been talked with since.
"""

from peewee import (
    SQL,
    AutoField,
    BooleanField,
    CharField,
    Database,
    DoubleField,
    ForeignKeyField,
    IntegerField,
    Model,
    SqliteDatabase,
    TextField,
)
from playhouse.migrate import SchemaMigrator


def up(_migrator: SchemaMigrator, db: Database) -> None:
    """Make the tables, and let destinations lead to a queue and belong to one."""
    db.create_tables([*_settings(db), *_visits(db)])
    # In plain SQL, as playhouse would make the table anew on SQLite and lose what depends on it (0002).
    for sql in (
        "ALTER TABLE destination ADD COLUMN of_queue_id INTEGER REFERENCES queue (id) ON DELETE CASCADE",
        "ALTER TABLE destination ADD COLUMN queue_id INTEGER REFERENCES queue (id) ON DELETE RESTRICT",
        "CREATE INDEX destination_of_queue_id ON destination (of_queue_id)",
        "CREATE INDEX destination_queue_id ON destination (queue_id)",
        "CREATE UNIQUE INDEX destination_of_queue_id_branch ON destination (of_queue_id, branch)",
        "DROP INDEX callpart_call",  # nothing that the one over call and position does not do
        "CREATE INDEX callpart_number_answered ON call_part (number, answered)",
        "CREATE INDEX callrecord_tenant_id_caller_number_started ON call_record (tenant_id, caller_number, started)",
    ):
        db.execute_sql(sql)  # type: ignore[no-untyped-call]


def _settings(db: Database) -> tuple[type[Model], ...]:
    class Tenant(Model):
        id = AutoField()

        class Meta:
            database = db
            table_name = "tenant"

    class SipAccount(Model):
        id = AutoField()

        class Meta:
            database = db
            table_name = "sip_account"

    class Sound(Model):
        id = AutoField()

        class Meta:
            database = db
            table_name = "sound"

    class Queue(Model):
        # SQLite would give the last queue's id again once that is deleted; PostgreSQL never does.
        id = AutoField(constraints=[SQL("AUTOINCREMENT")] if isinstance(db, SqliteDatabase) else [])
        tenant = ForeignKeyField(Tenant, on_delete="RESTRICT")
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
        music = ForeignKeyField(Sound, null=True, backref="played_in_queues", on_delete="RESTRICT")
        called = ForeignKeyField(Sound, null=True, backref="names_queues", on_delete="RESTRICT")

        class Meta:
            database = db
            table_name = "queue"
            indexes = ((("tenant", "name_key"), True),)

    class QueueAgent(Model):
        id = AutoField()
        queue = ForeignKeyField(Queue, on_delete="CASCADE")
        position = IntegerField()
        account = ForeignKeyField(SipAccount, null=True, on_delete="RESTRICT")
        external = CharField(max_length=16, null=True)
        signed_in = BooleanField()
        pause_reason = CharField(max_length=16, null=True)
        pause_since = DoubleField(null=True)
        pause_until = DoubleField(null=True)

        class Meta:
            database = db
            table_name = "queue_agent"
            indexes = ((("queue", "position"), True), (("queue", "account"), True), (("queue", "external"), True))

    return Queue, QueueAgent


def _visits(db: Database) -> tuple[type[Model], ...]:
    class Tenant(Model):
        id = AutoField()

        class Meta:
            database = db
            table_name = "tenant"

    class CallRecord(Model):
        call = CharField(max_length=64, primary_key=True)

        class Meta:
            database = db
            table_name = "call_record"

    class QueueVisit(Model):
        id = AutoField()
        record = ForeignKeyField(CallRecord, on_delete="CASCADE", column_name="call", index=False)
        position = IntegerField()
        tenant = ForeignKeyField(Tenant, on_delete="CASCADE", index=False)
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
            database = db
            table_name = "queue_visit"
            indexes = ((("record", "position"), True), (("tenant", "started"), False))

    class QueueOffer(Model):
        id = AutoField()
        visit = ForeignKeyField(QueueVisit, on_delete="CASCADE", index=False)
        position = IntegerField()
        agent = TextField()
        started = DoubleField()
        ended = DoubleField(null=True)
        outcome = CharField(max_length=32, null=True)

        class Meta:
            database = db
            table_name = "queue_offer"
            indexes = ((("visit", "position"), True),)

    class CallBackDone(Model):
        id = AutoField()
        tenant = ForeignKeyField(Tenant, on_delete="CASCADE", index=False)
        number = TextField()
        at = DoubleField()
        who = CharField(max_length=100)

        class Meta:
            database = db
            table_name = "call_back_done"
            indexes = ((("tenant", "number"), True),)

    return QueueVisit, QueueOffer, CallBackDone
