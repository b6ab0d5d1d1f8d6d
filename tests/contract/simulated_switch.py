"""The simulator as a program that gives out phones: ``python -m tests.contract.simulated_switch``, set up by one JSON line.

It listens where the controller expects a switch, and on ``phones`` (a port) for tests: each connection is one phone and speaks
the language of ``tests.contract.phone``. What a virtual phone hears is known exactly, so instead of a recording the command
``heard`` tells it: the voice now, every voice so far, every prompt so far.
"""

from gevent import monkey

monkey.patch_all()

import itertools  # noqa: E402
import json  # noqa: E402
import logging  # noqa: E402
import signal  # noqa: E402
import socket  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from dataclasses import dataclass, field  # noqa: E402
from typing import Any  # noqa: E402

import gevent  # noqa: E402
from gevent.server import StreamServer  # noqa: E402

from freeswitch.simulator import Simulator  # noqa: E402
from freeswitch.simulator.causes import refusal  # noqa: E402
from freeswitch.simulator.panel import Panel  # noqa: E402
from freeswitch.simulator.phones import Phone, PhoneError, View  # noqa: E402
from freeswitch.simulator.sessions import Session  # noqa: E402

LOOK_SECONDS = 3600.0
KEY_SECONDS = 0.12
ELSEWHERE = 'SIP;cause=200;text="Call completed elsewhere"'  # mod_sofia.c, sofia_on_hangup, for these two causes
REASONS = {"LOSE_RACE": ELSEWHERE, "PICKED_OFF": ELSEWHERE}


@dataclass
class Heard:
    """Everything one phone has heard in one call."""

    voice: int = 0
    sound: str = ""
    voices: list[int] = field(default_factory=list)
    prompts: list[str] = field(default_factory=list)

    def note(self, voice: int, sound: str, prompt: str) -> None:
        """What is heard from now on; ``prompt`` is the file of a spoken one."""
        self.voice, self.sound = voice, sound
        if voice and voice not in self.voices:
            self.voices.append(voice)
        if prompt and prompt not in self.prompts:
            self.prompts.append(prompt)


class Place:
    """One connection: a phone and whoever leads it."""

    def __init__(self, exchange: "Exchange", connection: socket.socket, setup: dict[str, Any]) -> None:
        self.exchange, self.connection = exchange, connection
        self.phone = exchange.phone(setup["login"])
        self.tone: int = setup["tone"]
        self.leg: Session | None = None
        self.told: set[str] = set()
        self.calls: dict[Session, str] = {}  # two, where the phone holds one and has made another
        self.listened: dict[str, Heard] = {}
        self.keys = itertools.count(1)
        self.call = ""
        self.shown = ("", "")
        self.digits = ""
        self.ended_here = False

    def tell(self, event: str, **facts: Any) -> None:
        line = json.dumps({"event": event, "at": time.time(), **facts}, ensure_ascii=False)
        self.connection.sendall(line.encode() + b"\n")

    def watch(self) -> None:
        """Turn every change of the phone into events."""
        seen: tuple[Any, ...] = ()

        def moved(view: View) -> bool:
            return self.snapshot(view) != seen

        while True:
            view = self.phone.wait_until(moved, "changed", LOOK_SECONDS)
            seen = self.snapshot(view)
            self.look(view)

    def snapshot(self, view: View) -> tuple[Any, ...]:
        leg = self.phone.leg
        return view, leg, leg and (leg.ringing, leg.early, leg.answered, leg.partner, leg.sound)

    def look(self, view: View) -> None:
        leg = self.phone.leg
        if leg is not self.leg:
            for ended in [each for each in self.calls if not each.up]:
                self.over(ended)
            self.leg = leg
            if leg is not None and leg not in self.calls:
                self.begun(leg, view)
            elif leg is not None:
                self.call = self.calls[leg]
        if leg is not None:
            self.progressed(leg)
            self.noticed(view)

    def noticed(self, view: View) -> None:
        """What changed on the display, and which keys came from the other side."""
        for digit in view.digits.removeprefix(self.digits):
            self.tell("digit", call=self.call, digit=digit, method="rfc2833")
        self.digits = view.digits
        if self.shown != (view.number, view.name):
            self.shown = (view.number, view.name)
            self.tell("display", call=self.call, number=view.number, name=view.name)

    def begun(self, leg: Session, view: View) -> None:
        self.shown, self.digits = (view.number, view.name), ""
        if not leg.inbound:
            self.call, self.ended_here = str(next(self.keys)), False
        self.told = set()
        self.calls[leg] = self.call
        self.listened[self.call] = Heard()
        self.tell("hearing", call=self.call)
        if not leg.inbound:
            self.tell("ringing", call=self.call, number=view.number, name=view.name, invite=invite(leg))

    def progressed(self, leg: Session) -> None:
        codes = {"180": leg.inbound and leg.ringing, "183": leg.inbound and leg.early and not leg.answered}
        for code in (code for code, true in codes.items() if true and code not in self.told):
            self.told.add(code)
            self.tell("progress", call=self.call, code=int(code))
        if leg.answered and "answered" not in self.told:
            self.told.add("answered")
            self.tell("answered", call=self.call)
        self.listen(leg)

    def listen(self, leg: Session) -> None:
        hears = self.phone.hears
        talks = hears.startswith("peer:") and isinstance(leg.partner, Session) and leg.partner.media
        files = (*leg.get("current_application_data").split()[-1:], leg.get("group_confirm_file"))
        prompt = next((file for file in files if hears.startswith("prompt:") and file.endswith(hears[7:])), "")
        voice = self.exchange.tone_of(leg.partner) if talks else 0
        self.listened[self.call].note(voice, "" if hears == "silence" or hears.startswith("peer:") else hears, prompt)

    def over(self, leg: Session) -> None:
        call = self.calls.pop(leg)
        self.listened[call].note(0, "", "")
        code, text = (200, "OK") if leg.answered else refusal(leg.hangup_cause)
        if leg.hangup_cause in REASONS:
            code, text = 487, "Request Terminated"
        reason = REASONS.get(leg.hangup_cause, "")
        by = "us" if self.ended_here else "them"
        self.tell("ended", call=call, code=code, text=text, reason=reason, by=by)

    # --- commands ---

    def register(self) -> None:
        self.phone.register()
        self.tell("registered")

    def unregister(self) -> None:
        self.phone.unregister()
        self.tell("unregistered")

    def dial(self, number: str) -> str:
        self.call, self.ended_here = str(next(self.keys)), False
        self.phone.dial(number)
        return self.call

    def answer(self, call: str) -> None:
        self.phone.answer()

    def hangup(self, call: str, code: int = 0) -> None:
        self.ended_here = True
        if code and self.phone.leg is not None:
            self.phone.leg.refused(code)
        else:
            self.phone.hang_up()

    def living(self) -> int:
        return int(self.phone.leg is not None)

    def drop(self) -> None:
        self.ended_here = True
        if self.phone.leg is not None:
            self.phone.hang_up()

    def hold(self, call: str) -> None:
        self.phone.hold()

    def resume(self, call: str) -> None:
        self.phone.resume()

    def refer(self, call: str, number: str) -> None:
        self.phone.transfer(number)

    def join(self, call: str, other: str) -> None:
        self.phone.join()

    def press(self, call: str, digits: str, method: str) -> None:
        """One key after the other, as fast as PJSIP plays them: keys pressed all at once would come before anybody listens."""
        for digit in digits:
            self.phone.press(digit)
            gevent.sleep(KEY_SECONDS)

    def trunk(self, proxy: str, works: bool) -> None:
        """The operator there takes calls, or none."""
        self.exchange.trunk(proxy, works)

    def forget(self, call: str) -> None:
        self.listened[call].voices.clear()
        self.listened[call].prompts.clear()

    def heard(self, call: str) -> dict[str, object]:
        return vars(self.listened.get(call, Heard()))  # a call that has just been dialled is not there yet

    def obey(self, order: dict[str, Any]) -> None:
        number, name = order.pop("id"), order.pop("do")
        try:
            self.tell("done", id=number, result=getattr(self, name)(**order))
        except (PhoneError, AttributeError) as error:
            self.tell("done", id=number, error=str(error))

    def leave(self) -> None:
        if self.phone.leg is not None:
            self.phone.hang_up()
        if self.phone.is_registered:
            self.phone.unregister()


