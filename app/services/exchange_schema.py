"""What an exchange file may hold. Unknown keys and wrong types are errors that name a place."""

import re
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from app.core.directory import Limits
from app.services.call_settings import CallSettings
from app.services.errors import DomainError
from app.services.exchange_destinations import ChoicePart, DestinationPart
from app.services.exchange_parts import RecordingPart, Text, Whole, YesNo
from app.services.exchange_queues import QueuePart
from app.services.exchange_text import Parsed, Path, refuse_all

_VALUES = {
    "string_type": "value-text",
    "int_type": "value-whole",
    "bool_type": "value-yes-no",
    "list_type": "value-list",
    "dict_type": "value-keys",
    "model_type": "value-keys",
    "model_attributes_type": "value-keys",
    "one_recording": "value-recording",
    "one_destination": "value-destination",
    "one_agent": "value-agent",
}
"""The library's word, or our own, for a value of another kind -> our error."""

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TrunkPart(_Part):
    """A trunk. Without a password, one that exists keeps its own; without a priority, they are tried in the file's order."""

    name: Text
    proxy: Text
    username: Text = ""
    password: Text | None = Field(default=None, repr=False)
    register_: YesNo = Field(default=False, alias="register")
    priority: Whole | None = None
    passes_original: YesNo = False
    enabled: YesNo = True


class AccountPart(_Part):
    """A SIP account. Without a password, one that exists keeps its own."""

    login: Text
    name: Text
    password: Text | None = Field(default=None, repr=False)
    presents: Text | None = None


class NumberPart(_Part):
    """An internal number or a city number."""

    number: Text
    name: Text
    to: DestinationPart


class MessagePart(RecordingPart):
    """A message."""

    name: Text


class MenuPart(RecordingPart):
    """A menu; what it says is its greeting."""

    name: Text
    keys: dict[str, DestinationPart] = Field(default_factory=dict)
    dial_internal: YesNo = False
    no_choice: ChoicePart = ChoicePart()
    wrong_choice: ChoicePart = ChoicePart()


class SchedulePart(_Part):
    """Opening hours; from and to are hours of the day."""

    name: Text
    days: list[Day]
    from_: Text = Field(alias="from")
    to: Text
    holidays: Text = ""
    closed_on: list[Text] = []


class LimitsPart(_Part):
    """What a tenant may do outside; null is no limit."""

    countries: list[Text] = sorted(Limits.countries)
    premium: YesNo = Limits.premium
    calls_at_once: Whole | None = Limits.calls_at_once
    minutes_per_day: Whole | None = Limits.minutes_per_day
    longest_call: Whole | None = Limits.longest_call

    @property
    def limits(self) -> Limits:
        """The same for the services."""
        countries = frozenset(country.upper() for country in self.countries)
        return Limits(countries, self.premium, self.calls_at_once, self.minutes_per_day, self.longest_call)


class SettingsPart(_Part):
    """What a tenant has chosen; what is not in the file is as in a new tenant."""

    time_zone: Text = "Europe/Warsaw"
    ring_seconds: Whole = CallSettings.ring_seconds
    digit_timeout: Whole = CallSettings.digit_timeout
    keys_on_internal_calls: YesNo = CallSettings.keys_on_internal_calls
    transfer_fallback: DestinationPart | None = None
    limits: LimitsPart = LimitsPart()

    @property
    def calls(self) -> CallSettings:
        """The same for the services."""
        fallback = self.transfer_fallback.value if self.transfer_fallback else None
        keys = self.keys_on_internal_calls
        return CallSettings(self.ring_seconds, self.digit_timeout, keys, fallback, self.limits.limits)


class TenantPart(_Part):
    """A tenant with everything it has."""

    name: Text
    language: Text = "pl"
    main_number: Text | None = None
    settings: SettingsPart = SettingsPart()
    accounts: list[AccountPart] = []
    cities: list[NumberPart] = []
    queues: list[QueuePart] = []
    menus: list[MenuPart] = []
    messages: list[MessagePart] = []
    schedules: list[SchedulePart] = []
    extensions: list[NumberPart] = []


class FilePart(_Part):
    """The whole file. Without ``trunks``, those there are stay as they are."""

    trunks: list[TrunkPart] | None = None
    tenants: list[TenantPart]


def understand(parsed: Parsed) -> FilePart:
    """The file's values in their shape. Raises Problems."""
    try:
        return FilePart.model_validate(parsed.values)
    except ValidationError as error:
        details = error.errors(include_url=False)
        refuse_all([_problem(detail, parsed) for detail in details])
        raise  # cannot happen: there is no such error without details


def _problem(detail: ErrorDetails, parsed: Parsed) -> DomainError:
    path: Path = tuple(detail["loc"])
    kind, place = detail["type"], parsed.place(path)
    if kind == "extra_forbidden":
        return DomainError("file-unknown-key", place=place)
    if kind == "missing":
        return DomainError("file-missing", place=place)
    return DomainError("file-value", place=place, reason=_value(kind, detail))


def _value(kind: str, detail: ErrorDetails) -> DomainError:
    """What is expected there instead."""
    if kind == "literal_error":
        words = re.findall(r"'([^']*)'", detail["ctx"]["expected"])
        return DomainError("value-one-of", known=", ".join(words))
    return DomainError(_VALUES.get(kind, "value-other"))
