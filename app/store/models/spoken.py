"""What is played to callers, and when an office is open."""

from peewee import AutoField, BlobField, BooleanField, CharField, DoubleField, ForeignKeyField, IntegerField, Model, TextField

from app.store.models.tenants import Tenant


class Sound(Model):
    """A recording as the switch plays it: WAV, 8000 Hz, one channel, 16 bits. Made of ``text``, or of somebody's ``file``.

    ``version`` changes with the content; a new content is given to the row that has the old one.
    """

    id = AutoField()
    tenant = ForeignKeyField(Tenant, backref="sounds", on_delete="RESTRICT")
    tenant_id: int
    content = BlobField()
    version = CharField(max_length=16)
    seconds = DoubleField()
    text = TextField()  # what is spoken; empty for a file
    language = CharField(max_length=2)  # of the voice that speaks the text; empty for a file
    file = CharField(max_length=100)  # its name where it came from; empty for a text

    class Meta:
        table_name = "sound"


class Message(Model):
    """Something told to callers."""

    id = AutoField()
    tenant = ForeignKeyField(Tenant, backref="messages", on_delete="RESTRICT")
    tenant_id: int
    name = CharField(max_length=100)
    name_key = CharField(max_length=200)  # the name as compared
    sound = ForeignKeyField(Sound, backref="messages", on_delete="RESTRICT")
    sound_id: int

    class Meta:
        table_name = "message"
        indexes = ((("tenant", "name_key"), True),)


class Menu(Model):
    """A menu. Where its keys lead, and who makes no choice or a wrong one, stands in `Destination`: ``of_menu``."""

    id = AutoField()
    tenant = ForeignKeyField(Tenant, backref="menus", on_delete="RESTRICT")
    tenant_id: int
    name = CharField(max_length=100)
    name_key = CharField(max_length=200)
    greeting = ForeignKeyField(Sound, backref="menus", on_delete="RESTRICT")
    greeting_id: int
    dial_internal = BooleanField()
    no_choice_repeat = IntegerField()
    wrong_choice_repeat = IntegerField()

    class Meta:
        table_name = "menu"
        indexes = ((("tenant", "name_key"), True),)


class Schedule(Model):
    """When an office is open; what the columns mean is said in `app.core.hours.Schedule`."""

    id = AutoField()
    tenant = ForeignKeyField(Tenant, backref="schedules", on_delete="RESTRICT")
    tenant_id: int
    name = CharField(max_length=100)
    name_key = CharField(max_length=200)
    days = CharField(max_length=7)  # the digits of the weekdays, in order: «01234» is Monday to Friday
    opens = IntegerField()
    closes = IntegerField()
    holidays = CharField(max_length=2)

    class Meta:
        table_name = "schedule"
        indexes = ((("tenant", "name_key"), True),)


class DayOff(Model):
    """A further day on which a schedule is closed."""

    id = AutoField()
    schedule = ForeignKeyField(Schedule, backref="days_off", on_delete="CASCADE")
    schedule_id: int
    day = CharField(max_length=10)  # ISO 8601

    class Meta:
        table_name = "day_off"
        indexes = ((("schedule", "day"), True),)
