"""What a way comes to: the table of places and plans."""

from dataclasses import replace

import pytest

from app.core import places
from app.core.destinations import ToAccount, ToCity, ToExtension, ToExternal, ToHangUp, ToMenu, ToMessage, ToRing
from app.core.directory import Directory, Limits
from app.core.outcome import Limit, Outcome
from app.core.routing import MOST_HOPS, Ask, Dial, End, Refuse, Ring, Tell, Way, logins_at, plan_at, resolve
from tests.core.company import BOSS, MAIN, SALES, WELCOME, company, menu

NOW = 1_000_000.0


def led(place, directory=None, **way):
    """Where a place leads, and the plan there."""
    directory = directory or company()
    end, plan = resolve(Way(place, **way), directory.tenants[1], directory, NOW)
    return end.place, plan


def steps(place, directory=None):
    return led(place, directory)[1].steps


# --- from what is dialled to a place --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dialled", "place"),
    [
        ("22", "22"),
        ("221", "221"),
        ("221234567", MAIN),
        ("0048221234567", MAIN),
        ("600 100 200", "tel" + BOSS),
        ("+48600100200", "tel" + BOSS),
        ("0049301234567", "tel+49301234567"),
        ("19115", "tel19115"),
        ("112", ""),
        ("999", ""),
        ("*822", ""),
        ("77", ""),
        ("", ""),
        ("tel+48600100200", ""),
        ("fallback", ""),
        ("22.busy", ""),
        ("menu-powitanie", ""),
    ],
)
def test_dialled_string_is_a_place_or_none(dialled, place):
    assert places.of_dialled(dialled, company().tenants[1]) == place


def test_city_number_of_another_tenant_is_a_number_outside():
    directory = company()
    stranger = replace(directory.tenants[2], cities=company().tenants[1].cities)
    both = replace(directory, tenants={1: replace(directory.tenants[1], cities={}), 2: stranger})
    assert places.of_dialled("221234567", both.tenants[1]) == "tel" + MAIN


# --- from a place to a plan -----------------------------------------------------------------------------------------


def test_account_rings_for_the_tenants_time_under_the_number_that_was_called():
    place, plan = led("22")
    assert (place, plan.number, plan.name, plan.steps, plan.seconds) == ("22", "22", "Bartek", (("102",),), 30)


def test_account_reached_otherwise_has_its_own_number_in_the_log():
    assert (led(MAIN)[1].number, led(MAIN)[1].name) == ("22", "Bartek")
    assert led("menu-powitanie.1")[1].number == "23"


def test_plan_together_is_one_step_and_in_order_is_several():
    assert steps("31") == (("103", "104"),)
    assert steps("32") == (("103",), ("104",), ("105",))
    assert (led("31")[1].seconds, led("31")[1].shared, led("31")[1].name) == (15, True, "Sprzedaż")


def test_extension_and_city_lead_where_they_lead():
    assert led("40")[0] == MAIN
    assert led(SALES)[0] == "31"


def test_plan_of_a_city_number_has_its_name_and_no_number():
    directory = company(cities={})
    city = replace(company().tenants[1].cities[SALES], to=ToRing(("103",)))
    directory = company(cities={SALES: city})
    assert (led(SALES, directory)[1].number, led(SALES, directory)[1].name) == ("", "Infolinia")


def test_number_outside_is_dialled_over_the_trunks_in_their_order():
    _, plan = led("30")
    assert (plan.number, plan.name, plan.asked) == (BOSS, "Komórka szefa", True)
    assert [trunk.gateway for trunk in plan.trunks] == ["trunk-1", "trunk-2"]
    assert led("tel" + BOSS)[1].asked is False


def test_own_city_number_as_a_number_outside_stays_inside():
    assert led("34", company(extensions={"34": ToExternal(MAIN)}))[0] == MAIN


@pytest.mark.parametrize(("is_open", "place"), [(True, "31"), (False, "41.closed")])
def test_hours_choose(is_open, place):
    assert led("41", company(is_open))[0] == place


def test_menu_message_and_end():
    assert led("42") == ("menu-powitanie", Ask(menu()))
    assert led(WELCOME)[0] == "menu-powitanie"
    assert isinstance(led("43")[1], Tell)
    assert led("49")[1] == End(Outcome.BUSY)


@pytest.mark.parametrize(
    ("fallback", "kind"),
    [(ToAccount("105"), Ring), (ToExtension("31"), Ring), (ToExternal(BOSS), Dial), (ToMenu("powitanie"), Ask), (None, Refuse)],
)
def test_fallback_is_a_place_too(fallback, kind):
    assert isinstance(led(places.FALLBACK, company(transfer_fallback=fallback))[1], kind)


@pytest.mark.parametrize("place", ["31.busy", "31.no_answer", "32.unavailable", "menu-powitanie.7", "menu-powitanie.star"])
def test_destinations_inside_others_are_places(place):
    assert not isinstance(led(place)[1], Refuse)


