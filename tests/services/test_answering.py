"""Who would answer now."""

import time
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from app.core.destinations import ToCity, ToExtension, ToExternal, ToHangUp, ToHours, ToMenu, ToMessage, ToQueue, ToRing
from app.core.directory import Choice
from app.core.hours import Schedule
from app.core.queues import Duty
from app.core.record import Part, Record
from app.services.answering import Answerer
from app.services.menus import MenuSettings
from app.services.phones import PhoneStatus
from app.services.queue_settings import QueueSettings
from app.services.trunks import TrunkSettings
from app.store import calllog
from app.store.models import Registration

MONDAY_NOON = datetime(2026, 11, 23, 12, tzinfo=ZoneInfo("Europe/Warsaw")).timestamp()
SUNDAY_NOON = MONDAY_NOON - 24 * 3600


@pytest.fixture
def sign_in(database):
    """Let a person's phone be there."""

    def register(person):
        now = time.time()
        with database.writing():
            Registration.create(
                login=person.login, contact="sip:x", device="", address="", since=now, expires=now + 600, switch=""
            )

    return register


@pytest.fixture
def office(pbx, ola, acme, anna, bartek, told):
    hang_up = Choice(1, ToHangUp())
    pbx.cities.create(ola, acme.id, "221234567", "Główny", ToExtension("22"))
    pbx.schedules.create(ola, acme.id, Schedule("biuro", frozenset(range(5)), 8 * 60, 16 * 60))
    pbx.messages.create(ola, acme.id, "zamkniete", told)
    pbx.menus.create(ola, acme.id, MenuSettings("powitanie", {"1": anna.phone}, hang_up, hang_up), told)


@pytest.fixture
def who(pbx, acme, office):
    return lambda to, at=None: [
        (one.kind, one.name or one.number) for one in pbx.answering.would_answer(acme.id, to, MONDAY_NOON if at is None else at)
    ]


def test_phone_answers_if_it_is_signed_in(who, anna, bartek, sign_in):
    sign_in(anna)
    assert who(anna.phone) == who(ToExtension("21")) == [("account", "Anna Żółć")]
    assert who(bartek.phone) == who(ToExtension("22")) == who(ToCity("+48221234567")) == []


def test_phone_says_what_it_is_doing(pbx, acme, anna, bartek, office, sign_in, database):
    sign_in(anna)
    with database.writing():
        part = Part("21", "Anna", anna.login, 10.0, 12.0)
        calllog.store([Record("call", acme.id, "22", "Bartek", bartek.login, "21", 10.0, 12.0, parts=(part,))])
    assert pbx.answering.would_answer(acme.id, anna.phone) == (Answerer("account", "Anna Żółć", anna.login, PhoneStatus.TALKS),)


def test_those_of_a_ring_plan_that_are_there_answer(who, anna, bartek, sign_in):
    plan = ToRing((anna.login, bartek.login), unavailable=ToMessage("zamkniete"), busy=ToMenu("powitanie"))
    assert who(plan) == [("message", "zamkniete")]
    sign_in(bartek)
    assert who(plan) == [("account", "Bartek")]
    sign_in(anna)
    assert who(plan) == [("account", "Anna Żółć"), ("account", "Bartek")]
    assert who(ToRing((anna.login,))) == [("account", "Anna Żółć")]


def test_hour_decides(who, anna, sign_in):
    sign_in(anna)
    office = ToHours("biuro", anna.phone, ToMessage("zamkniete"))
    assert who(office, MONDAY_NOON) == [("account", "Anna Żółć")]
    assert who(office, SUNDAY_NOON) == [("message", "zamkniete")]


def test_machine_answers_always_and_nobody_after_hanging_up(who):
    assert who(ToMenu("powitanie")) == [("ivr", "powitanie")]
    assert who(ToMessage("zamkniete")) == [("message", "zamkniete")]
    assert who(ToHangUp()) == []


def test_telephone_outside_needs_a_trunk(pbx, ola, who, bartek, sign_in):
    assert who(ToExternal("+48600100200")) == []
    trunk = pbx.trunks.create(ola, TrunkSettings("PSTN", "10.0.0.1"))
    assert who(ToExternal("+48600100200")) == [("external", "+48600100200")]
    pbx.trunks.change(ola, trunk.id, TrunkSettings("PSTN", "10.0.0.1", enabled=False))
    sign_in(bartek)
    assert who(ToExternal("+48221234567")) == [("account", "Bartek")], "one's own number needs none"


def test_number_that_is_not_there_is_answered_by_nobody(who):
    assert who(ToExtension("99")) == []


def test_all_numbers_are_asked_at_once(pbx, acme, office, anna, sign_in):
    sign_in(anna)
    answering = pbx.answering.of_numbers(acme.id)
    assert {number: [one.name for one in answerers] for number, answerers in answering.items()} == {
        "21": ["Anna Żółć"],
        "22": [],
        "+48221234567": [],
    }


def test_queue_is_answered_by_its_agents_on_duty(pbx, ola, acme, anna, bartek, who, sign_in):
    agents = (anna.phone, bartek.phone, ToExternal("600 100 200"))
    queue = pbx.queues.create(ola, acme.id, QueueSettings("Serwis", agents=agents, overflow=ToMenu("powitanie")))
    sign_in(anna)
    sign_in(bartek)
    assert who(ToQueue("Serwis")) == [("account", "Anna Żółć"), ("account", "Bartek")], "no trunk leads outside"
    pbx.queues.attend(ola, acme.id, queue.id, anna.login, Duty.SIGN_OUT)
    assert who(ToQueue("Serwis")) == [("account", "Bartek")]
    pbx.trunks.create(ola, TrunkSettings("pstn", "sip.example.com"))
    assert who(ToQueue("Serwis")) == [("account", "Bartek"), ("external", "+48600100200")]


def test_queue_without_agents_on_duty_leads_on(pbx, ola, acme, anna, who):
    settings = QueueSettings("Serwis", agents=(anna.phone,), overflow=ToMenu("powitanie"))
    queue = pbx.queues.create(ola, acme.id, settings)
    assert who(ToQueue("Serwis")) == [], "her phone is off, and callers wait for her"
    pbx.queues.attend(ola, acme.id, queue.id, anna.login, Duty.PAUSE)
    now = time.time()
    assert who(ToQueue("Serwis"), now) == [("ivr", "powitanie")]
    pbx.queues.change(ola, acme.id, queue.id, replace(settings, no_agents=ToMessage("zamkniete")))
    assert who(ToQueue("Serwis"), now) == [("message", "zamkniete")]
    assert who(ToQueue("nobody's"), now) == []
