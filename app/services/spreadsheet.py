"""Rows as CSV that a spreadsheet opens without harm."""

import csv
import io
import re
from collections.abc import Iterable, Sequence


def lines(rows: Iterable[Sequence[str]], separator: str = ",") -> str:
    """The rows as CSV, with ``separator`` between cells. No cell begins like a formula, so that a spreadsheet runs nothing a
    stranger chose as their name."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows([[_harmless(cell) for cell in row] for row in rows])
    return text.getvalue()


_BEGINNINGS = ("=", "+", "-", "@", "\t", "\r")
_INNER = re.compile(r"(?<=[;\t\r\n])(?=[=+\-@])")


def _harmless(cell: str) -> str:
    """A spreadsheet takes a cell that begins so for a formula (OWASP, «CSV Injection»). In Polish, and wherever numbers have a
    decimal comma, it begins a cell after each semicolon, too, for that is what parts the cells of its own files."""
    begins = cell.startswith(_BEGINNINGS)
    first, rest = (f"'{cell[0]}", cell[1:]) if begins else ("", cell)
    return first + _INNER.sub("'", rest)
