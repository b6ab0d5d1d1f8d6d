"""Destinations in an exchange file: one key says the kind, and its value where. Into core values, and out of them."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from app.core import numbering
from app.core.destinations import (
    Destination,
    ToAccount,
    ToCity,
    ToExtension,
    ToExternal,
    ToHangUp,
    ToHours,
    ToMenu,
    ToMessage,
    ToQueue,
    ToRing,
)
from app.core.directory import Choice
from app.services import rules
from app.services.destinations import HANG_UPS, KINDS, branches, named
from app.services.exchange_parts import Text, Whole

_OUTCOMES = {word: outcome for outcome, word in HANG_UPS.items()}


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class RingPart(_Part):
    """A ring plan."""

    accounts: list[Text]
    order: Literal["together", "in-order"] = "together"
    seconds: Whole = ToRing.seconds
    no_answer: "DestinationPart | None" = None
    busy: "DestinationPart | None" = None
    unavailable: "DestinationPart | None" = None

    @property
    def value(self) -> ToRing:
        """The same for the core."""
        return ToRing(
            tuple(self.accounts),
            self.order == "together",
            self.seconds,
            self.no_answer.value if self.no_answer else None,
            self.busy.value if self.busy else None,
            self.unavailable.value if self.unavailable else None,
        )


class HoursPart(_Part):
    """A schedule's two ways."""

    schedule: Text
    open: "DestinationPart"
    closed: "DestinationPart"

    @property
    def value(self) -> ToHours:
        """The same for the core."""
        return ToHours(rules.tidy(self.schedule), self.open.value, self.closed.value)


class DestinationPart(_Part):
    """Where a number leads: exactly one of the keys."""

    account: Text | None = None
    ring: RingPart | None = None
    extension: Text | None = None
    city: Text | None = None
    external: Text | None = None
    queue: Text | None = None
    ivr: Text | None = None
    hours: HoursPart | None = None
    message: Text | None = None
    hangup: Literal["normal", "busy"] | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if sum(getattr(self, kind) is not None for kind in KINDS.values()) != 1:
            raise PydanticCustomError("one_destination", "must name exactly one destination")
        return self

    @property
    def value(self) -> Destination:
        """The same for the core, numbers in E.164 where they are any."""
        if plan := self.ring or self.hours:
            return plan.value
        if self.hangup is not None:
            return ToHangUp(_OUTCOMES[self.hangup])
        for text, make in ((self.account, ToAccount), (self.extension, ToExtension)):
            if text is not None:
                return make(text)
        for text, make_public in ((self.city, ToCity), (self.external, ToExternal)):
            if text is not None:
                return make_public(numbering.as_city(text) or text)
        for text, make_named in ((self.ivr, ToMenu), (self.queue, ToQueue)):
            if text is not None:
                return make_named(rules.tidy(text))
        return ToMessage(rules.tidy(self.message or ""))


class ChoicePart(_Part):
    """What a menu does about no key or a wrong one."""

    repeat: Whole = 2
    then: DestinationPart = DestinationPart(hangup="normal")

    @property
    def value(self) -> Choice:
        """The same for the core."""
        return Choice(self.repeat, self.then.value)


def written(to: Destination) -> dict[str, object]:
    """A destination as it stands in a file."""
    inner = {branch: written(one) for branch, one in branches(to).items()}
    if isinstance(to, ToRing):
        order = "together" if to.together else "in-order"
        return {"ring": {"accounts": list(to.logins), "order": order, "seconds": to.seconds, **inner}}
    if isinstance(to, ToHours):
        return {"hours": {"schedule": to.schedule, **inner}}
    if isinstance(to, ToHangUp):
        return {"hangup": HANG_UPS[to.outcome]}
    return {KINDS[type(to)]: name for _, name in named(to)}


def choice_written(choice: Choice) -> dict[str, object]:
    """What a menu does about no key or a wrong one, as it stands in a file."""
    return {"repeat": choice.repeat, "then": written(choice.then)}
