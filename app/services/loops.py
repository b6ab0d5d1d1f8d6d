"""Numbers that lead in a circle: a caller would go round until he is cut off, so they are refused when saved.

The keys of a menu or a queue may lead back to where he came from, because a person chooses them; what becomes of him without
a choice may not.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from app.core.destinations import Destination
from app.services.destinations import named

Node: TypeAlias = tuple[str, str]
"""A kind of destination, and the number or name of one of it."""

_PASSED_THROUGH = frozenset({"extension", "city", "ivr", "queue"})


@dataclass(frozen=True)
class Ways:
    """Where everything of a tenant leads by itself: internal numbers and city numbers by number; menus, without a choice or
    after a wrong one, and queues, whom nobody there takes, by name."""

    extensions: Mapping[str, Destination] = field(default_factory=dict)
    cities: Mapping[str, Destination] = field(default_factory=dict)
    menus: Mapping[str, Iterable[Destination]] = field(default_factory=dict)
    queues: Mapping[str, Iterable[Destination]] = field(default_factory=dict)

    def onward(self, node: Node) -> Iterator[Node]:
        """What a call can come to next from there."""
        kind, name = node
        if kind in ("ivr", "queue"):
            destinations = tuple((self.menus if kind == "ivr" else self.queues).get(name, ()))
        else:
            one = (self.extensions if kind == "extension" else self.cities).get(name)
            destinations = () if one is None else (one,)
        named_there = (self._own(one) for to in destinations for one in named(to))
        return (one for one in named_there if one[0] in _PASSED_THROUGH)

    def _own(self, node: Node) -> Node:
        """An external number that is one of the tenant's own is led there directly."""
        kind, name = node
        return ("city", name) if kind == "external" and name in self.cities else node

    def all(self) -> list[Node]:
        """Every place a call can pass through, in a fixed order."""
        of = {"extension": self.extensions, "city": self.cities, "ivr": self.menus, "queue": self.queues}
        return [(kind, name) for kind, names in of.items() for name in sorted(names)]


def find(ways: Ways) -> tuple[Node, ...]:
    """The places of a circle, in the order in which a call would pass them; empty if there is none."""
    harmless: set[Node] = set()
    for start in ways.all():
        if circle := _walk(ways, start, harmless):
            return circle
    return ()


def _walk(ways: Ways, start: Node, harmless: set[Node]) -> tuple[Node, ...]:
    """Go every way from ``start``, without recursion, as a chain may be as long as a tenant has numbers."""
    path: list[Node] = []
    ahead: list[Iterator[Node]] = [iter([start])]
    while ahead:
        node = next(ahead[-1], None)
        if node is None:
            ahead.pop()
            if path:
                harmless.add(path.pop())
        elif node in path:
            return tuple(path[path.index(node) :])
        elif node not in harmless:
            path.append(node)
            ahead.append(ways.onward(node))
    return ()
