"""People with phones: the words the stories are told in, the same for a real phone and for one of the simulator's."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from app.core.actions import Prompt
from tests.contract.ears import Hearing
from tests.contract.phone import EVENT_SECONDS, Event
from tests.contract.roster import MEMBERS, Member

SOUNDS = Path(__file__).parent.parent.parent / "freeswitch" / "sounds"
MUSIC = SOUNDS / "hold.wav"
RETURN = {"pl": ("Powrót", "od"), "en": ("Return", "from")}


class Device(Protocol):
    """A phone as `tests.contract.phone` describes it; the simulator's satisfy it too."""

    def register(self) -> None: ...

    def unregister(self) -> None: ...

    def dial(self, number: str) -> str: ...

    def order(self, name: str, **arguments: Any) -> Any: ...

    def wait(self, event: str, within: float = EVENT_SECONDS, **facts: Any) -> Event: ...

    def has(self, event: str, **facts: Any) -> bool: ...

    def ear(self, call: str) -> Hearing: ...

    def listen_anew(self, call: str) -> None: ...

    def stop(self) -> None: ...


class Person:
    """Somebody with one phone in the hand. ``call`` is the call it was last used for."""

    def __init__(self, member: Member, device: Device, language: str, prompt: Callable[[str, str], Path]) -> None:
        self.member, self.device, self._language, self._prompt = member, device, language, prompt
        self.number, self.shown, self.login = member.number, member.shown, member.login
        self.call = ""

    def dial(self, number: str) -> str:
        """Dial, and look at that call from now on."""
        self.call = self.device.dial(number)
        return self.call

    def rings(self, caller: "Person | None" = None, within: float = EVENT_SECONDS) -> Event:
        """The phone rings and shows the caller's number and name."""
        event = self.device.wait("ringing", within)
        self.call = event["call"]
        if caller is not None:
            assert (event["number"], event["name"]) == (caller.number, caller.shown), event
        return event

    def rings_again(self, customer: "Person", target: str = "", within: float = EVENT_SECONDS) -> Event:
        """The phone rings because a transfer to the number ``target`` came to nothing, and says so."""
        event = self.rings(within=within)
        back, of = RETURN[self._language]
        marked = f"{back} {customer.number}" + (f" {of} {target}" if target else "")
        assert (event["number"], event["name"]) == (customer.number, marked), event
        return event

    def does_not_ring(self, lasting: float = 0.3) -> None:
        """Nothing rings for a while. (Nothing tells that nothing happened, so this waits.)"""
        deadline = time.monotonic() + lasting
        while time.monotonic() < deadline:
            assert not self.device.has("ringing"), f"{self.member.name}'s phone rings"
            time.sleep(0.02)

    def hears_ringing(self, within: float = EVENT_SECONDS) -> None:
        """The called phone rings: 180."""
        self.device.wait("progress", within, call=self.call, code=180)

    def answer(self) -> None:
        """Pick up, and wait until the switch agrees."""
        self.device.order("answer", call=self.call)
        self.talks()

    def picks_up(self) -> None:
        """Pick up, without looking what comes of it."""
        self.device.order("answer", call=self.call)

    def is_free(self) -> bool:
        """Whether the phone has no call at all."""
        return not self.device.order("living")

    def talks(self, within: float = EVENT_SECONDS) -> None:
        """The call is answered."""
        self.device.wait("answered", within, call=self.call)

    def is_busy(self) -> None:
        """Refuse with 486 Busy Here."""
        self.device.order("hangup", call=self.call, code=486)

    def declines(self) -> None:
        """Refuse with 603 Decline."""
        self.device.order("hangup", call=self.call, code=603)

    def hangs_up(self) -> None:
        """Put the receiver down, whatever the call does now."""
        self.device.order("hangup", call=self.call)

    def presses(self, keys: str, method: str = "rfc2833") -> None:
        """Keys in the call."""
        self.device.order("press", call=self.call, digits=keys, method=method)

    def heard_no_keys(self) -> None:
        """Nobody's keys came through in this call."""
        assert not self.device.has("digit", call=self.call), f"{self.shown} heard a key"

    def hears_keys(self, keys: str) -> None:
        """These and no others came through."""
        heard = "".join(self.device.wait("digit", call=self.call)["digit"] for _ in keys)
        assert heard == keys, heard
        self.heard_no_keys()

    def sees(self, other: "Person", within: float = EVENT_SECONDS) -> None:
        """The display changes to the other's number and name."""
        self.device.wait("display", within, call=self.call, number=other.number, name=other.shown)

    def hears_music(self, within: float = EVENT_SECONDS) -> None:
        """What one hears who is kept waiting."""
        self.device.ear(self.call).hears_music(MUSIC, within)

    def hears_dial_tone(self, within: float = EVENT_SECONDS) -> None:
        """A number is awaited."""
        self.device.ear(self.call).hears_dial_tone(within)

    def hears_ringing_tone(self, within: float = 8.0) -> None:
        """Somebody's phone rings, and one who talked before is told so by the switch."""
        self.device.ear(self.call).hears_ringing_tone(within)

    def holds(self) -> None:
        """Put the other on hold."""
        self.device.order("hold", call=self.call)

    def resumes(self) -> None:
        """Take the other off hold."""
        self.device.order("resume", call=self.call)

    def refers(self, number: str) -> None:
        """Send the other on with the phone's own transfer key."""
        self.device.order("refer", call=self.call, number=number)

    def listens_anew(self) -> None:
        """Voices and prompts heard before shall not count as heard."""
        self.device.listen_anew(self.call)

    def puts_down(self) -> None:
        """Hang up if there is still something to hang up."""
        self.device.order("drop")

    def hears(self, other: "Person", lasting: float = 0.3, within: float = 5.0) -> None:
        """The other's voice arrives from now on."""
        self.device.ear(self.call).hears_tone(other.member.tone, lasting, within)

    def never_heard(self, other: "Person") -> None:
        """Not a syllable of the other's so far."""
        self.device.ear(self.call).never_hears_tone(other.member.tone)

    def hears_nothing(self, lasting: float = 0.5) -> None:
        """Silence."""
        self.device.ear(self.call).hears_nothing(lasting)

    def is_told(self, prompt: Prompt, within: float = 10.0) -> None:
        """The prompt is spoken in the language of the person's company."""
        self.device.ear(self.call).hears_prompt(self._prompt(self._language, prompt.value), within=within)

    def is_told_before_answer(self, prompt: Prompt) -> None:
        """… as early media: nobody pays for a refusal."""
        self.device.wait("progress", call=self.call, code=183)
        self.is_told(prompt)
        assert not self.device.has("answered", call=self.call)

    def ended(self, code: int | None = None, reason: str | None = None, within: float = EVENT_SECONDS) -> Event:
        """The call is over, by the other side or the switch: with this SIP code, with this in its Reason header."""
        event = self.device.wait("ended", within, call=self.call)
        assert event["by"] == "them", f"{self.member.name} ended the call themselves"
        if code is not None:
            assert event["code"] == code, f"{event['code']} {event['text']} {event['reason']}"
        if reason is not None and event["reason"] is not None:
            assert reason in event["reason"], event
        return event


def hear_each_other(one: Person, other: Person) -> None:
    """Both voices arrive from now on."""
    one.hears(other)
    other.hears(one)


Program = Sequence[str] | None


class People:
    """Everybody of one story. A person's phone is switched on when the story first names them."""

    def __init__(self, switched_on: Callable[[Member, str, Program], Device], prompt: Callable[[str, str], Path]) -> None:
        self._switched_on, self._prompt = switched_on, prompt
        self._devices: list[Device] = []

    def person(self, name: str, device: str = "", program: Program = None) -> Person:
        """Somebody with a registered phone; ``device`` names a second one on the same account, ``program`` its maker."""
        person = self.absent(name, device, program)
        person.device.register()
        return person

    def absent(self, name: str, device: str = "", program: Program = None) -> Person:
        """Somebody whose phone is not registered."""
        member, company = MEMBERS[name]
        phone = self._switched_on(member, device, program)
        self._devices.append(phone)
        return Person(member, phone, company.language, self._prompt)

    def go_home(self) -> None:
        """Everybody's phone signs off and is switched off."""
        for device in self._devices:
            device.stop()
