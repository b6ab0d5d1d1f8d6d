"""Health: whether the controller and the switches are there."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from app.store import Database
from app.store.models import Heartbeat, SwitchState
from app.store.presence import CONTROLLER

ALIVE_SECONDS = 5.0


@dataclass(frozen=True)
class SwitchHealth:
    """One switch as the controller last saw it. ``detail`` is for the operator."""

    name: str
    connected: bool
    since: float
    detail: str


@dataclass(frozen=True)
class HealthNow:
    """Everything at this moment. What a dead controller last said of the switches says little: look at it first."""

    switches: Sequence[SwitchHealth]
    controller_alive: bool
    controller_seen: float | None

    @property
    def good(self) -> bool:
        """Whether calls are led now."""
        return self.controller_alive and bool(self.switches) and all(switch.connected for switch in self.switches)


class Health:
    """For the operator's page, and one line of it for everybody."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def now(self) -> HealthNow:
        """What the controller wrote down last, and how long ago."""
        with self._database.reading():
            switches = [
                SwitchHealth(row.name, row.connected, row.since, row.detail)
                for row in SwitchState.select().order_by(SwitchState.name)
            ]
            beat = Heartbeat.get_or_none(Heartbeat.name == CONTROLLER)
        alive = beat is not None and time.time() - beat.at < ALIVE_SECONDS
        return HealthNow(switches, alive, beat.at if beat else None)
