"""The one control for a destination: what is typed is what is meant, and what is meant is what is shown."""

import pytest
from flask_wtf import FlaskForm
from hypothesis import given
from hypothesis import strategies as st

from admin.destinations.draft import DEEPEST, drafted, meant, typed
from admin.destinations.field import DestinationField, refused
from app.core.destinations import (
    ToAccount,
    ToCity,
    ToExtension,
    ToExternal,
    ToHangUp,
    ToHours,
    ToMenu,
    ToMessage,
    ToQueue,
    ToRing,
)
from app.core.outcome import Outcome
from app.services.errors import DomainError
from tests.admin.led import sent

NAMES = st.text("aż 21", min_size=1, max_size=5).map(str.strip).filter(bool)
SIMPLE = st.one_of(
    *(st.builds(kind, NAMES) for kind in (ToAccount, ToExtension, ToCity, ToMenu, ToMessage, ToQueue)),
    st.builds(ToExternal, st.sampled_from(["+48600100200", "+4930123456"])),
    st.builds(ToHangUp, st.sampled_from([Outcome.ANSWERED, Outcome.BUSY])),
)


def rings(follows):
    accounts = st.lists(NAMES, min_size=1, max_size=3).map(tuple)
    branch = st.none() | follows
    return st.builds(ToRing, accounts, st.booleans(), st.integers(1, 120), branch, branch, branch)


DESTINATIONS = st.recursive(SIMPLE, lambda inner: rings(inner) | st.builds(ToHours, NAMES, inner, inner), max_leaves=6)


@given(DESTINATIONS)
def test_every_destination_comes_back_from_the_form_as_it_was(destination):
    assert meant(typed(sent(drafted(destination)), "to")) == destination


@given(st.dictionaries(st.sampled_from(["to-kind", "to-which", "to-seconds", "to-busy-kind", "to-open-kind"]), st.text()))
def test_no_form_however_forged_makes_it_fail(form):
    meant(typed(form, "to"))


def test_what_nobody_chose_is_nothing():
    assert meant(typed({"to-kind": "nonsense"}, "to")) is None


def test_a_form_that_never_ends_is_cut_off():
    names = ["to" + "-busy" * depth for depth in range(DEEPEST + 5)]
    draft = typed({f"{name}-kind": "ring" for name in names}, "to")
    depth = 0
    while draft.kind:
        draft, depth = draft.branches["busy"], depth + 1
    assert depth == DEEPEST


@pytest.mark.parametrize("written", ["600 100 200", "+48 600-100-200", "0048600100200"])
def test_an_outside_number_is_understood_as_people_write_it(written):
    assert meant(typed({"to-kind": "external", "to-which": written}, "to")) == ToExternal("+48600100200")


def test_what_is_no_number_is_left_as_it_was_typed():
    assert meant(typed({"to-kind": "external", "to-which": "Jola"}, "to")) == ToExternal("Jola")


@pytest.mark.parametrize("seconds", ["", "x", "-1", "²", "99999"])
def test_seconds_that_are_no_number_are_in_no_range(seconds):
    assert meant(typed({"to-kind": "ring", "to-first": "1", "to-seconds": seconds}, "to")).seconds == -1


def test_hours_without_their_branches_lead_to_a_phone_that_is_still_to_be_chosen():
    """As without scripts, where the fields of a kind come only after it has been chosen."""
    assert meant(typed({"to-kind": "hours", "to-which": "biuro"}, "to")) == ToHours("biuro", ToAccount(""), ToAccount(""))


class Form(FlaskForm):
    to = DestinationField("Leads to")
    fallback = DestinationField("Else", nothing="nobody")


@pytest.fixture
def form(app):
    with app.test_request_context("/", method="POST", data={"to-kind": "ring", "to-busy-kind": "extension"}):
        yield Form()


def test_an_error_stands_at_the_part_it_is_about(form):
    assert refused(form, DomainError("number-unknown", "to.ring.busy.extension", number="99"))
    assert form.to.draft.branches["busy"].errors
    assert not form.to.draft.errors
    assert form.to.errors


def test_an_error_about_something_else_is_not_its_business(form):
    assert not refused(form, DomainError("name-missing", "name"))


def test_one_that_must_be_chosen_begins_with_the_first_kind_and_an_optional_one_with_nothing(app):
    with app.test_request_context("/"):
        form = Form()
    assert form.to.draft.kind == "account"
    assert form.fallback.draft.kind == ""
    assert form.fallback.data is None
