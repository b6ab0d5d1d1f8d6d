"""The whole product in processes of its own: a switch, the panel, the controller, a database with people in it."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import app.services
from app import config, store
from app.core.destinations import ToAccount
from app.core.record import Record
from app.services import Services
from app.services.actor import Actor
from tests.contract.people import SOUNDS
from tests.contract.phone import Line, wait_until
from tests.contract.ports import Block
from tests.contract.roster import ACME, COMPANIES, Company, Member
from tests.contract.worlds import World

ROOT = Path(__file__).parent.parent.parent
LEASH = Path(__file__).with_name("leash.py")
TESTER = Actor(None, "contract test")
START_SECONDS = 60.0  # of patience; how long it takes is measured elsewhere, and four start at once on a busy machine
LOG_SECONDS = 3.0
LAST_LINES = 60


class Process:
    """One process of the product, on a leash; its output is in a file."""

    def __init__(self, name: str, arguments: list[str], environment: dict[str, str], folder: Path) -> None:
        self.name, self.log = name, folder / f"{name}.log"
        with self.log.open("ab") as log:
            command = [sys.executable, str(LEASH), sys.executable, "-m", *arguments]
            self._leash = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=ROOT,
                env=os.environ | environment,
                start_new_session=True,
            )
        assert self._leash.stdout is not None
        self.pid = int(self._leash.stdout.readline())

    def lives(self) -> bool:
        """Whether it still runs."""
        return self._leash.poll() is None

    def kill(self) -> None:
        """Without a goodbye: SIGKILL, and wait until it is gone."""
        os.kill(self.pid, signal.SIGKILL)
        self._leash.wait(START_SECONDS)
        self._close()

    def stop(self) -> None:
        """Politely."""
        if self._leash.stdin is not None and not self._leash.stdin.closed:
            self._leash.stdin.close()
        self._leash.wait(START_SECONDS)
        self._close()

    def _close(self) -> None:
        for pipe in (self._leash.stdin, self._leash.stdout):
            if pipe is not None:
                pipe.close()


class Product:
    """Everything `make run` starts, on ports and in a folder of its own."""

    def __init__(self, folder: Path, block: Block, world: World, legs: int = 30) -> None:
        """``legs`` is how many may talk at once; each takes two ports of the block."""
        self.folder, self.world = folder, world
        rtp = block.take(2 * legs)
        self._environment = {
            "VAR": str(folder),
            "DATABASE_URL": f"sqlite:///{folder}/centralka.db",
            "SIP_DOMAIN": "centralka.test",
            "SIP_PORT": str(block.take(2)),
            "TRUNK_PORT": str(block.take(2)),
            "EVENT_SOCKET_PORT": str(block.take()),
            "PORT": str(block.take()),
            "RTP_PORTS": f"{rtp}-{rtp + 2 * legs - 1}",
            "PYTHONUNBUFFERED": "1",
        }
        self.settings = config.read(self._environment)
        self.ring_seconds, self.digit_timeout = ACME.settings.ring_seconds, ACME.settings.digit_timeout
        self._worker_started = 0.0
        self._one_at_a_time = threading.RLock()
        self._tenants: dict[str, int] = {}
        self._processes: dict[str, Process] = {}

    def start(self) -> None:
        """Return when phones can register and calls are led."""
        database = store.open(self.settings.database_url)
        store.migrate(database)
        database.close()
        for company in COMPANIES:
            self.settle(company)
        self.start_switch()
        self.start_panel()
        self.start_worker()
        wait_until(self._panel_listens, START_SECONDS, "the panel listens")
        wait_until(self.is_well, START_SECONDS, f"the product is well; see {self.folder}")

    def start_switch(self) -> None:
        """Start the switch; returns before it is ready."""
        self._start("switch", *self.world.switch(self.settings))

    def start_panel(self) -> None:
        """Start the panel's process; returns before it listens."""
        self._start("web", "admin")

    def stop_panel(self) -> None:
        """Politely."""
        self._processes.pop("web").stop()

    def start_worker(self) -> None:
        """Start the controller; returns before it leads calls."""
        self._worker_started = time.time()
        self._start("worker", "app", "run")

    def stop(self) -> None:
        """End everything."""
        for name in ("worker", "switch", "web"):
            if name in self._processes:
                self._processes.pop(name).stop()

    def kill_worker(self) -> None:
        """kill -9."""
        self._processes.pop("worker").kill()

    def ensure_worker(self) -> None:
        """Whatever the story did, the controller leads calls again, and the panel listens."""
        if "web" not in self._processes:
            self.start_panel()
        if "worker" not in self._processes:
            self.start_worker()
        wait_until(self._panel_listens, START_SECONDS, "the panel listens")
        wait_until(self.is_well, START_SECONDS, "the product is well")

    def stop_switch(self) -> None:
        """Politely: it hangs up everybody first."""
        self._processes.pop("switch").stop()

    def is_well(self) -> bool:
        """What the panel says of the controller and the switch, if it was this controller who said so: for some seconds the
        word of one that was killed still stands."""
        self._notice_the_dead()
        with self.office() as services:
            health = services.health.now()
        said = [health.controller_seen or 0.0, *(switch.since for switch in health.switches)]
        return health.good and min(said) > self._worker_started

    @contextmanager
    def office(self) -> Iterator[Services]:
        """The use cases on the product's database, as the panel has them. Opened anew each time, and by one thread at a time:
        models are bound to the database that was opened last, and other tests open theirs in this process."""
        with self._one_at_a_time:
            database = store.open(self.settings.database_url)
            try:
                yield app.services.build(database, self.settings)
            finally:
                database.close()

    def log_since(self, moment: float, tenant: str = "Acme") -> list[Record]:
        """The tenant's call log from that moment on, oldest first."""
        with self.office() as services:
            return list(reversed(services.history.page(self._tenants[tenant], since=moment).rows))

    def one_call(self, since: float, tenant: str = "Acme", within: float = LOG_SECONDS) -> Record:
        """The only call since then, when the log has its end. Raises AssertionError when there are more."""
        wait_until(lambda: any(row.ended for row in self.log_since(since, tenant)), within, "the log has the end of the call")
        rows = self.log_since(since, tenant)
        assert len(rows) == 1, rows
        return rows[0]

    def learn(self, name: str, tenant: int) -> None:
        """A tenant that came later."""
        self._tenants[name] = tenant

    def knows(self, name: str) -> bool:
        """Whether such a tenant is there."""
        return name in self._tenants

    def tenant(self, name: str) -> int:
        """A tenant's id."""
        return self._tenants[name]

    def last_words(self, lines: int = LAST_LINES) -> str:
        """The end of the controller's log."""
        return "\n".join((self.folder / "worker.log").read_text(encoding="utf-8").splitlines()[-lines:])

    def line(self, member: Member) -> Line:
        """What this member types into the phone."""
        proxy = f"{self.settings.sip_ip}:{self.settings.sip_port}"
        return Line(member.login, member.password, self.settings.sip_domain, proxy)

    def prompt(self, language: str, name: str) -> Path:
        """The file in which a prompt is spoken."""
        return SOUNDS / language / f"{name}.wav"

    def settle(self, company: Company) -> None:
        """A company is a tenant from now on, and its people have accounts and numbers."""
        with self.office() as services:
            row = services.tenants.create(TESTER, company.name, company.language)
            for member in company.members:
                services.accounts.create(TESTER, row.id, member.shown, member.login, member.password)
                services.numbers.create(TESTER, row.id, member.number, member.shown, ToAccount(member.login))
            services.tenants.change_settings(TESTER, row.id, company.settings)
            self.learn(company.name, int(row.id))

    def _start(self, name: str, *arguments: str) -> None:
        self._processes[name] = Process(name, list(arguments), self._environment, self.folder)

    def _notice_the_dead(self) -> None:
        for process in self._processes.values():
            assert process.lives(), f"{process.name} ended: {process.log.read_text()[-2000:]}"

    def switch_answers(self) -> bool:
        """Whether somebody listens on the event socket's port."""
        return self._listens(self.settings.switches[0].port)

    def _panel_listens(self) -> bool:
        """Whether it answers, and not only its door stands: on a busy machine there are seconds between the two."""
        self._notice_the_dead()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.settings.port}/", timeout=1):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False

    def _listens(self, port: int) -> bool:
        self._notice_the_dead()
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0
