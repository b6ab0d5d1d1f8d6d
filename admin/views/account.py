"""What a person changes about oneself: language and password."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext, refresh
from flask_login import current_user, login_user

from admin.base import EVERYBODY, PanelView, saved, show
from admin.forms import LanguageForm, PasswordForm
from admin.identity import SignedIn, actor
from app.services.errors import DomainError


class AccountView(PanelView):
    """One's own page."""

    roles = EVERYBODY
    in_menu = False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """Both forms."""
        return self._page(LanguageForm(language=current_user.user.language), PasswordForm())

    @expose("/language", methods=["POST"])
    def language(self) -> ResponseReturnValue:
        """Choose the language of the panel; it is kept with the person."""
        form, user = LanguageForm(), current_user.user
        try:
            row = self.services.users.change(actor(), user.tenant_id, user.id, language=form.language.data or "")
        except DomainError as error:
            show(error, form)
            return self._page(form, PasswordForm()), 422
        current_user.user = row
        refresh()
        saved(gettext("Saved."))
        return redirect(url_for(".index"))

    @expose("/password", methods=["POST"])
    def password(self) -> ResponseReturnValue:
        """Choose a new password. Every other session of this person ends."""
        form, user = PasswordForm(), current_user.user
        try:
            row = self.services.users.change_password(user.id, form.old.data or "", form.password.data or "")
        except DomainError as error:
            show(error, form)
            return self._page(LanguageForm(language=user.language), form), 422
        login_user(SignedIn(row))
        saved(gettext("Your password has been changed. Everywhere else you are signed out."))
        return redirect(url_for(".index"))

    def _page(self, language_form: LanguageForm, password_form: PasswordForm) -> str:
        return self.render("account.html", language_form=language_form, password_form=password_form)
