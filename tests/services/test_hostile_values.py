"""What comes out of an address bar, a stranger's phone or a guesser's script: refused in words, never a fault of ours."""

import pytest


@pytest.mark.parametrize("number", [0, -1, 2**31, 10**30])
def test_impossible_id_is_not_found(pbx, ola, acme, anna, refused, number):
    attempts = [
        lambda: pbx.tenants.get(number),
        lambda: pbx.tenants.change(ola, number, name="x"),
        lambda: pbx.accounts.get(acme.id, number),
        lambda: pbx.accounts.create(ola, number, "x"),
        lambda: pbx.numbers.get(acme.id, number),
        lambda: pbx.users.get(acme.id, number),
    ]
    for attempt in attempts:
        with refused("not-found"):
            attempt()
    with refused(("account-unknown", "replace_with")):
        pbx.accounts.delete(ola, acme.id, anna.account.id, replace_with=number)
    assert pbx.users.by_id(number) is None


@pytest.mark.parametrize("text", ["\0", "a\0b", "\N{RIGHT-TO-LEFT OVERRIDE}", "x" * 100_000, "%", "\\"])
def test_hostile_text_is_looked_for_in_vain(pbx, ola, acme, anna, refused, text):
    assert pbx.history.page(acme.id, search=text, outcome=text).total == 0
    assert pbx.lookup.directory_entry(text) is None
    assert pbx.users.authenticate(text, text) is None
    with refused("not-found"):
        pbx.history.get(acme.id, text)
    with refused(("account-unknown", "login")):
        pbx.numbers.create(ola, acme.id, "55", "Name", text)
