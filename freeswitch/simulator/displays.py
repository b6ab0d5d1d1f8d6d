"""What the switch tells a phone to show during a call: CALL_UPDATE (``mod_sofia.c``, SWITCH_MESSAGE_INDICATE_DISPLAY).

A real FreeSWITCH tells only phones whose User-Agent it knows, or all with ``update_ignore_ua=true``; virtual phones are of
the first kind.
"""

from freeswitch.simulator.events import Headers
from freeswitch.simulator.legs import Leg

Display = tuple[str, str]
"""Number and name."""


def tell(leg: Leg, display: Display) -> None:
    """Change what the phone behind ``leg`` shows. ``ignore_display_updates`` forbids it; nothing is told twice."""
    number, name = display
    if not leg.up or not leg.answered or leg.is_true("ignore_display_updates"):
        return
    if (leg.get("last_sent_callee_id_number"), leg.get("last_sent_callee_id_name")) == display:
        return
    leg.set("last_sent_callee_id_name", name)
    leg.set("last_sent_callee_id_number", number)
    leg.shown = display
    told: Headers = {"Direction": "SEND", "Sent-Callee-ID-Name": name, "Sent-Callee-ID-Number": number}
    if leg.partner is not None:
        told["Bridged-To"] = leg.partner.uuid
    leg.fire("CALL_UPDATE", before=told)
    leg.changed()


def bridged(_caller: Leg, peer: Leg) -> tuple[Display, Display]:
    """What ``bridge`` tells the two: the called phone already shows who calls, the caller learns who was called."""
    return (peer.profile.callee_number, peer.profile.callee_name), (peer.profile.number, peer.profile.name)


def joined(first: Leg, second: Leg) -> tuple[Display, Display]:
    """What ``uuid_bridge`` tells the two by itself, right or wrong (it swaps what each had shown before)."""
    return _seen(second), _seen(first)


def _seen(leg: Leg) -> Display:
    """A leg that ``originate`` made is shown by the caller id it was given: the phone's partner reads its own name there."""
    if leg.inbound or not leg.get("originator"):
        return leg.profile.number, leg.profile.name
    return leg.profile.callee_number, leg.profile.callee_name
