"""How a leg's last wait in a queue ended, from the variables it has at its own end. Pure.

They live as long as the leg, so an earlier wait may have left them: before each, ``waiting.py`` takes away how the last one
ended and with whom, and the module itself that they talked (mod_callcenter.c, callcenter_function). Recorded on 1.10.12:
``tests/freeswitch/fixtures/waits.json``.
"""

from collections.abc import Mapping
from typing import TypeAlias

from app.core.outcome import Outcome
from app.core.report import LastWait
from freeswitch.headers import TAKES, agent_of, note, result_of, waited
from freeswitch.waiting import queue_id

Variables: TypeAlias = Mapping[str, str]


def last_wait(variables: Variables, login: str, ended: float) -> LastWait | None:
    """Of the leg of ``login`` (empty for a stranger's), which ended then; None if it was led on, or has picked nobody up."""
    headers = _headers(variables)
    if waited(headers) and (queue := queue_id(variables.get("cc_queue", ""))):
        result = result_of(headers)
        if result is Outcome.ANSWERED:
            return LastWait(result, _met(variables), queue, agent_of(headers))
        if result in (Outcome.NO_ANSWER, Outcome.NOT_REGISTERED):
            return LastWait(result, _number(variables, "cc_queue_canceled_epoch"), queue)
        return LastWait(Outcome.ABANDONED, ended, queue)
    took = variables.get("last_app") in TAKES and note(headers, "call") not in ("", variables.get("uuid"))
    joined = _joined(variables)
    return LastWait(Outcome.PICKED_UP, joined, agent=login) if took and joined and login else None


def talk_ended(variables: Variables, ended: float) -> float:
    """When the talk of a leg with its agent ended: with the leg, which ended then, unless the agent left it alone.

    ``park_after_bridge`` is on it until it has nobody to talk to (``switch_ivr.c`` switch_ivr_park). When his agent left is
    said as a whole second; it is not asked where somebody has led it on, or it has talked to another after him.
    """
    alone = waited(_headers(variables)) and "park_after_bridge" not in variables and _is_last(variables)
    left = _number(variables, "cc_queue_terminated_epoch")
    return min(max(left, _met(variables)), ended) if alone and left else ended


def _headers(variables: Variables) -> Variables:
    """As an event tells of them."""
    return {f"variable_{name}": value for name, value in variables.items()}


def _met(variables: Variables) -> float:
    """When the agent had the caller, to the microsecond as long as nobody else has had him since."""
    return (_is_last(variables) and _joined(variables)) or _number(variables, "cc_queue_answered_epoch")


def _is_last(variables: Variables) -> bool:
    agent = variables.get("cc_agent_uuid", "")
    return bool(agent) and variables.get("bridge_uuid") == agent


def _joined(variables: Variables) -> float:
    """When the leg was joined to somebody for the last time; 0 for never."""
    return _number(variables, "bridge_uepoch") / 1_000_000


def _number(variables: Variables, name: str) -> float:
    text = variables.get(name, "")
    return float(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else 0.0
