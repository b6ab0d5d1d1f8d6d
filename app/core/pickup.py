"""Picking up a call that rings elsewhere: one winner, decided here, before anyone is answered.

The call stops being one that rings in the same step in which it is given away, so nobody else can be given it. How the winner
gets it: `taking.py`.
"""

from collections.abc import Iterable

from app.core import numbering, places
from app.core.destinations import ToAccount, ToQueue
from app.core.directory import Directory
from app.core.events import (
    CallArrived,
    CallEvent,
    CallPickedUp,
    PickupMissed,
)
from app.core.outcome import Outcome
from app.core.queueing import queue_of
from app.core.record import Offer, Part
from app.core.routing import Way, caller, logins_at
from app.core.states import (
    Awaiting,
    Call,
    Consulting,
    Diverting,
    HandedOver,
    PickingUp,
    Returning,
    Ringing,
    Sending,
    State,
    Waiting,
)

RECENTLY = 5.0  # seconds for which whoever comes too late is told who was faster

_RINGING = (Ringing, Sending, Returning, Diverting, Consulting, HandedOver, Awaiting, Waiting)


# --- who gets which call --------------------------------------------------------------------------------------------


def decide(event: CallEvent, calls: Iterable[Call], directory: Directory) -> CallEvent:
    """Turn a dialled pickup code into what it comes to: CallPickedUp for the call that is won, or PickupMissed.

    ``calls`` are those of the same switch. Any other event comes back as it is.
    """
    if type(event) is not CallArrived:
        return event
    number, tenant = numbering.picks_up(event.dialled), directory.tenant_of(event.login)
    if number is None or tenant is None:
        return event
    own = [call for call in calls if call.record.tenant == tenant.id and call.logged]
    ringing = [(_since(call, number, directory), call.id) for call in own if _rings(call, number, directory)]
    if ringing:
        return CallPickedUp(leg=event.leg, at=event.at, call=min(ringing)[1], login=event.login)
    winner = next(filter(None, (_winner(call, number, event.at, directory) for call in own)), "")
    return PickupMissed(leg=event.leg, at=event.at, login=event.login, dialled=event.dialled, winner=winner)


def _rings(call: Call, number: str, directory: Directory) -> bool:
    """Whether the call may be taken with this number (empty: with any). What somebody has dialled outside is his own."""
    if isinstance(call.state, Waiting):
        return _waits(call, call.state, number, directory)
    way = _way(call.state)
    if not isinstance(call.state, _RINGING) or _is_taken(call) or (way and places.is_dialled(way.place)):
        return False
    return _is_rung_at(call, call.record.rung, number, directory)


def _waits(call: Call, state: Waiting, number: str, directory: Directory) -> bool:
    """With the queue's number whoever waits in it may be taken, with an agent's, or none, only who rings at him, or at any.

    Not who stands in for somebody, whom nobody can talk to, nor who is about to talk to an agent.
    """
    if state.wanted or state.answered:
        return False
    return _is_of_queue(call, state, number, directory) or bool(_offers(call, number, directory))


def _is_of_queue(call: Call, state: Waiting, number: str, directory: Directory) -> bool:
    tenant, queue = directory.tenants.get(call.record.tenant), queue_of(call, state.queue, directory)
    extension = tenant.extensions.get(number) if tenant else None
    return extension is not None and queue is not None and extension.to == ToQueue(queue.name)


def _offers(call: Call, number: str, directory: Directory) -> list[Offer]:
    """The agents' telephones that ring for the call, of those that ``number`` leads straight to (empty: all)."""
    tenant, visit = directory.tenants.get(call.record.tenant), call.record.visit
    extension = tenant.extensions.get(number) if tenant else None
    login = extension.to.login if extension and isinstance(extension.to, ToAccount) else ""
    return [one for one in (visit.offers if visit else ()) if one.ended is None and (not number or one.agent == login)]


def _since(call: Call, number: str, directory: Directory) -> float:
    """Since when it rings, or waits, where that is asked for."""
    waits = isinstance(call.state, Waiting) and not _is_of_queue(call, call.state, number, directory)
    offered = [offer.started for offer in _offers(call, number, directory)] if waits else []
    rung = call.record.rung
    return min(offered) if offered else rung.started if rung else 0.0


def _way(state: State) -> Way | None:
    return state.way if isinstance(state, Ringing | Sending | Diverting | Consulting | HandedOver | Awaiting) else None


def _is_taken(call: Call) -> bool:
    return isinstance(call.state, Consulting | Awaiting) and bool(call.state.login)


def _is_rung_at(call: Call, part: Part | None, number: str, directory: Directory) -> bool:
    """Whether ``number`` is the one that is rung, or leads straight to an account that is."""
    tenant, way = directory.tenants.get(call.record.tenant), _way(call.state)
    if part is None or tenant is None:
        return False
    if number in ("", part.number) or (way and number == places.extension_of(way.place)):
        return True
    extension, logins = tenant.extensions.get(number), logins_at(way, tenant, directory) if way else ()
    return extension is not None and isinstance(extension.to, ToAccount) and extension.to.login in (part.login, *logins)


def _winner(call: Call, number: str, at: float, directory: Directory) -> str:
    """The number of whoever has just taken the call that was wanted; empty if it was another call, or long ago."""
    if isinstance(call.state, PickingUp):
        picker, wanted = call.state.picker, _is_rung_at(call.state.before, call.record.rung, number, directory)
        return caller(directory, picker.login).number if picker and wanted else ""
    if isinstance(call.state, Awaiting):
        wanted = _is_taken(call) and _is_rung_at(call, call.record.rung, number, directory)
        return caller(directory, call.state.login).number if wanted else ""
    parts = call.record.parts
    if not parts or not (_is_taken(call) or (parts[-1].answered or 0) >= at - RECENTLY):
        return ""
    last_two = [part for part in parts[-2:] if part is parts[-1] or part.outcome is Outcome.PICKED_UP]
    return parts[-1].number if any(_is_rung_at(call, part, number, directory) for part in last_two) else ""
