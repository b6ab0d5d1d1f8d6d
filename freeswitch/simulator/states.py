"""The life of a leg from CHANNEL_CREATE to CHANNEL_DESTROY: which state does what (``switch_core_state_machine.c``)."""

import logging
from collections.abc import Callable, Mapping, Sequence

import gevent

from freeswitch.simulator import bridging, causes, confirm, joining
from freeswitch.simulator.channels import State
from freeswitch.simulator.events import Headers, micros, stamp_text
from freeswitch.simulator.parking import park
from freeswitch.simulator.sessions import Session
from freeswitch.simulator.steps import Step

log = logging.getLogger(__name__)


def live(session: Session, dialplan: Sequence[Step], ended: Callable[[Session], None]) -> None:
    """A leg's thread. ``ended`` is called once, after the last event but one (CHANNEL_HANGUP_COMPLETE)."""
    try:
        _begin(session, dialplan)
        while session.up:
            before = session.state
            session.running = before
            session.transferring = False
            session.fire("CHANNEL_STATE")
            _STATES[before](session)
            if session.up and session.state is before:  # nothing left to do here: wait to be sent elsewhere
                session.idle()
    except Exception:
        log.exception("leg %s: its thread failed", session.uuid)
        session.hangup("CRASH")
    _end(session, ended)


def _begin(session: Session, dialplan: Sequence[Step]) -> None:
    session.running = State.INIT
    session.profile.created = session.profile.profiled = session.clock.now()
    if session.up:  # who dialled may have put down already
        session.state = State.ROUTING
    session.fire("CHANNEL_CREATE")
    if not session.up:
        return
    if session.inbound:
        session.callstate = "RINGING"
        session.script = list(dialplan)
    else:
        session.state = State.CONSUME_MEDIA
        session.running = State.CONSUME_MEDIA
        session.invite()


def _route(session: Session) -> None:
    if session.queued is not None:
        session.script, session.queued = session.queued, None
        profile = session.profile
        if profile.dialplan == "inline" and profile.rdnis:  # it has been read, and the number is what it was
            profile.destination, profile.rdnis = profile.rdnis, ""
    session.go(State.EXECUTE)


def _execute(session: Session) -> None:
    """Run the script to its end; a leg with nothing left to do is hung up."""
    session.set("call_uuid", session.uuid)
    while session.state is State.EXECUTE and session.script:
        step = session.script.pop(0)
        if not session.execute(step.application, step.argument):
            return
    if session.ready and session.state is State.EXECUTE:
        session.hangup("NORMAL_CLEARING")


_STATES: Mapping[State, Callable[[Session], None]] = {
    State.ROUTING: _route,
    State.EXECUTE: _execute,
    State.PARK: park,
    State.CONSUME_MEDIA: confirm.consume,
    State.EXCHANGE_MEDIA: bridging.exchange_media,
    State.SOFT_EXECUTE: joining.soft_execute,
    State.HIBERNATE: lambda session: session.go(State.RESET),
    State.RESET: joining.reset,
}


def _end(session: Session, ended: Callable[[Session], None]) -> None:
    session.profile.hangup = session.clock.now()
    session.running = State.REPORTING
    session.state = State.REPORTING
    session.callstate = "HANGUP"
    if not session.get("sip_hangup_disposition"):
        session.set("sip_hangup_disposition", _disposition(session))
    if session.get("sip_hangup_disposition") == "send_cancel":
        session.variables |= {"sip_invite_failure_status": "487", "sip_invite_failure_phrase": "CANCEL"}
    session.variables |= _report(session)
    session.fire(
        "CHANNEL_HANGUP_COMPLETE",
    )
    ended(session)
    gevent.sleep(0)  # the other leg notices before this one is destroyed, as in every recorded stream
    session.state = State.DESTROY
    session.fire("CHANNEL_DESTROY")
    session.wake()


def _disposition(session: Session) -> str:
    by_phone = bool(session.get("sip_term_status"))
    if session.answered:
        return "recv_bye" if by_phone else "send_bye"
    return "send_refuse" if session.inbound else "send_cancel"


def _report(session: Session) -> Headers:
    """The variables a leg ends with (``switch_channel_set_timestamps``); mod_json_cdr takes its times from here."""
    profile = session.profile
    moments = {
        "start": profile.created,
        "answer": profile.answered,
        "bridge": profile.bridged,
        "progress": profile.progress,
        "progress_media": profile.progress_media,
        "end": profile.hangup,
    }
    report: Headers = {
        "hangup_cause": session.hangup_cause,
        "hangup_cause_q850": str(causes.q850(session.hangup_cause)),
        "digits_dialed": session.keys.dialled or "none",
    }
    report |= {f"{name}_stamp": stamp_text(moment) for name, moment in moments.items() if moment is not None}
    for name, moment in moments.items():
        report |= {f"{name}_epoch": str(int(moment or 0)), f"{name}_uepoch": micros(moment)}
    if session.last is not None:
        report |= {"last_app": session.last.application, "last_arg": session.last.argument or ""}
    report["caller_id"] = f'"{profile.name}" <{profile.number}>'
    started, ended = profile.created or 0.0, profile.hangup or 0.0
    talked = ended - profile.answered if profile.answered is not None else 0.0
    report |= {"duration": str(int(ended) - int(started)), "mduration": str(round((ended - started) * 1000))}
    return report | {"billsec": str(round(talked)), "billmsec": str(round(talked * 1000))}
