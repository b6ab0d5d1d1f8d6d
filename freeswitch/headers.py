"""What is read out of an event's headers or a leg's dump alike: whose leg it is, who calls, how its last attempt went. Pure."""

from collections.abc import Mapping
from typing import TypeAlias

from app.core.outcome import Outcome
from freeswitch.causes import attempt_of, outside_of, wait_of
from freeswitch.plain import LONGEST_NAME, digits, plain

Headers: TypeAlias = Mapping[str, str]

PHONES = "phones"
"""The SIP profile, and the dialplan context, of the tenants' phones."""


CONNECTS, TAKES = ("bridge", "answered"), ("intercept", "answered")
"""What a leg says that it does while it rings or talks to somebody, and while it takes a call. Once it has been answered by
that, it says the latter instead (``conf/dialplan/keys.xml``, replaced)."""


def seen_at(headers: Headers) -> float:
    """When the switch saw it: microseconds since the epoch, by the switch's clock."""
    return seconds(headers.get("Event-Date-Timestamp", "0"))


def seconds(microseconds: str) -> float:
    """A point of time as the switch writes it; 0 for one that has not come."""
    return int(microseconds) / 1_000_000 if microseconds.isdecimal() else 0.0


def note(headers: Headers, name: str) -> str:
    """What we have written on the leg under this name; empty for nothing."""
    return headers.get(f"variable_pbx_{name}", "")


def step_of(headers: Headers) -> int:
    """The number of the last script, 0 for none."""
    text = note(headers, "step")
    return int(text) if text.isdecimal() else 0


def dialled_number(headers: Headers) -> str:
    """What was dialled; of a call from outside without the parameters that some operators leave in the number (RFC 4694)."""
    number = headers.get("Caller-Destination-Number", "")
    return number.partition(";")[0] if note(headers, "trunk") else number


def stranger(headers: Headers) -> tuple[str, str]:
    """(number, name) of a caller from outside: P-Asserted-Identity's before From's (``sofia.c`` sofia_handle_sip_i_invite).

    What he withholds (Privacy, RFC 3323), or is no number, is empty; a name that only repeats the number is none.
    """
    said = headers.get("Caller-Caller-ID-Number", "").partition(";")[0]
    number = digits(said) if said == digits(said) else ""
    if headers.get("Caller-Privacy-Hide-Number") == "true" or not number:
        return "", ""
    name = plain(headers.get("Caller-Caller-ID-Name", ""))[:LONGEST_NAME]
    hidden = headers.get("Caller-Privacy-Hide-Name") == "true" or digits(name) == name
    return number, "" if hidden else name


def agent_of(headers: Headers) -> str:
    """The agent who has talked to the leg after it waited in a queue, as the core knows him (``agents.py`` agent_key)."""
    return headers.get("variable_cc_agent", "").partition("@")[0] if waited(headers) else ""


def result_of(headers: Headers) -> Outcome | None:
    """How the leg's last attempt to connect went. ``pbx_line`` is on it where that was to a telephone outside, and
    ``pbx_queue`` is the script's number where it waited in a queue.

    ``originate_causes`` has ``leg;CAUSE`` of each device that rang.
    """
    if waited(headers):
        talked = headers.get("variable_cc_agent_bridged") == "true"
        return wait_of(headers.get("variable_cc_cause", ""), headers.get("variable_cc_cancel_reason", ""), talked)
    disposition = headers.get("variable_originate_disposition", "")
    if note(headers, "line"):
        return outside_of(disposition, headers.get("variable_sip_invite_failure_status", ""), bool(note(headers, "rang")))
    rung = headers.get("variable_originate_causes", "").removeprefix("ARRAY::").split("|:")
    return attempt_of(disposition, (cause for _, semicolon, cause in (each.partition(";") for each in rung) if semicolon))


def waited(headers: Headers) -> bool:
    """Whether the leg's last script let it wait in a queue."""
    return bool(note(headers, "queue")) and note(headers, "queue") == note(headers, "step")


def login_of(headers: Headers) -> str:
    """The account of an inbound leg: the user name of a digest the switch has verified, never what From claims.

    ``sip_authorized`` and ``sip_auth_username`` are set by ``sofia.c`` only after the check.
    """
    if headers.get("Caller-Context") != PHONES or headers.get("variable_sip_authorized") != "true":
        return ""
    return headers.get("variable_sip_auth_username", "")


def account_of(headers: Headers) -> str:
    """The account a leg belongs to: that of the phone we called, or that has called us."""
    return note(headers, "login") or login_of(headers)


def contact_key(contact: str) -> str:
    """The address in a Contact header: what tells one device of an account from another, whatever surrounds it."""
    return contact.partition("<")[2].partition(">")[0] or contact
