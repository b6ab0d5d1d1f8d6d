"""One round of calling: some phones ring together until somebody answers (``switch_ivr_originate.c``, the ``user/`` endpoint).

One thing surprises and is kept on purpose: where several accounts are rung together (``user/a@d,user/b@d``), only the
**first** device of each rings. The ``user/`` endpoint then works in SOF_NOBLOCK mode, which is "only calling the first
element in the list" (switch_ivr_originate.c; mod_dptools.c, user_outgoing_channel). One account alone rings all its devices.
"""

import math
from dataclasses import dataclass

from freeswitch.simulator import causes, confirm, refer
from freeswitch.simulator.channels import Profile
from freeswitch.simulator.clock import Signal
from freeswitch.simulator.dialling import Dialled, Dialler, Order
from freeswitch.simulator.dialstring import DialString, Endpoint
from freeswitch.simulator.sessions import Session

DEFAULT_TIMEOUT = 60  # SWITCH_DEFAULT_TIMEOUT, seconds


@dataclass
class Cancel:
    """How an attempt without a caller's leg is told to give up: a cause, and a ring of the bell."""

    bell: Signal
    cause: str = ""

    def call_off(self, cause: str) -> None:
        self.cause = self.cause or cause
        self.bell.wake()


@dataclass(frozen=True)
class Asker:
    """For whom is called. ``leg`` is None where the caller's own thread does not ring, or where there is no caller."""

    leg: Session | None
    profile: Profile | None
    cancel: Cancel


