"""Where a number leads: every kind, what is wrong with it, circles, and who leads to whom."""

from dataclasses import replace

import pytest

from app.core.destinations import (
    ToCity,
    ToExtension,
    ToExternal,
    ToHangUp,
    ToHours,
    ToMenu,
    ToMessage,
    ToRing,
)
from app.core.directory import Choice
from app.core.hours import Schedule
from app.core.outcome import Outcome
from app.services.menus import MenuSettings
from app.store import snapshot
from app.store.models import Destination, RingMember

OFFICE = Schedule("biuro", frozenset(range(5)), 8 * 60, 16 * 60)
HANG_UP = Choice(2, ToHangUp())


@pytest.fixture
def office(pbx, ola, acme, anna, bartek, told):
    """Acme has one of everything."""
    pbx.cities.create(ola, acme.id, "221234567", "Główny", anna.phone)
    pbx.schedules.create(ola, acme.id, OFFICE)
    pbx.messages.create(ola, acme.id, "zamkniete", told)
    pbx.menus.create(ola, acme.id, MenuSettings("powitanie", {"1": anna.phone}, HANG_UP, HANG_UP), told)


@pytest.fixture
def lead(pbx, ola, acme, office):
    """Give Acme the number 50, or another, that leads somewhere."""
    return lambda to, number="50": pbx.numbers.create(ola, acme.id, number, "Fifty", to)


@pytest.mark.parametrize(
    "to",
    [
        ToExtension("22"),
        ToCity("+48221234567"),
        ToExternal("+48600100200"),
        ToMenu("powitanie"),
        ToMessage("zamkniete"),
        ToHangUp(),
        ToHangUp(Outcome.BUSY),
        ToHours("biuro", ToExtension("21"), ToMessage("zamkniete")),
        ToHours("biuro", ToHours("biuro", ToHangUp(), ToExtension("21")), ToExternal("+4930123456")),
    ],
    ids=repr,
)
def test_number_leads_anywhere(pbx, acme, lead, database, to):
    fifty = lead(to)
    assert fifty.to == pbx.numbers.get(acme.id, fifty.id).to == to
    assert snapshot.read(database).tenants[acme.id].extensions["50"].to == to


def test_ring_plan_has_conditions_of_any_kind(pbx, lead, anna, bartek, ola, acme):
    inner = ToRing((bartek.login,), seconds=1, unavailable=ToExternal("+48600100200"))
    plan = ToRing((bartek.login, anna.login), False, 120, no_answer=inner, busy=ToMenu("powitanie"), unavailable=ToHangUp())
    fifty = lead(plan)
    assert fifty.to == plan
    assert pbx.numbers.change(ola, acme.id, fifty.id, to=replace(plan, busy=None)).to == replace(plan, busy=None)


def test_nothing_of_what_a_number_led_to_is_left(pbx, ola, acme, lead, anna, bartek, database):
    with database.reading():
        before = Destination.select().count()
    fifty = lead(ToRing((anna.login, bartek.login), busy=ToHours("biuro", ToHangUp(), ToMessage("zamkniete"))))
    pbx.numbers.change(ola, acme.id, fifty.id, to=ToHangUp())
    pbx.numbers.delete(ola, acme.id, fifty.id)
    with database.reading():
        assert (Destination.select().count(), RingMember.select().count()) == (before, 0)


@pytest.mark.parametrize("typed", ["600 100 200", "600-100-200", "0048600100200", "+48 600 100 200"])
def test_external_number_is_taken_as_people_write_it(lead, typed):
    assert lead(ToExternal(typed)).to == ToExternal("+48600100200")


