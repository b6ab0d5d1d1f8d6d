"""How a tenant's calls go: how long a phone rings, what the keys of a transfer do, and who gets a caller nobody takes back."""

from peewee import AutoField, Database, ForeignKeyField, Model, SqliteDatabase
from playhouse.migrate import SchemaMigrator


def up(_migrator: SchemaMigrator, db: Database) -> None:
    """Add three columns to the tenants and one table.

    The columns are added in plain SQL: for one that is not null, playhouse's ``add_column`` makes the table anew on SQLite, and
    dropping the old one would take the tenants' call logs with it (ON DELETE CASCADE).
    """
    yes_or_no = "INTEGER NOT NULL DEFAULT 0" if isinstance(db, SqliteDatabase) else "BOOLEAN NOT NULL DEFAULT FALSE"
    for column in (
        "ring_seconds INTEGER NOT NULL DEFAULT 30",
        "digit_timeout INTEGER NOT NULL DEFAULT 3",
        f"keys_on_internal_calls {yes_or_no}",
    ):
        db.execute_sql(f"ALTER TABLE tenant ADD COLUMN {column}")  # type: ignore[no-untyped-call]
    db.create_tables([_transfer_fallback(db)])


def _transfer_fallback(db: Database) -> type[Model]:
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

        class Meta:
            database = db
            table_name = "extension"

    class TransferFallback(Model):
        tenant = ForeignKeyField(Tenant, primary_key=True, on_delete="CASCADE")
        extension = ForeignKeyField(Extension, null=True, on_delete="RESTRICT")
        account = ForeignKeyField(SipAccount, null=True, on_delete="RESTRICT")

        class Meta:
            database = db
            table_name = "transfer_fallback"

    return TransferFallback
