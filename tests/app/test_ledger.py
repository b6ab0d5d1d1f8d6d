"""How much a tenant calls outside: lines at once, minutes since midnight on its own clock."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from app.core.call import Call, Ended
from app.core.directory import Directory, Limits, Tenant
from app.core.party import Party
from app.core.record import Part, Record
from app.core.routing import Way
from app.core.states import Ringing, Talking
from app.ledger import Ledger, midnight

WARSAW = ZoneInfo("Europe/Warsaw")
TODAY = datetime(2026, 11, 23, tzinfo=WARSAW).timestamp()
NOON = TODAY + 12 * 3600
CLIENT = "+48600100300"


@dataclass
class Journal:
    """Knows what was talked before."""

    talked: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)

    def talked_outside(self, since):
        self.asked.append(dict(since))
        return self.talked


def tenant(**limits):
    return Tenant(1, "Acme", limits=Limits(**limits))


def call(id_="a", answered=None, ended=None, number=CLIENT, state=None):
    part = Part(number, "", "", NOON - 600, answered, ended)
    record = Record(id_, 1, "21", "Anna", "101", number, NOON - 600, parts=(part,))
    return Call(id_, Party(id_, "101", received=False), state or Ringing(Way("tel" + number)), record)


@pytest.fixture
def ledger():
    return Ledger()


def noted(ledger, *calls, at=NOON, **limits):
    acme = tenant(**limits)
    for one in calls:
        ledger.note(one, Directory(1, {1: acme}), at)
    return acme


def test_lines_are_counted_while_somebody_outside_is_rung_or_talks(ledger):
    acme = noted(ledger, call("a"), call("b", answered=NOON), calls_at_once=2)
    assert ledger.exhausted(acme, "c", NOON)
    noted(ledger, replace(call("b", answered=NOON, ended=NOON), state=Ended()), calls_at_once=2)
    assert not ledger.exhausted(acme, "c", NOON)


def test_call_does_not_stand_in_its_own_way(ledger):
    acme = noted(ledger, call("a"), calls_at_once=1)
    assert not ledger.exhausted(acme, "a", NOON)
    assert ledger.exhausted(acme, "b", NOON)


def test_calls_inside_use_no_line(ledger):
    acme = noted(ledger, call("a", number="22"), calls_at_once=1)
    assert not ledger.exhausted(acme, "b", NOON)


def test_party_outside_uses_a_line_whoever_is_rung_for_it(ledger):
    """Anna has called a client and sent him to Bartek, whose phone rings."""
    sent = call("a", answered=NOON, ended=NOON)
    sent = replace(sent, party=Party("client", number=CLIENT), state=Talking(Party("b", "102")))
    assert ledger.exhausted(noted(ledger, sent, calls_at_once=1), "c", NOON)


def test_call_that_vanished_uses_no_line(ledger):
    acme = noted(ledger, call("a"), calls_at_once=1)
    ledger.forget(call("a"))
    assert not ledger.exhausted(acme, "b", NOON)


def test_minutes_count_while_they_are_talked(ledger):
    acme = noted(ledger, call("a", answered=NOON), minutes_per_day=2)
    assert not ledger.exhausted(acme, "b", NOON + 119)
    assert ledger.exhausted(acme, "b", NOON + 120)


def test_minutes_of_calls_that_are_over_count(ledger):
    over = replace(call("a", answered=NOON - 120, ended=NOON), state=Ended())
    acme = noted(ledger, over, minutes_per_day=2)
    assert ledger.exhausted(acme, "b", NOON)
    assert not ledger.exhausted(tenant(minutes_per_day=3), "b", NOON)


def test_minutes_of_an_earlier_controller_count_and_are_asked_for_once(ledger):
    journal, acme = Journal({1: 7200.0}), tenant(minutes_per_day=120)
    ledger.begin(journal, {1: acme}, NOON)
    ledger.begin(journal, {1: acme}, NOON)
    assert journal.asked == [{1: TODAY}]
    assert ledger.exhausted(acme, "a", NOON)


def test_day_begins_anew_at_midnight(ledger):
    acme = tenant(minutes_per_day=120)
    ledger.begin(Journal({1: 7200.0}), {1: acme}, NOON)
    assert not ledger.exhausted(acme, "a", TODAY + 24 * 3600)


def test_talk_over_midnight_counts_from_midnight(ledger):
    night = TODAY + 24 * 3600
    acme = noted(ledger, call("a", answered=night - 3600), at=night, minutes_per_day=2)
    assert not ledger.exhausted(acme, "b", night + 119)
    assert ledger.exhausted(acme, "b", night + 120)


def test_tenant_without_limits_is_never_exhausted(ledger):
    acme = noted(ledger, call("a", answered=TODAY), calls_at_once=None, minutes_per_day=None)
    assert not ledger.exhausted(acme, "b", NOON)


def test_tenant_that_is_gone_is_not_counted(ledger):
    ledger.note(call("a", answered=NOON), Directory(), NOON)
    assert not ledger.exhausted(tenant(minutes_per_day=1, calls_at_once=2), "b", NOON + 3600)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 23, 0, 0), datetime(2026, 11, 23)),
        (datetime(2026, 11, 22, 23, 59), datetime(2026, 11, 22)),
        (datetime(2026, 10, 25, 12, 0), datetime(2026, 10, 25)),  # the clock goes back at three
        (datetime(2026, 3, 29, 12, 0), datetime(2026, 3, 29)),
    ],
)
def test_midnight_is_that_of_the_tenants_clock(moment, day):
    assert midnight(moment.replace(tzinfo=WARSAW).timestamp(), "Europe/Warsaw") == day.replace(tzinfo=WARSAW).timestamp()