def test_what_is_wrong_is_found_at_any_depth(lead, anna, refused):
    bad = ToRing(
        (anna.login, "nobody"),
        seconds=121,
        busy=ToHours("no such hours", ToExternal("112"), ToRing(())),
        no_answer=ToHangUp(Outcome.FAILED),
    )
    with refused(
        ("account-unknown", "to.ring.accounts"),
        ("ring-seconds-range", "to.ring.seconds"),
        ("hang-up-unknown", "to.ring.no_answer.hangup"),
        ("schedule-unknown", "to.ring.busy.hours.schedule"),
        ("telephone-format", "to.ring.busy.hours.open.external"),
        ("ring-accounts", "to.ring.busy.hours.closed.ring.accounts"),
    ):
        lead(bad)


@pytest.mark.parametrize(("count", "code"), [(0, "ring-accounts"), (4, "ring-accounts")])
def test_ring_plan_has_one_to_three_accounts(pbx, ola, acme, lead, refused, count, code):
    logins = tuple(pbx.accounts.create(ola, acme.id, f"Phone {index}").login for index in range(count))
    with refused((code, "to.ring.accounts")):
        lead(ToRing(logins))


def test_account_stands_in_a_ring_plan_once(lead, anna, refused):
    with refused(("ring-twice", "to.ring.accounts")):
        lead(ToRing((anna.login, anna.login)))


def test_destinations_stand_in_one_another_only_so_deep(lead, anna, refused):
    deep = ToHangUp()
    for _ in range(7):
        deep = ToRing((anna.login,), busy=deep)
    assert lead(deep).to == deep
    with refused(("destination-too-deep", "to" + ".ring.busy" * 8 + ".hangup")):
        lead(ToRing((anna.login,), busy=deep), "51")


def test_nothing_of_another_tenant_can_be_named(pbx, ola, acme, zenit, zofia, told, lead, refused):
    pbx.cities.create(ola, zenit.id, "227654321", "Zenit", zofia.phone)
    pbx.messages.create(ola, zenit.id, "Zenit", told)
    pbx.menus.create(ola, zenit.id, MenuSettings("Zenit", {"1": zofia.phone}, HANG_UP, HANG_UP), told)
    pbx.schedules.create(ola, zenit.id, replace(OFFICE, name="Zenit"))
    pbx.numbers.create(ola, zenit.id, "77", "Zenit", zofia.phone)
    for to, code, field in (
        (zofia.phone, "account-unknown", "to.account"),
        (ToRing((zofia.login,)), "account-unknown", "to.ring.accounts"),
        (ToExtension("77"), "number-unknown", "to.extension"),
        (ToCity("+48227654321"), "city-unknown", "to.city"),
        (ToMenu("Zenit"), "menu-unknown", "to.ivr"),
        (ToMessage("Zenit"), "message-unknown", "to.message"),
        (ToHours("Zenit", ToHangUp(), ToHangUp()), "schedule-unknown", "to.hours.schedule"),
    ):
        with refused((code, field)):
            lead(to)


# --- circles ---


def test_number_does_not_lead_back_to_itself(pbx, ola, acme, lead, anna, refused):
    lead(ToExtension("21"))
    pbx.cities.change(ola, acme.id, pbx.cities.list(acme.id)[0].id, to=ToExtension("50"))
    with refused(("destination-loop", "to")) as caught:
        pbx.numbers.change(ola, acme.id, anna.extension.id, to=ToHours("biuro", ToHangUp(), ToCity("+48221234567")))
    assert caught.value.params["path"] == "21 → +48221234567 → 50 → 21"
    assert pbx.numbers.get(acme.id, anna.extension.id).to == anna.phone


def test_condition_of_a_ring_plan_closes_a_circle(pbx, ola, acme, lead, anna, refused):
    lead(ToExtension("21"))
    with refused(("destination-loop", "to")):
        pbx.numbers.change(ola, acme.id, anna.extension.id, to=ToRing((anna.login,), busy=ToExtension("50")))


def test_own_city_number_typed_as_an_external_one_closes_a_circle(pbx, ola, acme, lead, refused):
    lead(ToExternal("22 123 45 67"))
    with refused(("destination-loop", "to")):
        pbx.cities.change(ola, acme.id, pbx.cities.list(acme.id)[0].id, to=ToExtension("50"))


