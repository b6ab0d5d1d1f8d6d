"""Calls over trunks and to ring plans on the simulator, against what a real switch told of the same (`record_trunks.py`)."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from app.core.commands import SwitchCommand
from freeswitch.orders import to_requests
from freeswitch.simulator.gateways import Gateway
from freeswitch.simulator.phones import Phone
from freeswitch.wire import encode
from tests.freeswitch.record_trunks import FOLDER
from tests.freeswitch.simulated import DOMAIN, Stage
from tests.freeswitch.trunk_stories import GATEWAY, OLGA, STORIES, Event, by_leg

LOGINS = frozenset({"100101", "100102", "100103", "100104"})
LONGEST = 60  # seconds that anything in a story takes


class SimulatedScene:
    """Three phones and a telephone outside."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.phones: dict[str, Phone] = {"olga": stage.simulator.outside(OLGA)}
        for name, login in (("anna", "100101"), ("bartek", "100102"), ("celina", "100103")):
            self.phones[name] = stage.phone(login)

    def anna_dials(self, number: str) -> str:
        return self.stage.call(self.phones["anna"], number)

    def olga_dials(self, number: str) -> str:
        return self.stage.call(self.phones["olga"], number)

    def order(self, command: SwitchCommand) -> None:
        for request in to_requests(command, DOMAIN):
            self.stage.controller.send(encode(request).decode().rstrip("\n"))
            assert "+OK" in self.stage.controller.reply().headers.get("Reply-Text", "+OK")
        self.stage.settle()

    def answer(self, who: str) -> None:
        self.phones[who].answer()
        self.stage.settle()

    def refuse(self, who: str, status: int) -> None:
        leg = self.phones[who].leg
        assert leg is not None
        leg.refused(status)
        self.stage.settle()

    def hang_up(self, who: str) -> None:
        self.phones[who].hang_up()
        self.stage.settle()

    def press(self, key: str) -> None:
        self.phones["olga"].press(key)
        self.stage.settle()

    def wait(self, name: str, leg: str = "") -> Event:
        for _ in range(LONGEST):
            told = self.stage.controller.named(name, leg=leg)
            if told and not (name == "CHANNEL_PARK" and leg and told[-1].get("variable_pbx_step") is None):
                return told[-1]
            self.stage.advance(1)
        raise AssertionError(f"never came: {name}")


@pytest.fixture
def stage() -> Iterator[Stage]:
    trunks = (Gateway(GATEWAY, "127.0.0.1:5099"),)
    with Stage(
        directory=LOGINS.__contains__, trunks=lambda: trunks, account_variables=lambda login: {"pbx_login": login}
    ) as stage:
        stage.settle()
        yield stage


def recorded(story: str) -> list[list[dict[str, Any]]]:
    legs: list[list[dict[str, Any]]] = json.loads((FOLDER / f"{story}.json").read_text(encoding="utf-8"))
    return legs


@pytest.mark.parametrize("story", STORIES)
def test_each_leg_tells_what_it_told_on_a_real_switch(stage, story):
    STORIES[story](SimulatedScene(stage))
    assert by_leg(stage.controller.events) == recorded(story)
