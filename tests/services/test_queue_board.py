"""The queues at this moment: agents' duty, changed by a person and seen by others, and who waits."""

import time

import pytest

from app.core.commands import Attend
from app.core.destinations import ToExternal, ToQueue
from app.core.outcome import Outcome
from app.core.queues import Agent, Duty, Pause, PauseReason
from app.core.record import Offer, Part, Record, Visit
from app.services.phones import PhoneStatus
from app.services.queue_board import Caller
from app.services.queue_settings import QueueSettings
from app.store import calllog, roster, snapshot
from app.store.models import Registration

OUTSIDE = "+48600100200"


@pytest.fixture
def service(pbx, ola, acme, anna, bartek):
    return pbx.queues.create(ola, acme.id, QueueSettings("Serwis", agents=(anna.phone, bartek.phone, ToExternal(OUTSIDE))))


@pytest.fixture
def attend(pbx, ola, acme, service):
    return lambda agent, duty, **more: pbx.queues.attend(ola, acme.id, service.id, agent, duty, **more)


@pytest.fixture
def agents(database, acme, service):
    """The agents as the controller knows them, by key."""
    return lambda: {agent.key: agent for agent in snapshot.read(database).tenants[acme.id].queues["Serwis"].agents}


@pytest.fixture
def board(pbx, acme, service):
    """The one queue as it is now."""
    return lambda: pbx.queue_board.now(acme.id)[0]


def test_agent_is_signed_out_and_in_by_a_person(attend, agents, anna, changes):
    attend(anna.login, Duty.SIGN_OUT)
    assert agents()[anna.login] == Agent(anna.login, signed_in=False)
    attend(anna.login, Duty.SIGN_IN)
    assert agents()[anna.login] == Agent(anna.login)
    assert changes()[-2:] == [
        ("Ola", "agent-signed-out", f"Serwis: {anna.login} Anna Żółć"),
        ("Ola", "agent-signed-in", f"Serwis: {anna.login} Anna Żółć"),
    ]


def test_pause_lasts_as_long_as_somebody_says(attend, agents, changes):
    before = time.time()
    attend(OUTSIDE, Duty.PAUSE, minutes=15)
    pause = agents()[OUTSIDE].pause
    assert pause.reason is PauseReason.OWN
    assert before <= pause.since <= time.time()
    assert pause.until == pause.since + 900
    attend(OUTSIDE, Duty.PAUSE)
    assert agents()[OUTSIDE].pause.until is None
    attend(OUTSIDE, Duty.RESUME)
    assert agents()[OUTSIDE] == Agent(number=OUTSIDE)
    assert [what for _, what, _ in changes()[-3:]] == ["agent-paused", "agent-paused", "agent-resumed"]
    assert changes()[-1][2] == "Serwis: 600 100 200"


@pytest.mark.parametrize("minutes", [0, -1, 1441])
def test_pause_has_a_length_that_makes_sense(attend, agents, anna, refused, minutes):
    with refused(("pause-range", "minutes")):
        attend(anna.login, Duty.PAUSE, minutes=minutes)
    assert agents()[anna.login].pause is None


def test_what_is_so_already_is_no_change(attend, anna, changes):
    before = changes()
    attend(anna.login, Duty.SIGN_IN)
    attend(anna.login, Duty.RESUME)
    assert changes() == before


def test_somebody_who_is_no_agent_there_is_not_found(attend, pbx, ola, acme, service, zofia, refused):
    for stranger in (zofia.login, "", "+48600100201"):
        with refused("not-found"):
            attend(stranger, Duty.SIGN_IN)
    with refused("not-found"):
        pbx.queues.attend(ola, acme.id, service.id + 1, OUTSIDE, Duty.SIGN_IN)


