"""What the tests of the simulator's queues share: a stage with queues, agents and callers."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

from freeswitch.simulator.phones import Phone
from tests.freeswitch.simulated import DOMAIN, Stage


class Queues(Stage):
    """Callers are 201 and up, agents 101 and up, each with a telephone of his own."""

    def enter(self, caller: Phone, queue: str = "q1", *before: str) -> str:
        """The caller dials, and waits in a queue from now on; his leg."""
        leg = self.call(caller)
        self.controller.script(leg, *before, f"callcenter {queue}", "set pbx_after=yes")
        self.settle()
        return leg

    def config(self, text: str) -> str:
        return self.controller.api(f"callcenter_config {text}")

    def agent(self, login: str, *queues: str, ring: int = 20, position: int = 1, **settings: int) -> Phone:
        """An agent who is available, and his telephone."""
        self.config(f"agent add {login} Callback")
        self.config(f"agent set contact {login} [leg_timeout={ring}]user/{login}@{DOMAIN}")
        for key, value in settings.items():
            self.config(f"agent set {key} {login} {value}")
        self.config(f"agent set status {login} Available")
        for queue in queues:
            assert self.config(f"tier add {queue} {login} 1 {position}") == "+OK\n"
        return self.phone(login)

    def rows(self, what: str) -> list[dict[str, str]]:
        """One of the module's lists."""
        heading, *lines = self.config(what).splitlines()[:-1] or [""]
        return [dict(zip(heading.split("|"), line.split("|"), strict=True)) for line in lines]

    def told(self, *actions: str) -> list[dict[str, Any]]:
        """The module's own events."""
        events = (event for event in self.controller.events if event.get("Event-Subclass") == "callcenter::info")
        return [event for event in events if not actions or event["CC-Action"] in actions]

    def standing(self, login: str) -> tuple[str, str, str, str]:
        """Whether all is as it should be between calls: the agent's status and state, his tier's, and how many wait."""
        agent, tier = self.rows(f"agent list {login}")[0], next(row for row in self.rows("tier list") if row["agent"] == login)
        waiting = [row for row in self.rows("queue list members") if row["state"] != "Abandoned"]
        return agent["status"], agent["state"], tier["state"], str(len(waiting))


AT_REST = ("Available", "Waiting", "Ready", "0")


@contextmanager
def queues(folder: Path, *, settings: str = "", chance: int = 7, frame: float = 0.0, **strategies: str) -> Iterator[Queues]:
    """A stage with queues: name -> strategy and, after blanks, settings as ``max-wait-time=4``."""
    file = written(folder, settings, **strategies)
    with Queues(frame=frame, queues=file, chance=Random(chance), directory=lambda _: True) as stage:
        yield stage


def written(folder: Path, settings: str = "", **strategies: str) -> Path:
    """The module's configuration."""
    lines = "".join(_queue(name, *text.split()) for name, text in strategies.items())
    file = folder / "callcenter.conf.xml"
    given = "".join(_param(each) for each in settings.split())
    head = f'<configuration name="callcenter.conf"><settings>{given}</settings>'
    file.write_text(f"{head}<queues>{lines}$${{more_queues}}</queues></configuration>")
    return file


def _queue(name: str, strategy: str, *settings: str) -> str:
    params = "".join(_param(each) for each in (f"strategy={strategy}", "moh-sound=hold.wav", *settings))
    return f'<queue name="{name}">{params}</queue>'


def _param(setting: str) -> str:
    name, _, value = setting.partition("=")
    return f'<param name="{name}" value="{value}"/>'
