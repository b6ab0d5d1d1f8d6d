"""A switch led by hand, whoever listens to it, and the link between the two."""

from collections.abc import Iterator

import pytest

from freeswitch.link import Link
from tests.freeswitch.scripted_switch import Mailbox, ScriptedSwitch, link_to


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
