"""A leg that is being led somewhere is told nothing else that would move it until it says that it is there."""

from dataclasses import replace

import pytest

from app.core.actions import DialTone, Keys, RingingTone, Silence
from app.core.commands import Join, Release, Script, Separate, SwitchKeys
from app.core.events import CommandFailed, StepDone, SwitchFound
from app.core.outcome import Outcome
from freeswitch.link import Link
from freeswitch.turns import Turns
from tests.freeswitch.scripted_switch import QUICK, Mailbox, ScriptedSwitch, answered, event, link_to, until

DIALLING = Script("t", "c1", 4, (DialTone(20),))
MUSIC = Script("a", "c1", 5, (Silence(60),))
PARTED = Separate(DIALLING, MUSIC)
SILENCE = Script("t", "c1", 6, (Silence(60),), firm=True)
RINGING = Script("t", "c1", 7, (RingingTone(30),), firm=True)
TOGETHER = Join("a", "t", "c1", 8)


class Stage:
    """What was handed on, and who waits for how long."""

    def __init__(self) -> None:
        self.sent: list = []
        self.late: list = []
        self.turns = Turns(self.sent.append, lambda seconds, call: self.late.append((seconds, call)), patience=1.0)

    def take(self, *commands) -> list:
        """Give these orders; what was handed on since the last look."""
        for command in commands:
            self.turns.take(command)
        return self.look()

    def begins(self, leg: str, step: int) -> list:
        assert self.turns.hears({"Event-Subclass": "pbx::begun", "Unique-ID": leg, "variable_pbx_step": str(step)})
        return self.look()

    def hangs_up(self, leg: str) -> list:
        assert not self.turns.hears({"Event-Name": "CHANNEL_HANGUP", "Unique-ID": leg})  # which the call must hear, too
        return self.look()

    def look(self) -> list:
        sent, self.sent[:] = list(self.sent), []
        return sent


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_a_leg_that_does_not_move_is_told_everything_at_once(stage: Stage) -> None:
    message = replace(SILENCE, firm=False)  # which the leg itself reads when it has time
    assert stage.take(message, message, TOGETHER) == [message, message, TOGETHER]


def test_the_next_script_waits_until_the_first_has_begun(stage: Stage) -> None:
    assert stage.take(PARTED, SILENCE) == [PARTED]
    assert stage.begins("a", 5) == []
    assert stage.begins("t", 4) == [SILENCE]
    assert stage.take(RINGING) == []
    assert stage.begins("t", 6) == [RINGING]


def test_a_script_that_waits_is_dropped_for_the_next_one(stage: Stage) -> None:
    assert stage.take(PARTED, SILENCE, RINGING) == [PARTED]
    assert stage.begins("t", 4) == [RINGING]


def test_a_pair_waits_for_both_and_what_comes_after_it_keeps_its_place(stage: Stage) -> None:
    assert stage.take(PARTED, TOGETHER, SILENCE) == [PARTED]
    assert stage.begins("t", 4) == []
    assert stage.begins("a", 5) == [TOGETHER, SILENCE]


def test_a_script_that_waits_is_dropped_for_the_legs_end(stage: Stage) -> None:
    release = Release("t", Outcome.ANSWERED)
    assert stage.take(PARTED, SILENCE, release) == [PARTED, release]
    assert stage.hangs_up("t") == []


def test_what_moves_nobody_waits_for_nobody(stage: Stage) -> None:
    stage.take(PARTED)
    keys, release = SwitchKeys("t", Keys.TALK), Release("a", Outcome.ANSWERED)
    assert stage.take(keys, release) == [keys, release]


def test_legs_of_other_calls_are_not_kept_waiting(stage: Stage) -> None:
    stage.take(PARTED)
    other = replace(SILENCE, leg="b")
    assert stage.take(other) == [other]


def test_a_leg_that_has_left_keeps_nobody_waiting(stage: Stage) -> None:
    stage.take(PARTED, TOGETHER)
    stage.begins("a", 5)
    assert stage.hangs_up("t") == [TOGETHER]  # and is refused, so that the call hears of it
    assert stage.hangs_up("t") == []


def test_an_order_that_was_refused_keeps_nobody_waiting(stage: Stage) -> None:
    stage.take(PARTED, SILENCE)
    stage.turns.refused(TOGETHER)
    assert stage.look() == []
    stage.turns.refused(PARTED)
    assert stage.look() == [SILENCE]


def test_nobody_is_waited_for_longer_than_a_while(stage: Stage) -> None:
    stage.take(SILENCE, RINGING)
    ((seconds, is_late),) = stage.late
    assert seconds == 1.0
    is_late()
    assert stage.look() == [RINGING]
    is_late()
    assert stage.take(DIALLING) == []  # the ringing has not begun yet, and is not late


def test_a_late_word_of_the_script_before_frees_nobody(stage: Stage) -> None:
    stage.take(SILENCE, RINGING)
    stage.late[0][1]()
    assert stage.take(TOGETHER) == [RINGING]
    assert stage.begins("t", 6) == []
    assert stage.begins("t", 7) == [TOGETHER]


def test_nothing_is_kept_when_the_switch_is_lost(stage: Stage) -> None:
    stage.take(PARTED, TOGETHER)
    stage.turns.end()
    assert stage.look() == [TOGETHER]
    assert stage.take(SILENCE) == [SILENCE]


# --- over the link --------------------------------------------------------------------------------------------------


def begun(leg: str, step: int) -> bytes:
    named = {"Event-Name": "CUSTOM", "Event-Subclass": "pbx::begun"}
    return event(named | {"Unique-ID": leg, "variable_pbx_step": str(step)})


@pytest.fixture
def led(switch: ScriptedSwitch, mailbox: Mailbox) -> Link:
    """A link to a switch that has been told to lead the leg `t`, and takes it that the leg has not begun."""
    switch.answers |= {"api uuid_transfer": answered("+OK\n"), "api uuid_bridge": answered("+OK\n")}
    switch.answers |= {"api uuid_setvar_multi": answered("+OK\n")}
    link = link_to(switch.port, mailbox, replace(QUICK, turn=60))
    link.start()
    mailbox.next(SwitchFound)
    link.send(SILENCE)
    return link


def transfers(switch: ScriptedSwitch) -> list[str]:
    return [line.split("pbx_step=")[1][0] for peer in switch.peers for line in peer.asked if "uuid_transfer" in line]


def test_the_link_sends_the_next_order_when_the_leg_has_begun(switch: ScriptedSwitch, mailbox: Mailbox, led: Link) -> None:
    led.send(RINGING)
    switch.events.say(begun("someone", 6) + begun("t", 6))
    until(lambda: transfers(switch) == ["6", "7"])
    assert not [said for said in mailbox.all if isinstance(said, StepDone)]  # which is nothing to the calls
    led.stop()


def test_an_order_that_waits_fails_with_the_connection(switch: ScriptedSwitch, mailbox: Mailbox, led: Link) -> None:
    led.send(RINGING)
    switch.events.cut()
    assert mailbox.next(CommandFailed).step == 7
    led.stop()
