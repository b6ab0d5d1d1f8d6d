"""Ring plans and recordings on a real FreeSWITCH: who rings, what came of several, who has answered, what is fetched."""

import array
import io
import math
import time
import wave
from collections.abc import Iterator

import pytest

from app.core.actions import Action, Answer, Connect, Play, Silence
from app.core.commands import Ring
from app.core.directory import Sound
from app.core.events import LegAnswered, LegsJoined, StepDone
from app.core.outcome import Outcome
from tests.freeswitch.leading import CALL, Hand
from tests.freeswitch.real_switch import RealSwitch, running, why_not
from tests.freeswitch.sip_phone import SipPhone

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


@pytest.fixture
def hand(switch: RealSwitch) -> Iterator[Hand]:
    with switch.watched() as tap:
        yield Hand(tap)


@pytest.fixture
def anna(switch: RealSwitch) -> SipPhone:
    return switch.registered("100101")


def reason(hand: Hand, anna: SipPhone, *actions: Action) -> Outcome | None:
    """What came of leading a new call of Anna's so."""
    _, leg = hand.dials(anna)
    event = hand.comes_back(hand.lead(leg, *actions))
    assert isinstance(event, StepDone)
    return event.result


# --- several accounts


def test_every_device_of_a_plan_rings_and_the_first_reason_counts_by_what_it_says(
    hand: Hand, anna: SipPhone, switch: RealSwitch
) -> None:
    phones = [switch.registered("100102"), switch.registered("100102"), switch.registered("100103")]
    both = Connect(("100102", "100103", "100104"), 2)
    assert reason(hand, anna, both) is Outcome.NO_ANSWER
    assert all(phone.rang.is_set() for phone in phones)
    for phone in phones:
        phone.behaviour = "busy"
    assert reason(hand, anna, both) is Outcome.BUSY
    phones[2].behaviour = 480
    assert reason(hand, anna, both) is Outcome.NO_ANSWER
    assert reason(hand, anna, Connect(("100103", "100104"), 2)) is Outcome.NO_ANSWER


def test_a_plan_of_which_nobody_is_registered_is_unavailable_at_once(hand: Hand, anna: SipPhone) -> None:
    began = time.monotonic()
    assert reason(hand, anna, Connect(("100102", "100103"), 20)) is Outcome.NOT_REGISTERED
    assert time.monotonic() - began < 2


def test_who_of_a_plan_has_answered_is_told_and_the_caller_heard_it_ring(
    hand: Hand, anna: SipPhone, switch: RealSwitch
) -> None:
    slow, quick = switch.registered("100102"), switch.registered("100103")
    quick.behaviour = "answer"
    dialog, leg = hand.dials(anna)
    hand.lead(leg, Connect(("100102", "100103"), 5))
    assert anna.wait_response(dialog.call_id, 180).status == 180
    event = hand.hears(lambda event: isinstance(event, LegsJoined) and event.leg == leg, "joined")
    assert isinstance(event, LegsJoined)
    assert (event.login, event.other_login) == ("100101", "100103")
    assert slow.ended.wait(2)


def test_who_of_a_plan_was_asked_and_answered_is_told(hand: Hand, switch: RealSwitch) -> None:
    switch.registered("100102")
    switch.registered("100103").behaviour = "answer"
    step = hand.next_step()
    hand.order(Ring(CALL, step, ("100102", "100103"), 5, "21", "Anna"))
    event = hand.hears(lambda event: isinstance(event, LegAnswered), "answered")
    assert isinstance(event, LegAnswered)
    assert event.login == "100103"


def test_nobody_signs_in_as_a_plan(hand: Hand, anna: SipPhone, switch: RealSwitch) -> None:
    reason(hand, anna, Connect(("100102", "100103"), 2))  # so that the switch remembers what it was told
    assert switch.phone("100102+100103", "x").register() == 403


# --- recordings


def tone(seconds: float) -> bytes:
    """A WAV file as tenants' recordings are kept."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setparams((1, 2, 8000, 0, "NONE", ""))
        samples = (round(8000 * math.sin(index / 3)) for index in range(round(8000 * seconds)))
        writer.writeframes(array.array("h", samples).tobytes())
    return file.getvalue()


def test_a_recording_is_fetched_once_and_played_at_once(hand: Hand, anna: SipPhone, switch: RealSwitch) -> None:
    switch.office.sounds[7, "ab12"] = tone(0.5)
    _, leg = hand.dials(anna)
    hand.comes_back(hand.lead(leg, Answer()))
    for _ in range(2):
        began = time.monotonic()
        hand.comes_back(hand.lead(leg, Play(Sound(7, "ab12", 0.5))))
        assert 0.45 < time.monotonic() - began < 0.9
        switch.office.sounds.clear()  # from now on only the switch has it


def test_a_recording_gives_way_to_the_next_order(hand: Hand, anna: SipPhone, switch: RealSwitch) -> None:
    switch.office.sounds[8, "ab12"] = tone(5)
    _, leg = hand.dials(anna)
    hand.lead(leg, Answer(), Play(Sound(8, "ab12", 5)))
    time.sleep(0.5)
    began = time.monotonic()
    hand.comes_back(hand.lead(leg, Silence(1)))
    assert time.monotonic() - began < 2


def test_a_recording_that_is_not_there_is_passed_over(hand: Hand, anna: SipPhone, switch: RealSwitch) -> None:
    _, leg = hand.dials(anna)
    assert hand.comes_back(hand.lead(leg, Answer(), Play(Sound(9, "ab12", 1))))
    log = (switch.folder / "log" / "freeswitch.log").read_text(encoding="utf-8", errors="replace")
    assert switch.settings.lookup_secret not in log
    assert "Basic " not in log
