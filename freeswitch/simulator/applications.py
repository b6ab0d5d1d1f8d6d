"""The dialplan applications a leg can run, each as its function in ``mod_dptools.c`` does it."""

import logging
from collections.abc import Mapping
from typing import Protocol

from freeswitch.simulator import bridging, causes, joining
from freeswitch.simulator.callcenter import Center
from freeswitch.simulator.collect import play_and_get_digits
from freeswitch.simulator.dialling import Dialler
from freeswitch.simulator.dialstring import split_quoted
from freeswitch.simulator.originate import originate
from freeswitch.simulator.parking import park
from freeswitch.simulator.playing import Library, play_file
from freeswitch.simulator.sessions import Application, Session
from freeswitch.simulator.sounds import play
from freeswitch.simulator.steps import Step

log = logging.getLogger(__name__)


class Switchboard(Dialler, Library, Protocol):
    """The switch as applications see it."""

    @property
    def center(self) -> Center:
        """Its queues."""
        ...

    def find(self, leg: str) -> Session | None:
        """The living leg of that id."""
        ...

    def extension(self, leg: Session, context: str, number: str) -> tuple[Step, ...]:
        """What the dialplan does with a number that ``leg`` is sent to; nothing when it knows none."""
        ...


def table(switch: Switchboard) -> Mapping[str, Application]:
    """Every application by its name."""
    return {
        "set": Application(_set),
        "export": Application(_export),
        "unset": Application(lambda leg, name: leg.set(name.strip(), None)),
        "multiset": Application(_multiset),
        "answer": Application(lambda leg, _: leg.answer()),
        "pre_answer": Application(lambda leg, _: leg.pre_answer()),
        "ring_ready": Application(lambda leg, _: leg.ring_ready()),
        "hangup": Application(lambda leg, cause: leg.hangup(causes.named(cause or "NORMAL_CLEARING"))),
        "respond": Application(_respond),
        "sleep": Application(_sleep),
        "log": Application(lambda _leg, _text: None),
        "park": Application(lambda leg, _: park(leg)),
        "playback": Application(lambda leg, file: _playback(switch, leg, file), needs_media=True),
        "endless_playback": Application(_endless, needs_media=True),
        "play_and_get_digits": Application(play_and_get_digits, needs_media=True),
        "bridge": Application(lambda leg, text: _bridge(switch, leg, text)),
        "intercept": Application(lambda leg, text: _intercept(switch, leg, text), needs_media=True),
        "sched_hangup": Application(_sched_hangup),
        "bind_digit_action": Application(_bind),
        "clear_digit_action": Application(lambda leg, text: leg.keys.clear(text.partition(",")[0])),
        "digit_action_set_realm": Application(_set_realm),
        "execute_extension": Application(lambda leg, text: _execute_extension(switch, leg, text)),
        "event": Application(_event),
        "callcenter": Application(switch.center.wait, needs_media=True),
    }


def _set(leg: Session, text: str) -> None:
    """Expands variables in its value even where ``app_disable_expand_variables`` is on (mod_dptools.c, base_set)."""
    name, found, value = text.partition("=")
    if found and name.strip():
        leg.set(name.strip(), None if value == "_undef_" else leg.expand(value))


def _multiset(leg: Session, text: str) -> None:
    for pair in split_quoted(text, " "):
        _set(leg, pair)


def _export(leg: Session, text: str) -> None:
    name, _, value = text.partition("=")
    name = name.strip()
    if name.startswith("nolocal:"):
        leg.variables[name] = value  # kept under its prefixed name, so that only the called legs get it
    else:
        leg.set(name, value)
    names = [known for known in leg.get("export_vars").split(",") if known]
    if name and name not in names:
        leg.set("export_vars", ",".join([*names, name]))


