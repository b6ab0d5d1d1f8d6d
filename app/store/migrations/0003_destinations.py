"""Where a number leads: city numbers, trunks, menus, messages and schedules, and one table for all destinations.

What an internal number led to (an account) and what a tenant's fallback was (a number or an account) become destinations.
"""

from typing import Any

from peewee import (
    AutoField,
    BlobField,
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


def up(migrator: SchemaMigrator, db: Database) -> None:
    """Make the tables, and move what there is. All of it in the one transaction a migration has."""
    numbers = _rows(db, "SELECT id, tenant_id, number, name, account_id FROM extension ORDER BY id")
    fallbacks = _rows(db, "SELECT tenant_id, extension_id, account_id FROM transfer_fallback ORDER BY tenant_id")
    db.execute_sql("DROP TABLE transfer_fallback")  # type: ignore[no-untyped-call]
    tables = _tables(db)
    if isinstance(db, SqliteDatabase):
        _extensions_anew(db, tables.pop("extension"), numbers)
    else:
        tables.pop("extension")
        migrator.migrate(migrator.drop_column("extension", "account_id"))
    db.create_tables(list(tables.values()))
    _add_columns(db)
    destination = tables["destination"]
    for id_, tenant, _, _, account in numbers:
        destination.insert(tenant=tenant, of_extension=id_, kind="account", account=account).execute()
    for tenant, extension, account in fallbacks:
        kind = "account" if extension is None else "extension"
        destination.insert(tenant=tenant, of_tenant=tenant, kind=kind, extension=extension, account=account).execute()


def _rows(db: Database, sql: str) -> list[tuple[Any, ...]]:
    return list(db.execute_sql(sql).fetchall())  # type: ignore[no-untyped-call]


def _extensions_anew(db: Database, extension: type[Model], numbers: list[tuple[Any, ...]]) -> None:
    """SQLite drops no column that is a foreign key; and nothing refers to this table now, so it can be made anew."""
    db.drop_tables([extension])
    db.create_tables([extension])
    for id_, tenant, number, name, _ in numbers:
        extension.insert(id=id_, tenant=tenant, number=number, name=name).execute()


def _add_columns(db: Database) -> None:
    """In plain SQL, as playhouse would make the tables anew on SQLite and lose what depends on them (0002)."""
    yes_or_no = "INTEGER NOT NULL DEFAULT 0" if isinstance(db, SqliteDatabase) else "BOOLEAN NOT NULL DEFAULT FALSE"
    for table, column in (
        ("tenant", "countries TEXT NOT NULL DEFAULT 'PL'"),
        ("tenant", f"premium {yes_or_no}"),
        ("tenant", "calls_at_once INTEGER DEFAULT 10"),
        ("tenant", "minutes_per_day INTEGER DEFAULT 600"),
        ("tenant", "longest_call INTEGER DEFAULT 120"),
        ("sip_account", "presents_id INTEGER REFERENCES city (id) ON DELETE RESTRICT"),
    ):
        db.execute_sql(f"ALTER TABLE {table} ADD COLUMN {column}")  # type: ignore[no-untyped-call]
    db.execute_sql("CREATE INDEX sipaccount_presents_id ON sip_account (presents_id)")  # type: ignore[no-untyped-call]


def _tables(db: Database) -> dict[str, type[Model]]:
    """The tables as they are from now on, in an order in which they can be made; ``extension`` is there already."""

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

    class Extension(Model):
        id = AutoField()
        tenant = ForeignKeyField(Tenant, on_delete="RESTRICT")
        number = CharField(max_length=3)
        name = CharField(max_length=100)

        class Meta:
            database = db
            table_name = "extension"
            indexes = ((("tenant", "number"), True),)

    class Trunk(Model):
        id = AutoField()
        name = CharField(max_length=100)
        name_key = CharField(max_length=200, unique=True)
        proxy = CharField(max_length=255)
        username = CharField(max_length=128)
        password = TextField()
        register = BooleanField()
        priority = IntegerField()
        passes_original = BooleanField()
        enabled = BooleanField()
        version = IntegerField()

        class Meta:
            database = db
            table_name = "trunk"

    class TrunkState(Model):
        id = AutoField()
        switch = CharField(max_length=255)
        gateway = CharField(max_length=32)
        up = BooleanField()
        state = TextField()
        since = DoubleField()

        class Meta:
            database = db
            table_name = "trunk_state"
            indexes = ((("switch", "gateway"), True),)

    class City(Model):
        id = AutoField()
        tenant = ForeignKeyField(Tenant, on_delete="RESTRICT")
        number = CharField(max_length=16, unique=True)
        name = CharField(max_length=100)
        main = BooleanField()

        class Meta:
            database = db
            table_name = "city"

    class Sound(Model):
        id = AutoField()
        tenant = ForeignKeyField(Tenant, on_delete="RESTRICT")
        content = BlobField()
        version = CharField(max_length=16)
        seconds = DoubleField()
        text = TextField()
        language = CharField(max_length=2)
        file = CharField(max_length=100)

        class Meta:
            database = db
            table_name = "sound"

    class Message(Model):
        id = AutoField()
        tenant = ForeignKeyField(Tenant, on_delete="RESTRICT")
        name = CharField(max_length=100)
        name_key = CharField(max_length=200)
        sound = ForeignKeyField(Sound, on_delete="RESTRICT")

        class Meta:
            database = db
            table_name = "message"
            indexes = ((("tenant", "name_key"), True),)

    class Menu(Model):
        id = AutoField()
        tenant = ForeignKeyField(Tenant, on_delete="RESTRICT")
        name = CharField(max_length=100)
        name_key = CharField(max_length=200)
        greeting = ForeignKeyField(Sound, on_delete="RESTRICT")
        dial_internal = BooleanField()
        no_choice_repeat = IntegerField()
        wrong_choice_repeat = IntegerField()

        class Meta:
            database = db
            table_name = "menu"
            indexes = ((("tenant", "name_key"), True),)

    class Schedule(Model):
        id = AutoField()
        tenant = ForeignKeyField(Tenant, on_delete="RESTRICT")
        name = CharField(max_length=100)
        name_key = CharField(max_length=200)
        days = CharField(max_length=7)
        opens = IntegerField()
        closes = IntegerField()
        holidays = CharField(max_length=2)

        class Meta:
            database = db
            table_name = "schedule"
            indexes = ((("tenant", "name_key"), True),)

    class DayOff(Model):
        id = AutoField()
        schedule = ForeignKeyField(Schedule, on_delete="CASCADE")
        day = CharField(max_length=10)

        class Meta:
            database = db
            table_name = "day_off"
            indexes = ((("schedule", "day"), True),)

    class Destination(Model):
        id = AutoField()
        tenant = ForeignKeyField(Tenant, on_delete="RESTRICT")
        of_extension = ForeignKeyField(Extension, null=True, unique=True, backref="leads", on_delete="CASCADE")
        of_city = ForeignKeyField(City, null=True, unique=True, backref="leads", on_delete="CASCADE")
        of_menu = ForeignKeyField(Menu, null=True, backref="leads", on_delete="CASCADE")
        of_tenant = ForeignKeyField(Tenant, null=True, unique=True, backref="fallback", on_delete="CASCADE")
        parent = ForeignKeyField("self", null=True, on_delete="CASCADE")
        branch = CharField(max_length=16, default="")
        kind = CharField(max_length=16)
        account = ForeignKeyField(SipAccount, null=True, on_delete="RESTRICT")
        extension = ForeignKeyField(Extension, null=True, on_delete="RESTRICT")
        city = ForeignKeyField(City, null=True, on_delete="RESTRICT")
        menu = ForeignKeyField(Menu, null=True, on_delete="RESTRICT")
        message = ForeignKeyField(Message, null=True, on_delete="RESTRICT")
        schedule = ForeignKeyField(Schedule, null=True, on_delete="RESTRICT")
        external = CharField(max_length=16, default="")
        seconds = IntegerField(default=0)
        together = BooleanField(default=False)
        outcome = CharField(max_length=32, default="")

        class Meta:
            database = db
            table_name = "destination"
            indexes = ((("of_menu", "branch"), True), (("parent", "branch"), True))

    class RingMember(Model):
        id = AutoField()
        destination = ForeignKeyField(Destination, on_delete="CASCADE")
        position = IntegerField()
        account = ForeignKeyField(SipAccount, on_delete="RESTRICT")

        class Meta:
            database = db
            table_name = "ring_member"
            indexes = ((("destination", "position"), True),)

    made = (Extension, Trunk, TrunkState, City, Sound, Message, Menu, Schedule, DayOff, Destination, RingMember)
    return {model._meta.table_name: model for model in made}
