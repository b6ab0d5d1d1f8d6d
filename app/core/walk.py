"""The party is led along a way: one step of a plan after another, one trunk after another, then where the plan says for the
reason there is. Where the way ends, the state that the party is led in says what becomes of it.
"""

from dataclasses import replace

from app.core import asking, places, queueing, routing
from app.core.actions import Action, Answer, HangUp, Play
from app.core.commands import Command, Warn
from app.core.directory import Directory, Queue
from app.core.moves import lead, refuse, tenant_of
from app.core.outcome import Outcome
from app.core.presenting import ringing
from app.core.record import Part, Stop
from app.core.returning import apologize, rescue, return_to, sorry
from app.core.routing import Dial, Plan, Ring, Way
from app.core.states import Call, Led, Refusing, Ringing, Sending, Waiting
from app.core.table import Step

_OF_ACCOUNTS = (Outcome.NO_ANSWER, Outcome.BUSY, Outcome.DECLINED, Outcome.NOT_REGISTERED)
_OF_DEVICES = (Outcome.BUSY, Outcome.DECLINED, Outcome.NO_ANSWER)


def onward(call: Call, led: Led, at: float, directory: Directory) -> Step:
    """Lead the party to what its way comes to now."""
    way, plan = routing.resolve(led.way, tenant_of(call, directory), directory, at)
    return follow(call, replace(led, way=way), plan, at, directory)


def follow(call: Call, led: Led, plan: Plan, at: float, directory: Directory) -> Step:
    """Do what is planned for the place to which the party's way has come."""
    if isinstance(plan, Ring | Dial):
        return _turn(call, led, plan, at, directory)
    if isinstance(plan, routing.Ask):
        return asking.enter(call, led, plan.menu, at, rescue_of(call, led, at, directory))
    if isinstance(plan, routing.Wait):
        return _wait(call, led, plan, at, directory)
    if isinstance(plan, routing.Tell):
        return _tell(call, plan, at)
    if isinstance(plan, routing.End):
        logged = Outcome.DECLINED if plan.outcome is Outcome.ANSWERED else plan.outcome  # nobody has answered
        return lead(call, Refusing(logged), HangUp(plan.outcome))
    sender = led.back if isinstance(led, Sending) else call.party.login
    call, commands = way_ends(stopped(call, plan, sender, at), led, plan.outcome, at, directory)
    return call, (*warning(plan), *commands)


def warning(plan: Plan) -> tuple[Command, ...]:
    """What the operator should know of a plan."""
    return (Warn(plan.why),) if isinstance(plan, routing.Refuse) and plan.why else ()


def stopped(call: Call, plan: Plan, sender: str, at: float) -> Call:
    """With a line in the call log for what the account ``sender`` wanted, if it is a limit by which the plan refuses that.

    The line before must have been closed: this one is over at once, and whatever becomes of the party is a line after it.
    """
    if not isinstance(plan, routing.Refuse) or plan.limit is None:
        return call
    line = Part(plan.number, plan.name, "", at, ended=at, outcome=plan.outcome, stop=Stop(plan.limit, sender))
    return replace(call, record=call.record.begin(line))


def _turn(call: Call, led: Led, plan: Ring | Dial, at: float, directory: Directory) -> Step:
    if not turns(plan):
        return _plan_ends(call, led, none_to_ring(plan), at, directory)
    call = replace(call, record=call.record.begin(part(plan, led.way, at)))
    return again(call, led, at, directory)


def none_to_ring(plan: Ring | Dial) -> Outcome:
    """The reason where a plan has nobody, or no trunk, at all."""
    return Outcome.NO_LINE if isinstance(plan, Dial) else Outcome.NOT_REGISTERED


def turns(plan: Ring | Dial) -> int:
    """How many steps a plan has, or trunks."""
    return len(plan.steps if isinstance(plan, Ring) else plan.trunks)


def part(plan: Ring | Dial, way: Way, at: float) -> Part:
    """A line of the call log: who is rung now. Of several accounts it is not known yet who will answer."""
    logins = plan.steps[way.turn] if isinstance(plan, Ring) else ()
    return Part(plan.number, plan.name, logins[0] if len(logins) == 1 else "", at)


def again(call: Call, led: Led, at: float, directory: Directory) -> Step:
    """Ring whoever is at the present turn; if nobody is there any more, go on."""
    plan = _plan(call, led, directory)
    if not isinstance(plan, Ring | Dial) or led.way.turn >= turns(plan):
        return failed(call, led, Outcome.FAILED, at, directory)
    return lead(call, led, *ringing(call, led, plan, directory), rescue=rescue_of(call, led, at, directory))


def _plan(call: Call, led: Led, directory: Directory) -> Plan:
    return routing.plan_at(led.way.place, tenant_of(call, directory), directory)


