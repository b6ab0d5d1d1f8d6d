"""What a leg does: its own thread, the messages it is sent, the applications it runs.

As in FreeSWITCH every leg has one thread (here a greenlet) that nobody else runs for it. Others ring its bell
(``Channel.wake``), leave it messages (``tell``) or change its ``state``; it looks at its messages once per frame of
20 ms, in whatever waiting application it is (``switch_ivr_parse_all_events``).
"""

import logging
import math
import re
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from freeswitch.simulator import causes
from freeswitch.simulator.channels import Profile, State, truth
from freeswitch.simulator.events import Headers
from freeswitch.simulator.functions import called
from freeswitch.simulator.keymap import Keys
from freeswitch.simulator.legs import Leg, Registry
from freeswitch.simulator.steps import Message, Step

log = logging.getLogger(__name__)

_DEEP_ENOUGH = 10  # how often an expanded value may hold variables itself


@dataclass(frozen=True)
class Application:
    """``needs_media``: a leg that rings is given early media first (no SAF_SUPPORT_NOMEDIA)."""

    run: Callable[["Session", str], None]
    needs_media: bool = False


class Home(Registry, Protocol):
    """The switch as a session sees it."""

    @property
    def applications(self) -> Mapping[str, Application]: ...

    @property
    def frame(self) -> float: ...

    def find(self, leg: str) -> "Session | None":
        """The leg of that id."""
        ...


