"""Stories for the core: one call that is told what happens, and people with names.

Anna (21) calls Bartek (22); one of them sends the other on to Celina (23). Legs are named after whose they are.
"""

from dataclasses import dataclass, field, replace

from app.core import call as core
from app.core.call import Call
from app.core.commands import Command, Note, Script, Write
from app.core.destinations import ToAccount
from app.core.directory import Account, Directory, Extension, Tenant
from app.core.events import (
    AgentAnswered,
    AgentMissed,
    AgentRung,
    CallArrived,
    CallCameIn,
    CommandFailed,
    KeyPressed,
    LegAnswered,
    LegHungUp,
    LegsJoined,
    RingFailed,
    StepDone,
    TimerFired,
)
from app.core.outcome import Outcome
from app.core.party import Party
from app.core.record import Part, Record
from app.core.states import Talking

PEOPLE = {
    "101": ("21", "Anna"),
    "102": ("22", "Bartek"),
    "103": ("23", "Celina"),
    "104": ("24", "Darek"),
    "105": ("221", "Ewa"),
}
LOGINS = {"anna": "101", "bartek": "102", "celina": "103", "darek": "104", "ewa": "105"}


def office(**settings) -> Directory:
    """Acme with five people, of whose numbers 22 is the beginning of 221; and its rivals, where Rita has 31."""
    accounts = {login: Account(login, 1, name) for login, (_, name) in PEOPLE.items()}
    extensions = {number: Extension(number, name, ToAccount(login)) for login, (number, name) in PEOPLE.items()}
    acme = Tenant(1, "Acme", accounts=accounts, extensions=extensions, **settings)
    rivals = Tenant(2, "Rivals", "en", {"201": Account("201", 2, "Rita")}, {"31": Extension("31", "Rita", ToAccount("201"))})
    return Directory(1, {1: acme, 2: rivals})


