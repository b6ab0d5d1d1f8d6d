"""What a phone's own transfer key does to the legs of the model switch, in the order the real one was seen to tell it."""

from app.core.events import CallReferred, LegsJoined
from app.core.outcome import Outcome
from tests.app.model_leg import Leg
from tests.app.model_switch import ModelSwitch


def blind(switch: ModelSwitch, leg: Leg, number: str) -> None:
    """The phone of ``leg`` sends its partner to ``number`` and is out."""
    left, leg.partner = leg.partner, None
    left.partner = None
    _out(switch, leg)
    left.parked, left.todo, left.rescue, left.referred = True, [], [], number
    switch.tell(CallReferred, left, dialled=number, step=left.step)


def attended(switch: ModelSwitch, first: Leg, second: Leg) -> None:
    """The phone talks on ``first`` and on ``second``: the two it talks to are joined, and it is out of both."""
    left, target = first.partner, second.partner
    for leg in (second, first):
        leg.partner.partner = leg.partner = None
        _out(switch, leg)
    left.partner, target.partner = target, left
    left.waits_after = target.waits_after = False
    switch.tell(LegsJoined, left, other=target.id, login=left.login, step=left.step)


def _out(switch: ModelSwitch, leg: Leg) -> None:
    leg.told = True  # it has left of its own will
    switch.die(leg, Outcome.TRANSFERRED)
