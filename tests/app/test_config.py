"""The settings: what stands for what, and one line that names the one that is wrong."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app import config
from app.config import SettingsError, SwitchAddress


def read(tmp_path: Path, **environ: str) -> config.Settings:
    return config.read({"VAR": str(tmp_path), **environ})


def test_nothing_given_is_an_installation_on_this_machine(tmp_path: Path) -> None:
    settings = read(tmp_path)
    assert settings.database_url == f"sqlite:///{tmp_path}/centralka.db"
    assert [(each.host, each.port) for each in settings.switches] == [("127.0.0.1", 8021)]
    assert settings.own_switch
    assert (settings.sip_domain, settings.sip_ip, settings.sip_port, settings.trunk_port) == (
        "127.0.0.1",
        "127.0.0.1",
        5060,
        5080,
    )
    assert (settings.rtp_ports, settings.port, settings.panel_url) == ((16384, 32768), 8000, "http://127.0.0.1:8000")
    assert (settings.log_level, settings.var) == ("info", tmp_path)


def test_the_domain_and_the_panel_follow_what_is_given(tmp_path: Path) -> None:
    settings = read(tmp_path, SIP_IP="192.168.1.10", PORT="9000")
    assert (settings.sip_domain, settings.panel_url) == ("192.168.1.10", "http://127.0.0.1:9000")


def test_several_switches(tmp_path: Path) -> None:
    settings = read(tmp_path, FREESWITCH_URL="esl://:a%2Cb@one.example:8022, esl://:second@[::1]")
    assert settings.switches == (SwitchAddress("one.example", 8022, "a,b"), SwitchAddress("::1", 8021, "second"))
    assert not settings.own_switch


def test_the_password_in_the_panels_address_is_the_shared_secret(tmp_path: Path) -> None:
    settings = read(tmp_path, PANEL_URL="https://:s%40cret@panel.example:8443/pbx/")
    assert (settings.panel_url, settings.lookup_secret) == ("https://panel.example:8443/pbx", "s@cret")


def test_no_secret_is_in_the_repr(tmp_path: Path) -> None:
    given = {
        "DATABASE_URL": "postgresql://me:pw-of-database@db/x",
        "FREESWITCH_URL": "esl://:pw-of-switch@one",
        "PANEL_URL": "http://:pw-of-panel@web",
        "SECRET_KEY": "pw-of-all",
    }
    assert "pw-of" not in repr(read(tmp_path, **given))


def test_the_secret_key_is_made_once_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    first = read(tmp_path)
    assert read(tmp_path).secret_key == first.secret_key
    assert len(first.secret_key) >= 32
    assert [(path.name, path.stat().st_mode & 0o777) for path in tmp_path.iterdir()] == [("secret-key", 0o600)]


WRONG = [
    ("DATABASE_URL", "mysql://localhost/x", "DATABASE_URL must start with sqlite:/// or postgresql://"),
    ("FREESWITCH_URL", "localhost", "FREESWITCH_URL must look like esl://:PASSWORD@HOST:PORT"),
    ("FREESWITCH_URL", "esl://localhost:8021", "FREESWITCH_URL must look like esl://:PASSWORD@HOST:PORT"),
    ("FREESWITCH_URL", "esl://:secret@one,", "FREESWITCH_URL must look like esl://:PASSWORD@HOST:PORT"),
    ("FREESWITCH_URL", "esl://:secret@[::1", "FREESWITCH_URL must look like esl://:PASSWORD@HOST:PORT"),
    ("FREESWITCH_URL", "esl://:sec%0Aret@one", "FREESWITCH_URL must look like esl://:PASSWORD@HOST:PORT"),
    ("FREESWITCH_URL", "esl://:secret@one:99999", "FREESWITCH_URL has a wrong port"),
    ("FREESWITCH_URL", "esl://:secret@one:0", "FREESWITCH_URL has a wrong port"),
    ("FREESWITCH_URL", "esl://:a@one,esl://:b@one:8021", "FREESWITCH_URL names one:8021 twice"),
    ("SIP_DOMAIN", "two words", "SIP_DOMAIN must be a host name or an address, for example sip.example.com, not 'two words'"),
    ("SIP_DOMAIN", "<x>", "SIP_DOMAIN must be a host name or an address, for example sip.example.com, not '<x>'"),
    ("SIP_DOMAIN", "a@b", "SIP_DOMAIN must be a host name or an address, for example sip.example.com, not 'a@b'"),
    ("SIP_IP", "localhost", "SIP_IP must be an IP address of this machine, for example 192.168.1.10, not 'localhost'"),
    ("SIP_IP", "0.0.0.0", "SIP_IP must be an IP address of this machine, for example 192.168.1.10, not '0.0.0.0'"),  # noqa: S104
    ("SIP_PORT", "0", "SIP_PORT must be a port from 1 to 65535, not '0'"),
    ("SIP_PORT", "٥٠٦٠", "SIP_PORT must be a port from 1 to 65535, not '٥٠٦٠'"),
    ("TRUNK_PORT", "sip", "TRUNK_PORT must be a port from 1 to 65535, not 'sip'"),
    ("TRUNK_PORT", "5060", "TRUNK_PORT must be another port than SIP_PORT, not 5060"),
    ("RTP_PORTS", "16384", "RTP_PORTS must be two ports, the lower first, for example 16384-32768, not '16384'"),
    ("RTP_PORTS", "10-20-30", "RTP_PORTS must be two ports, the lower first, for example 16384-32768, not '10-20-30'"),
    ("RTP_PORTS", "200-100", "RTP_PORTS must be two ports, the lower first, for example 16384-32768, not '200-100'"),
    ("EVENT_SOCKET_PORT", "x", "EVENT_SOCKET_PORT must be a port from 1 to 65535, not 'x'"),
    ("PORT", "65536", "PORT must be a port from 1 to 65535, not '65536'"),
    ("PANEL_URL", "panel.example", "PANEL_URL must look like http://:SECRET@HOST:PORT"),
    ("PANEL_URL", "http://[::1", "PANEL_URL must look like http://:SECRET@HOST:PORT"),
    ("PANEL_URL", "http://panel:x", "PANEL_URL must look like http://:SECRET@HOST:PORT"),
    ("PANEL_URL", "http://panel:0", "PANEL_URL must look like http://:SECRET@HOST:PORT"),
    ("PANEL_URL", "http://panel/?a=b", "PANEL_URL must look like http://:SECRET@HOST:PORT"),
    ("PANEL_URL", "http://a%20b", "PANEL_URL must look like http://:SECRET@HOST:PORT"),
    ("PANEL_URL", "http://secret@panel", "PANEL_URL: the shared secret stands after a colon: http://:SECRET@HOST:PORT"),
    ("PANEL_URL", "http://:%0A@panel", "PANEL_URL must look like http://:SECRET@HOST:PORT"),
    ("LOG_LEVEL", "loud", "LOG_LEVEL must be debug, info, warning or error, not 'loud'"),
    ("LOG_LEVEL", "in\nfo", "LOG_LEVEL holds a control character"),
]


@pytest.mark.parametrize(("name", "value", "line"), WRONG, ids=[f"{name}={value!r}" for name, value, _ in WRONG])
def test_a_wrong_one_is_named_in_one_line(tmp_path: Path, name: str, value: str, line: str) -> None:
    with pytest.raises(SettingsError) as raised:
        read(tmp_path, **{name: value})
    assert str(raised.value) == line


def test_a_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match=r"^VAR: .*/file is no folder$"):
        read(tmp_path / "file")
    with pytest.raises(SettingsError, match=r"^VAR: cannot use .*/file/below/secret-key: Not a directory$"):
        read(tmp_path / "file" / "below")


def test_a_kept_secret_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "secret-key").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match=r"^VAR: .*/secret-key holds no secret; remove it, and a new one is made$"):
        read(tmp_path)


def test_an_empty_file_that_a_first_start_left_is_filled(tmp_path: Path) -> None:
    (tmp_path / "secret-key").touch()
    first = read(tmp_path)
    assert len(first.secret_key) >= 32
    assert read(tmp_path).secret_key == first.secret_key


def test_all_who_start_at_the_same_time_get_one_secret(tmp_path: Path) -> None:
    root, ask = Path(__file__).parents[2], "from app import config; print(config.read().secret_key)"
    environment = {**os.environ, "VAR": str(tmp_path), "SECRET_KEY": ""}
    several = [
        subprocess.Popen([sys.executable, "-c", ask], stdout=subprocess.PIPE, text=True, cwd=root, env=environment)
        for _ in range(4)
    ]
    assert {process.communicate(timeout=60)[0].strip() for process in several} == {read(tmp_path).secret_key}
