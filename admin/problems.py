"""What is wrong, in the reader's words: a sentence for every code of `app.services.errors`."""

import re
from collections.abc import Mapping

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _

from app.services.errors import DomainError

PROBLEMS: Mapping[str, LazyString] = {
    "number-format": _("An internal number has 2 or 3 digits."),
    "number-reserved": _("%(number)s is an emergency or alarm number, so it must stay free. Choose another one."),
    "number-taken": _("Number %(number)s already belongs to “%(name)s”."),
    "number-unknown": _("Choose an internal number."),
    "number-changed": _("Somebody else has changed number %(number)s in the meantime. Look at it again before you save."),
    "telephone-format": _("Type a telephone number, 22 123 45 67 for example, or with + and the code of its country."),
    "city-taken": _("The number %(number)s has been given to somebody already."),
    "city-unknown": _("Choose a city number."),
    "proxy-format": _("Type a server's name or address: sip.example.pl, or sip.example.pl:5080 with a port."),
    "trunk-address-taken": _(
        "Calls from this address already belong to “%(name)s”. Of the trunks at one address all but one must sign in."
    ),
    "username-missing": _("To sign in there, the trunk needs a login."),
    "trunk-word": _("Only letters without accents, digits and signs, without spaces."),
    "priority-range": _("Type a number from 0 to %(maximum)s."),
    "destination-missing": _("Choose where it leads."),
    "destination-loop": _("Callers would go round in a circle: %(path)s. Choose another way at one of these."),
    "destination-too-deep": _("That is too many steps one within another: at most %(limit)s."),
    "ring-accounts": _("Choose one to %(maximum)s phones."),
    "ring-twice": _("Each phone can stand there only once."),
    "hang-up-unknown": _("Choose what the caller hears."),
    "menu-unknown": _("Choose a menu."),
    "message-unknown": _("Choose a message."),
    "schedule-unknown": _("Choose the opening hours."),
    "key-unknown": _("A telephone has no key %(key)s."),
    "keys-missing": _("Let at least one key lead somewhere, or let callers dial internal numbers."),
    "queue-unknown": _("Choose a queue."),
    "strategy-unknown": _("Choose who is rung first."),
    "agent-twice": _("Each agent can stand there only once."),
    "agents-too-many": _("A queue can have at most %(limit)s agents."),
    "agent-own-number": _("%(number)s is your own number. Choose a phone, or a telephone outside."),
    "retry-range": _("Type a number from %(minimum)s to %(maximum)s."),
    "wrap-up-range": _("Type a number from %(minimum)s to %(maximum)s."),
    "max-wait-range": _("Type a number from %(minimum)s to %(maximum)s, or nothing for no limit."),
    "max-waiting-range": _("Type a number from %(minimum)s to %(maximum)s, or nothing for no limit."),
    "announce-every-range": _("Type a number from %(minimum)s to %(maximum)s, or nothing for never."),
    "misses-range": _("Type a number from %(minimum)s to %(maximum)s, or nothing for never."),
    "miss-pause-range": _("Type a number from %(minimum)s to %(maximum)s."),
    "pause-range": _("A break lasts %(minimum)s to %(maximum)s minutes."),
    "key-twice": _("Key %(key)s does something else already."),
    "repeat-range": _("A greeting can be repeated 0 to %(maximum)s times."),
    "text-missing": _("Type a text, or choose a recording."),
    "text-too-long": _("The text is too long: at most %(limit)s characters."),
    "text-characters": _("The text holds characters that cannot be spoken."),
    "sound-too-big": _("The recording is too large: at most %(limit)s megabytes."),
    "sound-too-long": _("The recording is too long: at most %(limit)s minutes."),
    "sound-unreadable": _("This is no recording that can be played. Choose a WAV or MP3 file."),
    "speech-missing": _("Texts cannot be spoken here. Choose a recording instead."),
    "speech-failed": _("The text could not be spoken. Try another one, or choose a recording."),
    "days-missing": _("Choose at least one day."),
    "hour-unknown": _("Type a time of day, 08:00 for example."),
    "holidays-unknown": _("The public holidays of this country are not known."),
    "day-format": _("Type a day of the calendar."),
    "days-off-too-many": _("At most %(limit)s days off can be kept."),
    "in-use": _("Choose what shall take its place."),
    "replacement-is-itself": _("That is what you are about to delete. Choose something else."),
    "replacement-not-account": _("It rings together with others at “%(name)s”, so only a phone can take its place there."),
    "replacement-not-agent": _(
        "It answers in the queue “%(name)s”, so only a phone or an external number can take its place there."
    ),
    "name-taken": _("There is already one called “%(name)s”."),
    "name-missing": _("Type a name."),
    "name-too-long": _("The name is too long: at most %(limit)s characters."),
    "name-characters": _("The name holds characters that a phone cannot show."),
    "tenant-name-taken": _("There is already a tenant called “%(name)s”."),
    "tenant-name-mismatch": _("To delete, type the name exactly: %(name)s"),
    "language-unknown": _("Choose one of the languages."),
    "time-zone-unknown": _("There is no such time zone. An example: Europe/Warsaw."),
    "ring-seconds-range": _("A phone can ring for %(minimum)s to %(maximum)s seconds."),
    "digit-timeout-range": _("A further digit can be waited for %(minimum)s to %(maximum)s seconds."),
    "calls-at-once-range": _("Type a number from %(minimum)s to %(maximum)s, or nothing for no limit."),
    "minutes-per-day-range": _("Type a number from %(minimum)s to %(maximum)s, or nothing for no limit."),
    "longest-call-range": _("Type a number from %(minimum)s to %(maximum)s, or nothing for no limit."),
    "limit-raised": _("At most %(maximum)s: only your provider can raise it."),
    "premium-raised": _("Only your provider can allow premium-rate numbers."),
    "country-raised": _("Only your provider can allow further countries."),
    "country-unknown": _("Choose the countries from the list."),
    "login-format": _("A login has 2 to 32 characters: small letters, digits, dot, dash and underscore."),
    "login-taken": _("The login %(login)s is already in use."),
    "account-unknown": _("Choose a phone."),
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
    "too-many": _("You have as many as you can: at most %(limit)s."),
    "recordings-too-long": _("Your recordings take up all the room there is. Delete some first."),
    "queues-full": _("There is no room for another queue. Ask your provider."),
    "file-too-big": _("The file is too large."),
    "file-too-long": _("The file is too large."),
    "archive-unreadable": _("The archive is damaged, or needs a password."),
    "archive-file": _("There must be exactly one file with .yaml or .json at its end in the archive."),
    "file-unreadable": _("%(place)s: this is neither YAML nor JSON."),
    "file-too-deep": _("%(place)s: nested too deeply."),
    "file-alias": _("%(place)s: references (& and *) are not accepted; write the value out."),
    "file-repeated-key": _("%(place)s: this key stands there twice."),
    "file-unknown-key": _("%(place)s: there is no such key."),
    "file-missing": _("%(place)s: this is missing."),
    "value-text": _("a text is expected here; put it in quotes."),
    "value-whole": _("a whole number is expected here."),
    "value-yes-no": _("true or false is expected here."),
    "value-list": _("a list is expected here."),
    "value-keys": _("keys with values are expected here."),
    "value-key": _("a key must be a text; put it in quotes."),
    "value-one-of": _("one of these is expected here: %(known)s."),
    "value-recording": _("either say or play is expected here."),
    "value-destination": _("exactly one destination is expected here."),
    "value-agent": _("either an account or an external number is expected here."),
    "value-number": _("this is not a number."),
    "value-tag": _("the tag %(tag)s is not accepted."),
    "value-other": _("a value of another kind is expected here."),
    "file-operators": _("%(place)s: only operators may change this."),
    "sound-missing": _("The recording %(file)s is not kept here. Import a ZIP archive with it, or put in a text to be spoken."),
    "recordings-too-many": _("A file may have at most %(limit)s menus and messages."),
    "file-other-tenant": _("%(place)s: only “%(name)s” may be in this file."),
    "file-repeated": _("%(place)s: %(value)s stands in the file twice."),
}


