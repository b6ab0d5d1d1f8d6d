"""Tables to download, as the spreadsheet of the reader's country opens them, and in his words."""

from collections.abc import Iterable

from flask import Response
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _

from admin import phrases, queue_words, words
from app.core.outcome import EndedBy, Outcome


def separator() -> str:
    """What a spreadsheet of the reader's language takes for the end of a cell: where a number has a decimal comma, as in
    Polish, Excel would put a row between commas into one cell."""
    return ";" if get_locale().number_symbols["latn"]["decimal"] == "," else ","


def sent(name: str, lines: Iterable[str]) -> Response:
    """A file to download."""
    marked = (line if index else f"\ufeff{line}" for index, line in enumerate(lines))  # else Excel spoils Polish letters
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(marked, mimetype="text/csv", headers=headers)


def said() -> dict[str, str]:
    """What stands in the table of calls as a code -> the words for it."""
    outcomes = {outcome: result.word for outcome, result in words.OUTCOMES.items()}
    ended = {EndedBy.SYSTEM: _("the exchange"), EndedBy.UNKNOWN: "", **words.ENDINGS}
    overflows = queue_words.OVERFLOWS
    reasons = {f"{Outcome.OVERFLOWED} {why}": gettext("Led on: %(why)s", why=word) for why, word in overflows.items()}
    limits = {"country": _("country that may not be called"), **words.LIMITS}
    stopped = {f"{Outcome.OVER_LIMIT} {limit}": word for limit, word in limits.items()}
    others = {phrases.WITHHELD: _("withheld number"), "waiting": _("waits")}
    return {code: str(word) for code, word in (outcomes | ended | reasons | stopped | others).items()}
