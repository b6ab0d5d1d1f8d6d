"""What people do with Centralka: validate, persist, announce; each use case in one transaction.

Every method that touches a tenant's things is told which tenant and never reaches beyond it. Rows that are returned can be read
after the call; a foreign key is read by its ``…_id``.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from app.config import Settings
from app.services.accounts import Accounts
from app.services.answering import Answering
from app.services.call_backs import CallBacks
from app.services.changelog import ChangeLog
from app.services.cities import Cities
from app.services.exchange import Exchange
from app.services.health import Health
from app.services.history import History
from app.services.lookup import Lookup
from app.services.menus import Menus
from app.services.messages import Messages
from app.services.numbering import Numbering
from app.services.numbers import Numbers
from app.services.phones import Phones
from app.services.queue_board import QueueBoard
from app.services.queue_statistics import QueueStatistics
from app.services.queues import Queues
from app.services.refusals import Refusals
from app.services.schedules import Schedules
from app.services.sounds import Sounds
from app.services.tenants import Tenants
from app.services.trunks import Trunks
from app.services.users import Users
from app.services.vault import Vault
from app.store import Database


@dataclass(frozen=True)
class Services:
    """One of each, over one database."""

    tenants: Tenants
    accounts: Accounts
    numbers: Numbers
    numbering: Numbering
    users: Users
    history: History
    phones: Phones
    answering: Answering
    health: Health
    exchange: Exchange
    lookup: Lookup
    changes: ChangeLog
    trunks: Trunks
    cities: Cities
    schedules: Schedules
    messages: Messages
    menus: Menus
    queues: Queues
    queue_board: QueueBoard
    refusals: Refusals
    queue_statistics: QueueStatistics
    call_backs: CallBacks
    sounds: Sounds
    at_one_moment: Callable[[], AbstractContextManager[None]]
    """A block in which the others read what there is at one moment, and each thing once; nothing may be changed in it."""


def build(database: Database, settings: Settings) -> Services:
    """The services over ``database``, for the SIP domain of ``settings``."""
    vault = Vault(settings.secret_key)
    trunks = Trunks(database, vault)
    phones = Phones(database)
    return Services(
        tenants=Tenants(database),
        accounts=Accounts(database, settings.sip_domain),
        numbers=Numbers(database),
        numbering=Numbering(database),
        users=Users(database),
        history=History(database),
        phones=phones,
        answering=Answering(database, phones),
        health=Health(database),
        exchange=Exchange(database, settings.sip_domain, trunks),
        lookup=Lookup(database, vault),
        changes=ChangeLog(database),
        trunks=trunks,
        cities=Cities(database),
        schedules=Schedules(database),
        messages=Messages(database),
        menus=Menus(database),
        queues=Queues(database),
        queue_board=QueueBoard(database, phones),
        refusals=Refusals(database),
        queue_statistics=QueueStatistics(database),
        call_backs=CallBacks(database),
        sounds=Sounds(database),
        at_one_moment=database.snapshot,
    )
