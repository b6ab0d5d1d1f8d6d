"""When an office is open, by the clock on its wall."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from dateutil.easter import easter
from hypothesis import given
from hypothesis import strategies as st

from app.core.hours import Schedule, is_open

WARSAW = "Europe/Warsaw"
WEEKDAYS, EVERY_DAY = frozenset(range(5)), frozenset(range(7))
OFFICE = Schedule("biuro", WEEKDAYS, 8 * 60, 16 * 60, "PL")
NIGHT = Schedule("noc", frozenset({0}), 22 * 60, 6 * 60)
ALWAYS = Schedule("zawsze", EVERY_DAY, 0, 24 * 60)


def seconds(text: str, zone: str = WARSAW, fold: int = 0) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp()


def opened(schedule: Schedule, text: str, zone: str = WARSAW) -> bool:
    return is_open(schedule, seconds(text, zone), zone)


# --- an ordinary week -----------------------------------------------------------------------------------------------

WEEK = [
    ("2026-11-23 07:59:59.999", False),  # Monday
    ("2026-11-23 08:00", True),
    ("2026-11-23 12:30", True),
    ("2026-11-23 15:59:59.999", True),
    ("2026-11-23 16:00", False),
    ("2026-11-23 00:00", False),
    ("2026-11-27 08:00", True),  # Friday
    ("2026-11-28 12:00", False),
    ("2026-11-29 12:00", False),
    ("2026-11-30 12:00", True),
]


@pytest.mark.parametrize(("moment", "expected"), WEEK)
def test_office_is_open_on_its_days_until_before_it_closes(moment, expected):
    assert opened(OFFICE, moment) is expected


OVERNIGHT = [
    ("2026-11-23 05:59", False),  # Monday, but it did not open on Sunday
    ("2026-11-23 21:59", False),
    ("2026-11-23 22:00", True),
    ("2026-11-23 23:59", True),
    ("2026-11-24 00:00", True),
    ("2026-11-24 05:59", True),
    ("2026-11-24 06:00", False),
    ("2026-11-24 22:00", False),
]


@pytest.mark.parametrize(("moment", "expected"), OVERNIGHT)
def test_hours_over_midnight_belong_to_the_day_they_opened_on(moment, expected):
    assert opened(NIGHT, moment) is expected


def test_night_that_opens_on_a_holiday_does_not_open():
    night = replace(NIGHT, days=EVERY_DAY, holidays="PL")
    assert not opened(night, "2026-11-11 23:00")
    assert not opened(night, "2026-11-12 05:00")
    assert opened(night, "2026-11-11 05:00")  # it had opened the evening before
    assert opened(night, "2026-11-12 22:00")


def test_night_that_opens_on_a_day_off_does_not_open():
    night = replace(NIGHT, days=EVERY_DAY, closed_on=frozenset({"2026-07-31"}))
    assert [opened(night, f"2026-{moment}") for moment in ("07-31 05:00", "07-31 22:00", "08-01 05:00", "08-01 22:00")] == [
        True,
        False,
        False,
        True,
    ]


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 12, 31)))
def test_midnight_to_midnight_is_always(moment):
    assert is_open(ALWAYS, moment.replace(tzinfo=ZoneInfo(WARSAW)).timestamp(), WARSAW)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 12, 31)), st.integers(0, 1439))
def test_same_minute_twice_is_round_the_clock(moment, minute):
    always = Schedule("zawsze", EVERY_DAY, minute, minute)
    assert is_open(always, moment.replace(tzinfo=ZoneInfo(WARSAW)).timestamp(), WARSAW)


def test_same_minute_twice_on_one_day_lasts_until_that_minute_of_the_next():
    duty = Schedule("dyżur", frozenset({4}), 9 * 60, 9 * 60)
    moments = ("27 08:59", "27 09:00", "28 08:59", "28 09:00")
    assert [opened(duty, f"2026-11-{moment}") for moment in moments] == [False, True, True, False]


def test_one_day_from_midnight_to_midnight_does_not_reach_into_the_next():
    sunday = Schedule("niedziela", frozenset({6}), 0, 24 * 60)
    moments = ("28 23:59", "29 00:00", "29 23:59", "30 00:00")
    assert [opened(sunday, f"2026-11-{moment}") for moment in moments] == [False, True, True, False]


def test_office_of_no_days_is_never_open():
    assert not opened(replace(OFFICE, days=frozenset()), "2026-11-23 12:00")


# --- holidays -------------------------------------------------------------------------------------------------------

# Easter Sunday, Easter Monday, Pentecost, Corpus Christi
MOVABLE = {
    2020: ("2020-04-12", "2020-04-13", "2020-05-31", "2020-06-11"),
    2021: ("2021-04-04", "2021-04-05", "2021-05-23", "2021-06-03"),
    2022: ("2022-04-17", "2022-04-18", "2022-06-05", "2022-06-16"),
    2023: ("2023-04-09", "2023-04-10", "2023-05-28", "2023-06-08"),
    2024: ("2024-03-31", "2024-04-01", "2024-05-19", "2024-05-30"),
    2025: ("2025-04-20", "2025-04-21", "2025-06-08", "2025-06-19"),
    2026: ("2026-04-05", "2026-04-06", "2026-05-24", "2026-06-04"),
    2027: ("2027-03-28", "2027-03-29", "2027-05-16", "2027-05-27"),
    2028: ("2028-04-16", "2028-04-17", "2028-06-04", "2028-06-15"),
    2029: ("2029-04-01", "2029-04-02", "2029-05-20", "2029-05-31"),
    2030: ("2030-04-21", "2030-04-22", "2030-06-09", "2030-06-20"),
}
FIXED = ("01-01", "01-06", "05-01", "05-03", "08-15", "11-01", "11-11", "12-25", "12-26")  # Dz.U. 1951 nr 4 poz. 28
SHOP = Schedule("sklep", EVERY_DAY, 0, 24 * 60, "PL")


@pytest.mark.parametrize("year", MOVABLE)
def test_year_is_closed_on_its_public_holidays_and_on_no_other_day(year):
    expected = {*MOVABLE[year], *(f"{year}-{day}" for day in FIXED)} | ({f"{year}-12-24"} if year >= 2025 else set())
    days = [date(year, 1, 1) + timedelta(days=day) for day in range(365)] + [date(year, 12, 31)]
    assert {day.isoformat() for day in days if not opened(SHOP, f"{day} 12:00")} == expected


@pytest.mark.parametrize("year", MOVABLE)
def test_second_opinion_on_easter_agrees(year):
    assert tuple(str(easter(year) + timedelta(days=days)) for days in (0, 1, 49, 60)) == MOVABLE[year]


def test_christmas_eve_is_free_since_2025():
    assert [opened(OFFICE, f"{year}-12-24 12:00") for year in (2024, 2025, 2026)] == [True, False, False]


def test_holiday_lasts_from_midnight_to_midnight():
    moments = ("11-10 23:59", "11-11 00:00", "11-11 23:59", "11-12 00:00")
    assert [opened(SHOP, f"2026-{moment}") for moment in moments] == [True, False, False, True]


def test_office_without_holidays_is_open_on_them():
    assert opened(replace(OFFICE, holidays=""), "2026-11-11 12:00")


def test_other_country_has_other_holidays():
    german = replace(OFFICE, holidays="DE")
    assert not opened(german, "2025-10-03 12:00", "Europe/Berlin")
    assert opened(OFFICE, "2025-10-03 12:00")
    assert opened(german, "2026-11-11 12:00", "Europe/Berlin")


def test_own_day_off_is_closed():
    office = replace(OFFICE, closed_on=frozenset({"2026-12-23", "2026-12-31"}))
    days = ("12-22", "12-23", "12-29", "12-31")
    assert [opened(office, f"2026-{day} 12:00") for day in days] == [True, False, True, False]


# --- the two nights of the year -------------------------------------------------------------------------------------

SMALL_HOURS = Schedule("nad ranem", EVERY_DAY, 2 * 60, 3 * 60)
EVERY_NIGHT = replace(NIGHT, days=EVERY_DAY)


@pytest.mark.parametrize("day", ["2025-03-30", "2026-03-29", "2027-03-28"])
def test_hour_that_the_clocks_leave_out_is_not_there(day):
    midnight = seconds(f"{day} 00:00")
    assert not any(is_open(SMALL_HOURS, midnight + minute * 60, WARSAW) for minute in range(23 * 60))
    before, after = seconds(f"{day} 01:59"), seconds(f"{day} 03:00")
    assert after - before == 60
    assert opened(EVERY_NIGHT, f"{day} 01:59")
    assert opened(EVERY_NIGHT, f"{day} 03:00")


@pytest.mark.parametrize("day", ["2025-10-26", "2026-10-25", "2027-10-31"])
def test_hour_that_the_clocks_show_twice_counts_twice(day):
    midnight = seconds(f"{day} 00:00")
    minutes = [minute for minute in range(25 * 60) if is_open(SMALL_HOURS, midnight + minute * 60, WARSAW)]
    assert minutes == list(range(2 * 60, 4 * 60))
    assert is_open(SMALL_HOURS, seconds(f"{day} 02:00", fold=1), WARSAW)
    assert not is_open(SMALL_HOURS, seconds(f"{day} 01:59"), WARSAW)
    assert not is_open(SMALL_HOURS, seconds(f"{day} 03:00"), WARSAW)


@pytest.mark.parametrize(("day", "hours"), [("2026-03-28", 7), ("2026-10-24", 9), ("2026-11-23", 8)])
def test_night_shift_ends_by_the_clock_however_long_it_was(day, hours):
    opens = seconds(f"{day} 22:00")
    assert is_open(EVERY_NIGHT, opens + hours * 3600 - 1, WARSAW)
    assert not is_open(EVERY_NIGHT, opens + hours * 3600, WARSAW)


# --- elsewhere ------------------------------------------------------------------------------------------------------


def test_each_office_goes_by_its_own_clock():
    noon_in_warsaw = seconds("2026-11-23 12:00")
    zones = ("Europe/Warsaw", "Europe/London", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland")
    assert [is_open(OFFICE, noon_in_warsaw, zone) for zone in zones] == [True, True, False, False, False]


def test_day_and_holiday_are_those_of_the_place():
    sunday_night_in_warsaw = seconds("2026-11-22 23:30")
    monday = Schedule("poniedziałek", frozenset({0}), 0, 24 * 60)
    assert is_open(monday, sunday_night_in_warsaw, "Pacific/Auckland")
    assert not is_open(monday, sunday_night_in_warsaw, WARSAW)
    new_years_eve = seconds("2026-12-31 23:30")
    assert is_open(SHOP, new_years_eve, WARSAW)
    assert not is_open(SHOP, new_years_eve, "Europe/Kyiv")


def test_place_or_country_that_nobody_knows_is_an_error_and_no_guess():
    with pytest.raises(ZoneInfoNotFoundError):
        is_open(ALWAYS, 0, "Europe/Sosnowiec")
    with pytest.raises(NotImplementedError):
        is_open(replace(OFFICE, holidays="XX"), seconds("2026-11-23 12:00"), WARSAW)
