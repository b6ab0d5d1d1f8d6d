"""Public numbers and trunks, accounts and internal numbers."""

from peewee import AutoField, BooleanField, CharField, ForeignKeyField, IntegerField, Model, TextField

from app.store.models.tenants import Tenant


class Trunk(Model):
    """A way to the outside world; the operator's, for all tenants. ``password`` is encrypted, as `app.services.vault` does."""

    id = AutoField()
    name = CharField(max_length=100)
    name_key = CharField(max_length=200, unique=True)
    proxy = CharField(max_length=255)  # host, or host:port
    username = CharField(max_length=128)
    password = TextField()
    register = BooleanField()  # whether the switch signs in there, or is known by its address
    priority = IntegerField()  # the lowest is tried first
    passes_original = BooleanField()
    enabled = BooleanField()
    version = IntegerField()  # the directory's revision when what the switch is told of it last changed

    class Meta:
        table_name = "trunk"


class City(Model):
    """A public number (E.164) and the tenant that has it. Of a tenant's numbers at most one is ``main``."""

    id = AutoField()
    tenant = ForeignKeyField(Tenant, backref="cities", on_delete="RESTRICT")
    tenant_id: int
    number = CharField(max_length=16, unique=True)
    name = CharField(max_length=100)
    main = BooleanField(default=False)

    class Meta:
        table_name = "city"


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
    presents = ForeignKeyField(City, null=True, backref="presented_by", on_delete="RESTRICT")  # None: the main one
    presents_id: int | None

    class Meta:
        table_name = "sip_account"


class Extension(Model):
    """One internal number of a tenant. Where it leads stands in the `Destination` that is ``of_extension``."""

    id = AutoField()
    tenant = ForeignKeyField(Tenant, backref="extensions", on_delete="RESTRICT")
    tenant_id: int
    number = CharField(max_length=3)
    name = CharField(max_length=100)

    class Meta:
        table_name = "extension"
        indexes = ((("tenant", "number"), True),)
