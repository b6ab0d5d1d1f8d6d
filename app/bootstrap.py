"""The composition root: the only place where concrete things meet."""

import logging
import shutil
import signal
from dataclasses import dataclass

import gevent
from flask import Flask

import admin
from app import services as use_cases
from app import store
from app.config import Settings, SwitchAddress
from app.engine import Engine
from app.services import Services
from app.store.journal import Journal
from app.store.presence import Presence
from app.store.roster import Roster
from app.store.snapshot import DirectorySource
from app.timers import GeventTimers
from freeswitch.link import Link
from freeswitch.lookup import blueprint
from freeswitch.virtual import VirtualPhones

log = logging.getLogger(__name__)

FLUSH_SECONDS = 5.0


def uses_simulator(settings: Settings) -> bool:
    """Whether the switch is ours and there is no real one: then phones are virtual and live in the panel."""
    return settings.own_switch and shutil.which("freeswitch") is None


def migrate(settings: Settings) -> list[str]:
    """Bring the database to the newest schema; the names of the steps taken. Raises StoreError."""
    database = store.open(settings.database_url)
    try:
        return store.migrate(database)
    finally:
        database.close()


def services(settings: Settings) -> Services:
    """The use cases on the database of the settings. Raises StoreError, also when the schema is old."""
    return use_cases.build(_database(settings), settings)


def _database(settings: Settings) -> store.Database:
    database = store.open(settings.database_url)
    if store.pending(database):
        raise store.StoreError("DATABASE_URL: the schema is old or missing; run: python -m app migrate")
    return database


def web(settings: Settings) -> Flask:
    """The panel's process: pages for people, and answers for the switch."""
    cases = services(settings)
    virtual = None
    if uses_simulator(settings):
        address = settings.switches[0]
        virtual = VirtualPhones(address.host, address.port, address.password)
    return admin.create_app(
        cases,
        settings,
        blueprints=(blueprint(cases.lookup, cases.sounds, settings.lookup_secret, settings.sip_domain),),
        virtual_phones=virtual,
    )


def worker(settings: Settings) -> None:
    """The controller's process: leads calls until SIGTERM or SIGINT. Calls go on without it."""
    database = _database(settings)
    journal, presence, source = Journal(database), Presence(database), DirectorySource(database)
    roster = Roster(database)
    engine = Engine(journal, presence, roster, GeventTimers(), source.current())
    links = [_attach(engine, settings, address) for address in settings.switches]
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, engine.stop)
    journal.start()
    presence.start()
    roster.start()
    source.watch(engine.change_directory)
    for link in links:
        link.start()
    log.info("controller is running; switches: %s", ", ".join(address.name for address in settings.switches))
    try:
        engine.run()
    finally:
        source.stop()
        for link in links:
            link.stop()
        if not journal.flush(FLUSH_SECONDS):
            log.error("the call log could not be written in %.0f s; the switch's reports will complete it", FLUSH_SECONDS)
        if not roster.flush(FLUSH_SECONDS):
            log.error("who is on duty could not be written in %.0f s", FLUSH_SECONDS)
        presence.stop()
        database.close()


def _attach(engine: Engine, settings: Settings, address: SwitchAddress) -> Link:
    link = Link(address, settings.sip_domain, engine.mailbox_of(address.name))
    engine.attach(address.name, link)
    return link


@dataclass(frozen=True)
class Finding:
    """One thing `check` looked at."""

    good: bool
    text: str


def check(settings: Settings) -> list[Finding]:
    """Whether everything the controller needs is there. Raises StoreError when there is no database to ask."""
    database = store.open(settings.database_url)
    pending = store.pending(database)
    findings = [Finding(True, "settings are complete"), Finding(not pending, f"database: {len(pending)} migrations to apply")]
    if pending:
        return findings
    cases = use_cases.build(database, settings)
    if strangers := cases.accounts.strangers():
        text = f"phones: {strangers} cannot sign in: SIP_DOMAIN was another when their passwords were made; renew those"
        findings.append(Finding(False, text))
    health = cases.health.now()
    findings.append(Finding(health.controller_alive, f"controller: {'running' if health.controller_alive else 'not running'}"))
    for switch in health.switches:
        state = "connected" if switch.connected else f"not connected: {switch.detail}"
        findings.append(Finding(switch.connected, f"switch {switch.name}: {state}"))
    for trunk in cases.trunks.list():
        if trunk.settings.enabled:
            state = trunk.state or "not heard of yet"
            findings.append(Finding(trunk.up is not False, f"trunk {trunk.settings.name}: {state}"))
    return findings
