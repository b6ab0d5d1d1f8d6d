"""What an exchange file may hold, as far as this version goes. Unknown keys and wrong types are errors that name a place."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from app.core.destinations import Destination, ToAccount, ToExtension
from app.services.call_settings import CallSettings
from app.services.errors import DomainError
from app.services.exchange_text import Parsed, Path, refuse_all

_LATER = frozenset({"ring", "city", "external", "queue", "ivr", "hours", "message", "hangup"})
NOT_YET: dict[Path, frozenset[str]] = {
    (): frozenset({"trunks"}),
    ("tenants",): frozenset({"main_number", "cities", "queues", "menus", "messages", "schedules"}),
    ("tenants", "accounts"): frozenset({"presents"}),
    ("tenants", "settings"): frozenset({"limits"}),
    ("tenants", "settings", "transfer_fallback"): _LATER,
    ("tenants", "extensions", "to"): _LATER | {"extension"},
}
"""Keys the format has and this version does not, by the path of what they stand in."""

_WORDS = {
    "string_type": "must be text; put it in quotes",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "list_type": "must be a list",
    "model_type": "must hold keys and values",
    "model_attributes_type": "must hold keys and values",
}

Text = Annotated[str, Field(strict=True)]
Whole = Annotated[int, Field(strict=True)]
YesNo = Annotated[bool, Field(strict=True)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AccountPart(_Part):
    """A SIP account. Without a password, one that exists keeps its own."""

    login: Text
    name: Text
    password: Text | None = Field(default=None, repr=False)


class DestinationPart(_Part):
    """Where a number leads: to an account's login."""

    account: Text


class ExtensionPart(_Part):
    """An internal number."""

    number: Text
    name: Text
    to: DestinationPart


class FallbackPart(_Part):
    """Who gets a caller nobody takes back after a transfer: an internal number or an account's login."""

    extension: Text | None = None
    account: Text | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.extension is None) == (self.account is None):
            raise PydanticCustomError("one_destination", "must name one internal number or one account")
        return self

    @property
    def fallback(self) -> Destination:
        """The same for the services."""
        if self.extension is not None:
            return ToExtension(self.extension)
        return ToAccount(self.account or "")


class SettingsPart(_Part):
    """What a tenant has chosen; what is not in the file is as in a new tenant."""

    time_zone: Text = "Europe/Warsaw"
    ring_seconds: Whole = CallSettings.ring_seconds
    digit_timeout: Whole = CallSettings.digit_timeout
    keys_on_internal_calls: YesNo = CallSettings.keys_on_internal_calls
    transfer_fallback: FallbackPart | None = None

    @property
    def calls(self) -> CallSettings:
        """The same for the services."""
        fallback = self.transfer_fallback.fallback if self.transfer_fallback else None
        return CallSettings(self.ring_seconds, self.digit_timeout, self.keys_on_internal_calls, fallback)


class TenantPart(_Part):
    """A tenant with everything it has."""

    name: Text
    language: Text = "pl"
    settings: SettingsPart = SettingsPart()
    accounts: list[AccountPart] = []
    extensions: list[ExtensionPart] = []


class FilePart(_Part):
    """The whole file."""

    tenants: list[TenantPart]


def understand(parsed: Parsed) -> FilePart:
    """The file's values in their shape. Raises Problems."""
    try:
        return FilePart.model_validate(parsed.values)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False)
        early = {path[:-1] for path in map(_path, details) if _is_not_yet(path)}
        refuse_all([_problem(detail, parsed) for detail in details if not _follows_from(detail, early)])
        raise  # cannot happen: an error that only follows from another is never alone


def _problem(detail: ErrorDetails, parsed: Parsed) -> DomainError:
    path, kind = _path(detail), detail["type"]
    place = parsed.place(path)
    if kind == "extra_forbidden":
        return DomainError("file-not-yet" if _is_not_yet(path) else "file-unknown-key", place=place)
    if kind == "missing":
        return DomainError("file-missing", place=place)
    return DomainError("file-wrong-type", place=place, reason=_WORDS.get(kind, detail["msg"]))


def _path(detail: ErrorDetails) -> Path:
    return tuple(detail["loc"])


def _is_not_yet(path: Path) -> bool:
    shape: Any = tuple(step for step in path if isinstance(step, str))
    return bool(shape) and shape[-1] in NOT_YET.get(shape[:-1], ())


def _follows_from(detail: ErrorDetails, early: set[Path]) -> bool:
    """A destination of a later version lacks an account, naturally."""
    return detail["type"] == "missing" and _path(detail)[:-1] in early
