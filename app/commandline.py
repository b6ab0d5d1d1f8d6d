"""The command line: one word, one thing done, one line on standard error when it can't be."""

import argparse
import logging
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

from app import bootstrap, config
from app.config import Settings, SettingsError
from app.services.actor import Actor
from app.services.errors import DomainError
from app.services.exchange_files import Archive, Folder, archive_at, into_folder
from app.store import StoreError


def main(arguments: list[str]) -> int:
    """Run one command; the exit status: 0 done, 1 refused or failed, 2 wrongly called."""
    chosen = _parser().parse_args(arguments)
    try:
        settings = config.read()
        logging.basicConfig(
            level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr
        )
        command: Callable[[Settings, argparse.Namespace], int] = chosen.command
        return command(settings, chosen)
    except (SettingsError, StoreError, DomainError) as error:
        print(f"centralka: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m app", description="Centralka, a virtual PBX on FreeSWITCH")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Callable[[Settings, argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(command=command)
        return sub

    add("run", _run, "lead the calls (the controller)")
    add("up", _up, "everything on this machine: a switch or the simulator, the panel and the controller")
    add("migrate", _migrate, "bring the database to the newest schema")
    add("check", _check, "look whether the settings, the database and the switch are as they should be")
    add("import", _import, "load tenants from an exchange file or an archive with one, all or nothing").add_argument(
        "file", metavar="FILE"
    )
    export = add("export", _export, "write tenants as an exchange file, with --to the recordings as well")
    export.add_argument("tenant", metavar="TENANT", nargs="?")
    export.add_argument("--to", metavar="FOLDER|FILE.zip", type=Path, help="where to; standard output has no recordings")
    return parser


def _run(settings: Settings, _: argparse.Namespace) -> int:
    bootstrap.worker(settings)
    return 0


def _up(settings: Settings, _: argparse.Namespace) -> int:
    from app.up import up  # honcho is not needed where each process is started by itself

    return up(settings)


def _migrate(settings: Settings, _: argparse.Namespace) -> int:
    for step in bootstrap.migrate(settings):
        print(step)
    return 0


def _check(settings: Settings, _: argparse.Namespace) -> int:
    findings = bootstrap.check(settings)
    for finding in findings:
        print(f"{'ok  ' if finding.good else 'BAD '} {finding.text}")
    return 0 if all(finding.good for finding in findings) else 1


def _import(settings: Settings, chosen: argparse.Namespace) -> int:
    exchange, actor = bootstrap.services(settings).exchange, Actor(None, "python -m app import")
    if chosen.file != "-" and zipfile.is_zipfile(chosen.file):
        with Path(chosen.file).open("rb") as file:
            archive = Archive(file)
            print(exchange.import_text(archive.text, actor, files=archive))
        return 0
    text = _read(chosen.file)
    if text is None:
        return 1
    folder = Path.cwd() if chosen.file == "-" else Path(chosen.file).parent
    print(exchange.import_text(text, actor, files=Folder(folder)))
    return 0


def _read(name: str) -> str | None:
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    except OSError as error:
        print(f"centralka: {name}: {error.strerror}", file=sys.stderr)
    except UnicodeDecodeError:
        print(f"centralka: {name}: not UTF-8 text", file=sys.stderr)
    return None


def _export(settings: Settings, chosen: argparse.Namespace) -> int:
    exchange = bootstrap.services(settings).exchange
    if chosen.to is None:
        sys.stdout.write(exchange.export(chosen.tenant))
        return 0
    try:
        if chosen.to.suffix == ".zip":
            with archive_at(chosen.to) as put:
                exchange.export_files(put, chosen.tenant)
        else:
            exchange.export_files(into_folder(chosen.to), chosen.tenant)
    except OSError as error:
        print(f"centralka: {chosen.to}: {error.strerror}", file=sys.stderr)
        return 1
    return 0
