"""Losing a switch in every way there is, and finding it again."""

from dataclasses import replace

import pytest

from app.core.actions import HangUp
from app.core.commands import Script
from app.core.events import CommandFailed, SwitchFound, SwitchLost
from app.core.outcome import Outcome
from freeswitch.link import Link
from freeswitch.pulse import SUBCLASS
from tests.freeswitch.scripted_switch import (
    GOODBYE,
    QUICK,
    REJECTION,
    Mailbox,
    Peer,
    ScriptedSwitch,
    answered,
    dump,
    event,
    hangup,
    link_to,
    replied,
    until,
)

HANG_UP = Script("leg-1", "call-1", 7, (HangUp(Outcome.BUSY),))


# --- losing a switch ---


@pytest.mark.parametrize("which", ["events", "commands"])
def test_either_connection_cut_loses_the_switch_and_finds_it_again(
    switch: ScriptedSwitch, mailbox: Mailbox, link: Link, which: str
) -> None:
    link.start()
    mailbox.next(SwitchFound)
    getattr(switch, which).cut()
    assert "closed" in mailbox.next(SwitchLost).reason
    assert mailbox.next(SwitchFound).core == "core-1"
    until(lambda: len(switch.peers) == 2)


def test_a_restarted_switch_is_found_with_its_new_core(switch: ScriptedSwitch, mailbox: Mailbox, link: Link) -> None:
    switch.legs = {"leg-1": dump("leg-1")}
    link.start()
    assert len(mailbox.next(SwitchFound).legs) == 1
    switch.stop()
    mailbox.next(SwitchLost)
    restarted = ScriptedSwitch(switch.port)
    restarted.core = "core-2"
    found = mailbox.next(SwitchFound)
    assert (found.core, found.legs) == ("core-2", ())
    link.stop()
    restarted.stop()


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (b"Content-Length: 500\nContent-Type: text/event-json\n\n{", "before the end of a body"),
        (b"Content-Le", "inside a header"),
        (GOODBYE, "the switch ended the connection"),
    ],
)
def test_an_end_in_the_middle_of_something_loses_the_switch(
    switch: ScriptedSwitch, mailbox: Mailbox, link: Link, said: bytes, reason: str
) -> None:
    link.start()
    mailbox.next(SwitchFound)
    events = switch.events
    events.say(said)
    events.cut()
    assert reason in mailbox.next(SwitchLost).reason
    mailbox.next(SwitchFound)


def test_nonsense_loses_the_switch(switch: ScriptedSwitch, mailbox: Mailbox, link: Link) -> None:
    link.start()
    mailbox.next(SwitchFound)
    switch.commands.say(b"HTTP/1.1 400 Bad Request\n\n")
    assert "no header line" in mailbox.next(SwitchLost).reason
    mailbox.next(SwitchFound)


def test_a_stray_reply_loses_the_switch(switch: ScriptedSwitch, mailbox: Mailbox, link: Link) -> None:
    link.start()
    mailbox.next(SwitchFound)
    switch.events.say(replied("+OK"))
    assert mailbox.next(SwitchLost).reason == "the switch replied to nothing we asked"
    mailbox.next(SwitchFound)


def test_a_reply_that_never_comes_loses_the_switch(switch: ScriptedSwitch, mailbox: Mailbox) -> None:
    switch.answers |= {"sendmsg": None, "sendevent": None}
    link = link_to(switch.port, mailbox, replace(QUICK, deadline=0.1, grace=0.1, ping_every=60, silence=60))
    link.start()
    mailbox.next(SwitchFound)
    link.send(HANG_UP)
    mailbox.next(CommandFailed)
    assert "did not come within 0.2 s" in mailbox.next(SwitchLost).reason
    mailbox.next(SwitchFound)
    link.stop()


@pytest.mark.parametrize("answer", [None, replied("+OK")], ids=["no reply", "no event"])
def test_a_switch_that_falls_silent_is_lost(switch: ScriptedSwitch, mailbox: Mailbox, link: Link, answer: bytes | None) -> None:
    link.start()
    mailbox.next(SwitchFound)
    switch.answers["sendevent"] = answer
    lost = mailbox.next(SwitchLost)
    assert "silent" in lost.reason or "did not come" in lost.reason
    del switch.answers["sendevent"]
    mailbox.next(SwitchFound)


