"""Who is on the telephone in a call, who is being rung for it by other means than a queue, and which lines outside it takes."""

from collections.abc import Mapping

from app.core.directory import Directory
from app.core.party import Party
from app.core.routing import logins_at
from app.core.states import Call, Consulting, Diverting, Ended, HandedOver, PickingUp, Returning, Ringing, Sending, Waiting


def people(call: Call) -> dict[str, str]:
    """The accounts whose legs take part in the call, by leg."""
    if isinstance(call.state, Ended):
        return {}
    parties = (call.party, *(getattr(call.state, name, None) for name in ("other", "transferor", "target", "picker")))
    taking_part = {party.leg: party.login for party in parties if isinstance(party, Party) and party.login}
    if isinstance(call.state, Consulting) and call.state.picker:
        taking_part[call.state.picker] = call.state.login
    return taking_part


def rung(call: Call, directory: Directory) -> frozenset[str]:
    """The accounts that ring for the call now."""
    state = call.state.before.state if isinstance(call.state, PickingUp) else call.state
    if isinstance(state, Returning):
        return frozenset({state.back})
    if isinstance(state, Waiting) or not isinstance(state, Ringing | Sending | Diverting | Consulting | HandedOver):
        return frozenset()
    asked = state.asked.split("+") if isinstance(state, Consulting) and state.asked else ()
    one = call.record.rung.login if call.record.rung else ""
    return frozenset(filter(None, (one, *asked, *logins_at(state.way, directory.tenants.get(call.record.tenant), directory))))


def lines(call: Call) -> tuple[str, ...]:
    """The telephones outside that we have called for the call, and that ring or talk now: each takes a line."""
    if isinstance(call.state, Ended):
        return ()
    last = call.record.parts[-1] if call.record.parts else None
    called = last.number if last is not None and last.is_outside and last.ended is None else ""
    return tuple(dict.fromkeys(filter(None, (call.party.number, called, *_offered(call)))))


def for_a_queue(call: Call) -> Mapping[str, float]:
    """Those of them whom a queue rings, or has given the caller to; and when it began to ring them."""
    visit, taken = call.record.visits[-1] if call.record.visits else None, lines(call)
    if visit is None:
        return {}
    his = {offer.agent: offer.started for offer in visit.offers if offer.agent == visit.agent and offer.agent in taken}
    return his | _offered(call)


def _offered(call: Call) -> dict[str, float]:
    """Agents outside who are rung for the call by its queue, and since when."""
    rung = [offer for offer in call.record.visit.offers if offer.ended is None] if call.record.visit else []
    return {offer.agent: offer.started for offer in rung if offer.agent.startswith("+")}
