"""Starting and stopping a FreeSWITCH of our own, tried on a small program that behaves as told."""

import socket
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app import config
from freeswitch.installation import LaunchError, find_installation, required_modules
from freeswitch.launcher import PrivateSwitch
from tests.contract.ports import Block

LISTEN = """
import os, signal, socket, sys
arguments = dict(zip(sys.argv, sys.argv[1:]))
here = os.path.dirname(arguments["-conf"])
open(here + "/arguments", "w").write("\\n".join(sys.argv))
"""

READY = """
import sqlite3
database = sqlite3.connect(arguments["-db"] + "/sofia_reg_phones.db")
database.execute("CREATE TABLE sip_registrations (contact)")
database.execute("CREATE TRIGGER own_address_only BEFORE INSERT ON sip_registrations BEGIN SELECT 1; END")
database.commit()
conf = open(arguments["-conf"] + "/configuration/event_socket.conf.xml").read()
port = int(conf.split('"listen-port" value="')[1].split('"')[0])
server = socket.create_server(("127.0.0.1", port), reuse_port=False)
while True:
    connection, _ = server.accept()
    with connection:
        connection.sendall(b"Content-Type: auth/request\\n\\n")
        connection.recv(1000)
        connection.sendall(b"Content-Type: command/reply\\nReply-Text: +OK accepted\\n\\n")
        connection.recv(1000)
        body = b"phones profile sip:x RUNNING (0)\\ntrunks profile sip:y RUNNING (0)\\n"
        connection.sendall(b"Content-Type: api/response\\nContent-Length: %d\\n\\n" % len(body) + body)
"""

COMPLAINS = """
os.makedirs(arguments["-log"], exist_ok=True)
log = open(arguments["-log"] + "/freeswitch.log", "w")
log.write("2026-11-22 15:00:00.000001 99.00% [NOTICE] sofia.c:1 Hello\\n")
log.write("2026-11-22 15:00:00.000002 99.00% [ERR] sofia.c:3343 Error Creating SIP UA for profile: phones\\n")
log.close()
sys.exit(7)
"""