def rescue_of(call: Call, led: Led, at: float, directory: Directory) -> tuple[Action, ...]:
    """What the switch goes on with by itself if nobody leads the party any more. A caller whom nobody sent on has his phone."""
    if isinstance(led, Ringing):
        return ()
    return rescue(call, led.back, at, directory, led.target) if isinstance(led, Sending) else sorry(call, directory)


def _tell(call: Call, plan: routing.Tell, at: float) -> Step:
    message = plan.message
    call, commands = lead(call, Refusing(Outcome.ANSWERED), Answer(), Play(message.sound), HangUp(Outcome.ANSWERED))
    return replace(call, record=call.record.begin(Part("", message.name, "", at)).answer(at)), commands


def _wait(call: Call, led: Led, plan: routing.Wait, at: float, directory: Directory) -> Step:
    why = queueing.refusal(plan, at, directory)
    if not why:
        return queueing.enter(call, led, plan, at, rescue_of(call, led, at, directory), directory)
    return _turned_away(queueing.stay(call, plan, at), led, plan.queue, why, at, directory)


def wait_again(call: Call, state: Waiting, at: float, directory: Directory) -> Step:
    """The party has been taken out of the line for a moment, and stands where it stood; unless the queue is no more."""
    queue = queueing.queue_of(call, state.queue, directory)
    if queue is None:
        return out_of_line(call, state, queueing.GONE, at, directory)
    return queueing.again(call, state, queue, at, rescue_of(call, state.led, at, directory), directory)


def out_of_line(call: Call, state: Waiting, why: str, at: float, directory: Directory) -> Step:
    """The party has waited in vain: it goes where its queue says for this reason."""
    return _turned_away(call, state.led, queueing.queue_of(call, state.queue, directory), why, at, directory)


def _turned_away(call: Call, led: Led, queue: Queue | None, why: str, at: float, directory: Directory) -> Step:
    call = replace(call, record=call.record.close(Outcome.OVERFLOWED, at, why=why))
    place = queueing.exit_of(queue, why, tenant_of(call, directory))
    if place:
        return onward(call, replace(led, way=led.way.to(place)), at, directory)
    return way_ends(call, led, queueing.REASONS.get(why, Outcome.FAILED), at, directory)


# --- nobody took the party ------------------------------------------------------------------------------------------


def failed(call: Call, led: Led, outcome: Outcome, at: float, directory: Directory) -> Step:
    """The present turn has come to nothing, for this reason."""
    way, plan = led.way, _plan(call, led, directory)
    if another_trunk(plan, way, outcome):
        return again(call, replace(led, way=replace(way, turn=way.turn + 1)), at, directory)
    reason = combined(plan, way, outcome)
    alone = isinstance(plan, Ring) and len(plan.steps) > 1
    call = replace(call, record=call.record.close(outcome if alone else reason, at))
    if isinstance(plan, Ring) and way.turn + 1 < len(plan.steps):
        following = replace(way, turn=way.turn + 1, reason=reason.value)
        return _turn(call, replace(led, way=following), plan, at, directory)
    return _plan_ends(call, led, reason, at, directory)


def another_trunk(plan: Plan, way: Way, outcome: Outcome) -> bool:
    """Whether it was only the trunk that refused the call, and there is one more."""
    return isinstance(plan, Dial) and outcome is Outcome.NO_LINE and way.turn + 1 < len(plan.trunks)


def combined(plan: Plan, way: Way, outcome: Outcome) -> Outcome:
    """The reason to tell, of this one and those before it.

    Of one person's devices, that he is busy or does not want says more than that nobody answers. Of several people, one who
    could have answered says more than those who could not.
    """
    order = _OF_ACCOUNTS if isinstance(plan, Ring) and plan.shared else _OF_DEVICES
    return next((reason for reason in order if reason.value in (outcome.value, way.reason)), outcome)


def device_refused(call: Call, led: Led, outcome: Outcome, directory: Directory) -> Call:
    """One device has given its reason. Where several accounts ring, the script's own result would be only one of theirs."""
    plan = _plan(call, led, directory)
    if not isinstance(plan, Ring) or len(plan.steps) != 1 or len(plan.steps[0]) == 1 or outcome not in _OF_ACCOUNTS:
        return call
    reason = combined(plan, led.way, outcome)
    return replace(call, state=replace(led, way=replace(led.way, reason=reason.value)))


def _plan_ends(call: Call, led: Led, reason: Outcome, at: float, directory: Directory) -> Step:
    tenant = tenant_of(call, directory)
    place = places.inside(led.way.place, places.condition(reason))
    if tenant is not None and places.find(place, tenant) is not None:
        return onward(call, replace(led, way=led.way.to(place)), at, directory)
    return way_ends(call, led, reason, at, directory)


def way_ends(call: Call, led: Led, reason: Outcome, at: float, directory: Directory) -> Step:
    """Nobody took the party, and there is nowhere else to go."""
    if isinstance(led, Ringing):
        return refuse(call, reason, directory)
    if isinstance(led, Sending):
        return return_to(call, led.back, at, directory, led.target)
    return apologize(call, directory)
