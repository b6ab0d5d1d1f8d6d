"""The model switch's legs as a stock-taking finds them."""

from app.core.events import FoundLeg
from tests.app.model_leg import Leg
from tests.app.model_switch import ModelSwitch


def count(switch: ModelSwitch) -> tuple[FoundLeg, ...]:
    """Every leg that lives."""
    return tuple(_found(leg) for leg in switch.living())


def _found(leg: Leg) -> FoundLeg:
    other = leg.partner.id if leg.partner else ""
    return FoundLeg(
        leg=leg.id, call=leg.call, role=leg.role, login=leg.login, dialled=leg.dialled, started=1.0, step=leg.step,
        answered=2.0 if leg.answered else None, referred=leg.referred, other=other, waiting=leg.parked,
        result=leg.result, note=leg.note, trunk="pstn" if leg.came_in else "", number=leg.number,
    )  # fmt: skip
