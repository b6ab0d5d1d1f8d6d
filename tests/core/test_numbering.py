"""What dialled strings mean, which numbers may be given, and what is known of the public ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import numbering
from app.core.numbering import Kind, Meaning, Service, understand
from tests.core.dialled import OFFICE, ROWS


@pytest.mark.parametrize(("dialled", "kind", "number"), ROWS, ids=[row[0][:40] for row in ROWS])
def test_dialled_string_has_one_meaning(dialled, kind, number):
    assert understand(dialled, OFFICE) == Meaning(kind, number)


def test_only_what_a_trunk_takes_is_outside():
    outside = {kind for dialled, kind, _number in ROWS if understand(dialled, OFFICE).is_outside}
    assert outside == {Kind.SHORT, Kind.NATIONAL, Kind.INTERNATIONAL}


def test_emergency_comes_before_a_tenants_own_number():
    assert understand("112", {"112"}).kind is Kind.EMERGENCY


def test_number_of_any_other_length_is_no_internal_one_even_if_somebody_had_it():
    assert understand("600100200", {"600100200"}).kind is Kind.NATIONAL
    assert understand("*8", {"*8"}).kind is Kind.FEATURE


# --- which may be given ---------------------------------------------------------------------------------------------


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


COMPLETE = ["21", "221", "30", "201", "600100200", "221234567", "19115", "116111", "118913", "112", "999"]
INCOMPLETE = ["22", "2", "60", "23", "60010020", "800123456", "2219115", "19", "11611", "0048600100200", "+48600100200", ""]


@pytest.mark.parametrize("digits", COMPLETE)
def test_number_that_nothing_goes_on_from_is_complete(digits):
    assert numbering.is_complete(digits, OFFICE)


@pytest.mark.parametrize("digits", INCOMPLETE)
def test_number_that_may_go_on_is_not(digits):
    assert not numbering.is_complete(digits, OFFICE)


PICKUPS = [("*822", "22"), ("*8201", "201"), ("*8112", ""), ("*8 22", "22"), ("*8-112", ""), ("*823", "23")]
NO_PICKUPS = ["*8", "*82", "*82011", "*922", "822", "22", "", "*8*22", "*8２２", "**822", "*822#", "*8ab", "*8+22"]


@pytest.mark.parametrize(("dialled", "number"), PICKUPS)
def test_pickup_code_names_the_number_that_rings(dialled, number):
    assert numbering.picks_up(dialled) == number


@pytest.mark.parametrize("dialled", NO_PICKUPS)
def test_anything_else_picks_nothing_up(dialled):
    assert numbering.picks_up(dialled) is None


# --- public numbers -------------------------------------------------------------------------------------------------

DELIVERED = [
    ("+48221234567", "+48221234567"),
    ("0048221234567", "+48221234567"),
    ("48221234567", "+48221234567"),
    ("221234567", "+48221234567"),
    ("22 123 45 67", "+48221234567"),
    ("481234567", "+48481234567"),  # Radom's own code is the country's
    ("48481234567", "+48481234567"),
    ("600100200", "+48600100200"),
    ("800123456", "+48800123456"),
    ("48800123456", "+48800123456"),
    ("2219115", "+482219115"),
    ("+4930123456", "+4930123456"),
    ("004930123456", "+4930123456"),
    ("4930123456", "+4930123456"),
    ("12125550100", "+12125550100"),
]
NOT_DELIVERED = ["", "22", "112", "19115", "116111", "0221234567", "4822123456", "anonymous", "+", "s", "+48", "99999999999"]


@pytest.mark.parametrize(("dialled", "number"), DELIVERED)
def test_city_number_is_known_however_a_trunk_writes_it(dialled, number):
    assert numbering.as_city(dialled) == number


@pytest.mark.parametrize("dialled", [*NOT_DELIVERED, "9" * 10_000, "22\x00", "２２１２３４５６７"])
def test_what_is_no_public_number_is_no_city(dialled):
    assert numbering.as_city(dialled) == ""


def test_caller_keeps_what_he_came_with_if_it_is_no_public_number():
    assert numbering.as_caller("48600100200") == "+48600100200"
    assert [numbering.as_caller(number) for number in ("19115", "anonymous", "")] == ["19115", "anonymous", ""]


PUBLIC = [
    ("+48221234567", "PL", Service.FIXED, "22 123 45 67"),
    ("+48471234567", "PL", Service.FIXED, "47 123 45 67"),
    ("+48391234567", "PL", Service.FIXED, "391 234 567"),
    ("+482219115", "PL", Service.FIXED, "22 19 115"),
    ("+48600100200", "PL", Service.MOBILE, "600 100 200"),
    ("+48451234567", "PL", Service.MOBILE, "451 234 567"),
    ("+48800123456", "PL", Service.TOLL_FREE, "800 123 456"),
    ("+48801123456", "PL", Service.SHARED_COST, "801 123 456"),
    ("+48804123456", "PL", Service.SHARED_COST, "804 123 456"),
    ("+48700123456", "PL", Service.PREMIUM, "700 123 456"),
    ("+48701123456", "PL", Service.PREMIUM, "701 123 456"),
    ("+48702123456", "PL", Service.PREMIUM, "702 123 456"),  # nobody's yet, but 70 is premium rate
    ("+48708123456", "PL", Service.PREMIUM, "708 123 456"),
    ("+48709123456", "PL", Service.PREMIUM, "709 123 456"),
    ("+48201234567", "PL", Service.OTHER, "20 123 45 67"),
    ("+48641234567", "PL", Service.OTHER, "641 234 567"),
    ("+4930123456", "DE", Service.FIXED, "+49 30 123456"),
    ("+4915112345678", "DE", Service.MOBILE, "+49 1511 2345678"),
    ("+499001123456", "DE", Service.PREMIUM, "+49 900 1 123456"),
    ("+33899123456", "FR", Service.PREMIUM, "+33 899 12 34 56"),
    ("+12125550100", "US", Service.MOBILE, "+1 212-555-0100"),  # there nobody can tell
    ("+14165550100", "CA", Service.MOBILE, "+1 416-555-0100"),
    ("+18765551234", "JM", Service.MOBILE, "+1 876-555-1234"),
    ("+19005551234", "US", Service.PREMIUM, "+1 900-555-1234"),
    ("+15555550100", "", Service.OTHER, "+1 555-555-0100"),  # of twenty countries it could be
    ("+77012345678", "KZ", Service.MOBILE, "+7 701 234 5678"),
    ("+74951234567", "RU", Service.FIXED, "+7 495 123-45-67"),
    ("+441481960194", "GG", Service.FIXED, "+44 1481 960194"),
    ("+383441234567", "XK", Service.OTHER, "+383 441234567"),
    ("+80012345678", "001", Service.TOLL_FREE, "+800 1234 5678"),
    ("+870773111632", "001", Service.MOBILE, "+870 773 111 632"),
    ("+979123456789", "001", Service.PREMIUM, "+979 1 2345 6789"),
    ("19115", "PL", Service.OTHER, "19115"),
    ("116111", "PL", Service.TOLL_FREE, "116111"),
    ("118913", "PL", Service.PREMIUM, "118913"),
    ("112", "PL", Service.TOLL_FREE, "112"),
    ("+999123456789", "", Service.OTHER, "+999123456789"),
    ("+4", "", Service.OTHER, "+4"),
    ("22", "", Service.OTHER, "22"),
    ("anonymous", "", Service.OTHER, "anonymous"),
    ("", "", Service.OTHER, ""),
]


@pytest.mark.parametrize(("number", "region", "service", "shown"), PUBLIC, ids=[row[0] for row in PUBLIC])
def test_public_number_has_a_country_a_service_and_a_way_to_be_read(number, region, service, shown):
    assert (numbering.region(number), numbering.service(number), numbering.shown(number)) == (region, service, shown)
    assert numbering.is_premium(number) == (service is Service.PREMIUM)


# --- laws -----------------------------------------------------------------------------------------------------------

DIALLED = st.text() | st.from_regex(r"[+*#]?[0-9 ().\-/]{0,20}", fullmatch=True)


@given(DIALLED)
def test_any_text_has_a_meaning(text):
    assert isinstance(understand(text, OFFICE), Meaning)


@given(DIALLED)
def test_normal_form_means_the_same(text):
    meaning = understand(text, OFFICE)
    again = understand(meaning.number, OFFICE)
    assert again.number == meaning.number
    assert again.is_outside == meaning.is_outside


@given(DIALLED)
def test_any_text_may_come_over_a_trunk(text):
    number = numbering.as_city(text)
    assert number == "" or numbering.as_city(number) == number
    assert isinstance(numbering.region(text), str)
    assert isinstance(numbering.service(text), Service)
    assert isinstance(numbering.shown(text), str)


@given(st.from_regex(r"[1-9][0-9]{8}", fullmatch=True))
def test_national_number_is_one_number_in_all_its_forms(digits):
    forms = (digits, f"+48{digits}", f"0048{digits}")
    assert {understand(form, OFFICE).number for form in forms} == {f"+48{digits}"}
    assert {numbering.as_city(form) for form in (*forms, f"48{digits}")} == {f"+48{digits}"}
    assert numbering.region(f"+48{digits}") == "PL"


@given(st.from_regex(r"[0-9]{2,3}", fullmatch=True))
def test_what_may_be_given_can_be_dialled(digits):
    if numbering.is_assignable(digits):
        assert understand(digits, {digits}) == Meaning(Kind.INTERNAL, digits)
