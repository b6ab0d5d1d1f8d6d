"""Finding a switch: what lives there is told first, then what happens."""

from dataclasses import replace

import gevent
import pytest

from app.core.events import FoundLeg, LegHungUp, PhonesCounted, Role, SwitchFound, SwitchLost
from freeswitch import dialect
from freeswitch.link import Link
from freeswitch.pulse import SUBCLASS
from tests.freeswitch.scripted_switch import (
    QUICK,
    Mailbox,
    ScriptedSwitch,
    answered,
    dump,
    event,
    hangup,
    link_to,
    replied,
    until,
)

# --- finding a switch ---


def test_a_switch_is_found_with_its_legs_and_phones(switch: ScriptedSwitch, mailbox: Mailbox, link: Link) -> None:
    switch.legs = {"leg-1": dump("leg-1"), "gone": {}}
    link.start()
    leg = FoundLeg(leg="leg-1", call="", role=Role.CALLER, login="", dialled="22", started=0.0, waiting=True)
    name = f"127.0.0.1:{switch.port}"
    assert mailbox.next(SwitchFound) == SwitchFound(switch=name, core="core-1", legs=(leg,), at=1000.0)
    assert mailbox.next(PhonesCounted) == PhonesCounted(switch=name, registrations=(), at=1000.0)
    assert link.connected


def test_a_switch_without_legs_has_no_rows_and_is_found(mailbox: Mailbox, link: Link) -> None:
    link.start()
    assert mailbox.next(SwitchFound).legs == ()


def test_hundreds_of_legs_are_all_found(switch: ScriptedSwitch, mailbox: Mailbox, link: Link) -> None:
    switch.legs = {f"leg-{i}": dump(f"leg-{i}") for i in range(333)}
    link.start()
    assert [leg.leg for leg in mailbox.next(SwitchFound).legs] == list(switch.legs)


def test_what_happens_during_the_stock_taking_is_told_after_it(switch: ScriptedSwitch, mailbox: Mailbox, link: Link) -> None:
    switch.answers["api show channels"] = None
    link.start()
    commands, _ = switch.heard.get(timeout=5)
    switch.events.say(hangup("leg-1") + hangup("leg-2"))
    commands.say(answered('{"row_count":0}'))
    assert mailbox.next(LegHungUp).leg == "leg-1"
    assert mailbox.next(LegHungUp).leg == "leg-2"
    assert [type(letter) for letter in mailbox.all] == [SwitchFound, PhonesCounted, LegHungUp, LegHungUp]


def test_the_switch_is_asked_only_after_it_tells(switch: ScriptedSwitch, mailbox: Mailbox, link: Link) -> None:
    switch.answers["event json"] = None
    link.start()
    events, _ = switch.heard.get(timeout=5)
    assert not [line for peer in switch.peers for line in peer.asked if line.startswith("api ")]
    events.say(replied("+OK event listener enabled json"))
    mailbox.next(SwitchFound)


def test_a_leg_born_just_before_is_given_time_to_be_listed(switch: ScriptedSwitch, mailbox: Mailbox) -> None:
    link = link_to(switch.port, mailbox, replace(QUICK, listing=0.1))
    switch.answers["event json"] = replied("+OK")
    link.start()
    switch.heard.get(timeout=5)
    gevent.spawn_later(0.05, switch.legs.update, {"leg-1": dump("leg-1")})
    assert [leg.leg for leg in mailbox.next(SwitchFound).legs] == ["leg-1"]
    link.stop()


def test_a_name_no_xml_may_hold_does_not_hide_the_phones(switch: ScriptedSwitch, mailbox: Mailbox, link: Link) -> None:
    switch.phones = "<profile><registration><user>101@acme.test</user><agent>Evil\x01</agent></registration></profile>"
    link.start()
    assert [phone.device for phone in mailbox.next(PhonesCounted).registrations] == ["Evil"]


def test_a_switch_without_our_profile_has_no_phones(switch: ScriptedSwitch, mailbox: Mailbox, link: Link) -> None:
    switch.phones = "Invalid Profile!\n"
    link.start()
    assert mailbox.next(PhonesCounted).registrations == ()


def test_registrations_nobody_can_read_do_not_keep_the_switch_away(
    switch: ScriptedSwitch, mailbox: Mailbox, link: Link
) -> None:
    switch.phones = "<profile><registration></profile>"
    link.start()
    mailbox.next(SwitchFound)
    switch.events.say(hangup("leg-1"))
    mailbox.next(LegHungUp)
    assert PhonesCounted not in map(type, mailbox.all)


def test_the_dialect_asks_for_our_pings() -> None:
    assert SUBCLASS in dialect.SUBSCRIPTION.split()


# --- events ---


def test_an_event_without_a_name_is_passed_over(switch: ScriptedSwitch, mailbox: Mailbox, link: Link) -> None:
    link.start()
    mailbox.next(SwitchFound)
    switch.events.say(event({"Unique-ID": "leg-1"}) + event(b"{}") + hangup("leg-2"))
    assert mailbox.next(LegHungUp).leg == "leg-2"


def test_an_event_that_is_no_json_costs_only_itself(switch: ScriptedSwitch, mailbox: Mailbox, link: Link) -> None:
    link.start()
    mailbox.next(SwitchFound)
    switch.events.say(event(b'{"Event-Name":') + hangup("leg-2"))
    assert mailbox.next(LegHungUp).leg == "leg-2"
    assert SwitchLost not in map(type, mailbox.all)


def test_an_event_our_dialect_stumbles_over_costs_only_itself(
    switch: ScriptedSwitch, mailbox: Mailbox, link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    to_event = dialect.to_event
    monkeypatch.setattr(dialect, "to_event", lambda headers: 1 / 0 if headers["Unique-ID"] == "odd" else to_event(headers))
    link.start()
    mailbox.next(SwitchFound)
    switch.events.say(hangup("odd") + hangup("leg-2"))
    assert mailbox.next(LegHungUp).leg == "leg-2"


def test_our_pings_are_not_told_and_measure_the_lag(switch: ScriptedSwitch, mailbox: Mailbox, link: Link) -> None:
    link.start()
    mailbox.next(PhonesCounted)
    until(lambda: link.lag > 0)
    assert len(mailbox.all) == 2