def test_another_controller_s_ping_is_no_sign_of_life(switch: ScriptedSwitch, mailbox: Mailbox, link: Link) -> None:
    def echo_another(peer: Peer, request: str) -> bytes:
        switch.events.say(event({"Event-Name": "CUSTOM", "Event-Subclass": SUBCLASS, "Ping": "of somebody else"}))
        return replied("+OK")

    switch.answers["sendevent"] = echo_another
    link.start()
    assert "silent" in mailbox.next(SwitchLost).reason


def test_more_events_than_we_hold_lose_the_switch(switch: ScriptedSwitch, mailbox: Mailbox) -> None:
    switch.answers["api show channels"] = None
    link = link_to(switch.port, mailbox, replace(QUICK, events=100))
    link.start()
    switch.heard.get(timeout=5)
    switch.events.say(hangup("leg-1") * 101)
    assert "wait to be looked at" in mailbox.next(SwitchLost).reason
    del switch.answers["api show channels"]
    mailbox.next(SwitchFound)
    link.stop()


def test_a_mistake_of_our_own_is_one_more_loss(
    switch: ScriptedSwitch, mailbox: Mailbox, link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("freeswitch.link.take_stock", lambda *_: 1 / 0)
        link.start()
        assert "ZeroDivisionError" in mailbox.next(SwitchLost).reason
    mailbox.next(SwitchFound)


# --- a switch that is not there, or does not let us in ---


def test_a_switch_that_is_not_there_yet_is_found_when_it_comes(mailbox: Mailbox) -> None:
    absent = ScriptedSwitch()
    port = absent.port
    absent.stop()
    link = link_to(port, mailbox)
    link.start()
    assert "refused" in mailbox.next(SwitchLost).reason
    late = ScriptedSwitch(port)
    mailbox.next(SwitchFound)
    link.stop()
    late.stop()


def test_a_wrong_password_is_said_clearly_and_tried_again_slowly(
    switch: ScriptedSwitch, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    switch.answers["auth"] = replied("-ERR invalid") + GOODBYE
    link = link_to(switch.port, mailbox, password="wrong")
    link.start()
    assert mailbox.next(SwitchLost).reason == "the password is not accepted (-ERR invalid)"
    for _ in range(3):
        switch.heard.get(timeout=5)
    assert [letter.reason for letter in mailbox.all] == ["the password is not accepted (-ERR invalid)"]
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "wrong" not in caplog.text
    link.stop()


def test_no_answer_to_the_password_is_no_refusal(switch: ScriptedSwitch, mailbox: Mailbox, link: Link) -> None:
    switch.answers["auth"] = None
    link.start()
    assert mailbox.next(SwitchLost).reason == "no reply within 0.2 s"


def test_an_access_list_that_refuses_us_is_said_clearly(switch: ScriptedSwitch, mailbox: Mailbox, link: Link) -> None:
    switch.greeting = REJECTION
    link.start()
    assert "access list" in mailbox.next(SwitchLost).reason
    switch.greeting = b"Content-Type: auth/request\n\n"
    mailbox.next(SwitchFound)


def test_a_switch_that_does_not_greet_is_given_up(switch: ScriptedSwitch, mailbox: Mailbox) -> None:
    switch.greeting = b""
    link = link_to(switch.port, mailbox, replace(QUICK, connect=0.05))
    link.start()
    assert mailbox.next(SwitchLost).reason == "no connection within 0.05 s"
    link.stop()


@pytest.mark.parametrize(
    ("request_start", "answer"),
    [
        ("event json", replied("-ERR permission denied")),
        ("api show channels", replied("-ERR permission denied")),
        ("api show channels", answered("-ERR show Command not found!\n")),
        ("api show channels", answered("garbage")),
        ("api uuid_dump", None),
    ],
)
def test_a_switch_that_cannot_be_asked_is_not_found(
    switch: ScriptedSwitch, mailbox: Mailbox, link: Link, request_start: str, answer: bytes | None
) -> None:
    switch.legs = {"leg-1": dump("leg-1")}
    switch.answers[request_start] = answer
    link.start()
    mailbox.next(SwitchLost)
    assert SwitchFound not in map(type, mailbox.all)
    switch.answers.clear()
    mailbox.next(SwitchFound)
