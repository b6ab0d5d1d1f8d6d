"""Tables that are downloaded for a spreadsheet."""

from collections.abc import Iterable

from flask import Response
from flask_babel import get_locale


def separator() -> str:
    """What a spreadsheet of the reader's language takes for the end of a cell: where a number has a decimal comma, as in
    Polish, Excel would put a row between commas into one cell."""
    return ";" if get_locale().number_symbols["latn"]["decimal"] == "," else ","


def download(name: str, lines: Iterable[str]) -> Response:
    """The lines as a file with this name."""
    marked = (line if index else f"\ufeff{line}" for index, line in enumerate(lines))  # else Excel spoils Polish letters
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(marked, mimetype="text/csv", headers=headers)
