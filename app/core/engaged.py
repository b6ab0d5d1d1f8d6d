"""Who is on the telephone in a call, and who is being rung for it by other means than a queue."""

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
