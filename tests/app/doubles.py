"""What stands around the engine in a story that is told at random."""

import logging
from dataclasses import dataclass, field


@dataclass
class Journal:
    open: dict = field(default_factory=dict)
    final: dict = field(default_factory=dict)
    complaints: list = field(default_factory=list)

    def write(self, record):
        if record.call in self.final:
            self.complaints.append(f"{record.call} is written after its end")
        if record.ended is None:
            self.open[record.call] = record
        else:
            self.open.pop(record.call, None)
            self.final[record.call] = record

    def unfinished(self):
        return dict(self.open)

    def talked_outside(self, since):
        return {}

    def settle(self, living, at):
        for call in set(self.open) - set(living):
            del self.open[call]


class Presence:
    def note(self, event): ...

    def trunk(self, event): ...

    def switch(self, *_): ...


@dataclass
class Roster:
    said: list = field(default_factory=list)

    def attend(self, command):
        self.said.append(command)


@dataclass
class Timers:
    waiting: dict = field(default_factory=dict)

    def set(self, call, name, seconds, fire):
        self.waiting[call, name] = fire

    def cancel(self, call, name):
        self.waiting.pop((call, name), None)

    def forget(self, call):
        self.waiting = {key: fire for key, fire in self.waiting.items() if key[0] != call}


class Complaints(logging.Handler):
    """What the engine logs as an error is a bug of ours."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.said = []

    def emit(self, record):
        self.said.append(record.getMessage() + repr(record.exc_info))
