"""python -m freeswitch: a private FreeSWITCH in the foreground, for `make run` and for a switch on a machine of its own."""

import argparse
import logging
import signal
import sys
from types import FrameType

from app.config import SettingsError, read
from freeswitch.installation import LaunchError
from freeswitch.launcher import PrivateSwitch
from freeswitch.undelivered import deliver

DELIVERY_SECONDS = 30.0


def main() -> int:
    """Run until told to stop (exit code 0), or until FreeSWITCH ends by itself or cannot start (1)."""
    argparse.ArgumentParser(prog="python -m freeswitch", description=__doc__).parse_args()  # the environment tells the rest
    try:
        settings = read()
        logging.basicConfig(level=settings.log_level.upper(), format="%(name)s: %(message)s")
        switch = PrivateSwitch(settings)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _end)
        try:
            folder = switch.start()
            switch.wait_ready()
            print(f"FreeSWITCH is ready: phones at {settings.sip_ip}:{settings.sip_port}, log in {folder.log}", flush=True)
            while switch.wait(DELIVERY_SECONDS) is None:
                deliver(folder.undelivered, settings)
        finally:
            switch.stop()
    except (SettingsError, LaunchError) as error:
        print(f"freeswitch: {error}", file=sys.stderr)
        return 1
    print(f"freeswitch: FreeSWITCH ended by itself, exit code {switch.exit_code()}; see {folder.log}", file=sys.stderr)
    return 1


def _end(_number: int, _frame: FrameType | None) -> None:
    """Asked to stop: leave by way of ``finally``, and don't listen to impatience while FreeSWITCH says goodbye."""
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, signal.SIG_IGN)
    raise SystemExit(0)


if __name__ == "__main__":
    sys.exit(main())
