"""Agents' duty, written down for the controller."""

import logging
from collections.abc import Callable, Iterator

import pytest

from app.core.commands import Attend
from app.core.queues import Agent, Duty, Pause, PauseReason
from app.store import Database, models, snapshot
from app.store.roster import Roster
from tests.store.fickle import FickleDatabase

OUTSIDE = "+48600100200"


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
