"""The loop: one mailbox, one event at a time, through the core, and its commands out again.

Nothing here waits for anything but the mailbox, and nothing else touches the calls; so there are no locks.
"""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from gevent.queue import Queue

from app.core import call as core
from app.core import pickup, recovery, refer
from app.core.actions import HangUp, Prompt, Say
from app.core.call import Call, Ended, New, Refusing, Ringing
from app.core.commands import (
    Adopt,
    CancelTimer,
    Command,
    ForgetAccount,
    Release,
    RescanTrunks,
    Script,
    SetTimer,
    SwitchCommand,
    Warn,
    Write,
)
from app.core.directory import Directory, outdated
from app.core.events import (
    CallArrived,
    CallCameIn,
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
    StepDone,
    SwitchFound,
    SwitchLost,
    TimerFired,
    TrunkChanged,
)
from app.core.outcome import Outcome
from app.core.record import Record
from app.core.states import Asking
from app.ledger import Ledger
from app.ports import Journal, Presence, Switch, Timers

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class DirectoryChanged:
    """Somebody saved something; ``new`` holds from the next event on."""

    new: Directory


Letter: TypeAlias = tuple[str, Event] | DirectoryChanged | None  # the switch's name and what it says; None ends the loop


@dataclass
class Engine:
    """Leads every call of every switch it is given."""

    journal: Journal
    presence: Presence
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
        self._ledger = Ledger()
        self._exhausted: dict[int, Directory] = {}  # tenant -> the directory in which its limits are used up

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

    def _open(self, letter: tuple[str, Event] | DirectoryChanged) -> None:
        if isinstance(letter, DirectoryChanged):
            self._take_directory(letter.new)
            return
        name, event = letter
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
            orders.append(_rescan(new))
        self.directory, self._exhausted = new, {}
        for switch in self._switches.values():
            for order in orders:
                switch.send(order)
        log.info("directory %d: %d tenants, %d accounts", new.revision, len(new.tenants), len(new.accounts))

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
        elif isinstance(event, LegAnswered | StepDone | CallReferred):  # it waits for a call that is no more
            self._switches[name].send(Release(event.leg, Outcome.CANCELLED))

    def _calls_on(self, switch: str) -> Iterator[Call]:
        return (call for call in self.calls.values() if self._home[call.id] == switch)

    def _apply(self, call: Call, event: CallEvent) -> None:
        try:
            changed, commands = core.step(call, event, self._seen_by(call, event.at))
        except Exception:
            log.exception("call %s: bug in %s on %r", call.id, type(call.state).__name__, event)
            changed, commands = call, self._rescue(call)
        if changed is not call:
            log.info("call %s %s --%s--> %s", call.id, _state(call), type(event).__name__, _state(changed))
        if isinstance(event, CallMerged):
            self._moved[event.leg] = event.into
        self.calls[call.id] = changed
        self._ledger.note(changed, self.directory, event.at)
        for command in commands:
            self._carry_out(call.id, command)
        if isinstance(changed.state, Ended):
            self._forget(call.id)

    def _seen_by(self, call: Call, at: float) -> Directory:
        """The directory, which says so if the call's tenant may call nobody outside any more."""
        tenant = self.directory.tenants.get(call.record.tenant)
        if tenant is None or not self._ledger.is_exhausted(tenant, call.id, at):
            return self.directory
        if tenant.id not in self._exhausted:
            self._exhausted[tenant.id] = replace(self.directory, exhausted=frozenset({tenant.id}))
        return self._exhausted[tenant.id]

    def _forget(self, call: str) -> None:
        self.calls.pop(call, None)
        self._home.pop(call, None)
        self._moved = {leg: other for leg, other in self._moved.items() if other != call}
        self.timers.forget(call)

    def _rescue(self, call: Call) -> tuple[Command, ...]:
        """After a bug of ours: who talks goes on talking, who is put aside is led back by the switch, who waits is told."""
        if not isinstance(call.state, New | Ringing | Asking | Refusing):
            return ()
        tenant = self.directory.tenants.get(call.record.tenant)
        excuse = Say(Prompt.FAILED, tenant.language if tenant else "pl")
        return (Script(call.leg, call.id, call.step + 1, (excuse, HangUp(Outcome.FAILED))),)

    def _carry_out(self, call: str, command: Command) -> None:
        if isinstance(command, Write):
            self.journal.write(command.record)
        elif isinstance(command, Warn):
            log.warning("call %s: %s", call, command.text)
        elif isinstance(command, SetTimer):
            self._set(command, self.mailbox_of(self._home[call]))
        elif isinstance(command, CancelTimer):
            self.timers.cancel(command.call, command.name)
        else:
            if isinstance(command, Adopt):
                self._moved[command.leg] = command.call
            self._switches[self._home[call]].send(command)

    def _set(self, timer: SetTimer, mailbox: Callable[[Event], None]) -> None:
        def fire() -> None:
            mailbox(TimerFired(leg=timer.call, call=timer.call, name=timer.name, number=timer.number, at=self.clock()))

        self.timers.set(timer.call, timer.name, timer.seconds, fire)

    # --- after a connection was made ---

    def _take_stock(self, name: str, found: SwitchFound) -> None:
        """Compare what lives on the switch with what we know, and catch up."""
        self.presence.switch(name, True, found.at, "")
        self._switches[name].send(_rescan(self.directory))
        self._ledger.begin(self.journal, self.directory.tenants, found.at)
        unfinished = self.journal.unfinished()
        living = recovery.calls_of(found.legs)
        for call in [call for call, home in self._home.items() if home == name and call not in living]:
            log.info("call %s ended while nobody watched", call)
            self._ledger.forget(self.calls[call])
            self._forget(call)
        for call, legs in living.items():
            self._catch_up(name, call, legs, found.at, unfinished.get(call))
        self._known.add(name)
        if self._known == set(self._switches):  # only then is a call that is nowhere really over
            self.journal.settle(set(self.calls), found.at)

    def _catch_up(self, name: str, id_: str, legs: Sequence[FoundLeg], at: float, record: Record | None) -> None:
        call = self.calls.get(id_)
        if call is None and (call := recovery.restore(id_, legs, record, self.directory)) is not None:
            log.info("call %s found again: %s", call.id, _state(call))
            self.calls[call.id], self._home[call.id] = call, name
            self._ledger.note(call, self.directory, at)
            if call.logged:
                self._carry_out(call.id, Write(call.record))
        self._moved |= {leg.leg: id_ for leg in legs if leg.call not in ("", id_)}
        for event in recovery.missed(call, legs, at):
            self._advance(name, event)


def _state(call: Call) -> str:
    return type(call.state).__name__


def _rescan(directory: Directory) -> RescanTrunks:
    return RescanTrunks(tuple(trunk.gateway for trunk in directory.trunks))
