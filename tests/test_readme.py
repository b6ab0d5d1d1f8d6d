"""The guided tour says what is true."""

from tests.states import PLACE, README, with_table


def test_table_of_states_is_the_codes_own():
    text = README.read_text(encoding="utf-8")
    assert PLACE.search(text)
    assert with_table(text) == text, "run: python -m tests.states"
