"""python -m tests.states: writes the table of a call's states into the README, from the code's own table of transitions."""

import re
import sys
from pathlib import Path
from typing import get_args

from app.core import states
from app.core.call import SUBJECTS
from app.core.table import TRANSITIONS

README = Path(__file__).parent.parent / "README.md"
PLACE = re.compile(r"(<!-- states -->\n).*?(<!-- /states -->)", re.DOTALL)


def table() -> str:
    """One row per state: what is true in it, and what it listens to."""
    assert SUBJECTS  # importing them has filled the table
    rows = ["| state | what is true in it | what changes it |", "|---|---|---|"]
    for state in get_args(states.State):
        events = [event.__name__ for left, event in TRANSITIONS if left is state]
        truth = " ".join((state.__doc__ or "").partition("\n\n")[0].replace("``", "`").split())
        rows.append(f"| **{state.__name__}** | {truth} | {', '.join(sorted(events)) or 'nothing'} |")
    return "\n".join(rows) + "\n"


def with_table(text: str) -> str:
    """The README with the table as it should be."""
    return PLACE.sub(lambda place: place[1] + table() + place[2], text)


if __name__ == "__main__":
    README.write_text(with_table(README.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write("README.md is up to date\n")
