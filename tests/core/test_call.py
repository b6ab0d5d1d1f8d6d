"""Given this call, when that happens, then these commands."""

from dataclasses import dataclass, field

import pytest

from app.core import call as core
from app.core.actions import Connect, HangUp, Present, Prompt, Say
from app.core.call import Call, Ended, Refusing, Ringing, Talking
from app.core.commands import Command, Release, Script, Write
from app.core.events import CallArrived, CommandFailed, LegHungUp, LegsJoined, StepDone
from app.core.outcome import EndedBy, Outcome
from app.core.party import Party
from app.core.record import Part
from app.core.routing import Way

A, B, B2 = "leg-a", "leg-b", "leg-b2"
BARTEK = Party(B, "102")


@dataclass
class Story:
    """One call that is told what happens, and remembers what it ordered."""

    directory: object
    call: Call | None = None
    sent: list[Command] = field(default_factory=list)

    def tell(self, event):
        if self.call is None:
            self.call = core.new(event, self.directory)
        self.call, commands = core.step(self.call, event, self.directory)
        self.sent = [command for command in commands if not isinstance(command, Write)]
        return self

    @property
    def state(self):
        return self.call.state

    @property
    def record(self):
        return self.call.record


@pytest.fixture
def story(office):
    return Story(office)


def arrives(dialled="22", login="101"):
    return CallArrived(leg=A, at=100.0, login=login, dialled=dialled)


def joined(at=105.0):
    return LegsJoined(leg=A, other=B, at=at, call=A)


def unanswered(result, step=1):
    return StepDone(leg=A, step=step, result=result, at=130.0, call=A)


def gone(leg, outcome=Outcome.ANSWERED, by_phone=True, at=165.0):
    return LegHungUp(leg=leg, outcome=outcome, by_phone=by_phone, at=at, call=A)


def test_dialled_number_rings_its_account_with_the_callers_number_and_name(story):
    story.tell(arrives())
    assert story.state == Ringing(Way("22"))
    assert story.sent == [Script(A, A, 1, (Present("21", "Anna Żółć"), Connect(("102",), 30)))]


def test_caller_without_a_number_shows_login_and_account(story):
    story.tell(arrives(login="103"))
    assert story.sent[0].actions[0] == Present("103", "Celina")


def test_answered_call_is_recorded_from_answer_to_end(story):
    story.tell(arrives()).tell(joined()).tell(gone(B))
    assert story.state == Ended()
    record = story.record
    assert (record.outcome, record.ended_by, record.answered, record.ended) == (Outcome.ANSWERED, EndedBy.CALLEE, 105.0, 165.0)
    assert record.parts == (Part("22", "Bartek", "102", 100.0, 105.0, 165.0, Outcome.ANSWERED),)


def test_caller_who_puts_down_first_is_noted(story):
    story.tell(arrives()).tell(joined()).tell(gone(A)).tell(gone(B))
    assert story.record.ended_by is EndedBy.CALLER


def test_call_ended_by_the_switch_is_nobodys_fault(story):
    story.tell(arrives()).tell(joined()).tell(gone(A, Outcome.FAILED, by_phone=False))
    assert story.record.ended_by is EndedBy.SYSTEM


@pytest.mark.parametrize(
    ("result", "prompt"),
    [
        (Outcome.BUSY, Prompt.BUSY),
        (Outcome.NO_ANSWER, Prompt.NO_ANSWER),
        (Outcome.DECLINED, Prompt.DECLINED),
        (Outcome.NOT_REGISTERED, Prompt.NOT_REGISTERED),
        (None, Prompt.FAILED),
    ],
)
def test_each_way_of_not_answering_is_told_and_recorded(story, result, prompt):
    story.tell(arrives()).tell(unanswered(result))
    outcome = result or Outcome.FAILED
    assert story.sent == [Script(A, A, 2, (Say(prompt, "pl"), HangUp(outcome)))]
    story.tell(gone(A, outcome, by_phone=False))
    assert (story.record.outcome, story.record.parts[0].outcome, story.record.answered) == (outcome, outcome, None)


def test_unknown_number_is_told_in_the_tenants_language(story):
    story.tell(arrives("22", login="201"))
    assert story.sent == [Script(A, A, 1, (Say(Prompt.NO_SUCH_NUMBER, "en"), HangUp(Outcome.NO_SUCH_NUMBER)))]
    assert story.record.parts == ()


def test_number_of_another_tenant_is_no_number(story):
    story.tell(arrives("31"))
    assert story.state == Refusing(Outcome.NO_SUCH_NUMBER)


def test_phone_of_a_deleted_account_may_not_call(story):
    story.tell(arrives(login="999"))
    assert story.state == Refusing(Outcome.NOT_ALLOWED)


def test_caller_who_hangs_up_while_it_rings_has_cancelled(story):
    story.tell(arrives()).tell(gone(A, Outcome.CANCELLED))
    assert (story.record.outcome, story.record.ended_by) == (Outcome.CANCELLED, EndedBy.CALLER)


def test_device_that_gives_up_leaves_the_others_ringing(story):
    story.tell(arrives()).tell(gone(B2, Outcome.BUSY))
    assert story.state == Ringing(Way("22"))


def test_loser_of_two_answers_does_not_end_the_talk(story):
    story.tell(arrives()).tell(joined()).tell(gone(B2, Outcome.ELSEWHERE, by_phone=False))
    assert story.state == Talking(BARTEK)


@pytest.mark.parametrize("answer_first", [True, False])
def test_answer_that_crosses_a_cancel_ends_once_either_way(story, answer_first):
    events = [joined(), gone(A, Outcome.CANCELLED)]
    for event in events if answer_first else reversed(events):
        story.tell(arrives()) if story.call is None else None
        story.tell(event)
    assert story.state == Ended()
    assert story.record.outcome is (Outcome.ANSWERED if answer_first else Outcome.CANCELLED)


def test_result_of_an_earlier_step_is_not_this_ones(story):
    story.tell(arrives()).tell(unanswered(Outcome.BUSY)).tell(unanswered(Outcome.NO_ANSWER, step=1))
    assert story.state == Refusing(Outcome.BUSY)
    assert story.sent == []


def test_script_the_switch_refuses_ends_the_leg(story):
    story.tell(arrives()).tell(CommandFailed(leg=A, step=1, reason="-ERR", at=101.0))
    assert story.sent == [Release(A, Outcome.FAILED)]
    story.tell(gone(A, Outcome.FAILED, by_phone=False))
    assert story.record.outcome is Outcome.FAILED


def test_leg_that_cannot_even_be_released_is_gone(story):
    story.tell(arrives()).tell(CommandFailed(leg=A, step=1, reason="lost", at=101.0))
    story.tell(CommandFailed(leg=A, step=0, reason="-ERR No such channel!", at=102.0))
    assert (story.state, story.record.outcome) == (Ended(), Outcome.FAILED)


def test_caller_who_is_left_alone_is_released(story):
    story.tell(arrives()).tell(joined()).tell(unanswered(None))
    assert story.sent == [Release(A, Outcome.ANSWERED)]
    assert story.record.outcome is Outcome.ANSWERED


def test_refused_caller_who_stays_is_sent_away(story):
    story.tell(arrives("77")).tell(unanswered(None))
    assert story.sent == [Release(A, Outcome.NO_SUCH_NUMBER)]


def test_the_end_is_the_end(story):
    story.tell(arrives()).tell(gone(A))
    ended = story.call
    for event in (joined(), unanswered(Outcome.BUSY), gone(A), arrives()):
        story.tell(event)
        assert story.call is ended
        assert story.sent == []
