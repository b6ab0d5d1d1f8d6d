"""python -m admin: the panel's process, served by gunicorn with greenlets.

It listens on 127.0.0.1 only, because sign-in belongs behind https: put a reverse proxy before it. On a host that gives each
process a PORT and routes to it from outside (it sets DYNO), it listens everywhere. Either way it believes the one before it who
asks, or else one stranger's wrong passwords would lock out everybody.
"""

from gevent import monkey

monkey.patch_all()  # before anything imports peewee, psycopg or ssl: their waiting must yield to the other greenlets

import argparse  # noqa: E402
import logging  # noqa: E402
import os  # noqa: E402
import sys  # noqa: E402

from flask import Flask  # noqa: E402
from gunicorn.app.base import BaseApplication  # noqa: E402
from gunicorn.arbiter import Arbiter  # noqa: E402
from werkzeug.middleware.proxy_fix import ProxyFix  # noqa: E402

from app import bootstrap, config  # noqa: E402
from app.config import Settings, SettingsError  # noqa: E402
from app.services import Services  # noqa: E402
from app.store import StoreError  # noqa: E402


class Panel(BaseApplication):
    """Gunicorn, told everything by us and nothing by its command line or a configuration file."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._hosted = "DYNO" in os.environ
        super().__init__()

    def load_config(self) -> None:
        host = "0.0.0.0" if self._hosted else "127.0.0.1"  # noqa: S104 - the host's router stands before it
        options = {
            "bind": f"{host}:{self._settings.port}",
            "workers": 1,  # live pages, rate limits and one-time passwords live in one process
            "worker_class": "gevent",
            "worker_connections": 1000,
            "graceful_timeout": 3,  # open event streams would otherwise hold up every restart
            "control_socket_disable": True,
            "loglevel": self._settings.log_level,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Called in the worker, after the fork: a database connection must not be carried across one."""
        try:
            app = bootstrap.web(self._settings)
            _announce_operator(app.extensions["services"])
        except StoreError as error:
            print(f"centralka: {error}", file=sys.stderr, flush=True)
            sys.exit(Arbiter.WORKER_BOOT_ERROR)  # gunicorn then stops instead of trying forever
        app.wsgi_app = ProxyFix(app.wsgi_app)  # type: ignore[method-assign]
        return app


def main() -> int:
    """Serve until told to stop; 1 when a setting or the database does not allow it."""
    argparse.ArgumentParser(prog="python -m admin", description="the panel").parse_args()  # the environment tells the rest
    try:
        settings = config.read()
    except SettingsError as error:
        print(f"centralka: {error}", file=sys.stderr)
        return 1
    logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    Panel(settings).run()
    return 0


def _announce_operator(services: Services) -> None:
    """At the very first start, unless `make run` has done so already."""
    made = services.users.ensure_operator()
    if made:
        print(f"Sign in as {made[0]} with the password {made[1]} (shown only now)", flush=True)


if __name__ == "__main__":
    sys.exit(main())
