"""Limits for calls to outside: an owner lowers them, the provider alone raises them."""

from dataclasses import replace

import pytest

from app.core.directory import Limits
from app.services.limits import raised

SOME = Limits(frozenset({"PL", "DE"}), premium=False, calls_at_once=5, minutes_per_day=100, longest_call=None)


def wanted(pbx, actor, tenant, limits):
    pbx.tenants.change_settings(actor, tenant, replace(pbx.tenants.settings(tenant), limits=limits))


@pytest.fixture
def limited(pbx, ola, acme):
    wanted(pbx, ola, acme.id, SOME)
    return acme


@pytest.mark.parametrize(
    "lower",
    [
        SOME,
        Limits(frozenset(), premium=False, calls_at_once=0, minutes_per_day=0, longest_call=1),
        replace(SOME, countries=frozenset({"DE"})),
        replace(SOME, longest_call=1440),
    ],
)
def test_owner_lowers_what_there_is(pbx, owner, limited, lower):
    wanted(pbx, owner, limited.id, lower)
    assert pbx.tenants.settings(limited.id).limits == lower


@pytest.mark.parametrize(
    ("higher", "code", "field"),
    [
        ({"calls_at_once": 6}, "limit-raised", "limits.calls_at_once"),
        ({"calls_at_once": None}, "limit-raised", "limits.calls_at_once"),
        ({"minutes_per_day": 101}, "limit-raised", "limits.minutes_per_day"),
        ({"premium": True}, "premium-raised", "limits.premium"),
        ({"countries": SOME.countries | {"CU"}}, "country-raised", "limits.countries"),
    ],
)
def test_owner_raises_nothing_and_the_provider_anything(pbx, ola, owner, limited, refused, higher, code, field):
    with refused((code, field)):
        wanted(pbx, owner, limited.id, replace(SOME, **higher))
    assert pbx.tenants.settings(limited.id).limits == SOME
    wanted(pbx, ola, limited.id, replace(SOME, **higher))
    assert pbx.tenants.settings(limited.id).limits == replace(SOME, **higher)


def test_what_is_no_limit_at_all_is_said_first(pbx, owner, limited, refused):
    with refused(("calls-at-once-range", "limits.calls_at_once")):
        wanted(pbx, owner, limited.id, replace(SOME, calls_at_once=5000))


def test_owner_changes_the_rest_whatever_the_limits(pbx, owner, limited):
    now = pbx.tenants.settings(limited.id)
    pbx.tenants.change_settings(owner, limited.id, replace(now, ring_seconds=45))
    assert pbx.tenants.settings(limited.id) == replace(now, ring_seconds=45)


def test_nothing_is_raised_by_staying_the_same():
    assert list(raised(SOME, SOME)) == []