def test_menu_may_be_come_back_to_by_a_key_but_not_by_waiting(pbx, ola, acme, lead, refused):
    lead(ToMenu("powitanie"))
    (menu,) = pbx.menus.list(acme.id)
    by_key = replace(menu.settings, keys={"1": ToExtension("50"), "2": ToMenu("powitanie")})
    pbx.menus.change(ola, acme.id, menu.id, by_key)
    with refused(("destination-loop", "no_choice.then")) as caught:
        pbx.menus.change(ola, acme.id, menu.id, replace(by_key, no_choice=Choice(0, ToExtension("50"))))
    assert caught.value.params["path"] == "50 → powitanie → 50"


def test_replacement_closes_no_circle_either(pbx, ola, acme, lead, bartek, refused):
    lead(ToExtension("22"))
    with refused(("destination-loop", "replace_with")):
        pbx.numbers.delete(ola, acme.id, bartek.extension.id, replace_with=ToExtension("50"))


# --- who leads to whom ---


def test_users_of_a_number_are_named_in_order(pbx, ola, acme, lead, refused):
    lead(ToRing((pbx.accounts.list(acme.id)[0].login,), busy=ToExtension("22")))
    lead(ToExtension("22"), "23")
    (menu,) = pbx.menus.list(acme.id)
    pbx.menus.change(ola, acme.id, menu.id, replace(menu.settings, keys={"1": ToExtension("22"), "2": ToExtension("22")}))
    (city,) = pbx.cities.list(acme.id)
    pbx.cities.change(ola, acme.id, city.id, to=ToExtension("22"))
    number = next(number for number in pbx.numbers.list(acme.id) if number.number == "22")
    with refused(("in-use", "replace_with")) as caught:
        pbx.numbers.delete(ola, acme.id, number.id)
    assert str(caught.value) == (
        "It is used by number 23 Fifty, number 50 Fifty, city number +48221234567 Główny, menu powitanie:"
        " choose something else for them first."
    )
    assert list(caught.value.users) == pbx.numbers.used_by(acme.id, number.id)


def test_replacement_is_put_in_everywhere_and_the_rest_stays(pbx, ola, acme, lead, anna, bartek):
    celina = pbx.accounts.create(ola, acme.id, "Celina")
    plan = ToRing((anna.login, bartek.login), False, 7, busy=anna.phone, unavailable=ToHours("biuro", anna.phone, ToHangUp()))
    fifty = lead(plan)
    celinas = replace(anna.phone, login=celina.login)
    pbx.accounts.delete(ola, acme.id, anna.account.id, replace_with=celinas)
    assert pbx.numbers.get(acme.id, fifty.id).to == ToRing(
        (celina.login, bartek.login), False, 7, busy=celinas, unavailable=ToHours("biuro", celinas, ToHangUp())
    )
    assert pbx.numbers.get(acme.id, anna.extension.id).to == celinas
    assert pbx.menus.list(acme.id)[0].settings.keys == {"1": celinas}
    assert pbx.cities.list(acme.id)[0].to == celinas


def test_heir_that_rings_already_rings_once(pbx, ola, acme, lead, anna, bartek):
    fifty = lead(ToRing((anna.login, bartek.login)))
    pbx.accounts.delete(ola, acme.id, anna.account.id, replace_with=bartek.phone)
    assert pbx.numbers.get(acme.id, fifty.id).to == ToRing((bartek.login,))


def test_only_an_account_can_ring_in_anothers_place(pbx, ola, acme, lead, anna, refused):
    lead(ToRing((anna.login,)))
    with refused(("replacement-not-account", "replace_with")) as caught:
        pbx.accounts.delete(ola, acme.id, anna.account.id, replace_with=ToMessage("zamkniete"))
    assert "50" in str(caught.value)
