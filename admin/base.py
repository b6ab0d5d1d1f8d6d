"""What every page of the panel shares: who may see it, in which tenant it works, and how its forms speak.

The pages are flask-admin views, because its menu and its blueprints are good; its scaffolded lists and forms are not used,
since they reach beyond one tenant (``get_one``, actions, filters shared by all users) and delete recursively.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, TypeAlias

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import BaseView
from flask_babel import LazyString
from flask_wtf import FlaskForm

from admin import problems
from admin.destinations.field import refused
from admin.identity import person, working_tenant
from app.services import Services
from app.services.errors import DomainError, NotFound
from app.services.users import UserRole

EVERYBODY = frozenset(UserRole)
MANAGERS = frozenset({UserRole.OPERATOR, UserRole.OWNER})
OPERATORS = frozenset({UserRole.OPERATOR})


class PanelView(BaseView):
    """One page, or the few pages of one noun. ``roles`` may open it; ``icon`` stands beside its name in the menu."""

    roles: frozenset[UserRole] = frozenset()
    icon = ""
    short: str | LazyString = ""  # its name where there is little room
    in_menu = True
    belongs_to = ""  # the endpoint whose entry in the menu is marked while this page is open; its own if empty
    starts_group = False

    def __init__(self, services: Services, name: str | LazyString, endpoint: str, url: str) -> None:
        super().__init__(name=name, endpoint=endpoint, url=url, menu_icon_value=self.icon)
        self.services = services

    def is_accessible(self) -> bool:
        user = person()
        return user is not None and user.role in self.roles

    def is_visible(self) -> bool:
        return self.in_menu

    def inaccessible_callback(self, *_: Any, **__: Any) -> ResponseReturnValue:
        """A stranger is asked to sign in and comes back here; somebody signed in may not go here."""
        if person() is not None:
            abort(403)
        return redirect(url_for("door.sign_in", next=request.full_path if request.method == "GET" else None))

    def _run_view(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """flask-admin calls a view a second time when it raises a TypeError, which hides our mistakes."""
        return fn(self, *args, **kwargs)


class TenantView(PanelView):
    """A page inside one tenant. ``self.tenant`` goes first into every call of a service."""

    def is_visible(self) -> bool:
        return self.in_menu and working_tenant(self.services) is not None

    def _handle_view(self, name: str, **kwargs: Any) -> ResponseReturnValue | None:
        refusal = super()._handle_view(name, **kwargs)
        if refusal is not None:
            return refusal
        tenant = working_tenant(self.services)
        if tenant is None:
            return redirect(url_for("tenants.index"))
        # An operator may have opened another tenant in a second window: what was typed for one is not saved in the other.
        if request.form.get("working_in", str(tenant.id)) != str(tenant.id):
            abort(409)
        return None

    @property
    def tenant(self) -> int:
        """The id of the tenant this request works in."""
        tenant = working_tenant(self.services)
        if tenant is None:
            raise RuntimeError("outside of any tenant")
        return int(tenant.id)


Page: TypeAlias = Callable[..., ResponseReturnValue]


def managers_only(page: Page) -> Page:
    """One page of a view that others may see only in part: for owners and operators."""
    return _only(MANAGERS, page)


def operators_only(page: Page) -> Page:
    """One page of a view whose other pages owners may open as well."""
    return _only(OPERATORS, page)


def _only(roles: frozenset[UserRole], page: Page) -> Page:
    @wraps(page)
    def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        user = person()
        if user is None or user.role not in roles:
            abort(403)
        return page(*args, **kwargs)

    return guarded


def saved(text: str, warnings: Iterable[str] = ()) -> None:
    """Say on the next page what happened and what to do next."""
    flash(text, "good")
    for warning in warnings:
        flash(warning, "warn")


def show(error: DomainError, form: FlaskForm) -> None:
    """Put what a service refused beside the field it is about; the first of them gets the focus."""
    if isinstance(error, NotFound):
        raise error  # what the form is about is gone: that is a page of its own
    for problem in error.errors:
        if not refused(form, problem):
            _put(problem, form)
    for field in form:
        if field.errors:
            field.takes_focus = True
            break


def _put(problem: DomainError, form: FlaskForm) -> None:
    """A field that the services call ``limits.countries`` may be called ``countries`` in its form."""
    whole = problem.field or ""
    name = whole if whole in form else whole.rpartition(".")[2]
    if name in form:
        form[name].errors = [*form[name].errors, problems.sentence(problem)]
    else:
        form.problem = problems.sentence(problem)
