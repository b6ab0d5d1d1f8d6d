"""What a leg's variables say of its last wait: as a real switch has left them on it, and on legs with a longer story."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.outcome import EndedBy, Outcome
from app.core.report import LastWait, LegReport
from freeswitch.cdr import read_report
from freeswitch.waiting import queue_id, queue_name
from freeswitch.waits import last_wait, talk_ended

RECORDED: dict[str, dict[str, str]] = json.loads((Path(__file__).parent / "fixtures" / "waits.json").read_text())
AGENT_LEFT, CALLER_LEFT = "the agent puts down", "the caller puts down"


def read(story: str, **changes: str | None) -> LegReport:
    """The report of a recorded leg, with some variables changed or (None) missing."""
    variables = {name: value for name, value in (RECORDED[story] | changes).items() if value is not None}
    report = read_report(json.dumps({"variables": variables}).encode())
    assert report is not None
    return report


def test_caller_who_puts_down_has_talked_to_the_end() -> None:
    told = read(CALLER_LEFT)
    assert told.wait == LastWait(Outcome.ANSWERED, 1795392114.780273, 7, "100102")
    assert (told.ended, told.ended_by) == (1795392118.220214, EndedBy.CALLER)


@pytest.mark.parametrize(
    ("story", "met", "left"),
    [
        (AGENT_LEFT, 1795391897.229008, 1795391900.0),
        ("the agent puts down, and then the caller", 1795391914.568972, 1795391917.0),
    ],
)
def test_whom_his_agent_has_left_talked_no_longer_however_long_he_stays(story: str, met: float, left: float) -> None:
    told = read(story)
    assert told.wait == LastWait(Outcome.ANSWERED, met, 7, "100102")
    assert (told.ended, told.ended_by) == (left, EndedBy.CALLEE)


def test_talk_within_a_second_lasts_no_less_than_nothing() -> None:
    told = read(AGENT_LEFT, cc_queue_terminated_epoch="1795391897")
    assert told.wait is not None
    assert told.ended == told.wait.at == 1795391897.229008


def test_caller_who_gives_up_has_abandoned_the_queue() -> None:
    told = read("the caller gives up")
    assert told.wait == LastWait(Outcome.ABANDONED, told.ended, 7)


@pytest.mark.parametrize(("reason", "result"), [("TIMEOUT", Outcome.NO_ANSWER), ("NO_AGENT_TIMEOUT", Outcome.NOT_REGISTERED)])
def test_who_waited_too_long_left_the_queue_before_his_leg_ended(reason: str, result: Outcome) -> None:
    told = read("the longest wait", cc_cancel_reason=reason)
    assert told.wait is not None
    assert (told.wait.result, told.wait.queue, told.wait.agent) == (result, 7, "")
    assert told.wait.at == float(RECORDED["the longest wait"]["cc_queue_canceled_epoch"])
    assert told.wait.at + 9 < told.ended  # the guard of a leg with nothing to do


@pytest.mark.parametrize("does", ["intercept", "answered"])
def test_whoever_picks_a_caller_up_tells_it_of_himself(does: str) -> None:
    """Answered by it, the leg says so in its place."""
    told = read("somebody picks the caller up", last_app=does)
    assert told.wait == LastWait(
        Outcome.PICKED_UP, float(RECORDED["somebody picks the caller up"]["bridge_uepoch"]) / 1e6, 0, "100104"
    )
    assert told.ended_by is EndedBy.CALLEE


@pytest.mark.parametrize("changes", [{"bridge_uepoch": "0"}, {"sip_authorized": "false"}, {"last_app": "playback"}])
def test_whoever_came_too_late_or_has_gone_on_or_is_nobody_has_picked_nobody_up(changes: dict[str, str]) -> None:
    assert read("somebody picks the caller up", **changes).wait is None


def test_agent_outside_is_known_by_his_number() -> None:
    told = read(CALLER_LEFT, cc_agent="+48600100200@1")
    assert told.wait is not None
    assert told.wait.agent == "+48600100200"


@pytest.mark.parametrize("changes", [{"cc_agent_bridged": "false"}, {"cc_agent_bridged": None}])
def test_who_was_answered_and_not_joined_has_given_up(changes: dict[str, str | None]) -> None:
    told = read(CALLER_LEFT, **changes)
    assert told.wait is not None
    assert (told.wait.result, told.wait.agent) == (Outcome.ABANDONED, "")


# --- longer stories


@pytest.mark.parametrize("story", [AGENT_LEFT, "the longest wait", "the caller gives up"])
def test_leg_that_was_led_on_after_its_wait_tells_nothing_of_it(story: str) -> None:
    told = read(story, pbx_step="2")
    assert told.wait is None
    assert told.ended == float(RECORDED[story]["end_uepoch"]) / 1e6


def test_who_gives_up_in_his_second_queue_was_not_answered_by_the_agent_of_the_first() -> None:
    """His agent's leg may even have ended meanwhile."""
    first = {name: value for name, value in RECORDED[AGENT_LEFT].items() if name.startswith("cc_") or name == "bridge_uepoch"}
    second = RECORDED["the caller gives up"] | {"cc_queue": "q8", "pbx_step": "3", "pbx_queue": "3"}
    told = read(AGENT_LEFT, **first | {"cc_agent_uuid": None, "cc_agent_bridged": None} | second)
    assert told.wait == LastWait(Outcome.ABANDONED, told.ended, 8)


def test_who_has_talked_to_another_after_his_agent_has_not_ended_with_him() -> None:
    """To the second only is it known since when he had his agent."""
    told = read(AGENT_LEFT, bridge_uuid="somebody else")
    assert told.wait == LastWait(Outcome.ANSWERED, 1795391897.0, 7, "100102")
    assert told.ended == float(RECORDED[AGENT_LEFT]["end_uepoch"]) / 1e6


def test_agent_who_has_left_an_earlier_talk_during_this_one_does_not_end_it() -> None:
    told = read(CALLER_LEFT, cc_queue_terminated_epoch="1795392116")
    assert (told.ended, told.ended_by) == (1795392118.220214, EndedBy.CALLER)


# --- and no story at all

_NAMES = sorted({name for variables in RECORDED.values() for name in variables})
_TEXTS = st.sampled_from(sorted({value for variables in RECORDED.values() for value in variables.values()})) | st.text(
    max_size=30
)


@given(st.dictionaries(st.sampled_from(_NAMES), _TEXTS | st.integers(0, 10**40).map(str)), st.floats(0, 2e9))
def test_no_variables_surprise(variables: dict[str, str], ended: float) -> None:
    wait = last_wait(variables, "100101", ended)
    assert talk_ended(variables, ended) <= ended
    if wait is not None and wait.result is Outcome.ANSWERED:
        assert variables["cc_cause"] == "answered"
        assert variables["cc_agent_bridged"] == "true"


@given(st.integers(1, 10**9 - 1))
def test_queue_is_known_by_its_name(queue: int) -> None:
    assert queue_id(queue_name(queue)) == queue


@pytest.mark.parametrize("name", ["", "q", "q0", "q07", "q-7", "7", "Q7", "q²", "q" + "9" * 5000, "support@default"])
def test_no_other_name_is_a_queue_of_ours(name: str) -> None:
    assert queue_id(name) == 0
