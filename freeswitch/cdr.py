"""The report mod_json_cdr makes of a leg that has ended. Pure: bytes to a value, or a reason why not."""

import json
import re
from collections.abc import Mapping
from typing import Any

from app.core.outcome import EndedBy, Outcome
from app.core.report import LegReport
from freeswitch.causes import attempt_of, outcome_of
from freeswitch.headers import stranger
from freeswitch.waits import last_wait, talk_ended

_LONGEST_ID = 64
_LONGEST_TEXT = 128
_PRIVATE = re.compile(r"\bid\b", re.IGNORECASE)
_PRIVATE_RPID = re.compile(r"privacy=\"?(?:yes|full|number)", re.IGNORECASE)
_PHONES = "phones"  # the SIP profile that lets nobody in without a password


class UnreadableReportError(ValueError):
    """Not a report of an ended leg; the text is one line that says what is wrong with it."""


def read_report(body: bytes) -> LegReport | None:
    """The report in ``body``. Raises UnreadableReportError.

    None for a leg that was never let in: one that showed no password and was swept away has a cause, but no times [tried]. And
    for one that we have called and that never came to talk: a call does not end with it, though both may in the same moment.
    """
    variables = _variables(body)
    leg, cause = _id(variables, "uuid"), variables.get("hangup_cause", "")
    if not cause:
        raise UnreadableReportError("no hangup_cause: the leg has not ended")
    if "end_uepoch" not in variables:
        return None
    answered = _seconds(variables, "answer_uepoch") or None
    ended = _seconds(variables, "end_uepoch")
    if not ended:
        raise UnreadableReportError("end_uepoch is 0")
    if variables.get("direction") == "outbound" and not (answered and _is_partner(variables)):
        return None
    login, number, name = _login(variables), *_stranger(variables)
    talked = talk_ended(variables, ended)
    return LegReport(
        leg=leg,
        call=_id(variables, "pbx_call") if "pbx_call" in variables else None,
        login=login,
        dialled=_dialled(variables),
        started=_seconds(variables, "start_uepoch") or answered or ended,
        answered=answered,
        ended=talked,
        cause=cause,
        outcome=Outcome.ANSWERED if answered else _unanswered(cause, variables),
        ended_by=EndedBy.CALLEE if talked < ended else _ended_by(variables),
        trunk=_text(variables, "pbx_trunk"),
        number=number,
        name=name,
        wait=last_wait(variables, login, ended),
    )


def _variables(body: bytes) -> Mapping[str, str]:
    """The leg's variables. A phone's text may hold any bytes, and cJSON passes those above 0x7f as they are."""
    try:
        document: Any = json.loads(body.decode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        raise UnreadableReportError(f"not JSON: {error}") from None
    variables = document.get("variables") if isinstance(document, dict) else None
    if not isinstance(variables, dict):
        raise UnreadableReportError("no variables")
    return {name: value for name, value in variables.items() if isinstance(value, str)}


def _id(variables: Mapping[str, str], name: str) -> str:
    value = variables.get(name, "")
    if not 1 <= len(value) <= _LONGEST_ID or not value.isascii() or not value.isprintable():
        raise UnreadableReportError(f"{name} is no id: {value[:80]!r}")
    return value


def _is_partner(variables: Mapping[str, str]) -> bool:
    """Whether somebody who has answered was given whom we called him for: an agent outside is so only when he has pressed 1."""
    return variables.get("cc_side") != "agent" or variables.get("cc_agent_bridged") == "true"


def _login(variables: Mapping[str, str]) -> str:
    """The account that made the call, if it was one: ``sofia.c`` sets both variables only after it has seen the password."""
    proved = variables.get("sofia_profile_name") == _PHONES and variables.get("sip_authorized") == "true"
    return _text(variables, "sip_auth_username") if proved else ""


def _dialled(variables: Mapping[str, str]) -> str:
    """What was dialled. To the address that a trunk has registered (gw+NAME), To says it; some operators leave parameters in
    the number (RFC 4694)."""
    asked = "sip_to_user" if variables.get("sip_req_user", "").startswith("gw+") else "sip_req_user"
    number = _text(variables, asked)
    return number.partition(";")[0] if variables.get("pbx_trunk") else number


def _stranger(variables: Mapping[str, str]) -> tuple[str, str]:
    """(number, name) of a caller from outside, by the rules by which a living call's are read.

    ``caller_id`` is ``"NAME" <NUMBER>`` (``switch_channel.c`` switch_channel_set_timestamps). Whether they were withheld does
    not stand there, so it is asked anew where ``sofia.c`` sofia_handle_sip_i_invite reads it.
    """
    if not variables.get("pbx_trunk"):
        return "", ""
    name, _, number = _text(variables, "caller_id").removeprefix('"').rpartition('" <')
    header = variables.get("sip_Remote-Party-ID", "")
    withheld = _PRIVATE.search(variables.get("sip_Privacy", "")) or _PRIVATE_RPID.search(header)
    return stranger(
        {
            "Caller-Caller-ID-Number": number.removesuffix(">"),
            "Caller-Caller-ID-Name": name,
            "Caller-Privacy-Hide-Number": "true" if withheld else "false",
        }
    )


def _text(variables: Mapping[str, str], name: str) -> str:
    """What a phone has said, without what no database takes (NUL, half surrogates)."""
    return "".join(character for character in variables.get(name, "") if character.isprintable())[:_LONGEST_TEXT]


def _seconds(variables: Mapping[str, str], name: str) -> float:
    microseconds = variables.get(name, "0")
    if not microseconds.isdecimal() or len(microseconds) > 18:
        raise UnreadableReportError(f"{name} is no time: {microseconds[:80]!r}")
    return int(microseconds) / 1_000_000


def _unanswered(cause: str, variables: Mapping[str, str]) -> Outcome:
    """Why nobody talked. A leg that was left waiting ends with the guard's cause; how its last attempt went is truer."""
    outcome = outcome_of(cause)
    if outcome is Outcome.FAILED:
        return attempt_of(variables.get("originate_disposition", "")) or outcome
    return Outcome.CANCELLED if outcome is Outcome.ANSWERED else outcome


def _ended_by(variables: Mapping[str, str]) -> EndedBy:
    """Whose BYE or CANCEL it was: mod_sofia notes which way it went (mod_sofia.c, sofia_on_hangup; sofia.c). A call has the id
    of its caller's leg."""
    way, call = variables.get("sip_hangup_disposition", ""), variables.get("pbx_call") or variables["uuid"]
    if way in ("recv_bye", "recv_cancel"):
        return EndedBy.CALLER if variables["uuid"] == call else EndedBy.CALLEE
    if way == "send_bye" and variables.get("bridge_hangup_cause") == "NORMAL_CLEARING":
        return EndedBy.CALLER if variables.get("bridge_uuid") == call else EndedBy.CALLEE
    return EndedBy.SYSTEM
