"""REFER: a phone's own transfer key (``sofia.c``, sofia_handle_sip_i_refer), as seen on a real switch.

No event says that a REFER came. Of a blind one the variables ``sip_refer_to`` and ``sip_h_Referred-By`` stay on the leg that
was sent elsewhere; an attended one shows only in what happens.
"""

from freeswitch.simulator.joining import uuid_bridge
from freeswitch.simulator.sessions import Session
from freeswitch.simulator.steps import Step
from freeswitch.simulator.transfers import session_transfer


def blind(leg: Session, partner: Session, number: str, domain: str, dialplan: tuple[Step, ...]) -> None:
    """Send the other party to ``number`` by the dialplan. The phone that asked hangs up when it hears that it worked.

    A called leg is quicker than a calling one, so where the caller's phone asks, the other party parks before that phone ends.
    """
    leg.set("transfer_disposition", "recv_replace")
    partner.set("sip_h_Referred-By", f"<sip:{leg.login}@{domain}>")
    partner.set("sip_refer_to", f"<sip:{number}@{domain}>")
    session_transfer(partner, number, "XML", dialplan)
    if leg.inbound:
        leg.clock.after(leg.frame, leg.hung_up_by_phone)
    else:
        leg.hung_up_by_phone()


def attended(first: Session, partner: Session, second: Session) -> None:
    """With Replaces: join whom the phone talks to on ``first`` and on ``second``, without a word to the controller.

    Where ``second`` is still ringing, it is lost instead, and the first party parks without a guard.
    """
    first.set("transfer_disposition", "recv_replace")
    second.set("transfer_disposition", "replaced")
    target = second.partner
    if isinstance(target, Session):
        target.set("transfer_disposition", "bridge")
        uuid_bridge(partner, target)
        second.hung_up_by_phone()
    else:
        music = partner.get("hold_music")
        session_transfer(partner, f'm:":endless_playback:{music}"park' if music else "park", "inline", ())
        second.answer()
        second.hangup("INCOMPATIBLE_DESTINATION")
    first.hung_up_by_phone()