def test_change_of_the_queue_leaves_agents_duty_alone(attend, pbx, ola, acme, service, agents, anna, bartek):
    attend(anna.login, Duty.SIGN_OUT)
    attend(OUTSIDE, Duty.PAUSE)
    pause = agents()[OUTSIDE].pause
    turned = QueueSettings("Serwis", agents=(ToExternal(OUTSIDE), anna.phone), ring=10)
    pbx.queues.change(ola, acme.id, service.id, turned)
    assert list(agents().values()) == [Agent(number=OUTSIDE, pause=pause), Agent(anna.login, signed_in=False)]
    pbx.queues.change(ola, acme.id, service.id, QueueSettings("Serwis", agents=(bartek.phone,)))
    pbx.queues.change(ola, acme.id, service.id, turned)
    assert list(agents().values()) == [Agent(number=OUTSIDE), Agent(anna.login)], "who comes anew is signed in"


def test_board_shows_each_agents_duty_and_phone(attend, board, anna, bartek, database):
    now = time.time()
    with database.writing():
        Registration.create(login=anna.login, contact="x", device="", address="", since=now, expires=now + 60, switch="")
    attend(bartek.login, Duty.SIGN_OUT)
    attend(OUTSIDE, Duty.PAUSE)
    seen = [(a.key, a.name, a.number, a.signed_in, a.status, a.takes_calls) for a in board().agents]
    assert seen == [
        (anna.login, "Anna Żółć", "21", True, PhoneStatus.FREE, True),
        (bartek.login, "Bartek", "22", False, PhoneStatus.OFFLINE, False),
        (OUTSIDE, "", "600 100 200", True, None, False),
    ]


def test_pause_for_missed_calls_is_seen_until_it_ends(board, acme, service, anna, bartek, database):
    now = time.time()
    for login, until in ((anna.login, now + 60), (bartek.login, now - 1)):
        missed = Attend(acme.id, service.id, login, Duty.PAUSE, now - 100, PauseReason.MISSED, until)
        with database.writing():
            assert roster.attend(missed)
    assert [agent.pause for agent in board().agents] == [Pause(PauseReason.MISSED, now - 100, now + 60), None, None]


def test_callers_wait_in_their_order_and_ring_at_whom_they_ring(pbx, ola, acme, board, service, anna, database):
    pbx.numbers.create(ola, acme.id, "201", "Serwis", ToQueue("Serwis"))

    def call(name, at, *visits, ended=None):
        parts = tuple(Part("201", "Serwis", "", at) for _ in visits)
        return Record(name, acme.id, OUTSIDE, "Ewa", "", "x", at, ended=ended, parts=parts, visits=visits)

    rung = Visit(service.id, "Serwis", 0, offers=(Offer("gone", 1.0, 2.0, Outcome.NO_ANSWER), Offer(anna.login, 3.0)))
    asked = call("b", 5.0, Visit(service.id, "Serwis", 0, Outcome.CALL_BACK), ended=30.0)
    stands_in = call("b-back", 30.0, Visit(service.id, "Serwis", 0))
    talks = call("d", 1.0, Visit(service.id, "Serwis", 0, Outcome.ANSWERED))
    elsewhere = call("e", 1.0, Visit(service.id + 1, "Inna", 0))
    first, last = call("a", 4.0, rung), call("c", 29.0, Visit(service.id, "Serwis", 0))
    with database.writing():
        calllog.store([last, asked, stands_in, first, talks, elsewhere])
    queue = board()
    assert queue.number == "201"
    assert queue.waiting == (
        Caller("a", OUTSIDE, "Ewa", 4.0, (anna.login,)),
        Caller("b-back", OUTSIDE, "Ewa", 5.0, called_back=True),
        Caller("c", OUTSIDE, "Ewa", 29.0),
    )
    assert [agent.rung for agent in queue.agents] == [True, False, False]
    assert pbx.queues.consequences(acme.id, service.id) == {"waiting": 3, "visits": 5}


def test_another_tenants_callers_are_not_seen(pbx, zenit, acme, board, service, database):
    stray = Record("x", zenit.id, "1", "", "", "x", 1.0, parts=(Part("", "", "", 1.0),), visits=(Visit(service.id, "S", 0),))
    with database.writing():
        calllog.store([stray])
    assert board().waiting == ()
    assert pbx.queue_board.now(zenit.id) == []
    assert pbx.queues.consequences(acme.id, service.id) == {"waiting": 0, "visits": 0}
