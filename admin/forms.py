"""The fields of each form. What is right or wrong is decided by the services, so there are no rules here."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    FileField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice

from admin import zones
from admin.destinations.field import DestinationField
from admin.language import LANGUAGES
from app.services.audio import LONGEST_TEXT, Recorded, Recording, Spoken
from app.services.menus import KEYS
from app.services.sounds import SoundInfo


def _text(label: Any, **attributes: Any) -> StringField:
    """A one-line field that the browser does not correct or complete unless told to."""
    return StringField(label, filters=[_trimmed], render_kw={"autocomplete": "off", **attributes})


def _trimmed(value: str | None) -> str:
    return (value or "").strip()


def whole_number(text: str | None) -> int:
    """What somebody typed as a number; what is none, is in no range."""
    digits = text or ""
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 7 else -1


_LANGUAGES = [SelectChoice(code, name) for code, name in LANGUAGES.items()]


class DaysField(Field):
    """Calendar days, a field for each, as ISO 8601 texts."""

    def process_data(self, value: list[str] | None) -> None:
        self.data = value or []

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = sorted(filter(None, valuelist))


class SignInForm(FlaskForm):
    login = _text(_("User name"), autocomplete="username", autocapitalize="none", spellcheck="false", required=True)
    password = PasswordField(_("Password"), render_kw={"autocomplete": "current-password", "required": True})


class NumberForm(FlaskForm):
    """An internal number and where it leads."""

    number = _text(_("Number"), inputmode="numeric", maxlength=3)
    name = _text(_("Name"), maxlength=100)
    to = DestinationField(_("Leads to"))


class NamedWayForm(FlaskForm):
    """What a name leads to, where the number itself is not for everybody to change."""

    name = _text(_("Name"), maxlength=100)
    to = DestinationField(_("Leads to"))


class CityForm(FlaskForm):
    """A public number that a tenant is given."""

    number = _text(_("Number"), type="tel", inputmode="tel", maxlength=32)
    name = _text(_("Name"), maxlength=100)
    to = DestinationField(_("Leads to"))


class RecordingForm(FlaskForm):
    """What callers hear: a text that the machine speaks, or a file; the file wins."""

    text = TextAreaField(_("Text to be spoken"), filters=[_trimmed], render_kw={"rows": 3, "maxlength": LONGEST_TEXT})
    file = FileField(_("or a recording"), render_kw={"accept": ".wav,.mp3,audio/wav,audio/mpeg"})

    def recording(self, before: SoundInfo | None) -> Recording | None:
        """What is new against ``before``; None when nothing is."""
        if self.file.data:
            return Recorded(self.file.data.filename, self.file.data.read())
        unchanged = before is not None and self.text.data in ("", before.text)
        return None if unchanged else Spoken(self.text.data)


class MessageForm(RecordingForm):
    """Something told to callers."""

    name = _text(_("Name"), maxlength=100)


class MenuForm(RecordingForm):
    """A menu. The fields of its keys and choices are called as the services call them: ``keys.1``, ``no_choice.then``."""

    name = _text(_("Name"), maxlength=100)
    dial_internal = BooleanField(_("Callers may also dial an internal number"))

    def field_of(self, name: str) -> Field:
        """One of those with a dot, for templates."""
        return self[name]


for _key in KEYS:
    setattr(MenuForm, f"keys.{_key}", DestinationField(_("Key %(key)s", key=_key), nothing="–"))
for _choice, _label in (("no_choice", _("Whoever chooses nothing")), ("wrong_choice", _("Whoever presses another key"))):
    setattr(MenuForm, f"{_choice}.repeat", _text(_("Repeat the greeting so many times"), inputmode="numeric", maxlength=2))
    setattr(MenuForm, f"{_choice}.then", DestinationField(_label))


class ScheduleForm(FlaskForm):
    """Opening hours."""

    name = _text(_("Name"), maxlength=100)
    days = SelectMultipleField(_("Open on"), choices=[], validate_choice=False)
    opens = _text(_("From"), type="time")
    closes = _text(_("To"), type="time")
    holidays = BooleanField(_("Closed on public holidays"))
    closed_on = DaysField(_("Further days off"))


class PresentsForm(FlaskForm):
    """Which of the tenant's numbers a phone shows outside."""

    presents = SelectField(_("Number shown outside"), choices=[], validate_choice=False)


class ReplacementForm(FlaskForm):
    """What shall take the place of something that is to be deleted."""

    replace_with = DestinationField(_("In its place"), nothing=_("Choose …"))


class HoursReplacementForm(FlaskForm):
    """What shall decide in the place of opening hours that are to be deleted."""

    replace_with = SelectField(_("In their place"), choices=[], validate_choice=False)


class PhoneForm(FlaskForm):
    name = _text(_("Name"), maxlength=100)


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
    transfer_fallback = DestinationField(_("Whom nobody takes back goes to"), nothing=_("nowhere: the caller hears an apology"))


class MainNumberForm(FlaskForm):
    """The number shown outside by phones that show none of their own."""

    main_number = SelectField(_("Main number"), choices=[], validate_choice=False)


class LimitsForm(FlaskForm):
    """What a tenant may do outside. An empty limit is none."""

    calls_at_once = _text(_("Calls to outside at once"), inputmode="numeric", maxlength=4)
    minutes_per_day = _text(_("Minutes to outside in a day"), inputmode="numeric", maxlength=6)
    longest_call = _text(_("Longest call, in minutes"), inputmode="numeric", maxlength=4)
    premium = BooleanField(_("Premium-rate numbers may be called"))
    countries = SelectMultipleField(_("Countries that may be called"), choices=[], validate_choice=False)


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
    file = FileField(_("File"), render_kw={"accept": ".yaml,.yml,.json,.zip"})
    text = TextAreaField(_("or its text"), render_kw={"rows": 10, "spellcheck": "false", "class": "mono"})


class TrunkForm(FlaskForm):
    """A way to the outside world, as its provider describes it."""

    name = _text(_("Name"), maxlength=100)
    proxy = _text(_("Server"), maxlength=255, autocapitalize="none", spellcheck="false")
    username = _text(_("Login"), maxlength=128, autocapitalize="none", spellcheck="false")
    password = PasswordField(_("Password"), render_kw={"autocomplete": "new-password", "maxlength": 128})
    register = BooleanField(_("Sign in there"))
    priority = _text(_("Turn"), inputmode="numeric", maxlength=3)
    passes_original = BooleanField(_("Forwarded calls may show the number of whoever really calls"))
    enabled = BooleanField(_("In use"))
