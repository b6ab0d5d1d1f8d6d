"""The loop: one mailbox, one event at a time, through the core, and its commands out again.

Nothing here waits for anything but the mailbox, and nothing else touches the calls; so there are no locks.
"""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import TypeAlias

from gevent.queue import Queue

from app.core import call as core
from app.core import calling_back, pickup, recovery, refer
from app.core.call import Call, Ended
from app.core.commands import (
    Adopt,
    Attend,
    CancelTimer,
    Command,
    ForgetAccount,
    KeepPlace,
    Release,
    RescanTrunks,
    SetTimer,
    SwitchCommand,
    Warn,
    Write,
)
from app.core.directory import Directory, outdated
from app.core.events import (
    AgentAnswered,
    CallArrived,
    CallCameIn,
    CallerReached,
    CallEvent,
    CallMerged,
    CallPickedUp,
    CallReferred,
    Event,
    FoundLeg,
    LegAnswered,
    PhoneRegistered,
    PhonesCounted,
    PhoneUnregistered,
    QueueClosed,
    StepDone,
    SwitchFound,
    SwitchLost,
    TimerFired,
    TrunkChanged,
)
from app.core.outcome import Outcome
from app.core.record import Record
from app.floor import Floor
from app.ledger import Ledger
from app.ports import Journal, Presence, Roster, Switch, Timers

log = logging.getLogger(__name__)

DUTY = "duty"  # the timer of the next end of a pause, which is no call's


@dataclass(frozen=True)
class DirectoryChanged:
    """Somebody saved something; ``new`` holds from the next event on."""

    new: Directory


@dataclass(frozen=True)
class DutyChanged:
    """A pause has ended by itself."""


Letter: TypeAlias = tuple[str, Event] | DirectoryChanged | DutyChanged | None
"""What a switch (its name) says, or what else has happened; None ends the loop."""


