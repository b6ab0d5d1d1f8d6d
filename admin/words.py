"""The words people read for what the services and the core express as codes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _

from app.core.outcome import EndedBy
from app.services.errors import DomainError

PROBLEMS: Mapping[str, LazyString] = {
    "number-format": _("An internal number has 2 or 3 digits."),
    "number-reserved": _("%(number)s is an emergency or alarm number, so it must stay free. Choose another one."),
    "number-taken": _("Number %(number)s already belongs to “%(name)s”."),
    "number-is-fallback": _("Callers nobody takes back are led to number %(number)s. Choose another number for them first."),
    "name-missing": _("Type a name."),
    "name-too-long": _("The name is too long: at most %(limit)s characters."),
    "name-characters": _("The name holds characters that a phone cannot show."),
    "tenant-name-taken": _("There is already a tenant called “%(name)s”."),
    "tenant-name-mismatch": _("To delete, type the name exactly: %(name)s"),
    "language-unknown": _("Choose one of the languages."),
    "time-zone-unknown": _("There is no such time zone. An example: Europe/Warsaw."),
    "ring-seconds-range": _("A phone can ring for %(minimum)s to %(maximum)s seconds."),
    "digit-timeout-range": _("A further digit can be waited for %(minimum)s to %(maximum)s seconds."),
    "fallback-unknown": _("Choose one of the numbers or phones."),
    "login-format": _("A login has 2 to 32 characters: small letters, digits, dot, dash and underscore."),
    "login-taken": _("The login %(login)s is already in use."),
    "account-unknown": _("Choose a phone."),
    "account-in-use": _("Choose where these numbers shall lead: %(numbers)s."),
    "account-is-fallback": _("Callers nobody takes back are led to this phone. Choose another one for them first."),
    "password-missing": _("A new phone needs a password."),
    "password-too-short": _("The password is too short: at least %(minimum)s characters."),
    "password-too-long": _("The password is too long: at most %(limit)s characters."),
    "password-characters": _("The password may hold only letters without accents, digits and signs, without spaces."),
    "user-login-format": _("A user name has 2 to 100 characters, without spaces."),
    "user-name-taken": _("The user name %(login)s is already in use."),
    "wrong-credentials": _("The user name or the password is wrong."),
    "wrong-password": _("The current password is wrong."),
    "role-unknown": _("Choose a role."),
    "last-operator": _("This is the last operator, so it must stay."),
    "own-user": _("You cannot delete yourself."),
    "not-found": _("This has been deleted in the meantime."),
    "file-too-big": _("The file is too large."),
    "file-unreadable": _("%(place)s: this is neither YAML nor JSON."),
    "file-too-deep": _("%(place)s: nested too deeply."),
    "file-alias": _("%(place)s: references (& and *) are not accepted; write the value out."),
    "file-repeated-key": _("%(place)s: this key stands there twice."),
    "file-unknown-key": _("%(place)s: there is no such key."),
    "file-not-yet": _("%(place)s: this is not available yet."),
    "file-missing": _("%(place)s: this is missing."),
    "file-wrong-type": _("%(place)s: a value of another kind is expected."),
    "file-other-tenant": _("%(place)s: only “%(name)s” may be in this file."),
    "file-repeated": _("%(place)s: %(value)s stands in the file twice."),
}


def problem(error: DomainError) -> str:
    """What is wrong, as a sentence in the reader's language."""
    params = {name: _place(value) if name == "place" else value for name, value in error.params.items()}
    if error.reason is not None:
        return f"{params['place']}: {problem(error.reason)}"
    return str(PROBLEMS[error.code]) % params


def _place(place: str) -> str:
    """A place in a file, ``tenants[0].name (line 7)``, with the line in the reader's language."""
    return re.sub(r"\(line (\d+)\)$", lambda line: gettext("(line %(number)s)", number=line[1]), place)


@dataclass(frozen=True)
class Result:
    """What came of something, never by colour alone: a word, an icon of `templates/icons.html`, a tone of ``.state``."""

    word: LazyString
    icon: str
    tone: str


