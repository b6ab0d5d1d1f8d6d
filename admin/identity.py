"""Who is signed in, and in whose house they work.

A session names the person and the version of the password it was opened with: a new password ends every other session.
An operator chooses the tenant to work in; everybody else has exactly one.
"""

from flask import Flask, g, session
from flask_login import LoginManager, UserMixin, current_user

from app.services import Services
from app.services.actor import Actor
from app.services.errors import NotFound
from app.services.models import Tenant, User
from app.services.users import UserRole

TENANT_KEY = "tenant"


class SignedIn(UserMixin):
    """The person behind a session, as flask-login wants it."""

    def __init__(self, user: User) -> None:
        self.user = user

    def get_id(self) -> str:
        """What the session cookie carries."""
        return f"{self.user.id}.{self.user.version}"


def install(app: Flask, services: Services) -> None:
    """Teach flask-login to find people by the session's text."""
    manager = LoginManager()
    manager.init_app(app, add_context_processor=False)  # an error page must not look up who is signed in
    manager.session_protection = "basic"  # «strong» would sign out every mobile phone that changes its network

    @manager.user_loader
    def load(text: str) -> SignedIn | None:
        number, _, version = text.partition(".")
        user = services.users.by_id(int(number)) if number.isdecimal() else None
        return SignedIn(user) if user and str(user.version) == version else None


def person() -> User | None:
    """Who is signed in, or None."""
    if g.get("nobody"):
        return None
    return current_user.user if current_user and current_user.is_authenticated else None


def ask_nobody() -> None:
    """For the rest of this request, do not look up who is signed in: the looking up may be what is broken."""
    g.nobody = True


def actor() -> Actor:
    """The signed-in person as the change log names them. Only for pages that require one."""
    user = person()
    if user is None:
        raise RuntimeError("nobody is signed in")
    return Actor(user.id, user.name, is_operator=user.role == UserRole.OPERATOR)


def enter(tenant: int | None) -> None:
    """Remember which tenant an operator works in; None leaves it."""
    session[TENANT_KEY] = tenant
    g.pop("tenant", None)


def working_tenant(services: Services) -> Tenant | None:
    """The person's own tenant; for an operator the chosen one, as long as it exists. Asked once per request."""
    if "tenant" not in g:
        g.tenant = _look_up(services)
    found: Tenant | None = g.tenant
    return found


def _look_up(services: Services) -> Tenant | None:
    user = person()
    number = None if user is None else user.tenant_id or session.get(TENANT_KEY)
    if number is None:
        return None
    try:
        return services.tenants.get(number)
    except NotFound:
        session.pop(TENANT_KEY, None)
        return None
