"""Two legs talk: ``switch_ivr_bridge.c``.

The leg that bridges (the originator) stays in its application and tells of the bridge; the other sits in EXCHANGE_MEDIA.
Who is hung up, parked or sent on afterwards follows ``switch_ivr_multi_threaded_bridge`` and
``audio_bridge_on_exchange_media`` line by line, because a controller lives by exactly that.
"""

from collections.abc import Callable

from freeswitch.simulator import displays
from freeswitch.simulator.channels import State
from freeswitch.simulator.digits import next_key
from freeswitch.simulator.events import Headers
from freeswitch.simulator.legs import Leg
from freeswitch.simulator.sessions import Session

Shows = Callable[[Leg, Leg], tuple[displays.Display, displays.Display]]
"""What the two phones of a bridge are told to show."""


def bridge(caller: Session, peer: Session, shows: Shows = displays.bridged) -> None:
    """Join two legs and stay until they part. Runs in the caller's thread."""
    if peer.answered and not caller.answered:
        caller.answer()
    if not caller.ready:
        peer.hangup(caller.hangup_cause or "ORIGINATOR_CANCEL")
        return
    sides: Headers = {"Bridge-A-Unique-ID": caller.uuid, "Bridge-B-Unique-ID": peer.uuid}
    clean = False
    _join(caller, peer)
    caller.fire("CHANNEL_BRIDGE", before=sides)
    _name_each_other(caller, peer)
    if wait_for_answer(caller, peer):
        peer.go(State.EXCHANGE_MEDIA)
        for leg, display in zip((caller, peer), shows(caller, peer), strict=True):
            displays.tell(leg, display)
        clean = _talk(caller, peer)
        _wait_for_end(caller, peer)
    else:
        peer.hangup("ALLOTTED_TIMEOUT")
        _part(caller)
    _tell_causes(caller, peer)
    peer.set("call_uuid", peer.uuid)
    caller.fire("CHANNEL_UNBRIDGE", before=sides)
    caller.originates_bridge = False
    if not caller.transferring and not clean:
        _after_bridge(caller, peer)


def exchange_media(peer: Session) -> None:
    """The other side of ``bridge``: talk until it is over, then end, park, or go where a transfer says."""
    other = peer.partner
    if not isinstance(other, Session):
        peer.hangup("DESTINATION_OUT_OF_ORDER")
        return
    clean = _talk(peer, other)
    if peer.state is not State.EXCHANGE_MEDIA or peer.transferring:
        return
    if not clean:
        if peer.is_true("park_after_bridge"):
            peer.go(State.PARK)
        elif not peer.answered:
            peer.hangup("ORIGINATOR_CANCEL")
        else:
            peer.hangup("NORMAL_CLEARING")
    if peer.state is State.EXCHANGE_MEDIA:
        peer.set("park_timeout", "3")
        peer.go(State.PARK)


def handle_cause(caller: Session, cause: str) -> None:
    """After a failed bridge: go on or hang up (``switch_channel_handle_cause``)."""
    if not caller.up:
        return
    wanted = caller.get("continue_on_fail")
    if wanted:
        if caller.is_true("continue_on_fail") or cause.lower() in [name.strip().lower() for name in wanted.split(",")]:
            return
    elif cause in ("NO_ANSWER", "NO_USER_RESPONSE", "ORIGINATOR_CANCEL"):  # always a reason to continue
        return
    if not caller.transferring:
        caller.hangup(cause)


def _join(caller: Session, peer: Session) -> None:
    now = caller.clock.now()
    for leg, other in ((caller, peer), (peer, caller)):
        leg.partner = other
        leg.profile.bridged = now
        leg.sound = ""
    caller.originates_bridge = True
    for leg, kind, other in ((caller, "originatee", peer), (peer, "originator", caller)):
        if leg.other is None or leg.other[1].leg != other.uuid:
            leg.remember_other(kind, other)
    peer.set("call_uuid", caller.uuid)
    caller.set("signal_bond", peer.uuid)
    caller.wake()
    peer.wake()


def _name_each_other(caller: Session, peer: Session) -> None:
    for leg, other in ((caller, peer), (peer, caller)):
        leg.set("bridge_to", other.uuid)
        leg.set("last_bridge_to", other.uuid)
        leg.set("bridge_channel", other.profile.channel_name)
        leg.set("bridge_uuid", other.uuid)
        leg.set("signal_bond", other.uuid)


def wait_for_answer(caller: Session, peer: Session) -> bool:
    """Where the peer still rings, the caller waits for it here; True when it has answered."""
    peer.watchers.add(caller.signal)
    try:
        while caller.ready and peer.up and not peer.answered and not peer.early:
            caller.sound = "ringback"
            caller.idle()
    finally:
        peer.watchers.discard(caller.signal)
    caller.sound = ""
    return caller.ready and peer.up


def _talk(leg: Session, other: Session) -> bool:
    """Until one of the two goes. True: this leg left by itself and is expected elsewhere (``clean_exit``)."""
    other.watchers.add(leg.signal)
    try:
        while True:
            if leg.transferring:
                return True
            if other.transferring or other.partner is not leg:
                return False
            if not leg.ready:
                return leg.up
            if not other.up:
                return False
            while leg.keys.waiting:
                next_key(leg)
            leg.idle()
    finally:
        other.watchers.discard(leg.signal)
        _part(leg)


def _part(leg: Session) -> None:
    leg.partner = None
    leg.play_on_hold("")
    leg.set("bridge_to", None)
    leg.wake()


def _wait_for_end(caller: Session, peer: Session) -> None:
    peer.watchers.add(caller.signal)
    try:
        while peer.state is State.EXCHANGE_MEDIA:
            caller.signal.pause()
    finally:
        peer.watchers.discard(caller.signal)
        caller.signal.wake()


def _tell_causes(caller: Session, peer: Session) -> None:
    if caller.hangup_cause:
        peer.set("bridge_hangup_cause", caller.hangup_cause)
    if peer.hangup_cause:
        caller.set("bridge_hangup_cause", peer.hangup_cause)


def _after_bridge(caller: Session, peer: Session) -> None:
    cause = peer.hangup_cause or "NORMAL_CLEARING"
    if not peer.answered:
        handle_cause(caller, cause)
    if not caller.up or not peer.answered or caller.transferring:
        return
    if caller.is_true("park_after_bridge"):
        caller.go(State.PARK)
    elif caller.is_true("hangup_after_bridge"):
        caller.hangup(cause)
