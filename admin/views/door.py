"""The door: signing in and out, and the language one is greeted in."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_limiter import Limiter
from flask_login import login_user, logout_user

from admin.forms import SignInForm
from admin.identity import SignedIn, person
from admin.language import LANGUAGES, SESSION_KEY
from admin.security import ONE_NAME_LIMIT, SIGN_IN_LIMIT, name_tried
from app.services import Services

REFUSED = 422


def blueprint(services: Services, limiter: Limiter) -> Blueprint:
    """The only pages a stranger may open."""
    door = Blueprint("door", __name__)

    @door.get("/sign-in")
    def sign_in() -> ResponseReturnValue:
        if person() is not None:
            return redirect(url_for("home.index"))
        return render_template("sign_in.html", form=SignInForm())

    @door.post("/sign-in")
    @limiter.limit(SIGN_IN_LIMIT, deduct_when=_was_refused)
    @limiter.limit(ONE_NAME_LIMIT, key_func=name_tried, deduct_when=_was_refused)
    def open_door() -> ResponseReturnValue:
        form = SignInForm()
        user = services.users.authenticate(form.login.data, form.password.data or "")
        if user is None:
            form.password.takes_focus = True
            refused = gettext("The user name or the password is wrong.")
            return render_template("sign_in.html", form=form, refused=refused), REFUSED
        session.clear()  # nothing of before, so that a session somebody else planted is worth nothing
        session.permanent = True
        login_user(SignedIn(user))
        return redirect(_inside(request.args.get("next")))

    @door.post("/sign-out")
    def sign_out() -> ResponseReturnValue:
        logout_user()
        session.clear()
        return redirect(url_for("door.sign_in"))

    @door.post("/language")
    def language() -> ResponseReturnValue:
        if request.form.get("language") in LANGUAGES:
            session[SESSION_KEY] = request.form["language"]
        return redirect(_inside(request.form.get("next")))

    return door


def _was_refused(answer: Response) -> bool:
    return answer.status_code == REFUSED


def _inside(address: str | None) -> str:
    """The page somebody wanted, if it is one of ours; else the start page."""
    try:
        parts = urlsplit(address or "")
    except ValueError:  # «//[»: no address of any kind
        return url_for("home.index")
    # Browsers read «\» as «/», so «/\evil.example» would lead outside.
    if parts.scheme or parts.netloc or not parts.path.startswith("/") or parts.path.startswith("//") or "\\" in parts.path:
        return url_for("home.index")
    return parts._replace(fragment="").geturl()
