"""The time zone is chosen from a list, in the reader's language."""

import doctest
import zoneinfo

import pytest
from flask_babel import force_locale

from admin import figures, zones
from app.services.actor import FIRST_START


@pytest.mark.parametrize(("language", "place"), [("pl", "Warszawa (Polska)"), ("en", "Warsaw (Poland)")])
def test_a_zone_is_called_by_its_place(app, language, place):
    with app.test_request_context(), force_locale(language):
        groups = zones.offered(None)
    assert ("Europe/Warsaw", place) in next(iter(groups.values()))


def test_every_zone_on_the_list_can_be_stored_and_stands_there_once(app):
    with app.test_request_context():
        offered = [zone for places in zones.offered("UTC").values() for zone, _ in places]
    assert len(offered) == len(set(offered)) > 300
    assert set(offered) <= zoneinfo.available_timezones()


def test_the_machine_is_asked_once_for_its_zones(app, monkeypatch):
    """It opens a file for each of them, which for each of them took the first who came to the settings five seconds."""
    asked = []
    available = zoneinfo.available_timezones
    monkeypatch.setattr(zoneinfo, "available_timezones", lambda: asked.append(1) or available())
    zones._places.cache_clear()
    zones._available.cache_clear()
    with app.test_request_context():
        zones.offered(None)
        zones.offered("Etc/GMT+1")
    assert len(asked) == 1


def test_a_zone_people_would_not_look_for_stays_chosen(ania, cases, zabka):
    cases.tenants.change(FIRST_START, zabka.id, time_zone="Etc/GMT+1")
    assert ania.get("/settings/").html.select_one("#time_zone [selected]")["value"] == "Etc/GMT+1"


def test_the_list_shows_the_tenants_own(ania):
    assert ania.get("/settings/").html.select_one("#time_zone [selected]").get_text() == "Warszawa (Polska)"


def test_what_figures_promise_in_their_docstrings_is_true():
    assert doctest.testmod(figures).failed == 0
