"""`make run` names what stands in its way before anything has started."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import config, up


@pytest.fixture
def with_freeswitch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "freeswitch"
    program.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as holder:
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


def settings(tmp_path: Path, **environ: object) -> config.Settings:
    return config.read({"VAR": str(tmp_path / "var"), **{name: str(value) for name, value in environ.items()}})


@pytest.mark.usefixtures("with_freeswitch")
def test_a_port_that_is_taken_is_named(tmp_path: Path, taken: int) -> None:
    with pytest.raises(config.SettingsError, match=rf"^SIP_PORT: cannot use 127\.0\.0\.1:{taken}: Address already in use$"):
        up.up(settings(tmp_path, SIP_PORT=taken))


@pytest.mark.usefixtures("with_freeswitch")
def test_an_address_that_is_not_this_machines_is_named(tmp_path: Path) -> None:
    with pytest.raises(config.SettingsError, match=r"^SIP_IP: this machine has no address 192\.0\.2\.77$"):
        up.up(settings(tmp_path, SIP_IP="192.0.2.77", PORT=_free(), EVENT_SOCKET_PORT=_free()))


@pytest.mark.usefixtures("with_freeswitch")
@pytest.mark.parametrize("others", [("EVENT_SOCKET_PORT", "PORT"), ("SIP_PORT", "PORT"), ("TRUNK_PORT", "EVENT_SOCKET_PORT")])
def test_two_that_want_the_same_port_are_named(tmp_path: Path, others: tuple[str, str]) -> None:
    ports = {name: _free() for name in ("PORT", "EVENT_SOCKET_PORT", "SIP_PORT", "TRUNK_PORT")}
    ports[others[0]] = ports[others[1]]
    with pytest.raises(config.SettingsError, match=rf"^{others[0]} must be another port than {others[1]}, not \d+$"):
        up.up(settings(tmp_path, **ports))


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
