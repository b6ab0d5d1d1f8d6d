"""What may stand in an address or in a form where a row's id is expected."""

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter

HIGHEST_ID = 2**31 - 1
"""The largest id a table has; a database refuses to be asked for more."""


class RowId(IntegerConverter):
    """``<int:…>`` in an address: anything larger is an address that does not exist."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max": HIGHEST_ID, **kwargs})


def install(app: Flask) -> None:
    """Must come before the first page is added."""
    app.url_map.converters["int"] = RowId


def row_id(text: object) -> int | None:
    """The id in a form; None for nothing chosen and for nonsense."""
    digits = str(text)
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 11 and int(digits) <= HIGHEST_ID else None
