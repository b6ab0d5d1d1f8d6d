"""Circles in the ways of a tenant, as a pure question."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.destinations import ToAccount, ToCity, ToExtension, ToExternal, ToHangUp, ToHours, ToMenu, ToQueue, ToRing
from app.services.loops import Ways, find

CITY = "+48221234567"
END = ToHangUp()


@pytest.mark.parametrize(
    ("ways", "circle"),
    [
        (Ways(), ()),
        (Ways({"21": ToAccount("anna"), "22": ToExtension("21")}), ()),
        (Ways({"21": ToExtension("21")}), ("21",)),
        (Ways({"21": ToExtension("22"), "22": ToExtension("21")}), ("21", "22")),
        (Ways({"20": ToExtension("21"), "21": ToExtension("22"), "22": ToExtension("21")}), ("21", "22")),
        (Ways({"21": ToCity(CITY)}, {CITY: ToExtension("21")}), ("21", CITY)),
        (Ways({"21": ToExternal(CITY)}, {CITY: ToExtension("21")}), ("21", CITY)),
        (Ways({"21": ToExternal("+48600100200")}, {CITY: ToExtension("21")}), ()),
        (Ways({"21": ToRing(("anna",), unavailable=ToExtension("21"))}), ("21",)),
        (Ways({"21": ToHours("office", ToHours("office", END, ToExtension("21")), END)}), ("21",)),
        (Ways({"21": ToMenu("hello")}, {}, {"hello": (END, ToExtension("21"))}), ("21", "hello")),
        (Ways({"21": ToMenu("hello")}, {}, {"hello": (END, END)}), ()),
        (Ways({}, {}, {"hello": (ToMenu("hello"), END)}), ("hello",)),
        (Ways({"21": ToQueue("line")}, {}, {}, {"line": (END, ToExtension("21"))}), ("21", "line")),
        (Ways({}, {}, {"hello": (ToQueue("line"),)}, {"line": (ToMenu("hello"),)}), ("hello", "line")),
        (Ways({"21": ToQueue("line")}, {}, {}, {"line": ()}), ()),
        (Ways({"21": ToExtension("99")}), ()),
        (Ways({"21": ToMenu("21")}, {}, {"21": (END,)}), ()),
    ],
)
def test_circle_is_found_in_the_order_of_a_call(ways, circle):
    assert tuple(name for _, name in find(ways)) == circle


def test_two_ways_to_the_same_place_are_no_circle():
    shared = ToRing(("anna",), busy=ToExtension("23"), no_answer=ToExtension("22"))
    assert find(Ways({"21": shared, "22": ToExtension("23"), "23": END})) == ()


def test_long_chain_is_walked_without_getting_tired():
    numbers = [str(number) for number in range(100, 1000)]
    chain = {number: ToExtension(after) for number, after in pairwise(numbers)}
    assert find(Ways({**chain, "999": END})) == ()
    assert len(find(Ways({**chain, "999": ToExtension("100")}))) == 900


@given(st.dictionaries(st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdef"), max_size=3)))
def test_there_is_a_circle_exactly_if_some_walk_never_ends(leads):
    ways = Ways({start: ToRing(("x",), *[True, 20], *map(ToExtension, ends)) for start, ends in leads.items()})
    places = set(leads)
    while ended := {place for place in places if not places & set(leads[place])}:
        places -= ended
    assert bool(find(ways)) == bool(places)
