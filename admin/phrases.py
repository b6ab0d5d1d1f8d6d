"""Whole sentences about phones, numbers and the exchange."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext

from admin.figures import grouped
from admin.words import PROMPTS, SOUNDS
from app.services.health import HealthNow
from app.services.numbers import Notice

MUSIC = "prompt:hold.wav"  # to the switch the music for those who wait is a recording like any other


def trouble(health: HealthNow) -> str | None:
    """What is wrong with the exchange, for everybody; None when calls are led."""
    if health.good:
        return None
    if not health.controller_alive:
        return gettext(
            "No connection to the exchange. Calls going on continue, new ones do not get through, "
            "and phones may show an old state."
        )
    return gettext("No connection to the telephone switch. Calls do not get through until it is back.")


def who(number: str, name: str) -> str:
    """A person as people say it: the number and, if known, the name."""
    return f"{grouped(number)} {name}".strip() if name != number else grouped(number)


def sound_of(hears: str) -> str:
    """The kind of what a virtual phone plays: a key of ``words.SOUNDS``, or ``peer``."""
    return "music" if hears == MUSIC else hears.partition(":")[0]


def heard(sound: str, people: Mapping[str, str]) -> str:
    """What a virtual phone plays into the ear. ``people``: login -> who that is, where it is one of the tenant's."""
    kind, detail = sound_of(sound), sound.partition(":")[2]
    if kind == "peer":
        return gettext("hears %(who)s", who=people.get(detail, grouped(detail)))
    recording = detail.removesuffix(".wav")
    if recording in PROMPTS:
        return gettext("hears “%(sentence)s”", sentence=PROMPTS[recording])
    if recording.startswith("digit-"):
        return gettext("hears “%(sentence)s”", sentence=recording.removeprefix("digit-"))
    return str(SOUNDS[kind])


def waiting(number: str, notices: Sequence[Notice]) -> list[str]:
    """What dialling will be like beside other numbers that begin alike."""
    sentences = []
    for notice in notices:
        others = ", ".join(notice.numbers)
        if notice.code == "waits-for":
            sentences.append(
                gettext(
                    "Phones may wait a moment after %(number)s, because %(others)s begins with the same digits.",
                    number=number,
                    others=others,
                )
            )
        else:
            sentences.append(
                gettext(
                    "Phones may wait a moment after %(others)s, because %(number)s goes on from there.",
                    number=number,
                    others=others,
                )
            )
    return sentences
