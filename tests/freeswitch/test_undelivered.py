"""Reports the panel did not take: told again, once it is there."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask, Response, request
from werkzeug.serving import make_server

from app import config
from freeswitch.undelivered import deliver


class Panel:
    """Answers every report with ``status`` and remembers it."""

    def __init__(self) -> None:
        self.status, self.told = 204, list[tuple[bytes, str, str]]()
        app = Flask("panel")
        app.add_url_rule("/switch/ended", view_func=self._ended, methods=["POST"])
        self.server = make_server("127.0.0.1", 0, app)

    def _ended(self) -> Response:
        given = request.authorization
        self.told.append((request.get_data(), (given and given.username) or "", (given and given.password) or ""))
        return Response(status=self.status)


@pytest.fixture
def panel() -> Iterator[Panel]:
    panel = Panel()
    thread = threading.Thread(target=panel.server.serve_forever)
    thread.start()
    yield panel
    panel.server.shutdown()
    thread.join()
    panel.server.server_close()


@pytest.fixture
def settings(panel: Panel, tmp_path: Path) -> config.Settings:
    return config.read({"VAR": str(tmp_path), "PANEL_URL": f"http://:shared@127.0.0.1:{panel.server.server_port}"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "undelivered"
    folder.mkdir()
    for name in ("a", "b"):
        (folder / f"{name}.cdr.json").write_text(name)
    return folder


def test_every_report_is_told_with_the_shared_secret_and_removed(panel: Panel, folder: Path, settings: config.Settings) -> None:
    assert deliver(folder, settings) == 2
    assert panel.told == [(b"a", "switch", "shared"), (b"b", "switch", "shared")]
    assert list(folder.iterdir()) == []


def test_nothing_to_tell_is_told_to_nobody(panel: Panel, tmp_path: Path, settings: config.Settings) -> None:
    assert deliver(tmp_path, settings) == 0
    assert panel.told == []


def test_a_panel_in_trouble_is_not_asked_twice(panel: Panel, folder: Path, settings: config.Settings) -> None:
    panel.status = 503
    assert deliver(folder, settings) == 0
    assert len(panel.told) == 1
    assert len(list(folder.glob("*.cdr.json"))) == 2


def test_a_report_nobody_understands_does_not_hold_up_the_others(panel: Panel, folder: Path, settings: config.Settings) -> None:
    panel.status = 400
    assert deliver(folder, settings) == 0
    assert len(panel.told) == 2
    assert sorted(path.name for path in folder.iterdir()) == ["a.cdr.refused", "b.cdr.refused"]


def test_a_panel_that_is_away_finds_everything_later(folder: Path, settings: config.Settings) -> None:
    assert deliver(folder, replace(settings, panel_url="http://127.0.0.1:1")) == 0
    assert len(list(folder.glob("*.cdr.json"))) == 2
