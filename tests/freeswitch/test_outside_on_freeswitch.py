"""Telephones outside on a real FreeSWITCH, with an operator of our own: what it is told, what we hear, who has answered."""

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.core.actions import Action, Connect, ConnectOutside, Outside
from app.core.commands import RescanTrunks, RingOutside
from app.core.events import LegAnswered, LegsJoined, RingFailed, StepDone
from app.core.outcome import EndedBy, Outcome
from app.services.lookup import Gateway
from tests.freeswitch.event_tap import EventTap
from tests.freeswitch.leading import CALL, Hand
from tests.freeswitch.real_switch import DOMAIN, PRESENTED, RealSwitch, running, why_not
from tests.freeswitch.sip_operator import Operator
from tests.freeswitch.sip_phone import Dialog, SipPhone
from tests.freeswitch.sip_text import Message

REASON = why_not()
pytestmark = [pytest.mark.contract, pytest.mark.skipif(bool(REASON), reason=REASON or "there is one")]

TO = Outside("+48600100200", "trunk-1", PRESENTED)
FORWARDED = replace(TO, diverted=True, confirm="pl")


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealSwitch]:
    with running(tmp_path_factory.mktemp("var")) as switch:
        yield switch


@pytest.fixture(scope="module")
def trunks(machine: RealSwitch) -> Iterator[tuple[Operator, Operator]]:
    """Two operators, behind trunk-1 and trunk-2."""
    pair = Operator(("127.0.0.1", machine.settings.trunk_port)), Operator(("127.0.0.1", machine.settings.trunk_port))
    machine.office.trunks = [
        Gateway(f"trunk-{number}", one.proxy, "", "", False, number, True) for number, one in enumerate(pair, 1)
    ]
    machine.ask("sofia profile trunks rescan")
    yield pair
    for operator in pair:
        operator.close()


@pytest.fixture
def switch(machine: RealSwitch, trunks: tuple[Operator, Operator]) -> Iterator[RealSwitch]:
    yield machine
    machine.send_everybody_home()


@pytest.fixture
def operator(trunks: tuple[Operator, Operator]) -> Operator:
    trunks[0].behaviour = "ring"
    trunks[0].rang.clear()
    return trunks[0]


@pytest.fixture
def second(trunks: tuple[Operator, Operator]) -> Operator:
    trunks[1].behaviour = "ring"
    return trunks[1]


@pytest.fixture
def events(switch: RealSwitch) -> Iterator[EventTap]:
    with switch.watched() as tap:
        yield tap


@pytest.fixture
def hand(events: EventTap) -> Hand:
    return Hand(events)


@pytest.fixture
def anna(switch: RealSwitch) -> SipPhone:
    return switch.registered("100101")


def reason(hand: Hand, anna: SipPhone, *actions: Action, seconds: float = 8.0) -> Outcome | None:
    """What came of leading a new call of Anna's so."""
    _, leg = hand.dials(anna)
    event = hand.comes_back(hand.lead(leg, *actions), seconds)
    assert isinstance(event, StepDone)
    return event.result


def joined(hand: Hand, leg: str) -> LegsJoined:
    event = hand.hears(lambda event: isinstance(event, LegsJoined) and event.leg == leg, "joined")
    assert isinstance(event, LegsJoined)
    return event


def address(message: Message, header: str) -> str:
    return message.headers.get(header, "").partition(";tag=")[0]


# --- what the operator is told


def test_who_dials_himself_presents_his_number_and_nothing_else(hand: Hand, anna: SipPhone, operator: Operator) -> None:
    operator.behaviour = "busy"
    reason(hand, anna, ConnectOutside(TO, 5))
    invite = operator.taken[-1]
    assert invite.first.startswith("INVITE sip:+48600100200@127.0.0.1")
    assert address(invite, "from") == address(invite, "p-asserted-identity") == f"<sip:{PRESENTED}@127.0.0.1>"
    assert "diversion" not in invite.headers
    assert "100101" not in invite.raw


