"""Where a party goes whom nobody wants back: as we lead it, and as the switch does by itself."""

import pytest

from app.core.actions import Answer, Connect, ConnectOutside, HangUp, Music, Play, Present, Prompt, Remember, Say
from app.core.destinations import ToAccount, ToExtension, ToExternal, ToHangUp, ToMenu, ToMessage
from app.core.outcome import Outcome
from app.core.routing import Way
from app.core.states import Asking, Diverting, Refusing
from tests.core.company import BOSS, CALLER, CLOSED, MAIN, fails, outside_talks, sent

BUSY, SILENT = Outcome.BUSY, Outcome.NO_ANSWER


def unwanted(fallback):
    """Bartek has sent the caller to Celina, who is busy, and does not want him back either."""
    return fails(sent(outside_talks(transfer_fallback=fallback), "23"), BUSY, SILENT)


def test_fallback_may_be_a_ring_plan_with_conditions():
    story = unwanted(ToExtension("31"))
    assert story.state == Diverting(Way("31", hops=1))
    assert story.script_of("outside").rescue == (Say(Prompt.TRANSFER_FAILED, "pl"), HangUp(Outcome.ANSWERED))
    assert fails(story, BUSY).state == Diverting(Way("24", hops=3))
    assert fails(story, SILENT).state == Refusing(Outcome.FAILED)
    assert story.script_of("outside").actions[0] == Say(Prompt.TRANSFER_FAILED, "pl")


def test_fallback_may_be_outside():
    story = unwanted(ToExternal(BOSS))
    to = story.script_of("outside").actions[0].to
    assert (to.shown, to.diverted, to.confirm) == (MAIN, True, "pl")
    assert fails(story, Outcome.NO_LINE).script_of("outside").actions[0].to.gateway == "trunk-2"


def test_fallback_may_be_a_menu():
    story = unwanted(ToMenu("powitanie"))
    assert isinstance(story.state, Asking)
    assert story.presses("outside", "1").state == Diverting(Way("menu-powitanie.1", hops=1))
    assert fails(story, BUSY).state == Refusing(Outcome.FAILED)


def test_fallback_may_be_a_message():
    assert unwanted(ToMessage("zamknięte")).script_of("outside").actions == (Answer(), Play(CLOSED), HangUp(Outcome.ANSWERED))


SORRY = (Say(Prompt.TRANSFER_FAILED, "pl"), HangUp(Outcome.ANSWERED))


@pytest.mark.parametrize(
    ("fallback", "rings"),
    [
        (ToAccount("105"), [Connect(("105",), 30)]),
        (ToExtension("31"), [Connect(("103", "104"), 15)]),
        (ToExtension("32"), [Connect(("103",), 10), Connect(("104",), 10), Connect(("105",), 10)]),
        (ToMenu("powitanie"), []),
        (ToHangUp(), []),
        (ToExtension("99"), []),
        (None, []),
    ],
)
def test_rescue_walks_as_much_of_the_fallback_as_a_script_can(fallback, rings):
    rescue = outside_talks(transfer_fallback=fallback).presses("bartek", "#").script_of("outside").rescue
    back = Connect(("102",), 20)
    assert rescue[:5] == (Remember("returning/102"), Present(CALLER, "Powrót 601000111"), back, Music(10), back)
    assert [action for action in rescue[5:] if isinstance(action, Connect)] == rings
    assert rescue[-2:] == SORRY


def test_rescue_may_call_outside_over_each_trunk():
    rescue = outside_talks(transfer_fallback=ToExternal(BOSS)).presses("bartek", "#").script_of("outside").rescue
    assert [action.to.gateway for action in rescue if isinstance(action, ConnectOutside)] == ["trunk-1", "trunk-2"]


def test_rescue_may_end_with_a_message():
    rescue = outside_talks(transfer_fallback=ToMessage("zamknięte")).presses("bartek", "#").script_of("outside").rescue
    assert rescue[-5:] == (Answer(), Play(CLOSED), HangUp(Outcome.ANSWERED), *SORRY)
