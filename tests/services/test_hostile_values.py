"""What comes out of an address bar, a stranger's phone or a guesser's script: refused in words, never a fault of ours."""

import pytest

from app.core.destinations import (
    ToAccount,
    ToCity,
    ToExtension,
    ToExternal,
    ToHours,
    ToMenu,
    ToMessage,
    ToRing,
)


@pytest.mark.parametrize("number", [0, -1, 2**31, 10**30])
def test_impossible_id_is_not_found(pbx, ola, acme, anna, refused, number):
    attempts = [
        lambda: pbx.tenants.get(number),
        lambda: pbx.tenants.change(ola, number, name="x"),
        lambda: pbx.accounts.get(acme.id, number),
        lambda: pbx.accounts.create(ola, number, "x"),
        lambda: pbx.numbers.get(acme.id, number),
        lambda: pbx.users.get(acme.id, number),
        lambda: pbx.cities.get(acme.id, number),
        lambda: pbx.menus.get(acme.id, number),
        lambda: pbx.messages.get(acme.id, number),
        lambda: pbx.schedules.get(acme.id, number),
        lambda: pbx.trunks.get(number),
        lambda: pbx.sounds.content(number, ""),
    ]
    for attempt in attempts:
        with refused("not-found"):
            attempt()
    assert pbx.users.by_id(number) is None


@pytest.mark.parametrize("text", ["\0", "a\0b", "\N{RIGHT-TO-LEFT OVERRIDE}", "x" * 100_000, "%", "\\"])
def test_hostile_text_is_looked_for_in_vain(pbx, ola, acme, anna, refused, text):
    assert pbx.history.page(acme.id, search=text, outcome=text).total == 0
    assert pbx.lookup.directory_entry(text) is None
    assert pbx.users.authenticate(text, text) is None
    with refused("not-found"):
        pbx.history.get(acme.id, text)
    for kind, to, code in (
        ("account", ToAccount(text), "account-unknown"),
        ("extension", ToExtension(text), "number-unknown"),
        ("city", ToCity(text), "city-unknown"),
        ("ivr", ToMenu(text), "menu-unknown"),
        ("message", ToMessage(text), "message-unknown"),
        ("hours.schedule", ToHours(text, anna.phone, anna.phone), "schedule-unknown"),
        ("external", ToExternal(text), "telephone-format"),
        ("ring.accounts", ToRing((text,)), "account-unknown"),
    ):
        with refused((code, f"to.{kind}")):
            pbx.numbers.create(ola, acme.id, "55", "Name", to)