@pytest.mark.parametrize(("original", "shown"), [("", PRESENTED), ("+48500600700", "+48500600700")])
def test_who_is_forwarded_is_shown_as_the_trunk_wants_it(
    hand: Hand, anna: SipPhone, operator: Operator, original: str, shown: str
) -> None:
    operator.behaviour = "busy"
    reason(hand, anna, ConnectOutside(replace(TO, diverted=True, original=original), 5))
    invite = operator.taken[-1]
    assert address(invite, "from") == address(invite, "p-asserted-identity") == f"<sip:{shown}@127.0.0.1>"
    assert invite.headers["diversion"] == f"<sip:{PRESENTED}@{DOMAIN}>;reason=unconditional"


# --- what comes of it


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (486, Outcome.BUSY),
        (600, Outcome.BUSY),
        (603, Outcome.DECLINED),
        (480, Outcome.NO_ANSWER),
        (487, Outcome.NO_ANSWER),
        (404, Outcome.NO_SUCH_NUMBER),
        (410, Outcome.NO_SUCH_NUMBER),
        (484, Outcome.NO_SUCH_NUMBER),
        (604, Outcome.NO_SUCH_NUMBER),
        (302, Outcome.NO_LINE),
        (403, Outcome.NO_LINE),
        (408, Outcome.NO_LINE),
        (488, Outcome.NO_LINE),
        (500, Outcome.NO_LINE),
        (503, Outcome.NO_LINE),
        (504, Outcome.NO_LINE),
    ],
)
def test_an_operators_answer_is_understood(
    hand: Hand, anna: SipPhone, operator: Operator, answer: int, outcome: Outcome
) -> None:
    operator.behaviour = answer
    assert reason(hand, anna, ConnectOutside(TO, 5)) is outcome


def test_nobody_answers_in_time(hand: Hand, anna: SipPhone, operator: Operator) -> None:
    assert reason(hand, anna, ConnectOutside(TO, 2)) is Outcome.NO_ANSWER


def test_who_dials_hears_the_operators_announcement_and_it_is_no_answer(
    hand: Hand, anna: SipPhone, operator: Operator, events: EventTap
) -> None:
    dialog, leg = hand.dials(anna)
    step = hand.lead(leg, ConnectOutside(TO, 10))
    assert operator.rang.wait(5)
    operator.announce()
    assert anna.wait_response(dialog.call_id, 183).status == 183
    operator.refuse(404)
    event = hand.comes_back(step)
    assert isinstance(event, StepDone)
    assert event.result is Outcome.NO_SUCH_NUMBER
    assert [told for told in events.events if told["Event-Name"] == "CHANNEL_BRIDGE"] == []


def test_who_is_forwarded_hears_that_it_rings_whatever_the_operator_says(
    hand: Hand, anna: SipPhone, operator: Operator
) -> None:
    dialog, leg = hand.dials(anna)
    hand.lead(leg, ConnectOutside(FORWARDED, 10))
    assert operator.rang.wait(5)
    operator.announce()
    assert anna.wait_response(dialog.call_id, 180).status == 180


def test_a_trunk_that_is_not_there_is_no_line(hand: Hand, anna: SipPhone) -> None:
    assert reason(hand, anna, ConnectOutside(replace(TO, gateway="trunk-9"), 5)) is Outcome.NO_LINE


def test_an_attempt_outside_does_not_colour_the_next_one_inside(hand: Hand, anna: SipPhone, operator: Operator) -> None:
    operator.behaviour = 403
    _, leg = hand.dials(anna)
    hand.comes_back(hand.lead(leg, ConnectOutside(TO, 5)))
    event = hand.comes_back(hand.lead(leg, Connect(("100104",), 5)))
    assert isinstance(event, StepDone)
    assert event.result is Outcome.NOT_REGISTERED


def test_a_talk_ends_when_its_longest_is_over(hand: Hand, anna: SipPhone, operator: Operator, switch: RealSwitch) -> None:
    operator.behaviour = "answer"
    dialog, leg = hand.dials(anna)
    hand.lead(leg, ConnectOutside(replace(TO, longest=3), 5))
    assert anna.wait_response(dialog.call_id).status == 200
    answered = time.monotonic()
    assert anna.ended.wait(8)
    assert time.monotonic() - answered > 1.5  # the switch's clock for that counts whole seconds (switch_scheduler.c)
    assert switch.reported(leg).outcome is Outcome.ANSWERED


