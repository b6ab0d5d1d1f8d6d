"""What the browser is told to refuse: foreign scripts, frames, cookies on cross-site requests, forged forms."""

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect

from app.config import Settings
from app.services.audio import LARGEST_FILE
from app.services.exchange_files import LARGEST_ARCHIVE

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "media-src 'self'",  # recordings to listen to
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Frame-Options": "DENY",  # for browsers that do not know frame-ancestors
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
LARGEST_FORM = 2 * 1024 * 1024
UPLOADS = {
    **dict.fromkeys(("messages.create", "messages.change", "menus.create", "menus.change"), LARGEST_FILE + LARGEST_FORM),
    **dict.fromkeys(("queues.create", "queues.change"), 2 * LARGEST_FILE + LARGEST_FORM),  # a greeting, and music
    "settings.load": LARGEST_ARCHIVE + LARGEST_FORM,
}
"""How many bytes a form with a file may have."""

SIGN_IN_LIMIT = "10 per minute; 60 per hour"  # refused attempts: a whole company may share one address
ONE_NAME_LIMIT = "30 per minute; 300 per hour"  # the same with one name, from however many addresses


def configure(app: Flask, settings: Settings) -> None:
    """Set the cookies' flags and the headers of every answer."""
    app.secret_key = settings.secret_key
    app.session_interface = _Cookies()
    app.config.update(
        SESSION_COOKIE_NAME="centralka",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.panel_url.startswith("https://"),
        PERMANENT_SESSION_LIFETIME=12 * 3600,
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        SEND_FILE_MAX_AGE_DEFAULT=365 * 24 * 3600,  # asset() gives a changed file a new address
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a form left open over lunch still saves
    )
    app.before_request(_make_room)
    app.after_request(_harden)


def _make_room() -> None:
    """Files are larger than what else is sent, and are kept on disk meanwhile. This comes before anything reads the form."""
    if request.endpoint in UPLOADS and request.mimetype == "multipart/form-data":
        request.max_content_length = UPLOADS[request.endpoint]


def _harden(response: Response) -> Response:
    response.headers.update(HEADERS)
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"  # passwords and call logs stay out of shared caches
    return response


class _Cookies(SecureCookieSessionInterface):
    """Whoever came by https keeps it: how the switch comes here (PANEL_URL) says nothing of how people do."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return super().get_cookie_secure(app) or request.is_secure


def forgery_protection(app: Flask) -> CSRFProtect:
    """Every POST of the panel needs the token of its session."""
    return CSRFProtect(app)


def limiter(app: Flask) -> Limiter:
    """Counts attempts per address. The panel is one process, so its memory is store enough."""
    return Limiter(get_remote_address, app=app, storage_uri="memory://")


def name_tried() -> str:
    """By which attempts to sign in are counted as well: nobody guesses one person's password from a thousand addresses."""
    return f"name {request.form.get('login', '').strip().casefold()[:100]}"
