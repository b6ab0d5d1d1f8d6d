"""The folder a private FreeSWITCH runs in: conf/ filled in from the environment, its database and its log."""

import base64
import contextlib
import fcntl
import os
import re
import shutil
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from app.config import Settings
from freeswitch.installation import CONF, LaunchError

SOUNDS = Path(__file__).with_name("sounds")

_NAME = re.compile(r"\$\$\{(\w+)\}")

# FreeSWITCH's own words (switch_log.c, LEVELS).
_LOG_LEVELS = {"debug": "debug", "info": "info", "warning": "warning", "error": "err"}


@dataclass(frozen=True)
class RunFolder:
    """Where FreeSWITCH reads its configuration and writes everything it writes."""

    path: Path

    @property
    def log(self) -> Path:
        """FreeSWITCH's own log."""
        return self.path / "log" / "freeswitch.log"

    @property
    def console(self) -> Path:
        """What FreeSWITCH prints before it has a log."""
        return self.path / "log" / "console.log"

    @property
    def undelivered(self) -> Path:
        """Ends of calls that nobody took (mod_json_cdr), one JSON file each."""
        return self.path / "undelivered"

    def contacts_are_guarded(self) -> bool:
        """Whether the table of registrations refuses addresses with tricks (conf/profiles/phones.xml); soon after the start."""
        try:
            with contextlib.closing(sqlite3.connect(f"file:{self.path}/db/sofia_reg_phones.db?mode=ro", uri=True)) as database:
                return bool(database.execute("SELECT 1 FROM sqlite_master WHERE name = 'own_address_only'").fetchall())
        except sqlite3.OperationalError:  # not there yet, or just being written
            return False

    @property
    def arguments(self) -> tuple[str, ...]:
        """The command line that makes FreeSWITCH use this folder and nothing outside it (switch.c, main)."""
        own = ("conf", "log", "run", "db", "temp", "storage", "cache", "recordings", "scripts", "grammar", "certs", "htdocs")
        folders = {name: self.path / name for name in own} | {"sounds": SOUNDS}
        return tuple(part for name, folder in folders.items() for part in (f"-{name}", str(folder)))


def prepare(settings: Settings) -> RunFolder:
    """Make the folder ready for a start; what an earlier run left is kept (registrations) or replaced (configuration).

    Raises LaunchError when the folder cannot be written, or another FreeSWITCH still runs in it.
    """
    folder = RunFolder((settings.var / "freeswitch").resolve())
    try:
        for name in ("log", "run", "db", "temp", "cache", "undelivered"):
            (folder.path / name).mkdir(parents=True, exist_ok=True)
        folder.path.chmod(0o700)  # the configuration holds passwords
        _refuse_if_running(folder.path / "run" / "freeswitch.pid")
        _write_configuration(folder.path / "conf", _values(settings, folder))
        if folder.log.exists():  # the last run's, which may tell why it ended; this run's complaints stand alone
            folder.log.replace(folder.log.with_suffix(".previous.log"))
    except OSError as error:
        raise LaunchError(f"VAR: cannot prepare {folder.path}: {error.strerror} ({error.filename})") from error
    return folder


def _write_configuration(target: Path, values: Mapping[str, str]) -> None:
    """conf/ with its $${names} filled in. FreeSWITCH could do that itself, but then each would be a variable that every channel
    sees, and a password among them would be one ${…} away from a phone's display [tried]."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(CONF, target)
    for path in target.rglob("*.xml"):
        text = path.read_text(encoding="utf-8")
        filled = _NAME.sub(lambda name: _quoted(values[name[1]]) if name[1] in values else name[0], text)
        path.write_text(filled, encoding="utf-8")


def _values(settings: Settings, folder: RunFolder) -> dict[str, str]:
    """What conf/ calls $${name}."""
    switch = settings.switches[0]
    credentials = f"switch:{settings.lookup_secret}"
    return {
        "sip_domain": settings.sip_domain,
        "sip_ip": settings.sip_ip,
        "sip_port": str(settings.sip_port),
        "trunk_port": str(settings.trunk_port),
        "rtp_first": str(settings.rtp_ports[0]),
        "rtp_last": str(settings.rtp_ports[1]),
        "event_socket_host": switch.host,
        "event_socket_port": str(switch.port),
        "event_socket_password": switch.password,
        "panel_url": settings.panel_url,
        "lookup_credentials": credentials,
        "lookup_basic": base64.b64encode(credentials.encode()).decode(),
        "log_level": _LOG_LEVELS[settings.log_level],
        "undelivered_dir": str(folder.undelivered),
        "cache_dir": str(folder.path / "cache"),
    }


def _quoted(value: str) -> str:
    """Text as an XML attribute that FreeSWITCH's line-by-line reading leaves alone: a dollar would start a variable there."""
    return escape(value, {'"': "&quot;", "'": "&apos;", "$": "&#36;"})


def _refuse_if_running(pid_file: Path) -> None:
    """FreeSWITCH locks its pid file as long as it lives (switch.c, main), so a leftover file of a crash is no obstacle."""
    try:
        descriptor = os.open(pid_file, os.O_RDWR)
    except FileNotFoundError:
        return
    with os.fdopen(descriptor) as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LaunchError(
                f"another FreeSWITCH (process {file.read().strip()}) still runs in {pid_file.parent.parent}"
            ) from None
