"""What a controller concludes from a stock-taking: which calls live, and what happened to them while nobody watched."""

from collections.abc import Iterable, Mapping, Sequence

from app.core import places
from app.core.beginning import from_a_phone, from_outside
from app.core.directory import Directory
from app.core.events import (
    AgentAnswered,
    AgentMissed,
    CallArrived,
    CallCameIn,
    CallEvent,
    CallReferred,
    ControlResumed,
    FoundLeg,
    LegAnswered,
    LegHungUp,
    LegsJoined,
    RingFailed,
    Role,
    StepDone,
)
from app.core.legs import legs_of
from app.core.outcome import Outcome
from app.core.party import Party
from app.core.record import Part, Record
from app.core.remember import recall
from app.core.routing import NOBODY, Way, caller
from app.core.states import Aside, Call, Consulting, HandedOver, Returning, Ringing, State, Talking, Waiting


def calls_of(legs: Iterable[FoundLeg]) -> Mapping[str, list[FoundLeg]]:
    """The legs of each call, by its id. A leg that nobody has led yet is the beginning of a call of its own."""
    calls: dict[str, list[FoundLeg]] = {}
    living = {leg.leg: leg for leg in legs}
    for leg in living.values():
        if leg.call or leg.role is Role.CALLER:
            calls.setdefault(_belongs_to(leg, living), []).append(leg)
    return calls


def _belongs_to(leg: FoundLeg, living: Mapping[str, FoundLeg]) -> str:
    """The call of a leg. Where a phone has joined the far ends of two calls, one of them has both: the one with a caller."""
    own, other = leg.call or leg.leg, living.get(leg.other)
    if other is None or leg.waiting or other.waiting or not other.call:
        return own
    return min((own, other.call), key=lambda call: (call not in living, living[call].started if call in living else 0, call))


def restore(call: str, legs: Sequence[FoundLeg], record: Record | None, directory: Directory) -> Call | None:
    """The call that ``legs`` make up, as an earlier controller left it; None if nobody had led it or the customer has left.

    ``record`` is what the call log knows of it; without one the call is written down afresh from what the switch remembers.
    ``missed`` tells the rest.
    """
    customer = _customer(call, legs)
    if customer is None:
        return None
    state, last = recall(customer.note), max(leg.step for leg in legs)
    if isinstance(state, Aside):  # the customer's call is over and written down
        nobody = Record(call, NOBODY, "", "", "", "", customer.started)
        return Call(call, Party(customer.leg, customer.login), state, nobody, last, logged=False)
    if record is None and isinstance(state, None | Ringing | Talking) and customer.waiting and customer.answered:
        return None  # it was talking; its end is written down already, only the leg has not heard of it
    record = record or _from_the_leg(customer, directory)
    if record is None:
        return None
    if isinstance(state, Returning):
        record = _returning(record, state.back, legs, directory)
    if isinstance(state, Waiting) and record.visit is None:
        record = _stay(record, state, directory)
    state = state or Ringing(_first_way(record, directory))
    return Call(call, _party(customer, record), state, record, last, customer.step, logged=record.tenant != NOBODY)


def _stay(record: Record, state: Waiting, directory: Directory) -> Record:
    """A stay in a queue that nobody has written down. The name is that of now, if there is one."""
    tenant = directory.tenants.get(record.tenant)
    queues = tenant.queues.values() if tenant else ()
    name = next((queue.name for queue in queues if queue.id == state.queue), "")
    number = places.number_of_queue(name, tenant) if tenant else ""
    since = max([float(state.since), *(part.ended or part.started for part in record.parts)])
    return record.wait(Part(number, name, "", since), state.queue, name)


def _party(customer: FoundLeg, record: Record) -> Party:
    """Of somebody outside whom we called, the number stands in the record only."""
    received = customer.role is not Role.CALLER
    outside = [part.number for part in record.parts if part.is_outside] if received and not customer.login else []
    return Party(customer.leg, customer.login, received, outside[-1] if outside else "")


def _first_way(record: Record, directory: Directory) -> Way:
    """Where the dialled number leads: the one way that needs no note."""
    tenant = directory.tenants.get(record.tenant)
    return Way(places.of_dialled(record.dialled, tenant) if tenant else "")


def _returning(record: Record, back: str, legs: Sequence[FoundLeg], directory: Directory) -> Record:
    """A return that the switch has begun by itself is in no log yet. It began, at the latest, with the leg that rings now."""
    if record.rung and record.rung.login == back:
        return record
    talked = [part.answered for part in record.parts[-1:] if part.answered]
    at = max([*talked, *(part.started for part in record.parts[-1:]), *(leg.started for leg in legs)])
    who = caller(directory, back)
    return record.close(Outcome.TRANSFERRED if talked else Outcome.NO_ANSWER, at).begin(Part(who.number, who.name, back, at))


def missed(call: Call | None, legs: Sequence[FoundLeg], at: float) -> tuple[CallEvent, ...]:
    """The events that nobody heard, as far as the present state of the legs tells. Doubled ones do no harm."""
    if call is None:
        return tuple(_alone(leg, at) for leg in legs if leg.waiting or _is_left_over(leg))
    found = {leg.leg: leg for leg in legs}
    gone = [leg for leg in legs_of(call) if leg not in found]
    events: list[CallEvent] = [
        CallReferred(leg=leg.leg, at=at, call=call.id, dialled=leg.referred, step=leg.step) for leg in legs if leg.referred
    ]  # before the end of the phone that did it, as that one is not the call's end
    events += [LegHungUp(leg=leg, at=at, call=call.id, outcome=Outcome.ANSWERED, by_phone=False) for leg in gone]
    events += _joined(call, found, at)
    events += _waiting(call, legs, at)
    events += _rung_no_more(call, legs, at)
    events.append(ControlResumed(leg=call.leg, at=at, call=call.id))
    return tuple(events)


