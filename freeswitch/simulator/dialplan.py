"""The switch's own dialplan (``freeswitch/conf/dialplan``): what a new call runs, and what ``execute_extension`` does.

Only what is needed of ``mod_dialplan_xml.c`` is read: extensions whose conditions, on ``destination_number``, on what holds
``${a variable}``, or on nothing, must all hold; ``$1`` in an argument is what the first pair of brackets of its own has found.
"""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from freeswitch.simulator.steps import Step

FOLDER = Path(__file__).parent.parent / "conf" / "dialplan"
NUMBER = "destination_number"

Get = Callable[[str], str]


@dataclass(frozen=True)
class Condition:
    """``pattern`` fits the values of ``field`` it is for (an expression that is searched for, not anchored)."""

    field: str
    pattern: str
    steps: tuple[Step, ...]

    def run(self, number: str, get: Get) -> tuple[Step, ...] | None:
        """What it does, or None if it does not hold for this call."""
        value = number if self.field in ("", NUMBER) else re.sub(r"\$\{(\w+)\}", lambda named: get(named[1]), self.field)
        found = re.search(self.pattern, value)
        if found is None:
            return None
        return tuple(_filled(step, found) for step in self.steps)


@dataclass(frozen=True)
class Extension:
    """For calls of one context for which all its conditions hold."""

    context: str
    conditions: tuple[Condition, ...]

    def run(self, number: str, get: Get) -> tuple[Step, ...] | None:
        """What it does, or None if it is not for this call."""
        done = [condition.run(number, get) for condition in self.conditions]
        return None if None in done else tuple(step for steps in done for step in steps or ())


class Dialplan:
    """Raises OSError and ElementTree.ParseError for a folder that cannot be read. ``settings`` are its ``$${…}``."""

    def __init__(self, folder: Path = FOLDER, settings: Mapping[str, str] | None = None) -> None:
        files = sorted(folder.glob("*.xml"))
        self._extensions = [extension for file in files for extension in _read(file, settings or {})]

    def steps(self, context: str, number: str, get: Get = lambda _: "") -> tuple[Step, ...]:
        """What the first extension that fits does; nothing when none fits. ``get`` knows the leg's variables."""
        for extension in self._extensions:
            if extension.context == context and (steps := extension.run(number, get)) is not None:
                return steps
        return ()


def _read(file: Path, settings: Mapping[str, str]) -> list[Extension]:
    text = re.sub(r"\$\$\{(\w+)\}", lambda found: settings.get(found[1], ""), file.read_text(encoding="utf-8"))
    root = ElementTree.fromstring(f"<file>{text}</file>")  # noqa: S314 - our own configuration
    return [
        Extension(context.get("name", ""), tuple(_condition(each) for each in extension.iterfind("condition")))
        for context in root.iter("context")
        for extension in context.iterfind("extension")
    ]


def _condition(element: ElementTree.Element) -> Condition:
    return Condition(element.get("field", ""), element.get("expression", ""), _steps(element))


def _steps(condition: ElementTree.Element) -> tuple[Step, ...]:
    return tuple(Step(action.get("application", ""), action.get("data")) for action in condition.iterfind("action"))


def _filled(step: Step, found: re.Match[str]) -> Step:
    """``switch_perform_substitution``: a number that no bracket has stays as it is."""
    if step.argument is None:
        return step
    groups = {str(number): text or "" for number, text in enumerate(found.groups(), 1)}
    return Step(step.application, re.sub(r"\$(\d)", lambda wanted: groups.get(wanted[1], wanted[0]), step.argument))
