"""The ``null`` endpoint (``mod_loopback.c``): a leg with nobody behind it, which answers by itself and hears everything."""

from collections.abc import Callable
from functools import partial
from typing import Protocol

from freeswitch.simulator.channels import Profile, truth
from freeswitch.simulator.dialling import Order
from freeswitch.simulator.sessions import Home, Session

MOST_DELAY = 60_000  # milliseconds


class Inside(Home, Protocol):
    """The switch as this endpoint sees it."""

    def id_for(self, order: Order) -> str: ...

    def send(self, session: Session, order: Order, invite: Callable[[], None]) -> None: ...


def start(switch: Inside, order: Order) -> Session:
    """``null/WHATEVER``; ``null_enable_auto_answer=false`` leaves it ringing for ever.

    For whatever it then runs it is who was called that counts as the caller [tried].
    """
    variables = order.variables
    name = variables.get("origination_callee_id_name") or "Outbound Call"
    number = variables.get("origination_callee_id_number") or order.dialled
    profile = Profile(
        direction="outbound",
        username="",
        name=name,
        number=number,
        original_name=name,
        original_number=number,
        destination=order.dialled,
        leg=switch.id_for(order),
        channel_name=f"null/{order.dialled}",
        dialplan="",
        callee_name=name,
        callee_number=number,
        context="default",
    )
    session = Session(switch, profile)
    session.variables = {
        "direction": "outbound",
        "is_outbound": "true",
        "uuid": session.uuid,
        "channel_name": profile.channel_name,
        **{name: value for name, value in variables.items() if value},
        "originate_early_media": "true",
        "originate_endpoint": "null",
    }
    switch.send(session, order, partial(_answer, session))
    return session


def _answer(session: Session) -> None:
    if truth(session.get("null_enable_auto_answer") or "true"):
        delay = session.get("null_auto_answer_delay")
        milliseconds = min(int(delay), MOST_DELAY) if delay.isdecimal() else 0
        session.clock.after(milliseconds / 1000, session.answer)
