"""What a person can do wrong, as values: a code to translate by, the field it belongs to, and what to put into the sentence."""

from collections.abc import Iterable

SENTENCES: dict[str, str] = {
    # numbers
    "number-format": "An internal number has 2 or 3 digits.",
    "number-reserved": "{number} is an emergency number and cannot be given to anybody.",
    "number-taken": "Number {number} already belongs to {name}.",
    "number-is-fallback": "Callers whom nobody takes back after a transfer are led to number {number}: choose another first.",
    # names
    "name-missing": "A name is missing.",
    "name-too-long": "The name is longer than {limit} characters.",
    "name-characters": "The name holds characters that cannot be shown.",
    # tenants
    "tenant-name-taken": "There is already a tenant called {name}.",
    "tenant-name-mismatch": "To delete the tenant, type its name exactly: {name}.",
    "language-unknown": "The language must be one of {known}.",
    "time-zone-unknown": "There is no time zone called {name}.",
    "ring-seconds-range": "A phone rings for {minimum} to {maximum} seconds.",
    "digit-timeout-range": "A further digit is waited for {minimum} to {maximum} seconds.",
    "fallback-unknown": "There is no internal number or account {to}.",
    # SIP accounts
    "login-format": "A login has 2 to 32 characters: small letters, digits, dot, dash and underscore, a letter or digit first.",
    "login-taken": "The login {login} is already in use.",
    "account-unknown": "There is no account {login}.",
    "account-in-use": "The account is used by {count} internal number(s): {numbers}.",
    "account-is-fallback": "Callers whom nobody takes back after a transfer are led to this account: choose another first.",
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
    # anything
    "not-found": "{what} does not exist.",
    "several": "{count} things are wrong.",
    # the exchange file
    "file-too-big": "The file is larger than {limit} bytes.",
    "file-unreadable": "{place}: not readable as YAML or JSON: {reason}",
    "file-too-deep": "{place}: nested too deeply.",
    "file-alias": "{place}: references (& and *) are not accepted; write the value out.",
    "file-repeated-key": "{place}: this key stands there twice.",
    "file-unknown-key": "{place}: unknown key.",
    "file-not-yet": "{place}: this is not supported yet.",
    "file-missing": "{place}: missing.",
    "file-wrong-type": "{place}: {reason}.",
    "file-repeated": "{place}: {value} stands in the file twice.",
    "file-other-tenant": "{place}: only {name} may be in this file.",
    "file-value": "{place}: {reason}",
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
