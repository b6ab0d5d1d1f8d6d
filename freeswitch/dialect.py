"""FreeSWITCH's words -> ours: headers of events into the core's events. The way back is ``orders.py``.

Pure. A table in each direction, and no state: whatever must be remembered stands on the leg itself, in variables that start
with ``pbx_``, where a restarted controller finds it again.
"""

from collections.abc import Callable

from app.core.events import (
    CallArrived,
    CallCameIn,
    CallReferred,
    CallReferredEarly,
    Event,
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
    TrunkChanged,
)
from app.core.outcome import Outcome
from freeswitch.causes import attempt_of, outcome_of, outside_of
from freeswitch.headers import (
    PHONES,
    Headers,
    account_of,
    agent_of,
    contact_key,
    dialled_number,
    login_of,
    note,
    result_of,
    seconds,
    seen_at,
    step_of,
    stranger,
)
from freeswitch.offers import queue_event
from freeswitch.orders import attempt_name
from freeswitch.outside import GATEWAY

SUBSCRIPTION = (
    "event json CHANNEL_PARK CHANNEL_BRIDGE CHANNEL_HANGUP CHANNEL_HANGUP_COMPLETE CHANNEL_DESTROY "
    "BACKGROUND_JOB CUSTOM sofia::register sofia::unregister sofia::expire sofia::gateway_state sofia::transferee "
    "callcenter::info pbx::key pbx::step pbx::begun pbx::ping"
)
"""Only what the core cares about; one event is 8-10 KB, so each name more costs both sides."""


def to_event(headers: Headers) -> Event | None:
    """The core's event in ``headers``, or None for what it does not care about: an emergency call among others, which nobody
    leads (``conf/dialplan/phones.xml``)."""
    reader = _EVENTS.get(headers.get("Event-Name", ""))
    return reader(headers) if reader and not note(headers, "emergency") else None


def _parked(headers: Headers) -> Event | None:
    """A phone's transfer key is looked for before the step, because the leg still has the number of its last script."""
    leg, at, call, step = headers.get("Unique-ID", ""), seen_at(headers), note(headers, "call"), step_of(headers)
    if "variable_sip_refer_to" in headers:
        return CallReferred(leg=leg, at=at, call=call, step=step, dialled=headers.get("Caller-Destination-Number", ""))
    if step and note(headers, "role") == Role.TARGET and note(headers, "attempt") == attempt_name(call, step):
        return LegAnswered(leg=leg, at=at, call=call, step=step, login=note(headers, "login"))
    if step:
        return _step_done(headers)
    if headers.get("Call-Direction") != "inbound":
        return None
    if note(headers, "trunk"):
        return _came_in(headers)
    return CallArrived(leg=leg, at=at, login=login_of(headers), dialled=dialled_number(headers))


def _came_in(headers: Headers) -> Event:
    number, name = stranger(headers)
    return CallCameIn(
        leg=headers.get("Unique-ID", ""),
        at=seen_at(headers),
        trunk=note(headers, "trunk"),
        number=number,
        name=name,
        dialled=dialled_number(headers),
    )


def _step_done(headers: Headers) -> Event:
    return StepDone(
        leg=headers.get("Unique-ID", ""),
        at=seen_at(headers),
        call=note(headers, "call"),
        step=step_of(headers),
        result=result_of(headers),
        agent=agent_of(headers),
    )


def _joined(headers: Headers) -> Event | None:
    leg, other = headers.get("Bridge-A-Unique-ID", ""), headers.get("Bridge-B-Unique-ID", "")
    return LegsJoined(
        leg=leg,
        at=seen_at(headers),
        call=note(headers, "call"),
        other=other,
        login=account_of(headers),
        step=step_of(headers),
        other_login=_answerer(headers),
    )


def _answerer(headers: Headers) -> str:
    """The account that was imported from the device that answered; a device's own leg has it as well."""
    answered = note(headers, "callee")
    return answered if answered != note(headers, "login") or headers.get("Call-Direction") == "inbound" else ""


def _hung_up(headers: Headers) -> Event | None:
    failed = _failed_outside(headers) if headers.get("Event-Name") == "CHANNEL_HANGUP" else None
    if failed:
        return failed
    return LegHungUp(
        leg=headers.get("Unique-ID", ""),
        at=seen_at(headers),
        call=note(headers, "call"),
        outcome=_ending(headers),
        by_phone=_by_phone(headers),
        attempt=_attempt(headers),
    )


