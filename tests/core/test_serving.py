"""How the switch shall serve the queues, as the directory says it."""

from dataclasses import replace

from app.core import serving
from app.core.actions import Outside
from app.core.commands import Line, OnDuty
from app.core.directory import Limits
from app.core.outcome import Limit
from app.core.queues import Agent, Pause, PauseReason, Strategy
from tests.core.company import AGENTS, BOSS, CELINA, DAREK, EWA, MAIN, company, queue
from tests.core.stories import renamed

SEVEN = Line(7, 1, Strategy.ALL, 20, 5, 10, 300, (CELINA, DAREK, BOSS))
EIGHT = Line(8, 1, Strategy.ALL, 20, 5, 10, 300, (EWA,))


def office(**changes):
    directory = company()
    return renamed(directory, queues={**directory.tenants[1].queues, "serwis": queue(**changes)})


def agents_of_seven(directory, at=100.0):
    return serving.service(directory, at)[0][0].agents


def test_every_queue_is_served_by_those_on_duty():
    lines, agents = serving.service(company(), 100.0)
    assert lines == (SEVEN, EIGHT)
    assert [agent.key for agent in agents] == [CELINA, DAREK, BOSS, EWA]


def test_agent_outside_is_asked_to_press_one_on_every_trunk():
    ways = tuple(Outside(BOSS, trunk, MAIN, diverted=True, confirm="pl", longest=7200) for trunk in ("trunk-1", "trunk-2"))
    assert OnDuty(1, BOSS, ways) in serving.service(company(), 100.0)[1]


def test_agent_of_two_queues_is_one_agent():
    _, agents = serving.service(office(agents=(Agent(EWA),)), 100.0)
    assert agents == (OnDuty(1, EWA),)


def test_who_is_signed_out_or_paused_is_not_rung():
    paused = Agent(DAREK, pause=Pause(PauseReason.MISSED, 90.0, until=200.0))
    directory = office(agents=(Agent(CELINA, signed_in=False), paused, Agent(EWA)))
    assert agents_of_seven(directory) == (EWA,)
    assert agents_of_seven(directory, 200.0) == (DAREK, EWA)
    assert list(serving.ends_of_pauses(directory)) == [200.0]


def test_tenant_that_may_call_nobody_outside_has_no_agents_there():
    inside = (CELINA, DAREK)
    assert agents_of_seven(replace(company(), exhausted={1: Limit.MINUTES})) == inside
    assert agents_of_seven(company(limits=Limits(countries=frozenset()))) == inside
    assert agents_of_seven(replace(company(), trunks=())) == inside


def test_account_that_is_gone_is_no_agent():
    assert agents_of_seven(office(agents=(*AGENTS, Agent("999"), Agent("201")))) == (CELINA, DAREK, BOSS)


def test_agents_are_known_whether_on_duty_or_not():
    assert serving.agents(office(agents=(Agent(DAREK, signed_in=False),))) == {DAREK, EWA}
    assert [tenant.id for tenant in serving.calling_outside(company())] == [1]
    assert serving.calling_outside(office(agents=(Agent(EWA),))) == ()
