"""What a leg is played, and for how long."""

import re
from collections.abc import Callable
from pathlib import PurePosixPath

from freeswitch.simulator.sessions import Session

PROMPT_SECONDS = 2.0  # how long every sound file lasts here
ENDLESS = 86_400.0


def play(
    leg: Session, name: str, stop: Callable[[], bool] = lambda: False, music: bool = False, lasts: float | None = None
) -> None:
    """Play ``name`` to its end, or until ``stop`` says so, the leg goes elsewhere, or it is broken off.

    ``lasts``: how long it is (seconds), where the name does not tell.
    """
    until = leg.clock.now() + (seconds(name) if lasts is None else lasts)
    leg.sound = "music" if music else heard(name)
    leg.changed()
    while leg.ready and leg.clock.now() < until and not stop() and not leg.broken:
        leg.idle(until)
    leg.broken = False
    leg.sound = ""
    leg.changed()


def seconds(name: str) -> float:
    """How long a sound lasts."""
    kind, _, rest = name.rpartition("://")
    if kind.endswith("silence_stream"):
        milliseconds = re.match(r"-?\d+", rest)
        length = int(milliseconds[0]) if milliseconds else 0
        return ENDLESS if length < 0 else length / 1000
    if kind.endswith("local_stream"):
        return ENDLESS
    if kind.endswith("tone_stream"):
        if "loops=-1" in rest:
            return ENDLESS
        return sum(int(on) + int(off) for on, off in re.findall(r"%\((\d+),(\d+)", rest)) / 1000
    return PROMPT_SECONDS


def heard(name: str) -> str:
    """What a person would say it is: ``silence``, ``tone`` (it stays), ``ringback`` (it comes and goes), ``music`` or
    ``prompt:FILE``."""
    kind, _, rest = name.rpartition("://")
    if kind.endswith(("silence_stream", "local_stream")):  # our configuration loads no mod_local_stream
        return "silence"
    if kind.endswith("tone_stream"):
        return "ringback" if any(int(pause) for pause in re.findall(r"%\(\d+,(\d+)", rest)) else "tone"
    file = PurePosixPath(name)
    return "music" if "music" in (file.stem, file.parent.name) else f"prompt:{file.name}"
