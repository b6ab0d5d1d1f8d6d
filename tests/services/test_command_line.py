"""Import and export on the command line."""

import io
import sys

import pytest

from app import commandline
from tests.services.exchange_files import FULL
from tests.services.waves import wave_file


@pytest.fixture
def run(tmp_path, monkeypatch, espeak):
    """One command in an installation of its own; its exit status."""
    monkeypatch.setenv("VAR", str(tmp_path / "var"))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/var/test.db")
    assert commandline.main(["migrate"]) == 0
    return lambda *words: commandline.main([str(word) for word in words])


def test_file_is_imported_with_the_recordings_beside_it_and_comes_out_again(run, tmp_path, capsys):
    folder = tmp_path / "customer"
    folder.mkdir()
    (folder / "closed.wav").write_bytes(wave_file(1.0))
    file = folder / "acme.yaml"
    file.write_text(FULL.replace('say: "Biuro jest nieczynne."', "play: closed.wav"), encoding="utf-8")
    capsys.readouterr()
    assert run("import", file) == 0
    assert capsys.readouterr().out == "trunks: 2\nAcme: created, 2 accounts, 4 internal numbers\n"
    assert run("export") == 0
    exported = capsys.readouterr().out
    assert "play: closed.wav" in exported
    assert "secret" not in exported
    again = tmp_path / "again.yaml"
    again.write_text(exported, encoding="utf-8")
    assert run("import", again) == 0
    assert "unchanged" in capsys.readouterr().out


def test_fault_is_said_on_standard_error_and_nothing_is_stored(run, tmp_path, capsys):
    file = tmp_path / "acme.yaml"
    file.write_text(FULL.replace("repeat: 3", "repeat: 99"), encoding="utf-8")
    capsys.readouterr()
    assert run("import", file) == 1
    assert "tenants[0].menus[0].no_choice.repeat (line 18)" in capsys.readouterr().err
    assert run("export", "Acme") == 1
    assert "The tenant Acme does not exist." in capsys.readouterr().err
    assert run("import", tmp_path / "nothing.yaml") == 1
    assert "nothing.yaml" in capsys.readouterr().err


def test_text_comes_from_standard_input_as_well(run, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.StringIO(FULL))
    assert run("import", "-") == 0
    assert "Acme: created" in capsys.readouterr().out


@pytest.mark.parametrize("to", ["out.zip", "out"])
def test_recordings_are_exported_and_imported_with_the_file(run, tmp_path, capsys, to):
    (tmp_path / "closed.wav").write_bytes(wave_file(1.0))
    file = tmp_path / "acme.yaml"
    file.write_text(FULL.replace('say: "Biuro jest nieczynne."', "play: closed.wav"), encoding="utf-8")
    assert run("import", file) == 0
    assert run("export", "Acme", "--to", tmp_path / to) == 0
    capsys.readouterr()
    assert run("import", tmp_path / to if to.endswith(".zip") else tmp_path / to / "centralka.yaml") == 0
    assert capsys.readouterr().out == "Acme: unchanged, 2 accounts, 4 internal numbers\n"


def test_place_that_cannot_be_written_is_said(run, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    for to in ("file/out.zip", "file/out"):
        assert run("export", "--to", tmp_path / to) == 1
        assert capsys.readouterr().err.startswith(f"centralka: {tmp_path / to}: ")
