"""The fields of each form. What is right or wrong is decided by the services, so there are no rules here."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, FileField, PasswordField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from admin import zones
from admin.addresses import row_id
from admin.language import LANGUAGES


def _text(label: Any, **attributes: Any) -> StringField:
    """A one-line field that the browser does not correct or complete unless told to."""
    return StringField(label, filters=[_trimmed], render_kw={"autocomplete": "off", **attributes})


def _trimmed(value: str | None) -> str:
    return (value or "").strip()


_LANGUAGES = [SelectChoice(code, name) for code, name in LANGUAGES.items()]


class SignInForm(FlaskForm):
    login = _text(_("User name"), autocomplete="username", autocapitalize="none", spellcheck="false", required=True)
    password = PasswordField(_("Password"), render_kw={"autocomplete": "current-password", "required": True})


class NumberForm(FlaskForm):
    """An internal number and where it leads. For now it leads to phones only, so the kind is not asked."""

    number = _text(_("Number"), inputmode="numeric", maxlength=3)
    name = _text(_("Name"), maxlength=100)
    login = SelectField(_("Leads to the phone"), choices=[], validate_choice=False)


class PhoneForm(FlaskForm):
    name = _text(_("Name"), maxlength=100)


class DeletePhoneForm(FlaskForm):
    """Where the numbers that lead to the phone shall lead instead."""

    replace_with = SelectField(_("Let them lead to"), choices=[], coerce=row_id, validate_choice=False)


class TenantForm(FlaskForm):
    name = _text(_("Name"), maxlength=100)
    language = SelectField(_("Language of announcements"), choices=_LANGUAGES, validate_choice=False)
    time_zone = SelectField(_("Time zone"), choices=[], validate_choice=False)

    def __init__(self, **values: str) -> None:
        super().__init__(**values)
        self.time_zone.choices = zones.offered(self.time_zone.data)


class CallSettingsForm(FlaskForm):
    """How the tenant's calls and transfers go."""

    ring_seconds = _text(_("A phone rings for so many seconds"), inputmode="numeric", maxlength=3)
    digit_timeout = _text(_("Wait for a further digit so many seconds"), inputmode="numeric", maxlength=2)
    keys_on_internal_calls = BooleanField(_("In calls between colleagues, the one who called can transfer, too"))
    transfer_fallback = SelectField(_("Whom nobody takes back goes to"), choices=[], validate_choice=False)


class DeleteTenantForm(FlaskForm):
    typed_name = _text(_("Type the tenant's name"))


class UserForm(FlaskForm):
    name = _text(_("First and last name"), maxlength=100)
    login = _text(_("User name"), maxlength=100, autocapitalize="none", spellcheck="false")
    role = RadioField(_("Role"), choices=[], validate_choice=False)


class LanguageForm(FlaskForm):
    language = SelectField(_("Language"), choices=_LANGUAGES, validate_choice=False)


class PasswordForm(FlaskForm):
    old = PasswordField(_("Current password"), render_kw={"autocomplete": "current-password"})
    password = PasswordField(_("New password"), render_kw={"autocomplete": "new-password"})


class ImportForm(FlaskForm):
    file = FileField(_("File"), render_kw={"accept": ".yaml,.yml,.json"})
    text = TextAreaField(_("or its text"), render_kw={"rows": 10, "spellcheck": "false", "class": "mono"})
