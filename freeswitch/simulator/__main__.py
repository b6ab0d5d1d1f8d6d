"""``python -m freeswitch.simulator``: a FreeSWITCH to try things with, where there is none.

Each option may also stand in the environment (SIMULATOR_LISTEN, _PASSWORD, _DOMAIN, _PANEL_URL, _SECRET), where other
users of the machine cannot read it.
"""

import argparse
import logging
import os
import signal
import sys

import gevent
from gevent.event import Event

from freeswitch.simulator import Simulator
from freeswitch.simulator.panel import Panel

log = logging.getLogger("freeswitch.simulator")

_LEVELS = ("debug", "info", "warning", "error")


def main(arguments: list[str]) -> int:
    """Run until told to stop. 1 and one line when it cannot."""
    options = _options(arguments)
    logging.basicConfig(level=options.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        panel = Panel(options.panel_url, options.secret, options.domain) if options.panel_url else None
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    kept = {} if panel is None else panel.serves()
    simulator = Simulator(options.host, options.port, options.password, options.domain, **kept)
    try:
        simulator.start()
    except OSError as error:
        print(f"cannot listen on {options.host}:{options.port}: {_reason(error)}", file=sys.stderr)
        return 1
    log.info("the simulator listens on %s:%s", options.host, simulator.port)
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        gevent.signal_handler(number, stop.set)
    stop.wait()
    simulator.stop()
    return 0


def _reason(error: OSError) -> str:
    return os.strerror(error.errno) if error.errno else str(error)


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m freeswitch.simulator", description=__doc__)
    host, _, port = os.environ.get("SIMULATOR_LISTEN", "127.0.0.1:8021").rpartition(":")
    parser.add_argument("--host", default=host)
    parser.add_argument("--port", type=_port, default=port)
    parser.add_argument("--password", default=os.environ.get("SIMULATOR_PASSWORD", "ClueCon"))
    parser.add_argument("--domain", default=os.environ.get("SIMULATOR_DOMAIN", "127.0.0.1"))
    parser.add_argument("--panel-url", default=os.environ.get("SIMULATOR_PANEL_URL", ""), help="whom to ask for accounts")
    parser.add_argument("--secret", default=os.environ.get("SIMULATOR_SECRET", ""), help="the secret shared with the panel")
    parser.add_argument("--log-level", default=os.environ.get("LOG_LEVEL", "info"), type=str.lower, choices=_LEVELS)
    return parser.parse_args(arguments)


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port")
    return int(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
