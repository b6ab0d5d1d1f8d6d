"""What the simulator has from the panel besides accounts: trunks, what stands on calls, and tenants' recordings."""

import io
import wave
from collections.abc import Callable, Iterator

import gevent
import pytest

from freeswitch.simulator.gateways import DirectoryError, Gateway
from freeswitch.simulator.panel import Panel
from tests.freeswitch.panel_process import SECRET, PanelProcess
from tests.freeswitch.simulated import DEADLINE, DOMAIN, Stage


@pytest.fixture
def process() -> Iterator[PanelProcess]:
    process = PanelProcess()
    yield process
    process.stop()


@pytest.fixture
def panel(process: PanelProcess) -> Panel:
    return Panel(process.url, SECRET, DOMAIN)


def test_panel_says_which_trunks_there_are(process, panel):
    assert panel.trunks() == [
        Gateway("trunk-1", "127.0.0.1:5099", variables={"pbx_mark": "m1"}),
        Gateway("trunk-2", "trunk-2", registers=True),
    ]
    assert {"section": "directory", "purpose": "gateways", "profile": "trunks"}.items() <= process.asked[0].items()


def test_account_puts_its_variables_on_its_calls(panel):
    assert panel.variables("101") == {}
    with Stage(directory=panel.knows, account_variables=panel.variables) as stage:
        stage.call(stage.phone("101"))
        assert stage.controller.last("CHANNEL_PARK")["variable_pbx_presents"] == "+48221234567"


def recording(seconds: float) -> bytes:
    """Silence, 8 kHz mono 16 bit."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(int(seconds * 8000) * 2))
    return file.getvalue()


@pytest.fixture
def stage(process: PanelProcess, panel: Panel) -> Iterator[Stage]:
    """A simulator that has everything from the panel."""
    with Stage(**panel.serves()) as stage:
        wait(lambda: stage.simulator.switch.border.gateways.usable())
        yield stage


def wait(until: Callable[[], object]) -> None:
    with gevent.Timeout(DEADLINE):
        while not until():
            gevent.sleep(0.001)


def played(stage: Stage, process: PanelProcess, name: str) -> str:
    """Somebody hears a tenant's recording by way of the dialplan; his leg."""
    anna = stage.phone("101")
    leg = stage.call(anna)
    stage.controller.script(leg, "answer", f"execute_extension {name} XML sounds")
    stage.settle()
    return leg


def response(stage: Stage, leg: str) -> str:
    done = [
        event for event in stage.controller.named("CHANNEL_EXECUTE_COMPLETE", leg=leg) if event["Application"] == "playback"
    ]
    return str(done[-1]["Application-Response"])


def test_recording_lasts_as_long_as_it_is_and_is_fetched_once(process, stage):
    process.sounds["/switch/sounds/7-a1b2.wav"] = recording(7.5)
    for _ in range(2):
        leg = played(stage, process, "7-a1b2")
        wait(lambda: stage.phone("101").view().hears == "prompt:7-a1b2.wav")
        stage.advance(7.4)
        assert stage.phone("101").view().hears == "prompt:7-a1b2.wav"
        stage.advance(0.2)
        assert response(stage, leg) == "FILE PLAYED"
        stage.phone("101").hang_up()
        stage.settle()
    assert process.fetched == ["/switch/sounds/7-a1b2.wav"]


@pytest.mark.parametrize("content", [None, b"", b"no sound", recording(1)[:20]])
def test_recording_that_cannot_be_had_takes_no_time(process, stage, content, caplog):
    if content is not None:
        process.sounds["/switch/sounds/7-a1b2.wav"] = content
    leg = played(stage, process, "7-a1b2")
    wait(lambda: len(stage.controller.named("CHANNEL_PARK", leg=leg)) == 2)
    assert response(stage, leg) == "FILE NOT FOUND"
    assert "/switch/sounds/7-a1b2.wav: " in caplog.text


def test_recording_of_anybody_else_is_not_fetched(panel):
    with pytest.raises(DirectoryError, match="is not an address of the panel"):
        panel.fetch("http://127.0.0.1:1/switch/sounds/7-a1b2.wav")
