"""Which phones are there, and what each does."""

import time
from dataclasses import replace

import pytest

from app.core.destinations import ToRing
from app.core.outcome import Outcome
from app.core.record import Offer, Part, Record, Visit
from app.services.phones import PhoneStatus
from app.store import calllog
from app.store.models import Registration


@pytest.fixture
def sign_in(database):
    """Register a device, a minute ago, for an hour."""

    def register(person, contact="desk", expires=3600.0, since=60.0):
        now = time.time()
        with database.writing():
            Registration.create(
                login=person.login,
                contact=contact,
                device="Yealink",
                address="10.0.0.7",
                since=now - since,
                expires=now + expires,
            )

    return register


@pytest.fixture
def log(database):
    def write(*records):
        with database.writing():
            calllog.store(records)

    return write


@pytest.fixture
def rings(acme, anna, bartek):
    """Anna calls Bartek."""
    part = Part("22", "Bartek", bartek.login, 1000.0)
    return Record("call", acme.id, "21", "Anna Żółć", anna.login, "22", 999.0, parts=(part,))


@pytest.fixture
def talks(acme, anna, bartek):
    part = Part("22", "Bartek", bartek.login, 1000.0, 1004.0)
    return Record("call", acme.id, "21", "Anna Żółć", anna.login, "22", 999.0, 1004.0, parts=(part,))


@pytest.fixture
def state(pbx, acme):
    def of(person):
        return next(state for state in pbx.phones.state(acme.id) if state.login == person.login)

    return of


def test_phone_that_never_came_is_offline(state, anna):
    assert (state(anna).status, state(anna).number, state(anna).since) == (PhoneStatus.OFFLINE, "21", None)


def test_phone_that_is_there_is_free(state, anna, sign_in):
    sign_in(anna, "desk", since=60)
    sign_in(anna, "mobile", since=10)
    assert (state(anna).status, state(anna).devices) == (PhoneStatus.FREE, 2)
    assert state(anna).since == pytest.approx(time.time() - 60, abs=5)


def test_registration_that_ran_out_counts_no_more(pbx, state, acme, anna, sign_in):
    sign_in(anna, expires=-1)
    assert state(anna).status is PhoneStatus.OFFLINE
    assert pbx.phones.registered(acme.id) == []


def test_devices_are_shown_with_the_accounts_name(pbx, acme, anna, zofia, sign_in):
    sign_in(anna)
    sign_in(zofia)
    (device,) = pbx.phones.registered(acme.id)
    assert (device.login, device.account, device.device, device.address) == (anna.login, "Anna Żółć", "Yealink", "10.0.0.7")


def test_both_sides_of_a_call_that_rings(state, anna, bartek, sign_in, log, rings):
    sign_in(anna)
    sign_in(bartek)
    log(rings)
    caller, called = state(anna), state(bartek)
    assert (caller.status, caller.outgoing, caller.other_number, caller.other_name) == (PhoneStatus.RINGS, True, "22", "Bartek")
    assert (called.status, called.outgoing, called.other_number, called.other_name) == (
        PhoneStatus.RINGS,
        False,
        "21",
        "Anna Żółć",
    )
    assert (caller.since, called.since) == (999.0, 1000.0)


def test_both_sides_of_a_conversation(state, anna, bartek, log, talks):
    log(talks)
    assert (state(anna).status, state(anna).since) == (PhoneStatus.TALKS, 1004.0)
    assert (state(bartek).status, state(bartek).since) == (PhoneStatus.TALKS, 1004.0)


def test_conversation_hides_a_call_that_only_rings(state, acme, anna, bartek, hire, log, talks):
    celina = hire(acme, "Celina", "23")
    knocks = Record(
        "knocks", acme.id, "23", "Celina", celina.login, "22", 2000.0, parts=(Part("22", "Bartek", bartek.login, 2000.0),)
    )
    log(knocks, talks)
    assert (state(bartek).status, state(bartek).other_number) == (PhoneStatus.TALKS, "21")
    assert state(celina).status is PhoneStatus.RINGS


