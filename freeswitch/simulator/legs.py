"""How a leg fares: it rings, has sound, is held, and ends; and by whom (``switch_channel.c``, ``mod_sofia.c``)."""

from collections.abc import Callable
from typing import Protocol

from freeswitch.simulator import causes
from freeswitch.simulator.channels import Channel, Profile, State, Surroundings
from freeswitch.simulator.events import Headers
from freeswitch.simulator.steps import Step


class Registry(Surroundings, Protocol):
    """The switch as a leg sees it."""

    def new_id(self) -> str: ...


class Leg(Channel):
    """A channel with a phone behind it."""

    def __init__(self, switch: Registry, profile: Profile) -> None:
        super().__init__(switch, profile)
        self._new_id = switch.new_id
        self.login = ""  # the account of the phone behind this leg
        self.sound = ""  # what the switch plays into this leg: "ringback", "prompt:…" or nothing
        self.shown: tuple[str, str] | None = None  # what a display update put on the phone: number, name
        self.heard = ""  # digits the far end sent
        self.holding = False  # the phone behind this leg has put the call on hold
        self.kept: list[Callable[[], None]] = []  # keys pressed on hold; they arrive when the call is taken off hold
        self.music = ""  # what the switch plays while the other side holds

    def ring_ready(self) -> None:
        """The far phone rings: 180."""
        if self.ringing or self.media or not self.up:
            return
        self.ringing = True
        self.profile.progress = self.clock.now()
        if self.other is not None and self.other[0] == "originator":
            self.other[1].progress = self.profile.progress
        self.fire("CHANNEL_PROGRESS")
        self.callstate = "RINGING"
        self.wake()

    def pre_answer(self) -> None:
        """Early media: 183."""
        if self.media or not self.up:
            return
        self.early = True
        now = self.clock.now()
        self.profile.progress = self.profile.progress or now
        self.profile.progress_media = now
        self.set("endpoint_disposition", "EARLY MEDIA")
        self.fire("CHANNEL_PROGRESS_MEDIA")
        self.callstate = "EARLY"
        self.wake()

    def hangup(self, cause: str) -> None:
        """End the leg; the first cause stands. Its thread does the rest."""
        if not self.up:
            return
        self.resume()
        self.hangup_cause = cause
        self.state = State.HANGUP
        self.sound = ""
        if self.partner is not None:
            self.partner.set("last_bridge_hangup_cause", cause)
        if self.originates_bridge:
            self.set("last_bridge_role", "originator")
        elif self.partner is not None:
            self.set("last_bridge_role", "originatee")
        self.fire("CHANNEL_HANGUP")
        self.wake()

    def hold(self, music: str) -> None:
        """The phone behind this leg puts the call on hold: whoever is bridged to it hears ``music`` (sofia.c, mark_hold)."""
        if self.holding or not self.answered or not self.up:
            return
        self.holding = True
        self.fire("CHANNEL_HOLD")
        if isinstance(self.partner, Leg):
            self.partner.play_on_hold(self.partner.get("hold_music") or music)
        self.wake()

    def resume(self) -> None:
        """The call is taken off hold, by the phone or because it goes elsewhere."""
        if not self.holding:
            return
        self.holding = False
        self.fire("CHANNEL_UNHOLD")
        if isinstance(self.partner, Leg):
            self.partner.play_on_hold("")
        self.wake()

    def play_on_hold(self, music: str) -> None:
        """A broadcast into a bridged leg; empty ends it."""
        if music:
            self.music = music
            self.tell_execute("CHANNEL_EXECUTE", Step("playback", music), self._new_id())
        elif self.music:
            self.music = ""
        self.changed()

    def hung_up_by_phone(self) -> None:
        """The person behind this leg puts the receiver down: BYE, CANCEL, or a refusal."""
        if self.answered:
            self._sip_end("recv_bye", 200, "", "NORMAL_CLEARING")
        elif self.inbound:
            self._sip_end("recv_cancel", 487, "CANCEL", "ORIGINATOR_CANCEL")
        else:
            self.refused(603)

    def refused(self, status: int) -> None:
        """The phone answers the call with a SIP error."""
        cause = causes.of_status(status)
        self._sip_end("recv_refuse", status, causes.refusal(cause)[1], cause)

    def _sip_end(self, disposition: str, status: int, phrase: str, cause: str) -> None:
        if not self.up:
            return
        if disposition != "recv_bye":
            self.set("sip_hangup_disposition", disposition)
            self.set("sip_invite_failure_status", str(status))
            self.set("sip_invite_failure_phrase", phrase)
        self.set("sip_term_status", str(status))
        self.set("proto_specific_hangup_cause", f"sip:{status}")
        number = causes.NUMBERS[cause]
        self.set("sip_term_cause", str(number))
        self.hangup(cause)
        self.set("sip_hangup_disposition", disposition)  # a BYE is noted only after CHANNEL_HANGUP; see the recorded streams

    def tell_execute(self, event: str, step: Step, identity: str, response: Headers | None = None) -> None:
        """CHANNEL_EXECUTE and CHANNEL_EXECUTE_COMPLETE; the switch also sends the first for what is no application."""
        told: Headers = {"Application": step.application}
        if step.argument:
            told["Application-Data"] = step.argument
        self.fire(event, after=told | (response or {}) | {"Application-UUID": identity})
