"""Queues in the directory, agents' duty, and callers' stays in the call log."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from peewee import IntegrityError

from app.core.commands import Attend, Duty
from app.core.destinations import ToAccount, ToHangUp, ToQueue
from app.core.directory import Sound
from app.core.outcome import EndedBy, Outcome
from app.core.queues import Agent, Pause, PauseReason, Queue, Strategy
from app.core.record import Offer, Part, Record, Visit
from app.store import Database, calllog, models, snapshot
from app.store.roster import Roster
from tests.store.fickle import FickleDatabase

OUTSIDE = "+48600100200"


@pytest.fixture
def add_queue(database: Database) -> Callable[..., models.Queue]:
    def add(tenant: int, name: str, **columns: object) -> models.Queue:
        usual: dict[str, object] = {"strategy": "all", "ring": 20, "retry": 5, "wrap_up": 10, "max_wait": 300}
        usual |= {"max_waiting": None, "announce_every": 0, "misses": 3, "miss_pause": 300, "call_back": ""}
        with database.writing():
            return models.Queue.create(tenant=tenant, name=name, name_key=name.casefold(), **{**usual, **columns})

    return add


@pytest.fixture
def service(database: Database, acme: int, add_queue: Callable, add_account: Callable) -> models.Queue:
    """The queue Serwis, where Anna and a telephone outside answer."""
    queue, anna = add_queue(acme, "Serwis"), add_account(acme, "100101", "Anna")
    with database.writing():
        models.QueueAgent.create(queue=queue, position=1, external=OUTSIDE)
        models.QueueAgent.create(queue=queue, position=0, account=anna)
    return queue


@pytest.fixture
def agent(database: Database, acme: int) -> Callable[..., Agent]:
    """An agent as the controller knows him."""

    def look(key: str = "100101", queue: str = "Serwis") -> Agent:
        found = snapshot.read(database).tenants[acme].queues[queue].agent(key)
        assert found is not None
        return found

    return look


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


# --- the roster ---


@pytest.fixture
def roster(database: Database) -> Iterator[Roster]:
    roster = Roster(database)
    yield roster
    roster.flush(5)


@pytest.fixture
def says(roster: Roster, acme: int, service: models.Queue) -> Callable[..., None]:
    """Anna says something of herself, and it is written."""

    def say(duty: Duty, at: float = 100.0, agent: str = "100101", tenant: int = acme, **more: object) -> None:
        roster.attend(Attend(tenant, service.id, agent, duty, at, **more))
        assert roster.flush(5)

    return say


def test_agent_signs_out_and_in(says: Callable, agent: Callable) -> None:
    says(Duty.SIGN_OUT)
    assert agent() == Agent("100101", signed_in=False)
    assert agent(OUTSIDE) == Agent(number=OUTSIDE)
    says(Duty.SIGN_IN)
    assert agent() == Agent("100101")


def test_agent_outside_pauses_and_resumes(says: Callable, agent: Callable) -> None:
    says(Duty.PAUSE, 100.0, OUTSIDE)
    assert agent(OUTSIDE).pause == Pause(PauseReason.OWN, 100.0)
    says(Duty.RESUME, 101.0, OUTSIDE)
    assert agent(OUTSIDE) == Agent(number=OUTSIDE)


def test_pause_for_missed_calls_has_its_reason_and_end(says: Callable, agent: Callable) -> None:
    says(Duty.PAUSE, reason=PauseReason.MISSED, until=400.0)
    assert agent().pause == Pause(PauseReason.MISSED, 100.0, 400.0)
    assert (agent().takes_calls(399.0), agent().takes_calls(400.0)) == (False, True)


def test_own_pause_is_not_ended_by_one_for_missed_calls(says: Callable, agent: Callable) -> None:
    says(Duty.PAUSE, until=150.0)
    says(Duty.PAUSE, 149.0, reason=PauseReason.MISSED, until=400.0)
    assert agent().pause == Pause(PauseReason.OWN, 100.0, 150.0)
    says(Duty.PAUSE, 150.0, reason=PauseReason.MISSED, until=400.0)
    assert agent().pause == Pause(PauseReason.MISSED, 150.0, 400.0)
    says(Duty.PAUSE, 160.0)
    assert agent().pause == Pause(PauseReason.OWN, 160.0)


@pytest.mark.parametrize("duty", [Duty.SIGN_IN, Duty.SIGN_OUT])
def test_signing_in_or_out_ends_a_pause(says: Callable, agent: Callable, duty: Duty) -> None:
    says(Duty.PAUSE)
    says(duty)
    assert agent().pause is None


def test_who_is_signed_out_does_not_pause(says: Callable, agent: Callable) -> None:
    says(Duty.SIGN_OUT)
    says(Duty.PAUSE)
    assert agent() == Agent("100101", signed_in=False)


def test_only_a_change_lets_the_tenant_be_read_again(says: Callable, database: Database, acme: int) -> None:
    before = snapshot.read(database)
    says(Duty.SIGN_IN)
    same = snapshot.read(database, before)
    assert same.tenants[acme] is before.tenants[acme]
    says(Duty.SIGN_OUT)
    after = snapshot.read(database, same)
    assert after.revision > same.revision
    assert after.tenants[acme] is not before.tenants[acme]


def test_agent_of_another_tenant_or_queue_is_nobody(
    says: Callable, roster: Roster, agent: Callable, acme: int, service: models.Queue, add_tenant: Callable
) -> None:
    says(Duty.SIGN_OUT, tenant=add_tenant("Zenit"))
    says(Duty.SIGN_OUT, agent="100999")
    says(Duty.SIGN_OUT, agent="")
    roster.attend(Attend(acme, service.id + 1, "100101", Duty.SIGN_OUT, 1.0))
    assert roster.flush(5)
    assert (agent(), agent(OUTSIDE)) == (Agent("100101"), Agent(number=OUTSIDE))


def test_what_agents_say_waits_for_the_database_in_its_order(
    database: Database,
    acme: int,
    service: models.Queue,
    agent: Callable,
    eventually: Callable,
    caplog: pytest.LogCaptureFixture,
) -> None:
    fickle = FickleDatabase(database)
    fickle.away = True
    roster = Roster(fickle, retry=0.01)
    roster.start()
    for duty in (Duty.SIGN_OUT, Duty.SIGN_IN, Duty.PAUSE):
        roster.attend(Attend(acme, service.id, "100101", duty, 5.0))
    with caplog.at_level(logging.ERROR):
        eventually(lambda: fickle.refused > 2)
    assert agent() == Agent("100101")
    fickle.away = False
    assert roster.flush(5)
    assert agent() == Agent("100101", pause=Pause(PauseReason.OWN, 5.0))


def test_what_no_database_takes_does_not_hold_up_the_others(
    database: Database, acme: int, service: models.Queue, agent: Callable, caplog: pytest.LogCaptureFixture
) -> None:
    roster = Roster(database)
    roster.attend(Attend(acme, service.id, "\ud800", Duty.SIGN_OUT, 5.0))
    roster.attend(Attend(acme, service.id, "100101", Duty.SIGN_OUT, 5.0))
    with caplog.at_level(logging.ERROR):
        assert roster.flush(5)
    assert "refused for good" in caplog.text
    assert not agent().signed_in


# --- the call log ---


@pytest.fixture
def waits(acme: int) -> Record:
    """A customer who has come through a menu and waits in his second queue, where Anna's phone rings."""
    parts = (
        Part("", "Powitanie", "", 1000.0, 1000.0, 1010.0, Outcome.ANSWERED),
        Part("201", "Sprzedaż", "", 1010.0, None, 1010.0, Outcome.OVERFLOWED),
        Part("202", "Serwis", "", 1010.0),
    )
    visits = (
        Visit(7, "Sprzedaż", 1, Outcome.OVERFLOWED, why="no-agents"),
        Visit(8, "Serwis", 2, offers=(Offer("100102", 1011.0, 1031.0, Outcome.NO_ANSWER), Offer("100101", 1036.0))),
    )
    return Record("call-1", acme, "+48600100200", "", "", "+48221234567", 1000.0, parts=parts, visits=visits)


