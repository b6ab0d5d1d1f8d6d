"""What mod_callcenter tells of its offers (``callcenter::info``) -> the core's events. Pure; a part of ``dialect.py``.

Its events name the member's leg, and, as if it were the caller's name, the call (``waiting.py``). Their order is not that of
the channels' events: an agent's leg may be heard of before the offer it was made for [tried].
"""

from collections.abc import Callable

from app.core.events import AgentAnswered, AgentMissed, AgentRung, CallEvent
from app.core.outcome import Outcome
from freeswitch.agents import agent_key
from freeswitch.causes import attempt_of, outside_of
from freeswitch.headers import Headers, seen_at


def queue_event(headers: Headers) -> CallEvent | None:
    """The offer's beginning or end; all else (counts, states, settings) is no call's."""
    reader = _ACTIONS.get(headers.get("CC-Action", ""))
    return reader(headers) if reader else None


def _rung(headers: Headers) -> AgentRung:
    return AgentRung(leg=_leg(headers), at=seen_at(headers), call=_call(headers), agent=_agent(headers))


def _answered(headers: Headers) -> AgentAnswered:
    return AgentAnswered(
        leg=_leg(headers),
        at=seen_at(headers),
        call=_call(headers),
        agent=_agent(headers),
        other=headers.get("CC-Agent-UUID", ""),
        since=_since(headers),
    )


def _missed(headers: Headers) -> AgentMissed:
    return AgentMissed(
        leg=_leg(headers),
        at=seen_at(headers),
        call=_call(headers),
        agent=_agent(headers),
        outcome=_outcome(headers),
        since=_since(headers),
    )


def _left(headers: Headers) -> AgentMissed | None:
    """An agent who had answered is gone. That is news only where the switch did not so much as begin to join the two, or the
    caller's leg would tell of it (mod_callcenter.c outbound_agent_thread_run; ``switch_ivr_bridge.c`` switch_ivr_uuid_bridge
    writes each leg's partner on it). Nor where it was the caller who did not wait."""
    if headers.get("CC-Agent-Bridged") != "false" or headers.get("variable_cc_agent_bridged") == "false":
        return None
    if "variable_bridge_uuid" in headers:
        return None
    return AgentMissed(
        leg=_leg(headers),
        at=seen_at(headers),
        call=_call(headers),
        agent=_agent(headers),
        outcome=Outcome.NO_ANSWER,
        since=_since(headers),
        other=headers.get("CC-Agent-UUID", ""),
    )


def _outcome(headers: Headers) -> Outcome:
    """A telephone outside has its tenant in its name; of it the causes mean something else."""
    cause = headers.get("CC-Hangup-Cause", "")
    outside = "@" in headers.get("CC-Agent", "")
    if cause in ("ORIGINATOR_CANCEL", "LOSE_RACE"):
        return attempt_of(cause) or Outcome.FAILED
    return (outside_of(cause) if outside else attempt_of(cause)) or Outcome.FAILED


def _leg(headers: Headers) -> str:
    return headers.get("CC-Member-Session-UUID", "")


def _call(headers: Headers) -> str:
    return headers.get("CC-Member-CID-Name", "")


def _agent(headers: Headers) -> str:
    return agent_key(headers.get("CC-Agent", ""))


def _since(headers: Headers) -> float:
    """In whole seconds, as the module writes it."""
    seconds = headers.get("CC-Agent-Called-Time", "")
    return float(seconds) if seconds.isdecimal() else seen_at(headers)


_ACTIONS: dict[str, Callable[[Headers], CallEvent | None]] = {
    "agent-offering": _rung,
    "bridge-agent-start": _answered,
    "bridge-agent-fail": _missed,
    "bridge-agent-end": _left,
}