LOCKS = """
import fcntl
file = open("{pid_file}", "w")
file.write(str(os.getpid()))
file.flush()
fcntl.lockf(file, fcntl.LOCK_EX)
"""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose only program is the one ``install`` puts there; its prefix."""
    (tmp_path / "bin").mkdir()
    modules = tmp_path / "lib" / "freeswitch" / "mod"
    modules.mkdir(parents=True)
    for name in required_modules():
        (modules / f"{name}.so").touch()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[config.Settings]:
    block = Block()
    names = ("EVENT_SOCKET_PORT", "SIP_PORT", "TRUNK_PORT", "PORT")
    yield config.read({"VAR": str(tmp_path / "var")} | {name: str(block.take(2)) for name in names})
    block.close()


def install(machine: Path, *behaviour: str) -> None:
    program = machine / "bin" / "freeswitch"
    program.write_text(f"#!{sys.executable}\n" + "".join((LISTEN, *behaviour)))
    program.chmod(0o755)


def test_without_freeswitch_one_line_says_what_to_do(machine: Path, settings: config.Settings) -> None:
    with pytest.raises(LaunchError, match=r"^no freeswitch on PATH; install FreeSWITCH .* or set FREESWITCH_URL$"):
        PrivateSwitch(settings).start()


def test_missing_modules_are_all_named_in_one_line(machine: Path, settings: config.Settings) -> None:
    install(machine)
    for name in ("mod_opus", "mod_xml_curl"):
        (machine / "lib" / "freeswitch" / "mod" / f"{name}.so").unlink()
    with pytest.raises(LaunchError, match=r"^FreeSWITCH lacks mod_opus, mod_xml_curl in \S+/mod$"):
        PrivateSwitch(settings).start()


def test_a_program_without_a_module_folder_is_named(machine: Path) -> None:
    install(machine)
    (machine / "lib").rename(machine / "elsewhere")
    with pytest.raises(LaunchError, match="not the folder of its modules"):
        find_installation()


def test_it_is_ready_when_both_profiles_run_and_stops_when_told(machine: Path, settings: config.Settings) -> None:
    install(machine, READY)
    switch = PrivateSwitch(settings)
    folder = switch.start()
    try:
        switch.wait_ready(10)
        assert switch.exit_code() is None
    finally:
        switch.stop()
    assert switch.exit_code() is not None
    arguments = (folder.path / "arguments").read_text().splitlines()
    assert {"-nf", "-nc", "-nonat"} <= set(arguments)
    assert str(folder.path / "conf") in arguments


def test_its_last_complaint_is_passed_on_in_one_line(machine: Path, settings: config.Settings) -> None:
    install(machine, COMPLAINS)
    switch = PrivateSwitch(settings)
    switch.start()
    with pytest.raises(LaunchError) as error:
        switch.wait_ready(10)
    assert str(error.value).startswith("FreeSWITCH ended while starting: Error Creating SIP UA for profile: phones (log: ")
    assert "\n" not in str(error.value)
    assert switch.exit_code() == 7


def test_what_it_prints_before_it_has_a_log_is_passed_on(machine: Path, settings: config.Settings) -> None:
    install(machine, "sys.exit('Cannot lock pid file.')")
    switch = PrivateSwitch(settings)
    switch.start()
    with pytest.raises(LaunchError, match="Cannot lock pid file"):
        switch.wait_ready(10)


def test_one_that_never_gets_ready_is_stopped(machine: Path, settings: config.Settings) -> None:
    install(machine, "signal.pause()")
    switch = PrivateSwitch(settings)
    switch.start()
    with pytest.raises(LaunchError, match="not ready after 0 s: it gave no reason"):
        switch.wait_ready(0.2)
    assert switch.exit_code() is not None


def test_one_that_does_not_listen_is_killed_after_the_deadline(machine: Path, settings: config.Settings) -> None:
    install(machine, "signal.signal(signal.SIGTERM, signal.SIG_IGN)\nopen(here + '/deaf', 'w').close()\n", READY)
    switch = PrivateSwitch(settings)
    folder = switch.start()
    switch.wait_ready(10)
    assert (folder.path / "deaf").exists()
    switch.stop(seconds=0.2)
    assert switch.exit_code() == -9


def test_stopping_twice_or_before_the_start_is_no_mistake(machine: Path, settings: config.Settings) -> None:
    install(machine, "signal.pause()")
    switch = PrivateSwitch(settings)
    switch.stop()
    switch.start()
    switch.stop()
    switch.stop()


@pytest.mark.parametrize(
    ("name", "kind"),
    [("sip_port", socket.SOCK_DGRAM), ("sip_port", socket.SOCK_STREAM), ("trunk_port", socket.SOCK_DGRAM)],
)
def test_a_port_that_is_taken_is_named(machine: Path, settings: config.Settings, name: str, kind: int) -> None:
    install(machine)
    with socket.socket(socket.AF_INET, kind) as somebody:
        somebody.bind(("127.0.0.1", 0))
        if kind == socket.SOCK_STREAM:
            somebody.listen()
        taken = replace(settings, **{name: somebody.getsockname()[1]})
        with pytest.raises(LaunchError, match=rf"^{name.upper()}: cannot listen on 127.0.0.1:\d+: Address already in use$"):
            PrivateSwitch(taken).start()


def test_an_address_that_is_not_ours_is_named(machine: Path, settings: config.Settings) -> None:
    install(machine)
    with pytest.raises(LaunchError, match=r"^SIP_IP: this machine has no address 192\.0\.2\.77$"):
        PrivateSwitch(replace(settings, sip_ip="192.0.2.77")).start()


def test_a_second_switch_in_the_same_folder_is_refused(machine: Path, settings: config.Settings) -> None:
    lock = LOCKS.format(pid_file=settings.var / "freeswitch" / "run" / "freeswitch.pid")
    install(machine, lock, READY)
    first = PrivateSwitch(settings)
    first.start()
    try:
        first.wait_ready(10)
        with pytest.raises(LaunchError, match=r"another FreeSWITCH \(process \d+\) still runs in"):
            PrivateSwitch(settings).start()
    finally:
        first.stop()
    second = PrivateSwitch(settings)  # the file is still there, its owner is not
    second.start()
    second.stop()
