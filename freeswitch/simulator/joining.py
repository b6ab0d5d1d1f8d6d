"""Two legs are taken out of whatever they do and joined: ``uuid_bridge`` and ``intercept`` (``switch_ivr_bridge.c``).

Between the order and the bridge lie two frames in which either leg may end, and what then becomes of the other depends on
which of the two it is. The first leg looks after the second, so a second that is left alone waits silently for ever, and
only a transfer leads it out. (Each case was tried on a real switch.)
"""

from freeswitch.simulator import bridging, displays
from freeswitch.simulator.channels import State
from freeswitch.simulator.sessions import Session
from freeswitch.simulator.steps import Step

FRAMES = 2  # until a leg has left what it did and waits for the other
PATIENCE = 20.0  # seconds: how long the first waits for a second that does something else


def uuid_bridge(first: Session, second: Session) -> bool:
    """Send both to each other. False: one is gone, or neither has media."""
    if not first.up or not second.up:
        return False
    if not first.media:
        if not second.media:
            return False
        first, second = second, first
    first.remember_other("originatee", second)
    second.remember_other("originator", first)
    for leg, other in ((first, second), (second, first)):
        leg.set("bridge_channel", other.profile.channel_name)
        leg.set("bridge_uuid", other.uuid)
        leg.set("signal_bond", other.uuid)
        leg.set("original_destination_number", leg.profile.destination)
        leg.note_transfer(f"uuid_br:{other.uuid}")
        leg.sound = ""
        leg.resume()
    first.bridge_target, second.bridge_target = second, None
    for leg in (first, second):
        leg.transferring = True
        leg.go(State.HIBERNATE)
    return True


def intercept(picker: Session, target: Session, partner: Session | None) -> None:
    """Take ``target`` away from ``partner``, or from the phones that ring for it (``switch_ivr_intercept_session``)."""
    picker.answer()
    if partner is not None:
        partner.set("park_after_bridge", "true")
    target.answer()
    target.intercepted = True
    target.transferring = True
    target.go(State.PARK)
    uuid_bridge(picker, target)
    if partner is not None:
        partner.hangup("PICKED_OFF")


def reset(session: Session) -> None:
    """On the way: the first leg goes on by itself, the second waits for it. No message is looked at here."""
    if session.bridge_target is not None:
        session.go(State.SOFT_EXECUTE)
    else:
        wait(session)


def soft_execute(session: Session) -> None:
    """The first leg meets the second and bridges; the second waits to be bridged to."""
    target, session.bridge_target = session.bridge_target, None
    if target is None:
        session.wake()
        wait(session)
        return
    started = session.clock.now()
    _meet(session, target)
    if session.state is not State.SOFT_EXECUTE:
        return
    if not bridging.wait_for_answer(session, target):
        _left_alone(session, session.clock.now() - started)
        return
    for leg, other in ((session, target), (target, session)):
        leg.tell_execute("CHANNEL_EXECUTE", Step("uuid_bridge", other.uuid), "")
    victims = [other for leg, other in ((session, target), (target, session)) if leg.has_script_waiting]
    bridging.bridge(session, target, displays.joined)
    for victim in victims:  # a script that came too late for the leg and too early for the bridge
        victim.hangup("DESTINATION_OUT_OF_ORDER")
    if not session.transferring and session.state not in (State.ROUTING, State.PARK):
        session.go(State.EXECUTE)


def wait(session: Session) -> None:
    """Until somebody sends the leg elsewhere. No message is looked at."""
    state = session.state
    while session.state is state:
        session.signal.pause()


def _meet(session: Session, target: Session) -> None:
    """Until the second is where the first expects it, one of the two is gone, or patience is at its end."""
    now = session.clock.now
    ready, late = now() + FRAMES * session.frame, now() + PATIENCE
    target.watchers.add(session.signal)
    try:
        while session.state is State.SOFT_EXECUTE and target.up:
            if now() < ready:
                session.signal.pause(ready)
            elif target.running is State.SOFT_EXECUTE:
                return
            elif now() >= late:
                session.hangup("DESTINATION_OUT_OF_ORDER")
                target.hangup("DESTINATION_OUT_OF_ORDER")
            else:
                if target.state is target.running is State.RESET:
                    target.go(State.SOFT_EXECUTE)
                session.signal.pause(late)
    finally:
        target.watchers.discard(session.signal)


def _left_alone(session: Session, waited: float) -> None:
    """The second ended before the bridge: almost at once, or while the first was already there."""
    if waited <= session.frame / 2 and session.is_true("park_after_bridge"):
        session.go(State.PARK)
    elif session.is_true("uuid_bridge_continue_on_cancel"):
        session.go(State.EXECUTE)
    elif session.is_true("uuid_bridge_park_on_cancel"):
        session.go(State.PARK)
    elif not session.transferring:
        session.hangup("ORIGINATOR_CANCEL")
