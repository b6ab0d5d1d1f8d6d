"""The simulator as one piece: a switch, its event socket, its phones."""

from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

from freeswitch.simulator.callcenter import FILE
from freeswitch.simulator.clock import Clock, Timer, WallClock
from freeswitch.simulator.commands import VERSION, Commands
from freeswitch.simulator.dialplan import Dialplan
from freeswitch.simulator.gateways import Ask, DirectoryError
from freeswitch.simulator.panel import Forget, Mark, Wanted
from freeswitch.simulator.phones import Phone
from freeswitch.simulator.phrases import Phrases
from freeswitch.simulator.recordings import Recordings
from freeswitch.simulator.server import EventSocket
from freeswitch.simulator.steps import Step
from freeswitch.simulator.switch import FRAME, HEARTBEAT, Ended, Knows, Switch, Variables, no_variables


def _anybody(_login: str) -> bool:
    return True


def _nothing(_login: str | None) -> int:
    return 0


def _unmarked(_login: str) -> str:
    return ""


def _unknown() -> str:
    raise DirectoryError("this simulator has no panel")


def _untold(_variables: Mapping[str, Any]) -> None:
    return None


class Simulator:
    """Listens on ``host``:``port`` (0: any free port) for ``password``.

    ``directory`` says whether a login is an account (default: every one is); ``forget`` is what ``xml_flush_cache`` does;
    ``mark`` and ``accounts`` say which version of an account is remembered, and of which there should be one;
    ``ended`` gets the variables of every caller's leg that ended; ``trunks`` says which gateways there are;
    ``account_variables``, what an account puts on its calls; ``recordings`` has what is played over HTTP. With ``frame=0``
    orders are obeyed at once instead of on the next 20 ms frame, which is what stories on a hand-driven clock want.
    ``extensions`` is the dialplan, ``variables`` what every channel has unless it has its own (default: the real switch's
    configuration); ``dialplan``, what every new call runs in place of the dialplan. ``phrases`` are what may be said;
    ``queues`` is mod_callcenter's configuration, and ``chance`` decides whom its strategy ``random`` rings.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        password: str = "ClueCon",  # noqa: S107 - FreeSWITCH's own default
        domain: str = "127.0.0.1",
        clock: Clock | None = None,
        directory: Knows = _anybody,
        forget: Forget = _nothing,
        mark: Mark = _unmarked,
        accounts: Wanted = _unknown,
        ended: Ended = _untold,
        frame: float = FRAME,
        dialplan: tuple[Step, ...] = (),
        extensions: Dialplan | None = None,
        trunks: Ask = tuple,
        account_variables: Variables = no_variables,
        recordings: Recordings | None = None,
        variables: Mapping[str, str] | None = None,
        phrases: Phrases | None = None,
        queues: Path = FILE,
        chance: Random | None = None,
    ) -> None:
        self.clock = clock or WallClock()
        self.switch = Switch(
            *(domain, self.clock, directory, ended, frame, dialplan, extensions),
            *(trunks, account_variables, recordings, variables, phrases, queues, chance),
        )
        self._socket = EventSocket(host, port, password, self.switch, Commands(self.switch, forget, mark, accounts))
        self._heartbeat: Timer | None = None

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._socket.port

    def start(self) -> None:
        """Begin to listen. Raises OSError when the port is taken."""
        self._socket.start()
        self.switch.spawn(self.switch.border.gateways.rescan)
        self.switch.spawn(self.switch.center.start)
        self._heartbeat = self.clock.after(HEARTBEAT, self._beat)

    def stop(self) -> None:
        """Cut everybody off and drop every call, as a crash of the switch would."""
        if self._heartbeat is not None:
            self._heartbeat.cancel()
        self._socket.stop()
        self.switch.kill()

    def phone(self, login: str, device: int = 1) -> Phone:
        """A virtual phone; the same one for the same login and device. It is not registered until it is told to."""
        return self.switch.registrar.phone(login, device)

    def outside(self, number: str) -> Phone:
        """The virtual telephone outside that has this number; it is switched on. Raises PhoneError for what is no number."""
        return self.switch.border.world.phone(number)

    def _beat(self) -> None:
        self._heartbeat = self.clock.after(HEARTBEAT, self._beat)
        up = int((self.clock.now() - self.switch.started) * 1000)
        self.switch.tell(
            "HEARTBEAT",
            {
                "Event-Info": "System Ready",
                "Up-Time": f"0 years, {up // 86_400_000} days, {up // 3_600_000 % 24} hours, {up // 60_000 % 60} minutes",
                "FreeSWITCH-Version": VERSION,
                "Uptime-msec": str(up),
                "Session-Count": str(len(self.switch.legs)),
                "Max-Sessions": "5000",
                "Session-Per-Sec": "1000",
                "Session-Since-Startup": str(self.switch.calls),
                "Idle-CPU": "100.000000",
            },
        )
