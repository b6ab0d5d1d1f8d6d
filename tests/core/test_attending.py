"""Agents sign in, sign out and pause by feature codes."""

import pytest

from app.core.actions import Answer, HangUp, Prompt, Say
from app.core.commands import Attend, Write
from app.core.events import CallArrived, LegHungUp
from app.core.numbering import attends
from app.core.outcome import Outcome
from app.core.queues import Duty
from app.core.states import Ended, Refusing
from tests.core.company import CALLER, DAREK, EWA, MAIN, company
from tests.core.stories import Story

SERVICE, RETURNS = 7, 8


def dialled(who, code):
    return Story(company()).dials(who, code)


@pytest.mark.parametrize(
    ("code", "duty", "prompt"),
    [
        ("*61", Duty.SIGN_IN, Prompt.SIGNED_IN),
        ("*62", Duty.SIGN_OUT, Prompt.SIGNED_OUT),
        ("*63", Duty.PAUSE, Prompt.PAUSED),
        ("*64", Duty.RESUME, Prompt.RESUMED),
    ],
)
def test_agent_says_what_he_does_and_hears_it(code, duty, prompt):
    story = dialled("darek", code)
    assert Attend(1, SERVICE, DAREK, duty, story.now) in story.sent
    assert story.script_of("darek").actions == (Answer(), Say(prompt, "pl"), HangUp(Outcome.ANSWERED))


def test_code_with_a_number_means_that_queue_alone():
    story = dialled("ewa", "*6382")
    assert story.ordered(Attend) == [Attend(1, RETURNS, EWA, Duty.PAUSE, story.now)]


@pytest.mark.parametrize(("who", "code"), [("anna", "*61"), ("ewa", "*6181"), ("darek", "*6122"), ("darek", "*6199")])
def test_whoever_is_no_agent_there_is_told(who, code):
    story = dialled(who, code)
    assert story.ordered(Attend) == []
    assert story.script_of(who).actions[1] == Say(Prompt.NO_AGENT, "pl")


def test_login_that_nobody_knows_says_nothing():
    unknown = CallArrived(leg="x", at=1.0, login="", dialled="*61")
    assert Story(company()).tell(unknown).ordered(Attend) == []


def test_code_is_no_call_for_the_log():
    story = dialled("darek", "*61").tell(LegHungUp(leg="darek", at=300.0, call="darek", outcome=Outcome.ANSWERED))
    assert isinstance(story.state, Ended)
    assert not any(isinstance(command, Write) for command in story.told)


def test_code_from_outside_is_a_number_like_others():
    story = Story(company()).comes_in("outside", "*61", CALLER)
    assert isinstance(story.state, Refusing)
    assert story.ordered(Attend) == []
    assert Story(company()).comes_in("outside", MAIN, "*61").ordered(Attend) == []


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("*61", ("*61", "")), ("*6181", ("*61", "81")), ("*64 201", ("*64", "201")),
        ("*60", None), ("*65", None), ("*611", None), ("*612345", None), ("61", None), ("*61#", None),
    ],
)  # fmt: skip
def test_codes_are_these(text, meaning):
    assert attends(text) == meaning