def _failed_outside(headers: Headers) -> Event | None:
    """The end of a telephone outside that was rung for a consultation, if another trunk may be tried, or the job that rang it
    would tell it wrongly: that knows neither the SIP answer (403 and 603 are both CALL_REJECTED to it) nor whether it rang.
    """
    cause, status = headers.get("Hangup-Cause", ""), headers.get("variable_sip_invite_failure_status", "")
    if note(headers, "role") != Role.TARGET or not note(headers, "line") or _happened(headers, "Answered"):
        return None
    outcome = outside_of(cause, status, _happened(headers, "Progress") or _happened(headers, "Progress-Media"))
    if outcome is None or (outcome is outside_of(cause) and outcome is not Outcome.NO_LINE):
        return None
    call = note(headers, "call")
    return RingFailed(leg=call, at=seen_at(headers), call=call, step=_attempt(headers), outcome=outcome)


def _happened(headers: Headers, what: str) -> bool:
    return seconds(headers.get(f"Caller-Channel-{what}-Time", "0")) > 0


def _ending(headers: Headers) -> Outcome:
    """A phone that has sent its partner on by its own key is marked so (``sofia.c`` sofia_handle_sip_i_refer)."""
    if headers.get("variable_transfer_disposition") in ("recv_replace", "replaced"):
        return Outcome.TRANSFERRED
    return outcome_of(headers.get("Hangup-Cause", ""))


def _attempt(headers: Headers) -> int:
    number = note(headers, "attempt").rpartition(".")[2]
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
    reason = body.removeprefix("-ERR").strip()
    outside = GATEWAY in headers.get("Job-Command-Arg", "")
    outcome = (outside_of(reason) if outside else attempt_of(reason)) or Outcome.FAILED
    return RingFailed(leg=call, at=seen_at(headers), call=call, step=int(number), outcome=outcome)


def _custom(headers: Headers) -> Event | None:
    subclass = headers.get("Event-Subclass", "")
    if subclass == "pbx::step":
        return _step_done(headers)
    if subclass == "pbx::key":
        keys = headers.get("variable_last_matching_digits", "")
        return KeyPressed(leg=headers.get("Unique-ID", ""), at=seen_at(headers), call=note(headers, "call"), keys=keys)
    if subclass == "sofia::gateway_state":
        state, ping = headers.get("State", ""), headers.get("Ping-Status", "")
        return trunk_changed(headers.get("Gateway", ""), state, ping, seen_at(headers))
    if subclass == "sofia::transferee":
        return _referred_early(headers)
    if subclass == "callcenter::info":
        return queue_event(headers)
    return _phone(headers, subclass)


def _referred_early(headers: Headers) -> Event | None:
    """Only where the phone's second call still rings does the event name it; every other transfer tells itself by a park or a
    bridge. The number it called is written to the leg that is sent there (``sofia.c`` sofia_handle_sip_i_refer)."""
    own = headers.get("att_xfer_replaced_call_id", "")
    if not own:
        return None
    dialled = headers.get("variable_att_xfer_destination_number", "")
    leg, at, call = headers.get("Unique-ID", ""), seen_at(headers), note(headers, "call")
    return CallReferredEarly(leg=leg, at=at, call=call, dialled=dialled, own=own)


def _phone(headers: Headers, subclass: str) -> Event | None:
    if headers.get("profile-name") != PHONES:
        return None
    at, login, contact = seen_at(headers), headers.get("from-user", ""), headers.get("contact", "")
    if subclass == "sofia::register":
        expires = headers.get("expires", "")
        device = Registration(
            login=login,
            contact=contact_key(contact),
            device=headers.get("user-agent", ""),
            address=f"{headers.get('network-ip', '')}:{headers.get('network-port', '')}",
            since=at,
            expires=at + (int(expires) if expires.isdecimal() else 0),
        )
        return PhoneRegistered(registration=device)
    if subclass in ("sofia::unregister", "sofia::expire"):
        return PhoneUnregistered(login=login or headers.get("user", ""), contact=contact_key(contact), at=at)
    return None


def trunk_changed(gateway: str, state: str, ping: str, at: float) -> TrunkChanged:
    """Whether calls can go over a gateway, from its two states; the caller knows which switch it is.

    One that registers says REGISTER when it was let in, and is REGED and UP within the next second, of which no event tells
    (``sofia_reg.c`` sofia_reg_handle_sip_r_register, sofia_reg_check_gateway); one that does not is only pinged (NOREG).
    """
    if state == "REGISTER":
        state, ping = "REGED", "UP"
    up = state in ("REGED", "NOREG") and ping == "UP"
    said = f"{state} {ping}" if up or state == "NOREG" else state
    return TrunkChanged(switch="", gateway=gateway, up=up, state=said, at=at)


_EVENTS: dict[str, Callable[[Headers], Event | None]] = {
    "CHANNEL_PARK": _parked,
    "CHANNEL_BRIDGE": _joined,
    "CHANNEL_HANGUP": _hung_up,
    "CHANNEL_HANGUP_COMPLETE": _hung_up,
    "CHANNEL_DESTROY": _hung_up,
    "BACKGROUND_JOB": _job_done,
    "CUSTOM": _custom,
}