class Session(Leg):
    """A leg with a will."""

    def __init__(self, switch: Home, profile: Profile) -> None:
        super().__init__(switch, profile)
        self._switch = switch
        self._messages: deque[tuple[float, Message]] = deque()
        self._urgent: deque[tuple[Step, str]] = deque()  # what keys have started, with those keys
        self._locked = False
        self.script: list[Step] = []
        self.queued: list[Step] | None = None  # what a transfer left for the next time round
        self.controlled = False  # parked right now
        self.keys = Keys()
        self.last: Step | None = None
        self.invite: Callable[[], None] = lambda: None  # tells the phone that is called
        self.errand: Callable[[Session], None] | None = None  # for a called leg's thread, while it waits to be fetched
        self.intercepted = False
        self.rings_for: Session | None = None  # this leg has ended, and whom it calls is called for that one (CF_XFER_ZOMBIE)
        self.bridge_target: Session | None = None
        self.broken = False  # uuid_break: the file that plays, or else the next one, ends at once

    # --- marks ---------------------------------------------------------------------------------------------------------

    def answer(self) -> None:
        """200 OK."""
        if self.answered or not self.up:
            return
        self.answered = True
        self.profile.answered = self.clock.now()
        self.fire("CHANNEL_ANSWER")
        self.set("endpoint_disposition", "ANSWER")
        self._run_on("answer")
        self.callstate = "ACTIVE"
        self.wake()

    def ring_ready(self) -> None:
        """180."""
        known = self.ringing
        super().ring_ready()
        if self.ringing and not known:
            self._run_on("ring")

    def pre_answer(self) -> None:
        """183."""
        known = self.early
        super().pre_answer()
        if self.early and not known:
            self._run_on("pre_answer")

    def _run_on(self, occasion: str) -> None:
        """What the leg's variables want done then: a prefix, so ``execute_on_answer_1``, ``_2`` … all run, in their order.

        Of the API, ``uuid_setvar LEG NAME VALUE`` alone is known here.
        """
        for name, task in tuple(self.variables.items()):
            if name.startswith(f"execute_on_{occasion}") and isinstance(task, str):
                self.run(Step.of(task))
            elif name.startswith(f"api_on_{occasion}") and isinstance(task, str):
                command, leg, variable, value = task.split(" ", 3)
                if command == "uuid_setvar" and (other := self._switch.find(leg)):
                    other.set(variable, value)

    # --- messages ------------------------------------------------------------------------------------------------------

    def tell(self, message: Message) -> None:
        """Leave a message; it is looked at on the next frame."""
        now = self.clock.now()
        frame = self._switch.frame
        due = (math.floor(now / frame) + 1) * frame if frame else now
        self._messages.append((due, message))
        self.signal.wake()

    def forget_messages(self) -> None:
        """``switch_core_session_flush_private_events``."""
        self._messages.clear()

    def do_soon(self, step: Step, keys: str) -> None:
        """Run what ``keys`` are bound to as soon as the leg's thread looks up, before any message."""
        self._urgent.append((step, keys))
        self.signal.wake()

    def idle(self, until: float | None = None) -> None:
        """Obey messages that are due; if there was none, sleep until something happens or ``until``."""
        if self._obey_due():
            return
        due = self._messages[0][0] if self._messages and not self._locked else None
        moments = [moment for moment in (due, until) if moment is not None]
        self.signal.pause(min(moments) if moments else None)
        self._obey_due()

    @property
    def has_script_waiting(self) -> bool:
        """An ``xferext`` has come that the leg has not looked at yet."""
        return any(message.get("call-command").lower() == "xferext" for _, message in self._messages)

    def obey_all(self) -> None:
        """Look at every message before leaving; a parked leg does, one that plays a file does not [tried]."""
        while self._messages and self.up:
            self._obey(self._messages.popleft()[1])

    def _obey_due(self) -> bool:
        obeyed = False
        if self.kept and self.ready and not self.holding:
            kept, self.kept = self.kept, []
            for deliver in kept:
                deliver()
        while self._urgent and self.ready:
            step, keys = self._urgent.popleft()
            self.set("last_matching_digits", keys)
            self.run(step)
            obeyed = True
        while self._messages and not self._locked and self._messages[0][0] <= self.clock.now() and self.up:
            self._obey(self._messages.popleft()[1])
            obeyed = True
        return obeyed

    def _obey(self, message: Message) -> None:
        """``switch_ivr_parse_event``."""
        command = message.get("call-command").lower()
        if command == "execute":
            self._execute_message(message)
        elif command == "xferext" and not self.inbound and not self.led:
            self._go_astray()
        elif command == "xferext":
            self.transfer([Step.of(value) for name, value in message.headers if name == "application"])
        elif command == "hangup":
            self.hangup(causes.named(message.get("hangup-cause") or "NORMAL_CLEARING"))

    def _go_astray(self) -> None:
        """A called leg that no ``uuid_…`` command has led yet still obeys originate's state handlers, which send it from
        CS_ROUTING to CS_CONSUME_MEDIA (switch_ivr_originate.c, originate_on_routing): silence, no event, no guard [tried]."""
        self.transferring = True
        self.go(State.CONSUME_MEDIA)

    def _execute_message(self, message: Message) -> None:
        name = message.get("execute-app-name")
        argument: str | None = message.get("execute-app-arg") or None
        if argument is None and message.get("content-type").lower() == "text/plain":
            argument = message.body or None
        if not name:
            return
        self._locked = self._locked or truth(message.get("event-lock"))
        self.set("app_uuid", message.get("event-uuid"))
        loops = int(message.get("loops")) if message.get("loops").lstrip("-").isdecimal() else 1
        done = 0
        while (done < loops or loops < 0) and self.up:
            self.set("current_loop", str(done + 1))
            self.set("total_loops", str(loops))
            if not self.execute(name, argument) or not self.ready:
                break
            done += 1
        self.set("current_loop", None)
        self.set("total_loops", None)
        self._locked = False

    @property
    def frame(self) -> float:
        """How often the leg looks up, in seconds."""
        return self._switch.frame

    # --- applications --------------------------------------------------------------------------------------------------

    def run(self, step: Step) -> bool:
        """``execute`` of a step."""
        return self.execute(step.application, step.argument)

    def execute(self, name: str, argument: str | None) -> bool:
        """Run one application to its end (``switch_core_session_exec``). False: it could not be run."""
        if not self.up:
            return False
        application = self._switch.applications.get(name)
        if application is None:
            log.error("leg %s: Invalid Application %s", self.uuid, name)
            self.hangup("DESTINATION_OUT_OF_ORDER")
            return False
        if application.needs_media and self.inbound and not self.media:
            self.pre_answer()
        if argument and not self.is_true("app_disable_expand_variables"):
            argument = self.expand(argument)
        self.last = Step(name, argument)
        self.set("current_application_data", argument)
        self.set("current_application", name)
        self.set("current_application_response", None)
        identity = self.get("app_uuid") or self._switch.new_id()
        self.set("app_uuid", None)
        self.tell_execute("CHANNEL_EXECUTE", self.last, identity)
        application.run(self, argument or "")
        response: Headers = {"Application-Response": self.get("current_application_response") or "_none_"}
        self.tell_execute("CHANNEL_EXECUTE_COMPLETE", Step(name, argument), identity, response)
        return True

    def expand(self, text: str) -> str:
        """``switch_channel_expand_variables`` for ``${name}`` and ``${function(argument)}``."""
        for _ in range(_DEEP_ENOUGH):
            expanded = re.sub(r"\$\{([^${}]*)\}", lambda found: self._known(found[1]), text)
            if expanded == text:
                break
            text = expanded
        return text

    def _known(self, name: str) -> str:
        given = called(name, self.clock.now())
        return self.get(name) if given is None else given

    def transfer(self, steps: Sequence[Step]) -> None:
        """Leave whatever runs and go on with ``steps`` (``switch_channel_transfer_to_extension``)."""
        if not self.up:
            return
        self.resume()
        self.queued = list(steps)
        self.transferring = True
        self.go(State.ROUTING)

    def restart(self, steps: Sequence[Step]) -> None:
        """Leave whatever runs and go on with ``steps``, without a way of its own there (``switch_channel_restart``)."""
        if not self.up:
            return
        self.script = list(steps)
        self.transferring = True
        self.go(State.ROUTING)