def invite(leg: Session) -> str:
    """What a telephone outside can read in the INVITE it gets; a phone of ours does not look."""
    if not leg.get("sip_gateway_name"):
        return ""
    shown = f"<sip:{leg.profile.number}@pbx>"
    lines = [f"INVITE sip:{leg.profile.destination}@operator SIP/2.0", f"From: {shown}", f"P-Asserted-Identity: {shown}"]
    diversion = leg.get("sip_h_Diversion")
    return "\r\n".join([*lines, *([f"Diversion: {diversion}"] if diversion else []), "", ""])


class Exchange:
    """All the phones of one simulator."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._places: dict[Phone, Place] = {}

    def phone(self, login: str) -> Phone:
        """The account's first device that nobody holds, or the telephone outside of that number, switched on."""
        if login.startswith("+") or len(login) <= len("112"):
            telephone = self._simulator.outside(login)
            telephone.register()
            return telephone
        numbers = (device for device in itertools.count(1) if self._simulator.phone(login, device) not in self._places)
        return self._simulator.phone(login, next(numbers))

    def trunk(self, proxy: str, works: bool) -> None:
        """Let the operator at this address take calls, or none."""
        gateways = self._simulator.switch.border.gateways
        for name in [name for name, known in gateways.known.items() if known.proxy == proxy]:
            gateways.fail(name, not works)

    def tone_of(self, leg: object) -> int:
        """The voice of the phone that has this leg; 0 for none."""
        return next((place.tone for place in self._places.values() if leg is not None and place.phone.leg is leg), 0)

    def serve(self, connection: socket.socket, _address: object) -> None:
        """One connection, from its set-up to its end."""
        with connection, connection.makefile("rb") as lines:
            place = Place(self, connection, json.loads(lines.readline()))
            self._places[place.phone] = place
            watching = gevent.spawn(place.watch)
            place.tell("ready")
            try:
                for line in lines:
                    place.obey(json.loads(line))
            finally:
                watching.kill()
                place.leave()
                del self._places[place.phone]


def main() -> None:
    """Run until told to stop."""
    setup = json.loads(sys.argv[1])
    logging.basicConfig(level="INFO", format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    panel = Panel(setup["panel"], setup["secret"], setup["domain"])
    simulator = Simulator(port=setup["port"], password=setup["password"], domain=setup["domain"], **panel.serves())
    simulator.start()
    server = StreamServer(("127.0.0.1", setup["phones"]), Exchange(simulator).serve)
    server.start()
    stop = gevent.event.Event()
    gevent.signal_handler(signal.SIGTERM, stop.set)
    stop.wait()
    simulator.stop()
    server.stop()


if __name__ == "__main__":
    main()
