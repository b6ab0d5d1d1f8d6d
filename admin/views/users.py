"""People: who may sign in to a tenant's panel and as what, and the provider's own operators."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import LazyString, gettext
from flask_login import login_user
from wtforms.fields.choices import SelectChoice

from admin import problems, words
from admin.base import MANAGERS, OPERATORS, PanelView, TenantView, saved, show
from admin.forms import UserForm
from admin.identity import SignedIn, actor
from admin.once import SeenOnce
from app.services import Services
from app.services.errors import DomainError
from app.services.users import NewUser, UserRole


class PeopleView(PanelView):
    """People of one kind: ``whose`` they are, what they may be, and how the pages speak of them.

    Passwords are made up and shown once.
    """

    icon = "user"
    in_menu = False
    offered: tuple[UserRole, ...] = ()

    @property
    def whose(self) -> int | None:
        """The tenant's id, None for the provider's operators."""
        raise NotImplementedError

    def __init__(self, services: Services, name: str | LazyString, endpoint: str, url: str) -> None:
        super().__init__(services, name, endpoint, url)
        self._passwords: SeenOnce[NewUser] = SeenOnce()

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """Everybody."""
        return self.render("users.html", rows=self.services.users.list(self.whose))

    @expose("/new")
    def new(self) -> ResponseReturnValue:
        """An empty form."""
        return self._page(None, UserForm(role=self.offered[-1]))

    @expose("/new", methods=["POST"])
    def create(self) -> ResponseReturnValue:
        """Make the person and show the password, once."""
        form = UserForm()
        try:
            made = self.services.users.create(actor(), self.whose, form.login.data, form.name.data, form.role.data or "")
        except DomainError as error:
            show(error, form)
            return self._page(None, form), 422
        return self._show_password(made)

    @expose("/<int:number>")
    def edit(self, number: int) -> ResponseReturnValue:
        """Name and role of one."""
        row = self.services.users.get(self.whose, number)
        return self._page(number, UserForm(name=row.name, login=row.login, role=row.role))

    @expose("/<int:number>", methods=["POST"])
    def change(self, number: int) -> ResponseReturnValue:
        """Store them."""
        form = UserForm()
        try:
            self.services.users.change(actor(), self.whose, number, name=form.name.data, role=form.role.data or "")
        except DomainError as error:
            show(error, form)
            return self._page(number, form), 422
        saved(gettext("Saved."))
        return redirect(url_for(".index"))

    @expose("/<int:number>/password")
    def password(self, number: int) -> ResponseReturnValue:
        """The new password, on the first look only."""
        row = self.services.users.get(self.whose, number)
        made = self._passwords.take((actor().user_id, row.id), request.args.get("key", ""))
        return self.render("user_password.html", row=row, made=made)

    @expose("/<int:number>/reset", methods=["POST"])
    def reset(self, number: int) -> ResponseReturnValue:
        """Make a new password for somebody who forgot theirs."""
        made = self.services.users.reset_password(actor(), self.whose, number)
        if made.user.id == actor().user_id:
            login_user(SignedIn(made.user))  # else one's own new password would end this very session, unseen
        return self._show_password(made)

    @expose("/<int:number>/delete")
    def consequence(self, number: int) -> ResponseReturnValue:
        """What deleting them would mean."""
        return self.render("user_delete.html", row=self.services.users.get(self.whose, number), problem=None)

    @expose("/<int:number>/delete", methods=["POST"])
    def delete(self, number: int) -> ResponseReturnValue:
        """Delete them."""
        row = self.services.users.get(self.whose, number)
        try:
            self.services.users.delete(actor(), self.whose, number)
        except DomainError as error:
            return self.render("user_delete.html", row=row, problem=problems.sentence(error)), 422
        saved(gettext("%(name)s can no longer sign in.", name=row.name))
        return redirect(url_for(".index"))

    def _show_password(self, made: NewUser) -> ResponseReturnValue:
        key = self._passwords.keep((actor().user_id, made.user.id), made)
        return redirect(url_for(".password", number=made.user.id, key=key))

    def _page(self, number: int | None, form: UserForm) -> str:
        form.role.choices = [SelectChoice(role, words.ROLES[role][0]) for role in self.offered]
        row = None if number is None else self.services.users.get(self.whose, number)
        return self.render("user.html", row=row, form=form)


class UsersView(PeopleView, TenantView):
    """The people of the tenant: a part of its settings."""

    roles = MANAGERS
    offered = (UserRole.OWNER, UserRole.RECEPTIONIST)

    @property
    def whose(self) -> int:
        """The tenant one works in."""
        return self.tenant


class OperatorsView(PeopleView):
    """The operators: who may do everything in every tenant."""

    roles = OPERATORS
    offered = (UserRole.OPERATOR,)
    icon = "key"
    in_menu = True

    @property
    def whose(self) -> None:
        """They belong to no tenant."""
        return None
