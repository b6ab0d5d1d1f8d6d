"""python -m tests: what `make test` runs. Says at the end what was skipped and why; exit status as pytest's."""

import os
import sys
from collections import Counter
from pathlib import Path

import pytest

from app import debian

DEBIAN = {"chromium": "chromium", "baresip": "baresip-core", "sipp": "sip-tester", "espeak-ng": "espeak-ng"}
"""Program -> package. Only for stories in a browser, with real phones and with a real voice; all else passes without them."""

WORKERS = 4  # more than there are cores: people with phones wait most of their time
AT_ONCE = ("-n", str(WORKERS), "--dist", "loadfile", "--no-loadscope-reorder")
ORDER = ("tests/contract", "tests/freeswitch", "tests")  # what waits for telephones first, then what keeps the cores busy


def main() -> int:
    """Install what is missing where that is allowed, then run everything."""
    debian.provide(DEBIAN, "some of the stories")
    os.chdir(Path(__file__).parent.parent)
    print(
        "Left out for their length: keys pressed in races, kills, REFER, long waits and random people. Told by: make stories",
        flush=True,
    )
    return pytest.main([*AT_ONCE, *(sys.argv[1:] or ORDER)], plugins=[WhySkipped()])


class WhySkipped:
    """Says at the end what was skipped, each reason once."""

    @pytest.hookimpl
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Count the skipped stories by their reason."""
        reports = terminalreporter.stats.get("skipped", [])
        reasons = Counter(str(report.longrepr[2]).removeprefix("Skipped: ") for report in reports)
        for reason, count in reasons.most_common():
            terminalreporter.write_line(f"Skipped {count}: {reason}")


if __name__ == "__main__":
    sys.exit(main())
