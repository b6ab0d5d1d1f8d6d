"""How a changed account or trunk is known."""

from dataclasses import replace

import pytest

from app.services.lookup import Entry, Gateway
from freeswitch import marks, xml

PSTN = Gateway("trunk-1", "operator.test:5070", "user", "s3cret", True, 1, True)
ANNA = Entry("100101", "0123456789abcdef0123456789abcdef", "Acme", "21", "Anna", "+48221234567")


@pytest.mark.parametrize(
    "change", [{"proxy": "x"}, {"username": "x"}, {"password": "x"}, {"register": False}, {"name": "trunk-2"}]
)
def test_a_trunks_mark_changes_with_whatever_the_switch_must_know(change: dict[str, str]) -> None:
    assert marks.of_trunk(PSTN, "secret") != marks.of_trunk(replace(PSTN, **change), "secret")  # type: ignore[arg-type]


def test_a_trunks_mark_does_not_change_with_what_it_need_not_know() -> None:
    assert marks.of_trunk(PSTN, "secret") == marks.of_trunk(replace(PSTN, priority=9), "secret")


def test_a_mark_cannot_be_guessed_without_the_secret() -> None:
    assert marks.of_trunk(PSTN, "secret") != marks.of_trunk(PSTN, "guess")
    assert marks.of_account(ANNA, "secret", "a") != marks.of_account(ANNA, "guess", "a")


@pytest.mark.parametrize("change", [{"login": "x"}, {"a1_hash": "x"}, {"presents": ""}])
def test_an_accounts_mark_changes_with_whatever_the_switch_is_told(change: dict[str, str]) -> None:
    assert marks.of_account(ANNA, "secret", "a") != marks.of_account(replace(ANNA, **change), "secret", "a")


def test_an_accounts_mark_does_not_change_with_the_rest() -> None:
    other = replace(ANNA, name="Anna Nowak", number="22", tenant="Acme & Co.")
    assert marks.of_account(ANNA, "secret", "a") == marks.of_account(other, "secret", "a")


def test_an_accounts_mark_changes_with_the_form_of_its_document(monkeypatch: pytest.MonkeyPatch) -> None:
    before = marks.of_account(ANNA, "secret", "a")
    monkeypatch.setattr(xml, "FOR_GOOD", "yes")
    marks.form.cache_clear()
    assert marks.of_account(ANNA, "secret", "a") != before
    marks.form.cache_clear()
