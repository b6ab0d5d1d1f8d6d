"""What the model switch does with those who wait in its queues, and with the agents it rings for them."""

from functools import partial

from app.core.actions import Enqueue
from app.core.commands import KeepPlace, ServeQueues
from app.core.events import AgentAnswered, AgentMissed, AgentRung, Role
from app.core.outcome import Outcome
from app.core.queues import Strategy
from tests.app.model_leg import Leg


class ModelQueues:
    """The part of the model switch that knows queues: whoever is on duty may be rung for anybody who waits, at any time."""

    def serve(self, command: ServeQueues) -> None:
        self.lines = {line.queue: line for line in command.lines}

    def keep_place(self, command: KeepPlace) -> None:
        leg = Leg(command.call, "", Role.CALLER, command.call, answered=True, note=command.note, nobody=True)
        self.legs[leg.id] = leg
        self._run(command.script)

    def offers(self) -> list:
        """Whom the queues may ring now."""
        waiting = [leg for leg in self.living() if self.waits(leg) and not self.told_by(leg) and not leg.forgotten]
        return [
            partial(self._offer, leg, key)
            for leg in waiting
            if leg.todo[0].queue in self.lines
            for key in self.lines[leg.todo[0].queue].agents
            if not any(other.parent is leg and other.agent == key for other in self.living())
        ]

    def waits(self, leg: Leg) -> bool:
        return bool(leg.todo) and isinstance(leg.todo[0], Enqueue)

    def told_by(self, leg: Leg) -> list[Leg]:
        """The agents who have answered the leg and do not talk to it yet."""
        return [other for other in self.living() if other.answers is leg]

    def _offer(self, leg: Leg, key: str) -> None:
        self.tell(AgentRung, leg, agent=key)
        if key in self.offline:
            self.tell(AgentMissed, leg, agent=key, outcome=Outcome.NOT_REGISTERED, since=self.now)
            return
        outside = key.startswith("+")
        agent = Leg(f"{'mobile' if outside else key}-{len(self.legs)}", "" if outside else key, Role.CALLEE, leg.call)
        agent.step, agent.parent, agent.parked, agent.agent, agent.number = leg.step, leg, False, key, key if outside else ""
        self.legs[agent.id] = agent

    def agent_answers(self, agent: Leg) -> None:
        """The others ring no more; he is told something, and then has the caller."""
        waiting, agent.parent, agent.answers = agent.parent, None, agent.parent
        for other in [other for other in self.living() if other.parent is waiting]:
            self.agent_is_let_go(other, Outcome.ELSEWHERE)
        self.tell(AgentAnswered, waiting, agent=agent.agent, other=agent.id, since=self.now)

    def agent_has_been_told(self, agent: Leg) -> None:
        waiting, agent.answers = agent.answers, None
        waiting.todo, waiting.rescue = [], []
        self._together(waiting, agent, waits=False)

    def agent_is_let_go(self, agent: Leg, outcome: Outcome) -> None:
        """He rings no more, or has answered in vain."""
        waiting = agent.parent or agent.answers
        agent.parent = agent.answers = None
        self.die(agent, outcome)
        if waiting.alive:
            self.tell(AgentMissed, waiting, agent=agent.agent, outcome=outcome, since=self.now)

    def agent_left_at_the_answer(self, agent: Leg) -> None:
        """He hangs up while he is told something: where all are rung, the queue takes the caller for served by him."""
        waiting, agent.answers = agent.answers, None
        line = self.lines.get(waiting.todo[0].queue)
        waiting.forgotten = line is not None and line.strategy is Strategy.ALL
        self.tell(AgentMissed, waiting, agent=agent.agent, outcome=Outcome.NO_ANSWER, since=self.now, other=agent.id)

    def remind(self) -> None:
        """What `freeswitch/serving.py` does a few seconds later, where no controller heard that an agent left so."""
        for leg in self.living():
            leg.forgotten = False

    def agents_of(self, leg: Leg) -> list[Leg]:
        return [other for other in self.living() if leg in (other.parent, other.answers) and other.agent]

    def leave_the_line(self, leg: Leg) -> None:
        """It is led elsewhere, or has hung up. In the first case an agent who has answered hears nothing until he is let go."""
        for agent in self.agents_of(leg):
            if leg.alive and agent.answers:
                agent.answers, agent.limbo = None, True
            else:
                self.agent_is_let_go(agent, Outcome.CANCELLED)

    def agent_is_too_short(self, agent: Leg) -> None:
        """He hangs up in the very moment in which he is joined: the caller is out of the line as well."""
        waiting, agent.answers = agent.answers, None
        waiting.todo, waiting.rescue = [], []
        self.die(agent, Outcome.ANSWERED, by_phone=True)
        self._park(waiting)

    def wait_is_over(self, leg: Leg) -> None:
        """It has waited too long, or nobody is on duty; not while somebody rings for it."""
        line = self.lines.get(leg.todo[0].queue)
        if not self.agents_of(leg):
            self._connect_failed(leg, Outcome.NO_ANSWER if line and line.agents else Outcome.NOT_REGISTERED if line else None)
