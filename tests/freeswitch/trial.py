"""The trials that were made on a real switch, made again on the simulator: the same people, the same commands.

The recordings hold what each leg told, reduced to what a controller decides by. Their logins are those of the trials.
"""

import json
import re
from pathlib import Path
from typing import Any

from freeswitch.simulator.phones import Phone
from freeswitch.wire import Reader
from tests.freeswitch.simulated import Stage

RECORDINGS = Path(__file__).parent / "fixtures" / "transfers"
SOUNDS = "/tmp/transfer-trial/sounds"  # noqa: S108 - a name in the recordings; nothing is read there
GUARD = ("set park_timeout=10:NORMAL_TEMPORARY_FAILURE", "park")
PARK_AFTERWARDS = "park_after_bridge=true;park_timeout=10:NORMAL_TEMPORARY_FAILURE"
LONG = f"playback {SOUNDS}/long.wav"
DIAL_TONE = "playback tone_stream://%(10000,0,425);loops=-1"
RINGING_TONE = "playback tone_stream://%(1000,4000,425);loops=-1"
ORIGINATE = (
    "originate {^^;pbx_call=c1;pbx_step=3;pbx_role=target;pbx_attempt=c1.3;app_disable_expand_variables=true;"
    "ignore_early_media=true;originate_timeout=20;park_timeout=10:NORMAL_TEMPORARY_FAILURE;origination_caller_id_number=22;"
    "origination_caller_id_name='Bartłomiej Źdźbło'}[pbx_login=103]user/103@acme.test &park()"
)
SHOWN = (
    "Event-Name", "Event-Subclass", "Call-Direction", "Answer-State", "Hangup-Cause", "Application",
    "Caller-Destination-Number", "Caller-RDNIS", "Caller-Dialplan", "DTMF-Digit", "DTMF-Source",
    "variable_pbx_call", "variable_pbx_step", "variable_pbx_role", "variable_pbx_attempt", "variable_pbx_login",
    "variable_last_matching_digits", "variable_originate_disposition", "variable_sip_refer_to", "variable_transfer_disposition",
    "variable_sip_invite_failure_status",
)  # fmt: skip


def recorded(story: str) -> list[dict[str, Any]]:
    """The events of a story, with our names instead of those of the trials."""
    raw = (RECORDINGS / f"{story}.esl").read_bytes()
    events = [json.loads(frame.body) for frame in Reader().feed(raw)]
    names = json.dumps(events).replace("1001", "1").replace("centralka.test", "acme.test")
    told: list[dict[str, Any]] = json.loads(names)
    return told


def by_leg(events: list[dict[str, Any]], names: set[str]) -> list[list[str]]:
    """What each leg told, in the order the legs appeared; ids of legs are replaced by their number in that order."""
    legs: dict[str, list[str]] = {}
    for event in events:
        if "Unique-ID" in event and event["Event-Name"] in names and not _is_progress(event):
            legs.setdefault(event["Unique-ID"], []).append(json.dumps(_look(event), ensure_ascii=False))
    numbers = {leg: f"leg {number}" for number, leg in enumerate(legs)}
    ids = re.compile("|".join(map(re.escape, numbers)))
    return [[ids.sub(lambda found: numbers[found[0]], line) for line in lines] for lines in legs.values()]


def _is_progress(event: dict[str, Any]) -> bool:
    """A caller is told of ringing unless the answer is quicker, and then in one of two ways: the trials' switch had another
    configuration there than ours."""
    return event["Event-Name"] in ("CHANNEL_PROGRESS", "CHANNEL_PROGRESS_MEDIA") and event["Call-Direction"] == "inbound"


def _look(event: dict[str, Any]) -> dict[str, str]:
    look = {name: event[name] for name in SHOWN if name in event}
    if event["Event-Name"] in ("CHANNEL_EXECUTE", "CHANNEL_BRIDGE", "CHANNEL_UNBRIDGE"):
        sides = ("Application-Data", "Bridge-A-Unique-ID", "Bridge-B-Unique-ID")
        look |= {name: event[name] for name in sides if name in event}
    return look


