"""A FreeSWITCH of our own: started on conf/ in the foreground, watched, and stopped politely."""

import errno
import re
import socket
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

from app.config import Settings
from freeswitch.console import NoAnswerError, ask
from freeswitch.installation import Installation, LaunchError, find_installation
from freeswitch.run_folder import RunFolder, prepare

_PROFILES = ("phones", "trunks")
_TROUBLE = re.compile(r"\[(?:CRIT|ERR)\] \S+ (?P<text>.+)")


class PrivateSwitch:
    """One FreeSWITCH process that belongs to us, from ``start`` to ``stop``. Settings name its ports and its folder."""

    def __init__(self, settings: Settings, installation: Installation | None = None) -> None:
        self._settings = settings
        self._installation = installation
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: RunFolder | None = None

    def start(self) -> RunFolder:
        """Start the process, which is not ready yet; says where it runs. Raises LaunchError."""
        installation = self._installation or find_installation()
        self._folder = folder = prepare(self._settings)
        _refuse_taken_ports(self._settings)
        command = [str(installation.program), "-nf", "-nc", "-nonat", "-mod", str(installation.modules)]
        with folder.console.open("wb") as console:
            # Our own binary with our own arguments; a session of its own, so that Ctrl-C reaches it only through us.
            self._process = subprocess.Popen(  # noqa: S603
                [*command, *folder.arguments],
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=console,
                start_new_session=True,
            )
        return folder

    def wait_ready(self, seconds: float = 30.0) -> None:
        """Return when phones can register. Raises LaunchError when that does not happen in time, with FreeSWITCH's reason."""
        deadline = time.monotonic() + seconds
        while not (self._answers() and self._folder and self._folder.contacts_are_guarded()):
            if self.exit_code() is not None:
                raise LaunchError(f"FreeSWITCH ended while starting: {self._reason()}")
            if time.monotonic() > deadline:
                self.stop()
                raise LaunchError(f"FreeSWITCH was not ready after {seconds:.0f} s: {self._reason()}")
            time.sleep(0.1)

    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.poll() if self._process else None

    def wait(self, seconds: float) -> int | None:
        """Wait until it ends by itself, at most ``seconds``; its exit code, or None while it still runs."""
        if self._process is None:
            return None
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def stop(self, seconds: float = 10.0) -> None:
        """Hang up every call and end (SIGTERM, switch.c); only when that takes longer than ``seconds``, kill."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        if self.wait(seconds) is None:
            self._process.kill()
            self._process.wait()

    def _answers(self) -> bool:
        try:
            status = ask(self._settings.switches[0], "sofia status", seconds=2.0)
        except NoAnswerError:
            return False
        running = {line.split()[0] for line in status.splitlines() if "RUNNING" in line}
        return running.issuperset(_PROFILES)

    def _reason(self) -> str:
        """The last complaint in FreeSWITCH's log or on its console, on one line."""
        if self._folder is None:
            return "not started"
        log = _text(self._folder.log)
        complaints = [match["text"].strip() for match in _TROUBLE.finditer(log)] or _text(self._folder.console).splitlines()
        return f"{complaints[-1] if complaints else 'it gave no reason'} (log: {self._folder.log})"


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def _refuse_taken_ports(settings: Settings) -> None:
    switch = settings.switches[0]
    _refuse_taken(
        "FREESWITCH_URL" if not settings.own_switch else "EVENT_SOCKET_PORT", switch.host, switch.port, (socket.SOCK_STREAM,)
    )
    both = (socket.SOCK_DGRAM, socket.SOCK_STREAM)
    _refuse_taken("SIP_PORT", settings.sip_ip, settings.sip_port, both)
    _refuse_taken("TRUNK_PORT", settings.sip_ip, settings.trunk_port, both)


def _refuse_taken(setting: str, host: str, port: int, kinds: Iterable[int]) -> None:
    for kind in kinds:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, kind) as probe:
            if kind == socket.SOCK_STREAM:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                if setting == "SIP_PORT" and error.errno == errno.EADDRNOTAVAIL:
                    raise LaunchError(f"SIP_IP: this machine has no address {host}") from None
                raise LaunchError(f"{setting}: cannot listen on {host}:{port}: {error.strerror}") from None
