"""Search in SQLite that knows every alphabet: its own LIKE folds only ASCII, so «żab» would miss «Żabka»."""

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import islice

from peewee import SqliteDatabase


def register(database: SqliteDatabase) -> None:
    """Replace LIKE on every connection of ``database``, with and without ESCAPE.

    peewee keeps one function per name and SQLite ignores the case of a name: hence the two spellings.
    """
    database.register_function(like, "like", 2)
    database.register_function(like, "LIKE", 3)


def like(pattern: str | None, text: object, escape: str | None = None) -> bool | None:
    """SQL's ``text LIKE pattern ESCAPE escape``, ignoring case in every script. None (SQL NULL) if either side is."""
    if pattern is None or text is None:
        return None
    return _matcher(pattern, escape)(str(text).casefold())


@lru_cache(maxsize=256)
def _matcher(pattern: str, escape: str | None) -> Callable[[str], bool]:
    parts: list[str | None] = []  # literal text, or the wildcards as None (any text) and "" (any character)
    characters = iter(pattern)
    for character in characters:
        if escape and character == escape:
            parts.extend(escaped.casefold() for escaped in islice(characters, 1))
        else:
            parts.append({"%": None, "_": ""}.get(character, character.casefold()))
    inside = parts[1:-1]
    if len(parts) > 2 and parts[0] is parts[-1] is None and all(inside):
        wanted = "".join(part for part in inside if part)
        return lambda text: wanted in text  # what people search for: a call log has many rows, and this is the fastest way
    whole = re.compile("".join(_expression(part) for part in parts), re.DOTALL)
    return lambda text: whole.fullmatch(text) is not None


def _expression(part: str | None) -> str:
    return ".*" if part is None else re.escape(part) or "."
