"""What a tenant chooses about its calls, and what of it holds other things in place."""

from dataclasses import replace

import pytest

from app.core.directory import ToAccount
from app.services.call_settings import CallSettings, Fallback
from app.store import snapshot
from app.store.models import TransferFallback


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
    choose(ring_seconds=5, digit_timeout=10, keys_on_internal_calls=True, transfer_fallback=Fallback("extension", "21"))
    directory = snapshot.read(database)
    seen = directory.tenants[acme.id]
    assert (seen.ring_seconds, seen.digit_timeout, seen.keys_on_internal_calls) == (5, 10, True)
    assert seen.transfer_fallback == ToAccount(anna.login)
    assert pbx.tenants.settings(acme.id) == CallSettings(5, 10, True, Fallback("extension", "21"))
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
    choose(transfer_fallback=Fallback("extension", "21"))
    with refused(
        ("ring-seconds-range", "ring_seconds"),
        ("digit-timeout-range", "digit_timeout"),
        ("fallback-unknown", "transfer_fallback"),
    ):
        choose(ring_seconds=1, digit_timeout=99, transfer_fallback=Fallback("extension", "99"))
    assert pbx.tenants.settings(acme.id) == CallSettings(transfer_fallback=Fallback("extension", "21"))


@pytest.mark.parametrize("value", ["99", "", "x' OR 1=1", "\0", "9" * 5000])
@pytest.mark.parametrize("kind", ["extension", "account", "queue"])
def test_callers_cannot_be_led_to_what_is_not_there(choose, refused, anna, kind, value):
    with refused(("fallback-unknown", "transfer_fallback")):
        choose(transfer_fallback=Fallback(kind, value))


def test_callers_cannot_be_led_to_another_tenant(choose, refused, zofia):
    for foreign in (Fallback("extension", zofia.extension.number), Fallback("account", zofia.login)):
        with refused(("fallback-unknown", "transfer_fallback")):
            choose(transfer_fallback=foreign)


def test_callers_follow_the_number_wherever_it_leads(pbx, ola, acme, anna, bartek, choose, fallback):
    choose(transfer_fallback=Fallback("extension", "21"))
    pbx.numbers.change(ola, acme.id, anna.extension.id, login=bartek.login)
    assert fallback() == ToAccount(bartek.login)
    pbx.numbers.change(ola, acme.id, anna.extension.id, number="29")
    assert pbx.tenants.settings(acme.id).transfer_fallback == Fallback("extension", "29")


def test_callers_can_be_led_to_an_account_or_nowhere_again(choose, anna, fallback):
    choose(transfer_fallback=Fallback("account", anna.login))
    assert fallback() == ToAccount(anna.login)
    choose(transfer_fallback=None)
    assert fallback() is None


def test_number_that_callers_are_led_to_is_kept(pbx, ola, acme, anna, choose, refused):
    choose(transfer_fallback=Fallback("extension", "21"))
    with refused("number-is-fallback") as caught:
        pbx.numbers.delete(ola, acme.id, anna.extension.id)
    assert "21" in str(caught.value)
    choose(transfer_fallback=None)
    pbx.numbers.delete(ola, acme.id, anna.extension.id)


def test_number_with_the_same_digits_elsewhere_is_nobodys_concern(pbx, ola, anna, zofia, choose):
    choose(transfer_fallback=Fallback("extension", "21"))
    pbx.numbers.delete(ola, zofia.tenant, zofia.extension.id)
    assert pbx.numbers.list(zofia.tenant) == []


def test_account_that_callers_are_led_to_is_replaced_or_kept(pbx, ola, acme, anna, bartek, choose, refused, fallback):
    choose(transfer_fallback=Fallback("account", anna.login))
    with refused(("account-in-use", "replace_with"), ("account-is-fallback", None)):
        pbx.accounts.delete(ola, acme.id, anna.account.id)
    pbx.numbers.delete(ola, acme.id, anna.extension.id)
    with refused("account-is-fallback"):
        pbx.accounts.delete(ola, acme.id, anna.account.id)
    with refused(("account-unknown", "replace_with")):
        pbx.accounts.delete(ola, acme.id, anna.account.id, replace_with=anna.account.id)
    pbx.accounts.delete(ola, acme.id, anna.account.id, replace_with=bartek.account.id)
    assert fallback() == ToAccount(bartek.login)


def test_deleted_tenant_takes_its_choice_along(pbx, ola, acme, anna, choose, database):
    choose(transfer_fallback=Fallback("extension", "21"))
    pbx.tenants.delete(ola, acme.id, "Acme")
    with database.reading():
        assert TransferFallback.select().count() == 0
