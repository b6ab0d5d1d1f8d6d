"""What a person can do wrong, as values: a code to translate by, the field it belongs to, and what to put into the sentence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SENTENCES: dict[str, str] = {
    # numbers
    "number-format": "An internal number has 2 or 3 digits.",
    "number-reserved": "{number} is an emergency number and cannot be given to anybody.",
    "number-taken": "Number {number} already belongs to {name}.",
    "number-unknown": "There is no internal number {number}.",
    "number-changed": "Number {number} has been changed by somebody else meanwhile.",
    # public numbers and trunks
    "telephone-format": "A telephone number is written like 22 123 45 67, or with + or 00 and the code of its country.",
    "city-taken": "The number {number} is already somebody's.",
    "city-unknown": "There is no city number {number}.",
    "proxy-format": "Where a trunk leads is a host, or a host and a port: sip.example.com:5060.",
    "trunk-address-taken": "Calls from there belong to {name}: of the trunks at one address all but one must register.",
    "username-missing": "A trunk that registers needs a user name.",
    "trunk-word": "It may hold only letters, digits and signs of the ASCII alphabet, without spaces.",
    "priority-range": "The priority is a number from 0 to {maximum}.",
    # where a number leads
    "destination-missing": "It must lead somewhere.",
    "destination-loop": "A caller would go round in a circle: {path}.",
    "destination-too-deep": "At most {limit} destinations may stand one in another.",
    "ring-accounts": "A ring plan has 1 to {maximum} accounts.",
    "ring-twice": "An account can stand in a ring plan only once.",
    "ring-seconds-range": "A phone rings for {minimum} to {maximum} seconds.",
    "hang-up-unknown": "A call can be ended normally or as busy.",
    "menu-unknown": "There is no menu {name}.",
    "message-unknown": "There is no message {name}.",
    "schedule-unknown": "There are no opening hours called {name}.",
    "key-unknown": "{key} is no key of a telephone.",
    "keys-missing": "A menu needs a key that leads somewhere, or lets callers dial internal numbers.",
    "repeat-range": "A greeting may be repeated 0 to {maximum} times.",
    # queues
    "queue-unknown": "There is no queue {name}.",
    "strategy-unknown": "It must be said which agent is rung first: {known}.",
    "agent-twice": "An agent can stand in a queue only once.",
    "agents-too-many": "A queue has {limit} agents at most.",
    "agent-own-number": "{number} is a number of your own: an agent is a phone, or a telephone outside.",
    "retry-range": "The pause between two attempts lasts {minimum} to {maximum} seconds.",
    "wrap-up-range": "The rest after a talk lasts {minimum} to {maximum} seconds.",
    "max-wait-range": "The longest wait is {minimum} to {maximum} seconds.",
    "max-waiting-range": "The callers waiting may be limited to {minimum} to {maximum}.",
    "announce-every-range": "Callers are told their place every {minimum} to {maximum} seconds, or never.",
    "misses-range": "An agent is paused after {minimum} to {maximum} missed calls, or never.",
    "miss-pause-range": "A pause for missed calls lasts {minimum} to {maximum} seconds.",
    "pause-range": "A pause lasts {minimum} to {maximum} minutes, or until it is ended.",
    "key-twice": "The key {key} does something else already.",
    # what is played, and when
    "text-missing": "A text to be spoken is missing.",
    "text-too-long": "The text is longer than {limit} characters.",
    "text-characters": "The text holds characters that cannot be spoken.",
    "sound-too-big": "The recording is larger than {limit} MB.",
    "sound-too-long": "The recording is longer than {limit} minutes.",
    "sound-unreadable": "The recording is neither WAV nor MP3.",
    "sound-missing": "There is no file {file} beside this one, and no recording of that name is kept here.",
    "recordings-too-many": "A file may have {limit} recordings at most.",
    "speech-missing": "This installation cannot speak a text (espeak-ng is missing): upload a recording.",
    "speech-failed": "The text could not be spoken.",
    "days-missing": "It must be open on some day of the week.",
    "hour-unknown": "An hour is written from 00:00 to 24:00.",
    "holidays-unknown": "The public holidays of {country} are not known.",
    "day-format": "A day is written like 2026-12-24, not {day}.",
    "days-off-too-many": "There may be {limit} days off at most.",
    # what is used
    "in-use": "It is used by {users}: choose something else for them first.",
    "replacement-is-itself": "It cannot be replaced by itself.",
    "replacement-not-account": "In the ring plan of {name} only an account can take its place.",
    "replacement-not-agent": "Among the agents of the queue {name} only an account or a telephone outside can take its place.",
    # names
    "name-missing": "A name is missing.",
    "name-too-long": "The name is longer than {limit} characters.",
    "name-taken": "There is already one called {name}.",
    "name-characters": "The name holds characters that cannot be shown.",
    # tenants
    "tenant-name-taken": "There is already a tenant called {name}.",
    "tenant-name-mismatch": "To delete the tenant, type its name exactly: {name}.",
    "language-unknown": "The language must be one of {known}.",
    "time-zone-unknown": "There is no time zone called {name}.",
    "digit-timeout-range": "A further digit is waited for {minimum} to {maximum} seconds.",
    "calls-at-once-range": "The calls at once to outside may be limited to {minimum} to {maximum}.",
    "minutes-per-day-range": "The minutes to outside per day may be limited to {minimum} to {maximum}.",
    "longest-call-range": "A call to outside may be limited to {minimum} to {maximum} minutes.",
    "limit-raised": "Only the provider can raise this limit: at most {maximum}.",
    "premium-raised": "Only the provider can allow premium-rate numbers.",
    "country-raised": "Only the provider can allow calls to further countries: {country}.",
    "country-unknown": "There is no country {country}; a country has two letters, such as PL.",
    # SIP accounts
    "login-format": "A login has 2 to 32 characters: small letters, digits, dot, dash and underscore, a letter or digit first.",
    "login-taken": "The login {login} is already in use.",
    "account-unknown": "There is no account {login}.",
    "password-missing": "A new account needs a password.",
    "password-too-short": "The password must have at least {minimum} characters.",
    "password-too-long": "The password may have at most {limit} characters.",
    "password-characters": "The password may hold only letters, digits and signs of the ASCII alphabet, without spaces.",
    # people
    "user-login-format": "A user name has 2 to 100 characters without spaces.",
    "user-name-taken": "The user name {login} is already in use.",
    "wrong-credentials": "The user name or the password is wrong.",
    "wrong-password": "The present password is wrong.",
    "role-unknown": "The role must be one of {known}.",
    "last-operator": "The last operator cannot be deleted.",
    "own-user": "Nobody can delete themselves.",
    # how much one tenant may have
    "too-many": "There may be {limit} at most.",
    "recordings-too-long": "All recordings together may last {limit} seconds.",
    "queues-full": "This installation has no room for another queue.",
    # anything
    "not-found": "{what} does not exist.",
    "several": "{count} things are wrong.",
    # the exchange file
    "file-too-big": "The file is larger than {limit} bytes.",
    "file-too-long": "The file holds more than {limit} values.",
    "archive-unreadable": "The archive is damaged, or no ZIP archive without a password.",
    "archive-file": "There must be exactly one exchange file in the archive (.yaml, .yml or .json).",
    "file-unreadable": "{place}: not readable as YAML or JSON: {reason}",
    "file-too-deep": "{place}: nested too deeply.",
    "file-alias": "{place}: references (& and *) are not accepted; write the value out.",
    "file-repeated-key": "{place}: this key stands there twice.",
    "file-unknown-key": "{place}: unknown key.",
    "file-missing": "{place}: missing.",
    "file-repeated": "{place}: {value} stands in the file twice.",
    "file-other-tenant": "{place}: only {name} may be in this file.",
    "file-operators": "{place}: only operators may change this.",
    "file-value": "{place}: {reason}",
    # what stands at its place is of another kind
    "value-text": "must be text; put it in quotes.",
    "value-whole": "must be a whole number.",
    "value-yes-no": "must be true or false.",
    "value-list": "must be a list.",
    "value-keys": "must hold keys and values.",
    "value-key": "a key must be text; put it in quotes.",
    "value-one-of": "must be one of {known}.",
    "value-recording": "must have either say or play.",
    "value-destination": "must name exactly one destination.",
    "value-agent": "must be either an account or an external number.",
    "value-number": "not a number.",
    "value-tag": "the tag {tag} is not accepted.",
    "value-other": "a value of another kind is expected.",
}
"""Code -> the English sentence; the panel translates by code and falls back to this."""


class DomainError(Exception):
    """Something a person can put right. ``params`` are ready to be put into a sentence.

    ``reason`` is the error that this one only puts in its place (a value in a file), so that it can be translated, too.
    """

    def __init__(self, code: str, field: str | None = None, **params: object) -> None:
        self.code = code
        self.field = field
        self.reason = next((value for value in params.values() if isinstance(value, DomainError)), None)
        self.params: dict[str, str] = {name: str(value) for name, value in params.items()}
        super().__init__(SENTENCES[code].format(**self.params))

    @property
    def errors(self) -> tuple["DomainError", ...]:
        """Each single thing that is wrong; of one error, itself."""
        return (self,)


@dataclass(frozen=True)
class Use:
    """Something that leads to another thing, or holds it in another way.

    ``kind``: an internal number (``extension``), a ``city`` number, a ``menu``, a ``queue`` (which leads there, or whose agent
    it is), an ``account`` that presents a city number, or the ``fallback`` of transfers. ``number`` is an account's login;
    ``id`` the row's, 0 for the fallback.
    """

    kind: str
    name: str = ""
    number: str = ""
    id: int = 0

    def __str__(self) -> str:
        if self.kind == "fallback":
            return "the transfer fallback"
        return " ".join(filter(None, (_NOUNS[self.kind], self.number, self.name)))


_NOUNS = {"extension": "number", "city": "city number", "menu": "menu", "queue": "queue", "account": "account"}


class InUse(DomainError):  # noqa: N818 - it reads as what it says
    """What cannot be deleted because of its ``users``."""

    def __init__(self, users: Sequence[Use]) -> None:
        self.users = tuple(users)
        super().__init__("in-use", "replace_with", users=", ".join(map(str, self.users)))


class NotFound(DomainError):  # noqa: N818 - it reads as what it says
    """An id nobody has, or one of another tenant: which of the two is nobody's business."""

    def __init__(self, what: str = "It") -> None:
        super().__init__("not-found", what=what)


class Problems(DomainError):  # noqa: N818 - several of them
    """Several things wrong at once, in the order of the form. The text is one line per error."""

    def __init__(self, errors: Iterable[DomainError]) -> None:
        self._errors = tuple(errors)
        super().__init__("several", count=len(self._errors))

    @property
    def errors(self) -> tuple[DomainError, ...]:
        """Each single thing that is wrong."""
        return self._errors

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self._errors)


def is_id(number: int) -> bool:
    """Whether a row can have this id; a larger number from an address bar would be more than a database takes."""
    return 0 < number < 2**31


def refuse(*found: DomainError | None) -> None:
    """Raise what the rules found: nothing, the one error, or all of them as Problems."""
    errors = [error for error in found if error is not None]
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise Problems(errors)
