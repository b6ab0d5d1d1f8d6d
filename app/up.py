"""`make run`: all of it on this machine: a switch (the real one where it is installed, else the simulator) and the Procfile."""

import contextlib
import errno
import os
import socket
import sys
from pathlib import Path

from honcho import manager as honcho
from honcho.environ import parse_procfile

from app import bootstrap, debian
from app.config import Settings, SettingsError
from app.demo import TO_DIAL, DemoPhone, ensure_demo

INTERRUPTED = 128 + 2  # honcho's word for Ctrl-C, which is how a person ends it
STOP_SECONDS = 15  # FreeSWITCH takes five to say goodbye to its calls
PROCFILE = Path(__file__).parent.parent / "Procfile"


def up(settings: Settings) -> int:
    """Run until Ctrl-C (0) or until one of the processes ends (its exit status)."""
    _check_ports(settings)
    debian.provide({"espeak-ng": "espeak-ng"}, "messages spoken from text")
    bootstrap.migrate(settings)
    services = bootstrap.services(settings)
    _greet(settings, services.users.ensure_operator(), ensure_demo(services))
    honcho.KILL_WAIT = STOP_SECONDS
    manager = honcho.Manager()
    environment = _environment(settings)
    for name, command in _commands(settings).items():
        manager.add_process(name, f"exec {command}", env=environment)  # no shell between a signal and the process it is for
    manager.loop()
    return 0 if manager.returncode in (None, INTERRUPTED) else manager.returncode


def _commands(settings: Settings) -> dict[str, str]:
    commands: dict[str, str] = {}
    if bootstrap.uses_simulator(settings):
        commands["switch"] = "python -m freeswitch.simulator"
    elif settings.own_switch:
        commands["switch"] = "python -m freeswitch"
    processes = parse_procfile(PROCFILE.read_text(encoding="utf-8")).processes
    return commands | {name: command for name, command in processes.items() if name != "release"}


def _environment(settings: Settings) -> dict[str, str]:
    """Ours, with the interpreter that runs now first on PATH, and the secrets the simulator may not derive itself."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    address = settings.switches[0]
    return {
        **os.environ,
        "PATH": path,
        "PYTHONUNBUFFERED": "1",
        "SIMULATOR_LISTEN": f"{address.host}:{address.port}",
        "SIMULATOR_PASSWORD": address.password,
        "SIMULATOR_DOMAIN": settings.sip_domain,
        "SIMULATOR_PANEL_URL": settings.panel_url,
        "SIMULATOR_SECRET": settings.lookup_secret,
    }


def _check_ports(settings: Settings) -> None:
    """A port that is taken is named before anything has started. Raises SettingsError."""
    needed = {"PORT": ("127.0.0.1", settings.port, socket.SOCK_STREAM)}
    if settings.own_switch:
        needed["EVENT_SOCKET_PORT"] = ("127.0.0.1", settings.switches[0].port, socket.SOCK_STREAM)
        if not bootstrap.uses_simulator(settings):
            needed["SIP_PORT"] = (settings.sip_ip, settings.sip_port, socket.SOCK_DGRAM)
            needed["TRUNK_PORT"] = (settings.sip_ip, settings.trunk_port, socket.SOCK_DGRAM)
    wanted: dict[tuple[str, int], str] = {}
    for name, (host, port, kind) in needed.items():
        if (other := wanted.setdefault((host, port), name)) != name:  # SIP wants both UDP and TCP of its own
            raise SettingsError(f"{name} must be another port than {other}, not {port}")
        _try_port(name, host, port, kind)


def _try_port(name: str, host: str, port: int, kind: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with contextlib.closing(socket.socket(family, kind)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                raise SettingsError(f"SIP_IP: this machine has no address {host}") from None
            raise SettingsError(f"{name}: cannot use {host}:{port}: {error.strerror}") from None


def _greet(settings: Settings, operator: tuple[str, str] | None, phones: list[DemoPhone]) -> None:
    lines = [f"Panel        http://127.0.0.1:{settings.port}"]
    if operator:
        lines.append(f"Sign in as   {operator[0]}   password {operator[1]}   (shown only now)")
    if bootstrap.uses_simulator(settings):
        lines.append(
            "Switch       the simulator (no `freeswitch` on PATH): its phones are in the panel, on the page of virtual phones"
        )
    elif settings.own_switch:
        lines.append(f"Softphones   server {settings.sip_ip}:{settings.sip_port} (UDP or TCP), domain {settings.sip_domain}")
        if settings.sip_ip.startswith("127."):
            lines.append("             only on this machine; for others start with SIP_IP=<this machine's address>")
    for phone in phones:
        lines.append(
            f"Phone {phone.number}     login {phone.login}   password {phone.password}   ({phone.name}; shown only now)"
        )
    if phones:
        lines.append(f"Dial         {TO_DIAL}")
    if not operator and not phones:
        lines.append("Passwords were shown at the first start; the panel makes new ones.")
    print("\n" + "\n".join(f"  {line}" for line in lines) + "\n", flush=True)