class Trial:
    """Anna (101) called Bartek (102), or is about to; Celina (103) and Darek (104) are there too."""

    def __init__(self, stage: Stage, story: str) -> None:
        self.stage = stage
        self.real = recorded(story)
        self.anna, self.bartek = stage.phone("101"), stage.phone("102")
        self.celina, self.darek = stage.phone("103"), stage.phone("104")
        self.caller = self.callee = ""

    def bridges(self) -> list[str]:
        """The ``bridge`` applications of the recording, in their order."""
        return [f"bridge {event['Application-Data']}" for event in self.real if event.get("Application") == "bridge"]

    def pause(self, seconds: float = 0.1) -> None:
        self.stage.advance(seconds)

    def script(self, leg: str, *applications: str) -> None:
        """One ``xferext``, as it stands."""
        lines = [f"sendmsg {leg}", "call-command: xferext", *(f"application: {each}" for each in applications)]
        assert self.stage.controller.ask("\n".join(lines)) == "+OK"
        self.pause()

    def api(self, command: str) -> str:
        answer = self.stage.controller.api(command)
        self.pause()
        return answer

    def ring(self, *more: str) -> None:
        """Anna's call rings at the phones of the recording's first dial string."""
        self.caller = self.stage.call(self.anna)
        lasting = ("hangup_after_bridge=true", "continue_on_fail=true", "call_timeout=20")
        settings = [f"set {each}" for each in ("pbx_step=1", "pbx_call=c1", "pbx_role=customer", *lasting)]
        told = {event.get("Application-Data") for event in self.real}
        self.script(self.caller, *(each for each in settings if each[4:] in told), *more, self.bridges()[0])

    def talk(self, *more: str, phone: Phone | None = None) -> None:
        """Bartek answers at once."""
        self.bartek = phone or self.bartek
        self.bartek.when_rung = Phone.answer
        self.ring(*more)
        self.bartek.when_rung = None
        assert self.bartek.leg is not None
        self.callee = self.bartek.leg.uuid

    def press(self, keys: str) -> None:
        self.bartek.press(keys)
        self.pause()

    def lead_apart(self, colleague: tuple[str, ...], customer: tuple[str, ...]) -> None:
        """``uuid_dual_transfer``: both at once."""
        answer = self.api(f"uuid_dual_transfer {self.callee} {inline(*colleague)}/inline {inline(*customer)}/inline")
        assert answer == "+OK\n"

    def keypad(self) -> None:
        self.lead_apart(
            ("digit_action_set_realm keypad", "set pbx_step=2", DIAL_TONE, *GUARD), ("set pbx_step=2", LONG, *GUARD)
        )

    def consult(self) -> None:
        self.talk()
        self.press("**")
        tones = ("digit_action_set_realm consult", "set pbx_step=2", RINGING_TONE, *GUARD)
        self.lead_apart(tones, ("set pbx_step=2", LONG, *GUARD))
        assert (self.anna.view().hears, self.bartek.view().hears) == ("prompt:long.wav", "ringback")
        self.stage.controller.ask(f"bgapi {ORIGINATE}\nJob-UUID: job-1")
        self.pause()
        assert (self.celina.view().number, self.celina.view().name) == ("22", "Bartłomiej Źdźbło")

    def target(self, phone: Phone) -> str:
        """Somebody answers the consultation; the leg."""
        phone.answer()
        self.pause()
        assert phone.leg is not None
        return phone.leg.uuid

    def join(self, first: str, second: str) -> None:
        for leg in (first, second):
            assert self.stage.controller.api(f"uuid_setvar_multi {leg} {PARK_AFTERWARDS}") == "+OK\n"
        assert self.api(f"uuid_bridge {first} {second}") == f"+OK {second}\n"

    def hang_up(self, *phones: Phone) -> None:
        for phone in phones:
            phone.hang_up()
            self.pause()

    def end_all(self) -> None:
        self.api("hupall NORMAL_CLEARING")


def inline(*applications: str) -> str:
    return "m:~:" + "~".join(each.replace(" ", ":", 1) for each in applications)
