"""Files that are played: of this machine, of the panel's process, several in a row, or a phrase (``switch_ivr_play_file``)."""

from collections.abc import Callable, Iterable
from typing import Protocol

from freeswitch.simulator.phrases import MARK, Phrases
from freeswitch.simulator.recordings import Recordings
from freeswitch.simulator.sessions import Session
from freeswitch.simulator.sounds import heard, play

_SERIES = "file_string://"


class Library(Protocol):
    """The switch, as far as it has sounds."""

    @property
    def recordings(self) -> Recordings:
        """What is played over HTTP."""
        ...

    @property
    def phrases(self) -> Phrases: ...


def play_file(library: Library, leg: Session, name: str, stop: Callable[[], bool] = lambda: False, music: bool = False) -> bool:
    """Play it to its end, or until ``stop`` says so, the leg goes elsewhere, or it is broken off. False: it cannot be had.

    ``file_string://A!B`` is two files one after the other (``mod_dptools.c``); breaking off ends them all.
    """
    found = False
    for file in _files(library, leg, name):
        lasts = library.recordings.seconds(file)
        found = found or lasts != 0
        if not play(leg, file, stop, music=music and heard(file) != "silence", lasts=lasts):
            break
    return found


def _files(library: Library, leg: Session, name: str) -> Iterable[str]:
    if name.startswith(MARK):
        return library.phrases.files(name, leg.expand)
    return name.removeprefix(_SERIES).split("!") if name.startswith(_SERIES) else [name]
