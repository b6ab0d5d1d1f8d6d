"""A PostgreSQL server for the length of a test session: its own folder, a unix socket and nothing else."""

import getpass
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg


def why_not() -> str | None:
    """Why no server can be started here, or None."""
    if _binaries() is None:
        return "no PostgreSQL here (neither initdb on PATH nor in /usr/lib/postgresql)"
    if os.geteuid() == 0 and _servant() is None:
        return "PostgreSQL refuses to run as root, and there is no user postgres or nobody to run it as"
    return None


class Cluster:
    """One server; `fresh` gives an empty database of its own to each test."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short: the path of a unix socket has 107 bytes at most
        self._user = _servant() if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(self._folder, self._user)
        self._count = 0

    def start(self) -> None:
        binaries = _binaries()
        assert binaries is not None
        data = str(self._folder / "data")
        init = [binaries / "initdb", "-D", data, "-U", "tester", "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust", "-N"]
        subprocess.run(init, check=True, capture_output=True, user=self._user, cwd="/")
        options = ["-c", "listen_addresses=", "-c", "fsync=off", "-k", str(self._folder)]
        self._server = subprocess.Popen(
            [binaries / "postgres", "-D", data, *options], stderr=subprocess.DEVNULL, user=self._user, cwd="/"
        )
        ready = [binaries / "pg_isready", "-h", str(self._folder), "-t", "1", "-q"]
        for _ in range(100):
            if subprocess.run(ready, check=False).returncode == 0:
                return
            self._server.poll()
            if self._server.returncode is not None or not _waited(self._server):
                break
        self.stop()
        raise RuntimeError("PostgreSQL did not start")

    def stop(self) -> None:
        self._server.terminate()  # SIGTERM: clients are not waited for longer than they take
        try:
            self._server.wait(2)
        except subprocess.TimeoutExpired:
            self._server.send_signal(2)  # SIGINT: «fast», clients are cut off
            self._server.wait(10)
        shutil.rmtree(self._folder, ignore_errors=True)

    def fresh(self) -> str:
        """The DATABASE_URL of an empty database."""
        self._count += 1
        name = f"test{self._count}"
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self._url(name)

    def _url(self, name: str) -> str:
        return f"postgresql:///{name}?host={self._folder}&user=tester"


def _waited(server: subprocess.Popen[bytes]) -> bool:
    """Give the server a tenth of a second; whether it still lives."""
    try:
        server.wait(0.1)
    except subprocess.TimeoutExpired:
        return True
    return False


def _binaries() -> Path | None:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb")
    if found:
        folders.append(Path(found).resolve().parent)
    return next((folder for folder in folders if (folder / "postgres").exists() and (folder / "initdb").exists()), None)


def _servant() -> str | None:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in names and name != getpass.getuser()), None)
