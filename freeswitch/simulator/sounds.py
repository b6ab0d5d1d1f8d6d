"""What a leg is played, and for how long."""

import re
import wave
from collections.abc import Callable
from functools import cache
from pathlib import Path, PurePosixPath

from freeswitch.simulator.sessions import Session

UNKNOWN_SECONDS = 2.0  # how long a sound file lasts that is not on this machine
ENDLESS = 86_400.0
MUSIC = ("music", "hold")  # what files of music are called, or their folders


def play(
    leg: Session, name: str, stop: Callable[[], bool] = lambda: False, music: bool = False, lasts: float | None = None
) -> bool:
    """Play ``name`` to its end, or until ``stop`` says so, the leg goes elsewhere, or it is broken off. True: to its end.

    ``lasts``: how long it is (seconds), where the name does not tell. What is played by a message meanwhile comes between.
    """
    if lasts is None:
        lasts = seconds(str(PurePosixPath(leg.get("sound_prefix")) / name) if "://" not in name else name)
    limit = leg.get("playback_timeout_sec")
    until = leg.clock.now() + min(lasts, int(limit) if limit.isdecimal() and int(limit) > 0 else ENDLESS)
    before, leg.sound = leg.sound, "music" if music else heard(name)
    leg.changed()
    while leg.ready and leg.clock.now() < until and not stop() and not leg.broken:
        leg.idle(until)
    ended = leg.ready and leg.clock.now() >= until
    leg.broken = False
    leg.sound = before if leg.ready else ""
    leg.changed()
    return ended


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
    return _file_seconds(name)


@cache
def _file_seconds(name: str) -> float:
    if not Path(name).is_file():
        return UNKNOWN_SECONDS
    with wave.open(name) as file:
        return float(file.getnframes() / file.getframerate())


def heard(name: str) -> str:
    """What a person would say it is: ``silence``, ``tone`` (it stays), ``ringback`` (it comes and goes), ``music`` or
    ``prompt:FILE``."""
    kind, _, rest = name.rpartition("://")
    if kind.endswith(("silence_stream", "local_stream")):  # our configuration loads no mod_local_stream
        return "silence"
    if kind.endswith("tone_stream"):
        return "ringback" if any(int(pause) for pause in re.findall(r"%\(\d+,(\d+)", rest)) else "tone"
    file = PurePosixPath(name)
    return "music" if {file.stem, file.parent.name} & set(MUSIC) else f"prompt:{file.name}"
