"""Laws for ring plans, menus, trunks and callers from outside, in any order of events and under any change of the directory."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from app.core import call as core
from app.core.actions import Connect, ConnectOutside
from app.core.commands import Ring, RingOutside, Script, Separate, Warn, Write
from app.core.destinations import ToAccount, ToExtension, ToExternal, ToMenu, ToRing
from app.core.directory import Directory, Limits
from app.core.events import (
    AgentAnswered,
    AgentMissed,
    AgentRung,
    CallArrived,
    CallCameIn,
    CallerReached,
    CallPickedUp,
    CallReferred,
    CommandFailed,
    ControlResumed,
    KeyPressed,
    LegAnswered,
    LegHungUp,
    LegsJoined,
    PlaceCounted,
    QueueClosed,
    RingFailed,
    StepDone,
    TimerFired,
)
from app.core.legs import legs_of
from app.core.outcome import Limit, Outcome
from app.core.remember import recall, remember
from app.core.states import Asking, Ended, Waiting
from tests.core.company import BOSS, CELINA, CITIES, DAREK, LEADS, company

LOGINS = ["101", "102", "103", "104", "201", "", "?"]
DIALLED = [*LEADS, "36", "37", "21", "22", "600100200", "0048221234568", "112", "*8112", "7"]
FALLBACKS = [None, ToExtension("31"), ToExtension("51"), ToExternal(BOSS), ToMenu("powitanie"), ToRing(("201",))]
STRANGERS = {"36": ToRing(("201", "103"), together=False, busy=ToAccount("201")), "37": ToAccount("201")}
COMPANY = company(keys_on_internal_calls=True, extensions=STRANGERS, transfer_fallback=ToAccount("201"))
SHUT = company(is_open=False, menus={}, messages={}, queues={}, transfer_fallback=ToExtension("51"))
POORER = replace(company(extensions={"31": ToRing(("103",)), "32": ToExtension("31")}), trunks=(), exhausted={1: Limit.MINUTES})
DIRECTORIES = st.lists(st.sampled_from([COMPANY, COMPANY, SHUT, POORER, Directory(9)]), min_size=1, max_size=4)

TIMES, STEPS, WHO = st.floats(0, 2e9), st.integers(0, 12), st.sampled_from(LOGINS)
OUTCOMES = st.sampled_from(list(Outcome))
FIRST = st.one_of(
    st.builds(CallArrived, leg=st.just("a"), at=TIMES, login=WHO, dialled=st.sampled_from(DIALLED)),
    st.builds(
        CallCameIn,
        leg=st.just("a"),
        at=TIMES,
        trunk=st.just("pstn"),
        number=st.sampled_from(["600100300", "", "anonymous", "+4930123456", "a/b:c,d"]),
        name=st.text(max_size=3),
        dialled=st.sampled_from([*CITIES, "+48229999999", ""]),
    ),
)
ANY = {"leg": st.sampled_from(["a", "b", "c"]), "at": TIMES, "call": st.just("a")}
PARTY = {"leg": st.just("a"), "at": TIMES, "call": st.just("a")}
AGENT = st.sampled_from([CELINA, DAREK, BOSS, "201"])
LIKELY = st.builds(StepDone, leg=st.just("a"), at=TIMES, call=st.just("a"), step=STEPS, result=st.none() | OUTCOMES)
JOINED = st.builds(LegsJoined, other=ANY["leg"], login=WHO, other_login=WHO, step=STEPS, **ANY)
EVENTS = st.one_of(
    LIKELY,
    LIKELY,
    st.builds(StepDone, step=STEPS, result=st.none() | OUTCOMES, **ANY),
    JOINED.filter(lambda event: event.leg != event.other),
    st.builds(LegHungUp, outcome=OUTCOMES, by_phone=st.booleans(), attempt=STEPS, **ANY),
    st.builds(CommandFailed, step=STEPS, reason=st.just("-ERR"), **ANY),
    st.builds(KeyPressed, keys=st.sampled_from(["#", "**", "*", "0", "1", "2", "3", "7"]), **ANY),
    st.builds(LegAnswered, step=STEPS, login=WHO, **ANY),
    st.builds(RingFailed, step=STEPS, outcome=OUTCOMES, **ANY),
    st.builds(AgentRung, agent=AGENT, **PARTY),
    st.builds(AgentMissed, agent=AGENT, outcome=OUTCOMES, since=TIMES, **PARTY),
    st.builds(AgentAnswered, agent=AGENT, other=st.sampled_from(["b", "c"]), since=TIMES, **PARTY),
    st.builds(PlaceCounted, place=STEPS, seconds=STEPS, number=STEPS, **PARTY),
    st.builds(QueueClosed, **PARTY),
    st.builds(CallerReached, **PARTY),
    st.builds(TimerFired, name=st.sampled_from(["digits", "join", "refer", "menu"]), number=STEPS, **ANY),
    st.builds(CallPickedUp, login=st.sampled_from(["101", "104"]), **ANY),
    st.builds(CallReferred, dialled=st.sampled_from(DIALLED), step=STEPS, **ANY),
    st.builds(ControlResumed, **ANY),
)
OF_VISITS = (Outcome.ANSWERED, Outcome.ABANDONED, Outcome.PICKED_UP, Outcome.OVERFLOWED, Outcome.CALL_BACK)
STORIES = st.lists(EVENTS, max_size=20)


def tell(first, events, directories):
    """Each step of the story: the call before it, the event, the call after it, and what was ordered."""
    call = core.new(first, directories[0])
    for number, event in enumerate([first, *events]):
        changed, commands = core.step(call, event, directories[number % len(directories)])
        yield call, event, changed, commands
        call = changed


def actions(commands):
    """Everything that these commands would make a switch do, by themselves and in scripts with their rescues."""
    for command in commands:
        scripts = [command.first, command.second] if isinstance(command, Separate) else [command]
        yield from (action for one in scripts if isinstance(one, Script) for action in (*one.actions, *one.rescue))
        yield command


@settings(max_examples=1500, deadline=None)
@given(FIRST, STORIES, DIRECTORIES, st.sampled_from(FALLBACKS))
def test_no_story_raises_or_ends_its_record_twice(first, events, directories, fallback):
    told = list(tell(first, events, [with_fallback(directory, fallback) for directory in directories]))
    final = [command for *_, commands in told for command in commands if isinstance(command, Write) and command.record.ended]
    assert len(final) <= 1
    assert all(part.ended is not None and part.outcome is not None for write in final for part in write.record.parts)
    visits = [
        (write.record, visit)
        for *_, commands in told
        for write in commands
        if isinstance(write, Write)
        for visit in write.record.visits
    ]
    assert all(visit.outcome in (None, *OF_VISITS) for _, visit in visits)
    assert all(visit.outcome is record.parts[visit.place].outcome for record, visit in visits)
    assert all(offer.ended is not None for _, visit in visits if visit.outcome for offer in visit.offers)


def with_fallback(directory, fallback):
    if not directory.tenants:
        return directory
    acme = replace(directory.tenants[1], transfer_fallback=fallback)
    return replace(directory, tenants={**directory.tenants, 1: acme})


@settings(max_examples=1000, deadline=None)
@given(FIRST, STORIES, DIRECTORIES)
def test_every_story_ends_with_its_legs(first, events, directories):
    *_, (_, _, call, _) = tell(first, events, directories)
    for _ in range(4):  # at most the party, the transferor and his target
        for leg in legs_of(call):
            gone = LegHungUp(leg=leg, at=2e9, call="a", outcome=Outcome.ANSWERED, by_phone=True)
            call, _ = core.step(call, gone, directories[0])
    assert isinstance(call.state, Ended)


@settings(max_examples=1500, deadline=None)
@given(FIRST, STORIES, DIRECTORIES)
def test_key_of_somebody_outside_changes_nothing_but_a_menu_or_a_queue(first, events, directories):
    for before, event, after, _ in tell(first, events, directories):
        if isinstance(event, KeyPressed) and before.party.login == "" and event.leg == before.leg:
            assert after is before or isinstance(before.state, Asking | Waiting)


@settings(max_examples=1500, deadline=None)
@given(FIRST, STORIES, DIRECTORIES)
def test_nobody_is_led_to_another_tenants_phone(first, events, directories):
    for _, _, after, commands in tell(first, events, directories):
        rung = [action for action in actions(commands) if isinstance(action, Connect | Ring)]
        logins = {login for action in rung for login in action.logins}
        assert "201" not in logins if after.record.tenant == 1 else logins <= {"201"}


def called_outside(told):
    """The telephones outside that Acme has called; its rivals have no number of their own to show."""
    for _, _, after, commands in told:
        if after.record.tenant == 1:
            yield from (action.to for action in actions(commands) if isinstance(action, ConnectOutside | RingOutside))


@settings(max_examples=1000, deadline=None)
@given(FIRST, STORIES)
def test_tenant_that_may_call_nobody_outside_does_not(first, events):
    forbidden = company(limits=Limits(countries=frozenset()), transfer_fallback=ToExternal(BOSS))
    assert list(called_outside(tell(first, events, [forbidden]))) == []


@settings(max_examples=1000, deadline=None)
@given(FIRST, STORIES, DIRECTORIES)
def test_whatever_a_limit_stops_is_a_line_of_the_record(first, events, directories):
    forbidden = company(limits=Limits(countries=frozenset()), transfer_fallback=ToExternal(BOSS), keys_on_internal_calls=True)
    for before, _, after, commands in tell(first, events, [forbidden, *directories]):
        reported = [one for one in commands if isinstance(one, Warn) and ("may not call" in one.text or "used up" in one.text)]
        assert len(stops(after)) - len(stops(before)) == len(reported)
        assert all((part.ended, part.answered, part.login) == (part.started, None, "") for part in stops(after))
        assert after.record.rung is None or after.record.rung.stop is None


def stops(call):
    return [part for part in call.record.parts if part.stop]


@settings(max_examples=1000, deadline=None)
@given(FIRST, STORIES, DIRECTORIES)
def test_number_shown_outside_is_the_tenants_own(first, events, directories):
    assert {to.shown for to in called_outside(tell(first, events, directories))} <= set(CITIES)


@settings(max_examples=1000, deadline=None)
@given(FIRST, STORIES, DIRECTORIES)
def test_every_state_is_remembered(first, events, directories):
    for _, _, after, _ in tell(first, events, directories):
        note = remember(after.state)
        assert note.isascii()
        assert note.isprintable()
        assert " " not in note
        if note:
            assert recall(note) in (after.state, getattr(getattr(after.state, "before", None), "state", None))
