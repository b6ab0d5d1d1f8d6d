"""Phrases: macros that a file name may stand for, ``phrase:NAME:DATA`` (``freeswitch/conf/phrases.xml``).

Read in ``switch_ivr_play_say.c`` (switch_ivr_phrase_macro_event), as far as that file goes: patterns, other macros and files.
"""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

FILE = Path(__file__).parent.parent / "conf" / "phrases.xml"
MARK = "phrase:"

Expand = Callable[[str], str]


class Phrases:
    """``settings`` are its ``$${…}``. A switch without that file knows no phrases. Raises ElementTree.ParseError."""

    def __init__(self, file: Path = FILE, settings: Mapping[str, str] | None = None) -> None:
        known = settings or {}
        text = file.read_text(encoding="utf-8") if file.is_file() else "<include/>"
        root = ElementTree.fromstring(re.sub(r"\$\$\{(\w+)\}", lambda found: known.get(found[1], ""), text))  # noqa: S314
        self._macros = {macro.get("name", ""): macro for macro in root.iter("macro")}

    def files(self, name: str, expand: Expand) -> Iterator[str]:
        """The files that make up ``phrase:NAME:DATA``, each named when it is its turn."""
        macro, _, data = name.removeprefix(MARK).partition(":")
        yield from self._of(macro, data, expand)

    def _of(self, name: str, data: str, expand: Expand) -> Iterator[str]:
        macro = self._macros.get(name)
        for words in macro.iterfind("input") if macro is not None else ():
            found = re.search(words.get("pattern", ".*"), expand(data))
            if found is None:
                continue
            groups = (found[0], *found.groups())
            for action in words.iterfind("match/action"):
                given = expand(_filled(action.get("data", ""), groups))
                if action.get("function") == "phrase":
                    yield from self._of(action.get("phrase", ""), given, expand)
                elif action.get("function") == "play-file":
                    yield given


def _filled(text: str, groups: tuple[str, ...]) -> str:
    """``switch_perform_substitution``."""
    return re.sub(r"\$(\d)", lambda wanted: groups[int(wanted[1])], text)
