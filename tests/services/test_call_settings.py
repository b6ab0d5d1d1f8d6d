"""What a tenant chooses about its calls, and what of it holds other things in place."""

from dataclasses import replace

import pytest

from app.core.destinations import ToAccount, ToExtension, ToExternal, ToRing
from app.core.directory import Limits
from app.services.call_settings import CallSettings
from app.store import snapshot
from app.store.models import Destination


@pytest.fixture
def choose(pbx, ola, acme):
    """Change some of Acme's settings."""

    def change(**changes):
        pbx.tenants.change_settings(ola, acme.id, replace(pbx.tenants.settings(acme.id), **changes))

    return change


@pytest.fixture
def fallback(database, acme):
    """Where the controller would lead Acme's callers."""
    return lambda: snapshot.read(database).tenants[acme.id].transfer_fallback


def test_new_tenant_rings_for_half_a_minute_and_waits_three_seconds(pbx, acme):
    assert pbx.tenants.settings(acme.id) == CallSettings(30, 3, False, None)


def test_controller_sees_what_was_chosen(pbx, acme, zenit, anna, choose, database, changes):
    choose(ring_seconds=5, digit_timeout=10, keys_on_internal_calls=True, transfer_fallback=ToExtension("21"))
    directory = snapshot.read(database)
    seen = directory.tenants[acme.id]
    assert (seen.ring_seconds, seen.digit_timeout, seen.keys_on_internal_calls) == (5, 10, True)
    assert seen.transfer_fallback == ToExtension("21")
    assert pbx.tenants.settings(acme.id) == CallSettings(5, 10, True, ToExtension("21"))
    assert pbx.tenants.settings(zenit.id) == CallSettings()
    assert changes()[-1] == ("Ola", "tenant-changed", "Acme")


@pytest.mark.parametrize("seconds", [4, 121, 0, -5, 10**12])
def test_phone_rings_neither_too_short_nor_for_ever(choose, refused, seconds):
    with refused(("ring-seconds-range", "ring_seconds")) as caught:
        choose(ring_seconds=seconds)
    assert str(caught.value) == "A phone rings for 5 to 120 seconds."


@pytest.mark.parametrize("seconds", [0, 11, 2.5])
def test_digits_are_waited_for_within_reason(choose, refused, seconds):
    with refused(("digit-timeout-range", "digit_timeout")):
        choose(digit_timeout=seconds)


def test_everything_wrong_is_said_at_once_and_nothing_stored(pbx, acme, anna, choose, refused):
    choose(transfer_fallback=ToExtension("21"))
    with refused(
        ("ring-seconds-range", "ring_seconds"),
        ("digit-timeout-range", "digit_timeout"),
        ("number-unknown", "transfer_fallback.extension"),
    ):
        choose(ring_seconds=1, digit_timeout=99, transfer_fallback=ToExtension("99"))
    assert pbx.tenants.settings(acme.id) == CallSettings(transfer_fallback=ToExtension("21"))


def test_callers_cannot_be_led_to_another_tenant(choose, refused, zofia):
    with refused(("number-unknown", "transfer_fallback.extension")):
        choose(transfer_fallback=ToExtension(zofia.extension.number))
    with refused(("account-unknown", "transfer_fallback.account")):
        choose(transfer_fallback=zofia.phone)


def test_callers_follow_a_number_that_is_changed(pbx, ola, acme, anna, choose):
    choose(transfer_fallback=ToExtension("21"))
    pbx.numbers.change(ola, acme.id, anna.extension.id, number="29")
    assert pbx.tenants.settings(acme.id).transfer_fallback == ToExtension("29")


def test_callers_can_be_led_anywhere_or_nowhere_again(choose, anna, bartek, fallback):
    ring = ToRing((anna.login, bartek.login), together=False, busy=ToExternal("+48600100200"))
    for to in (anna.phone, ring, None):
        choose(transfer_fallback=to)
        assert fallback() == to


def test_number_that_callers_are_led_to_is_kept_or_replaced(pbx, ola, acme, anna, bartek, choose, refused, fallback):
    choose(transfer_fallback=ToExtension("21"))
    with refused(("in-use", "replace_with")) as caught:
        pbx.numbers.delete(ola, acme.id, anna.extension.id)
    assert "transfer fallback" in str(caught.value)
    pbx.numbers.delete(ola, acme.id, anna.extension.id, replace_with=ToExtension("22"))
    assert fallback() == ToExtension("22")


def test_number_with_the_same_digits_elsewhere_is_nobodys_concern(pbx, ola, anna, zofia, choose):
    choose(transfer_fallback=ToExtension("21"))
    pbx.numbers.delete(ola, zofia.tenant, zofia.extension.id)
    assert pbx.numbers.list(zofia.tenant) == []


def test_account_that_callers_are_led_to_is_replaced_or_kept(pbx, ola, acme, anna, bartek, choose, refused, fallback):
    choose(transfer_fallback=anna.phone)
    pbx.numbers.delete(ola, acme.id, anna.extension.id)
    with refused(("in-use", "replace_with")):
        pbx.accounts.delete(ola, acme.id, anna.account.id)
    pbx.accounts.delete(ola, acme.id, anna.account.id, replace_with=bartek.phone)
    assert fallback() == ToAccount(bartek.login)


def test_deleted_tenant_takes_its_choice_along(pbx, ola, acme, anna, choose, database):
    choose(transfer_fallback=ToExtension("21"))
    pbx.tenants.delete(ola, acme.id, "Acme")
    with database.reading():
        assert Destination.select().count() == 0


def test_limits_reach_the_controller(pbx, acme, zenit, choose, database):
    limits = Limits(frozenset({"PL", "DE"}), True, None, 0, 1)
    choose(limits=limits)
    assert pbx.tenants.settings(acme.id).limits == limits
    tenants = snapshot.read(database).tenants
    assert (tenants[acme.id].limits, tenants[zenit.id].limits) == (limits, Limits())


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("calls_at_once", -1, "calls-at-once-range"),
        ("calls_at_once", 10**30, "calls-at-once-range"),
        ("minutes_per_day", -1, "minutes-per-day-range"),
        ("longest_call", 0, "longest-call-range"),
        ("countries", frozenset({"XX"}), "country-unknown"),
        ("countries", frozenset({"pl"}), "country-unknown"),
        ("countries", frozenset({"PL DE"}), "country-unknown"),
    ],
)
def test_limits_are_within_reason(choose, refused, field, value, code):
    with refused((code, f"limits.{field}")):
        choose(limits=replace(Limits(), **{field: value}))
