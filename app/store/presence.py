"""What the controller sees, written down for the panel: registered devices, the switches and their trunks, that it lives."""

import time
from collections.abc import Sequence

import gevent
from peewee import EXCLUDED, Case, chunked

from app.core import events
from app.core.events import PhoneEvent, PhoneRegistered, PhonesCounted, PhoneUnregistered, TrunkChanged
from app.store.background import Background
from app.store.database import Database
from app.store.models import Heartbeat, Registration, SwitchState, TrunkState

CONTROLLER = "controller"
BEAT_SECONDS = 1.0
KEEP_EXPIRED = 3600.0
ROWS_AT_ONCE = 100


class Presence:
    """Satisfies `app.ports.Presence`. While the database is away, only the newest word of each thing waits."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._phones: dict[tuple[str, str], PhoneEvent] = {}  # in the order in which they must be applied
        self._switches: dict[str, tuple[bool, float, str]] = {}
        self._trunks: dict[tuple[str, str], TrunkChanged] = {}
        self._background = Background("presence", self._work)
        self._pulse: gevent.Greenlet | None = None

    def start(self) -> None:
        """Begin, with the heartbeat. What an earlier controller said of switches and trunks is forgotten: it may be untrue."""
        with self._database.writing():
            SwitchState.delete().execute()
            TrunkState.delete().execute()
        self._background.start()
        self._pulse = gevent.spawn(self._beat)

    def stop(self, timeout: float = 2.0) -> None:
        """Write what is left and end; the heartbeat is taken back, so that the panel knows at once."""
        if self._pulse is not None:
            self._pulse.kill()
            self._pulse = None
        if self._background.finish(timeout):
            with self._database.writing():
                Heartbeat.delete().where(Heartbeat.name == CONTROLLER).execute()

    def note(self, event: PhoneEvent) -> None:
        """Take down what a phone did. Returns at once."""
        key = _key(event)
        self._phones.pop(key, None)  # the newest takes its place at the end, after what it must come after
        self._phones[key] = event
        self._background.wake()

    def switch(self, name: str, connected: bool, at: float, detail: str) -> None:
        """Take down whether a switch is there. Returns at once."""
        self._switches[name] = (connected, at, detail)
        self._background.wake()

    def trunk(self, event: TrunkChanged) -> None:
        """Take down whether calls can go over a trunk. Returns at once."""
        self._trunks[event.switch, event.gateway] = event
        self._background.wake()

    def _beat(self) -> None:
        while True:
            self._background.wake()
            gevent.sleep(BEAT_SECONDS)

    def _work(self) -> None:
        phones, self._phones = self._phones, {}
        switches, self._switches = self._switches, {}
        trunks, self._trunks = self._trunks, {}
        try:
            with self._database.writing():
                for event in phones.values():
                    _apply(event)
                for name, state in switches.items():
                    _store_switch(name, *state)
                for trunk in trunks.values():
                    _store_trunk(trunk)
                _store_beat(time.time())
        except BaseException:
            self._phones = {**{key: event for key, event in phones.items() if key not in self._phones}, **self._phones}
            self._switches = {**switches, **self._switches}
            self._trunks = {**trunks, **self._trunks}
            raise


def _key(event: PhoneEvent) -> tuple[str, str]:
    """What a later event with the same key makes needless: the same device, the whole account, the count of a switch."""
    if isinstance(event, PhoneRegistered):
        return event.registration.login, event.registration.contact
    if isinstance(event, PhoneUnregistered):
        return event.login, event.contact
    return "", event.switch


def _apply(event: PhoneEvent) -> None:
    if isinstance(event, PhoneRegistered):
        _store([event.registration], "")
    elif isinstance(event, PhonesCounted):
        _replace(event)
    else:
        gone = Registration.login == event.login
        if event.contact:
            gone &= Registration.contact == event.contact
        Registration.delete().where(gone).execute()


def _replace(count: PhonesCounted) -> None:
    _store(count.registrations, count.switch)
    counted = {(device.login, device.contact) for device in count.registrations}
    known = Registration.select().where(Registration.switch.in_(("", count.switch)))
    stale = [row.id for row in known if (row.login, row.contact) not in counted]
    for ids in chunked(stale, ROWS_AT_ONCE):
        Registration.delete().where(Registration.id.in_(ids)).execute()
    Registration.delete().where(Registration.expires < count.at - KEEP_EXPIRED).execute()


def _store(devices: Sequence[events.Registration], switch: str) -> None:
    """Write devices down; one that only renews its registration keeps the moment it came."""
    came_back = Case(None, [(Registration.expires < EXCLUDED.since, EXCLUDED.since)], Registration.since)
    for group in chunked({(device.login, device.contact): device for device in devices}.values(), ROWS_AT_ONCE):
        rows = [
            {
                "login": device.login,
                "contact": device.contact,
                "device": device.device,
                "address": device.address,
                "since": device.since,
                "expires": device.expires,
                "switch": switch,
            }
            for device in group
        ]
        target = [Registration.login, Registration.contact]
        changed = [Registration.device, Registration.address, Registration.expires, Registration.switch]
        Registration.insert_many(rows).on_conflict(
            conflict_target=target, preserve=changed, update={Registration.since: came_back}
        ).execute()


def _store_switch(name: str, connected: bool, at: float, detail: str) -> None:
    """``since`` is when the switch came or went, not when it was last spoken of."""
    known = SwitchState.get_or_none(SwitchState.name == name)
    since = known.since if known and known.connected == connected else at
    changed = [SwitchState.connected, SwitchState.since, SwitchState.detail]
    SwitchState.insert(name=name, connected=connected, since=since, detail=detail).on_conflict(
        conflict_target=[SwitchState.name], preserve=changed
    ).execute()


def _store_trunk(event: TrunkChanged) -> None:
    """``since`` is when calls could first go over it, or no longer, not when it was last spoken of."""
    here = (TrunkState.switch == event.switch) & (TrunkState.gateway == event.gateway)
    known = TrunkState.get_or_none(here)
    since = known.since if known and known.up == event.up else event.at
    changed = [TrunkState.up, TrunkState.state, TrunkState.since]
    row = TrunkState.insert(switch=event.switch, gateway=event.gateway, up=event.up, state=event.state, since=since)
    row.on_conflict(conflict_target=[TrunkState.switch, TrunkState.gateway], preserve=changed).execute()


def _store_beat(now: float) -> None:
    Heartbeat.insert(name=CONTROLLER, at=now).on_conflict(conflict_target=[Heartbeat.name], preserve=[Heartbeat.at]).execute()
