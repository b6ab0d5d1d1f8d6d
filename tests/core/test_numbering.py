"""What dialled strings mean, and which numbers may be given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import numbering
from app.core.numbering import Kind, Meaning, understand

OFFICE = {"21", "22", "221", "30", "201"}

DIALLED = [
    ("21", Kind.INTERNAL, "21"),
    ("221", Kind.INTERNAL, "221"),
    ("2 2", Kind.INTERNAL, "22"),
    ("(22)1", Kind.INTERNAL, "221"),
    ("23", Kind.UNKNOWN, "23"),
    ("2", Kind.UNKNOWN, "2"),
    ("2211", Kind.UNKNOWN, "2211"),
    ("112", Kind.EMERGENCY, "112"),
    ("999", Kind.EMERGENCY, "999"),
    ("991", Kind.EMERGENCY, "991"),
    ("984", Kind.EMERGENCY, "984"),
    ("989", Kind.EMERGENCY, "989"),
    ("988", Kind.UNKNOWN, "988"),
    ("990", Kind.UNKNOWN, "990"),
    ("*822", Kind.FEATURE, "*822"),
    ("*8112", Kind.FEATURE, "*8112"),
    ("221234567", Kind.NATIONAL, "+48221234567"),
    ("22 123 45 67", Kind.NATIONAL, "+48221234567"),
    ("600-100-200", Kind.NATIONAL, "+48600100200"),
    ("021234567", Kind.UNKNOWN, "021234567"),
    ("0048600100200", Kind.INTERNATIONAL, "+48600100200"),
    ("+48 600 100 200", Kind.INTERNATIONAL, "+48600100200"),
    ("+0048600100200", Kind.UNKNOWN, "+0048600100200"),
    ("00", Kind.UNKNOWN, "00"),
    ("", Kind.UNKNOWN, ""),
    ("anna", Kind.UNKNOWN, "anna"),
    ("２１", Kind.UNKNOWN, "２１"),  # full-width digits are no digits to a switch
    ("21\n", Kind.INTERNAL, "21"),
    ("#22", Kind.UNKNOWN, "#22"),
]


@pytest.mark.parametrize(("dialled", "kind", "number"), DIALLED)
def test_dialled_string_has_one_meaning(dialled, kind, number):
    assert understand(dialled, OFFICE) == Meaning(kind, number)


def test_emergency_comes_before_a_tenants_own_number():
    assert understand("112", {"112"}).kind is Kind.EMERGENCY


@pytest.mark.parametrize("digits", ["10", "99", "100", "111", "113", "983", "988", "990", "000"])
def test_two_or_three_digits_may_be_given(digits):
    assert numbering.is_assignable(digits)


RESERVED = ["112", "984", "985", "986", "987", "989", "991", "992", "993", "994", "995", "996", "997", "998", "999"]


@pytest.mark.parametrize("digits", ["", "1", "1000", "1a", " 21", "２１", "+21", *RESERVED])
def test_other_lengths_and_emergency_numbers_may_not(digits):
    assert not numbering.is_assignable(digits)


def test_shorter_number_waits_for_the_longer():
    assert numbering.waits_for("22", OFFICE) == ["221"]
    assert numbering.delayed_by("221", OFFICE) == ["22"]
    assert numbering.waits_for("21", OFFICE) == []


@given(st.text())
def test_any_text_has_a_meaning(text):
    assert isinstance(understand(text, OFFICE), Meaning)


@given(st.from_regex(r"[0-9]{2,3}", fullmatch=True))
def test_what_may_be_given_can_be_dialled(digits):
    if numbering.is_assignable(digits):
        assert understand(digits, {digits}) == Meaning(Kind.INTERNAL, digits)
