"""A queue's settings, as ``callcenter.conf`` has them."""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self

from freeswitch.simulator.channels import truth

FILE = Path(__file__).parent.parent.parent / "conf" / "configuration" / "callcenter.conf.xml"


def configuration(file: Path, settings: Mapping[str, str]) -> ElementTree.Element:
    """What the file says now; ``settings`` are its ``$${…}``. Without it there are no queues. Raises ElementTree.ParseError."""
    text = file.read_text(encoding="utf-8") if file.is_file() else "<configuration/>"
    filled = re.sub(r"\$\$\{(\w+)\}", lambda found: settings.get(found[1], ""), text)
    return ElementTree.fromstring(filled)  # noqa: S314 - our own configuration


@dataclass
class Queue:
    """The columns of ``queue list``, in its order. Times are seconds; a text that was not set is None."""

    name: str
    strategy: str = "longest-idle-agent"
    moh_sound: str | None = None
    time_base_score: str = "queue"
    tier_rules_apply: bool = False
    tier_rule_wait_second: int = 0
    tier_rule_wait_multiply_level: bool = False
    tier_rule_no_agent_no_wait: bool = True
    discard_abandoned_after: int = 60
    abandoned_resume_allowed: bool = False
    max_wait_time: int = 0
    max_wait_time_with_no_agent: int = 0
    max_wait_time_with_no_agent_time_reached: int = 5
    record_template: str | None = None
    calls_answered: int = 0
    calls_abandoned: int = 0
    ring_progressively_delay: int = 0
    skip_agents_with_external_calls: bool = True
    agent_no_answer_status: str = "On Break"
    # not listed:
    last_agent_exist: int = 0
    last_agent_exist_check: int = 0

    @classmethod
    def read(cls, element: ElementTree.Element) -> Self:
        """From ``<queue name="…"><param name="max-wait-time" value="…"/>…``; what it does not know it passes over."""
        known = {field.name.replace("_", "-"): field for field in fields(cls)}
        given: dict[str, Any] = {}
        for param in element.iterfind("param"):
            name, value = param.get("name", ""), param.get("value", "")
            if name in known and value:
                given[known[name].name] = _typed(value, known[name].type)
        return cls(element.get("name", ""), **given)

    def document(self) -> dict[str, str | int]:
        """As the JSON API has it: what is true or false is a text, and what was never set is left out."""
        values = ((name, getattr(self, name)) for name in _NAMES if name not in _NOT_IN_JSON)
        return {name: _shown(value) if isinstance(value, bool) else value for name, value in values if value is not None}

    @property
    def rings_all(self) -> bool:
        return self.strategy == "ring-all"


def _typed(value: str, kind: object) -> object:
    if kind is bool:
        return truth(value)
    return number(value) if kind is int else value


def number(text: str) -> int:
    """``atoi``."""
    digits = text.strip()
    sign = -1 if digits.startswith("-") else 1
    digits = digits.lstrip("+-")
    end = next((place for place, digit in enumerate(digits) if not digit.isdecimal()), len(digits))
    return sign * int(digits[:end] or "0")


_NAMES = [field.name for field in fields(Queue)][:-2]
_NOT_IN_JSON = ("calls_answered", "calls_abandoned", "ring_progressively_delay")


def listing(queues: list[Queue]) -> str:
    """``queue list``."""
    lines = ["|".join(_NAMES), *("|".join(_shown(getattr(queue, name)) for name in _NAMES) for queue in queues)]
    return "".join(f"{line}\n" for line in lines)


def _shown(value: object) -> str:
    if value is None:
        return "(null)"
    return str(value).lower() if isinstance(value, bool) else str(value)
