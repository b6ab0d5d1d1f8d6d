"""The upkeep of trunks, with a switch led by hand: what is asked, what is told to the switch, what is left alone."""

from collections.abc import Iterator

import pytest

from app.config import SwitchAddress
from app.core.commands import RescanTrunks
from app.core.events import SwitchFound, TrunkChanged
from freeswitch.trunks import Trunks
from tests.freeswitch.scripted_switch import PASSWORD, QUICK, Mailbox, ScriptedSwitch, answered, event, link_to, until

WANTED = '<domain name="trunks"><user id="trunk-1" mark="m1" cidr="10.1.1.1/32"/></domain>'


def gateway(name: str, state: str = "NOREG", status: str = "UP", profile: str = "trunks") -> str:
    row = {"name": name, "profile": profile, "state": state, "status": status}
    return f"<gateway>{''.join(f'<{key}>{value}</{key}>' for key, value in row.items())}</gateway>"


@pytest.fixture
def told() -> list[TrunkChanged]:
    return []


@pytest.fixture
def run(switch: ScriptedSwitch, told: list[TrunkChanged]) -> Iterator[list[str]]:
    """What the switch was told to do, as it comes; there is one gateway of ours, of another profile's none to touch."""
    done: list[str] = []
    switch.answers |= {
        "api xml_locate": answered(WANTED),
        "api sofia xmlstatus": answered(f"<gateways>{gateway('other', profile='phones')}{gateway('trunk-1')}</gateways>"),
        "api sofia_gateway_data": answered("m1"),
    }
    for order in ("api sofia profile", "api reloadacl"):
        switch.answers[order] = lambda _, request: (done.append(request.removeprefix("api ")), answered("+OK"))[1]
    upkeep = Trunks(SwitchAddress("127.0.0.1", switch.port, PASSWORD), told.append, lambda: 1.0, QUICK)  # type: ignore[arg-type]
    upkeep.look()
    yield done
    upkeep.stop()


def test_trunks_that_are_as_they_should_be_are_left_alone(run: list[str], told: list[TrunkChanged]) -> None:
    until(lambda: told)
    assert run == ["reloadacl"]
    assert [(each.gateway, each.up, each.state) for each in told] == [("trunk-1", True, "NOREG UP")]


def test_a_new_trunk_is_scanned_for(switch: ScriptedSwitch, run: list[str], told: list[TrunkChanged]) -> None:
    switch.answers["api sofia xmlstatus"] = answered("<gateways></gateways>")
    until(lambda: "reloadacl" in run)
    assert run == ["sofia profile trunks rescan", "reloadacl"]


def test_a_changed_trunk_is_scanned_for_when_the_old_one_has_vanished(switch: ScriptedSwitch, run: list[str]) -> None:
    switch.answers["api sofia_gateway_data"] = answered("m0")
    looks = iter([gateway("trunk-1")] * 3)
    switch.answers["api sofia xmlstatus"] = lambda *_: answered(f"<gateways>{next(looks, '')}</gateways>")
    until(lambda: "reloadacl" in run)
    assert run == ["sofia profile trunks killgw trunk-1", "sofia profile trunks rescan", "reloadacl"]
    assert next(looks, None) is None


def test_a_trunk_that_is_no_more_is_taken_away(switch: ScriptedSwitch, run: list[str]) -> None:
    switch.answers["api xml_locate"] = answered('<domain name="trunks"/>')
    until(lambda: "reloadacl" in run)
    assert run == ["sofia profile trunks killgw trunk-1", "sofia profile trunks rescan", "reloadacl"]


def test_while_the_panel_is_away_nothing_is_touched_and_the_states_are_told(
    switch: ScriptedSwitch, run: list[str], told: list[TrunkChanged]
) -> None:
    switch.answers["api xml_locate"] = answered("can't find anything\n")
    until(lambda: told)
    assert run == []


def test_a_gateway_of_a_name_that_is_not_ours_reaches_no_command(switch: ScriptedSwitch, run: list[str]) -> None:
    switch.answers["api sofia xmlstatus"] = answered(f"<gateways>{gateway('x y')}{gateway('trunk-1')}</gateways>")
    until(lambda: run)
    assert run == ["reloadacl"]


def test_the_link_looks_after_the_trunks_when_it_is_told_of_them(switch: ScriptedSwitch, mailbox: Mailbox) -> None:
    switch.answers |= {"api xml_locate": answered(WANTED), "api sofia_gateway_data": answered("m1")}
    switch.answers["api sofia xmlstatus gateway"] = answered(f"<gateways>{gateway('trunk-1', status='DOWN')}</gateways>")
    link = link_to(switch.port, mailbox)
    link.start()
    try:
        mailbox.next(SwitchFound)
        link.send(RescanTrunks(("trunk-1",)))
        changed = mailbox.next(TrunkChanged)
        assert (changed.switch, changed.gateway, changed.up) == (f"127.0.0.1:{switch.port}", "trunk-1", False)
        state = {"Event-Name": "CUSTOM", "Event-Subclass": "sofia::gateway_state", "Gateway": "trunk-1"}
        switch.events.say(event(state | {"State": "NOREG", "Ping-Status": "UP"}))
        changed = mailbox.next(TrunkChanged)
        assert (changed.switch, changed.up) == (f"127.0.0.1:{switch.port}", True)
    finally:
        link.stop()
