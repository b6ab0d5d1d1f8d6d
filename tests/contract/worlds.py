"""The two worlds a story can happen in: a real FreeSWITCH with real phones, and the simulator with its virtual ones."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest

from app.config import Settings
from tests.contract import programs
from tests.contract.ears import LOOK_AGAIN, NotHeardError
from tests.contract.people import Device
from tests.contract.phone import Line, Phone, Place
from tests.contract.wires import ProgramWire, SocketWire
from tests.freeswitch.sip_operator import Operator
from tests.freeswitch.sip_text import Message

FREESWITCH = pytest.param("freeswitch", marks=pytest.mark.contract)
BOTH = ["simulator", FREESWITCH]
on_freeswitch = pytest.mark.parametrize("pbx", [FREESWITCH], indirect=True)
"""For a story that the simulator cannot tell."""


class World(Protocol):
    """What plays the switch, and what plays the phones."""

    @property
    def missing(self) -> str | None:
        """What this machine lacks for it, as a person reads it."""
        ...

    def switch(self, settings: Settings) -> list[str]:
        """The module that is the switch, with its arguments."""
        ...

    def phone(self, line: Line, place: Place, program: Sequence[str] | None) -> Device:
        """A phone that is ready; ``program`` asks for a certain maker where there are several."""
        ...

    def telephone(self, line: Line, place: Place) -> Device:
        """A telephone outside that is ready, at the operator whose address is the place's port."""
        ...

    def dispatcher(self, telephone: Device, line: Line, place: Place) -> Device:
        """Who answers at 112: ``telephone``, where that gets every call of the first operator's; else one of its own."""
        ...

    def reserve(self, settings: Settings, telephone: Device) -> "Reserve":
        """A second operator; ``telephone`` is one of the first's."""
        ...


class Reserve(Protocol):
    """An operator that refuses every call while its ``behaviour`` is 503. ``taken`` are the INVITEs it got."""

    behaviour: str | int

    @property
    def proxy(self) -> str: ...

    @property
    def taken(self) -> Sequence[Message]: ...

    def close(self) -> None: ...


class RealWorld:
    """FreeSWITCH, PJSIP or baresip, and sound."""

    missing = programs.why_no_freeswitch()

    def switch(self, settings: Settings) -> list[str]:
        return ["freeswitch"]

    def phone(self, line: Line, place: Place, program: Sequence[str] | None) -> Device:
        chosen = program or programs.any_phone()
        assert chosen is not None, self.missing
        phone = Phone(ProgramWire(chosen, place.folder, place.name), line, place)
        phone.is_ready()
        return phone

    def telephone(self, line: Line, place: Place) -> Device:
        program = programs.pjsip()
        if program is None:
            pytest.skip("no pjsua2: a telephone outside must tell what was sent to it")
        return self.phone(line, place, program)

    def dispatcher(self, telephone: Device, line: Line, place: Place) -> Device:
        return telephone

    def reserve(self, settings: Settings, telephone: Device) -> "Operator":
        return Operator(("127.0.0.1", settings.trunk_port), "127.0.0.2")


class SimulatedWorld:
    """The simulator, in a process of its own as FreeSWITCH is."""

    missing = None

    def __init__(self, phones_port: int) -> None:
        self._phones_port = phones_port

    def switch(self, settings: Settings) -> list[str]:
        address = settings.switches[0]
        setup = {
            "port": address.port,
            "password": address.password,
            "domain": settings.sip_domain,
            "panel": settings.panel_url,
            "secret": settings.lookup_secret,
            "phones": self._phones_port,
        }
        return ["tests.contract.simulated_switch", json.dumps(setup)]

    def phone(self, line: Line, place: Place, program: Sequence[str] | None) -> Device:
        phone = SimulatedPhone(SocketWire("127.0.0.1", self._phones_port), line, place)
        phone.is_ready()
        return phone

    def telephone(self, line: Line, place: Place) -> Device:
        return self.phone(line, place, None)

    def dispatcher(self, telephone: Device, line: Line, place: Place) -> Device:
        return self.phone(line, place, None)

    def reserve(self, settings: Settings, telephone: Device) -> "SimulatedReserve":
        return SimulatedReserve(telephone)


class SimulatedReserve:
    """A way out that is closed while it refuses: nobody can look at what comes to it."""

    proxy = "127.0.0.2:5099"
    taken: Sequence[Message] = ()

    def __init__(self, telephone: Device) -> None:
        self._telephone = telephone
        self._behaviour: str | int = "ring"

    @property
    def behaviour(self) -> str | int:
        return self._behaviour

    @behaviour.setter
    def behaviour(self, behaviour: str | int) -> None:
        self._behaviour = behaviour
        self._telephone.order("trunk", proxy=self.proxy, works=behaviour != 503)

    def close(self) -> None:
        """It takes calls again, from whoever comes next."""
        self.behaviour = "ring"


class SimulatedPhone(Phone):
    """A virtual phone, led like a real one. It records nothing; it knows what it hears."""

    def listen_anew(self, call: str) -> None:
        self.order("forget", call=call)

    def ear(self, call: str) -> "SimulatedEar":
        return SimulatedEar(lambda: self.order("heard", call=call), f"{self.name}, call {call}")


@dataclass
class SimulatedEar:
    """Satisfies `tests.contract.people.Hearing` by asking the simulator. A voice is there or not: ``lasting`` need not pass."""

    ask: Callable[[], dict[str, Any]]
    name: str

    def hears_tone(self, frequency: float, lasting: float = 0.3, within: float = 5.0) -> None:
        self._wait(lambda heard: heard["voice"] == frequency, within, f"{frequency} Hz")

    def never_hears_tone(self, frequency: float, lasting: float = 0.2) -> None:
        heard = self.ask()
        if frequency in heard["voices"]:
            raise NotHeardError(f"{self.name}: {frequency} Hz was heard and should not: {heard}")

    def hears_nothing(self, lasting: float = 0.5, within: float = 5.0) -> None:
        self._wait(lambda heard: heard["voice"] == 0 and not heard["sound"], within, "silence")

    def hears_prompt(self, prompt: Path, enough: float = 1.0, within: float = 10.0) -> None:
        file = f"{prompt.parent.name}/{prompt.name}"
        self._wait(lambda heard: any(prompt.endswith(file) for prompt in heard["prompts"]), within, file)

    def hears_music(self, music: Path, within: float = 5.0) -> None:
        self._wait(lambda heard: heard["sound"] in ("music", f"prompt:{music.name}"), within, "music")

    def hears_dial_tone(self, within: float = 5.0) -> None:
        self._wait(lambda heard: heard["sound"] == "tone", within, "dial tone")

    def hears_ringing_tone(self, within: float = 8.0) -> None:
        self._wait(lambda heard: heard["sound"] == "ringback", within, "ringing tone")

    def _wait(self, true: Callable[[dict[str, Any]], bool], within: float, what: str) -> None:
        deadline = time.monotonic() + within
        while not true(heard := self.ask()):
            if time.monotonic() > deadline:
                raise NotHeardError(f"{self.name}: no {what} within {within} s but {heard}")
            time.sleep(LOOK_AGAIN)