def stored(database: Database) -> list[Record]:
    with database.reading():
        return calllog.records(models.CallRecord.select().order_by(models.CallRecord.call))


def test_visits_come_back_as_they_were_written(database: Database, waits: Record, answered: Record) -> None:
    other = replace(answered, call="call-2")
    with database.writing():
        calllog.store([waits, other])
        calllog.store([waits])
    assert stored(database) == [waits, other]
    with database.reading():
        assert calllog.unfinished() == [waits]
        rows = models.QueueVisit.select().order_by(models.QueueVisit.position)
        assert [(row.tenant_id, row.started) for row in rows] == [(waits.tenant, 1010.0)] * 2


def test_later_word_of_a_call_replaces_what_it_said_of_its_queue(database: Database, waits: Record) -> None:
    first, second = waits.visits
    offers = (second.offers[0], replace(second.offers[1], ended=1040.0, outcome=Outcome.ANSWERED))
    later = replace(waits, visits=(first, replace(second, outcome=Outcome.ANSWERED, agent="100101", offers=offers)))
    with database.writing():
        calllog.store([waits])
        calllog.store([later])
    assert stored(database) == [later]


def test_visits_go_with_the_call_and_stay_without_the_queue(
    database: Database, acme: int, waits: Record, service: models.Queue
) -> None:
    with database.writing():
        calllog.store([replace(waits, visits=tuple(replace(visit, queue=service.id) for visit in waits.visits))])
        models.Queue.delete().execute()
        assert models.QueueVisit.select().count() == 2
        models.CallRecord.delete().execute()
        assert models.QueueVisit.select().count() == models.QueueOffer.select().count() == 0


