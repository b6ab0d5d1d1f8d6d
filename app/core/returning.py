"""A caller is never lost by a transfer: back to who sent him on, then where the tenant says, then an apology.

The same way is the rescue of every script that puts a caller aside, so the switch walks it even when nobody tells it to.
"""

from dataclasses import replace

from app.core import places, routing
from app.core.actions import Action, Answer, Connect, HangUp, Music, Play, Present, Prompt, Remember, Say
from app.core.commands import Script
from app.core.directory import Directory
from app.core.moves import language_of, lead, led, tenant_of
from app.core.outcome import Outcome
from app.core.party import display
from app.core.presenting import ringing, short
from app.core.queueing import in_line
from app.core.record import Part
from app.core.remember import remember
from app.core.routing import Way, caller
from app.core.states import Call, Diverting, Refusing, Returning, State
from app.core.table import Step

RETURN_SECONDS = 20
PAUSE_SECONDS = 10  # music between the two attempts
MUSIC_SECONDS = 60  # of somebody put aside; then he is seen to again

MARKED = {  # without a colon: of a name that holds one, the switch shows a phone only what follows it
    "pl": ("Powrót {customer}", "Powrót {customer} od {target}"),
    "en": ("Return {customer}", "Return {customer} from {target}"),
}


def put_aside(call: Call, state: State, back: str, at: float, directory: Directory) -> tuple[Call, Script]:
    """The party hears music while the account ``back`` arranges the transfer."""
    return led(call, state, Music(MUSIC_SECONDS), rescue=rescue(call, back, at, directory))


def keep_aside(call: Call, back: str, at: float, directory: Directory) -> Step:
    """The music goes on."""
    call, music = put_aside(call, call.state, back, at, directory)
    return call, (music,)


def rescue(call: Call, back: str, at: float, directory: Directory, target: str = "") -> tuple[Action, ...]:
    """The whole way back, for the switch to walk by itself."""
    way = _way_back(call, back, directory, target)
    return (Remember(remember(Returning(back))), *way, *_last_resort(call, at, directory))


def return_to(call: Call, back: str, at: float, directory: Directory, target: str = "") -> Step:
    """Ring the account that sent the party on to ``target``."""
    who = caller(directory, back)
    record = call.record.close(Outcome.TRANSFERRED, at).begin(Part(who.number, who.name, back, at))
    way = _way_back(call, back, directory, target)
    return lead(replace(call, record=record), Returning(back), *way, rescue=_last_resort(call, at, directory))


def ring_back(call: Call, back: str, at: float, directory: Directory) -> Step:
    """Ring that account once more, as before."""
    customer = display(call.party, call.record, directory)
    ring = Present(customer.number, customer.name), Connect((back,), RETURN_SECONDS)
    return lead(call, Returning(back), *ring, rescue=_last_resort(call, at, directory))


def _way_back(call: Call, back: str, directory: Directory, target: str) -> tuple[Action, ...]:
    customer = display(call.party, call.record, directory)
    plain, from_whom = MARKED.get(language_of(call, directory), MARKED["pl"])
    marked = (from_whom if target else plain).format(customer=short(customer.number), target=short(target))
    attempt = Connect((back,), RETURN_SECONDS)
    return Present(customer.number, marked), attempt, Music(PAUSE_SECONDS), attempt


def _last_resort(call: Call, at: float, directory: Directory) -> tuple[Action, ...]:
    return (*_fallback(call, at, directory), *sorry(call, directory))


def sorry(call: Call, directory: Directory) -> tuple[Action, ...]:
    """The apology, and the end."""
    return Say(Prompt.TRANSFER_FAILED, language_of(call, directory)), HangUp(Outcome.ANSWERED)


def _fallback(call: Call, at: float, directory: Directory) -> tuple[Action, ...]:
    """As much of the tenant's fallback as a script can do by itself, which is all but what depends on an answer or a key."""
    way, plan = routing.resolve(Way(places.FALLBACK), tenant_of(call, directory), directory, at)
    if isinstance(plan, routing.Tell):
        return Answer(), Play(plan.message.sound), HangUp(Outcome.ANSWERED)
    if isinstance(plan, routing.Wait):
        return Answer(), in_line(call, plan.queue, 0, directory)
    if not isinstance(plan, routing.Ring | routing.Dial):
        return ()
    turns = range(len(plan.steps if isinstance(plan, routing.Ring) else plan.trunks))
    attempts = (ringing(call, Diverting(replace(way, turn=turn)), plan, directory) for turn in turns)
    return tuple(action for attempt in attempts for action in attempt)


def apologize(call: Call, directory: Directory) -> Step:
    """Nobody at all could be found for the party."""
    return lead(call, Refusing(Outcome.FAILED), *sorry(call, directory))
