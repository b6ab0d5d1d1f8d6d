"""A switch in a few hundred lines: it does what the commands promise, so that whole stories can be told at random.

Nothing here knows the core's states. What it does when legs race is what the real switch was seen to do: see ``Join``.
"""

from collections.abc import Callable, Iterable
from functools import partial

from app.core.actions import (
    Answer,
    BindKeys,
    Connect,
    ConnectOutside,
    HangUp,
    Intercept,
    Listen,
    Play,
    Present,
    Remember,
    Say,
)
from app.core.commands import (
    Adopt,
    Join,
    KeepPlace,
    KeepTogether,
    Note,
    Release,
    RescanTrunks,
    Ring,
    RingOutside,
    Script,
    Separate,
    ServeQueues,
    StopRinging,
)
from app.core.events import CommandFailed, LegAnswered, LegHungUp, RingFailed, Role, StepDone
from app.core.outcome import Outcome
from tests.app.model_leg import Leg
from tests.app.model_pair import ModelPairs
from tests.app.model_queue import ModelQueues

AT_ONCE = (Present, Listen, BindKeys, Remember, Answer, HangUp)
CONNECTS = (Connect, ConnectOutside)


class ModelSwitch(ModelQueues, ModelPairs):
    """Takes orders as ``app.ports.Switch`` does, but carries them out one by one when told to; ``heard`` is what it tells."""

    def __init__(self) -> None:
        self.orders: list = []
        self.heard: list = []
        self.legs: dict[str, Leg] = {}
        self.offline: set[str] = set()  # accounts without a phone, and gateways without a line
        self.complaints: list[str] = []
        self.dropped: Callable[[Leg], None] = lambda leg: None  # a leg ends that did not hang up
        self.now = 1000.0
        self.lines: dict = {}

    def send(self, command) -> None:
        self.orders.append(command)

    def living(self) -> list[Leg]:
        return [leg for leg in self.legs.values() if leg.alive]

    def carry_out(self) -> None:
        """The oldest order."""
        command = self.orders.pop(0)
        orders = {Separate: self._separate, Join: self._join, KeepTogether: self._keep_together, StopRinging: self._stop}
        orders |= {Script: self._run, Ring: self._ring, RingOutside: self._ring_outside, RescanTrunks: lambda _: None}
        orders |= {ServeQueues: self.serve, KeepPlace: self.keep_place}
        orders.get(type(command), self._small)(command)

    def _stop(self, command: StopRinging) -> None:
        for leg in self.living():
            if leg.call == command.call and leg.attempt == command.step:
                self.die(leg, Outcome.CANCELLED)

    def _small(self, command) -> None:
        leg = self.legs[command.leg]
        if not leg.alive:
            self.tell(CommandFailed, leg, step=0, reason="no such leg", call="")
        elif isinstance(command, Release):
            self.die(leg, command.outcome)
        elif isinstance(command, Note):
            leg.note = command.text
        elif isinstance(command, Adopt):
            leg.call = command.call

    # --- orders ---

    def _run(self, script: Script) -> None:
        leg = self.legs[script.leg]
        if not leg.alive:
            self.tell(CommandFailed, leg, step=script.step, reason="no such leg", call=script.call)
        elif not leg.limbo or script.firm:
            self._check_leading(leg, script)
            self._interrupt(leg)
            leg.call, leg.step, leg.result, leg.referred, leg.forgotten = script.call, script.step, None, "", False
            leg.todo, leg.rescue, leg.parked = list(script.actions), list(script.rescue), False
            for wanted in [self.legs[action.leg] for action in script.actions if isinstance(action, Intercept)]:
                wanted.step = script.step
                for child in [child for child in self.living() if child.parent is wanted]:  # ends before the leg is taken
                    self.refuse(child, Outcome.ELSEWHERE)
                for agent in self.told_by(wanted):
                    self.agent_is_let_go(agent, Outcome.ELSEWHERE)
            self._go_on(leg)

    def _check_leading(self, leg: Leg, script: Script | None = None) -> None:
        """What the real switch is known to answer with a silent, unguarded leg."""
        if leg.joining or any(other.joining is leg for other in self.living()):
            self.complaints.append(f"{leg.id} is led while it is being joined")
        if script and leg.role is not Role.CALLER and not script.firm:
            self.complaints.append(f"{leg.id} was called and cannot be led by {script}")

    def _ring(self, command: Ring) -> None:
        if not self._rung(command, command.logins, Role.TARGET, attempt=command.step):
            self._ring_failed(command.call, command.step, Outcome.NOT_REGISTERED)

    def _ring_outside(self, command: RingOutside) -> None:
        if command.to.gateway in self.offline:
            self._ring_failed(command.call, command.step, Outcome.NO_LINE)
        else:
            self._rung(command, [""], Role.TARGET, attempt=command.step)

    def _rung(self, order: Script | Ring | RingOutside | Leg, logins: Iterable[str], role: Role, **more) -> bool:
        """Let every device of these accounts ring; an empty one is a telephone outside. Whether there is any."""
        devices = [(login, number) for login in logins if login not in self.offline for number in range(1 + (login == "104"))]
        for login, _ in devices:  # Darek has two
            leg = Leg(f"{login or 'mobile'}-{len(self.legs)}", login, role, order.call, step=order.step, parked=False, **more)
            self.legs[leg.id] = leg
        return bool(devices)

    def _interrupt(self, leg: Leg, keep=()) -> None:
        """Whatever the leg does ends; who hung on it goes his way."""
        self.leave_the_line(leg)
        for child in [child for child in self.living() if child.parent is leg]:
            self.die(child, Outcome.CANCELLED)
        for other in [other for other in self.living() if other.joining is leg and other not in keep]:
            other.joining, other.limbo = None, False
            self._park(other)
        leg.joining, leg.limbo, partner, leg.partner = None, False, leg.partner, None
        if partner is not None:
            partner.partner = None
            if partner not in keep:
                self._left(partner)

    def _left(self, leg: Leg) -> None:
        if not leg.alive:
            return
        if leg.waits_after:
            self._park(leg)
        else:
            self.die(leg, Outcome.ANSWERED)

    def _park(self, leg: Leg) -> None:
        leg.todo, leg.rescue, leg.parked = [], [], True
        self.tell(StepDone, leg, step=leg.step, result=leg.result)

    # --- scripts ---

    def _go_on(self, leg: Leg) -> None:
        while leg.alive and leg.todo and isinstance(leg.todo[0], AT_ONCE):
            action = leg.todo.pop(0)
            leg.answered = leg.answered or isinstance(action, Answer)
            leg.note = action.note if isinstance(action, Remember) else leg.note
            if isinstance(action, HangUp):
                self.die(leg, action.outcome)
        if not leg.alive:
            return
        if not leg.todo:
            self._script_over(leg)
        elif isinstance(leg.todo[0], CONNECTS):
            self._connect(leg, leg.todo[0])

    def _script_over(self, leg: Leg) -> None:
        if not leg.rescue:
            self._park(leg)
            return
        self.tell(StepDone, leg, step=leg.step, result=leg.result)
        leg.todo, leg.rescue = [None, *leg.rescue], []  # None: music, for as long as we are given to take over

    def _connect(self, leg: Leg, action: Connect | ConnectOutside) -> None:
        if isinstance(action, ConnectOutside) and action.to.gateway in self.offline:
            self._connect_failed(leg, Outcome.NO_LINE)
        elif not self._rung(leg, action.logins if isinstance(action, Connect) else [""], Role.CALLEE, parent=leg):
            self._connect_failed(leg, Outcome.NOT_REGISTERED)

    def _connect_failed(self, leg: Leg, outcome: Outcome) -> None:
        leg.result = outcome
        leg.todo.pop(0)
        self._go_on(leg)

    def time_passes(self, leg: Leg) -> None:
        """What the leg does now comes to its end by itself."""
        if leg.parent is not None or (leg.attempt and not leg.answered):
            self.refuse(leg, Outcome.NO_ANSWER)
        elif leg.parked or leg.limbo:
            self.complaints.append(f"{leg.id} was left waiting")
            self.die(leg, Outcome.FAILED)
        elif self.waits(leg):
            self.wait_is_over(leg)
        elif leg.todo and not isinstance(leg.todo[0], CONNECTS):
            leg.told = leg.told or isinstance(leg.todo[0], Say | Play)
            leg.todo.pop(0)
            self._go_on(leg)

    def _intercept(self, leg: Leg) -> None:
        action = leg.todo.pop(0)
        wanted = self.legs[action.leg]
        if not wanted.alive or wanted.partner or (action.unanswered and wanted.answered):
            self._go_on(leg)
            return
        for agent in self.agents_of(wanted):
            self.agent_is_let_go(agent, Outcome.ELSEWHERE)
        wanted.todo, wanted.rescue, wanted.parked = [], [], False
        self._together(leg, wanted)

    def underway(self) -> list[Callable[[], None]]:
        """What takes the switch a tenth of a second: legs that find each other."""
        joins = [partial(self.join_completes, leg) for leg in self.living() if leg.joining]
        wanting = [leg for leg in self.living() if leg.todo and isinstance(leg.todo[0], Intercept)]
        told = [partial(self.agent_has_been_told, leg) for leg in self.living() if leg.answers]
        return joins + [partial(self._intercept, leg) for leg in wanting] + told

    # --- people ---

    def answer(self, leg: Leg) -> None:
        leg.answered = True
        if leg.agent:
            self.agent_answers(leg)
            return
        if leg.parent is not None:
            parent, leg.parent = leg.parent, None
            for other in [other for other in self.living() if other.parent is parent]:
                self.die(other, Outcome.ELSEWHERE)
            parent.todo, parent.rescue = [], []
            self._together(parent, leg, waits=False)
            return
        for other in [other for other in self._attempt(leg) if other is not leg]:
            other.attempt = 0
            self.die(other, Outcome.ELSEWHERE)
        leg.parked = True
        self.tell(LegAnswered, leg, step=leg.attempt, login=leg.login)

    def refuse(self, leg: Leg, outcome: Outcome) -> None:
        """A phone that rings does not any more."""
        if leg.agent:
            self.agent_is_let_go(leg, outcome)
            return
        parent, leg.parent = leg.parent, None
        self.die(leg, outcome)
        if parent is not None and parent.alive and not any(other.parent is parent for other in self.living()):
            self._connect_failed(parent, outcome)

    def hang_up(self, leg: Leg) -> None:
        self.die(leg, Outcome.ANSWERED if leg.answered else Outcome.CANCELLED, by_phone=True)

    def die(self, leg: Leg, outcome: Outcome, by_phone: bool = False) -> None:
        leg.alive = False
        if not by_phone:
            self.dropped(leg)
        self.tell(LegHungUp, leg, outcome=outcome, by_phone=by_phone, attempt=leg.attempt)
        if leg.partner is not None and by_phone:
            leg.partner.left_by_partner = True
        if leg.answers is not None:
            self.agent_left_at_the_answer(leg)
        if leg.joining is not None:
            leg.joining = None  # the other stays in limbo: nobody tells it anything
        self._interrupt(leg)
        if leg.attempt and not leg.answered and not self._attempt(leg):
            self._ring_failed(leg.call, leg.attempt, outcome)

    def _attempt(self, leg: Leg) -> list[Leg]:
        return [one for one in self.living() if (one.call, one.attempt) == (leg.call, leg.attempt)]

    def tell(self, kind, leg: Leg, **more) -> None:
        self.now += 0.02
        self.heard.append(kind(**{"leg": leg.id, "at": self.now, "call": leg.call} | more))

    def _ring_failed(self, call: str, step: int, outcome: Outcome) -> None:
        self.now += 0.02
        self.heard.append(RingFailed(leg=call, at=self.now, call=call, step=step, outcome=outcome))