_IN_A_FILE: Mapping[str, LazyString] = {
    "number-unknown": _("There is no internal number %(number)s."),
    "city-unknown": _("There is no city number %(number)s."),
    "account-unknown": _("There is no phone with the login %(login)s."),
    "queue-unknown": _("There is no queue “%(name)s”."),
    "menu-unknown": _("There is no menu “%(name)s”."),
    "message-unknown": _("There is no message “%(name)s”."),
    "schedule-unknown": _("There are no opening hours “%(name)s”."),
    "country-unknown": _("There is no country “%(country)s”. A country has two letters, PL for example."),
    "language-unknown": _("The language must be one of: %(known)s."),
    "holidays-unknown": _("The public holidays of “%(country)s” are not known."),
    "day-format": _("“%(day)s” is no day. A day is written like 2026-12-24."),
    "text-missing": _("The text to be spoken is missing."),
    "days-missing": _("At least one day is needed."),
}
"""Where a form lets somebody choose, a file has what he has written himself; so he is told what that is."""


def sentence(error: DomainError) -> str:
    """What is wrong, as a sentence in the reader's language."""
    params = {name: _place(value) if name == "place" else value for name, value in error.params.items()}
    if error.reason is not None:
        text = _IN_A_FILE.get(error.reason.code) or PROBLEMS[error.reason.code]
        return f"{params['place']}: {str(text) % error.reason.params}"
    return str(PROBLEMS[error.code]) % params


def _place(place: str) -> str:
    """A place in a file, ``tenants[0].name (line 7)``, with the line in the reader's language."""
    return re.sub(r"\(line (\d+)\)$", lambda line: gettext("(line %(number)s)", number=line[1]), place)
