"""Sending a leg somewhere else from outside: ``uuid_transfer`` and its relatives (``switch_ivr_session_transfer``)."""

from freeswitch.simulator.dialstring import split_quoted
from freeswitch.simulator.sessions import Session
from freeswitch.simulator.steps import Step

MOST_STEPS = 128  # the array of inline_dialplan_hunt


def session_transfer(session: Session, destination: str, dialplan: str, fallback: tuple[Step, ...]) -> None:
    """Start over at ``destination``: with ``inline`` it names the applications, otherwise the dialplan decides."""
    steps = inline(destination) if dialplan == "inline" else list(fallback)
    session.other = None
    profile = session.profile
    profile.transferred = session.clock.now()
    profile.dialplan = dialplan
    profile.rdnis, profile.destination = profile.destination, destination
    session.note_transfer(f"bl_xfer:{destination}/{profile.context}/{dialplan}")
    session.set("signal_bond", None)
    session.transfer(steps)


def inline(text: str) -> list[Step]:
    """``app:argument,app:argument`` (mod_dptools.c, inline_dialplan_hunt); ``m:^:`` chooses another separator."""
    delimiter = ","
    if text.startswith("m:") and len(text) > 4 and text[3] == ":":
        delimiter, text = text[2], text[4:]
    steps = []
    for part in split_quoted(text, delimiter)[:MOST_STEPS]:
        name, colon, argument = part.partition(":")
        steps.append(Step(name.strip(), argument if colon else None))
    return steps


def destination(text: str) -> tuple[str, str]:
    """``DESTINATION[/DIALPLAN[/CONTEXT]]`` as ``uuid_dual_transfer`` takes it: destination and dialplan."""
    before, found, after = text.partition("/inline")  # the first one from the left, and only if nothing follows it
    if found and not after:
        return before, "inline"
    parts = text.split("/")
    return parts[0], parts[1] if len(parts) > 1 else "XML"
