"""THE schema: every table the panel, the controller and the switch's reports share.

Times are seconds since the epoch (UTC) as double precision, as in the core. A table belongs to a tenant directly or through its
parent; whoever reads one for a person filters by tenant. The classes are bound to a database by `app.store.open`.
(The bare ``…_id`` annotations name the columns peewee makes beside a foreign key; reading them asks the database nothing.)
"""

from peewee import Model

from app.store.models.calls import CallPart, CallRecord, LegEnd, LimitStop
from app.store.models.destinations import NO_CHOICE, WRONG_CHOICE, Destination, RingMember
from app.store.models.live import Heartbeat, Registration, Revision, SwitchState, TrunkState
from app.store.models.numbers import City, Extension, SipAccount, Trunk
from app.store.models.queues import FULL, NO_AGENTS, OVERFLOW, CallBackDone, Queue, QueueAgent, QueueOffer, QueueVisit
from app.store.models.spoken import DayOff, Menu, Message, Schedule, Sound
from app.store.models.tenants import Change, Tenant, User

__all__ = [
    "FULL",
    "NO_AGENTS",
    "NO_CHOICE",
    "OVERFLOW",
    "WRONG_CHOICE",
    "CallBackDone",
    "CallPart",
    "CallRecord",
    "Change",
    "City",
    "DayOff",
    "Destination",
    "Extension",
    "Heartbeat",
    "LegEnd",
    "LimitStop",
    "Menu",
    "Message",
    "Queue",
    "QueueAgent",
    "QueueOffer",
    "QueueVisit",
    "Registration",
    "Revision",
    "RingMember",
    "Schedule",
    "SipAccount",
    "Sound",
    "SwitchState",
    "Tenant",
    "Trunk",
    "TrunkState",
    "User",
]

MODELS: tuple[type[Model], ...] = (
    Tenant,
    Trunk,
    City,
    SipAccount,
    Extension,
    Sound,
    Message,
    Menu,
    Schedule,
    DayOff,
    Queue,
    QueueAgent,
    Destination,
    RingMember,
    User,
    CallRecord,
    CallPart,
    LimitStop,
    QueueVisit,
    QueueOffer,
    CallBackDone,
    LegEnd,
    Registration,
    SwitchState,
    TrunkState,
    Heartbeat,
    Revision,
    Change,
)
