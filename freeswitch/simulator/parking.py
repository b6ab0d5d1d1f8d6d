"""``park``: a leg waits for orders (``switch_ivr.c``, switch_ivr_park)."""

import math

from freeswitch.simulator import causes
from freeswitch.simulator.digits import next_key
from freeswitch.simulator.sessions import Session


def park(session: Session) -> None:
    """Wait until sent elsewhere or hung up.

    ``park_timeout=SECONDS[:CAUSE]`` is read once, here, and then unset. Its end is looked for only between orders, so a
    ``bridge`` executed inside outlives it, and the leg ends right afterwards.
    """
    if session.controlled:  # "Cannot park channels that are under control already."
        return
    expires, cause = _timeout(session)
    session.controlled = True
    session.fire("CHANNEL_PARK")
    session.wake()
    while session.ready:
        if expires is not None and session.clock.now() >= expires:
            session.hangup(cause)
            break
        while session.keys.waiting:
            next_key(session)
        session.idle(expires)
    session.obey_all()
    session.controlled = False
    session.fire("CHANNEL_UNPARK")


def _timeout(session: Session) -> tuple[float | None, str]:
    text = session.get("park_timeout")
    if not text:
        return None, ""
    session.set("park_timeout", None)
    session.set("park_after_bridge", None)
    number, colon, cause = text.partition(":")
    seconds = int(number) if number.strip().lstrip("-").isdecimal() else 0
    if seconds < 0:
        return None, ""
    start = math.floor(session.clock.now())  # whole seconds (switch_epoch_time_now)
    return start + seconds, causes.named(cause) if colon else "NORMAL_CLEARING"