@dataclass
class Engine:
    """Leads every call of every switch it is given."""

    journal: Journal
    presence: Presence
    roster: Roster
    timers: Timers
    directory: Directory = field(default_factory=Directory)
    clock: Callable[[], float] = time.time
    calls: dict[str, Call] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._mailbox: Queue[Letter] = Queue()
        self._switches: dict[str, Switch] = {}
        self._home: dict[str, str] = {}  # call -> the switch it lives on
        self._moved: dict[str, str] = {}  # leg -> the call it belongs to now, whatever it was born for
        self._known: set[str] = set()  # switches whose legs we have counted and not lost since
        self._ledger, self._floor = Ledger(), Floor()
        self._floor.take(self.directory)

    # --- what others may call, from any greenlet ---

    def attach(self, name: str, switch: Switch) -> None:
        """Give the engine a switch; before ``run``."""
        self._switches[name] = switch

    def mailbox_of(self, name: str) -> Callable[[Event], None]:
        """Where the switch called ``name`` drops what happened."""
        return lambda event: self._mailbox.put((name, event))

    def change_directory(self, new: Directory) -> None:
        """Let the next event see ``new``."""
        self._mailbox.put(DirectoryChanged(new))

    def stop(self) -> None:
        """End ``run`` after what is in the mailbox now. Calls are left as they are."""
        self._mailbox.put(None)

    def run(self) -> None:
        """Work until ``stop``."""
        while (letter := self._mailbox.get()) is not None:
            try:
                self._open(letter)
            except Exception:  # our own bug: it may cost one event, never the loop
                log.exception("cannot handle %r", letter)

    # --- one letter ---

    def _open(self, letter: tuple[str, Event] | DirectoryChanged | DutyChanged) -> None:
        if isinstance(letter, DirectoryChanged):
            self._take_directory(letter.new)
        elif not isinstance(letter, DutyChanged):
            self._hear(*letter)
        self._serve_queues()

    def _hear(self, name: str, event: Event) -> None:
        if isinstance(event, SwitchFound):
            self._take_stock(name, event)
        elif isinstance(event, SwitchLost):
            self._known.discard(name)
            self.presence.switch(name, False, event.at, event.reason)
        elif isinstance(event, PhoneRegistered | PhoneUnregistered | PhonesCounted):
            self.presence.note(event)
        elif isinstance(event, TrunkChanged):
            self.presence.trunk(event)
        else:
            self._advance(name, event)

    def _take_directory(self, new: Directory) -> None:
        orders: list[SwitchCommand] = [ForgetAccount(login) for login in outdated(self.directory, new)]
        if new.trunks != self.directory.trunks:
            orders.append(RescanTrunks(new.gateways))
        self.directory = new
        for switch in self._switches.values():
            for order in orders:
                switch.send(order)
        log.info("directory %d: %d tenants, %d accounts", new.revision, len(new.tenants), len(new.accounts))
        self._floor.take(new)
        for call in [self.calls[id_] for id_ in self._floor.stranded()]:
            self._apply(call, QueueClosed(leg=call.leg, at=self.clock(), call=call.id))

    def _serve_queues(self) -> None:
        """Let the switches know if their queues are to be served in another way from now on."""
        at, before = self.clock(), self._floor.changes
        if order := self._floor.serve(at, self._ledger):
            for name in self._known:
                self._switches[name].send(order)
        if self._floor.changes not in (before, inf):
            self.timers.set("", DUTY, self._floor.changes - at, lambda: self._mailbox.put(DutyChanged()))

    def _advance(self, name: str, event: CallEvent) -> None:
        for decided in refer.merged(pickup.decide(event, self._calls_on(name), self.directory), self._calls_on(name)):
            self._hand_over(name, decided)

    def _hand_over(self, name: str, event: CallEvent) -> None:
        """Give the event to its call. A leg that has changed its call is known here until it says so itself."""
        if isinstance(event, CallPickedUp):
            self._moved[event.leg] = event.call
        call = self.calls.get(self._moved.get(event.leg) or self._moved.get(event.call) or event.call or event.leg)
        if call is not None:
            self._apply(call, event)
        elif isinstance(event, CallArrived | CallCameIn):
            call = core.new(event, self.directory)
            self._home[call.id] = name
            self._apply(call, event)
        elif isinstance(event, LegAnswered | StepDone | CallReferred | AgentAnswered):  # it waits for a call that is no more
            self._switches[name].send(
                Release(event.other if isinstance(event, AgentAnswered) else event.leg, Outcome.CANCELLED)
            )

    def _calls_on(self, switch: str) -> Iterator[Call]:
        return (call for call in self.calls.values() if self._home[call.id] == switch)

    def _apply(self, call: Call, event: CallEvent) -> None:
        event = self._floor.counted(event, call)
        if pause := self._floor.missed(event, call):
            self.roster.attend(pause)
        try:
            changed, commands = core.step(call, event, self._seen_by(call, event.at))
        except Exception:
            log.exception("call %s: bug in %s on %r", call.id, type(call.state).__name__, event)
            changed, commands = call, core.after_a_bug(call, self.directory)
        if changed is not call:
            log.info("call %s %s --%s--> %s", call.id, _state(call), type(event).__name__, _state(changed))
        if isinstance(event, CallMerged):
            self._moved[event.leg] = event.into
        self.calls[call.id] = changed
        self._note(changed, event.at)
        for command in commands:
            self._carry_out(call.id, command)
        if isinstance(changed.state, Ended):
            self._forget(call.id)
        for kept in self._floor.reached(call, changed):
            self._apply(self.calls[kept], CallerReached(leg=kept, at=event.at, call=kept))

    def _note(self, call: Call, at: float) -> None:
        self._ledger.note(call, self.directory, at)
        self._floor.note(call)

    def _seen_by(self, call: Call, at: float) -> Directory:
        """The directory, with what only we know of this moment, as far as it is the call's tenant's business."""
        tenant = self.directory.tenants.get(call.record.tenant)
        if tenant is None:
            return self.directory
        limit = self._ledger.exhausted(tenant, call.id, at)
        exhausted = {tenant.id: limit} if limit else {}
        return self.directory.at_this_moment(exhausted, self._floor.full(tenant), self._floor.busy, self._floor.promised)

    def _forget(self, call: str) -> None:
        self.calls.pop(call, None)
        self._home.pop(call, None)
        self._moved = {leg: other for leg, other in self._moved.items() if other != call}
        self.timers.forget(call)

    def _carry_out(self, call: str, command: Command) -> None:
        if isinstance(command, Write):
            self.journal.write(command.record)
        elif isinstance(command, Warn):
            log.warning("call %s: %s", call, command.text)
        elif isinstance(command, SetTimer):
            self._set(command, self.mailbox_of(self._home[call]))
        elif isinstance(command, CancelTimer):
            self.timers.cancel(command.call, command.name)
        elif isinstance(command, Attend):
            self.roster.attend(command)
        else:
            if isinstance(command, KeepPlace):
                self._begin(self._home[call], calling_back.stand_in(command), command.record.started)
            if isinstance(command, Adopt):
                self._moved[command.leg] = command.call
            self._switches[self._home[call]].send(command)

    def _begin(self, name: str, call: Call, at: float) -> None:
        """Lead a call that nobody has just dialled: it was found, or somebody stands in for a caller."""
        self.calls[call.id], self._home[call.id] = call, name
        self._note(call, at)
        if call.logged:
            self.journal.write(call.record)

    def _set(self, timer: SetTimer, mailbox: Callable[[Event], None]) -> None:
        def fire() -> None:
            mailbox(TimerFired(leg=timer.call, call=timer.call, name=timer.name, number=timer.number, at=self.clock()))

        self.timers.set(timer.call, timer.name, timer.seconds, fire)

    # --- after a connection was made ---

    def _take_stock(self, name: str, found: SwitchFound) -> None:
        """Compare what lives on the switch with what we know, and catch up."""
        self.presence.switch(name, True, found.at, "")
        self._switches[name].send(RescanTrunks(self.directory.gateways))
        self._ledger.begin(self.journal, self.directory.tenants, found.at)
        unfinished = self.journal.unfinished()
        living = recovery.calls_of(found.legs)
        for call in [call for call, home in self._home.items() if home == name and call not in living]:
            log.info("call %s ended while nobody watched", call)
            self._ledger.forget(self.calls[call])
            self._floor.forget(call)
            self._forget(call)
        for call, legs in living.items():
            self._catch_up(name, call, legs, found.at, unfinished.get(call))
        self._known.add(name)
        self._floor.say_again()
        if self._known == set(self._switches):  # only then is a call that is nowhere really over
            self.journal.settle(set(self.calls), found.at)

    def _catch_up(self, name: str, id_: str, legs: Sequence[FoundLeg], at: float, record: Record | None) -> None:
        call = self.calls.get(id_)
        if call is None and (call := recovery.restore(id_, legs, record, self.directory)) is not None:
            log.info("call %s found again: %s", call.id, _state(call))
            self._begin(name, call, at)
        self._moved |= {leg.leg: id_ for leg in legs if leg.call not in ("", id_)}
        for event in recovery.missed(call, legs, at):
            self._advance(name, event)


def _state(call: Call) -> str:
    return type(call.state).__name__