def test_part_that_is_over_leaves_its_phone_free(state, anna, bartek, sign_in, log, rings):
    sign_in(bartek)
    log(Record(**{**vars(rings), "parts": (Part("22", "Bartek", bartek.login, 1000.0, None, 1010.0),)}))
    assert state(bartek).status is PhoneStatus.FREE
    assert (state(anna).status, state(anna).other_number) == (PhoneStatus.RINGS, "22")


def test_own_number_is_the_lowest(pbx, ola, state, acme, anna):
    pbx.numbers.create(ola, acme.id, "201", "Recepcja", anna.phone)
    pbx.numbers.create(ola, acme.id, "20", "Centrala", anna.phone)
    assert state(anna).number == "20"


def test_both_phones_of_a_ring_plan_ring(pbx, ola, acme, anna, bartek, database):
    celina = pbx.accounts.create(ola, acme.id, "Celina")
    pbx.numbers.create(ola, acme.id, "50", "Biuro", ToRing((anna.login, bartek.login)))
    pbx.numbers.create(ola, acme.id, "51", "Po kolei", ToRing((celina.login,), together=False))
    talk = Record(
        "talk", acme.id, "+48600100200", "", "", "22", 1.0, 2.0, parts=(Part("22", "Bartek", bartek.login, 1.0, 2.0),)
    )
    ring = Record("ring", acme.id, "+48600100200", "Klient", "", "50", 10.0, parts=(Part("50", "Biuro", "", 10.0),))
    menu = Record("menu", acme.id, "+48600100200", "", "", "51", 10.0, 10.0, parts=(Part("", "powitanie", "", 10.0, 10.0),))
    with database.writing():
        calllog.store([talk, ring, menu])
    states = {state.name: (state.status, state.other_name) for state in pbx.phones.state(acme.id)}
    assert states == {
        "Anna Żółć": (PhoneStatus.RINGS, "Klient"),
        "Bartek": (PhoneStatus.TALKS, ""),
        "Celina": (PhoneStatus.OFFLINE, ""),
    }


@pytest.fixture
def consults(rings, hire, acme, bartek):
    """Anna has called Bartek, who asks Celina meanwhile; she talks to him."""
    celina = hire(acme, "Celina", "23")
    asked = Part("22", "Bartek", bartek.login, 1000.0, 1004.0, 1010.0, Outcome.CONSULTED)
    target = Part("23", "Celina", celina.login, 1010.0, 1012.0)
    return celina, replace(rings, answered=1004.0, parts=(asked, target))


def test_who_asks_a_third_person_is_not_free_and_who_waits_is_still_with_him(state, log, consults, anna, bartek):
    log(consults[1])
    assert (state(bartek).status, state(bartek).other_number) == (PhoneStatus.TALKS, "23")
    assert (state(anna).status, state(anna).other_number) == (PhoneStatus.TALKS, "22")


def test_who_is_asked_is_with_the_colleague(state, log, consults):
    celina, record = consults
    log(record)
    assert (state(celina).status, state(celina).other_number) == (PhoneStatus.TALKS, "22")


def test_after_the_transfer_he_is_free_again(state, log, consults, sign_in, bartek):
    record = consults[1]
    log(replace(record, parts=(replace(record.parts[0], outcome=Outcome.TRANSFERRED), record.parts[1])))
    sign_in(bartek)
    assert state(bartek).status is PhoneStatus.FREE


def test_agents_phone_rings_while_a_queue_offers_the_caller(state, log, sign_in, acme, anna, bartek):
    sign_in(anna)
    sign_in(bartek)
    offers = (Offer(bartek.login, 1000.0, 1020.0, Outcome.NO_ANSWER), Offer(anna.login, 1025.0))
    waits = Record("call", acme.id, "+48600100200", "Ewa", "", "x", 990.0, parts=(Part("201", "Serwis", "", 995.0),))
    log(replace(waits, visits=(Visit(1, "Serwis", 0, offers=offers),)))
    assert (state(anna).status, state(anna).other_name, state(anna).since) == (PhoneStatus.RINGS, "Ewa", 1025.0)
    assert state(bartek).status is PhoneStatus.FREE
