"""Ends of calls that the panel's process did not take, told again until it does.

mod_json_cdr tries once and then leaves the report as a file (conf/configuration/json_cdr.conf.xml); whoever runs the switch
brings the files on their way once the panel is back.
"""

import base64
import logging
import urllib.error
import urllib.request
from pathlib import Path

from app.config import Settings

log = logging.getLogger(__name__)

SECONDS = 5.0


def deliver(folder: Path, settings: Settings) -> int:
    """Report every file in ``folder`` and remove it; how many were taken. Ends early while the panel does not answer.

    A report that the panel refuses for what it says (400) is kept under another name, for whoever looks for the reason.
    """
    taken = 0
    for file in sorted(folder.glob("*.cdr.json")):
        try:
            _report(file.read_bytes(), settings)
        except urllib.error.HTTPError as refusal:
            refusal.close()
            if refusal.code != 400:
                log.warning("the panel does not take ends of calls: %s", refusal)
                break
            file.rename(file.with_suffix(".refused"))
        except OSError as error:
            log.info("the panel does not answer; %s stays for later: %s", file.name, error)
            break
        else:
            file.unlink()
            taken += 1
    return taken


def _report(body: bytes, settings: Settings) -> None:
    credentials = base64.b64encode(f"switch:{settings.lookup_secret}".encode()).decode()
    headers = {"Authorization": f"Basic {credentials}", "Content-Type": "application/json"}
    # Only http and https: config.py has looked at the address.
    request = urllib.request.Request(f"{settings.panel_url}/switch/ended", body, headers)  # noqa: S310
    with urllib.request.urlopen(request, timeout=SECONDS):  # noqa: S310
        pass
