"""Debian packages: installed, named, or left alone."""

import os
from pathlib import Path

import pytest

from app import debian

WANTED = {"espeak-ng": "espeak-ng", "sipp": "sip-tester"}


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine with one program and an apt-get that writes down what it is told."""
    for name, text in (("sipp", ""), ("apt-get", f'echo "$@" >> {tmp_path}/told; test ! -e {tmp_path}/away')):
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def told(machine: Path) -> list[str]:
    return (machine / "told").read_text().splitlines() if (machine / "told").exists() else []


def test_root_gets_what_is_missing(machine, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    debian.provide(WANTED, "speech")
    assert told(machine) == ["update", "install -y --no-install-recommends espeak-ng"]


def test_anybody_else_gets_the_command_to_type(machine, monkeypatch, capsys):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    debian.provide(WANTED, "speech")
    expected = "For speech, type once: sudo apt-get install -y --no-install-recommends espeak-ng\n"
    assert (told(machine), capsys.readouterr().out) == ([], expected)


def test_an_install_that_fails_is_said(machine, monkeypatch, capsys):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    (machine / "away").touch()
    debian.provide(WANTED, "speech")
    assert (told(machine), capsys.readouterr().out.splitlines()[-1]) == (["update"], "That did not work: apt-get update")


def test_nothing_is_done_where_nothing_is_missing(machine):
    debian.provide({"sipp": "sip-tester"}, "stories")
    assert told(machine) == []
