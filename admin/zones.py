"""The time zones to choose from: places by continent, in the reader's language."""

import zoneinfo
from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_location
from flask_babel import LazyString, get_locale, gettext
from flask_babel import lazy_gettext as _

UTC = "UTC"
CONTINENTS: Mapping[str, LazyString] = {
    "Europe": _("Europe"),
    "Africa": _("Africa"),
    "America": _("America"),
    "Antarctica": _("Antarctica"),
    "Arctic": _("Arctic"),
    "Asia": _("Asia"),
    "Atlantic": _("Atlantic"),
    "Australia": _("Australia"),
    "Indian": _("Indian Ocean"),
    "Pacific": _("Pacific"),
}
"""The first word of a zone's name in the IANA database, in the order people find them here."""


def offered(chosen: str | None) -> dict[str, Sequence[tuple[str, str]]]:
    """Continent -> zones, each with its name in the IANA database and its place: *Warszawa (Polska)*.

    ``chosen`` is among them even if it is none that people would look for, ``Etc/GMT+1`` from a file for example.
    """
    places = _places(str(get_locale()))
    groups = {str(word): places[continent] for continent, word in CONTINENTS.items()}
    known = {zone for zones in places.values() for zone, _place in zones} | {UTC}
    rest = [chosen] if chosen and chosen not in known and chosen in _available() else []
    return groups | {gettext("Others"): [(zone, zone) for zone in (UTC, *rest)]}


@cache
def _available() -> frozenset[str]:
    """What the machine knows; to ask it means to open each of its six hundred files."""
    return frozenset(zoneinfo.available_timezones())


@cache
def _places(language: str) -> Mapping[str, Sequence[tuple[str, str]]]:
    locale = Locale.parse(language)
    found: dict[str, list[tuple[str, str]]] = {continent: [] for continent in CONTINENTS}
    for zone, country in get_global("zone_territories").items():
        continent = zone.partition("/")[0]
        if continent in found and zone in _available():
            found[continent].append((zone, _place(zone, locale.territories.get(country), locale)))
    return MappingProxyType({continent: sorted(zones, key=lambda zone: zone[1]) for continent, zones in found.items()})


def _place(zone: str, country: str | None, locale: Locale) -> str:
    city: str = get_timezone_location(zone, locale=locale, return_city=True)
    return f"{city} ({country})" if country and country != city else city