@dataclass
class Story:
    """Tell it what happens; it remembers what was ordered last, and everything that was ever ordered."""

    directory: Directory
    call: Call | None = None
    now: float = 100.0
    sent: list[Command] = field(default_factory=list)
    told: list[Command] = field(default_factory=list)

    def tell(self, event) -> "Story":
        if self.call is None:
            self.call = core.new(event, self.directory)
        self.call, commands = core.step(self.call, event, self.directory)
        self.told += commands
        self.sent = [command for command in commands if not isinstance(command, Write | Note)]
        return self

    # --- people ---

    def dials(self, who, number) -> "Story":
        return self.tell(CallArrived(leg=who, at=self._tick(), login=LOGINS.get(who, ""), dialled=number))

    def comes_in(self, who, city, number="+48601000111", name="") -> "Story":
        """Somebody outside dials a city number."""
        return self.tell(CallCameIn(leg=who, at=self._tick(), trunk="pstn", number=number, name=name, dialled=city))

    def talk(self, a, b, login="") -> "Story":
        """The two hear each other; ``login`` is the account of the second, where the switch says so."""
        return self.tell(LegsJoined(leg=a, other=b, at=self._tick(), call=self.call.id, other_login=login))

    def presses(self, who, *keys) -> "Story":
        for key in keys:
            self.tell(KeyPressed(leg=who, at=self._tick(), call=self.call.id, keys=key))
        return self

    def hangs_up(self, who, outcome=Outcome.ANSWERED, by_phone=True, attempt=0) -> "Story":
        return self.tell(
            LegHungUp(leg=who, at=self._tick(), call=self.call.id, outcome=outcome, by_phone=by_phone, attempt=attempt)
        )

    # --- the switch ---

    def rung_out(self, outcome) -> "Story":
        """Nobody answered the last Ring."""
        return self.tell(
            RingFailed(leg=self.call.id, at=self._tick(), call=self.call.id, step=self._attempt(), outcome=outcome)
        )

    def answers(self, who, login="") -> "Story":
        """A phone that was rung for a consultation is answered."""
        return self.tell(LegAnswered(leg=who, at=self._tick(), call=self.call.id, step=self._attempt(), login=login))

    def rings(self, *agents) -> "Story":
        """The queue rings these agents for the party."""
        for agent in agents:
            self.tell(AgentRung(leg=self.call.leg, at=self._tick(), call=self.call.id, agent=LOGINS.get(agent, agent)))
        return self

    def misses(self, agent, outcome=Outcome.NO_ANSWER) -> "Story":
        more = {"agent": LOGINS.get(agent, agent), "outcome": outcome, "since": 0.0}
        return self.tell(AgentMissed(leg=self.call.leg, at=self._tick(), call=self.call.id, **more))

    def takes(self, agent, leg="") -> "Story":
        """The agent has answered; he may be told something before he has the party."""
        more = {"agent": LOGINS.get(agent, agent), "other": leg or agent, "since": 0.0}
        return self.tell(AgentAnswered(leg=self.call.leg, at=self._tick(), call=self.call.id, **more))

    def waits(self, who, result=None) -> "Story":
        """The last script of this leg has come to its end."""
        step = [s.step for s in self.scripts() if s.leg == who][-1]
        return self.tell(StepDone(leg=who, at=self._tick(), call=self.call.id, step=step, result=result))

    def alone(self, who) -> "Story":
        """The leg waits because whom it was joined with is gone."""
        return self.tell(StepDone(leg=who, at=self._tick(), call=self.call.id, step=self._last("Join").step))

    def refused(self, command) -> "Story":
        step = getattr(command, "step", getattr(getattr(command, "first", None), "step", 0))
        leg = getattr(command, "leg", getattr(getattr(command, "first", None), "leg", ""))
        return self.tell(CommandFailed(leg=leg, at=self._tick(), call=self.call.id, step=step, reason="-ERR"))

    def time_is_up(self) -> "Story":
        timer = self._last("SetTimer")
        return self.tell(TimerFired(leg=self.call.id, at=self._tick(), call=self.call.id, name=timer.name, number=timer.number))

    # --- looking ---

    @property
    def state(self):
        return self.call.state

    @property
    def parts(self):
        """What the call log will tell: number, whether talked to, how it ended."""
        return [(part.number, part.answered is not None, part.outcome) for part in self.call.record.parts]

    def scripts(self):
        parted = [script for c in self.told if type(c).__name__ == "Separate" for script in (c.first, c.second)]
        return sorted([c for c in self.told if isinstance(c, Script)] + parted, key=lambda script: script.step)

    def script_of(self, who):
        """What the leg was told in the last step."""
        parted = [script for c in self.sent if type(c).__name__ == "Separate" for script in (c.first, c.second)]
        return next(s for s in [*self.sent, *parted] if isinstance(s, Script) and s.leg == who)

    def ordered(self, kind):
        """The last step's commands of this kind."""
        return [command for command in self.sent if isinstance(command, kind)]

    def _last(self, *kinds):
        return [command for command in self.told if type(command).__name__ in kinds][-1]

    def _attempt(self):
        return self._last("Ring", "RingOutside").step

    def _tick(self):
        self.now += 1
        return self.now


def talking(directory: Directory) -> Story:
    """Anna has called Bartek and talks to him."""
    return Story(directory).dials("anna", "22").talk("anna", "bartek")


def from_outside(directory: Directory) -> Story:
    """600100200 talks to Bartek."""
    part = Part("22", "Bartek", "102", 100.0, 105.0)
    record = Record("outside", 1, "600100200", "", "", "22", 100.0, 105.0, parts=(part,))
    party = Party("outside", "", received=False)
    return Story(directory, Call("outside", party, Talking(Party("bartek", "102")), record, 1, 1))


def renamed(directory: Directory, **changes) -> Directory:
    """Acme with other settings."""
    return replace(directory, tenants={**directory.tenants, 1: replace(directory.tenants[1], **changes)})
