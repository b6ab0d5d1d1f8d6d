"""A queue on a real switch, and the people around it."""

import io
import json
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.core.actions import Answer, Enqueue
from app.core.commands import Line, OnDuty, ServeQueues
from app.core.events import AgentAnswered, LegsJoined
from app.core.queues import Strategy
from tests.freeswitch.event_tap import EventTap
from tests.freeswitch.leading import Hand, heard_or_none
from tests.freeswitch.real_switch import RealSwitch
from tests.freeswitch.sip_phone import Dialog, SipPhone
from tests.freeswitch.upkeep import Upkeep

SERVICE = Line(7, 1, Strategy.IN_ORDER, ring=5, retry=1, wrap_up=0, max_wait=None, agents=("100102", "100103"))
BOTH = (OnDuty(1, "100102"), OnDuty(1, "100103"))
WANTED = ServeQueues((SERVICE,), BOTH)
WAIT = Enqueue(7, "+48600100200", "Serwis 600100200", "pl")


class Floor:
    """A queue and the people around it."""

    def __init__(self, switch: RealSwitch, upkeep: Upkeep, tap: EventTap) -> None:
        self.switch, self.upkeep, self.tap = switch, upkeep, tap
        self.hand = Hand(tap)
        self.anna, self.bartek, self.celina = (switch.registered(login) for login in ("100101", "100102", "100103"))

    def serve(self, wanted: ServeQueues = WANTED) -> None:
        """The queues are so."""
        self.upkeep.serve(wanted)
        until(lambda: len(rows(self.switch, "queue")) == len(wanted.lines))
        until(lambda: len(rows(self.switch, "tier")) == sum(len(line.agents) for line in wanted.lines))

    def enters(self, wait: Enqueue = WAIT) -> tuple[Dialog, str, int]:
        """Anna waits: her call, its leg, the number of its script."""
        dialog, leg = self.hand.dials(self.anna)
        return dialog, leg, self.hand.lead(leg, Answer(), wait)

    def joined(self, leg: str, seconds: float = 5.0) -> LegsJoined:
        event = self.hand.hears(lambda event: isinstance(event, LegsJoined) and event.leg == leg, "joined", seconds)
        assert isinstance(event, LegsJoined)
        return event

    def answered(self, seconds: float) -> list[AgentAnswered]:
        """Who has answered, once somebody has."""
        until(lambda: bool(self.events(AgentAnswered)), seconds)
        return self.events(AgentAnswered)

    def told(self, leg: str) -> list[str]:
        """The prompts that have begun to be played to a leg."""
        started = [
            told for told in tuple(self.tap.events) if told["Event-Name"] == "PLAYBACK_START" and told["Unique-ID"] == leg
        ]
        return [path.name for path in (Path(told["Playback-File-Path"]) for told in started) if path.parent.name == "pl"]

    def events(self, *kinds: type) -> list[Any]:
        """What the product has heard of these kinds, in order."""
        heard = (heard_or_none(told) for told in tuple(self.tap.events))
        return [event for event in heard if isinstance(event, kinds)]


@contextmanager
def staffed(machine: RealSwitch, upkeep: Upkeep) -> Iterator[Floor]:
    """The floor; afterwards there are no calls, no queues and no agents."""
    with machine.watched() as tap:
        yield Floor(machine, upkeep, tap)
    machine.send_everybody_home()
    # an attempt that is still ending would be heard by whoever comes next
    until(lambda: not any(row["state"] == "Receiving" for row in rows(machine, "agent")))
    upkeep.serve(ServeQueues((), ()))
    until(lambda: not rows(machine, "tier") and at_rest(machine))
    for row in rows(machine, "agent"):
        machine.ask(f"callcenter_config agent del {row['name']}")


def rows(switch: RealSwitch, what: str) -> list[dict[str, str]]:
    asked = json.dumps({"command": "callcenter_config", "data": {"arguments": f"{what} list"}})
    listed: list[dict[str, str]] = json.loads(switch.ask(f"json {asked}"))["response"]
    return listed


def at_rest(switch: RealSwitch) -> bool:
    return all(row["state"] == "Waiting" for row in rows(switch, "agent"))


def until(true: Callable[[], bool], seconds: float = 5.0) -> float:
    """The seconds it took."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds
        time.sleep(0.02)
    return time.monotonic() - began


def shown(phone: SipPhone) -> str:
    assert phone.ringing is not None
    assert phone.ringing.invite is not None
    return phone.ringing.invite.headers["from"].partition(";tag")[0]


def invites(phone: SipPhone) -> int:
    return sum(message.method == "INVITE" for message in phone.seen)


def silence(seconds: float) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(bytes(int(seconds * 16000)))
    return file.getvalue()
