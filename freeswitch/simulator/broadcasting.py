"""``uuid_broadcast``: something is played into a leg, or its partner, whatever it is doing (``switch_ivr_broadcast``)."""

from freeswitch.simulator.dialstring import split_quoted
from freeswitch.simulator.sessions import Session
from freeswitch.simulator.steps import Message
from freeswitch.simulator.switch import Switch

USAGE = "-USAGE: <uuid> <path> [aleg|bleg|holdb|both]\n"


def broadcast(switch: Switch, text: str) -> str:
    """``LEG FILE [aleg|bleg|both]``; ``APPLICATION[!CAUSE]::ARGUMENT`` in place of the file runs that. Music on hold for the
    other side (``holdb``) is not played."""
    leg, path, sides, *_ = [*split_quoted(text.strip(), " "), "", "", ""]
    if not path:
        return USAGE
    session = switch.find(leg)
    if session is None:
        return "-ERR invalid uuid\n"
    application, found, argument = path.partition("::")
    if not found or ":" in application:
        application, argument = "playback", path
    application, ends, cause = application.partition("!")
    if ("bleg" in sides or "both" in sides) and isinstance(session.partner, Session):
        session.partner.tell(_execute(application, argument))
    if not sides or "aleg" in sides or "both" in sides:
        session.tell(_execute(application, argument))
    if ends:
        session.tell(_execute("hangup", cause or "normal_clearing"))
    return "+OK Message sent\n"


def _execute(application: str, argument: str) -> Message:
    names = ("call-command", "execute-app-name", "execute-app-arg", "event-lock")
    return Message(tuple(zip(names, ("execute", application, argument, "true"), strict=True)))
