"""Queues in an exchange file: their part of it, and back."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from app.core import numbering
from app.core.destinations import ToAccount, ToExternal
from app.core.queues import Strategy
from app.services.agents import Who
from app.services.exchange_destinations import DestinationPart, written
from app.services.exchange_files import Shelf
from app.services.exchange_parts import RecordingPart, Text, Whole, YesNo
from app.services.queue_settings import BRANCHES, RANGES, QueueSettings, tidied
from app.services.queues import Queue
from app.services.sounds import SoundInfo


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AgentPart(_Part):
    """One who answers: exactly one of the keys."""

    account: Text | None = None
    external: Text | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.account is None) == (self.external is None):
            raise PydanticCustomError("one_agent", "must be either an account or an external number")
        return self

    @property
    def who(self) -> Who:
        """The same for the services, a number in E.164 where it is any."""
        if self.account is not None:
            return ToAccount(self.account)
        return ToExternal(numbering.as_city(self.external or "") or self.external or "")


class MusicPart(_Part):
    """The name of a file."""

    play: Text


class QueuePart(_Part):
    """A queue. What is not in the file is as in a new one; so are the numbers in `QueueSettings`."""

    name: Text
    strategy: Literal["all", "in-order", "longest-idle", "least-talk", "random"] = "all"
    agents: list[AgentPart] = []
    ring: Whole = QueueSettings.ring
    retry: Whole = QueueSettings.retry
    wrap_up: Whole = QueueSettings.wrap_up
    max_wait: Whole | None = QueueSettings.max_wait
    max_waiting: Whole | None = QueueSettings.max_waiting
    overflow: DestinationPart | None = None
    no_agents: DestinationPart | None = None
    full: DestinationPart | None = None
    greeting: RecordingPart | None = None
    music: MusicPart | None = None
    announce_every: Whole = QueueSettings.announce_every
    announce_agent: YesNo = QueueSettings.announce_agent
    misses: Whole = QueueSettings.misses
    miss_pause: Whole = QueueSettings.miss_pause
    keys: dict[str, DestinationPart] = {}
    call_back: Text = QueueSettings.call_back

    @property
    def settings(self) -> QueueSettings:
        """The same for the services, without the recordings."""
        values: dict[str, Any] = {name: getattr(self, name) for name in _PLAIN}
        values |= {branch: part.value for branch, part in self.destinations() if branch in BRANCHES}
        agents = tuple(one.who for one in self.agents)
        keys = {key: part.value for key, part in self.keys.items()}
        return tidied(QueueSettings(self.name, Strategy(self.strategy), agents, keys=keys, **values))

    def destinations(self) -> Iterator[tuple[str, DestinationPart]]:
        """Where it leads, by branch."""
        for branch in BRANCHES:
            part: DestinationPart | None = getattr(self, branch)
            if part is not None:
                yield branch, part
        yield from self.keys.items()

    def recordings(self) -> Mapping[str, RecordingPart]:
        """What is heard there, by the key that says so; the name, where agents are told it, by ``announce_agent``."""
        music = RecordingPart(play=self.music.play) if self.music else None
        name = RecordingPart(say=self.name) if self.announce_agent else None
        parts = {"greeting": self.greeting, "music": music, "announce_agent": name}
        return {key: part for key, part in parts.items() if part is not None}


SOUND_COLUMNS = {"greeting": "greeting", "music": "music", "announce_agent": "called"}
"""The key of a recording -> the column that has it."""

_PLAIN = ("ring", *RANGES, "announce_agent", "call_back")


def queue_written(queue: Queue, shelf: Shelf) -> dict[str, object]:
    """A queue as it stands in a file, without what is as in a new one."""
    settings = queue.settings
    usual = QueueSettings(settings.name)
    heard = (("greeting", queue.greeting), ("music", queue.music))
    led = {branch: getattr(settings, branch) for branch in BRANCHES}
    values: dict[str, object] = {"name": settings.name}
    if settings.strategy is not usual.strategy:
        values["strategy"] = settings.strategy.value
    values["agents"] = [written(who) for who in settings.agents]
    values |= {name: getattr(settings, name) for name in _PLAIN if getattr(settings, name) != getattr(usual, name)}
    values |= {branch: written(to) for branch, to in led.items() if to is not None}
    values |= {key: recording_written(sound, shelf) for key, sound in heard if sound}
    if settings.keys:
        values["keys"] = {key: written(to) for key, to in settings.keys.items()}
    return values


def recording_written(sound: SoundInfo, shelf: Shelf) -> dict[str, str]:
    """A recording as it stands in a file: its text, or the name under which ``shelf`` has it."""
    return {"say": sound.text} if sound.text else {"play": shelf.place(sound)}
