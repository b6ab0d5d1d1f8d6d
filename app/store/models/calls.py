"""THE schema: every table the panel, the controller and the switch's reports share.

Times are seconds since the epoch (UTC) as double precision, as in the core. A table belongs to a tenant directly or through its
parent; whoever reads one for a person filters by tenant. The classes are bound to a database by `app.store.open`.
(The bare ``…_id`` annotations name the columns peewee makes beside a foreign key; reading them asks the database nothing.)
"""

from peewee import (
    AutoField,
    BooleanField,
    CharField,
    DoubleField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)


class Tenant(Model):
    """One customer. ``revision`` is the directory's revision at its last change, so that only this tenant is read again.

    The last three columns are how its calls go; what they mean is said in `app.services.call_settings.CallSettings`.
    """

    id = AutoField()
    name = CharField(max_length=100)
    name_key = CharField(max_length=200, unique=True)  # the name as compared: case-folded, so «Acme» and «ACME» are one
    language = CharField(max_length=2, default="pl")
    time_zone = CharField(max_length=64, default="Europe/Warsaw")
    created = DoubleField()
    revision = IntegerField(default=0)
    ring_seconds = IntegerField(default=30)
    digit_timeout = IntegerField(default=3)
    keys_on_internal_calls = BooleanField(default=False)

    class Meta:
        table_name = "tenant"


class SipAccount(Model):
    """One SIP account. The password exists only as ``a1_hash``, the MD5 of ``login:realm:password`` (RFC 2617, 3.2.2.2)."""

    id = AutoField()
    tenant = ForeignKeyField(Tenant, backref="accounts", on_delete="RESTRICT")
    tenant_id: int
    login = CharField(max_length=32, unique=True)  # in the whole installation: all accounts register in one domain
    name = CharField(max_length=100)
    a1_hash = CharField(max_length=32)
    realm = CharField(max_length=255)  # the SIP domain the hash was made for
    version = IntegerField()  # the directory's revision when the password last changed; never the same twice for a login

    class Meta:
        table_name = "sip_account"


class Extension(Model):
    """One internal number of a tenant and the account it leads to."""

    id = AutoField()
    tenant = ForeignKeyField(Tenant, backref="extensions", on_delete="RESTRICT")
    tenant_id: int
    number = CharField(max_length=3)
    name = CharField(max_length=100)
    account = ForeignKeyField(SipAccount, backref="extensions", on_delete="RESTRICT")
    account_id: int

    class Meta:
        table_name = "extension"
        indexes = ((("tenant", "number"), True),)


class TransferFallback(Model):
    """Where a tenant's callers go whom nobody takes back after a transfer: to one of the two; no row, nowhere."""

    tenant = ForeignKeyField(Tenant, primary_key=True, backref="transfer_fallbacks", on_delete="CASCADE")
    tenant_id: int
    extension = ForeignKeyField(Extension, null=True, backref="fallback_of", on_delete="RESTRICT")
    extension_id: int | None
    account = ForeignKeyField(SipAccount, null=True, backref="fallback_of", on_delete="RESTRICT")
    account_id: int | None

    class Meta:
        table_name = "transfer_fallback"


class User(Model):
    """A person who may sign in. ``tenant`` is None exactly for operators. ``version`` grows when the password changes."""

    id = AutoField()
    tenant = ForeignKeyField(Tenant, backref="users", null=True, on_delete="RESTRICT")
    tenant_id: int | None
    login = CharField(max_length=100, unique=True)  # stored case-folded
    name = CharField(max_length=100)
    role = CharField(max_length=16)
    language = CharField(max_length=2, default="pl")
    password_hash = CharField(max_length=255)
    version = IntegerField(default=0)
    created = DoubleField()

    class Meta:
        table_name = "person"  # «user» is a reserved word in SQL


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
        indexes = ((("tenant", "started"), False), (("ended", "tenant"), False))


class CallPart(Model):
    """One stretch of a call: somebody was rung, and perhaps talked to. The columns are those of `app.core.record.Part`."""

    id = AutoField()
    record = ForeignKeyField(CallRecord, backref="parts", on_delete="CASCADE", column_name="call", object_id_name="record_id")
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
        indexes = ((("record", "position"), True),)


class LegEnd(Model):
    """What the switch reported when a caller's leg ended, so that the log learns it although no controller was watching."""

    leg = CharField(max_length=64, primary_key=True)
    call = CharField(max_length=64, index=True)  # the leg's own id when it was not yet given to a call
    ended = DoubleField()
    answered = DoubleField(null=True)
    cause = TextField()  # in the switch's words, for whoever looks into the table
    outcome = CharField(max_length=32)  # the same in ours, for a leg that nobody answered
    ended_by = CharField(max_length=16)
    received = DoubleField(index=True)

    class Meta:
        table_name = "leg_end"


class Registration(Model):
    """One device that is signed in on an account now."""

    id = AutoField()
    login = CharField(max_length=100)
    contact = TextField()
    device = TextField()
    address = TextField()
    since = DoubleField()
    expires = DoubleField()
    switch = CharField(max_length=255, default="")  # which switch counted it; empty as long as none did

    class Meta:
        table_name = "registration"
        indexes = ((("login", "contact"), True),)


class SwitchState(Model):
    """Whether the controller is connected to a switch, since when, and what it had to say about it."""

    name = CharField(max_length=255, primary_key=True)
    connected = BooleanField()
    since = DoubleField()
    detail = TextField()

    class Meta:
        table_name = "switch_state"


class Heartbeat(Model):
    """When a process last said that it lives; the controller does so every second under the name ``controller``."""

    name = CharField(max_length=32, primary_key=True)
    at = DoubleField()

    class Meta:
        table_name = "heartbeat"


class Revision(Model):
    """One row that grows with every change of the directory; the controller looks at it four times a second."""

    id = IntegerField(primary_key=True)
    value = IntegerField()

    class Meta:
        table_name = "revision"


class Change(Model):
    """The change log: who did what, when. ``subject`` says to whom, in words that outlive the row it was about."""

    id = AutoField()
    at = DoubleField()
    tenant = ForeignKeyField(Tenant, null=True, on_delete="SET NULL", backref="changes")
    user = ForeignKeyField(User, null=True, on_delete="SET NULL")
    who = CharField(max_length=100)
    what = CharField(max_length=32)  # a slug such as «number-created»
    subject = TextField()

    class Meta:
        table_name = "change"
        indexes = ((("tenant", "at"), False),)


MODELS: tuple[type[Model], ...] = (
    Tenant,
    SipAccount,
    Extension,
    TransferFallback,
    User,
    CallRecord,
    CallPart,
    LegEnd,
    Registration,
    SwitchState,
    Heartbeat,
    Revision,
    Change,
)
