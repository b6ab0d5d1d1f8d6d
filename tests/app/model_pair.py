"""How two legs of the model switch are joined and parted."""

from app.core.commands import Join, KeepTogether, Separate
from app.core.events import CommandFailed, LegsJoined
from tests.app.model_leg import Leg


class ModelPairs:
    """The part of the model switch that knows pairs. What happens when legs race is what the real one was seen to do."""

    def _keep_together(self, command: KeepTogether) -> None:
        leg, other = self.legs[command.leg], self.legs[command.other]
        if leg.partner is other:
            leg.waits_after = other.waits_after = False

    def _separate(self, command: Separate) -> None:
        first, second = self.legs[command.first.leg], self.legs[command.second.leg]
        if not first.alive:
            self.tell(CommandFailed, first, step=command.first.step, reason="no such leg", call=command.first.call)
        elif first.partner is second:
            first.partner = second.partner = None
        for script in (command.second, command.first):
            if self.legs[script.leg].alive:
                self._run(script)

    def _join(self, command: Join) -> None:
        leg, other = self.legs[command.leg], self.legs[command.other]
        if not (leg.alive and other.alive):
            self.tell(CommandFailed, leg, step=command.step, reason="Invalid uuid", call=command.call)
            return
        for one in (leg, other):
            self._check_leading(one)
            self._interrupt(one, keep=(leg, other))
            one.step, one.call, one.todo, one.rescue, one.parked, one.limbo = command.step, command.call, [], [], False, True
        leg.joining = other

    def join_completes(self, leg: Leg) -> None:
        """The two legs of a Join find each other."""
        other, leg.joining = leg.joining, None
        leg.limbo = other.limbo = False
        self._together(leg, other)

    def _together(self, leg: Leg, other: Leg, waits: bool = True) -> None:
        for one, two in ((leg, other), (other, leg)):
            one.partner, one.answered, one.waits_after, one.parked, one.told = two, True, waits, False, False
        leg.result = other.result = None
        self.tell(LegsJoined, leg, other=other.id, login=leg.login, step=leg.step, other_login=other.login)
