"""Trunks on a real FreeSWITCH: how they come and go, who may send calls, and what is heard of both."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import gevent
import pytest

from app.core.commands import RescanTrunks
from app.core.events import CallCameIn, Event, TrunkChanged
from app.services.lookup import Gateway
from freeswitch.limits import Limits
from freeswitch.trunks import Trunks
from tests.freeswitch.event_tap import EventTap
from tests.freeswitch.leading import Hand, heard
from tests.freeswitch.real_switch import RealSwitch, running, why_not
from tests.freeswitch.sip_operator import Operator

REASON = why_not()
pytestmark = [pytest.mark.contract, pytest.mark.skipif(bool(REASON), reason=REASON or "there is one")]


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealSwitch]:
    with running(tmp_path_factory.mktemp("var")) as switch:
        yield switch


@pytest.fixture
def switch(machine: RealSwitch) -> Iterator[RealSwitch]:
    yield machine
    machine.send_everybody_home()
    machine.office.trunks.clear()


@pytest.fixture
def operators(switch: RealSwitch) -> Iterator[tuple[Operator, Operator]]:
    pair = Operator(("127.0.0.1", switch.settings.trunk_port)), Operator(("127.0.0.1", switch.settings.trunk_port))
    yield pair
    for operator in pair:
        operator.close()


@pytest.fixture
def told() -> list[Event]:
    """What the upkeep has told."""
    return []


@pytest.fixture
def upkeep(switch: RealSwitch, told: list[Event]) -> Iterator[Trunks]:
    trunks = Trunks(switch.settings.switches[0], told.append, time.time, Limits())
    yield trunks
    switch.office.trunks.clear()
    trunks.look()
    until(lambda: "<gateway>" not in switch.ask("sofia xmlstatus gateway"))
    trunks.stop()


@pytest.fixture
def events(switch: RealSwitch) -> Iterator[EventTap]:
    with switch.watched() as tap:
        yield tap


def trunk(operator: Operator, name: str = "trunk-1", register: bool = False) -> Gateway:
    user, password = ("user", "s3cret$") if register else ("", "")
    return Gateway(name, operator.proxy, user, password, register, 1, True)


def until(true: Callable[[], bool], seconds: float = 8.0) -> None:
    """Let the upkeep work until it is so."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        gevent.sleep(0.05)


def states(told: list[Event]) -> list[tuple[str, bool, str]]:
    return [(event.gateway, event.up, event.state) for event in told if isinstance(event, TrunkChanged)]


def test_trunks_appear_without_a_restart_and_say_whether_they_are_up(
    switch: RealSwitch, upkeep: Trunks, told: list[Event], operators: tuple[Operator, Operator]
) -> None:
    first, second = operators
    switch.office.trunks = [trunk(first), trunk(second, "trunk-2", register=True)]
    upkeep.look()
    until(lambda: len(states(told)) == 2)
    assert ("trunk-1", True, "NOREG UP") in states(told)
    until(lambda: "<state>REGED" in switch.ask("sofia xmlstatus gateway trunk-2"))
    upkeep.look()
    until(lambda: ("trunk-2", True, "REGED UP") in states(told))
    assert [message.headers["expires"] for message in second.signed_in] == ["600"]


def test_a_changed_trunk_signs_out_before_its_successor_signs_in_and_others_stay(
    switch: RealSwitch, upkeep: Trunks, operators: tuple[Operator, Operator]
) -> None:
    first, second = operators
    stays, changes = trunk(first, "trunk-1", register=True), trunk(second, "trunk-2", register=True)
    switch.office.trunks = [stays, changes]
    upkeep.look()
    until(lambda: bool(first.signed_in and second.signed_in))
    switch.office.trunks = [stays, replace(changes, password="other")]
    upkeep.look()
    until(lambda: len(second.signed_in) == 3)
    assert [message.headers["expires"] for message in second.signed_in] == ["600", "0", "600"]
    assert len(first.signed_in) == 1


def test_a_trunk_that_is_switched_off_is_gone_and_so_is_its_right_to_call(
    switch: RealSwitch, upkeep: Trunks, operators: tuple[Operator, Operator]
) -> None:
    first, _ = operators
    switch.office.trunks = [trunk(first)]
    upkeep.look()
    until(lambda: switch.ask("acl 127.0.0.1 trunks") == "true")
    switch.office.trunks = [replace(trunk(first), enabled=False)]
    upkeep.look()
    until(lambda: switch.ask("acl 127.0.0.1 trunks") == "false")
    assert switch.ask("sofia xmlstatus gateway trunk-1") == "Invalid Gateway!"


def test_a_trunk_is_dead_when_it_says_that_it_cannot_and_alive_whatever_else_it_says(
    switch: RealSwitch, upkeep: Trunks, operators: tuple[Operator, Operator], events: EventTap
) -> None:
    """503 is also what a trunk is said to have answered whose address refuses packets. The first ping comes after 25 s."""
    first, second = operators
    first.lives, second.lives = 404, 503
    switch.office.trunks = [trunk(first), trunk(second, "trunk-2")]
    upkeep.look()
    until(lambda: "trunk-2" in switch.ask("sofia xmlstatus gateway"))
    down = heard(events.wait("CUSTOM", 35, Gateway="trunk-2", **{"Ping-Status": "DOWN"}))
    assert down == TrunkChanged(switch="", gateway="trunk-2", up=False, state="NOREG DOWN", at=down.at)  # type: ignore[union-attr]
    assert "<status>UP</status>" in switch.ask("sofia xmlstatus gateway trunk-1")