def _is_left_over(leg: FoundLeg) -> bool:
    """Somebody we called who talks to nobody."""
    return leg.role is not Role.CALLER and leg.answered is not None and not leg.other


def _alone(leg: FoundLeg, at: float) -> CallEvent:
    """What a waiting leg without a call is: the beginning of one, or what is left of one."""
    if leg.step or leg.role is not Role.CALLER:
        return StepDone(leg=leg.leg, at=at, call=leg.call, step=leg.step, result=leg.result, agent=leg.agent)
    if leg.trunk:
        whom = {"trunk": leg.trunk, "number": leg.number, "name": leg.name, "dialled": leg.dialled}
        return CallCameIn(leg=leg.leg, at=leg.started, **whom)
    return CallArrived(leg=leg.leg, at=leg.started, login=leg.login, dialled=leg.dialled)


def _joined(call: Call, found: Mapping[str, FoundLeg], at: float) -> list[CallEvent]:
    """Who talks to whom, each pair once; a leg that waits does not talk, whatever it remembers."""
    pairs: dict[frozenset[str], LegsJoined] = {}
    for leg in legs_of(call):
        one = found.get(leg)
        two = found.get(one.other) if one else None
        if one and one.other and not one.waiting and not (two and two.waiting):
            pairs.setdefault(frozenset((leg, one.other)), _pair(call.id, one, two, _since(one, two) or at))
    return list(pairs.values())


def _since(one: FoundLeg, two: FoundLeg | None) -> float | None:
    """When both had answered: who has waited in a queue was answered long before he talked."""
    return max((leg.answered for leg in (one, two) if leg and leg.answered), default=None)


def _pair(call: str, one: FoundLeg, two: FoundLeg | None, at: float) -> LegsJoined:
    """Told by the second, where it was found: it knows best whose it is, and a guess could give a stranger keys."""
    if two is None:
        return LegsJoined(leg=one.leg, at=at, call=call, other=one.other, login=one.login)
    number = two.number if two.role is Role.CALLEE else ""
    return LegsJoined(leg=two.leg, at=at, call=call, other=one.leg, login=two.login, other_login=one.login, number=number)


def _waiting(call: Call, legs: Sequence[FoundLeg], at: float) -> list[CallEvent]:
    events: list[CallEvent] = []
    attempt = call.state.attempt if isinstance(call.state, Consulting | HandedOver) and not _picker(call.state) else 0
    for leg in legs:
        if leg.waiting and attempt and leg.role is Role.TARGET and leg.step == attempt:
            events.append(LegAnswered(leg=leg.leg, at=at, call=call.id, step=attempt, login=leg.login))
        elif leg.waiting and not leg.referred:
            events.append(StepDone(leg=leg.leg, at=at, call=call.id, step=leg.step, result=leg.result, agent=leg.agent))
        elif call.record.visits and _has_answered_alone(leg, call):
            events.append(_agent(leg, call, at))
    if attempt and not any(leg.role is Role.TARGET and leg.step == attempt for leg in legs):
        events.append(RingFailed(leg=call.id, at=at, call=call.id, step=attempt, outcome=Outcome.NO_ANSWER))
    return events


def _rung_no_more(call: Call, legs: Sequence[FoundLeg], at: float) -> Iterable[AgentMissed]:
    """Agents who were rung for the party when somebody watched last. Why they did not take it nobody knows."""
    rung = {leg.login or leg.number for leg in legs if leg.role is Role.CALLEE}
    offers = [offer for offer in call.record.visit.offers if offer.ended is None] if call.record.visit else []
    for offer in offers:
        if offer.agent not in rung:
            yield AgentMissed(
                leg=call.leg, at=at, call=call.id, agent=offer.agent, outcome=Outcome.CANCELLED, since=offer.started
            )


def _has_answered_alone(leg: FoundLeg, call: Call) -> bool:
    return leg.role is Role.CALLEE and leg.answered is not None and not leg.other and leg.leg not in legs_of(call)


def _agent(leg: FoundLeg, call: Call, at: float) -> AgentAnswered:
    """An agent of a queue: of whom the party will have in a moment, or has just left, when nobody else frees him."""
    return AgentAnswered(leg=call.leg, at=at, call=call.id, agent=leg.login or leg.number, other=leg.leg, since=leg.started)


def _picker(state: State) -> str:
    return state.picker if isinstance(state, Consulting) else ""


def _customer(call: str, legs: Sequence[FoundLeg]) -> FoundLeg | None:
    """The leg whose call it is: the one with a note, else the one it began with; else whoever was called first and talks."""
    order = (Role.CALLEE, Role.TARGET, Role.CALLER)
    led = [leg for leg in legs if leg.note or leg.referred or (leg.answered and leg.other) or _is_callers(leg)]
    return min(led, key=lambda leg: (not leg.note, leg.leg != call, order.index(leg.role), leg.started, leg.leg), default=None)


def _is_callers(leg: FoundLeg) -> bool:
    return leg.role is Role.CALLER and leg.step > 0


def _from_the_leg(leg: FoundLeg, directory: Directory) -> Record | None:
    if leg.role is not Role.CALLER or leg.call not in ("", leg.leg):
        return None
    if leg.trunk:
        return from_outside(leg.leg, leg.number, leg.name, leg.dialled, leg.started, directory)
    return from_a_phone(leg.leg, leg.login, leg.dialled, leg.started, directory)