class Attempt:
    """One group of endpoints, rung together."""

    def __init__(self, switch: Dialler, asker: Asker, string: DialString, timeout: int) -> None:
        self._switch = switch
        self._asker = asker
        self._caller = asker.leg
        self._string = string
        self._signal = asker.leg.signal if asker.leg is not None else asker.cancel.bell
        self._gone: list[Session] = []  # in the order they refused or ended
        self._legs: list[Session] = []
        self._limits: dict[str, float] = {}  # leg -> when its own leg_timeout is over
        self._asked: set[str] = set()  # legs that have answered and must confirm it
        self._timeout = timeout
        self._reason = "DESTINATION_OUT_OF_ORDER"
        self._rang = False

    def run(self, group: tuple[Endpoint, ...]) -> Dialled:
        forked = len(group) > 1 or len(self._string.groups) > 1
        start = math.floor(self._switch.clock.now())  # the switch counts whole seconds (switch_epoch_time_now)
        for endpoint in group:
            self._start(endpoint, forked, start)
            if self._reason != "SUCCESS" and self._string.is_fatal(self._reason):
                return self._give_up(self._reason, self._reason, final=True)
        due = start + self._allowed(group[0] if len(group) == 1 else None)
        for leg in self._legs:
            leg.watchers.add(self._signal)
        try:
            return self._wait(due)
        finally:
            for leg in self._legs:
                leg.watchers.discard(self._signal)

    def _allowed(self, only: Endpoint | None) -> int:
        """Seconds until nobody has answered: originate_timeout, else call_timeout, else leg_timeout of a single endpoint."""
        variables = self._string.variables | (only.variables if only else {})
        own = self._caller.get("call_timeout") if self._caller else variables.get("call_timeout", "")
        single = variables.get("leg_timeout", "") if only and only.target.startswith("user/") else ""
        for text in (variables.get("originate_timeout", ""), own, single):
            if text.isdecimal() and int(text) > 0:
                return int(text)
        return self._timeout

    def _start(self, endpoint: Endpoint, forked: bool, start: int) -> None:
        kind, _, target = endpoint.target.partition("/")
        variables = self._string.variables | endpoint.variables
        if kind == "user":
            legs, self._reason = self._devices(target, variables, 1 if forked else None)
        elif kind == "sofia":
            legs, self._reason = self._outside(target, variables)
        elif kind == "null":
            legs, self._reason = [self._switch.stand_in(self._order(target, variables))], "SUCCESS"
        else:
            legs, self._reason = [], causes.named(target) if kind == "error" else "CHAN_NOT_IMPLEMENTED"
        self._legs += legs
        limit = variables.get("leg_timeout", "")
        for leg in legs:
            self._note(leg)
            if (forked or kind == "sofia") and limit.isdecimal():
                self._limits[leg.uuid] = start + int(limit) + 1  # "elapsed > limit" there, in whole seconds

    def _devices(self, target: str, variables: dict[str, str], most: int | None) -> tuple[list[Session], str]:
        """``user/LOGIN@DOMAIN``."""
        login, _, domain = target.partition("@")
        if not self._switch.knows(login, domain):
            return [], "SUBSCRIBER_ABSENT"
        if self._caller is not None:
            self._caller.set("dialed_user", login)
            self._caller.set("dialed_domain", domain)
        legs = self._switch.dial(Order(login, self._caller, variables, target, self._asker.profile), most)
        return legs, "SUCCESS" if legs else "USER_NOT_REGISTERED"

    def _outside(self, target: str, variables: dict[str, str]) -> tuple[list[Session], str]:
        """``sofia/gateway/NAME/NUMBER``."""
        kind, _, rest = target.partition("/")
        name, found, number = rest.partition("/")
        if kind != "gateway" or not found:
            return [], "INVALID_URL"
        return self._switch.dial_out(name, self._order(number, variables))

    def _order(self, target: str, variables: dict[str, str]) -> Order:
        return Order(target, self._caller, variables, target, self._asker.profile)

    def _note(self, leg: Session) -> None:
        if self._caller is not None:
            self._caller.set("originate_signal_bond", leg.uuid)
            self._caller.push("originated_legs", f"{leg.uuid};{leg.profile.callee_name};{leg.profile.callee_number}")

    def _wait(self, due: float) -> Dialled:
        while True:
            if self._for is not None and not self._for.up:
                return self._give_up("ATTENDED_TRANSFER", "ATTENDED_TRANSFER")
            if self._caller is not None and not self._caller.ready and self._for is None:
                cause = "PICKED_OFF" if self._caller.intercepted else "ORIGINATOR_CANCEL"
                return self._give_up("ORIGINATOR_CANCEL", cause)
            if self._asker.cancel.cause:
                return self._give_up(self._asker.cancel.cause, self._asker.cancel.cause)
            self._gone += [leg for leg in self._legs if not leg.up and leg not in self._gone]
            self._pass_ringing()
            winner = next((leg for leg in self._legs if leg.answered and leg.up and not self._must_confirm(leg)), None)
            if winner is not None:
                return self._take(winner)
            fatal = next((leg.hangup_cause for leg in self._gone if self._string.is_fatal(leg.hangup_cause)), "")
            if fatal:
                return self._give_up(fatal, fatal, final=True)
            if not any(leg.up for leg in self._legs):
                return self._nobody()
            now = self._switch.clock.now()
            if now >= due:
                cause = "NO_ANSWER" if self._for is None else "ATTENDED_TRANSFER"
                return self._give_up(cause, cause)
            self._hang_up_late(now)
            self._sleep(min([due, *(self._limits[leg.uuid] for leg in self._legs if leg.up and leg.uuid in self._limits)]))

    @property
    def _for(self) -> Session | None:
        """The party for which the caller's phone has left while it rang."""
        return self._caller.rings_for if self._caller is not None else None

    def _must_confirm(self, leg: Session) -> bool:
        """Whoever answers may have to press a key; he is asked at once, and has a time of his own for it."""
        if not confirm.is_wanted(leg):
            return False
        if leg.uuid not in self._asked:
            self._asked.add(leg.uuid)
            seconds = confirm.begin(leg)
            if seconds is not None:
                self._limits[leg.uuid] = math.floor(self._switch.clock.now()) + seconds + 1
        return True

    def _sleep(self, until: float) -> None:
        if self._caller is not None:
            self._caller.idle(until)
        else:
            self._signal.pause(until)

    def _hang_up_late(self, now: float) -> None:
        for leg in self._legs:
            if leg.up and now >= self._limits.get(leg.uuid, now + 1):
                leg.hangup("ALLOTTED_TIMEOUT")

    def _pass_ringing(self) -> None:
        """The first phone that rings makes the caller hear it: a tone of ours where ``ringback`` is set, else 180."""
        caller = self._caller
        if self._rang or caller is None or not any(leg.ringing for leg in self._legs):
            return
        self._rang = True
        for name in ("sip_invite_failure_status", "sip_invite_failure_phrase"):  # an earlier attempt's
            caller.set(name, None)
        caller.profile.progress = caller.profile.progress or self._switch.clock.now()
        if caller.answered:
            caller.sound = "ringback" if caller.get("transfer_ringback") else ""
        else:
            caller.sound = "ringback"
            if caller.get("ringback"):
                caller.pre_answer()
            else:
                caller.ring_ready()
        caller.changed()

    def _take(self, winner: Session) -> Dialled:
        for leg in self._legs:
            if leg is not winner and leg.up:
                leg.set("group_dial_status", "loser")
                leg.hangup("LOSE_RACE")
        for name, value in self._string.variables.items():  # once more, after user/ has found its phone [tried]
            winner.set(name, value)
        caller = self._caller
        if caller is not None and self._for is not None:
            refer.answered(caller, self._for, winner)
            return Dialled(None, "ATTENDED_TRANSFER")
        if caller is not None:
            caller.sound = ""
            caller.profile.callee_name = winner.profile.callee_name
            caller.profile.callee_number = winner.profile.callee_number
            caller.answer()
            for name in filter(None, caller.get("import").split(",")):
                caller.set(name, winner.get(name) or caller.get(name))
            self._count(caller)
            if not caller.ready:
                winner.hangup("ORIGINATOR_CANCEL")
                return Dialled(None, "ORIGINATOR_CANCEL")
        return Dialled(winner, "SUCCESS")

    def _nobody(self) -> Dialled:
        """Everybody refused: the cause of the first in the dial string, or why not even one could be called."""
        cause = self._legs[0].hangup_cause if self._legs else self._reason
        if self._caller is not None and self._for is not None:
            refer.nobody_answered(self._caller, self._for)
            return Dialled(None, "ATTENDED_TRANSFER")
        if self._caller is not None:
            self._caller.sound = ""
            self._count(self._caller)
            if self._legs:
                self._learn(self._caller, self._gone[-1])
        return Dialled(None, cause)

    def _give_up(self, leg_cause: str, cause: str, final: bool = False) -> Dialled:
        for leg in self._legs:
            leg.hangup(leg_cause)
        if self._caller is not None and self._for is not None:
            refer.nobody_answered(self._caller, self._for)
        if self._caller is not None:
            self._caller.sound = ""
            self._count(self._caller)
            if self._legs:
                self._caller.set("last_bridge_hangup_cause", leg_cause)
        return Dialled(None, cause, final)

    def _count(self, caller: Session) -> None:
        for leg in self._legs:
            caller.push("originate_causes", f"{leg.uuid};{leg.hangup_cause or 'NONE'}")

    def _learn(self, caller: Session, leg: Session) -> None:
        """What the last refusal leaves on the caller's leg."""
        for name in ("sip_invite_failure_status", "sip_invite_failure_phrase"):
            caller.set(name, leg.get(name) or caller.get(name))
        caller.set("sip_hangup_phrase", leg.get("sip_invite_failure_phrase") or None)
        caller.set("last_bridge_hangup_cause", leg.hangup_cause)
        caller.set("last_bridge_proto_specific_hangup_cause", leg.get("proto_specific_hangup_cause") or None)
