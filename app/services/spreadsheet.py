"""Rows as CSV that a spreadsheet opens without harm."""

import csv
import io
from collections.abc import Iterable, Sequence


def lines(rows: Iterable[Sequence[str]], separator: str = ",") -> str:
    """The rows as CSV. No cell begins like a formula, so that a spreadsheet runs nothing a stranger chose as their name."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows([[_harmless(cell) for cell in row] for row in rows])
    return text.getvalue()


def _harmless(cell: str) -> str:
    """A spreadsheet takes a cell that begins so for a formula (OWASP, «CSV Injection»)."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
