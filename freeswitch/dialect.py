"""FreeSWITCH's words -> ours: headers of events into the core's events. The way back is ``orders.py``.

Pure. A table in each direction, and no state: whatever must be remembered stands on the leg itself, in variables that start
with ``pbx_``, where a restarted controller finds it again.
"""

import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Mapping
from typing import TypeAlias

from app.core.events import (
    CallArrived,
    CallReferred,
    CallReferredEarly,
    Event,
    FoundLeg,
    KeyPressed,
    LegAnswered,
    LegHungUp,
    LegsJoined,
    PhoneRegistered,
    PhoneUnregistered,
    Registration,
    RingFailed,
    Role,
    StepDone,
)
from app.core.outcome import Outcome
from freeswitch.causes import attempt_of, outcome_of
from freeswitch.orders import attempt_name, to_requests

__all__ = ["SUBSCRIPTION", "Headers", "found_leg", "registrations", "to_event", "to_requests"]

Headers: TypeAlias = Mapping[str, str]

SUBSCRIPTION = (
    "event json CHANNEL_PARK CHANNEL_BRIDGE CHANNEL_HANGUP CHANNEL_HANGUP_COMPLETE CHANNEL_DESTROY "
    "BACKGROUND_JOB CUSTOM sofia::register sofia::unregister sofia::expire sofia::transferee pbx::key pbx::step pbx::ping"
)
"""Only what the core cares about; one event is 8-10 KB, so each name more costs both sides."""

PHONES = "phones"
"""The SIP profile, and the dialplan context, of the tenants' phones."""

# --- what the switch tells ------------------------------------------------------------------------------------------


def to_event(headers: Headers) -> Event | None:
    """The core's event in ``headers``, or None for what it does not care about."""
    reader = _EVENTS.get(headers.get("Event-Name", ""))
    return reader(headers) if reader else None


def _at(headers: Headers) -> float:
    """When the switch saw it: microseconds since the epoch, by the switch's clock."""
    return _seconds(headers.get("Event-Date-Timestamp", "0"))


def _seconds(microseconds: str) -> float:
    return int(microseconds) / 1_000_000 if microseconds.isdecimal() else 0.0


def _note(headers: Headers, name: str) -> str:
    return headers.get(f"variable_pbx_{name}", "")


def _step(headers: Headers) -> int:
    text = _note(headers, "step")
    return int(text) if text.isdecimal() else 0


def _parked(headers: Headers) -> Event | None:
    """A phone's transfer key is looked for before the step, because the leg still has the number of its last script."""
    leg, at, call, step = headers.get("Unique-ID", ""), _at(headers), _note(headers, "call"), _step(headers)
    if "variable_sip_refer_to" in headers:
        return CallReferred(leg=leg, at=at, call=call, step=step, dialled=headers.get("Caller-Destination-Number", ""))
    if step and _note(headers, "role") == Role.TARGET and _note(headers, "attempt") == attempt_name(call, step):
        return LegAnswered(leg=leg, at=at, call=call, step=step)
    if step:
        return _step_done(headers)
    if headers.get("Call-Direction") != "inbound":
        return None
    return CallArrived(leg=leg, at=at, login=_login(headers), dialled=headers.get("Caller-Destination-Number", ""))


def _step_done(headers: Headers) -> Event:
    return StepDone(
        leg=headers.get("Unique-ID", ""),
        at=_at(headers),
        call=_note(headers, "call"),
        step=_step(headers),
        result=attempt_of(headers.get("variable_originate_disposition", "")),
    )


def _login(headers: Headers) -> str:
    """The account of an inbound leg: the user name of a digest the switch has verified, never what From claims.

    ``sip_authorized`` and ``sip_auth_username`` are set by ``sofia.c`` only after the check.
    """
    if headers.get("Caller-Context") != PHONES or headers.get("variable_sip_authorized") != "true":
        return ""
    return headers.get("variable_sip_auth_username", "")