def _respond(leg: Session, text: str) -> None:
    """A SIP answer of one's own: an error before the call is answered ends it."""
    code = text.split(" ")[0]
    if not leg.media and code.isdecimal() and int(code) >= 300:
        leg.set("sip_hangup_disposition", "send_refuse")
        leg.hangup(causes.of_status(int(code)))
    elif code == "180":
        leg.ring_ready()
    elif code == "183":
        leg.pre_answer()
    elif code == "200":
        leg.answer()


def _sleep(leg: Session, text: str) -> None:
    milliseconds = int(text) if text.strip().isdecimal() else 0
    until = leg.clock.now() + milliseconds / 1000
    while leg.ready and leg.clock.now() < until:
        leg.idle(until)


def _playback(switch: Switchboard, leg: Session, file: str) -> None:
    found = play_file(switch, leg, file)
    leg.set("current_application_response", "FILE PLAYED" if found else "FILE NOT FOUND")


def _endless(leg: Session, file: str) -> None:
    """Again and again; ``uuid_break`` ends only one round."""
    while leg.ready:
        play(leg, file, music=True)


def _bridge(switch: Switchboard, leg: Session, text: str) -> None:
    if not text:
        return
    result = originate(switch, leg, text)
    if result.peer is not None:
        bridging.bridge(leg, result.peer)
        return
    leg.set("originate_failed_cause", result.cause)
    bridging.handle_cause(leg, result.cause)


def _intercept(switch: Switchboard, leg: Session, text: str) -> None:
    target = switch.find(text.strip().split(" ")[-1])
    if target is None or target is leg:
        return
    unbridged = leg.is_true("intercept_unbridged_only") and target.partner is not None
    if unbridged or (leg.is_true("intercept_unanswered_only") and target.answered):
        return
    partner = switch.find(target.get("signal_bond") or target.get("originate_signal_bond"))
    joining.intercept(leg, target, None if partner is leg else partner)


def _sched_hangup(leg: Session, text: str) -> None:
    """``[+]SECONDS [CAUSE]``: a moment, or with ``+`` that long from now."""
    moment, _, cause = text.partition(" ")
    digits = moment.lstrip("+")
    if digits.isdecimal():
        delay = int(digits) - (0 if moment.startswith("+") else leg.clock.now())
        leg.clock.after(delay, lambda: leg.hangup(causes.named(cause or "ALLOTTED_TIMEOUT")))


def _bind(leg: Session, text: str) -> None:
    """``REALM,KEYS,exec[FLAGS]:APPLICATION,ARGUMENT[,TARGET…]``; ``^^|`` in front lets the argument have commas of its own."""
    realm, keys, action, argument, *_ = [*split_quoted(text, ","), "", "", "", ""]
    kind, _, application = action.partition(":")
    if not (realm and keys and kind.startswith("exec") and application):
        return
    milliseconds = leg.get("bind_digit_digit_timeout")
    if not leg.keys.machine and milliseconds.isdecimal():
        leg.keys.timeout = int(milliseconds) / 1000
    leg.keys.bind(realm, keys, Step(application, argument or None))


def _set_realm(leg: Session, text: str) -> None:
    if not leg.keys.choose(text.partition(",")[0]):
        log.error("leg %s: there is no realm %s", leg.uuid, text)


def _event(leg: Session, text: str) -> None:
    """Raise an event of one's own: ``Name=Value,…``."""
    given = dict(pair.split("=", 1) for pair in split_quoted(text, ",") if "=" in pair)
    name = given.pop("Event-Name", "CHANNEL_APPLICATION")
    leg.fire(name, after=dict(given), subclass=given.pop("Event-Subclass", ""))


def _execute_extension(switch: Switchboard, leg: Session, text: str) -> None:
    """``NUMBER [DIALPLAN [CONTEXT]]``: run what the dialplan says there, and come back."""
    number, _, context, *_ = [*text.split(" "), "", ""]
    for step in switch.extension(leg, context or leg.profile.context, number):
        if not leg.run(step):
            return
