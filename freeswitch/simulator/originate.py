"""``originate``: calling somebody, as far as a controller can tell (``switch_ivr_originate.c``).

Where a dial string has parts joined by ``:_:`` each part is called by a thread of its own (switch_ivr_enterprise_originate).
The caller's leg takes no part in that: its ``call_timeout`` is not looked at, a ringing phone does not make it ring (only
``ringback`` gives it early media), and its ``originate_disposition`` says no more than ``success`` or ``failure``.
"""

from dataclasses import replace
from functools import partial

from freeswitch.simulator import causes
from freeswitch.simulator.attempt import DEFAULT_TIMEOUT, Asker, Attempt, Cancel
from freeswitch.simulator.bridging import handle_cause
from freeswitch.simulator.channels import Profile
from freeswitch.simulator.clock import Signal
from freeswitch.simulator.dialling import Dialled, Dialler
from freeswitch.simulator.dialstring import DialStringError, parse
from freeswitch.simulator.sessions import Session
from freeswitch.simulator.sofia import exported

APART = ":_:"
_CALLED_OFF = ("ORIGINATOR_CANCEL", "PICKED_OFF", "LOSE_RACE")


def originate(switch: Dialler, caller: Session | None, text: str, timeout: int = DEFAULT_TIMEOUT) -> Dialled:
    """Ring what ``text`` names until somebody answers. Runs in the caller's thread, or in that of whoever asks."""
    if APART in text:
        return _Apart(switch, caller, timeout).run(text.split(APART))
    if caller is not None:
        caller.set("originate_disposition", "failure")
        caller.set("DIALSTATUS", "INVALIDARGS")
    asker = Asker(caller, caller.profile if caller is not None else None, Cancel(Signal(switch.clock)))
    result = _ring(switch, asker, text, timeout)
    if caller is not None:
        caller.set("originate_disposition", result.cause)
        caller.set("DIALSTATUS", causes.dial_status(result.cause))
        if result.peer is not None:
            caller.set("originate_signal_bond", None)
    return result


def ring_for(switch: Dialler, who: Profile, text: str, timeout: int, given: dict[str, str]) -> Dialled:
    """The same for somebody whose own leg takes no part in it; ``given`` stands on every leg that rings."""
    return _ring(switch, Asker(None, who, Cancel(Signal(switch.clock))), text, timeout, given)


def _ring(switch: Dialler, asker: Asker, text: str, timeout: int, given: dict[str, str] | None = None) -> Dialled:
    """Each group of the dial string after the other."""
    try:
        string = parse(text)
    except DialStringError:
        return Dialled(None, "DESTINATION_OUT_OF_ORDER")
    string = replace(string, variables={**(given or {}), **string.variables})
    result = Dialled(None, "DESTINATION_OUT_OF_ORDER")
    for group in string.groups:
        result = Attempt(switch, asker, string, timeout).run(group)
        if result.peer is not None or result.final or result.cause in _CALLED_OFF:
            break
    return result


class _Apart:
    """Several calls at once, each in its own thread; the first to be answered wins."""

    def __init__(self, switch: Dialler, caller: Session | None, timeout: int) -> None:
        self._switch = switch
        self._caller = caller
        self._timeout = timeout
        self._bell = caller.signal if caller is not None else Signal(switch.clock)
        self._winner: Cancel | None = None
        self._results: dict[int, Dialled] = {}
        self._over = False

    def run(self, parts: list[str]) -> Dialled:
        calls = [Cancel(Signal(self._switch.clock)) for _ in parts]
        for number, (call, part) in enumerate(zip(calls, parts, strict=True)):
            self._switch.spawn(partial(self._call, number, call, part))
        self._start_ringing()
        while (self._caller is None or self._caller.ready) and len(self._results) < len(parts) and self._winner is None:
            self._sleep()
        self._over = True
        for call in calls:
            if call is not self._winner:
                call.call_off("LOSE_RACE" if self._winner is not None else "ORIGINATOR_CANCEL")
        return self._conclude()

    def _call(self, number: int, call: Cancel, text: str) -> None:
        profile = self._caller.profile if self._caller is not None else None
        result = _ring(self._switch, Asker(None, profile, call), text, self._timeout, self._given())
        if result.peer is not None and self._over:
            result.peer.set("group_dial_status", "loser")
            result.peer.hangup("LOSE_RACE")
        elif result.peer is not None and self._winner is None:
            self._winner = call
        self._results[number] = result
        self._bell.wake()

    def _given(self) -> dict[str, str]:
        """What the caller's leg hands to every part."""
        caller = self._caller
        if caller is None:
            return {}
        given = {"ent_originate_aleg_uuid": caller.uuid, **exported(caller)}
        for name in ("caller_id_name", "caller_id_number"):
            if value := caller.get(f"effective_{name}"):
                given[f"origination_{name}"] = value
        return given

    def _start_ringing(self) -> None:
        caller = self._caller
        if caller is None:
            return
        tone = (caller.get("transfer_ringback") if caller.answered else "") or caller.get("ringback")
        if tone:
            caller.pre_answer()
            caller.sound = "ringback"
            caller.changed()

    def _sleep(self) -> None:
        if self._caller is not None:
            self._caller.idle()
        else:
            self._bell.pause()

    def _conclude(self) -> Dialled:
        caller = self._caller
        peer = next((result.peer for result in self._results.values() if result.peer is not None), None)
        cause = "SUCCESS" if peer is not None else self._cause()
        if caller is not None:
            caller.sound = ""
            caller.set("originate_disposition", "success" if peer is not None else "failure")
            if peer is not None:
                caller.profile.callee_name, caller.profile.callee_number = peer.profile.callee_name, peer.profile.callee_number
            else:
                caller.set("hangup_cause", cause)
        return Dialled(peer, cause)

    def _cause(self) -> str:
        """Of several different causes the last one in the order of the dial string; NO_ANSWER before any is known."""
        cause = "NO_ANSWER"
        for _, result in sorted(self._results.items()):
            if self._caller is not None:
                handle_cause(self._caller, result.cause)
            if result.cause != "LOSE_RACE":
                cause = result.cause
        return cause
