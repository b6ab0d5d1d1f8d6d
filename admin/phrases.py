"""Whole sentences about phones, numbers and the exchange."""

from collections.abc import Mapping, Sequence

from flask_babel import get_locale, gettext, ngettext

from admin import words
from admin.figures import grouped, moment
from admin.openings import Opening, clock_time
from app.core.hours import DAY, Schedule
from app.core.outcome import Limit
from app.services.errors import Use
from app.services.health import HealthNow
from app.services.plan import Notice
from app.services.refusals import Refused

MOST_NAMED = 3  # of the numbers that begin alike
WITHHELD = "anonymous"  # in place of a number that its owner hides (RFC 3323, section 4.1)
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
    if number.lower() == WITHHELD:
        return gettext("withheld number")
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
    if recording in words.PROMPTS:
        return gettext("hears “%(sentence)s”", sentence=words.PROMPTS[recording])
    if recording.startswith("digit-"):
        return gettext("hears “%(sentence)s”", sentence=recording.removeprefix("digit-"))
    return str(words.SOUNDS[kind])


def use(of: Use) -> str:
    """Something that leads to another thing, in a list of such."""
    if of.kind == "extension":
        return gettext("number %(number)s %(name)s", number=of.number, name=of.name)
    if of.kind == "city":
        return gettext("city number %(number)s", number=grouped(of.number))
    if of.kind == "menu":
        return gettext("menu “%(name)s”", name=of.name)
    if of.kind == "queue":
        return gettext("queue “%(name)s”", name=of.name)
    return gettext("callers nobody takes back after a transfer") if of.kind == "fallback" else of.name


def hours(schedule: Schedule) -> str:
    """Opening hours in one line: Mon–Fri, 08:00–16:00, closed on public holidays."""
    days = "".join(str(day) for day in sorted(schedule.days))
    names = get_locale().days["stand-alone"]["abbreviated"]
    if len(days) > 2 and days in "0123456":
        named = f"{names[int(days[0])]}–{names[int(days[-1])]}"
    else:
        named = ", ".join(names[int(day)] for day in days)
    closes = schedule.closes or DAY
    parts = [named, f"{clock_time(schedule.opens)}–{clock_time(closes)}"]
    if schedule.holidays:
        parts.append(gettext("closed on public holidays"))
    if schedule.closed_on:
        count = len(schedule.closed_on)
        parts.append(ngettext("%(num)s further day off", "%(num)s further days off", count))
    return ", ".join(parts)


def turns(opening: Opening, now: float) -> str:
    """When an office opens or closes next."""
    if opening.changes is None:
        return ""
    when = moment(opening.changes, now)
    return gettext("closes %(when)s", when=when) if opening.open else gettext("opens %(when)s", when=when)


def limit(refused: Refused) -> str:
    """Which limit has stopped a call."""
    if refused.limit is not Limit.COUNTRY:
        return str(words.LIMITS[refused.limit])
    names: Mapping[str, str] = get_locale().territories
    country = names.get(refused.country) if refused.country.isalpha() else None
    return gettext("country that may not be called: %(country)s", country=country or gettext("unknown"))


def waiting(number: str, notices: Sequence[Notice]) -> list[str]:
    """What dialling will be like beside other numbers that begin alike."""
    sentences = []
    for notice in notices:
        others = ", ".join([*notice.numbers[:MOST_NAMED], *["…"] * (len(notice.numbers) > MOST_NAMED)])
        if notice.code == "waits-for":
            sentences.append(
                gettext(
                    "Phones may wait a moment after %(number)s, because longer numbers begin with it: %(others)s.",
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
