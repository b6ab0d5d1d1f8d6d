"""The pages for when something is not there, not allowed, or broken: in the house's own words, never the framework's."""

from flask import Flask, render_template, request
from flask_babel import force_locale, gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from admin.identity import ask_nobody
from admin.language import chosen
from app.services.errors import DomainError


def install(app: Flask) -> None:
    """Answer every error with a page, also those the services raise for what does not exist in this tenant."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(DomainError, _domain)


def _http(error: HTTPException) -> tuple[str, int]:
    if isinstance(error, InternalServerError):
        # The database itself may be what is broken: nothing here may ask it who is reading.
        ask_nobody()
        with force_locale(chosen(None)):
            return _page(500)
    return _page(error.code or 500)


def _forged(_: CSRFError) -> tuple[str, int]:
    return _page(400)


def _domain(error: DomainError) -> tuple[str, int]:
    if error.code != "not-found":
        raise error  # a view forgot to show it at its field: that is a mistake of ours
    return _page(404)


def _page(status: int) -> tuple[str, int]:
    title, text = _sentences().get(status) or _sentences()[400 if status < 500 else 500]
    if request.headers.get("X-Requested-With") == "live":
        return "", status
    return render_template("error.html", title=title, text=text), status


def _sentences() -> dict[int, tuple[str, str]]:
    return {
        400: (
            gettext("That did not work"),
            gettext(
                "The page was open for too long, or you signed out in another window. Go back, reload the page and try again."
            ),
        ),
        403: (
            gettext("This page is not for you"),
            gettext("Your account may not open it. Ask the owner of your company's account."),
        ),
        404: (gettext("There is nothing here"), gettext("The page does not exist, or what it showed has been deleted.")),
        405: (gettext("There is nothing here"), gettext("The page does not exist, or what it showed has been deleted.")),
        409: (
            gettext("You are working elsewhere now"),
            gettext(
                "Another tenant was opened in a second window. Nothing was saved, so that nothing lands in the wrong place."
            ),
        ),
        413: (
            gettext("That is too large"),
            gettext("A recording may have up to 10 megabytes, an archive up to 100, anything else up to 2."),
        ),
        429: (gettext("Too many attempts"), gettext("Wait a minute and try again.")),
        500: (
            gettext("Something broke on our side"),
            gettext("It has been written down. Calls are not affected. Try again in a moment."),
        ),
    }