# --- calls from outside


@pytest.fixture
def operator(switch: RealSwitch, upkeep: Trunks, operators: tuple[Operator, Operator]) -> Operator:
    """Known, and allowed to call."""
    switch.office.trunks = [trunk(operators[0])]
    upkeep.look()
    until(lambda: switch.ask("acl 127.0.0.1 trunks") == "true")
    return operators[0]


def test_a_call_from_a_trunk_waits_unanswered_and_without_a_challenge(operator: Operator, events: EventTap) -> None:
    operator.call_in("+48221234567", '"Jan Kowalski" <sip:+48600100200@operator>')
    event = heard(Hand(events).came())
    assert isinstance(event, CallCameIn)
    assert (event.trunk, event.number, event.name) == ("trunk-1", "+48600100200", "Jan Kowalski")
    assert event.dialled == "+48221234567"
    assert [message.status for message in operator.seen if message.method == "INVITE"] == [100]


def test_an_asserted_number_is_believed_before_the_other_and_a_withheld_one_is_not_told(
    operator: Operator, events: EventTap
) -> None:
    asserted = "P-Asserted-Identity: <sip:+48500600700@operator>"
    hand = Hand(events)
    operator.call_in("+48221234567", "<sip:+48600100200@operator>", asserted)
    shown = heard(hand.came())
    operator.call_in("+48221234567", "<sip:anonymous@anonymous.invalid>", asserted, "Privacy: id")
    hidden = heard(hand.came())
    assert isinstance(shown, CallCameIn)
    assert isinstance(hidden, CallCameIn)
    assert (shown.number, hidden.number, hidden.name) == ("+48500600700", "", "")


def test_a_call_to_the_address_a_trunk_has_registered_says_in_to_what_was_dialled(operator: Operator, events: EventTap) -> None:
    operator.call_in("gw+trunk-1", "<sip:+48600100200@operator>", to="+48221234567")
    event = heard(Hand(events).came())
    assert isinstance(event, CallCameIn)
    assert event.dialled == "+48221234567"


def test_trunks_at_one_address_are_told_apart_by_what_one_has_registered(
    switch: RealSwitch, operator: Operator, upkeep: Trunks, events: EventTap
) -> None:
    switch.office.trunks = [trunk(operator, "trunk-2", register=True), trunk(operator, "trunk-1")]
    upkeep.look()
    until(lambda: "<state>REGED" in switch.ask("sofia xmlstatus gateway trunk-2"))
    hand, came = Hand(events), []
    for number in ("gw+trunk-2", "+48221234567", "gw+nobody"):
        operator.call_in(number, "<sip:+48600100200@operator>", to="+48221234567")
        came.append(heard(hand.came()).trunk)  # type: ignore[union-attr]
    assert came == ["trunk-2", "trunk-1", "trunk-1"]


@pytest.mark.parametrize("name", ["${global_setvar(broken_into=yes)}", "x'; global_setvar broken_into=yes", "a\\\\b|c,d"])
def test_what_a_stranger_calls_himself_runs_nothing(
    switch: RealSwitch, operator: Operator, events: EventTap, name: str
) -> None:
    operator.call_in("+48221234567", f'"{name}" <sip:+48600100200@operator>')
    assert isinstance(heard(Hand(events).came()), CallCameIn)
    assert switch.ask("global_getvar broken_into") == "-ERR no reply"


def test_nobody_else_may_call(switch: RealSwitch, operator: Operator, events: EventTap) -> None:
    stranger = Operator(operator.server, "127.0.0.2")
    dialog = stranger.call_in("+48221234567", "<sip:+48600100200@operator>")
    assert stranger.wait_response(dialog.call_id).status == 403
    assert [event for event in events.events if event["Event-Name"] == "CHANNEL_PARK"] == []
    stranger.close()


def test_a_panel_that_is_away_takes_nothing_away(switch: RealSwitch, operator: Operator, upkeep: Trunks) -> None:
    def away() -> tuple[Gateway, ...]:
        raise RuntimeError("the database is away")

    switch.office.gateways, present = away, switch.office.gateways  # type: ignore[method-assign]
    upkeep.look()
    gevent.sleep(0.5)
    switch.office.gateways = present  # type: ignore[method-assign]
    assert switch.ask("acl 127.0.0.1 trunks") == "true"
    assert "trunk-1" in switch.ask("sofia xmlstatus gateway")


def test_the_way_to_emergency_numbers_is_kept_by_the_switch(switch: RealSwitch, events: EventTap) -> None:
    Hand(events).order(RescanTrunks(("trunk-1", "trunk-2")))
    assert switch.ask("global_getvar emergency_112") == "sofia/gateway/trunk-1/112|sofia/gateway/trunk-2/112"
    Hand(events).order(RescanTrunks(()))
    assert switch.ask("global_getvar emergency_112") == "-ERR no reply"
