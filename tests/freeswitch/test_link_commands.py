"""Commands over the link: they go out whole, and come back when they fail."""

from dataclasses import replace

import gevent

from app.core.actions import HangUp
from app.core.commands import ForgetAccount, Release, Script
from app.core.events import CommandFailed, SwitchFound, SwitchLost
from app.core.outcome import Outcome
from freeswitch.link import Link
from tests.freeswitch.scripted_switch import (
    QUICK,
    Mailbox,
    ScriptedSwitch,
    answered,
    link_to,
    replied,
    until,
)

HANG_UP = Script("leg-1", "call-1", 7, (HangUp(Outcome.BUSY),))


def test_a_command_goes_out_whole(switch: ScriptedSwitch, mailbox: Mailbox, link: Link) -> None:
    switch.answers["sendmsg"] = replied("+OK")
    link.start()
    mailbox.next(SwitchFound)
    link.send(HANG_UP)
    _, request = switch.heard.get(timeout=5)
    assert request.startswith("sendmsg leg-1\ncall-command: xferext\napplication: ")


def test_a_refused_command_comes_back_as_failed(switch: ScriptedSwitch, mailbox: Mailbox, link: Link) -> None:
    switch.answers["sendmsg"] = replied("-ERR invalid session id [leg-1]")
    link.start()
    mailbox.next(SwitchFound)
    link.send(HANG_UP)
    assert mailbox.next(CommandFailed) == CommandFailed(
        leg="leg-1", call="call-1", step=7, at=1000.0, reason="-ERR invalid session id [leg-1]"
    )


def test_a_refused_release_comes_back_as_failed(switch: ScriptedSwitch, mailbox: Mailbox, link: Link) -> None:
    switch.answers["api uuid_kill"] = answered("-ERR No such channel!\n")
    link.start()
    mailbox.next(SwitchFound)
    link.send(Release("leg-1", Outcome.BUSY))
    failed = mailbox.next(CommandFailed)
    assert (failed.leg, failed.step, failed.reason) == ("leg-1", 0, "-ERR No such channel!")


def test_a_slow_reply_is_a_failure_and_not_the_next_command_s(switch: ScriptedSwitch, mailbox: Mailbox, link: Link) -> None:
    switch.answers["sendmsg slow"] = None
    switch.answers["sendmsg leg-1"] = replied("-ERR my own")
    switch.answers["sendevent"] = None  # pings would tell the same, earlier
    link.start()
    mailbox.next(SwitchFound)
    link.send(Script("slow", "call-2", 1, ()))
    assert mailbox.next(CommandFailed).reason == "no reply within 0.2 s"
    while "slow" not in (heard := switch.heard.get(timeout=5))[1]:
        pass
    heard[0].say(replied("+OK") + replied("-ERR late, of the slow one"))
    link.send(HANG_UP)
    failed = mailbox.next(CommandFailed)
    assert (failed.leg, failed.reason) == ("leg-1", "-ERR my own")


def test_a_control_character_never_reaches_the_switch(switch: ScriptedSwitch, mailbox: Mailbox, link: Link) -> None:
    link.start()
    mailbox.next(SwitchFound)
    link.send(Script("leg-1\n\napi system reboot", "call-1", 3, ()))
    failed = mailbox.next(CommandFailed)
    assert (failed.step, failed.reason) == (3, "-ERR U+000A must not be sent to the switch")
    assert not [line for peer in switch.peers for line in peer.asked if "reboot" in line]


def test_too_many_commands_at_once_fail_and_do_not_pile_up(switch: ScriptedSwitch, mailbox: Mailbox) -> None:
    switch.answers["sendmsg"] = None
    link = link_to(switch.port, mailbox, replace(QUICK, commands=20, ping_every=60))
    link.start()
    mailbox.next(SwitchFound)
    for _ in range(21):
        link.send(HANG_UP)
    assert "already wait" in mailbox.next(CommandFailed).reason
    link.stop()


def test_a_command_without_a_switch_fails_at_once(mailbox: Mailbox) -> None:
    link_to(1, mailbox).send(HANG_UP)
    assert mailbox.all == [CommandFailed(leg="leg-1", call="call-1", step=7, at=1000.0, reason="the switch is not connected")]


def test_an_account_to_forget_is_remembered_until_the_switch_is_back(
    switch: ScriptedSwitch, mailbox: Mailbox, link: Link
) -> None:
    switch.answers["api xml_locate directory domain name accounts"] = answered('<domain><user id="100101" mark="m1"/></domain>')
    switch.answers["api xml_flush_cache"] = answered("+OK cleared 1 entry\n")
    link.send(ForgetAccount("100101"))
    link.start()
    heard = [switch.heard.get(timeout=5)[1] for _ in range(2)]
    assert heard[1] == "api xml_flush_cache id 100101 acme.test"


def test_commands_under_way_fail_with_the_connection(switch: ScriptedSwitch, mailbox: Mailbox, link: Link) -> None:
    switch.answers |= {"sendmsg": None, "sendevent": None}
    link.start()
    mailbox.next(SwitchFound)
    link.send(HANG_UP)
    switch.heard.get(timeout=5)
    switch.events.cut()
    assert mailbox.next(CommandFailed).leg == "leg-1"
    mailbox.next(SwitchLost)


def test_leaving_the_switch_closes_both_connections(switch: ScriptedSwitch, mailbox: Mailbox, link: Link) -> None:
    link.start()
    mailbox.next(SwitchFound)
    link.stop()
    until(lambda: not switch.peers)
    assert not link.connected
    gevent.sleep(0)
    assert SwitchLost not in map(type, mailbox.all)