def _joined(headers: Headers) -> Event | None:
    leg, other = headers.get("Bridge-A-Unique-ID", ""), headers.get("Bridge-B-Unique-ID", "")
    return LegsJoined(
        leg=leg,
        at=_at(headers),
        call=_note(headers, "call"),
        other=other,
        login=_note(headers, "login") or _login(headers),
        step=_step(headers),
    )


def _hung_up(headers: Headers) -> Event | None:
    return LegHungUp(
        leg=headers.get("Unique-ID", ""),
        at=_at(headers),
        call=_note(headers, "call"),
        outcome=_ending(headers),
        by_phone=_by_phone(headers),
        attempt=_attempt(headers),
    )


def _ending(headers: Headers) -> Outcome:
    """A phone that has sent its partner on by its own key is marked so (``sofia.c`` sofia_handle_sip_i_refer)."""
    if headers.get("variable_transfer_disposition") in ("recv_replace", "replaced"):
        return Outcome.TRANSFERRED
    return outcome_of(headers.get("Hangup-Cause", ""))


def _attempt(headers: Headers) -> int:
    number = _note(headers, "attempt").rpartition(".")[2]
    return int(number) if number.isdecimal() else 0


def _by_phone(headers: Headers) -> bool:
    """Whether the phone itself put down, gave up or refused; the cause alone is the same on both sides.

    A BYE or a CANCEL that was received is known by its status at once, in CHANNEL_HANGUP; ``sip_hangup_disposition`` comes with
    CHANNEL_HANGUP_COMPLETE (``sofia.c``, ``mod_sofia.c`` sofia_on_hangup).
    """
    received = headers.get("variable_sip_hangup_disposition", "").startswith("recv_")
    return received or "variable_sip_term_status" in headers


def _job_done(headers: Headers) -> Event | None:
    """The end of an attempt to ring somebody; only a failure is news, because an answer tells itself by the leg's park."""
    call, _, number = headers.get("Job-UUID", "").rpartition(".")
    body = headers.get("_body", "")
    if headers.get("Job-Command") != "originate" or not number.isdecimal() or not body.startswith("-ERR"):
        return None
    outcome = attempt_of(body.removeprefix("-ERR").strip()) or Outcome.FAILED
    return RingFailed(leg=call, at=_at(headers), call=call, step=int(number), outcome=outcome)


def _custom(headers: Headers) -> Event | None:
    subclass = headers.get("Event-Subclass", "")
    if subclass == "pbx::step":
        return _step_done(headers)
    if subclass == "pbx::key":
        keys = headers.get("variable_last_matching_digits", "")
        return KeyPressed(leg=headers.get("Unique-ID", ""), at=_at(headers), call=_note(headers, "call"), keys=keys)
    if subclass == "sofia::transferee":
        return _referred_early(headers)
    return _phone(headers, subclass)


def _referred_early(headers: Headers) -> Event | None:
    """Only where the phone's second call still rings does the event name it; every other transfer tells itself by a park or a
    bridge. The number it called is written to the leg that is sent there (``sofia.c`` sofia_handle_sip_i_refer)."""
    own = headers.get("att_xfer_replaced_call_id", "")
    if not own:
        return None
    dialled = headers.get("variable_att_xfer_destination_number", "")
    leg, at, call = headers.get("Unique-ID", ""), _at(headers), _note(headers, "call")
    return CallReferredEarly(leg=leg, at=at, call=call, dialled=dialled, own=own)


def _phone(headers: Headers, subclass: str) -> Event | None:
    if headers.get("profile-name") != PHONES:
        return None
    at, login, contact = _at(headers), headers.get("from-user", ""), headers.get("contact", "")
    if subclass == "sofia::register":
        expires = headers.get("expires", "")
        device = Registration(
            login=login,
            contact=_contact_key(contact),
            device=headers.get("user-agent", ""),
            address=f"{headers.get('network-ip', '')}:{headers.get('network-port', '')}",
            since=at,
            expires=at + (int(expires) if expires.isdecimal() else 0),
        )
        return PhoneRegistered(registration=device)
    if subclass in ("sofia::unregister", "sofia::expire"):
        return PhoneUnregistered(login=login or headers.get("user", ""), contact=_contact_key(contact), at=at)
    return None


