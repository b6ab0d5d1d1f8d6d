"""A switch led by hand, whoever listens to it, and the link between the two; and the simulator, with people who have phones."""

from collections.abc import Iterator

import pytest

from freeswitch.link import Link
from freeswitch.simulator.phones import Phone
from tests.freeswitch.scripted_switch import Mailbox, ScriptedSwitch, link_to
from tests.freeswitch.simulated import Stage


@pytest.fixture
def switch() -> Iterator[ScriptedSwitch]:
    """A switch that behaves until a test says otherwise."""
    switch = ScriptedSwitch()
    yield switch
    switch.stop()


@pytest.fixture
def mailbox() -> Mailbox:
    """Where everything is told."""
    return Mailbox()


@pytest.fixture
def link(switch: ScriptedSwitch, mailbox: Mailbox) -> Iterator[Link]:
    """Not started yet, so that a test can first say how the switch shall behave."""
    link = link_to(switch.port, mailbox)
    yield link
    link.stop()


@pytest.fixture
def stage() -> Iterator[Stage]:
    """The simulator, with time that goes on when a test says so."""
    with Stage() as stage:
        yield stage


@pytest.fixture
def anna(stage: Stage) -> Phone:
    phone = stage.phone("101")
    phone.name = "Anna Żółć"
    return phone


@pytest.fixture
def bartek(stage: Stage) -> Phone:
    return stage.phone("102")


@pytest.fixture
def celina(stage: Stage) -> Phone:
    return stage.phone("103")
