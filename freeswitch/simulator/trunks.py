"""What mod_sofia writes on a leg to or from the world, over a gateway of the profile ``trunks``."""

from collections.abc import Mapping
from dataclasses import replace

from freeswitch.simulator import sofia
from freeswitch.simulator.channels import Profile
from freeswitch.simulator.dialling import Order
from freeswitch.simulator.events import Stamp, Value
from freeswitch.simulator.gateways import PROFILE, Gateway
from freeswitch.simulator.sessions import Session

CONTEXT = "trunks"

_OF_AN_ACCOUNT = frozenset(
    {
        "sip_authorized",
        "sip_number_alias",
        "sip_auth_username",
        "sip_auth_realm",
        "number_alias",
        "requested_user_name",
        "requested_domain_name",
        "user_context",
        "user_name",
        "domain_name",
        "dialed_user",
        "dialed_domain",
        "presence_id",
    }
)  # the directory's, which nobody is asked for here


def came_in_profile(leg: str, number: str, name: str, dialled: str, gateway: Gateway) -> Profile:
    """The profile of a call from the world: who calls is what the operator says."""
    own = sofia.caller_profile(leg, number, name, dialled, gateway.proxy)
    return replace(own, channel_name=f"sofia/{PROFILE}/{number}@{gateway.proxy}", context=CONTEXT)


def came_in_variables(session: Session, stamp: Stamp, port: int, call_id: str, gateway: Gateway) -> dict[str, Value]:
    """Its variables: the token of the operator's address in the list "trunks", and what a call to the address that a gateway
    has registered (gw+NAME) gets (``sofia.c``, sofia_handle_sip_i_invite)."""
    variables = _of_the_trunks(sofia.caller_variables(session, stamp, port, call_id))
    variables |= {"acl_token": f"{gateway.name}@{PROFILE}", "user_context": CONTEXT}
    if gateway.registers:
        variables |= {"sip_gateway": gateway.name, **gateway.variables}
    return variables


def called_profile(leg: str, order: Order, port: int) -> Profile:
    """The profile of a leg to a telephone outside."""
    own = sofia.called_profile(leg, order, port)
    return replace(own, channel_name=f"sofia/{PROFILE}/{order.dialled}", destination=order.dialled, callee_number=order.dialled)


def called_variables(session: Session, order: Order, port: int, gateway: Gateway) -> dict[str, Value]:
    """Its variables, with those the dial string and the caller's exports put on it."""
    variables = _of_the_trunks(sofia.called_variables(session, order, port, gateway.proxy))
    address = f"{order.dialled}@{gateway.proxy}"
    return variables | {
        "sip_gateway_name": gateway.name,
        "sip_profile_name": "gateway",
        "sip_destination_url": f"sip:{address}",
        "sip_req_uri": address,
        **gateway.variables,
    }


def _of_the_trunks(variables: Mapping[str, Value]) -> dict[str, Value]:
    kept = {name: value for name, value in variables.items() if name not in _OF_AN_ACCOUNT}
    return kept | {"sofia_profile_name": PROFILE, "recovery_profile_name": PROFILE}
