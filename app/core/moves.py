"""Moves that many transitions make: lead a leg by a script, refuse, end."""

from dataclasses import replace

from app.core.actions import Action, HangUp, Keys, Listen, Prompt, Say
from app.core.commands import Release, Script
from app.core.directory import Directory, Tenant
from app.core.events import LegHungUp, LegsJoined
from app.core.outcome import EndedBy, Outcome
from app.core.record import Part, Record
from app.core.routing import caller
from app.core.states import Asking, Call, Ended, Refusing, State, Waiting
from app.core.table import Step

PROMPTS = {
    Outcome.NO_SUCH_NUMBER: Prompt.NO_SUCH_NUMBER,
    Outcome.BUSY: Prompt.BUSY,
    Outcome.NO_ANSWER: Prompt.NO_ANSWER,
    Outcome.NOT_REGISTERED: Prompt.NOT_REGISTERED,
    Outcome.DECLINED: Prompt.DECLINED,
    Outcome.NOT_ALLOWED: Prompt.NOT_ALLOWED,
    Outcome.NO_LINE: Prompt.NO_LINE,
    Outcome.OVER_LIMIT: Prompt.OVER_LIMIT,
}


def tenant_of(call: Call, directory: Directory) -> Tenant | None:
    """The tenant whose call it is; None for one that is gone."""
    return directory.tenants.get(call.record.tenant)


def language_of(call: Call, directory: Directory) -> str:
    """The language of the prompts."""
    tenant = tenant_of(call, directory)
    return tenant.language if tenant else "pl"


def reason(call: Call, outcome: Outcome, directory: Directory) -> Say:
    """``outcome`` in words."""
    return Say(PROMPTS.get(outcome, Prompt.FAILED), language_of(call, directory))


def lead(call: Call, state: State, *actions: Action, rescue: tuple[Action, ...] = ()) -> Step:
    """Give the party's leg its next script."""
    call, script = led(call, state, *actions, rescue=rescue)
    return call, (script,)


def led(call: Call, state: State, *actions: Action, rescue: tuple[Action, ...] = ()) -> tuple[Call, Script]:
    """The call with the party's next script, which has still to be sent. Whoever leaves a menu or a queue leaves its keys.

    A leg that we have called ourselves, or that may be in a pair or a queue, is led from wherever it is.
    """
    number, chose = call.step + 1, isinstance(call.state, Asking | Waiting)
    if chooses(call.state) and not chooses(state):
        actions = (Listen(Keys.TALK if call.party.received and call.party.login else Keys.NONE), *actions)
    firm = chose or call.party.received or call.record.answered is not None
    script = Script(call.leg, call.id, number, actions, rescue, firm)
    return replace(call, state=state, step=number, led=number, marked=0), script


def chooses(state: State) -> bool:
    """Whether the party's keys are listened for, as a choice of its own."""
    return isinstance(state, Asking) or (isinstance(state, Waiting) and state.keys)


def firmly(step: Step) -> Step:
    """The same, for legs that may have been left half way to a partner."""
    call, commands = step
    return call, tuple(replace(order, firm=True) if isinstance(order, Script) else order for order in commands)


def aside(call: Call, leg: str, *actions: Action) -> tuple[Call, Script]:
    """A script for another leg of the call than the party's."""
    number, firm = call.step + 1, call.record.answered is not None
    return replace(call, step=number), Script(leg, call.id, number, actions, firm=firm)


def refuse(call: Call, outcome: Outcome, directory: Directory) -> Step:
    """Tell the party why it goes no further, and part with it."""
    return lead(call, Refusing(outcome), reason(call, outcome, directory), HangUp(outcome))


def finish(call: Call, outcome: Outcome, by: EndedBy, at: float) -> Step:
    """The call is over."""
    return replace(call, state=Ended(), record=call.record.end(outcome, by, at)), ()


def leave(call: Call, event: LegHungUp, *others: str) -> Step:
    """The party has left: so must the ``others``."""
    cancelled = event.by_phone or event.outcome is Outcome.ANSWERED
    ended, _ = finish(call, Outcome.CANCELLED if cancelled else event.outcome, side(call, event), event.at)
    return ended, tuple(Release(leg, Outcome.ANSWERED) for leg in others)


def side(call: Call, event: LegHungUp) -> EndedBy:
    """Whose doing it was that a leg of a talk left."""
    if not event.by_phone:
        return EndedBy.SYSTEM
    return EndedBy.CALLER if event.leg == call.id else EndedBy.CALLEE


def partner(event: LegsJoined, leg: str) -> str | None:
    """With whom ``leg`` was joined; None if it was not about that leg."""
    return {event.leg: event.other, event.other: event.leg}.get(leg)


def picked_up(record: Record, login: str, at: float, directory: Directory) -> Record:
    """The account ``login`` has taken the call from whoever was being rung."""
    who = caller(directory, login)
    return record.close(Outcome.PICKED_UP, at).begin(Part(who.number, who.name, login, at))