# --- what is not there ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "place",
    ["99", "", "31.unavailable", "22.busy", "43.closed", "+48229999999", "menu-nowe", "menu-powitanie.9", "31.busy.busy"],
)
def test_place_that_is_no_more_is_no_such_number(place):
    assert led(place)[1] == Refuse(Outcome.NO_SUCH_NUMBER)


@pytest.mark.parametrize("to", [ToExtension("99"), ToCity("+48229999999"), ToMenu("nowe"), ToMessage("nowe")])
def test_destination_that_names_what_is_no_more_is_no_such_number(to):
    assert led("34", company(extensions={"34": to}))[1] == Refuse(Outcome.NO_SUCH_NUMBER)


def test_account_of_another_tenant_is_never_rung():
    strangers = {"34": ToAccount("201"), "35": ToRing(("201", "103")), "36": ToRing(("201",))}
    directory = company(extensions=strangers)
    assert led("34", directory)[1] == Refuse(Outcome.NOT_REGISTERED)
    assert (steps("35", directory), steps("36", directory)) == ((("103",),), ())


def test_tenant_that_is_gone_may_not_call():
    assert resolve(Way("22"), None, Directory(), NOW)[1] == Refuse(Outcome.NOT_ALLOWED)
    assert plan_at("22", None, Directory()) == Refuse(Outcome.NOT_ALLOWED)
    assert logins_at(Way("22"), None, Directory()) == ()


# --- loops ----------------------------------------------------------------------------------------------------------


def chain(length):
    """Numbers 60, 61 … each of which names the next; the last rings Anna."""
    numbers = [str(60 + place) for place in range(length)]
    return {number: ToExtension(following) for number, following in zip(numbers, [*numbers[1:], "21"], strict=True)}


def test_eight_hops_are_made_and_not_one_more():
    assert led("60", company(extensions=chain(MOST_HOPS)))[0] == "21"
    refused = led("60", company(extensions=chain(MOST_HOPS + 1)))[1]
    assert (refused.outcome, refused.why) == (Outcome.FAILED, "Acme: more than 8 hops, cut at 21")


def test_loop_is_cut():
    assert led("51")[1].outcome is Outcome.FAILED


def test_hops_made_before_count():
    assert led("40", hops=MOST_HOPS)[1].outcome is Outcome.FAILED
    assert led("40", hops=MOST_HOPS - 1)[0] == MAIN


# --- limits ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "limits", "limit", "why"),
    [
        ("+48600100200", Limits(), None, ""),
        ("+49301234567", Limits(), Limit.COUNTRY, "is in DE, which it may not call"),
        ("+49301234567", Limits(countries=frozenset({"PL", "DE"})), None, ""),
        ("+48701234567", Limits(), Limit.PREMIUM, "is a premium-rate number, which it may not call"),
        ("+48701234567", Limits(premium=True), None, ""),
        ("118912", Limits(), Limit.PREMIUM, "is a premium-rate number, which it may not call"),
        ("19115", Limits(), None, ""),
        ("+999123456", Limits(), Limit.COUNTRY, "is in an unknown country, which it may not call"),
    ],
)
def test_tenant_calls_where_it_may(number, limits, limit, why):
    plan = led("tel" + number, company(limits=limits))[1]
    refused = Refuse(Outcome.OVER_LIMIT, f"Acme: {number} {why}", number, "", limit)
    assert plan == refused if limit else isinstance(plan, Dial)


@pytest.mark.parametrize(
    ("limit", "why"),
    [
        (Limit.MINUTES, "the day's minutes of its calls to outside are used up"),
        (Limit.AT_ONCE, "its lines are all taken"),
    ],
)
def test_exhausted_tenant_calls_nobody_outside(limit, why):
    directory = replace(company(), exhausted={1: limit})
    refused = Refuse(Outcome.OVER_LIMIT, f"Acme: {why}, {BOSS} was not called", BOSS, "Komórka szefa", limit)
    assert led("30", directory)[1] == refused
    assert isinstance(led("22", directory)[1], Ring)


# --- the names of menus ---------------------------------------------------------------------------------------------


def test_menus_name_is_spelled_in_ascii_that_no_note_is_broken_by():
    assert places.of_menu("Zażółć: a/b,c.1") == "menu-Za_c5bc_c3b3_c582_c487_3a_20a_2fb_2cc_2e1"
    directory = company(menus={"Zażółć: a/b,c.1": menu(name="Zażółć: a/b,c.1")}, extensions={"34": ToMenu("Zażółć: a/b,c.1")})
    place, plan = led("34", directory)
    assert (plan.menu.name, led(f"{place}.1", directory)[1].number) == ("Zażółć: a/b,c.1", "23")


def test_end_of_a_plan_may_be_the_end():
    assert led("34.busy", company(extensions={"34": ToRing(("103",), busy=ToHangUp())}))[1] == End(Outcome.ANSWERED)
