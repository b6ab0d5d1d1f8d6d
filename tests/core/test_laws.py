"""Laws that hold for every story, told in any order."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from app.core import call as core
from app.core.actions import Connect
from app.core.call import Ended
from app.core.commands import Release, Ring, Script, Separate, Write
from app.core.directory import Account, Directory, Extension, Tenant, ToAccount
from app.core.events import (
    CallArrived,
    CallMerged,
    CallPickedUp,
    CallReferred,
    CommandFailed,
    ControlResumed,
    KeyPressed,
    LegAnswered,
    LegHungUp,
    LegsJoined,
    RingFailed,
    StepDone,
    TimerFired,
)
from app.core.outcome import Outcome
from app.core.remember import recall, remember

OFFICE = Directory(
    1,
    {
        1: Tenant(
            1, "Acme", accounts={"101": Account("101", 1, "Anna")}, extensions={"21": Extension("21", "A", ToAccount("101"))}
        )
    },
)
EMPTY = Directory(2, {})
EAGER = Directory(3, {1: replace(OFFICE.tenants[1], keys_on_internal_calls=True)})
NEIGHBOURS = Directory(
    4,
    {
        1: EAGER.tenants[1],
        2: Tenant(2, "B", accounts={"201": Account("201", 2, "B")}, extensions={"22": Extension("22", "B", ToAccount("201"))}),
    },
)
LEGS = st.sampled_from(["a", "b", "c"])
TIMES = st.floats(0, 1e9)
OUTCOMES = st.sampled_from([outcome for outcome in Outcome if outcome is not Outcome.TRANSFERRED])
EVENTS = st.one_of(
    st.builds(CallArrived, leg=st.just("a"), at=TIMES, login=st.sampled_from(["101", "?"]), dialled=st.text(max_size=4)),
    st.builds(LegsJoined, leg=LEGS, other=LEGS, at=TIMES),
    st.builds(StepDone, leg=LEGS, step=st.integers(0, 3), result=st.none() | OUTCOMES, at=TIMES),
    st.builds(LegHungUp, leg=LEGS, outcome=OUTCOMES, by_phone=st.booleans(), at=TIMES),
    st.builds(CommandFailed, leg=LEGS, step=st.integers(0, 3), reason=st.just("-ERR"), at=TIMES),
)
FIRST = st.builds(CallArrived, leg=st.just("a"), at=TIMES, login=st.just("101"), dialled=st.sampled_from(["21", "22", "*8"]))


def tell(first, events, directories=(OFFICE,)):
    """The call after the story, and the commands of every step."""
    call, told = core.new(first, OFFICE), []
    for number, event in enumerate([first, *events]):
        call, commands = core.step(call, event, directories[number % len(directories)])
        told.append(commands)
    return call, told


@settings(max_examples=2000)
@given(FIRST, st.lists(EVENTS, max_size=12))
def test_no_story_raises_and_the_record_ends_exactly_once(first, events):
    call, told = tell(first, events)
    final = [command for step in told for command in step if isinstance(command, Write) and command.record.ended is not None]
    assert len(final) == isinstance(call.state, Ended)
    if final:
        assert final[0].record == call.record
        assert all(part.ended is not None and part.outcome is not None for part in call.record.parts)


@given(FIRST, st.lists(EVENTS, max_size=12))
def test_every_story_ends_when_the_callers_leg_does(first, events):
    call, _ = tell(first, [*events, LegHungUp(leg="a", outcome=Outcome.ANSWERED, by_phone=True, at=1e9)])
    assert isinstance(call.state, Ended)


@given(FIRST, st.lists(EVENTS, max_size=12))
def test_nothing_is_ordered_of_a_leg_that_is_gone(first, events):
    gone = False
    for event, commands in zip([first, *events], tell(first, events)[1], strict=True):
        gone = gone or (isinstance(event, LegHungUp) and event.leg == "a")
        assert not (gone and any(isinstance(command, Script | Release) for command in commands))


@given(FIRST, st.lists(EVENTS, max_size=12))
def test_directory_may_change_in_the_middle_of_anything(first, events):
    tell(first, events, (OFFICE, EMPTY))


@given(FIRST, st.lists(EVENTS, max_size=8), st.integers(0, 7))
def test_doubled_event_changes_nothing(first, events, at):
    call, _ = tell(first, events)
    if events:
        double = events[min(at, len(events) - 1)]
        once, _ = core.step(call, double, OFFICE)
        twice, _ = core.step(once, double, OFFICE)
        assert type(twice.state) is type(once.state)


@given(FIRST, st.lists(EVENTS, max_size=8), st.integers(0, 6))
def test_neighbours_may_swap(first, events, at):
    swapped = list(events)
    if len(events) > at + 1:
        swapped[at], swapped[at + 1] = swapped[at + 1], swapped[at]
    end = LegHungUp(leg="a", outcome=Outcome.ANSWERED, by_phone=True, at=1e9)
    assert isinstance(tell(first, [*swapped, end])[0].state, Ended)


# --- with transfers: events that could never follow each other ------------------------------------------------------

STEPS = st.integers(0, 9)
ANY = {"leg": LEGS, "at": TIMES, "call": st.just("a")}
MORE = st.one_of(
    EVENTS,
    st.builds(LegsJoined, other=LEGS, login=st.sampled_from(["101", ""]), step=STEPS, **ANY),
    st.builds(StepDone, step=STEPS, result=st.none() | OUTCOMES, **ANY),
    st.builds(LegHungUp, outcome=st.sampled_from(list(Outcome)), attempt=STEPS, **ANY),
    st.builds(KeyPressed, keys=st.sampled_from(["#", "**", "*", "2", "1"]), **ANY),
    st.builds(LegAnswered, step=STEPS, **ANY),
    st.builds(RingFailed, step=STEPS, outcome=OUTCOMES, **ANY),
    st.builds(TimerFired, name=st.sampled_from(["digits", "join", "refer"]), number=STEPS, **ANY),
    st.builds(CallPickedUp, login=st.sampled_from(["101", "?"]), **ANY),
    st.builds(CallReferred, dialled=st.sampled_from(["21", "22", "7"]), step=STEPS, **ANY),
    st.builds(CallMerged, into=st.just("z"), **ANY),
    st.builds(ControlResumed, **ANY),
)
TALK = LegsJoined(leg="a", other="b", at=1.0, call="a")


@settings(max_examples=2000)
@given(st.lists(MORE, max_size=20))
def test_no_order_of_any_events_raises_or_ends_a_record_twice(events):
    told = tell(CallArrived(leg="a", at=0.0, login="101", dialled="21"), [TALK, *events], (EAGER, EMPTY, EAGER))[1]
    final = [command for step in told for command in step if isinstance(command, Write) and command.record.ended is not None]
    assert len(final) <= 1


@settings(max_examples=2000)
@given(st.lists(MORE, max_size=20))
def test_nobody_is_led_to_another_tenants_phone(events):
    told = tell(CallArrived(leg="a", at=0.0, login="101", dialled="21"), [TALK, *events], (NEIGHBOURS,))[1]
    assert {login for step in told for command in step for login in rung_by(command)} <= {"101"}


def rung_by(command):
    """The accounts that a command would ring."""
    if isinstance(command, Ring):
        return [command.login]
    scripts = [command.first, command.second] if isinstance(command, Separate) else [command]
    actions = [action for one in scripts if isinstance(one, Script) for action in (*one.actions, *one.rescue)]
    return [login for action in actions if isinstance(action, Connect) for login in action.logins]


@settings(max_examples=500)
@given(st.lists(MORE, max_size=20))
def test_every_state_is_remembered(events):
    call, _ = tell(CallArrived(leg="a", at=0.0, login="101", dialled="21"), [TALK, *events], (EAGER,))
    note = remember(call.state)
    assert note.isascii()
    assert " " not in note
    assert recall(note) in (call.state, None, getattr(getattr(call.state, "before", None), "state", None))
