"""The simulator as one piece: a switch, its event socket, its phones."""

from collections.abc import Mapping
from typing import Any

from freeswitch.simulator.clock import Clock, Timer, WallClock
from freeswitch.simulator.commands import VERSION, Commands
from freeswitch.simulator.dialplan import Dialplan
from freeswitch.simulator.panel import Forget
from freeswitch.simulator.phones import Phone
from freeswitch.simulator.server import EventSocket
from freeswitch.simulator.steps import Step
from freeswitch.simulator.switch import FRAME, HEARTBEAT, PARK_ONLY, Ended, Knows, Switch


def _anybody(_login: str) -> bool:
    return True


def _nothing(_login: str | None) -> int:
    return 0


def _untold(_variables: Mapping[str, Any]) -> None:
    return None


class Simulator:
    """Listens on ``host``:``port`` (0: any free port) for ``password``.

    ``directory`` says whether a login is an account (default: every one is); ``forget`` is what ``xml_flush_cache`` does;
    ``ended`` gets the variables of every caller's leg that ended. With ``frame=0`` orders are obeyed at once instead of
    on the next 20 ms frame, which is what stories on a hand-driven clock want. ``dialplan`` is what a new call runs,
    ``extensions`` what ``execute_extension`` finds, ``variables`` what every channel has unless it has its own (default: the
    real switch's configuration).
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
        ended: Ended = _untold,
        frame: float = FRAME,
        dialplan: tuple[Step, ...] = PARK_ONLY,
        extensions: Dialplan | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        self.clock = clock or WallClock()
        self.switch = Switch(domain, self.clock, directory, ended, frame, dialplan, extensions, variables)
        self._socket = EventSocket(host, port, password, self.switch, Commands(self.switch, forget))
        self._heartbeat: Timer | None = None

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._socket.port

    def start(self) -> None:
        """Begin to listen. Raises OSError when the port is taken."""
        self._socket.start()
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
