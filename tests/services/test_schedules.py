"""When offices are open."""

from dataclasses import replace

import pytest

from app.core.destinations import ToHangUp, ToHours, ToRing
from app.core.hours import Schedule
from app.services.schedules import Always, OtherHours
from app.store import snapshot

OFFICE = Schedule("Biuro", frozenset(range(5)), 8 * 60, 16 * 60, "PL", frozenset({"2026-12-24", "2027-01-02"}))


def test_schedule_reaches_the_controller(pbx, ola, acme, zenit, database, changes):
    hours = pbx.schedules.create(ola, acme.id, replace(OFFICE, name="  Biuro ", holidays="pl"))
    assert hours.schedule == pbx.schedules.get(acme.id, hours.id).schedule == OFFICE
    tenants = snapshot.read(database).tenants
    assert (tenants[acme.id].schedules, tenants[zenit.id].schedules) == ({"Biuro": OFFICE}, {})
    assert changes()[-1] == ("Ola", "schedule-created", "Biuro")


def test_change_takes_the_place_of_what_was(pbx, ola, acme, database):
    hours = pbx.schedules.create(ola, acme.id, OFFICE)
    night = Schedule("Noc", frozenset({5, 6}), 22 * 60, 6 * 60, "", frozenset({"2026-12-31"}))
    pbx.schedules.change(ola, acme.id, hours.id, night)
    assert snapshot.read(database).tenants[acme.id].schedules == {"Noc": night}


def test_number_goes_on_by_a_schedule_of_another_name(pbx, ola, acme, anna):
    hours = pbx.schedules.create(ola, acme.id, OFFICE)
    fifty = pbx.numbers.create(ola, acme.id, "50", "Biuro", ToHours("Biuro", anna.phone, ToHangUp()))
    pbx.schedules.change(ola, acme.id, hours.id, replace(OFFICE, name="Godziny"))
    assert pbx.numbers.get(acme.id, fifty.id).to == ToHours("Godziny", anna.phone, ToHangUp())


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("name", "", "name-missing"),
        ("days", frozenset(), "days-missing"),
        ("days", frozenset({7}), "days-missing"),
        ("opens", -1, "hour-unknown"),
        ("opens", 24 * 60, "hour-unknown"),
        ("closes", 24 * 60 + 1, "hour-unknown"),
        ("holidays", "XX", "holidays-unknown"),
        ("closed_on", frozenset({"2026-02-30"}), "day-format"),
        ("closed_on", frozenset({"20261224"}), "day-format"),
        ("closed_on", frozenset({"tomorrow"}), "day-format"),
        ("closed_on", frozenset(f"{year}-01-01" for year in range(2000, 2401)), "days-off-too-many"),
    ],
)
def test_hours_are_such_that_an_office_can_have(pbx, ola, acme, refused, field, value, code):
    with refused((code, field)):
        pbx.schedules.create(ola, acme.id, replace(OFFICE, **{field: value}))


def test_whole_day_is_midnight_to_midnight(pbx, ola, acme):
    day = replace(OFFICE, opens=0, closes=24 * 60)
    assert pbx.schedules.create(ola, acme.id, day).schedule == day


def test_name_is_given_once(pbx, ola, acme, zenit, refused):
    pbx.schedules.create(ola, acme.id, OFFICE)
    with refused(("name-taken", "name")):
        pbx.schedules.create(ola, acme.id, replace(OFFICE, name="BIURO"))
    assert pbx.schedules.create(ola, zenit.id, OFFICE)


def test_schedule_that_decides_stays(pbx, ola, acme, anna, refused):
    hours = pbx.schedules.create(ola, acme.id, OFFICE)
    fifty = pbx.numbers.create(ola, acme.id, "50", "Biuro", ToHours("Biuro", anna.phone, ToHangUp()))
    with refused(("in-use", "replace_with")) as caught:
        pbx.schedules.delete(ola, acme.id, hours.id)
    assert list(caught.value.users) == pbx.schedules.used_by(acme.id, hours.id)
    pbx.numbers.delete(ola, acme.id, fifty.id)
    pbx.schedules.delete(ola, acme.id, hours.id)
    assert pbx.schedules.list(acme.id) == []


@pytest.mark.parametrize(
    ("instead", "led"),
    [
        (OtherHours("Noc"), lambda open_, closed: ToHours("Noc", open_, closed)),
        (Always.OPEN, lambda open_, closed: open_),
        (Always.CLOSED, lambda open_, closed: closed),
    ],
)
def test_something_else_decides_in_its_place(pbx, ola, acme, anna, bartek, instead, led):
    hours = pbx.schedules.create(ola, acme.id, OFFICE)
    pbx.schedules.create(ola, acme.id, replace(OFFICE, name="Noc"))
    inner = ToHours("Biuro", anna.phone, ToHangUp())
    ring = ToRing((bartek.login,), busy=inner)
    pbx.numbers.create(ola, acme.id, "50", "Biuro", ToHours("Biuro", ring, inner))
    pbx.schedules.delete(ola, acme.id, hours.id, instead)
    changed = led(anna.phone, ToHangUp())
    numbers = {row.number: row.to for row in pbx.numbers.list(acme.id)}
    assert numbers["50"] == led(replace(ring, busy=changed), changed)
    assert [row.schedule.name for row in pbx.schedules.list(acme.id)] == ["Noc"]


def test_only_other_hours_of_the_same_tenant_take_its_place(pbx, ola, acme, zenit, anna, refused):
    hours = pbx.schedules.create(ola, acme.id, OFFICE)
    pbx.schedules.create(ola, zenit.id, replace(OFFICE, name="Noc"))
    pbx.numbers.create(ola, acme.id, "50", "Biuro", ToHours("Biuro", anna.phone, ToHangUp()))
    for name, code in (("Biuro", "replacement-is-itself"), ("Noc", "schedule-unknown")):
        with refused((code, "replace_with")):
            pbx.schedules.delete(ola, acme.id, hours.id, OtherHours(name))
    assert pbx.schedules.list(acme.id)
