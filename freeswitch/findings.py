"""What the switch answers when it is asked how things stand: legs and registered phones. Pure."""

import xml.etree.ElementTree as ElementTree

from app.core.events import FoundLeg, Registration, Role
from freeswitch.headers import (
    CONNECTS,
    TAKES,
    Headers,
    account_of,
    agent_of,
    contact_key,
    dialled_number,
    note,
    result_of,
    seconds,
    step_of,
    stranger,
)


def found_leg(dump: Headers) -> FoundLeg | None:
    """One leg, from ``uuid_dump <uuid> json``; None for a leg that is already leaving, and for an emergency call's."""
    if dump.get("Channel-State") in ("CS_HANGUP", "CS_REPORTING", "CS_DESTROY") or not dump.get("Unique-ID"):
        return None
    if note(dump, "emergency"):
        return None
    role = _role(dump)
    waiting = _waits(dump)
    number, name = stranger(dump) if note(dump, "trunk") else ("", "")
    return FoundLeg(
        leg=dump["Unique-ID"],
        call=note(dump, "call"),
        role=role,
        login=account_of(dump),
        dialled=dialled_number(dump),
        started=seconds(dump.get("Caller-Channel-Created-Time", "0")),
        answered=seconds(dump.get("Caller-Channel-Answered-Time", "0")) or None,
        other=dump.get("variable_bridge_uuid", "") if _talks(dump) else "",
        step=step_of(dump),
        waiting=waiting,
        result=result_of(dump),
        agent=agent_of(dump),
        note=note(dump, "note"),
        referred=dump.get("Caller-Destination-Number", "") if waiting and "variable_sip_refer_to" in dump else "",
        trunk=note(dump, "trunk"),
        number=number,
        name=name,
    )


def _role(dump: Headers) -> Role:
    if dump.get("Call-Direction") != "outbound" or note(dump, "role") == Role.CALLER:  # a stand-in is of our making
        return Role.CALLER
    return Role.TARGET if note(dump, "role") == Role.TARGET else Role.CALLEE


def _waits(dump: Headers) -> bool:
    """Whether the leg is parked: at the end of a script, or because its partner has left it."""
    state = dump.get("Channel-State")
    return state == "CS_PARK" or (state == "CS_EXECUTE" and dump.get("variable_current_application") == "park")


def _talks(dump: Headers) -> bool:
    """``bridge_uuid`` stays on a leg that has talked, so its state must say that it still does: a callee exchanges media, a
    joined pair soft-executes, a caller connects to somebody or takes a call, and that attempt is over."""
    state = dump.get("Channel-State")
    if state in ("CS_EXCHANGE_MEDIA", "CS_SOFT_EXECUTE", "CS_HIBERNATE"):
        return True
    joined = dump.get("variable_current_application") in (*CONNECTS, *TAKES)
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
        contact=contact_key(text("contact")),
        device=text("agent"),
        address=f"{text('network-ip')}:{text('network-port')}",
        since=at,
        expires=at + (int(left) if left.isdecimal() else 0),
    )