OUTCOMES: Mapping[str, Result] = {
    "answered": Result(_("answered"), "talks", "good"),
    "busy": Result(_("busy"), "busy", "busy"),
    "no-answer": Result(_("no answer"), "missed", "bad"),
    "declined": Result(_("declined"), "hangup", "bad"),
    "not-registered": Result(_("phone not signed in"), "offline", "bad"),
    "cancelled": Result(_("caller hung up first"), "hangup", ""),
    "no-such-number": Result(_("no such number"), "warn", "bad"),
    "not-allowed": Result(_("not allowed"), "bad", "bad"),
    "answered-elsewhere": Result(_("answered elsewhere"), "good", ""),
    "transferred": Result(_("transferred"), "transfer", "talk"),
    "consulted": Result(_("asked a third person"), "waits", "busy"),
    "picked-up": Result(_("picked up from another phone"), "pickup", "good"),
    "nothing-to-pick-up": Result(_("nothing to pick up"), "info", ""),
    "failed": Result(_("failed"), "bad", "bad"),
}
"""How a call or a part of it ended, by `app.core.outcome.Outcome`, as it stands at the end of a sentence."""

OF_WHOLE_CALLS = (
    *("answered", "no-answer", "busy", "declined", "not-registered"),
    *("cancelled", "no-such-number", "not-allowed", "failed"),
)
"""Those a whole call can have; the others are about parts of one."""

ENDINGS: Mapping[EndedBy, LazyString] = {
    EndedBy.CALLER: _("the caller hung up"),
    EndedBy.CALLEE: _("the called side hung up"),
}
"""Who put the receiver down, where a person did."""

STATES: Mapping[str, LazyString] = {
    "offline": _("not signed in"),
    "free": _("free"),
    "rings": _("rings"),
    "talks": _("talks"),
}

SOUNDS: Mapping[str, LazyString] = {
    "silence": _("hears nothing"),
    "bell": _("the bell rings"),
    "ringback": _("hears the ringing tone"),
    "tone": _("hears the dial tone"),
    "music": _("hears music"),
    "prompt": _("hears an announcement"),
}
"""What a virtual phone plays, as `freeswitch.virtual` names it."""

PROMPTS: Mapping[str, LazyString] = {
    "no-such-number": _("There is no such number."),
    "busy": _("The number is busy."),
    "no-answer": _("Nobody answers."),
    "not-registered": _("This phone is not available."),
    "declined": _("The call was declined."),
    "not-allowed": _("This phone may not call that number."),
    "failed": _("Sorry, the call failed."),
    "transfer-failed": _("Sorry, your call could not be transferred."),
    "nothing-to-pick-up": _("There is no call to pick up."),
    "picked-up-by": _("The call was picked up by number:"),
}
"""What is said to callers, by the name of the recording."""

ROLES: Mapping[str, tuple[LazyString, LazyString]] = {
    "operator": (_("Operator"), _("Sees and changes everything, in every tenant.")),
    "owner": (_("Owner"), _("Changes everything in this company: numbers, phones, people.")),
    "receptionist": (_("Receptionist"), _("Sees phones and calls, changes nothing.")),
}

CHANGES: Mapping[str, LazyString] = {
    "account-created": _("Phone added"),
    "account-renamed": _("Phone renamed"),
    "account-password-renewed": _("Phone's password renewed"),
    "account-deleted": _("Phone deleted"),
    "number-created": _("Number added"),
    "number-changed": _("Number changed"),
    "number-deleted": _("Number deleted"),
    "tenant-created": _("Tenant created"),
    "tenant-changed": _("Company settings changed"),
    "tenant-deleted": _("Tenant deleted"),
    "tenant-imported": _("File imported"),
    "user-created": _("Person added"),
    "user-changed": _("Person changed"),
    "user-deleted": _("Person deleted"),
    "user-password-changed": _("Own password changed"),
    "user-password-reset": _("Person's password renewed"),
}
"""What was changed, as the change log says it."""
