"""Search that knows every alphabet."""

import re
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.store import Database
from app.store.like import like
from app.store.models import Tenant


def test_capital_and_small_letters_are_one_in_polish(database: Database) -> None:
    with database.writing():
        for name in ("Żabka", "ŻÓŁW", "Acme", "50%_off"):
            Tenant.create(name=name, name_key=name, created=0)

        def found(text: str) -> list[str]:
            return [row.name for row in Tenant.select().where(Tenant.name.contains(text)).order_by(Tenant.id)]

        assert found("żab") == ["Żabka"]
        assert found("ŻÓł") == ["ŻÓŁW"]
        assert found("%") == ["50%_off"]
        assert found("0%_o") == ["50%_off"]
        assert found("_") == ["50%_off"]


@given(st.text(), st.text())
def test_text_is_found_in_any_text_that_holds_it(text: str, around: str) -> None:
    escaped = re.sub(r"([%_!])", r"!\1", text)
    pattern = f"%{escaped}%"
    assert like(pattern, around + text + around, "!")
    assert like(pattern, around, "!") == (text.casefold() in around.casefold())


@given(st.text("ab%_", max_size=6), st.text("abAB", max_size=6))
def test_it_is_what_sqlite_does_where_sqlite_is_right(pattern: str, text: str) -> None:
    with sqlite3.connect(":memory:") as plain:
        (expected,) = plain.execute("SELECT ? LIKE ?", (text, pattern)).fetchone()
    plain.close()
    assert like(pattern, text) == bool(expected)


@pytest.mark.parametrize(("pattern", "text"), [(None, "x"), ("x", None)])
def test_nothing_is_like_nothing(pattern: str | None, text: str | None) -> None:
    assert like(pattern, text) is None
