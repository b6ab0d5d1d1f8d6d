"""A leg of the model switch."""

from dataclasses import dataclass, field

from app.core.actions import Action
from app.core.events import Role
from app.core.outcome import Outcome


@dataclass(eq=False)
class Leg:
    id: str
    login: str
    role: Role
    call: str = ""
    dialled: str = ""
    number: str = ""  # of somebody outside who calls
    step: int = 0
    attempt: int = 0  # the Ring it belongs to
    parent: "Leg | None" = None  # whose Connect rings it
    answered: bool = False
    alive: bool = True
    todo: list[Action] = field(default_factory=list)
    rescue: list[Action] = field(default_factory=list)
    parked: bool = True
    partner: "Leg | None" = None
    waits_after: bool = False  # when the partner leaves
    joining: "Leg | None" = None
    limbo: bool = False
    result: Outcome | None = None
    note: str = ""
    referred: str = ""
    told: bool = False  # a reason, since it last talked
    left_by_partner: bool = False
    agent: str = ""  # the key of the agent whom a queue rings on it
    answers: "Leg | None" = None  # who waits in the queue and will be joined with this agent in a moment
    forgotten: bool = False  # by its queue, which rings nobody for it any more before it enters anew
    nobody: bool = False  # there is no telephone at its end

    @property
    def came_in(self) -> bool:
        """Somebody outside who has called one of our numbers."""
        return self.role is Role.CALLER and not self.login
