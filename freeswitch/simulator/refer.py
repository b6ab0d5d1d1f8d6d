"""REFER: a phone's own transfer key (``sofia.c``, sofia_handle_sip_i_refer), as seen on a real switch.

Of a blind one the variables ``sip_refer_to`` and ``sip_h_Referred-By`` stay on the leg that was sent elsewhere; an attended one
shows only in what happens. One that is pressed while the second call still rings is told: the phone's leg ends, but its attempt
to call goes on for the party (CF_XFER_ZOMBIE), which is joined with who answers, or else goes on with that leg's script.
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
    """With Replaces: join whom the phone talks to on ``first`` and on ``second``, now or when the second is answered."""
    first.set("transfer_disposition", "recv_replace")
    second.set("transfer_disposition", "replaced")
    target = second.partner
    if isinstance(target, Session):
        target.set("transfer_disposition", "bridge")
        uuid_bridge(partner, target)
        second.hung_up_by_phone()
        first.hung_up_by_phone()
    else:
        _early(first, partner, second)


def _early(first: Session, partner: Session, second: Session) -> None:
    second.set("endpoint_disposition", "ATTENDED_TRANSFER")
    second.rings_for = partner
    partner.watchers.add(second.signal)
    partner.set("att_xfer_kill_uuid", second.uuid)
    partner.set("att_xfer_destination_number", second.profile.destination)
    partner.fire("CUSTOM", after={"att_xfer_replaced_call_id": second.uuid}, subclass="sofia::transferee")
    music = partner.get("hold_music")
    session_transfer(partner, f'm:":endless_playback:{music}"park' if music else "park", "inline", ())
    second.set("sip_term_status", "200")
    second.hangup("NORMAL_CLEARING")
    first.hangup("NORMAL_CLEARING")


def answered(second: Session, party: Session, target: Session) -> None:
    """Whom ``second`` called, when its phone was still there, has answered: he gets the party."""
    second.rings_for = None
    party.set("hangup_after_bridge", "true")
    uuid_bridge(party, target)


def nobody_answered(second: Session, party: Session) -> None:
    """The party goes on with what is left of the script of ``second``, and with most of its variables
    (``switch_channel.c`` switch_channel_caller_extension_masquerade)."""
    second.rings_for = None
    if not party.up:
        return
    kept = party.get("attended_transfer_no_copy").split(",")
    for name, value in second.variables.items():
        if name not in kept:
            party.variables[name] = value
    party.profile.destination = second.profile.destination
    party.restart(second.script)
