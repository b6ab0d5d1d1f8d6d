"""What the controller sees at this moment, for the panel, and how it learns that something was changed."""

from peewee import AutoField, BooleanField, CharField, DoubleField, IntegerField, Model, TextField


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


class TrunkState(Model):
    """Whether calls can go over a trunk's gateway now, as a switch sees it, since when, and its word for it."""

    id = AutoField()
    switch = CharField(max_length=255)
    gateway = CharField(max_length=32)
    up = BooleanField()
    state = TextField()
    since = DoubleField()

    class Meta:
        table_name = "trunk_state"
        indexes = ((("switch", "gateway"), True),)


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
