"""What a display shall show is told once more, because the switch drops it while the phone is being told something else."""

import pytest

from app.core.commands import Show
from freeswitch.displays import Displays

ANNA = Show("leg", "21", "Anna")
BARTEK = Show("leg", "22", "Bartek")


class Stage:
    """What was handed on, and what is still to come."""

    def __init__(self) -> None:
        self.sent: list[Show] = []
        self.late: list = []
        self.displays = Displays(self.sent.append, lambda seconds, call: self.late.append((seconds, call)), pause=0.5)

    def half_a_second_passes(self) -> None:
        late, self.late = self.late, []
        for seconds, call in late:
            assert seconds == 0.5
            call()


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_it_is_told_at_once_and_once_more(stage: Stage) -> None:
    stage.displays.take(ANNA)
    assert stage.sent == [ANNA]
    stage.half_a_second_passes()
    stage.half_a_second_passes()
    assert stage.sent == [ANNA, ANNA]


def test_something_newer_is_not_overwritten(stage: Stage) -> None:
    stage.displays.take(ANNA)
    stage.displays.take(BARTEK)
    stage.half_a_second_passes()
    assert stage.sent == [ANNA, BARTEK, BARTEK]


def test_each_leg_has_its_own(stage: Stage) -> None:
    other = Show("other", "22", "Bartek")
    stage.displays.take(ANNA)
    stage.displays.take(other)
    stage.half_a_second_passes()
    assert stage.sent == [ANNA, other, ANNA, other]


def test_who_has_hung_up_is_told_nothing_more(stage: Stage) -> None:
    stage.displays.take(ANNA)
    stage.displays.hears({"Event-Name": "CHANNEL_BRIDGE", "Unique-ID": "leg"})
    stage.displays.hears({"Event-Name": "CHANNEL_HANGUP", "Unique-ID": "leg"})
    stage.half_a_second_passes()
    assert stage.sent == [ANNA]


def test_what_was_refused_or_a_lost_connection_is_not_tried_again(stage: Stage) -> None:
    stage.displays.take(ANNA)
    stage.displays.refused(ANNA)
    stage.half_a_second_passes()
    stage.displays.take(BARTEK)
    stage.displays.end()
    stage.half_a_second_passes()
    assert stage.sent == [ANNA, BARTEK]
