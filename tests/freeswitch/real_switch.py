"""A real FreeSWITCH on our configuration, with the door it asks at, for the tests that want to see it with their own eyes."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.serving import WSGIRequestHandler, make_server

from app import config
from app.core.report import LegReport
from app.services.errors import NotFound
from app.services.lookup import Entry, Gateway
from freeswitch.console import ask
from freeswitch.installation import LaunchError, find_installation
from freeswitch.launcher import PrivateSwitch
from freeswitch.lookup import blueprint
from tests.contract.ports import Block
from tests.freeswitch.event_tap import EventTap
from tests.freeswitch.sip_phone import SipPhone

DOMAIN = "pbx.example"
PRESENTED = "+48221234567"
NAMES = {"100101": "Anna Żółć", "100102": "Bartek", "100103": "Celina", "100104": "Darek"}


def why_not() -> str:
    """Why there is no real switch here; empty when there is one."""
    try:
        find_installation()
    except LaunchError as error:
        return str(error)
    return ""


@dataclass
class Office:
    """Stands in for the database: four accounts, a test's trunks and sounds; it keeps what the switch asks and reports.

    ``passwords`` are those that a test has changed, ``shown`` the number that emergency calls show; while it is ``away``, every
    question to it fails.
    """

    names: dict[str, str] = field(default_factory=lambda: dict(NAMES))
    passwords: dict[str, str] = field(default_factory=dict)
    shown: str = PRESENTED
    away: bool = False
    trunks: list[Gateway] = field(default_factory=list)
    sounds: dict[tuple[int, str], bytes] = field(default_factory=dict)
    ended: list[LegReport] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    news: threading.Condition = field(default_factory=threading.Condition)

    def directory_entry(self, login: str) -> Entry | None:
        if self.away:
            raise ServiceUnavailable
        self.asked.append(login)
        password = self.passwords.get(login, f"secret-{login}")
        secret = hashlib.md5(f"{login}:{DOMAIN}:{password}".encode(), usedforsecurity=False).hexdigest()
        return Entry(login, secret, "Acme", "", self.names[login], self.shown) if login in self.names else None

    def directory_entries(self) -> list[Entry]:
        if self.away:
            raise ServiceUnavailable
        asked, entries = self.asked[:], [self.directory_entry(login) for login in self.names]
        self.asked[:] = asked
        return [entry for entry in entries if entry]

    def gateways(self) -> tuple[Gateway, ...]:
        return tuple(self.trunks)

    def content(self, sound: int, version: str) -> bytes:
        if (sound, version) not in self.sounds:
            raise NotFound
        return self.sounds[sound, version]

    def leg_ended(self, report: LegReport) -> None:
        with self.news:
            self.ended.append(report)
            self.news.notify_all()


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Nothing: a test's output is for its result."""


class RealSwitch:
    """The running switch and the people around it."""

    def __init__(self, settings: config.Settings, office: Office, folder: Path) -> None:
        self.settings, self.office, self.folder = settings, office, folder
        self._phones: list[SipPhone] = []

    def ask(self, command: str) -> str:
        """The answer to an API command, without the line end."""
        return ask(self.settings.switches[0], command).strip()

    def phone(self, login: str, password: str = "", port: int = 0) -> SipPhone:
        """A phone that is not registered yet, with the right password unless another is given."""
        server = (self.settings.sip_ip, port or self.settings.sip_port)
        phone = SipPhone(login, password or f"secret-{login}", DOMAIN, server)
        self._phones.append(phone)
        return phone

    def registered(self, login: str) -> SipPhone:
        """A phone that has signed in."""
        phone = self.phone(login)
        assert phone.register() == 200
        return phone

    def devices(self, login: str) -> str:
        """What ``user/<login>`` would call."""
        return self.ask(f"sofia_contact phones/{login}@{DOMAIN}")

    def reported(self, leg: str) -> LegReport:
        """What is said of the end of this leg, once it is."""
        office = self.office
        with office.news:
            assert office.news.wait_for(lambda: any(report.leg == leg for report in office.ended), 5), f"{leg} was not reported"
            return next(report for report in office.ended if report.leg == leg)

    @contextmanager
    def watched(self) -> Iterator[EventTap]:
        """Its events from now on."""
        tap = EventTap(self.settings.switches[0])
        try:
            yield tap
        finally:
            tap.close()

    def send_everybody_home(self) -> None:
        """No calls, no devices: as it was before the test."""
        self.ask("hupall")
        for phone in self._phones:
            phone.sign_out()
            phone.close()
        self._phones.clear()


@contextmanager
def running(folder: Path) -> Iterator[RealSwitch]:
    """A switch in ``folder`` on ports nobody else has."""
    block, office = Block(), Office()
    door = block.take(2)
    ports = {"EVENT_SOCKET_PORT": block.take(2), "SIP_PORT": block.take(2), "TRUNK_PORT": block.take(2), "PORT": door}
    sound = block.take(100)
    environment = {name: str(port) for name, port in ports.items()}
    environment |= {"VAR": str(folder), "SIP_DOMAIN": DOMAIN, "RTP_PORTS": f"{sound}-{sound + 99}"}
    settings = config.read(environment)
    app = Flask("door")
    app.register_blueprint(blueprint(office, office, settings.lookup_secret, DOMAIN))  # type: ignore[arg-type]
    server = make_server("127.0.0.1", door, app, threaded=True, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    switch = PrivateSwitch(settings)
    try:
        run = switch.start()
        switch.wait_ready()
        yield RealSwitch(settings, office, run.path)
    finally:
        switch.stop()
        server.shutdown()
        thread.join()
        server.server_close()
        block.close()
