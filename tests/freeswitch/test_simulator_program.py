"""``python -m freeswitch.simulator`` as a program of its own."""

import socket
import subprocess
import sys

import pytest

from freeswitch.virtual import VirtualPhones

START_SECONDS = 60.0


def program(*options: str, **environment: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "freeswitch.simulator", *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def test_it_says_in_one_line_that_its_port_is_taken():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = program("--port", str(port))
        _, errors = process.communicate(timeout=START_SECONDS)
    assert process.returncode == 1
    assert errors == f"cannot listen on 127.0.0.1:{port}: Address already in use\n"


def test_it_says_in_one_line_that_the_panel_s_address_is_wrong():
    process = program("--port", "0", "--panel-url", "panel")
    _, errors = process.communicate(timeout=START_SECONDS)
    assert process.returncode == 1
    assert errors == "the panel's address must look like http://HOST:PORT, not 'panel'\n"


@pytest.mark.parametrize("by_environment", [False, True])
def test_it_serves_phones_until_it_is_told_to_stop(by_environment):
    if by_environment:
        process = program(SIMULATOR_LISTEN="127.0.0.1:0", SIMULATOR_PASSWORD="pass")
    else:
        process = program("--port", "0", "--password", "pass")
    assert process.stderr is not None
    assert process.stdout is not None
    with process.stderr, process.stdout:
        port = int(process.stderr.readline().rpartition(":")[2])
        phone = VirtualPhones("127.0.0.1", port, "pass", deadline=START_SECONDS).register("101")
        assert phone.registered
        process.terminate()
        assert process.wait(START_SECONDS) == 0
