"""python -m tests: what `make test` runs. Says at the end what was skipped and why; exit status as pytest's."""

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

DEBIAN = {"chromium": "chromium", "baresip": "baresip-core", "sipp": "sip-tester"}  # program -> package
"""Only for stories in a browser and with real phones; all else passes without them."""


def main() -> int:
    """Install what is missing where that is allowed, then run everything."""
    _debian_packages({program: package for program, package in DEBIAN.items() if shutil.which(program) is None})
    os.chdir(Path(__file__).parent.parent)
    print(
        "Left out for their length: transfers, pickup, REFER and races on real phones. They are told by: make stories",
        flush=True,
    )
    return pytest.main(sys.argv[1:], plugins=[WhySkipped()])


class WhySkipped:
    """Says at the end what was skipped, each reason once."""

    @pytest.hookimpl
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Count the skipped stories by their reason."""
        reports = terminalreporter.stats.get("skipped", [])
        reasons = Counter(str(report.longrepr[2]).removeprefix("Skipped: ") for report in reports)
        for reason, count in reasons.most_common():
            terminalreporter.write_line(f"Skipped {count}: {reason}")


def _debian_packages(missing: dict[str, str]) -> None:
    if not missing or shutil.which("apt-get") is None:
        return
    packages = sorted(missing.values())
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if os.geteuid() != 0:
        print(f"Some stories need more programs; type once: sudo {' '.join(command)}", flush=True)
        return
    print(f"Installing {', '.join(packages)} …", flush=True)
    for step in (["apt-get", "update"], command):
        if subprocess.run(
            step, stdin=subprocess.DEVNULL, capture_output=True, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        ).returncode:
            print(f"That did not work: {' '.join(step)}. The stories that need it are skipped.", flush=True)
            return


if __name__ == "__main__":
    sys.exit(main())
