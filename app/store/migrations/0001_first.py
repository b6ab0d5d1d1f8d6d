"""The first schema. The models are frozen copies: a later change of app/store/models.py must not change what happened here."""

from peewee import (
    AutoField,
    BooleanField,
    CharField,
    Database,
    DoubleField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)
from playhouse.migrate import SchemaMigrator


def up(_migrator: SchemaMigrator, db: Database) -> None:
    """Create every table and the one row of the revision."""

    class Tenant(Model):
        id = AutoField()
        name = CharField(max_length=100)
        name_key = CharField(max_length=200, unique=True)
        language = CharField(max_length=2)
        time_zone = CharField(max_length=64)
        created = DoubleField()
        revision = IntegerField()

        class Meta:
            database = db
            table_name = "tenant"

    class SipAccount(Model):
        id = AutoField()
        tenant = ForeignKeyField(Tenant, on_delete="RESTRICT")
        login = CharField(max_length=32, unique=True)
        name = CharField(max_length=100)
        a1_hash = CharField(max_length=32)
        realm = CharField(max_length=255)
        version = IntegerField()

        class Meta:
            database = db
            table_name = "sip_account"

    class Extension(Model):
        id = AutoField()
        tenant = ForeignKeyField(Tenant, on_delete="RESTRICT")
        number = CharField(max_length=3)
        name = CharField(max_length=100)
        account = ForeignKeyField(SipAccount, on_delete="RESTRICT")

        class Meta:
            database = db
            table_name = "extension"
            indexes = ((("tenant", "number"), True),)

    class User(Model):
        id = AutoField()
        tenant = ForeignKeyField(Tenant, null=True, on_delete="RESTRICT")
        login = CharField(max_length=100, unique=True)
        name = CharField(max_length=100)
        role = CharField(max_length=16)
        language = CharField(max_length=2)
        password_hash = CharField(max_length=255)
        version = IntegerField()
        created = DoubleField()

        class Meta:
            database = db
            table_name = "person"

    class CallRecord(Model):
        call = CharField(max_length=64, primary_key=True)
        tenant = ForeignKeyField(Tenant, on_delete="CASCADE")
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
            database = db
            table_name = "call_record"
            indexes = ((("tenant", "started"), False), (("ended", "tenant"), False))

    class CallPart(Model):
        id = AutoField()
        record = ForeignKeyField(CallRecord, on_delete="CASCADE", column_name="call")
        position = IntegerField()
        number = TextField()
        name = TextField()
        login = TextField()
        started = DoubleField()
        answered = DoubleField(null=True)
        ended = DoubleField(null=True)
        outcome = CharField(max_length=32, null=True)

        class Meta:
            database = db
            table_name = "call_part"
            indexes = ((("record", "position"), True),)

    class LegEnd(Model):
        leg = CharField(max_length=64, primary_key=True)
        call = CharField(max_length=64, index=True)
        ended = DoubleField()
        answered = DoubleField(null=True)
        cause = TextField()
        outcome = CharField(max_length=32)
        ended_by = CharField(max_length=16)
        received = DoubleField(index=True)

        class Meta:
            database = db
            table_name = "leg_end"

    class Registration(Model):
        id = AutoField()
        login = CharField(max_length=100)
        contact = TextField()
        device = TextField()
        address = TextField()
        since = DoubleField()
        expires = DoubleField()
        switch = CharField(max_length=255)

        class Meta:
            database = db
            table_name = "registration"
            indexes = ((("login", "contact"), True),)

    class SwitchState(Model):
        name = CharField(max_length=255, primary_key=True)
        connected = BooleanField()
        since = DoubleField()
        detail = TextField()

        class Meta:
            database = db
            table_name = "switch_state"

    class Heartbeat(Model):
        name = CharField(max_length=32, primary_key=True)
        at = DoubleField()

        class Meta:
            database = db
            table_name = "heartbeat"

    class Revision(Model):
        id = IntegerField(primary_key=True)
        value = IntegerField()

        class Meta:
            database = db
            table_name = "revision"

    class Change(Model):
        id = AutoField()
        at = DoubleField()
        tenant = ForeignKeyField(Tenant, null=True, on_delete="SET NULL")
        user = ForeignKeyField(User, null=True, on_delete="SET NULL")
        who = CharField(max_length=100)
        what = CharField(max_length=32)
        subject = TextField()

        class Meta:
            database = db
            table_name = "change"
            indexes = ((("tenant", "at"), False),)

    tables = [Tenant, SipAccount, Extension, User, CallRecord, CallPart, LegEnd]
    db.create_tables([*tables, Registration, SwitchState, Heartbeat, Revision, Change])
    Revision.insert(id=1, value=0).execute()
