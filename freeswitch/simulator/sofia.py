"""What mod_sofia writes on a leg: the profile and the variables a real phone's INVITE leaves, as in the recorded streams."""

from collections.abc import Mapping

from freeswitch.simulator.channels import CONTEXT, PROFILE, Profile
from freeswitch.simulator.dialling import Order
from freeswitch.simulator.events import ADDRESS, Stamp, Value, micros
from freeswitch.simulator.sessions import Session

_ALLOW = "PRACK, INVITE, ACK, BYE, CANCEL, UPDATE, INFO, SUBSCRIBE, NOTIFY, REFER, MESSAGE, OPTIONS"
_SDP = (
    f"v=0\r\no=- 4004344250 4004344250 IN IP4 {ADDRESS}\r\ns=simulator\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8 120\r\n"
    f"c=IN IP4 {ADDRESS}\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:120 telephone-event/8000\r\na=fmtp:120 0-16\r\n"
)
_SOUND: Mapping[str, Value] = {
    "ep_codec_string": "CORE_PCM_MODULE.PCMA@8000h@20i@64000b",
    "rtp_use_codec_name": "PCMA",
    "rtp_use_codec_rate": "8000",
    "rtp_use_codec_ptime": "20",
    "read_codec": "PCMA",
    "read_rate": "8000",
    "write_codec": "PCMA",
    "write_rate": "8000",
    "dtmf_type": "rfc2833",
}
_URL = f"sip:mod_sofia@{ADDRESS}:5060"


def caller_profile(leg: str, login: str, name: str, dialled: str, domain: str) -> Profile:
    """The profile of a call that a phone makes."""
    return Profile(
        direction="inbound",
        username=login,
        name=name or login,
        number=login,
        original_name=name or login,
        original_number=login,
        destination=dialled,
        leg=leg,
        channel_name=f"sofia/{PROFILE}/{login}@{domain}",
    )


def caller_variables(session: Session, stamp: Stamp, port: int, call_id: str) -> dict[str, Value]:
    """The variables of a call that a phone makes, authenticated as the account it dials from."""
    profile = session.profile
    login, dialled, name = profile.username, profile.destination, profile.name
    domain = profile.channel_name.rpartition("@")[2]
    asked = {key: value for key, value in stamp("REQUEST_PARAMS").items() if key != "Event-Subclass"}
    return {
        "direction": "inbound",
        "uuid": session.uuid,
        "call_uuid": session.uuid,
        "sip_from_user": login,
        "sip_from_uri": f"{login}@{domain}",
        "sip_from_host": domain,
        "channel_name": profile.channel_name,
        "sip_call_id": call_id,
        "sip_network_ip": ADDRESS,
        "sip_network_port": str(port),
        "sip_invite_stamp": micros(session.clock.now()),
        "sip_received_ip": ADDRESS,
        "sip_received_port": str(port),
        "sip_via_protocol": "udp",
        "sip_authorized": "true",
        **asked,
        "sip_number_alias": login,
        "sip_auth_username": login,
        "sip_auth_realm": domain,
        "number_alias": login,
        "requested_user_name": login,
        "requested_domain_name": domain,
        "user_context": CONTEXT,
        "user_name": login,
        "domain_name": domain,
        "sip_from_user_stripped": login,
        "sofia_profile_name": PROFILE,
        "sofia_profile_url": _URL,
        "recovery_profile_name": PROFILE,
        "sip_from_display": name,
        "sip_full_from": f'"{name}" <sip:{login}@{domain}>;tag={session.uuid}',
        "sip_full_to": f"sip:{dialled}@{domain}",
        "sip_allow": _ALLOW,
        "sip_req_user": dialled,
        "sip_req_uri": f"{dialled}@{domain}",
        "sip_req_host": domain,
        "sip_to_user": dialled,
        "sip_to_uri": f"{dialled}@{domain}",
        "sip_to_host": domain,
        "sip_contact_user": login,
        "sip_contact_port": str(port),
        "sip_contact_uri": f"{login}@{ADDRESS}:{port}",
        "sip_contact_host": ADDRESS,
        "max_forwards": "70",
        "switch_r_sdp": _SDP,
        **_SOUND,
        "endpoint_disposition": "RECEIVED",
    }


def called_profile(leg: str, order: Order, port: int) -> Profile:
    """The profile of a leg to one device: who calls is what the dial string says, else the caller's own identity."""
    caller, variables = order.caller, order.variables
    own = order.profile
    number = variables.get("origination_caller_id_number") or (caller.get("effective_caller_id_number") if caller else "")
    name = variables.get("origination_caller_id_name") or (caller.get("effective_caller_id_name") if caller else "")
    number = number or (own.number if own else "0000000000")
    name = name or (own.name if own else "")
    return Profile(
        direction="outbound",
        username=own.username if own else "",
        name=name,
        number=number,
        original_name=own.original_name if own else name,
        original_number=own.original_number if own else number,
        destination=order.login,
        leg=leg,
        channel_name=f"sofia/{PROFILE}/{order.login}@{ADDRESS}:{port}",
        dialplan=own.dialplan if own else "",
        callee_name=variables.get("origination_callee_id_name") or "Outbound Call",
        callee_number=variables.get("origination_callee_id_number") or order.login,
        context=own.context if own else "default",
    )


def called_variables(session: Session, order: Order, port: int, domain: str) -> dict[str, Value]:
    """The variables of a leg to one device, with those the dial string and the caller's exports put on it."""
    variables: dict[str, Value] = {
        "direction": "outbound",
        "is_outbound": "true",
        "uuid": session.uuid,
        "sip_profile_name": PROFILE,
        "channel_name": session.profile.channel_name,
        "sip_destination_url": f"sip:{order.login}@{ADDRESS}:{port};ob",
        "max_forwards": "69",
    }
    if order.caller is not None:
        variables |= {"originator": order.caller.uuid, "signal_bond": order.caller.uuid, "call_uuid": order.caller.uuid}
        variables |= exported(order.caller)
    variables |= {name: value for name, value in order.variables.items() if value}
    variables |= {
        "dialed_user": order.login,
        "dialed_domain": domain,
        "presence_id": f"{order.login}@{domain}",
        "originate_early_media": "true",
        "originate_endpoint": "sofia",
        "sip_req_uri": f"{order.login}@{ADDRESS}:{port};ob",
        "sofia_profile_name": PROFILE,
        "recovery_profile_name": PROFILE,
        "sofia_profile_url": _URL,
        "switch_m_sdp": _SDP,
        "user_context": CONTEXT,
        **_SOUND,
    }
    if order.caller is not None:
        variables["originating_leg_uuid"] = order.caller.uuid
    return variables


def exported(caller: Session, by: str = "export_vars") -> dict[str, str]:
    """``switch_channel_process_export``: the variables that ``export_vars``, or another variable, names."""
    names = caller.get(by).split(",")
    return {name.removeprefix("nolocal:"): value for name in names if (value := caller.get(name))}