@pytest.mark.parametrize("before", [None, 1010.0])
def test_who_waited_when_nobody_watched_has_given_up(database: Database, waits: Record, before: float | None) -> None:
    waits = replace(waits, answered=before)
    with database.writing():
        calllog.store([waits])
        models.LegEnd.create(
            **{"leg": "call-1", "call": "call-1", "ended": 1100.0, "answered": 1000.0, "cause": "NORMAL_CLEARING"},
            **{"outcome": "answered", "ended_by": "caller", "received": 1100.0},
        )
        calllog.settle((), 2000.0)
    (record,) = stored(database)
    assert (record.outcome, record.ended_by) == (Outcome.ANSWERED if before else Outcome.ABANDONED, EndedBy.CALLER)
    assert record.parts == (*waits.parts[:2], replace(waits.parts[2], ended=1100.0, outcome=Outcome.ABANDONED))
    first, second = record.visits
    assert first == waits.visits[0]
    assert second.outcome is Outcome.ABANDONED
    assert second.offers == (waits.visits[1].offers[0], Offer("100101", 1036.0, 1100.0, Outcome.CANCELLED))


def test_call_that_goes_on_after_its_queue_is_not_answered_by_the_queue(database: Database, waits: Record) -> None:
    first, second = waits.visits
    over = replace(waits.parts[2], ended=1050.0, outcome=Outcome.OVERFLOWED)
    rings = Part("21", "Anna", "100101", 1050.0)
    visits = (first, replace(second, outcome=Outcome.OVERFLOWED, why="max-wait", offers=second.offers[:1]))
    with database.writing():
        calllog.store([replace(waits, parts=(*waits.parts[:2], over, rings), visits=visits)])
        calllog.settle((), 2000.0)
    (record,) = stored(database)
    assert record.visits == visits
    assert (record.outcome, record.parts[3].outcome, record.ended) == (Outcome.FAILED, Outcome.FAILED, 2000.0)