# --- press 1


def test_nobody_is_connected_before_one_was_pressed(hand: Hand, anna: SipPhone, operator: Operator, events: EventTap) -> None:
    operator.behaviour = "answer"
    dialog, leg = hand.dials(anna)
    hand.lead(leg, ConnectOutside(FORWARDED, 5))
    assert operator.rang.wait(5)
    assert anna.wait_response(dialog.call_id, 180).status == 180
    operator.press("2")
    time.sleep(1)
    assert {event["Event-Name"] for event in events.events} & {"CHANNEL_BRIDGE"} == set()
    operator.press("1")
    assert anna.wait_response(dialog.call_id).status == 200
    assert joined(hand, leg).leg == leg


def test_who_puts_down_instead_has_not_answered(hand: Hand, anna: SipPhone, operator: Operator) -> None:
    operator.behaviour = "answer"
    _, leg = hand.dials(anna)
    step = hand.lead(leg, ConnectOutside(FORWARDED, 5))
    assert operator.rang.wait(5)
    time.sleep(0.5)
    assert operator.ringing is not None
    operator.hang_up(operator.ringing)
    event = hand.comes_back(step)
    assert isinstance(event, StepDone)
    assert event.result is Outcome.NO_ANSWER


def test_a_voice_box_never_takes_the_call(hand: Hand, anna: SipPhone, operator: Operator) -> None:
    operator.behaviour = "answer"
    assert reason(hand, anna, ConnectOutside(FORWARDED, 5), seconds=25) is Outcome.NO_ANSWER


def test_a_consulted_telephone_waits_for_us_when_one_was_pressed(hand: Hand, operator: Operator) -> None:
    operator.behaviour = "answer"
    step = hand.next_step()
    hand.order(RingOutside(CALL, step, FORWARDED, 5))
    assert operator.rang.wait(5)
    time.sleep(0.5)
    operator.press("1")
    event = hand.hears(lambda event: isinstance(event, LegAnswered), "answered")
    assert isinstance(event, LegAnswered)
    assert (event.call, event.step, event.login) == (CALL, step, "")


# --- 112


def test_an_emergency_call_needs_nobody(
    hand: Hand, anna: SipPhone, operator: Operator, second: Operator, switch: RealSwitch, events: EventTap
) -> None:
    hand.order(RescanTrunks(("trunk-1", "trunk-2")))
    operator.behaviour, second.behaviour = 503, "answer"
    anna.display = "${global_setvar(broken_into=yes)}"
    dialog = anna.call("112")
    assert anna.wait_response(dialog.call_id).status == 200
    assert (operator.taken[-1].first.partition("@")[0], second.taken[-1].first.partition("@")[0]) == ("INVITE sip:112",) * 2
    assert address(second.taken[-1], "from") == f"<sip:{PRESENTED}@127.0.0.1>"
    bridge = events.wait("CHANNEL_BRIDGE")
    anna.hang_up(dialog)
    report = switch.reported(bridge["Bridge-A-Unique-ID"])
    assert (report.call, report.login, report.dialled, report.outcome) == (None, "100101", "112", Outcome.ANSWERED)
    assert report.ended_by is EndedBy.CALLER
    assert switch.ask("global_getvar broken_into") == "-ERR no reply"


def test_an_emergency_call_that_no_trunk_takes_is_told_so(hand: Hand, anna: SipPhone, operator: Operator) -> None:
    hand.order(RescanTrunks(("trunk-1",)))
    operator.behaviour = 503
    dialog: Dialog = anna.call("999")
    assert anna.wait_response(dialog.call_id, 180).status == 183
    assert anna.wait_response(dialog.call_id, seconds=15).status == 503


def test_a_consultation_that_the_trunk_refused_lets_another_be_tried(hand: Hand, operator: Operator) -> None:
    operator.behaviour = 403
    step = hand.next_step()
    hand.order(RingOutside(CALL, step, TO, 5))
    told = hand.hears(lambda event: isinstance(event, RingFailed), "failed")
    assert isinstance(told, RingFailed)
    assert (told.step, told.outcome) == (step, Outcome.NO_LINE)
