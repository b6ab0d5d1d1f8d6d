"""An exchange file's text -> plain values, and where each of them stands, so that an error can name its place and line."""

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import gevent
import yaml

from app.services.errors import DomainError, Problems

SIZE_LIMIT = 5_000_000
DEPTH_LIMIT = 24  # the deepest destination of a menu's key needs 23
SHOWN_PROBLEMS = 20
LONGEST_NUMBER = 32  # characters; YAML reads 1:30 as sixties, which takes hours for a long one, and hexadecimal to no end
MOST_PARTS = 100_000  # values, keys and brackets of one tenant's file: with a thousand phones and numbers it has 20,000
AT_ONCE = 2000  # of the file's parts are looked at before whoever else is served has his turn

Path: TypeAlias = tuple[str | int, ...]
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where PyYAML was built with it: ten times faster


@dataclass
class Parsed:
    """The file's values (dict, list, str, int, float, bool, None) and the line of each, by its path."""

    values: Any = None
    lines: dict[Path, int] = field(default_factory=dict)

    def place(self, path: Path) -> str:
        """How a person finds it: ``tenants[0].accounts[1].login (line 7)``; of something missing, the line of what lacks it."""
        known = path
        while known and known not in self.lines:
            known = known[:-1]
        line = f" (line {self.lines[known]})" if known in self.lines else ""
        return f"{spelled(path)}{line}"


def spelled(path: Path) -> str:
    """A path as one word."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text or "the file"


def refuse_all(problems: list[DomainError]) -> None:
    """Raise what is wrong, if anything; of a hopeless file the first twenty."""
    if problems:
        raise Problems(problems[:SHOWN_PROBLEMS])


def parse(text: str, parts: int | None = None) -> Parsed:
    """Read YAML or JSON. Raises Problems: unreadable, too big, too deep, references, a key twice, of more than ``parts``.

    Only plain values are accepted: no tags that make objects, no references that make ten lines a billion.
    """
    if len(text) > SIZE_LIMIT:
        raise Problems([DomainError("file-too-big", limit=SIZE_LIMIT)])
    text = text.removeprefix("\ufeff")
    try:
        _inspect(text, parts)
        root = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        _refuse_more_than(parts, text.count(","))
        values = _json(text)
        if values is None:
            raise Problems([_unreadable(error)]) from None
        return Parsed(values)
    reader = _Reader()
    parsed = Parsed(reader.value(root, ()) if root is not None else None, reader.lines)
    refuse_all(reader.problems)
    return parsed


def _inspect(text: str, parts: int | None) -> None:
    """Look at the file's events, which takes no recursion, before anything is built from them."""
    depth = 0
    for number, event in enumerate(yaml.parse(text, Loader=_Loader)):
        _give_way(number)
        _refuse_more_than(parts, number)
        place = f"line {event.start_mark.line + 1}" if event.start_mark else "the file"
        if isinstance(event, yaml.AliasEvent):
            raise Problems([DomainError("file-alias", place=place)])
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEPTH_LIMIT:
                raise Problems([DomainError("file-too-deep", place=place)])
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _refuse_more_than(parts: int | None, number: int) -> None:
    if parts is not None and number > parts:
        raise Problems([DomainError("file-too-long", limit=parts)])


def _give_way(number: int) -> None:
    """A large file takes long, in a process that the switch asks for its accounts, too."""
    if number % AT_ONCE == 0:
        gevent.sleep(0)


def _json(text: str) -> Any:
    """JSON that is no YAML (tabs, pairs of surrogates), or None. Its places have no lines."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        repeated = [key for key, times in Counter(key for key, _ in pairs).items() if times > 1]
        if repeated:
            raise Problems([DomainError("file-repeated-key", place=key) for key in sorted(repeated)])
        return dict(pairs)

    try:
        values = json.loads(text, object_pairs_hook=once)
        json.dumps(values, ensure_ascii=False).encode()  # half a surrogate pair is a UnicodeError, which is a ValueError
    except (ValueError, RecursionError):
        return None
    return values


def _unreadable(error: yaml.YAMLError) -> DomainError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    reason = getattr(error, "problem", None) or getattr(error, "context", None) or str(error)
    place = f"line {mark.line + 1}" if mark else "the file"
    return DomainError("file-unreadable", place=place, reason=" ".join(reason.split()))


class _Reader:
    """Builds the values of a node, notes their lines, and collects what it cannot accept."""

    def __init__(self) -> None:
        self.lines: dict[Path, int] = {}
        self.problems: list[DomainError] = []
        self._scalars = yaml.SafeLoader("")

    def value(self, node: yaml.Node, path: Path) -> Any:
        """What the node says. It is no deeper than DEPTH_LIMIT, so recursion is safe."""
        self.lines.setdefault(path, node.start_mark.line + 1)
        _give_way(len(self.lines))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
        return self._scalar(node, path)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if key_node.tag != f"{_TAG}str":
                self._complain_of("value-key", key_node, path)
                continue
            key: str = key_node.value
            if key in values:
                self._complain("file-repeated-key", key_node, (*path, key))
                continue
            self.lines[(*path, key)] = key_node.start_mark.line + 1
            values[key] = self.value(value_node, (*path, key))
        return values

    def _scalar(self, node: yaml.Node, path: Path) -> Any:
        if node.tag == f"{_TAG}timestamp":
            return node.value  # a date is text here, as it is in JSON
        if node.tag not in _SCALARS:
            self._complain_of("value-tag", node, path, tag=node.tag)
            return None
        try:
            if node.tag in _NUMBERS and len(node.value) > LONGEST_NUMBER:
                raise ValueError(node.tag)
            return self._scalars.construct_object(node)
        except (ValueError, OverflowError):
            self._complain_of("value-number", node, path)
            return None

    def _complain_of(self, value: str, node: yaml.Node, path: Path, **params: str) -> None:
        self.problems.append(DomainError("file-value", place=_there(node, path), reason=DomainError(value, None, **params)))

    def _complain(self, code: str, node: yaml.Node, path: Path) -> None:
        self.problems.append(DomainError(code, place=_there(node, path)))


def _there(node: yaml.Node, path: Path) -> str:
    return f"{spelled(path)} (line {node.start_mark.line + 1})"


_TAG = "tag:yaml.org,2002:"
_NUMBERS = frozenset((f"{_TAG}int", f"{_TAG}float"))
_SCALARS = frozenset(_TAG + name for name in ("str", "int", "float", "bool", "null"))
