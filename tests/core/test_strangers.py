"""Whoever is outside the tenant changes nothing by a key, in whatever state the call is, and takes nobody's call."""

from dataclasses import replace
from typing import get_args

import pytest

from app.core import call as core
from app.core import pickup
from app.core.actions import Keys
from app.core.commands import SwitchKeys, Write
from app.core.events import CallArrived, KeyPressed
from app.core.outcome import Outcome
from app.core.party import Party
from app.core.routing import Way
from app.core.states import (
    Aside,
    Asking,
    Awaiting,
    Collecting,
    Conferring,
    Consulting,
    Diverting,
    Ended,
    Excusing,
    HandedOver,
    Inheriting,
    Joining,
    New,
    PickingUp,
    Referring,
    Refusing,
    Returning,
    Ringing,
    Sending,
    State,
    Talking,
    Waiting,
)
from tests.core.stories import Story, from_outside, office

EVERYBODY_HAS_KEYS = office(keys_on_internal_calls=True)
FROM_OUTSIDE = from_outside(EVERYBODY_HAS_KEYS).call
BARTEK, CELINA = Party("bartek", "102"), Party("celina", "103")
STATES = (
    New(),
    Ringing(Way("22")),
    Talking(BARTEK),
    Talking(BARTEK, ours=True),
    Refusing(Outcome.BUSY),
    Collecting(BARTEK, consult=False, script=1, digits="2"),
    Collecting(BARTEK, consult=True, script=1),
    Excusing(BARTEK, 1),
    Consulting(BARTEK, Way("23"), 1),
    Consulting(BARTEK, Way("23"), 1, picker="darek", login="104"),
    Conferring(BARTEK, CELINA, 1),
    Conferring(BARTEK, CELINA, 1, joined=True),
    Inheriting(CELINA, "102", 1),
    Joining(BARTEK, "102"),
    HandedOver("102", Way("23"), 1),
    Sending(Way("23"), "102", "23"),
    Returning("102"),
    Diverting(Way("fallback")),
    Referring("102"),
    Awaiting("102", "23", Way("23"), "own"),
    PickingUp(CELINA, 1, replace(FROM_OUTSIDE, state=Ringing(Way("22")))),
    Aside("bartek", "celina"),
    Ended(),
)


def test_these_are_all_states_there_are_but_menus_and_queues_whose_keys_are_for_everybody():
    assert {*(type(state) for state in STATES), Asking, Waiting} == set(get_args(State))


@pytest.mark.parametrize("keys", ["#", "**", "*", "8", "2"])
@pytest.mark.parametrize("state", STATES, ids=lambda state: type(state).__name__)
def test_key_of_a_caller_from_outside_changes_nothing(state, keys):
    call = replace(FROM_OUTSIDE, state=state)
    pressed = KeyPressed(leg="outside", at=200.0, call="outside", keys=keys)
    changed, commands = core.step(call, pressed, EVERYBODY_HAS_KEYS)
    assert changed == call
    nothing = (Write(call.record), SwitchKeys("outside", Keys.NONE))  # what stands there again, what is listened for still
    assert [command for command in commands if command not in nothing] == []


@pytest.mark.parametrize("keys", ["#", "**"])
def test_key_of_somebody_outside_who_was_called_changes_nothing(keys):
    story = from_outside(EVERYBODY_HAS_KEYS)
    story.call = replace(story.call, party=BARTEK, state=Talking(Party("mobile", "")))
    before = story.call
    assert (story.presses("mobile", keys).call, story.sent) == (before, [SwitchKeys("mobile", Keys.NONE)])


@pytest.mark.parametrize("code", ["*822", "*8112"])
def test_pickup_code_dialled_from_outside_takes_nothing(code):
    ringing = Story(EVERYBODY_HAS_KEYS).dials("anna", "22").call
    dialled = CallArrived(leg="outside", at=200.0, login="", dialled=code)
    assert pickup.decide(dialled, [ringing], EVERYBODY_HAS_KEYS) == dialled
    assert isinstance(Story(EVERYBODY_HAS_KEYS).tell(dialled).state, Refusing)
