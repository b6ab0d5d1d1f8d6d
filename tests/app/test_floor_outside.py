"""Agents outside: no more of them are rung than their tenant may call, and each has his turn."""

from dataclasses import replace

import pytest

from app.core.outcome import Limit
from app.core.queues import Agent
from tests.app.hall import Hall, People
from tests.core.company import BOSS, CELINA
from tests.core.stories import renamed


def test_agents_outside_are_off_duty_while_their_tenant_may_not_call_them():
    hall = Hall()
    acme = hall.directory.tenants[1]
    hall.floor.take(replace(hall.directory, tenants={1: replace(acme, limits=replace(acme.limits, calls_at_once=1))}))
    assert BOSS in hall.floor.serve(100.0, hall.ledger).lines[0].agents
    outside = People(hall.floor, hall.directory).dials("anna", "600100200")
    hall.ledger.note(outside.call, hall.directory, 100.0)
    assert BOSS not in hall.floor.serve(100.0, hall.ledger).lines[0].agents


FRIENDS = tuple(f"+4860010030{digit}" for digit in range(5))


class Outside(Hall):
    """A floor whose queue Celina and five telephones outside answer, and a tenant that may call so many of them at once."""

    def __init__(self, most):
        super().__init__(agents=(Agent(CELINA), *(Agent(number=number) for number in FRIENDS)))
        acme = self.directory.tenants[1]
        self.directory = renamed(self.directory, limits=replace(acme.limits, calls_at_once=most))
        self.floor.take(self.directory)
        self.agents = ()

    def serve(self, *stories):
        """The telephones outside that may be rung after these calls have changed."""
        for story in stories:
            self.ledger.note(story.call, self.directory, 100.0)
        if served := self.floor.serve(100.0, self.ledger):
            self.agents = served.lines[0].agents
        assert self.agents[0] == CELINA
        return self.agents[1:]


@pytest.mark.parametrize(("most", "rung"), [(0, 0), (2, 2), (5, 5), (10, 5), (None, 5)])
def test_no_more_agents_outside_are_rung_at_once_than_the_limit_leaves(most, rung):
    assert Outside(most).serve() == FRIENDS[:rung]


def test_agents_outside_who_ring_take_lines_and_are_left_alone():
    hall = Outside(3)
    waits, client = hall.caller("a"), People(hall.floor, hall.directory).dials("anna", "600100200")
    assert hall.serve(waits, client) == FRIENDS[:2]
    waits.rings(*FRIENDS[:2])
    assert hall.serve(waits) == FRIENDS[:2]
    assert hall.ledger.exhausted(hall.directory.tenants[1], "another", 100.0) is Limit.AT_ONCE
    client.hangs_up("anna")
    assert hall.serve(client) == FRIENDS[:3]


def test_each_agent_outside_has_his_turn_where_not_all_may_ring():
    hall = Outside(2)
    waits = hall.caller("a").rings(*FRIENDS[:2])
    waits.misses(FRIENDS[0])
    assert hall.serve(waits) == (FRIENDS[1], FRIENDS[2])
    waits.misses(FRIENDS[1])
    assert hall.serve(waits) == FRIENDS[2:4]
    waits.rings(FRIENDS[3]).takes(FRIENDS[3], leg="friend").talk("a", "friend")
    assert hall.serve(waits) == FRIENDS[2:4], "who talks keeps his place, and his line"
    waits.hangs_up("a")
    assert hall.serve(waits) == (FRIENDS[2], FRIENDS[4])


def test_agent_outside_is_not_rung_while_he_is_on_another_call():
    hall = Outside(None)
    client = People(hall.floor, hall.directory).dials("anna", FRIENDS[0])
    assert hall.serve(client) == FRIENDS[1:]
    assert hall.serve(client.hangs_up("anna")) == FRIENDS
