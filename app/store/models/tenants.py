"""The customers, and the people who may sign in."""

from peewee import AutoField, BooleanField, CharField, DoubleField, ForeignKeyField, IntegerField, Model, TextField


class Tenant(Model):
    """One customer. ``revision`` is the directory's revision at its last change, so that only this tenant is read again.

    From ``ring_seconds`` on the columns are how its calls go (`app.services.call_settings.CallSettings`), from ``countries`` on
    what it may do outside (`app.core.directory.Limits`); the countries stand in one text with spaces between. ``refusals_seen``
    is when the last call ended of those stopped by the limits that somebody of the tenant has looked at, and likewise for the
    provider.
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
    countries = TextField(default="PL")
    premium = BooleanField(default=False)
    calls_at_once = IntegerField(null=True, default=10)
    minutes_per_day = IntegerField(null=True, default=600)
    longest_call = IntegerField(null=True, default=120)
    refusals_seen = DoubleField(default=0)
    refusals_seen_by_provider = DoubleField(default=0)

    class Meta:
        table_name = "tenant"


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
