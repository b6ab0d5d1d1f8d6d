"""The extensions of the switch's own dialplan (``freeswitch/conf/dialplan``): what ``execute_extension`` runs.

Only what is needed of ``mod_dialplan_xml.c`` is read: extensions with conditions on ``destination_number`` or without any.
"""

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

from freeswitch.simulator.steps import Step

FOLDER = Path(__file__).parent.parent / "conf" / "dialplan"


@dataclass(frozen=True)
class Extension:
    """``pattern`` fits the numbers it is for (an expression that is searched for, not anchored)."""

    context: str
    pattern: str
    steps: tuple[Step, ...]


class Dialplan:
    """Raises OSError and ElementTree.ParseError for a folder that cannot be read."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._extensions = [extension for file in sorted(folder.glob("*.xml")) for extension in _read(file)]

    def steps(self, context: str, number: str) -> tuple[Step, ...]:
        """What the first extension that fits does; nothing when none fits."""
        for extension in self._extensions:
            if extension.context == context and re.search(extension.pattern, number):
                return extension.steps
        return ()


def _read(file: Path) -> list[Extension]:
    root = ElementTree.fromstring(f"<file>{file.read_text(encoding='utf-8')}</file>")  # noqa: S314 - our own configuration
    return [
        Extension(context.get("name", ""), condition.get("expression", ""), _steps(condition))
        for context in root.iter("context")
        for condition in context.iterfind("extension/condition")
    ]


def _steps(condition: ElementTree.Element) -> tuple[Step, ...]:
    return tuple(Step(action.get("application", ""), action.get("data")) for action in condition.iterfind("action"))