def _contact_key(contact: str) -> str:
    """The address in a Contact header: what tells one device of an account from another, whatever surrounds it."""
    return contact.partition("<")[2].partition(">")[0] or contact


_EVENTS: dict[str, Callable[[Headers], Event | None]] = {
    "CHANNEL_PARK": _parked,
    "CHANNEL_BRIDGE": _joined,
    "CHANNEL_HANGUP": _hung_up,
    "CHANNEL_HANGUP_COMPLETE": _hung_up,
    "CHANNEL_DESTROY": _hung_up,
    "BACKGROUND_JOB": _job_done,
    "CUSTOM": _custom,
}


# --- what the switch answers when asked ------------------------------------------------------------------------------


def found_leg(dump: Headers) -> FoundLeg | None:
    """One leg, from ``uuid_dump <uuid> json``; None for a leg that is already leaving."""
    if dump.get("Channel-State") in ("CS_HANGUP", "CS_REPORTING", "CS_DESTROY") or not dump.get("Unique-ID"):
        return None
    role = _role(dump)
    waiting = _waits(dump)
    return FoundLeg(
        leg=dump["Unique-ID"],
        call=_note(dump, "call"),
        role=role,
        login=_note(dump, "login") or _login(dump),
        dialled=dump.get("Caller-Destination-Number", ""),
        started=_seconds(dump.get("Caller-Channel-Created-Time", "0")),
        answered=_seconds(dump.get("Caller-Channel-Answered-Time", "0")) or None,
        other=dump.get("variable_bridge_uuid", "") if _talks(dump) else "",
        step=_step(dump),
        waiting=waiting,
        result=attempt_of(dump.get("variable_originate_disposition", "")),
        note=_note(dump, "note"),
        referred=dump.get("Caller-Destination-Number", "") if waiting and "variable_sip_refer_to" in dump else "",
    )


def _role(dump: Headers) -> Role:
    if dump.get("Call-Direction") != "outbound":
        return Role.CALLER
    return Role.TARGET if _note(dump, "role") == Role.TARGET else Role.CALLEE


def _waits(dump: Headers) -> bool:
    """Whether the leg is parked: at the end of a script, or because its partner has left it."""
    state = dump.get("Channel-State")
    return state == "CS_PARK" or (state == "CS_EXECUTE" and dump.get("variable_current_application") == "park")


def _talks(dump: Headers) -> bool:
    """``bridge_uuid`` stays on a leg that has talked, so its state must say that it still does: a callee exchanges media, a
    joined pair soft-executes, a caller is in ``bridge`` or ``intercept``, whose attempt is over."""
    state = dump.get("Channel-State")
    if state in ("CS_EXCHANGE_MEDIA", "CS_SOFT_EXECUTE", "CS_HIBERNATE"):
        return True
    joined = dump.get("variable_current_application") in ("bridge", "intercept")
    connecting = dump.get("variable_originate_disposition") == "failure"  # what it reads while somebody is being rung
    return state == "CS_EXECUTE" and joined and not connecting and dump.get("Answer-State") == "answered"


def registrations(xml: str, at: float) -> tuple[Registration, ...]:
    """Every registered device, from ``sofia xmlstatus profile phones reg``. Raises ElementTree.ParseError."""
    return tuple(_registration(element, at) for element in ElementTree.fromstring(xml).iter("registration"))  # noqa: S314


def _registration(element: ElementTree.Element, at: float) -> Registration:
    def text(name: str) -> str:
        return (element.findtext(name) or "").strip()

    left = text("status").rpartition("expsecs(")[2].partition(")")[0]
    return Registration(
        login=text("user").partition("@")[0],
        contact=_contact_key(text("contact")),
        device=text("agent"),
        address=f"{text('network-ip')}:{text('network-port')}",
        since=at,
        expires=at + (int(left) if left.isdecimal() else 0),
    )
