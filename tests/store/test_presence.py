"""What the panel is told of phones and switches."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import gevent
import pytest

from app.core import events
from app.core.events import PhoneRegistered, PhonesCounted, PhoneUnregistered, TrunkChanged
from app.store import Database
from app.store.models import Heartbeat, Registration, SwitchState, TrunkState
from app.store.presence import CONTROLLER, Presence
from tests.store.fickle import FickleDatabase


@pytest.fixture
def presence(database: Database) -> Iterator[Presence]:
    presence = Presence(database)
    presence.start()
    yield presence
    presence.stop()


def test_trunk_is_up_or_down_since_it_changed(database: Database, presence: Presence, eventually: Callable) -> None:
    def says() -> list[tuple[str, str, bool, str, float]]:
        with database.reading():
            rows = TrunkState.select().order_by(TrunkState.switch)
            return [(row.switch, row.gateway, row.up, row.state, row.since) for row in rows]

    reged = TrunkChanged(switch="a", gateway="trunk-1", up=True, state="REGED", at=100.0)
    presence.trunk(replace(reged, switch="b", up=False, state="TRYING"))
    presence.trunk(reged)
    eventually(lambda: says() == [("a", "trunk-1", True, "REGED", 100.0), ("b", "trunk-1", False, "TRYING", 100.0)])
    presence.trunk(replace(reged, switch="b", at=200.0))
    presence.trunk(replace(reged, state="NOREG", at=200.0))
    eventually(lambda: says() == [("a", "trunk-1", True, "NOREG", 100.0), ("b", "trunk-1", True, "REGED", 200.0)])
    Presence(database).start()
    assert says() == [], "what an earlier controller saw may be untrue"


def test_trunks_wait_for_the_database(database: Database, eventually: Callable, caplog: pytest.LogCaptureFixture) -> None:
    fickle = FickleDatabase(database)
    presence = Presence(fickle)
    presence.start()
    fickle.away = True
    for at in (100.0, 200.0):
        presence.trunk(TrunkChanged(switch="a", gateway="trunk-1", up=at > 150, state="", at=at))
    eventually(lambda: "does not answer" in caplog.text)
    fickle.away = False
    eventually(lambda: _trunks(database) == [True])
    presence.stop()


def _trunks(database: Database) -> list[bool]:
    with database.reading():
        return [row.up for row in TrunkState.select()]


def device(login: str = "100101", contact: str = "desk", since: float = 100.0, expires: float = 160.0) -> events.Registration:
    return events.Registration(
        login=login, contact=contact, device="Yealink T46", address="192.168.1.20", since=since, expires=expires
    )


def devices(database: Database) -> dict[tuple[str, str], float]:
    with database.reading():
        return {(row.login, row.contact): row.since for row in Registration.select()}


def came(registration: events.Registration) -> PhoneRegistered:
    return PhoneRegistered(registration=registration)


def test_phone_that_signs_in_is_seen_and_gone_when_it_signs_out(
    database: Database, presence: Presence, eventually: Callable
) -> None:
    presence.note(came(device()))
    eventually(lambda: devices(database) == {("100101", "desk"): 100.0})
    presence.note(PhoneUnregistered(login="100101", contact="desk", at=120.0))
    eventually(lambda: devices(database) == {})


def test_renewing_keeps_the_moment_the_phone_came(database: Database, presence: Presence, eventually: Callable) -> None:
    presence.note(came(device()))
    eventually(lambda: devices(database))
    presence.note(came(device(since=150.0, expires=210.0)))
    eventually(lambda: _expires(database) == 210.0)
    assert devices(database) == {("100101", "desk"): 100.0}


def test_phone_that_comes_back_after_it_expired_came_anew(database: Database, presence: Presence, eventually: Callable) -> None:
    presence.note(came(device()))
    eventually(lambda: devices(database))
    presence.note(came(device(since=500.0, expires=560.0)))
    eventually(lambda: devices(database) == {("100101", "desk"): 500.0})


def test_signing_out_everything_spares_other_accounts(database: Database, presence: Presence, eventually: Callable) -> None:
    for login, contact in (("100101", "desk"), ("100101", "mobile"), ("100102", "desk")):
        presence.note(came(device(login, contact)))
    presence.note(PhoneUnregistered(login="100101", contact="", at=120.0))
    eventually(lambda: devices(database) == {("100102", "desk"): 100.0})


def test_phone_that_signs_in_again_after_signing_out_everything_is_there(
    database: Database, presence: Presence, eventually: Callable
) -> None:
    presence.note(PhoneUnregistered(login="100101", contact="", at=90.0))
    presence.note(came(device()))
    eventually(lambda: ("100101", "desk") in devices(database))


def test_count_replaces_what_was_known_of_that_switch(database: Database, presence: Presence, eventually: Callable) -> None:
    presence.note(PhonesCounted(switch="a", registrations=(device("1", "x"), device("2", "y")), at=100.0))
    presence.note(PhonesCounted(switch="b", registrations=(device("3", "z"),), at=100.0))
    eventually(lambda: len(devices(database)) == 3)
    presence.note(PhonesCounted(switch="a", registrations=(device("2", "y"),), at=101.0))
    eventually(lambda: sorted(login for login, _ in devices(database)) == ["2", "3"])


def test_many_phones_are_counted(database: Database, presence: Presence, eventually: Callable) -> None:
    everybody = tuple(device(str(number), "x") for number in range(500))
    presence.note(PhonesCounted(switch="a", registrations=everybody, at=100.0))
    eventually(lambda: len(devices(database)) == 500)
    presence.note(PhonesCounted(switch="a", registrations=(), at=101.0))
    eventually(lambda: devices(database) == {})


def test_switch_keeps_the_moment_it_came(database: Database, presence: Presence, eventually: Callable) -> None:
    presence.switch("10.0.0.1:8021", True, 100.0, "")
    eventually(lambda: _switch(database) == (True, 100.0, ""))
    presence.switch("10.0.0.1:8021", True, 200.0, "1.10.12")
    eventually(lambda: _switch(database) == (True, 100.0, "1.10.12"))
    presence.switch("10.0.0.1:8021", False, 300.0, "connection refused")
    eventually(lambda: _switch(database) == (False, 300.0, "connection refused"))


def test_switches_of_an_earlier_controller_are_forgotten(database: Database) -> None:
    with database.writing():
        SwitchState.create(name="old", connected=True, since=1.0, detail="")
    presence = Presence(database)
    presence.start()
    presence.stop()
    assert _switch(database) is None


def test_heart_beats_while_the_controller_lives(database: Database, eventually: Callable) -> None:
    presence = Presence(database)
    presence.start()
    eventually(lambda: abs(_beat(database) - time.time()) < 2)
    presence.stop()
    assert _beat(database) == 0, "a controller that stops says so"


def test_heart_beats_again_and_again(database: Database, eventually: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.store.presence.BEAT_SECONDS", 0.01)
    presence = Presence(database)
    presence.start()
    eventually(lambda: _beat(database))
    first = _beat(database)
    eventually(lambda: _beat(database) > first)
    presence.stop()


def test_newest_word_arrives_when_the_database_comes_back(database: Database, eventually: Callable) -> None:
    fickle = FickleDatabase(database)
    presence = Presence(fickle)
    presence.start()
    fickle.away = True
    presence.note(came(device("1", "x")))
    presence.note(came(device("2", "y")))
    presence.switch("a", True, 100.0, "")
    eventually(lambda: fickle.refused)
    presence.note(PhoneUnregistered(login="1", contact="x", at=110.0))
    presence.switch("a", False, 111.0, "gone")
    fickle.away = False
    eventually(lambda: list(devices(database)) == [("2", "y")])
    assert _switch(database) == (False, 111.0, "gone")
    presence.stop()


def test_nothing_is_written_while_the_caller_waits(database: Database, presence: Presence) -> None:
    presence.note(came(device()))
    assert devices(database) == {}
    gevent.sleep(0)


def _expires(database: Database) -> float:
    with database.reading():
        return Registration.select().get().expires


def _switch(database: Database) -> tuple[bool, float, str] | None:
    with database.reading():
        row = SwitchState.get_or_none()
    return row and (row.connected, row.since, row.detail)


def _beat(database: Database) -> float:
    with database.reading():
        row = Heartbeat.get_or_none(Heartbeat.name == CONTROLLER)
    return row.at if row else 0
