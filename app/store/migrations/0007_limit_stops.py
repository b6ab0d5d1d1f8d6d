"""What a limit stops is a part of its call, which says which limit it was and who wanted the call."""

from peewee import AutoField, CharField, Database, DoubleField, ForeignKeyField, Model, TextField
from playhouse.migrate import SchemaMigrator


def up(_migrator: SchemaMigrator, db: Database) -> None:
    """Make the table. Of calls that were refused for a limit before, the log knows no more than what was dialled."""
    db.create_tables([_limit_stop(db)])
    for sql in (
        "INSERT INTO call_part (call, position, number, name, login, started, ended, outcome)"
        " SELECT call, COALESCE((SELECT MAX(position) + 1 FROM call_part WHERE call_part.call = call_record.call), 0),"
        " dialled, '', '', ended, ended, outcome FROM call_record WHERE outcome = 'over-limit' AND ended IS NOT NULL",
        "INSERT INTO limit_stop (part_id, tenant_id, at, exceeded, sender)"
        " SELECT call_part.id, tenant_id, call_part.started, 'unknown', caller_login"
        " FROM call_part JOIN call_record ON call_record.call = call_part.call WHERE call_part.outcome = 'over-limit'",
    ):
        db.execute_sql(sql)  # type: ignore[no-untyped-call]


def _limit_stop(db: Database) -> type[Model]:
    class Tenant(Model):
        id = AutoField()

        class Meta:
            database = db
            table_name = "tenant"

    class CallPart(Model):
        id = AutoField()

        class Meta:
            database = db
            table_name = "call_part"

    class LimitStop(Model):
        part = ForeignKeyField(CallPart, primary_key=True, on_delete="CASCADE")
        tenant = ForeignKeyField(Tenant, on_delete="CASCADE", index=False)
        at = DoubleField()
        exceeded = CharField(max_length=16)
        sender = TextField()

        class Meta:
            database = db
            table_name = "limit_stop"
            indexes = ((("tenant", "at"), False),)

    return LimitStop
