"""Queues as rows, and in the directory."""

from collections.abc import Callable

import pytest
from peewee import IntegrityError

from app.core.destinations import ToAccount, ToHangUp, ToQueue
from app.core.directory import Sound
from app.core.outcome import Outcome
from app.core.queues import Agent, Pause, PauseReason, Queue, Strategy
from app.store import Database, models, snapshot

OUTSIDE = "+48600100200"


def test_queue_with_everything_reaches_the_directory(database: Database, acme: int, service: models.Queue) -> None:
    led = models.Destination
    with database.writing():
        sounds = [
            models.Sound.create(tenant=acme, content=b"", version=name, seconds=1.5, text="", language="", file="a.wav")
            for name in ("greeting", "music", "called")
        ]
        columns = {"strategy": "in-order", "ring": 15, "retry": 3, "wrap_up": 0, "max_wait": None, "max_waiting": 7}
        columns |= {"announce_every": 30, "misses": 2, "miss_pause": 60, "call_back": "2"}
        models.Queue.update(**columns, greeting=sounds[0], music=sounds[1], called=sounds[2]).execute()
        for branch, kind in (
            ("overflow", {"kind": "queue", "queue": service}),
            ("full", {"kind": "hangup", "outcome": "busy"}),
            ("no_agents", {"kind": "hangup", "outcome": "answered"}),
            ("1", {"kind": "account", "account": models.SipAccount.get()}),
        ):
            led.create(tenant=acme, of_queue=service, branch=branch, **kind)
        models.QueueAgent.update(signed_in=False).where(models.QueueAgent.position == 0).execute()
        paused = {"pause_reason": "missed", "pause_since": 10.0, "pause_until": 70.0}
        models.QueueAgent.update(**paused).where(models.QueueAgent.position == 1).execute()
    greeting, music, called = (Sound(sound.id, sound.version, 1.5) for sound in sounds)
    assert snapshot.read(database).tenants[acme].queues == {
        "Serwis": Queue(
            service.id,
            "Serwis",
            Strategy.IN_ORDER,
            (
                Agent("100101", signed_in=False),
                Agent(number=OUTSIDE, pause=Pause(PauseReason.MISSED, 10.0, 70.0)),
            ),
            **{"ring": 15, "retry": 3, "wrap_up": 0, "max_wait": None, "max_waiting": 7, "announce_every": 30},
            **{"overflow": ToQueue("Serwis"), "full": ToHangUp(Outcome.BUSY), "no_agents": ToHangUp()},
            **{"greeting": greeting, "music": music, "called": called, "misses": 2, "miss_pause": 60},
            **{"keys": {"1": ToAccount("100101")}, "call_back": "2"},
        )
    }


def test_queue_with_nothing_is_as_a_new_one(database: Database, acme: int, add_tenant: Callable, add_queue: Callable) -> None:
    queue = add_queue(acme, "Sprzedaż")
    other = add_tenant("Zenit")
    tenants = snapshot.read(database).tenants
    assert tenants[acme].queues == {"Sprzedaż": Queue(queue.id, "Sprzedaż")}
    assert tenants[other].queues == {}


def test_queue_never_has_the_id_of_one_that_is_gone(database: Database, acme: int, add_queue: Callable) -> None:
    first = add_queue(acme, "Serwis")
    with database.writing():
        models.Queue.delete().execute()
    assert add_queue(acme, "Serwis").id > first.id


def test_agents_account_is_held_and_stands_there_once(database: Database, service: models.Queue) -> None:
    with database.writing():
        with pytest.raises(IntegrityError), database.peewee.atomic():
            models.SipAccount.delete().execute()
        with pytest.raises(IntegrityError), database.peewee.atomic():
            models.QueueAgent.create(queue=service, position=2, external=OUTSIDE)
        models.QueueAgent.create(queue=service, position=2, external="+48600100201")
        models.Queue.delete().execute()
        assert models.QueueAgent.select().count() == 0
