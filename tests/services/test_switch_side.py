"""What the switch asks and reports, and whether it is there."""

import time
from dataclasses import replace

import pytest

from app.core.outcome import EndedBy, Outcome
from app.core.record import Record
from app.core.report import LegReport
from app.store import calllog
from app.store.models import Heartbeat, LegEnd, SwitchState


def test_switch_learns_what_it_needs_of_an_account(pbx, anna):
    entry = pbx.lookup.directory_entry(anna.login)
    assert (entry.login, entry.tenant, entry.number, entry.name) == (anna.login, "Acme", "21", "Anna Żółć")
    assert entry.a1_hash == anna.account.a1_hash
    assert entry.a1_hash not in repr(entry)


def test_account_without_a_number_has_none(pbx, ola, acme):
    spare = pbx.accounts.create(ola, acme.id, "Spare")
    assert pbx.lookup.directory_entry(spare.login).number == ""


def test_all_accounts_are_told_as_each_is(pbx, ola, acme, anna, bartek, zofia):
    pbx.cities.create(ola, acme.id, "22 123 45 67", "Main", anna.phone)
    own = pbx.cities.create(ola, acme.id, "22 765 43 21", "Anna", anna.phone)
    pbx.accounts.present(ola, acme.id, anna.account.id, own.number)
    told = {entry.login: entry for entry in pbx.lookup.directory_entries()}
    assert told == {login: replace(pbx.lookup.directory_entry(login), number="") for login in told}
    shown = [told[person.login].presents for person in (anna, bartek, zofia)]
    assert shown == ["+48227654321", "+48221234567", ""]


@pytest.mark.parametrize("login", ["nobody", "", "' OR 1=1 --", "\x00"])
def test_nobody_is_nobody(pbx, anna, login):
    assert pbx.lookup.directory_entry(login) is None


ENDED = LegReport("call", "call", "", "22", 1000.0, None, 1008.0, "USER_BUSY", Outcome.BUSY, EndedBy.SYSTEM)


def test_end_of_a_leg_is_kept(pbx, database):
    pbx.lookup.leg_ended(replace(ENDED, leg="leg"))
    pbx.lookup.leg_ended(replace(ENDED, leg="other", call=None, answered=1001.0, outcome=Outcome.ANSWERED))
    with database.reading():
        rows = {row.leg: (row.call, row.ended, row.answered, row.cause, row.outcome, row.ended_by) for row in LegEnd.select()}
    assert rows == {
        "leg": ("call", 1008.0, None, "USER_BUSY", "busy", "system"),
        "other": ("other", 1008.0, 1001.0, "USER_BUSY", "answered", "system"),
    }


def test_report_puts_right_a_call_that_was_closed_by_guess(pbx, acme, anna, database):
    with database.writing():
        record = Record("call", acme.id, "21", "Anna", anna.login, "22", 1000.0)
        calllog.store([record])
        calllog.settle((), 2000.0)
    pbx.lookup.leg_ended(replace(ENDED, login=anna.login))
    closed = pbx.history.get(acme.id, "call")
    assert (closed.ended, closed.outcome, closed.ended_by) == (1008.0, Outcome.BUSY, EndedBy.SYSTEM)


def test_call_without_a_controller_is_in_the_history(pbx, acme, zofia, anna):
    pbx.lookup.leg_ended(replace(ENDED, call=None, login=anna.login, outcome=Outcome.FAILED))
    (call,) = pbx.history.page(acme.id).rows
    assert (call.caller_number, call.caller_name, call.dialled, call.outcome) == ("21", "Anna Żółć", "22", Outcome.FAILED)
    assert pbx.history.page(zofia.tenant).total == 0


def test_without_a_heartbeat_nothing_is_well(pbx):
    health = pbx.health.now()
    assert (health.controller_alive, health.controller_seen, health.good) == (False, None, False)


@pytest.mark.parametrize(("age", "alive"), [(0.5, True), (6.0, False)])
def test_controller_is_alive_while_its_heart_beats(pbx, database, age, alive):
    with database.writing():
        Heartbeat.create(name="controller", at=time.time() - age)
        SwitchState.create(name="10.0.0.1:8021", connected=True, since=100.0, detail="")
    assert (pbx.health.now().controller_alive, pbx.health.now().good) == (alive, alive)


def test_one_lost_switch_is_not_well(pbx, database):
    with database.writing():
        Heartbeat.create(name="controller", at=time.time())
        SwitchState.create(name="a", connected=True, since=100.0, detail="")
        SwitchState.create(name="b", connected=False, since=200.0, detail="connection refused")
    health = pbx.health.now()
    assert not health.good
    assert [(switch.name, switch.connected, switch.since, switch.detail) for switch in health.switches] == [
        ("a", True, 100.0, ""),
        ("b", False, 200.0, "connection refused"),
    ]
