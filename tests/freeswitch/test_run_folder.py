"""The folder FreeSWITCH runs in: what is written there, what is kept, and that no value breaks out of its place."""

import stat
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as rules
from hypothesis import strategies as st

from app import config
from freeswitch.installation import LaunchError
from freeswitch.queues import SLOTS
from freeswitch.run_folder import RunFolder, prepare

VALUES = {
    "SIP_DOMAIN": "pbx.example",
    "SIP_IP": "192.0.2.7",
    "SIP_PORT": "15060",
    "TRUNK_PORT": "15080",
    "RTP_PORTS": "20000-20100",
    "PANEL_URL": "https://:shared@panel.example/pbx",
    "FREESWITCH_URL": "esl://:ClueCon2@127.0.0.1:18021",
    "LOG_LEVEL": "error",
}


@pytest.fixture
def settings(tmp_path: Path) -> config.Settings:
    return config.read(VALUES | {"VAR": str(tmp_path)})


def parameter(folder: RunFolder, file: str, name: str) -> str:
    """What the switch reads as the value of a parameter."""
    tree = ElementTree.parse(folder.path / "conf" / file)  # noqa: S314
    settings = [(each.get("name"), each.get("value")) for each in tree.iter("param")]
    actions = [(each.get("application"), each.get("data")) for each in tree.iter("action")]
    value = next(value for each, value in (*settings, *actions) if each == name)
    assert value is not None
    return value


@pytest.mark.parametrize(
    ("file", "name", "value"),
    [
        ("profiles/phones.xml", "sip-ip", "192.0.2.7"),
        ("profiles/phones.xml", "rtp-ip", "192.0.2.7"),
        ("profiles/phones.xml", "sip-port", "15060"),
        ("profiles/phones.xml", "challenge-realm", "pbx.example"),
        ("profiles/phones.xml", "force-register-domain", "pbx.example"),
        ("profiles/trunks.xml", "sip-port", "15080"),
        ("configuration/switch.conf.xml", "rtp-start-port", "20000"),
        ("configuration/switch.conf.xml", "rtp-end-port", "20100"),
        ("configuration/switch.conf.xml", "loglevel", "err"),
        ("configuration/event_socket.conf.xml", "listen-ip", "127.0.0.1"),
        ("configuration/event_socket.conf.xml", "listen-port", "18021"),
        ("configuration/event_socket.conf.xml", "password", "ClueCon2"),
        ("configuration/xml_curl.conf.xml", "gateway-url", "https://panel.example/pbx/switch/directory"),
        ("configuration/xml_curl.conf.xml", "gateway-credentials", "switch:shared"),
        ("configuration/json_cdr.conf.xml", "url", "https://panel.example/pbx/switch/ended"),
        ("configuration/json_cdr.conf.xml", "cred", "switch:shared"),
        ("dialplan/sounds.xml", "playback", "{profile=panel}https://panel.example/pbx/switch/sounds/$1.wav"),
    ],
)
def test_the_switch_is_told_what_the_environment_says(settings: config.Settings, file: str, name: str, value: str) -> None:
    assert parameter(prepare(settings), file, name) == value


def test_recordings_are_fetched_with_the_shared_secret_and_kept_in_the_run_folder(settings: config.Settings) -> None:
    folder = prepare(settings)
    assert parameter(folder, "configuration/http_cache.conf.xml", "location") == str(folder.path / "cache")
    header = ElementTree.parse(folder.path / "conf/configuration/http_cache.conf.xml").find(".//header")  # noqa: S314
    assert header is not None
    assert header.text == "Basic c3dpdGNoOnNoYXJlZA=="


def test_what_nobody_took_is_left_in_the_run_folder(settings: config.Settings) -> None:
    folder = prepare(settings)
    assert parameter(folder, "configuration/json_cdr.conf.xml", "err-log-dir") == str(folder.undelivered)


def test_no_name_is_left_for_the_switch_to_fill_in_but_its_own(settings: config.Settings) -> None:
    conf = prepare(settings).path / "conf"
    text = "".join(path.read_text(encoding="utf-8") for path in conf.rglob("*.xml"))
    queues = {f"pbx_queues_{slot}" for slot in range(SLOTS)}  # the controller's
    assert {part.partition("}")[0] for part in text.split("$${")[1:]} == {"sounds_dir"} | queues


def test_no_secret_becomes_a_variable_that_calls_can_see(settings: config.Settings) -> None:
    for path in (prepare(settings).path / "conf").rglob("*.xml"):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert "PRE-PROCESS" not in line or ("shared" not in line and "ClueCon2" not in line)


@given(
    st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc"]), min_size=1).filter(
        lambda text: text.isprintable()
    )
)
@rules(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_no_password_breaks_out_of_its_place(settings: config.Settings, password: str) -> None:
    switch = replace(settings.switches[0], password=password)
    folder = prepare(replace(settings, switches=(switch,)))
    assert parameter(folder, "configuration/event_socket.conf.xml", "password") == password
    assert "$" not in (folder.path / "conf" / "configuration" / "event_socket.conf.xml").read_text(encoding="utf-8")


def test_nobody_else_may_look_inside(settings: config.Settings) -> None:
    assert stat.S_IMODE(prepare(settings).path.stat().st_mode) == 0o700


def test_registrations_outlive_a_restart_and_old_configuration_does_not(settings: config.Settings) -> None:
    folder = prepare(settings)
    (folder.path / "db" / "sofia_reg_phones.db").write_text("phones")
    (folder.path / "conf" / "dialplan" / "leftover.xml").write_text("<context name='default'/>")
    prepare(settings)
    assert (folder.path / "db" / "sofia_reg_phones.db").read_text() == "phones"
    assert not (folder.path / "conf" / "dialplan" / "leftover.xml").exists()


def test_the_last_runs_log_is_kept_but_not_mixed_up_with_this_ones(settings: config.Settings) -> None:
    folder = prepare(settings)
    folder.log.write_text("[CRIT] a.c:1 the roof is on fire")
    prepare(settings)
    assert not folder.log.exists()
    assert "fire" in (folder.path / "log" / "freeswitch.previous.log").read_text()


def test_a_folder_that_cannot_be_made_is_named(settings: config.Settings) -> None:
    (settings.var / "freeswitch").write_text("a file")
    with pytest.raises(LaunchError, match=r"^VAR: cannot prepare \S+/freeswitch: "):
        prepare(settings)


def test_freeswitch_is_given_no_folder_outside_its_own(settings: config.Settings) -> None:
    folder = prepare(settings)
    pairs = dict(zip(folder.arguments[::2], folder.arguments[1::2], strict=True))
    assert {"-conf", "-log", "-db", "-run"} <= set(pairs)
    assert [name for name, path in pairs.items() if not Path(path).is_relative_to(folder.path)] == ["-sounds"]


def test_a_missing_table_is_not_taken_for_a_guarded_one(settings: config.Settings) -> None:
    assert not prepare(settings).contacts_are_guarded()
